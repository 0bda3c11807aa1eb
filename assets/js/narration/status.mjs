// What the page says about a moment, on screen at once and aloud only when it has come to rest.

import { at, element } from "../core/dom.mjs";
import { say } from "../core/i18n.mjs";

const REST = 200;

export class Speech {
  constructor() {
    Object.assign(this, { verdict: at("verdict"), numbers: at("numbers"), update: at("update"), beside: at("beside"), status: at("status"), alert: at("alert") });
  }

  say(moment) {
    this.verdict.textContent = moment.verdict;
    this.verdict.dataset.tone = moment.tone;
    this.numbers.textContent = moment.numbers;
    this.update.textContent = moment.update;
    this.beside.replaceChildren(...moment.beside.map(({ mark, text }) => {
      const line = element("p", {}, text);
      line.dataset.mark = mark;
      return line;
    }));
    this.later(() => {
      this.status.textContent = moment.status;
      const warning = moment.tone === "diverged" ? moment.verdict : "";
      if (this.alert.textContent !== warning) this.alert.textContent = warning;
    });
  }

  /** Say something now, and again if it was said before: the status is emptied first. */
  tell(text) {
    this.status.textContent = "";
    this.later(() => (this.status.textContent = text));
  }

  later(speak) {
    clearTimeout(this.rest);
    this.rest = setTimeout(speak, REST);
  }
}

/** Sentences about what a link got wrong, with the corrected link to copy. */
export function notice(box, sentences, link) {
  box.hidden = sentences.length === 0;
  if (box.hidden) return;
  const text = element("div", {}, ...sentences.map((sentence) => element("p", {}, sentence)));
  const button = (label, action) => element("button", { type: "button", onclick: action }, label);
  const fixed = new URL(link || location.pathname, location.href).href;
  const copy = button(say("Copy corrected link"), () => navigator.clipboard?.writeText(fixed).then(() => (copy.textContent = say("Copied"))));
  const close = button(say("Close"), () => (box.hidden = true));
  box.replaceChildren(text, element("div", { className: "tools" }, copy, close));
}

/** A quiet word while the server is away; it goes by itself. */
export function away(box, silent, link) {
  if (silent) notice(box, [say("The server does not answer just now. Playing, the camera and the link go on working, and nothing is lost: the page asks again by itself.")], link);
  else if (box.dataset.lost) box.hidden = true;
  box.dataset.lost = silent ? "true" : "";
}
