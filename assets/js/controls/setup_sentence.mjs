// A sentence whose words open menus: the one about the experiment, and the title of the detail view.

import { element } from "../core/dom.mjs";
import { loadFormulas } from "../net/mathml.mjs";

/** The text may shrink to this share of its size so that it fits into one line. */
const SMALLEST_TEXT = 0.74;
/** Keeps rounding from breaking a line that just fits. */
const ROUNDING_SLACK = 0.995;
/** Width of a word's arrow and its space, in text sizes. */
const [ARROW_WIDTH, ARROW_SPACE] = [1, 0.2];
const PUNCTUATION = /^[,.]/;

/**
 * Make a word that is broken into lines as wide as the longest of them, so that the punctuation stays beside
 * it.
 */
function shrinkWord(word) {
  word.style.width = "";
  const text = document.createRange();
  text.selectNodeContents(word);
  const widths = [...text.getClientRects()].map((line) => line.width);
  const size = parseFloat(getComputedStyle(word).fontSize);
  if (widths.length < 2) return;
  widths[widths.length - 1] += ARROW_WIDTH * size;
  word.style.width = `${Math.ceil(Math.max(...widths) + ARROW_SPACE * size)}px`;
}

export class SetupSentence {
  constructor(box, menu) {
    Object.assign(this, { box, menu, words: new Map() });
    for (const name of ["pointerover", "focusin"]) box.addEventListener(name, loadFormulas, { once: true });
    new ResizeObserver(() => this.fit()).observe(box);
  }

  /** Show parts: texts, and controls as words. Words that stay are kept, for their menu may be open. */
  show(parts) {
    const keys = parts.map((part) => part.name ?? part).join();
    if (keys !== this.keys) {
      this.keys = keys;
      this.words.clear();
      this.box.replaceChildren(...this.createParts(parts));
    }
    for (const part of parts) if (part.key) this.updateWord(part);
    const text = this.box.textContent;
    if (text !== this.text) this.fit();
    this.text = text;
  }

  updateWord(part) {
    const word = this.words.get(part.name);
    word.textContent = part.text;
    word.setAttribute("aria-label", `${part.label}: ${part.text}`);
    word.control = part;
    this.menu.update(word);
  }

  /** Reduce the text a little if it then fits into one line, so that a longer name does not move the page. */
  fit() {
    const { style } = this.box;
    [style.fontSize, style.whiteSpace] = ["", "nowrap"];
    const share = this.box.clientWidth / this.box.scrollWidth;
    style.whiteSpace = "";
    const size = parseFloat(getComputedStyle(this.box).fontSize);
    if (share < 1 && share > SMALLEST_TEXT) style.fontSize = `${size * share * ROUNDING_SLACK}px`;
    for (const word of this.words.values()) shrinkWord(word);
  }

  /** Words and texts; punctuation after a word is kept on its line. */
  createParts(parts) {
    return parts.map((part, i) => {
      const punctuation = PUNCTUATION.exec(parts[i + 1])?.[0];
      if (!part.key) return i && parts[i - 1].key ? part.replace(PUNCTUATION, "") : part;
      const word = this.createWord(part);
      return punctuation ? element("span", { className: "stopped" }, word, punctuation) : word;
    });
  }

  createWord(part) {
    const popup = { ariaHasPopup: "dialog", ariaExpanded: "false" };
    const word = element("button", { type: "button", className: "word", ...popup });
    word.id = `word-${part.name}`;
    word.onclick = () => this.menu.toggle(word);
    this.words.set(part.name, word);
    return word;
  }
}
