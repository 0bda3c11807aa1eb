// The page in words: a sentence for every figure, all of it announced on a key, and the steps as a table.

import { byId, element } from "../core/dom.mjs";
import { localizeNumber, message } from "../core/i18n.mjs";
import { downloadExport, fetchExport } from "../net/download.mjs";

/** The key that announces the description. */
const DESCRIBE_KEY = "F2";
/** Milliseconds a scene must last before its table is fetched. */
const TABLE_DELAY = 500;
const MOST_COLUMNS = 12;
const SIGNIFICANT_DIGITS = 6;
const SUBSCRIPTS = "₀₁₂₃₄₅₆₇₈₉";

/** A parameter with its digits as subscripts, `w0.37` as w₀ ₃₇, as losses/core/messages.py writes it. */
function withSubscripts(name) {
  const digits = name.slice(1).replace(/\d/g, (digit) => SUBSCRIPTS[digit]);
  return name[0] + digits.replace(".", "\u202f");
}

/** The title of a column of the exported table: "step", "loss", a parameter, or "slope" and a parameter. */
function columnTitle(name) {
  const [kind, parameter] = name.split(" ");
  if (parameter) return message("slope {w}", { w: withSubscripts(parameter) });
  return { step: message("step"), loss: message("loss") }[kind] ?? withSubscripts(kind);
}

/** The title of a view. */
const titleOf = (view) =>
  document.querySelector(`section.${view} .caption b, section.${view} .caption .word`)?.textContent;

export class Description {
  /** `status` announces texts to screen readers. */
  constructor(status) {
    Object.assign(this, { status, section: byId("words") });
    byId("describe").onclick = () => this.announce();
    byId("steps-file").onclick = () => downloadExport("path.csv", this.scene.link);
    addEventListener("keydown", (event) => {
      if (event.key !== DESCRIBE_KEY || !this.scene) return;
      event.preventDefault();
      this.announce();
    });
    this.section.addEventListener("toggle", () => this.showTable());
  }

  /** Show another scene: every figure is labelled with its sentence. */
  show(scene) {
    this.scene = scene;
    const sentences = Object.entries(scene.altTexts);
    for (const [view, sentence] of sentences) byId(view).setAttribute("aria-label", sentence);
    this.drawn = sentences.filter(([view]) => scene.figures[view]);
    const createEntry = ([view, text]) => [element("dt", {}, titleOf(view)), element("dd", {}, text)];
    byId("words-figures").replaceChildren(...this.drawn.flatMap(createEntry));
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.showTable(), TABLE_DELAY);
  }

  /** Show the texts of step k. */
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
    const rows = byId("steps").querySelectorAll("tbody tr");
    rows.forEach((row, i) => {
      row.ariaCurrent = i === this.k ? "step" : null;
      row.hidden = this.scene.fog && i > this.k;
    });
  }
}

/** A table from the text of a CSV file whose first column counts the steps. */
function createTable(csv) {
  const lines = csv.trim().split("\r\n");
  const [names, ...rows] = lines.map((line) => line.split(",").slice(0, MOST_COLUMNS));
  const format = (value) => localizeNumber(Number(Number(value).toPrecision(SIGNIFICANT_DIGITS)));
  const createCell = (value, i) => element("td", {}, i ? format(value) : value);
  const createRow = (row) => element("tr", {}, ...row.map(createCell));
  const heads = names.map((name) => element("th", { scope: "col" }, columnTitle(name)));
  const head = element("thead", {}, element("tr", {}, ...heads));
  return element("table", {}, head, element("tbody", {}, ...rows.map(createRow)));
}
