// The page in words: a sentence for every figure, all of it announced on a key, and the steps as a table.

import { byId, element } from "../core/dom.mjs";
import { localizeNumber, message, withSubscripts } from "../core/i18n.mjs";
import { downloadExport, fetchExport } from "../net/download.mjs";

/** @import { Moment, Scene } from "../protocol.js" */
/** @import { Status } from "./status.mjs" */

/** The key that announces the description. */
const DESCRIBE_KEY = "F2";
/** Milliseconds a scene must last before its table is fetched. */
const TABLE_DELAY = 500;
const MOST_COLUMNS = 12;
const SIGNIFICANT_DIGITS = 6;

/**
 * The title of a column of the exported table: "step", "loss", a parameter, or "slope" and a parameter.
 *
 * @param {string} name
 */
function columnTitle(name) {
  const [kind, parameter] = name.split(" ");
  if (parameter) return message("slope {w}", { w: withSubscripts(parameter) });
  if (kind === "step") return message("step");
  return kind === "loss" ? message("loss") : withSubscripts(kind);
}

/**
 * The title of a view.
 *
 * @param {string} view
 */
const titleOf = (view) =>
  document.querySelector(`section.${view} .caption b, section.${view} .caption .word`)?.textContent ?? "";

export class Description {
  /**
   * The scene that is shown, and the one whose table of steps is shown.
   *
   * @type {Scene | null}
   */
  scene = null;
  /** @type {Scene | null} */
  tableScene = null;
  tableTimer = 0;
  k = 0;
  /** The texts of the present step. */
  text = "";
  /**
   * The figures that are drawn, with their sentences.
   *
   * @type {[string, string][]}
   */
  drawn = [];

  /** @param {Status} status announces texts to screen readers */
  constructor(status) {
    this.status = status;
    /** @type {HTMLDetailsElement} */
    this.section = byId("words");
    byId("describe").onclick = () => this.announce();
    byId("steps-file").onclick = () => this.scene && downloadExport("path.csv", this.scene.link);
    addEventListener("keydown", (event) => {
      if (event.key !== DESCRIBE_KEY || !this.scene) return;
      event.preventDefault();
      this.announce();
    });
    this.section.addEventListener("toggle", () => this.showTable());
  }

  /**
   * Show another scene: every figure is labelled with its sentence.
   *
   * @param {Scene} scene
   */
  show(scene) {
    this.scene = scene;
    const sentences = Object.entries(scene.altTexts);
    for (const [view, sentence] of sentences) byId(view).setAttribute("aria-label", sentence);
    this.drawn = sentences.filter(([view]) => scene.figures[view]);
    const createEntry = (/** @type {[string, string]} */ [view, text]) => [
      element("dt", {}, titleOf(view)),
      element("dd", {}, text),
    ];
    byId("words-figures").replaceChildren(...this.drawn.flatMap(createEntry));
    clearTimeout(this.tableTimer);
    this.tableTimer = window.setTimeout(() => this.showTable(), TABLE_DELAY);
  }

  /**
   * Show the texts of step k.
   *
   * @param {Moment} moment
   * @param {number} k
   */
  showStep({ verdict, numbers, update, compared }, k) {
    this.k = k;
    const comparedTexts = compared.map(({ text }) => text);
    this.text = [verdict, numbers, update && `${update}.`, ...comparedTexts].filter(Boolean).join(" ");
    byId("words-moment").textContent = this.text;
    this.markRow();
  }

  /** Announce the step and every figure. */
  announce() {
    this.status.announce([this.text, ...this.drawn.map(([, sentence]) => sentence)].join(" "));
  }

  /**
   * Fetch the table of steps, which is the exported file, when its section is open; a lesson that asks has
   * none.
   */
  async showTable() {
    if (!this.section.open || !this.scene || this.tableScene === this.scene) return;
    const scene = (this.tableScene = this.scene);
    const box = byId("steps");
    box.hidden = Boolean(scene.lesson?.asking);
    if (box.hidden) return;
    const text = await fetchExport("path.csv", scene.link);
    if (!text || scene !== this.scene) return;
    box.replaceChildren(createTable(text));
    this.markRow();
  }

  /** Mark the row of the present step; hide later rows in the fog. */
  markRow() {
    const /** @type {NodeListOf<HTMLTableRowElement>} */ rows = byId("steps").querySelectorAll("tbody tr");
    rows.forEach((row, i) => {
      row.ariaCurrent = i === this.k ? "step" : null;
      row.hidden = Boolean(this.scene?.fog) && i > this.k;
    });
  }
}

/**
 * A table from the text of a CSV file whose first column counts the steps.
 *
 * @param {string} csv
 */
function createTable(csv) {
  const lines = csv.trim().split("\r\n");
  const [names, ...rows] = lines.map((line) => line.split(",").slice(0, MOST_COLUMNS));
  const format = (/** @type {string} */ value) =>
    localizeNumber(Number(Number(value).toPrecision(SIGNIFICANT_DIGITS)));
  const createCell = (/** @type {string} */ value, /** @type {number} */ i) =>
    element("td", {}, i ? format(value) : value);
  const createRow = (/** @type {string[]} */ row) => element("tr", {}, ...row.map(createCell));
  const heads = names.map((name) => element("th", { scope: "col" }, columnTitle(name)));
  const head = element("thead", {}, element("tr", {}, ...heads));
  return element("table", {}, head, element("tbody", {}, ...rows.map(createRow)));
}
