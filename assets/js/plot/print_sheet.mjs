// One sheet of paper: every view drawn for it, the numbers of the moment, the link and its code.

import { at, element } from "../core/dom.mjs";
import { num } from "../core/i18n.mjs";
import { View } from "./figure_view.mjs";

const root = document.documentElement;

/** What a lesson asks, with boxes to tick, or what came of it. */
function asked(lesson) {
  if (!lesson) return [];
  const { title, text, question, choices, gap, reveal, aha } = lesson;
  if (lesson.asking) return [`${title}. ${text}`, question, choices.map((choice) => `☐ ${choice}`).join("   ")];
  return [`${title}. ${question} ${gap}`, `${reveal} ${aha}`];
}

export class Sheet {
  /** `gather()` is what is on the page now, with its address and the image of its code. */
  constructor(gather) {
    this.gather = gather;
    addEventListener("beforeprint", () => this.lay());
    addEventListener("afterprint", () => this.clear());
  }

  async print() {
    this.lay();
    await Promise.all([...this.drawn, ...[...this.paper.querySelectorAll("img")].map((image) => image.decode().catch(() => image.remove()))]);
    window.print();
  }

  /** Lay out the sheet, all at once: a browser's own menu waits for no frame. Paper is light, whatever the screen is. */
  lay() {
    if (this.paper) return;
    const { title, said, lesson, sliders, views, address, code } = this.gather();
    const shown = Object.entries(views).filter(([name, view]) => view.drawn && !(name === "detail" && this.table));
    const spaces = Object.values(views).filter((view) => view.drawn && view.scene);
    Object.assign(this, { theme: root.dataset.theme, spaces, stills: [], drawn: [] });
    this.dress("light");
    const settings = sliders.map(({ label, value }) => `${label} ${num(Number(value.toPrecision(4)))}`).join(" · ");
    const words = [...asked(lesson), said.verdict, said.numbers, ...said.beside.map(({ text }) => text), settings].filter(Boolean);
    const figures = element("div", { className: "figures" });
    this.paper = element("section", { id: "sheet", inert: true },
      element("h1", {}, title),
      figures,
      element("footer", {}, element("div", {}, ...words.map((text) => element("p", {}, text)), element("p", { className: "address" }, address)), element("img", { src: code })));
    document.body.append(this.paper);
    for (const [, view] of shown) {
      const caption = element("figcaption", {}, view.element.getAttribute("aria-label"));
      const box = view.scene ? element("img", { src: view.scene.toImage("png") }) : element("div", { className: "still" });
      figures.append(element("figure", {}, box, caption));
      if (!view.scene) this.draw(box, view);
    }
    if (this.table) figures.append(element("figure", {}, element("div", { className: "table" }, ...at("detail-table").cloneNode(true).childNodes)));
  }

  /** A flat view drawn anew, as large as paper asks. */
  draw(box, { figure, run, k, fog, patch }) {
    const still = new View(box);
    this.stills.push(still);
    this.drawn.push(still.draw(figure, { run, k, fog, layout: patch }));
  }

  /** Whether the changing card is a table. */
  get table() {
    return !at("detail-table").hidden;
  }

  /** Landscapes are too dear to be drawn twice: the page's own are drawn in the colors of paper. */
  dress(theme) {
    if (root.dataset.theme === theme) return;
    root.dataset.theme = theme;
    for (const view of this.spaces) this.drawn.push(view.redraw());
  }

  clear() {
    if (!this.paper) return;
    for (const still of this.stills) still.clear();
    this.paper.remove();
    this.paper = null;
    this.dress(this.theme);
  }
}
