// The dialog for custom data: pasted or dropped, parsed by the server, previewed, used. The server stores
// nothing.

import { buttonElement, byId, element } from "../core/dom.mjs";
import { joinLines, sampleLines } from "../core/file_sample.mjs";
import { message, plural } from "../core/i18n.mjs";
import { IN_BROWSER } from "../core/link.mjs";
import { storedPoints } from "../core/points_storage.mjs";

/** @import { CsvColumn, CsvPreview } from "../protocol.js" */

/** The part of what the server accepts that a sample takes. */
const SAMPLE_SHARE = 0.9;
/** Milliseconds after typing before the server is asked. */
const TYPING_DELAY = 250;
const FILE_TYPES = ".csv,.tsv,.txt,.dat,.data,.md,.xlsx,.ods,text/*";
/** The first two bytes of a workbook, which is an archive, and of texts in UTF-16. */
const ARCHIVE_MARK = "PK";
/** @type {Record<string, string>} */
const UTF16_MARKS = { "\xff\xfe": "utf-16le", "\xfe\xff": "utf-16be" };

/** What a column to be predicted may be, by task. */
const taskNames = () => ({
  regression: message("a number"),
  binary: message("yes or no"),
  multiclass: message("one of several classes"),
});

/** @type {CsvPreview} */
const NOTHING = {
  problem: "",
  points: "",
  check: "",
  travels: false,
  notes: [],
  fileNotes: [],
  columns: [],
  rows: [],
  totalRows: 0,
  count: 0,
  header: false,
  inputs: [],
  target: 0,
  task: "",
  decimal: "",
  unlabeled: 0,
  keepsUnlabeled: false,
  text: null,
  sheets: [],
  sheet: 0,
};

/**
 * A control with its label.
 *
 * @param {string} text
 * @param {HTMLElement} control
 */
const labelled = (text, control) => element("label", { className: "field" }, text, control);

/**
 * The tab-separated text of points in link syntax, and the choices that make the same points of it again.
 *
 * @param {string} points
 * @returns {{ text: string, choice: Record<string, string> }}
 */
export function tableOfPoints(points) {
  const /** @type {Record<string, string>} */ escaped = { u: "_", c: "," };
  const unescape = (/** @type {string} */ cell) =>
    cell.replace(/~(.)/g, (_, letter) => escaped[letter] ?? letter);
  const [task, ...rows] = points.split("_");
  const cells = rows.map((row) => row.split(",").map(unescape));
  const target = cells[0].length - 1;
  const inputs = Array.from({ length: target }, (_, i) => i).join();
  const text = cells.map((row) => row.join("\t")).join("\n");
  return {
    text,
    choice: { task, inputs, target: String(target), header: "1", decimal: ".", unlabeled: "keep" },
  };
}

/** @param {Blob} file */
async function firstBytes(file) {
  return String.fromCharCode(...new Uint8Array(await file.slice(0, 2).arrayBuffer()));
}

export class CsvDialog {
  /**
   * What the user has chosen about the columns; the server chooses the rest.
   *
   * @type {Record<string, string>}
   */
  choice = {};
  /** The number of requests so far. */
  requests = 0;
  typingTimer = 0;
  /**
   * The file whose text is shown; another sheet of it can be chosen.
   *
   * @type {Blob | null}
   */
  file = null;
  /**
   * What is told of that file, whatever is chosen of its text.
   *
   * @type {readonly string[]}
   */
  fileNotes = [];
  /**
   * The answer that is shown.
   *
   * @type {CsvPreview}
   */
  answer = NOTHING;

