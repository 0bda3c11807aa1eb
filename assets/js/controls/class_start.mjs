// Start a live class: its script is loaded when it is needed, which is never without a class.

import { byId } from "../core/dom.mjs";
import { loadBeside } from "../core/late_script.mjs";

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
  await loadBeside("wall");
  dispatchEvent(new CustomEvent(OPEN, { detail: page }));
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
