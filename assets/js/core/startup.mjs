// Checks before the page starts: is its shell rendered, and does the browser have WebGL?

import { byId } from "./dom.mjs";
import { translateElement } from "./i18n.mjs";

/** Whether this browser has all that the page cannot do without. */
export function isSupported() {
  return (
    "ResizeObserver" in globalThis &&
    "timeout" in AbortSignal &&
    "showModal" in HTMLDialogElement.prototype &&
    "replaceChildren" in Element.prototype
  );
}

/** Whether this browser can draw in three dimensions. */
export function hasWebGL() {
  const canvas = document.createElement("canvas");
  const context = canvas.getContext("webgl2") ?? canvas.getContext("webgl");
  context?.getExtension("WEBGL_lose_context")?.loseContext();
  return Boolean(context);
}

/**
 * Wait until Dash has rendered the shell of the page, and translate it: Dash renders it in English.
 *
 * @returns {Promise<void>}
 */
export function shellReady() {
  return new Promise((resolve) => {
    const check = () => {
      const shell = byId("losslab");
      if (!shell) return;
      observer.disconnect();
      translateElement(shell);
      resolve();
    };
    const observer = new MutationObserver(check);
    observer.observe(document.body, { childList: true, subtree: true });
    check();
  });
}
