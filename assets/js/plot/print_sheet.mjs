// The page as one printed sheet: every view redrawn for paper, the numbers of the step, the link and its QR
// code.

import { byId, element } from "../core/dom.mjs";
import { localizeNumber } from "../core/i18n.mjs";
import { FigureView } from "./figure_view.mjs";

const root = document.documentElement;

/** The texts of a lesson: its question with boxes to tick, or its answer. */
function lessonTexts(lesson) {
  if (!lesson) return [];
  const { title, introduction, question, choices, answer } = lesson;
  if (answer)
    return [`${title}. ${question} ${answer.feedback}`, `${answer.explanation} ${answer.conclusion}`];
  return [`${title}. ${introduction}`, question, choices.map((choice) => `☐ ${choice}`).join("   ")];
}

/** The values of the sliders in one line. */
const sliderText = (sliders) =>
  sliders.map(({ label, value }) => `${label} ${localizeNumber(Number(value.toPrecision(4)))}`).join(" · ");

export class PrintSheet {
  /** `getContent()` returns what the page shows now, with its address and the image of its QR code. */
  constructor(getContent) {
    this.getContent = getContent;
    addEventListener("beforeprint", () => this.build());
    addEventListener("afterprint", () => this.clear());
  }

  /** Print after every figure and image is ready. */
  async print() {
    this.build();
    const images = [...this.sheet.querySelectorAll("img")];
    const decoded = images.map((image) => image.decode().catch(() => image.remove()));
    await Promise.all([...this.drawings, ...decoded]);
    window.print();
  }

  /**
   * Build the sheet in one go, for the browser's own print command does not wait. Paper always has the light
   * theme.
   */
  build() {
    if (this.sheet) return;
    const content = this.getContent();
    const views = Object.entries(content.views).filter(([, view]) => view.drawn);
    const scenes = views.map(([, view]) => view).filter((view) => view.scene);
    Object.assign(this, { theme: root.dataset.theme, scenes, copies: [], drawings: [] });
    this.setTheme("light");
    const figures = element("div", { className: "figures" });
    const heading = element("h1", {}, content.title);
    this.sheet = element("section", { id: "sheet", inert: true }, heading, figures, this.footer(content));
    document.body.append(this.sheet);
    for (const [name, view] of views)
      if (name !== "detail" || !this.showsTable) this.addFigure(figures, view);
    if (this.showsTable) {
      const rows = byId("detail-table").cloneNode(true).childNodes;
      figures.append(element("figure", {}, element("div", { className: "table" }, ...rows)));
    }
  }

  footer({ moment, lesson, sliders, address, code }) {
    const compared = moment.compared.map(({ text }) => text);
    const texts = [...lessonTexts(lesson), moment.verdict, moment.numbers, ...compared, sliderText(sliders)];
    const paragraphs = texts.filter(Boolean).map((text) => element("p", {}, text));
    const link = element("p", { className: "address" }, address);
    return element("footer", {}, element("div", {}, ...paragraphs, link), element("img", { src: code }));
  }

  addFigure(figures, view) {
    const caption = element("figcaption", {}, view.element.getAttribute("aria-label"));
    const box = view.scene
      ? element("img", { src: view.scene.toImage("png") })
      : element("div", { className: "still" });
    figures.append(element("figure", {}, box, caption));
    if (!view.scene) this.drawCopy(box, view);
  }

  /** Draw a flat view once more in the size of the sheet. */
  drawCopy(box, { figure, arrays, k, fog, runLayout }) {
    const copy = new FigureView(box);
    this.copies.push(copy);
    this.drawings.push(copy.draw(figure, { arrays, k, fog, layout: runLayout }));
  }

  /** Whether the detail view shows a table. */
  get showsTable() {
    return !byId("detail-table").hidden;
  }

  /**
   * Change the theme. Scenes take too long to be drawn twice, so those of the page are drawn in the new
   * colors.
   */
  setTheme(theme) {
    if (root.dataset.theme === theme) return;
    root.dataset.theme = theme;
    for (const view of this.scenes) this.drawings.push(view.redraw());
  }

  clear() {
    if (!this.sheet) return;
    for (const copy of this.copies) copy.clear();
    this.sheet.remove();
    this.sheet = null;
    this.setTheme(this.theme);
  }
}
