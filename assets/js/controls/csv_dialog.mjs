// The dialog for custom data: pasted or dropped, parsed by the server, previewed, used. The server stores
// nothing.

import { byId, element } from "../core/dom.mjs";
import { message } from "../core/i18n.mjs";
import { storedPoints } from "../net/scene_store.mjs";

/** Most characters or bytes, as the server limits them. */
const MOST_CHARACTERS = 1_000_000;
/** Milliseconds after typing before the server is asked. */
const TYPING_DELAY = 250;
const TASKS = {
  regression: message("a number"),
  binary: message("yes or no"),
  multiclass: message("one of several classes"),
};

/** `choice` holds what the user has chosen about the columns; the server chooses the rest. */
export class CsvDialog {
  /** `onUse(points, fitsLink)` receives the data, and whether they fit into a link. */
  constructor(onUse) {
    Object.assign(this, { onUse, choice: {}, requests: 0 });
    this.dialog = byId("paste-dialog");
    this.createControls();
    this.build();
    this.listen();
  }

  createControls() {
    const example = message("size\tprice\n52\t186\n71\t240\n…");
    this.text = element("textarea", { id: "paste-text", rows: 7, spellcheck: false, placeholder: example });
    this.file = element("input", { type: "file", id: "paste-file", accept: ".csv,.tsv,.txt,text/*" });
    this.header = element("input", { type: "checkbox" });
    this.inputs = element("div", { className: "chosen" });
    this.target = element("select", {});
    const tasks = Object.entries(TASKS).map(([value, text]) => element("option", { value }, text));
    this.task = element("select", {}, ...tasks);
    const region = { tabIndex: 0, role: "region", ariaLabel: message("Preview") };
    this.preview = element("div", { className: "preview", ...region });
    this.status = element("p", { className: "said", role: "status" });
    this.useButton = element("button", { type: "button", className: "dark" }, message("Use these data"));
  }

  build() {
    const close = element(
      "button",
      { type: "button", onclick: () => this.dialog.close() },
      message("Cancel"),
    );
    const labelled = (text, control) => element("label", { className: "field" }, text, control);
    this.choices = element(
      "div",
      { className: "choices" },
      element("label", { className: "tick" }, this.header, message("The first row holds names")),
      element("fieldset", {}, element("legend", {}, message("From")), this.inputs),
      labelled(message("predict"), this.target),
      labelled(message("which is"), this.task),
    );
    const instruction = message(
      "Paste two or three columns, a row a line, or drop a CSV file here. Up to 2,000 rows; they are stored nowhere.",
    );
    this.dialog.replaceChildren(
      element("h2", {}, message("Your own data")),
      element("label", { htmlFor: "paste-text" }, instruction),
      this.text,
      element("label", { className: "file" }, message("or choose a file"), " ", this.file),
      this.choices,
      this.preview,
      this.status,
      element("div", { className: "ends" }, this.useButton, close),
    );
  }

  listen() {
    this.text.oninput = () => {
      this.choice = {};
      this.useButton.disabled = true;
      clearTimeout(this.timer);
      this.timer = setTimeout(() => this.request(), TYPING_DELAY);
    };
    this.file.onchange = () => this.readFile(this.file.files[0]);
    this.dialog.ondragover = (event) => event.preventDefault();
    this.dialog.ondrop = (event) => {
      if (!event.dataTransfer.files.length) return;
      event.preventDefault();
      this.readFile(event.dataTransfer.files[0]);
    };
    this.header.onchange = () => this.choose({ header: this.header.checked ? "1" : "0" });
    this.target.onchange = () => this.choose({ target: this.target.value, inputs: "", task: "" });
    this.task.onchange = () => this.choose({ task: this.task.value });
    const checkedInputs = () => [...this.inputs.querySelectorAll(":checked")].map((input) => input.value);
    this.inputs.onchange = () => this.choose({ inputs: checkedInputs().join() });
    this.useButton.onclick = () => {
      this.dialog.close();
      this.onUse(this.answer.points, this.answer.fitsLink);
    };
  }

