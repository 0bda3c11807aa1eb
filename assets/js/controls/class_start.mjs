// Start a live class: its script is loaded when it is needed, which is never without a class.

import { byId, element } from "../core/dom.mjs";

/** The event by which the script of a class gets the page. */
const OPEN = "losslab-class";
/** Under which the script of a class keeps the class of this teacher. */
const KEPT = "losslab.class";

/** Whether a class can be started here: the server has classes and the page is not embedded. */
export const offersClasses = () =>
  byId("share-dialog").dataset.classes === "on" && !document.documentElement.classList.contains("embed");

/**
 * Load the script of a class, if it is not there yet, and hand it the page.
 *
 * @param {object} page
 */
export async function openClass(page) {
  if (!document.getElementById("class-script")) await load();
  dispatchEvent(new CustomEvent(OPEN, { detail: page }));
}

/** Load the script and the style sheet of a class, which are beside those of the page. */
function load() {
  const own = /** @type {HTMLScriptElement} */ (document.querySelector('script[src*="losslab.mjs"]'));
  const address = (/** @type {string} */ name) => own.src.replace("losslab.mjs", name);
  document.head.append(element("link", { rel: "stylesheet", href: address("wall.css") }));
  const script = element("script", { id: "class-script", type: "module", src: address("wall.mjs") });
  const loaded = new Promise((resolve) => (script.onload = resolve));
  document.head.append(script);
  return loaded;
}

/**
 * Open the class again that this browser was running when the page was closed or loaded again.
 *
 * @param {object} page
 */
export function resumeClass(page) {
  try {
    if (offersClasses() && localStorage.getItem(KEPT)) openClass(page);
  } catch {
    // this browser stores nothing, so there is no class
  }
}