  /**
   * @param {(answer: CsvPreview) => void} onUse receives the data, their check and whether a link holds them
   */
  constructor(onUse) {
    this.onUse = onUse;
    /** @type {HTMLDialogElement} */
    this.dialog = byId("paste-dialog");
    /** Most characters or bytes that the server accepts; the page says so. */
    this.maxBytes = Number(this.dialog.dataset.maxBytes);
    const example = message("size\tprice\n52\t186\n71\t240\n…");
    this.text = element("textarea", { id: "paste-text", rows: 7, spellcheck: false, placeholder: example });
    this.fileInput = element("input", { type: "file", id: "paste-file", accept: FILE_TYPES });
    this.sheet = element("select", {});
    this.sheetField = labelled(message("Sheet"), this.sheet);
    this.header = element("input", { type: "checkbox" });
    this.inputs = element("div", { className: "chosen" });
    this.target = element("select", {});
    const tasks = Object.entries(taskNames()).map(([value, text]) => element("option", { value }, text));
    this.task = element("select", {}, ...tasks);
    this.decimal = this.createDecimalMenu();
    this.decimalField = labelled(message("Numbers"), this.decimal);
    this.unlabeled = element("input", { type: "checkbox" });
    this.unlabeledText = element("span", {});
    this.unlabeledField = element("label", { className: "tick" }, this.unlabeled, this.unlabeledText);
    const region = { tabIndex: 0, role: "region", ariaLabel: message("Preview") };
    this.preview = element("div", { className: "preview", ...region });
    this.notes = element("ul", { className: "notes" });
    this.status = element("p", { className: "outcome", role: "status" });
    this.useButton = buttonElement(message("Use these data"), () => this.use(), { className: "dark" });
    this.choices = this.createChoices();
    this.build();
    this.listen();
  }

  createDecimalMenu() {
    return element(
      "select",
      {},
      element("option", { value: "." }, message("decimal point")),
      element("option", { value: "," }, message("decimal comma")),
    );
  }

  createChoices() {
    return element(
      "div",
      { className: "choices" },
      element("label", { className: "tick" }, this.header, message("The first row holds names")),
      element("fieldset", {}, element("legend", {}, message("From")), this.inputs),
      labelled(message("predict"), this.target),
      labelled(message("which is"), this.task),
      this.decimalField,
      this.unlabeledField,
    );
  }

  build() {
    const close = buttonElement(message("Cancel"), () => this.dialog.close());
    const instruction = message(
      "Paste two or three columns, one row per line, or drop a file here (CSV, text, .xlsx, .ods). From more than 2 000 rows a random sample is taken. Nothing is stored on the server.",
    );
    this.dialog.replaceChildren(
      element("h2", {}, message("Your own data")),
      element("label", { htmlFor: "paste-text" }, instruction),
      this.text,
      element("label", { className: "file" }, message("or choose a file"), " ", this.fileInput),
      this.sheetField,
      this.choices,
      this.notes,
      this.preview,
      element("div", { className: "ends" }, this.status, this.useButton, close),
    );
  }

  listen() {
    this.text.oninput = () => {
      this.forgetFile();
      this.requests += 1; // an answer to what stood here before must not be used
      this.useButton.disabled = true;
      clearTimeout(this.typingTimer);
      this.typingTimer = window.setTimeout(() => this.request(), TYPING_DELAY);
    };
    this.fileInput.onchange = () => this.readFile(this.fileInput.files?.[0]);
    this.dialog.ondragover = (event) => event.preventDefault();
    this.dialog.ondrop = (event) => {
      const file = event.dataTransfer?.files[0];
      if (!file) return;
      event.preventDefault();
      this.readFile(file);
    };
    this.header.onchange = () => this.choose({ header: this.header.checked ? "1" : "0" });
    this.target.onchange = () => this.choose({ target: this.target.value, inputs: "", task: "" });
    this.task.onchange = () => this.choose({ task: this.task.value });
    this.inputs.onchange = () => this.choose({ inputs: this.checkedInputs().join() });
    this.decimal.onchange = () => this.choose({ decimal: this.decimal.value });
    this.unlabeled.onchange = () => this.choose({ unlabeled: this.unlabeled.checked ? "keep" : "" });
    this.sheet.onchange = () => this.file && this.requestFile(this.file, { sheet: this.sheet.value });
  }

