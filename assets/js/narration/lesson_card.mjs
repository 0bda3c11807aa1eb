// The lesson's card: a question first, and after the answer what there was to see.

import { at, element, hangs } from "../core/dom.mjs";
import { say } from "../core/i18n.mjs";

const keyOf = (link) => new URLSearchParams(link.search).get("s");

export class Lesson {
  /** `answered(choice)` takes an answer, `open(link)` another lesson, `free()` leaves the lesson with all as it is. */
  constructor(box, page) {
    Object.assign(this, { box, page, shown: null });
    addEventListener("keydown", (event) => this.key(event));
    hangs(at("lessons"));
    at("lessons").addEventListener("click", (event) => this.chosen(event));
  }

  show(lesson) {
    this.lesson = lesson;
    this.box.hidden = !lesson;
    const shape = JSON.stringify(lesson);
    if (shape === this.shown) return;
    this.shown = shape;
    if (lesson) this.box.replaceChildren(...this.parts(lesson));
  }

  parts(lesson) {
    return [this.told(lesson), lesson.asking ? this.question(lesson) : this.answer(lesson), this.ways(lesson)];
  }

  /** What is told beforehand; once answered it is folded behind the title, and the question is left of it with the gap. */
  told({ number, title, text, question, asking, gap }) {
    const [head, body] = [element("h2", {}, element("small", {}, number), element("b", {}, title)), element("p", {}, text)];
    if (asking) return element("div", { className: "told" }, head, body);
    return element("div", { className: "told" }, element("details", {}, element("summary", {}, head), body), element("p", {}, question), element("p", { role: "status" }, element("b", {}, gap)));
  }

  question({ question, choices, way }) {
    const buttons = choices.map((text, i) => this.button(text, () => this.page.answer(String(i))));
    return element("div", { className: "asked" }, element("p", {}, element("b", {}, question), " ", way), element("div", { className: "choices-row" }, ...buttons));
  }

  answer({ reveal, aha, drag }) {
    const lines = [["", reveal], ["aha", aha], ["try", drag]].map(([className, text]) => element("p", { className }, text));
    return element("div", { className: "asked", role: "status" }, ...lines);
  }

  ways({ key, before, after }) {
    const ways = element("div", { className: "ways" });
    if (before) ways.append(this.button(say("Previous"), () => this.page.open(before), { title: say("Shift and ←") }));
    ways.append(this.button(say("Start over"), () => this.page.again(key)), this.button(say("Explore freely"), () => this.page.free()));
    if (after) ways.append(this.button(say("Next"), () => this.page.open(after), { className: "dark", title: say("Shift and →") }));
    return ways;
  }

  button(text, onclick, more = {}) {
    return element("button", { type: "button", onclick, ...more }, text);
  }

  /** A lesson of the list opens as the next one does: in the same dress and language, with the same things hidden. */
  chosen(event) {
    const link = event.target.closest("a");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    const key = keyOf(link);
    if (!key) return void (link.search = `?lang=${document.documentElement.lang}`);
    event.preventDefault();
    at("lessons").open = false;
    this.page.open(key);
  }

  /** A presenter's keys: Page down and up, as a clicker sends them, when shown on a projector; else with Shift and an arrow. */
  key(event) {
    if (!this.lesson || event.defaultPrevented || event.target.closest?.("input, select, textarea, dialog")) return;
    const clicker = document.documentElement.dataset.theme === "projector";
    const onward = (clicker && event.key === "PageDown") || (event.shiftKey && event.key === "ArrowRight");
    const back = (clicker && event.key === "PageUp") || (event.shiftKey && event.key === "ArrowLeft");
    const all = [...at("lessons").querySelectorAll("ol a")].map(keyOf);
    const here = this.page.exchange.busy && this.ahead ? this.ahead : this.lesson.key; // two quick presses are two
    const to = onward || back ? all[all.indexOf(here) + (onward ? 1 : -1)] : "";
    if (!to) return;
    event.preventDefault();
    this.ahead = to;
    this.page.open(to);
  }
}
