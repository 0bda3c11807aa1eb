// The page as one printed sheet: every view redrawn for paper, the numbers of the step, the link and its QR
// code.

import { byId, element } from "../core/dom.mjs";
import { localizeNumber } from "../core/i18n.mjs";
import { toFourDigits } from "../core/link.mjs";
import { plainText } from "../core/rich_text.mjs";
import { labelledImage } from "./axis_labels.mjs";
import { FigureView } from "./figure_view.mjs";

/** @import { LessonCard, Moment, Slider } from "../protocol.js" */
/** @import { Views } from "./figure_set.mjs" */

/**
 * What the page shows, with its address and the image of its QR code.
 *
 * @typedef {object} PrintContent
 * @property {string} title
 * @property {Views} views
 * @property {Moment} moment
 * @property {LessonCard | null} lesson
 * @property {Slider[]} sliders
 * @property {string} address
 * @property {string} code
 */

/**
 * The texts of a lesson: its question with boxes to tick, or its answer.
 *
 * @param {LessonCard | null} lesson
 * @returns {string[]}
 */
function lessonTexts(lesson) {
  if (!lesson) return [];
  const { title, answer } = lesson;
  const question = plainText(lesson.question);
  if (answer)
    return [`${question} ${plainText(answer.feedback)}`, `${plainText(answer.explanation)} ${title}`];
  const boxes = lesson.choices.map((choice) => `☐ ${plainText(choice)}`);
  return [`${title}. ${plainText(lesson.introduction)}`, question, boxes.join("   ")];
}

/**
 * The values of the sliders in one line.
 *
 * @param {Slider[]} sliders
 */
const sliderText = (sliders) =>
  sliders.map(({ label, value }) => `${label} ${localizeNumber(toFourDigits(value))}`).join(" · ");

/** Whether the detail view shows a table. */
const showsTable = () => !byId("detail-table").hidden;

export class PrintSheet {
  /** @type {HTMLElement | null} */
  sheet = null;
  /** Theme of the page, which is restored after printing. */
  theme = "";
  /**
   * Views with a scene.
   *
   * @type {FigureView[]}
   */
  scenes = [];
  /**
   * Copies of flat views in the size of the sheet.
   *
   * @type {FigureView[]}
   */
  copies = [];
  /**
   * What must be drawn before the sheet is printed.
   *
   * @type {(Promise<unknown> | undefined)[]}
   */
  drawings = [];

  /** @param {() => PrintContent} getContent */
  constructor(getContent) {
    this.getContent = getContent;
    addEventListener("beforeprint", () => this.build());
    addEventListener("afterprint", () => this.clear());
  }

  /** Print after every figure and image is ready. */
  async print() {
    const images = [...this.build().querySelectorAll("img")];
    const decoded = images.map((image) => image.decode().catch(() => image.remove()));
    await Promise.all([...this.drawings, ...decoded]);
    window.print();
  }

  /**
   * Build the sheet in one go, for the browser's own print command does not wait. Paper always has the light
   * theme.
   */
  build() {
    if (this.sheet) return this.sheet;
    const content = this.getContent();
    const views = Object.entries(content.views).filter(([, view]) => view.drawn);
    this.theme = document.documentElement.dataset.theme ?? "";
    this.scenes = views.map(([, view]) => view).filter((view) => view.scene);
    this.copies = [];
    this.drawings = [];
    this.setTheme("light");
    const figures = element("div", { className: "figures" });
    const heading = element("h1", {}, content.title);
    const sheet = element("section", { id: "sheet", inert: true }, heading, figures, this.footer(content));
    this.sheet = sheet;
    document.body.append(sheet);
    for (const [name, view] of views) if (name !== "detail" || !showsTable()) this.addFigure(figures, view);
    if (showsTable()) {
      const rows = byId("detail-table").cloneNode(true).childNodes;
      figures.append(element("figure", {}, element("div", { className: "table" }, ...rows)));
    }
    return sheet;
  }

  /** @param {PrintContent} content */
  footer({ moment, lesson, sliders, address, code }) {
    const compared = moment.compared.map(({ text }) => text);
    const texts = [...lessonTexts(lesson), moment.verdict, moment.numbers, ...compared, sliderText(sliders)];
    const paragraphs = texts.filter(Boolean).map((text) => element("p", {}, text));
    const link = element("p", { className: "address" }, address);
    return element("footer", {}, element("div", {}, ...paragraphs, link), element("img", { src: code }));
  }

  /**
   * @param {HTMLElement} figures
   * @param {FigureView} view
   */
  addFigure(figures, view) {
    const caption = element("figcaption", {}, view.element.getAttribute("aria-label") ?? "");
    const { scene } = view;
    const box = scene
      ? element("img", { src: labelledImage(scene.toImage(), view.element) })
      : element("div", { className: "still" });
    figures.append(element("figure", {}, box, caption));
    if (!scene) this.drawCopy(box, view);
  }

  /**
   * Draw a flat view once more in the size of the sheet.
   *
   * @param {HTMLElement} box
   * @param {FigureView} view
   */
  drawCopy(box, { figure, arrays, k, fog, runLayout }) {
    const copy = new FigureView(box);
    this.copies.push(copy);
    this.drawings.push(copy.draw(figure, { arrays, k, fog, layout: runLayout }));
  }

  /**
   * Change the theme. Scenes take too long to be drawn twice, so those of the page are drawn in the new
   * colors.
   *
   * @param {string} theme
   */
  setTheme(theme) {
    const { dataset } = document.documentElement;
    if (dataset.theme === theme) return;
    dataset.theme = theme;
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