  checkedInputs() {
    const /** @type {NodeListOf<HTMLInputElement>} */ checked = this.inputs.querySelectorAll(":checked");
    return [...checked].map((input) => input.value);
  }

  use() {
    this.dialog.close();
    this.onUse(this.answer);
  }

  /**
   * Open with the data that are shown now: those of the link, or those kept in this tab.
   *
   * @param {string} shown
   * @param {string} link the link of the page
   */
  open(shown, link) {
    const points = shown === IN_BROWSER ? storedPoints(link) : shown;
    this.forgetFile();
    if (points) {
      const { text, choice } = tableOfPoints(points);
      this.text.value = text;
      this.choice = choice;
    }
    this.dialog.showModal();
    this.text.focus();
    this.request();
  }

  forgetFile() {
    this.choice = {};
    this.file = null;
    this.fileNotes = [];
    this.sheetField.hidden = true;
  }

  /**
   * Show a file: the server decodes it. Of a text that is too large a sample of its lines is sent.
   *
   * @param {File} [file]
   */
  async readFile(file) {
    if (!file) return undefined;
    this.forgetFile();
    this.useButton.disabled = true;
    if (file.size <= this.maxBytes) return this.requestFile(file, {});
    const mark = await firstBytes(file);
    if (mark === ARCHIVE_MARK) {
      return this.showProblem(message("This workbook is too large. Save the sheet as CSV."));
    }
    const encoding = UTF16_MARKS[mark];
    const text = encoding && new TextDecoder(encoding).decode(await file.arrayBuffer());
    const bytes = text ? new Blob([text]) : file;
    const { lines, total } = await sampleLines(bytes.stream(), SAMPLE_SHARE * this.maxBytes);
    return this.requestFile(new Blob([joinLines(lines)]), { total: String(total) });
  }

  /**
   * Let the server decode a file and show its text; later choices are made of the text.
   *
   * @param {Blob} file
   * @param {Record<string, string>} query the sheet, or the number of lines of which the file is a sample
   */
  async requestFile(file, query) {
    this.file = file;
    this.choice = query.total ? { total: query.total } : {};
    const answer = await this.ask(file, query, "application/octet-stream");
    if (!answer) return;
    this.text.value = answer.text ?? "";
    this.fileNotes = answer.fileNotes;
    this.sheetField.hidden = answer.sheets.length < 2;
    this.sheet.replaceChildren(...answer.sheets.map((name, value) => element("option", { value }, name)));
    this.sheet.value = String(answer.sheet);
    this.show(answer);
  }

  /** @param {Record<string, string>} part */
  choose(part) {
    Object.assign(this.choice, part);
    this.request();
  }

  /** Let the server parse the text. */
  async request() {
    const text = this.text.value;
    if (!text.trim()) return this.showProblem("");
    if (text.length > this.maxBytes) return this.showProblem(message("That is more than 1 MB."));
    const answer = await this.ask(text, this.choice, "text/plain");
    return answer && this.show(answer);
  }

  /**
   * Ask the server for a preview; null if a later request has been made meanwhile.
   *
   * @param {Blob | string} body
   * @param {Record<string, string>} choice
   * @param {string} type
   * @returns {Promise<CsvPreview | null>}
   */
  async ask(body, choice, type) {
    const number = ++this.requests;
    const query = new URLSearchParams({ ...choice, lang: document.documentElement.lang });
    const options = { method: "POST", body, headers: { "Content-Type": type } };
    let answer;
    try {
      const response = await fetch(`paste?${query}`, options);
      answer = response.ok ? await response.json() : { problem: (await response.text()).trim() };
    } catch {
      answer = { problem: message("The server does not answer right now.") };
    }
    return number === this.requests ? { ...NOTHING, ...answer } : null;
  }

