// The menu of a projector: the buttons that are seldom used, which have no room on the cards there, and the
// letters that press them.

import { buttonElement, element, makeDismissible } from "../core/dom.mjs";
import { message } from "../core/i18n.mjs";

/** The buttons by their ids, with their letters. */
const LETTERS = { ghost: "G", fog: "F", basins: "M", top: "T", side: "", home: "", reset: "", speed: "" };

/**
 * The button of the page that an entry presses.
 *
 * @param {string} id
 */
const find = (id) => /** @type {HTMLButtonElement | null} */ (document.getElementById(id));

const isProjected = () => document.documentElement.dataset.theme === "projector";

export class SeldomMenu {
  /** Whether letters press buttons; one may switch it off, for instance to speak to the computer. */
  hasLetters = true;

  /** @param {HTMLDetailsElement} box */
  constructor(box) {
    this.box = box;
    makeDismissible(box);
    box.addEventListener("toggle", () => box.open && this.show());
    addEventListener("keydown", (event) => this.handleKey(event));
  }

  /** Show the buttons with their present names. */
  show() {
    const entries = Object.entries(LETTERS).flatMap(([id, letter]) => this.createEntry(id, letter) ?? []);
    const tick = element("input", { type: "checkbox", checked: this.hasLetters });
    tick.onchange = () => (this.hasLetters = tick.checked);
    const letters = element("label", { className: "tick" }, tick, message("Letters are shortcuts"));
    this.box.querySelector(".list")?.replaceChildren(...entries, letters);
  }

  /**
   * @param {string} id
   * @param {string} letter
   */
  createEntry(id, letter) {
    const button = find(id);
    if (!button || button.disabled || button.hidden) return null;
    const entry = buttonElement(button.textContent, () => this.press(button));
    entry.ariaPressed = button.ariaPressed;
    if (letter && this.hasLetters) entry.append(element("kbd", {}, letter));
    return entry;
  }

  /** @param {HTMLButtonElement} button */
  press(button) {
    button.click();
    this.box.open = false;
  }

  /** @param {KeyboardEvent} event */
  handleKey({ key, target, ctrlKey, metaKey, altKey }) {
    const isTaken = target instanceof Element && target.closest("input:not([type=range]), textarea, dialog");
    if (!this.hasLetters || !isProjected() || isTaken || ctrlKey || metaKey || altKey) return;
    const entry = Object.entries(LETTERS).find(([, letter]) => letter && letter === key.toUpperCase());
    if (entry) find(entry[0])?.click();
  }
}
