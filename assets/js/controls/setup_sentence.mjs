// Words that are menus, among plain text: the sentence, and the title of the changing card.

import { element } from "../core/dom.mjs";
import { near } from "../net/mathml.mjs";

/** How much smaller letters may be. */
const SMALLEST = 0.74;

const STOP = /^[,.]/;

/** What tells a word from others: its key, or a name where several words change one key. */
const name = (part) => part.word ?? part.key;

/** A name in two lines is as wide as its longer one, that the comma after it stands by it. */
function wrap(word) {
  word.style.width = "";
  const text = document.createRange();
  text.selectNodeContents(word);
  const [lines, { fontSize }] = [[...text.getClientRects()], getComputedStyle(word)];
  if (lines.length < 2) return;
  const arrow = parseFloat(fontSize);
  word.style.width = `${Math.ceil(Math.max(...lines.slice(0, -1).map((line) => line.width), lines.at(-1).width + arrow) + 0.2 * arrow)}px`;
}

export class Sentence {
  constructor(box, menu) {
    Object.assign(this, { box, menu, words: new Map() });
    for (const reached of ["pointerover", "focusin"]) box.addEventListener(reached, near, { once: true });
    new ResizeObserver(() => this.fit()).observe(box);
  }

  show(parts) {
    const keys = parts.map((part) => name(part) ?? part).join();
    if (keys !== this.keys) {
      this.keys = keys;
      this.words.clear();
      this.box.replaceChildren(...this.laid(parts));
    }
    for (const part of parts) {
      if (!part.key) continue;
      const word = this.words.get(name(part));
      word.textContent = part.text;
      word.setAttribute("aria-label", `${part.label}: ${part.text}`);
      word.control = part;
      this.menu.follow(word);
    }
    const said = this.box.textContent;
    if (said !== this.said) this.fit();
    this.said = said;
  }

  /** Words that nearly fit into one line do so in somewhat smaller letters: nothing below jumps for a longer name. */
  fit() {
    const { style } = this.box;
    [style.fontSize, style.whiteSpace] = ["", "nowrap"];
    const share = this.box.clientWidth / this.box.scrollWidth;
    style.whiteSpace = "";
    if (share < 1 && share > SMALLEST) style.fontSize = `${parseFloat(getComputedStyle(this.box).fontSize) * share * 0.995}px`;
    for (const word of this.words.values()) wrap(word);
  }

  /** Words and texts; a comma or point after a word stays with it at the end of a line. */
  laid(parts) {
    return parts.map((part, i) => {
      const after = STOP.exec(parts[i + 1])?.[0];
      if (!part.key) return i && parts[i - 1].key ? part.replace(STOP, "") : part;
      return after ? element("span", { className: "stopped" }, this.word(part), after) : this.word(part);
    });
  }

  word(part) {
    const word = element("button", { type: "button", className: "word", ariaHasPopup: "dialog", ariaExpanded: "false" });
    word.id = `word-${name(part)}`;
    word.onclick = () => this.menu.toggle(word);
    this.words.set(name(part), word);
    return word;
  }
}
