// What the page says about a moment, on screen at once and aloud only when it has come to rest.

const REST = 200;

export class Speech {
  constructor(ids) {
    const at = (name) => document.getElementById(name);
    Object.assign(this, { verdict: at(ids.verdict), numbers: at(ids.numbers), update: at(ids.update), status: at(ids.status), alert: at(ids.alert) });
  }

  say(moment) {
    this.verdict.textContent = moment.verdict;
    this.verdict.dataset.tone = moment.tone;
    this.numbers.textContent = moment.numbers;
    this.update.textContent = moment.update;
    clearTimeout(this.rest);
    this.rest = setTimeout(() => {
      this.status.textContent = moment.status;
      const warning = moment.tone === "diverged" ? moment.verdict : "";
      if (this.alert.textContent !== warning) this.alert.textContent = warning;
    }, REST);
  }
}

/** Sentences about what a link got wrong, with the corrected link to copy. */
export function notice(box, sentences, link) {
  box.hidden = sentences.length === 0;
  if (box.hidden) return;
  const text = document.createElement("div");
  text.append(...sentences.map((sentence) => Object.assign(document.createElement("p"), { textContent: sentence })));
  const button = (label, action) => Object.assign(document.createElement("button"), { type: "button", textContent: label, onclick: action });
  const fixed = new URL(link || location.pathname, location.href).href;
  const copy = button("Copy corrected link", () => navigator.clipboard?.writeText(fixed).then(() => (copy.textContent = "Copied")));
  const close = button("Close", () => (box.hidden = true));
  const keys = document.createElement("div");
  keys.className = "tools";
  keys.append(copy, close);
  box.replaceChildren(text, keys);
}
