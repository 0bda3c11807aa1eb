// The script of the page: waits for the shell that Dash renders, then shows the scene that came with it.

import { byId } from "./core/dom.mjs";
import { message } from "./core/i18n.mjs";
import { isSupported, shellReady } from "./core/startup.mjs";
import { showNotice } from "./narration/status.mjs";
import { Page } from "./page.mjs";

async function start() {
  await shellReady();
  if (!isSupported()) {
    const sentence = message(
      "This browser is too old: Losslab needs Chrome 105, Firefox 100, Safari 16 or later.",
    );
    return showNotice(byId("notice"), [sentence], null);
  }
  const page = new Page();
  page.store.receive(JSON.parse(byId("first-scene").textContent ?? ""), "none");
  return page.store.restore(location.search);
}

if (globalThis.document) await start();
