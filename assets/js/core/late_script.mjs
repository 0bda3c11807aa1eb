// Scripts that are loaded when they are needed: each stands beside the page's own, with its style sheet.

import { element } from "./dom.mjs";

/**
 * Load a script and its style sheet, once.
 *
 * @param {string} name without suffix
 * @returns {Promise<unknown>}
 */
export function loadBeside(name) {
  const id = `${name}-script`;
  if (document.getElementById(id)) return Promise.resolve();
  const own = /** @type {HTMLScriptElement} */ (document.querySelector('script[src*="losslab.mjs"]'));
  const address = (/** @type {string} */ file) => own.src.replace("losslab.mjs", file);
  document.head.append(element("link", { rel: "stylesheet", href: address(`${name}.css`) }));
  const script = element("script", { id, type: "module", src: address(`${name}.mjs`) });
  const loaded = new Promise((resolve) => (script.onload = resolve));
  document.head.append(script);
  return loaded;
}
