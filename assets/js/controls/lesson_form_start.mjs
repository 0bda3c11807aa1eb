// Open the form of a lesson: its script is loaded when it is first needed.

import { loadBeside } from "../core/late_script.mjs";

/** The event by which the script of the form gets the page. */
const OPEN = "losslab-lesson-form";

/**
 * Load the script of the form and hand it the page.
 *
 * @param {object} page
 */
export async function openLessonForm(page) {
  await loadBeside("lesson_form");
  dispatchEvent(new CustomEvent(OPEN, { detail: page }));
}
