// Words that are menus, among plain text: the sentence, and the title of the changing card.

import { element } from "./dom.mjs";

export class Sentence {
  constructor(box, menu) {
    Object.assign(this, { box, menu, words: new Map() });
  }

  show(parts) {
    const keys = parts.map((part) => part.key ?? part).join();
    if (keys !== this.keys) {
      this.keys = keys;
      this.words.clear();
      this.box.replaceChildren(...parts.map((part) => (part.key ? this.word(part) : part)));
    }
    for (const part of parts) {
      if (!part.key) continue;
      const word = this.words.get(part.key);
      word.textContent = part.text;
      word.setAttribute("aria-label", `${part.label}: ${part.text}`);
      word.control = part;
      this.menu.follow(word);
    }
  }

  word(part) {
    const word = element("button", { type: "button", className: "word", ariaHasPopup: "dialog", ariaExpanded: "false" });
    word.id = `word-${part.key}`;
    word.onclick = () => this.menu.toggle(word);
    this.words.set(part.key, word);
    return word;
  }
}