  /** Open with the data that are shown now: those of the link, or those kept in this tab ("browser"). */
  open(shown) {
    const points = shown === "browser" ? storedPoints() : shown;
    const [task, ...rows] = (points ?? "").split("_");
    if (points) this.text.value = rows.join("\n");
    this.choice = points ? { task } : {};
    this.dialog.showModal();
    this.text.focus();
    this.request();
  }

  async readFile(file) {
    if (file.size > MOST_CHARACTERS) return this.showProblem(message("That is more than 1 MB."));
    this.text.value = await file.text();
    this.choice = {};
    return this.request();
  }

  choose(part) {
    Object.assign(this.choice, part);
    this.request();
  }

  /** Let the server parse the text; only the answer to the latest request is shown. */
  async request() {
    const text = this.text.value;
    if (!text.trim()) return this.showProblem("");
    if (text.length > MOST_CHARACTERS) return this.showProblem(message("That is more than 1 MB."));
    const number = ++this.requests;
    const query = new URLSearchParams({ ...this.choice, lang: document.documentElement.lang });
    const headers = { "Content-Type": "text/plain" };
    try {
      const response = await fetch(`paste?${query}`, { method: "POST", body: text, headers });
      const answer = response.ok ? await response.json() : { problem: (await response.text()).trim() };
      if (number === this.requests) this.show(answer);
    } catch {
      this.showProblem(message("The server does not answer just now."));
    }
    return undefined;
  }

  showProblem(problem) {
    this.show({ problem });
  }

  show(answer) {
    const { points, problem, table } = answer;
    this.answer = answer;
    this.useButton.disabled = !points;
    this.status.classList.toggle("wrong", Boolean(problem));
    this.status.textContent = points ? this.summary(answer) : (problem ?? "");
    this.choices.hidden = this.preview.hidden = !table;
    if (table) this.showColumns(table);
  }

  summary({ table: { count }, fitsLink }) {
    const where = fitsLink
      ? message("The link will carry them.")
      : message("They are too many for a link: it will open without them, and they stay in this tab only.");
    return `${message("{count} rows.", { count })} ${where}`;
  }

  showColumns(table) {
    const { columns, header, target, task } = table;
    this.header.checked = header;
    this.showInputs(table);
    const createOption = ({ name }, i) => element("option", { value: i, selected: i === target }, name);
    this.target.replaceChildren(...columns.map(createOption));
    this.task.value = task;
    this.showPreview(table);
  }

  /** Show a checkbox for each column; the focus stays on its column. */
  showInputs({ columns, inputs, target }) {
    const focused = document.activeElement?.closest(".chosen") && document.activeElement.value;
    const createTick = ({ name, numeric }, i) => {
      const state = { checked: inputs.includes(i), disabled: i === target || !numeric };
      const input = element("input", { type: "checkbox", value: i, ...state });
      return element("label", { className: "tick" }, input, name);
    };
    this.inputs.replaceChildren(...columns.map(createTick));
    if (focused) this.inputs.querySelector(`[value="${focused}"]`)?.focus();
  }

  showPreview({ columns, rows, count, inputs, target }) {
    const classOf = (i) => (i === target ? "target" : inputs.includes(i) ? "input" : "");
    const createCells = (tag, texts, properties = {}) =>
      texts.map((text, i) => element(tag, { className: classOf(i), ...properties }, text));
    const body = rows.map((row) => element("tr", {}, ...createCells("td", row)));
    const rest = count - rows.length;
    if (rest > 0) {
      const properties = { colSpan: columns.length, className: "rest" };
      body.push(element("tr", {}, element("td", properties, message("and {rest} more", { rest }))));
    }
    const names = createCells(
      "th",
      columns.map(({ name }) => name),
      { scope: "col" },
    );
    const head = element("thead", {}, element("tr", {}, ...names));
    this.preview.replaceChildren(element("table", {}, head, element("tbody", {}, ...body)));
  }
}
