// The script of the page: waits for the shell that Dash renders, then shows the scene that came with it.

import { byId } from "./core/dom.mjs";
import { shellReady } from "./core/startup.mjs";
import { Page } from "./page.mjs";

async function start() {
  await shellReady();
  const page = new Page();
  page.store.receive(JSON.parse(byId("first-scene").textContent ?? ""), "none");
  page.store.restore(location.search);
}

if (globalThis.document) await start();
