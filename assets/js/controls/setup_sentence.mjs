// A sentence whose words open menus: the one about the experiment, and the title of the detail view.

import { element } from "../core/dom.mjs";
import { loadFormulas } from "../net/mathml.mjs";

/** @import { Menu as MenuControl, SentencePart } from "../protocol.js" */
/** @import { Word } from "../types.js" */
/** @import { Menu } from "./menu.mjs" */

/** The text may shrink to this share of its size so that it fits into one line. */
const SMALLEST_TEXT = 0.74;
/** Keeps rounding from breaking a line that just fits. */
const ROUNDING_SLACK = 0.995;
/** Width of a word's arrow and its space, in text sizes. */
const [ARROW_WIDTH, ARROW_SPACE] = [1, 0.2];
const PUNCTUATION = /^[,.]/;

/**
 * Make a word that is broken into lines as wide as the longest of them, and let the punctuation follow the
 * last.
 *
 * @param {Word} word
 */
function shrinkWord(word) {
  const withStop = word.closest(".stopped");
  const { style } = withStop instanceof HTMLElement ? withStop : word;
  word.style.width = word.style.marginRight = style.minWidth = "";
  const text = document.createRange();
  text.selectNodeContents(word);
  const widths = [...text.getClientRects()].map((line) => line.width);
  const size = parseFloat(getComputedStyle(word).fontSize);
  if (widths.length < 2) return;
  widths[widths.length - 1] += ARROW_WIDTH * size;
  const width = Math.ceil(Math.max(...widths) + ARROW_SPACE * size);
  word.style.width = style.minWidth = `${width}px`;
  if (withStop) word.style.marginRight = `${Math.ceil(widths[widths.length - 1] - width)}px`;
}

export class SetupSentence {
  /**
   * Words by their names.
   *
   * @type {Map<string, Word>}
   */
  words = new Map();
  /** The texts and the names of the words that are shown. */
  parts = "";
  /** The text that was last fitted into one line. */
  fittedText = "";
  /** The width to which it was fitted; fitting changes the height alone. */
  fittedWidth = 0;

  /**
   * @param {HTMLElement} box
   * @param {Menu} menu
   */
  constructor(box, menu) {
    this.box = box;
    this.menu = menu;
    for (const name of ["pointerover", "focusin"]) box.addEventListener(name, loadFormulas, { once: true });
    // In the next frame: an observer that itself changes the size of what it observes is a loop.
    const refit = () => this.box.clientWidth !== this.fittedWidth && this.fit();
    new ResizeObserver(() => requestAnimationFrame(refit)).observe(box);
  }

  /**
   * Show parts: texts, and controls as words. Words that stay are kept, for their menu may be open.
   *
   * @param {SentencePart[]} parts
   */
  show(parts) {
    const names = parts.map((part) => (typeof part === "string" ? part : part.name)).join();
    if (names !== this.parts) {
      this.parts = names;
      this.words.clear();
      this.box.replaceChildren(...this.createParts(parts));
    }
    for (const part of parts) if (typeof part !== "string") this.updateWord(part);
    const text = this.box.textContent ?? "";
    if (text !== this.fittedText) this.fit();
    this.fittedText = text;
  }

  /** @param {MenuControl} control */
  updateWord(control) {
    const word = /** @type {Word} */ (this.words.get(control.name));
    word.textContent = control.text;
    word.setAttribute("aria-label", `${control.label}: ${control.text}`);
    word.control = control;
    this.menu.update(word);
  }

  /** Reduce the text a little if it then fits into one line, so that a longer name does not move the page. */
  fit() {
    const { style } = this.box;
    this.fittedWidth = this.box.clientWidth;
    [style.fontSize, style.whiteSpace] = ["", "nowrap"];
    const share = this.box.clientWidth / this.box.scrollWidth;
    style.whiteSpace = "";
    const size = parseFloat(getComputedStyle(this.box).fontSize);
    if (share < 1 && share > SMALLEST_TEXT) style.fontSize = `${size * share * ROUNDING_SLACK}px`;
    for (const word of this.words.values()) shrinkWord(word);
  }

  /**
   * Words and texts; punctuation after a word is kept on its line.
   *
   * @param {SentencePart[]} parts
   */
  createParts(parts) {
    return parts.map((part, i) => {
      const [before, after] = [parts[i - 1], parts[i + 1]];
      if (typeof part === "string") return typeof before === "object" ? part.replace(PUNCTUATION, "") : part;
      const punctuation = typeof after === "string" && PUNCTUATION.exec(after)?.[0];
      const word = this.createWord(part);
      return punctuation ? element("span", { className: "stopped" }, word, punctuation) : word;
    });
  }

  /** @param {MenuControl} control */
  createWord(control) {
    const { name } = control;
    const button = element("button", {
      type: "button",
      className: "word",
      id: `word-${name}`,
      ariaHasPopup: "dialog",
      ariaExpanded: "false",
    });
    const word = Object.assign(button, { control });
    word.onclick = () => this.menu.toggle(word);
    this.words.set(name, word);
    return word;
  }
}