  /** @param {string} problem */
  showProblem(problem) {
    this.show({ ...NOTHING, problem });
  }

  /** @param {CsvPreview} answer */
  show(answer) {
    const { points, problem, columns } = answer;
    const notes = [...this.fileNotes, ...answer.notes];
    this.answer = answer;
    this.useButton.disabled = !points;
    this.status.classList.toggle("wrong", Boolean(problem));
    this.status.textContent = points ? this.summary(answer) : problem;
    this.choices.hidden = this.preview.hidden = !columns.length;
    this.notes.hidden = !notes.length;
    this.notes.replaceChildren(...notes.map((note) => element("li", {}, note)));
    if (columns.length) this.showColumns(answer);
  }

  /** @param {CsvPreview} answer */
  summary({ count, travels }) {
    const where = travels
      ? message("The link will carry them.")
      : message("There are too many for a link. It will open without them; they stay in this tab only.");
    return `${plural("{n} row.", "{n} rows.", { n: count })} ${where}`;
  }

  /** @param {CsvPreview} answer */
  showColumns(answer) {
    const { columns, header, target, task } = answer;
    this.header.checked = header;
    this.showInputs(answer);
    const createOption = (/** @type {CsvColumn} */ { name }, /** @type {number} */ i) =>
      element("option", { value: i, selected: i === target }, name);
    this.target.replaceChildren(...columns.map(createOption));
    this.task.value = task;
    this.showReadings(answer);
    this.showPreview(answer);
  }

  /**
   * Show the choices that only some tables leave open.
   *
   * @param {CsvPreview} answer
   */
  showReadings({ decimal, unlabeled, keepsUnlabeled }) {
    this.decimalField.hidden = !decimal;
    this.decimal.value = decimal || ".";
    this.unlabeledField.hidden = !unlabeled;
    this.unlabeled.checked = keepsUnlabeled;
    this.unlabeledText.textContent = plural(
      "Keep {n} row without a label as a class",
      "Keep {n} rows without a label as a class",
      { n: unlabeled },
    );
  }

  /**
   * Show a checkbox for each column; the focus stays on its column.
   *
   * @param {CsvPreview} answer
   */
  showInputs({ columns, inputs, target }) {
    const active = document.activeElement;
    const focused = active instanceof HTMLInputElement && active.closest(".chosen") ? active.value : "";
    const createTick = (/** @type {CsvColumn} */ { name, numeric }, /** @type {number} */ i) => {
      const state = { checked: inputs.includes(i), disabled: i === target || !numeric };
      const input = element("input", { type: "checkbox", value: i, ...state });
      return element("label", { className: "tick" }, input, name);
    };
    this.inputs.replaceChildren(...columns.map(createTick));
    if (!focused) return;
    const /** @type {HTMLInputElement | null} */ again = this.inputs.querySelector(`[value="${focused}"]`);
    again?.focus();
  }

  /** @param {CsvPreview} answer */
  showPreview({ columns, rows, totalRows, inputs, target }) {
    const useOf = (/** @type {number} */ i) => (inputs.includes(i) ? "input" : "");
    const classOf = (/** @type {number} */ i) => (i === target ? "target" : useOf(i));
    const createCells = (/** @type {"td" | "th"} */ tag, /** @type {string[]} */ texts, properties = {}) =>
      texts.map((text, i) => element(tag, { className: classOf(i), ...properties }, text));
    const body = rows.map((row) => element("tr", {}, ...createCells("td", row)));
    const rest = totalRows - rows.length;
    if (rest > 0) {
      const properties = { colSpan: columns.length, className: "rest" };
      body.push(element("tr", {}, element("td", properties, message("and {rest} more", { rest }))));
    }
    const names = columns.map(({ name }) => name);
    const head = element("thead", {}, element("tr", {}, ...createCells("th", names, { scope: "col" })));
    this.preview.replaceChildren(element("table", {}, head, element("tbody", {}, ...body)));
  }
}
