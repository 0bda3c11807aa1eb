// What the page asks before it begins: is its shell there, and can it draw in three dimensions?

import { at } from "./dom.mjs";
import { translate } from "./i18n.mjs";

/** Whether this browser draws in three dimensions. */
export function webgl() {
  const canvas = document.createElement("canvas");
  const context = canvas.getContext("webgl2") ?? canvas.getContext("webgl");
  context?.getExtension("WEBGL_lose_context")?.loseContext();
  return Boolean(context);
}

/** The shell is drawn by Dash, in English; wait until it is there, and say it in the language of the page. */
export function shell() {
  return new Promise((ready) => {
    const look = () => at("losslab") && (watch.disconnect(), translate(at("losslab")), ready());
    const watch = new MutationObserver(look);
    watch.observe(document.body, { childList: true, subtree: true });
    look();
  });
}
