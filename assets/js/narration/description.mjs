// The moment in words: what every figure shows, read aloud on a key, and the steps as a table.

import { at, element } from "../core/dom.mjs";
import { num, say } from "../core/i18n.mjs";
import { read, take } from "../net/download.mjs";

const KEY = "F2";
const REST = 500;
const MOST = 12;

const LOWERED = "₀₁₂₃₄₅₆₇₈₉";

/** A parameter as the page names it: `w0.37` with its numbers below the line, as losses/words.py has it. */
const subscripted = (name) => name[0] + name.slice(1).replace(/\d/g, (digit) => LOWERED[digit]).replace(".", "\u202f");

/** The head of a column of the path's file. */
function column(name) {
  const [kind, of] = name.split(" ");
  if (of) return say("slope {w}", { w: subscripted(of) });
  return { step: say("step"), loss: say("loss") }[kind] ?? subscripted(kind);
}

const heading = (view) => document.querySelector(`section.${view} .caption b, section.${view} .caption .word`)?.textContent;

export class Words {
  constructor(speech) {
    Object.assign(this, { speech, box: at("words") });
    at("describe").onclick = () => this.describe();
    at("steps-file").onclick = () => take("path.csv", this.scene.link);
    addEventListener("keydown", (event) => {
      if (event.key !== KEY || !this.scene) return;
      event.preventDefault();
      this.describe();
    });
    this.box.addEventListener("toggle", () => this.list());
  }

  /** Another scene: every figure is called by its sentence. */
  show(scene) {
    this.scene = scene;
    this.drawn = Object.entries(scene.described).filter(([view]) => scene.figures[view]);
    for (const [view, sentence] of Object.entries(scene.described)) at(view).setAttribute("aria-label", sentence);
    at("words-figures").replaceChildren(...this.drawn.flatMap(([view, sentence]) =>
      [element("dt", {}, heading(view)), element("dd", {}, sentence)]));
    clearTimeout(this.rest);
    this.rest = setTimeout(() => this.list(), REST);
  }

  stand({ verdict, numbers, update, beside }, k) {
    this.k = k;
    this.said = [verdict, numbers, update && `${update}.`, ...beside.map(({ text }) => text)].filter(Boolean).join(" ");
    at("words-moment").textContent = this.said;
    this.mark();
  }

  /** Read the moment and every figure. */
  describe() {
    this.speech.tell([this.said, ...this.drawn.map(([, sentence]) => sentence)].join(" "));
  }

  /** The table of steps is fetched when it is looked at: it is the file of the path. */
  async list() {
    if (!this.box.open || !this.scene || this.listed === this.scene) return;
    const scene = (this.listed = this.scene);
    at("steps").hidden = Boolean(scene.lesson?.asking);
    if (at("steps").hidden) return;
    const text = await read("path.csv", scene.link);
    if (!text || scene !== this.scene) return;
    const [head, ...rows] = text.trim().split("\r\n").map((row) => row.split(",").slice(0, MOST));
    const cells = (row) => row.map((value, i) => element("td", {}, i ? num(Number(Number(value).toPrecision(6))) : value));
    const body = element("tbody", {}, ...rows.map((row) => element("tr", {}, ...cells(row))));
    at("steps").replaceChildren(element("table", {}, element("thead", {}, element("tr", {}, ...head.map((name) => element("th", { scope: "col" }, column(name))))), body));
    this.mark();
  }

  /** The row of the present step; in the fog no row beyond it. */
  mark() {
    at("steps").querySelectorAll("tbody tr").forEach((row, i) => {
      row.ariaCurrent = i === this.k ? "step" : null;
      row.hidden = this.scene.fog && i > this.k;
    });
  }
}
