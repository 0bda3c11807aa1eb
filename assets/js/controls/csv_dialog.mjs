// Data of one's own: pasted or dropped, read by the server, previewed, used. Nothing of them is stored there.

import { at, element } from "../core/dom.mjs";
import { kept } from "../net/scene_store.mjs";
import { say } from "../core/i18n.mjs";

const MOST = 1_000_000;
const PAUSE = 250;
const TASKS = { regression: say("a number"), binary: say("yes or no"), multiclass: say("one of several classes") };

export class Paste {
  constructor(use) {
    Object.assign(this, { use, choice: {} });
    this.dialog = at("paste-dialog");
    this.text = element("textarea", { id: "paste-text", rows: 7, spellcheck: false, placeholder: say("size\tprice\n52\t186\n71\t240\n…") });
    this.file = element("input", { type: "file", id: "paste-file", accept: ".csv,.tsv,.txt,text/*" });
    this.header = element("input", { type: "checkbox" });
    this.inputs = element("div", { className: "chosen" });
    this.target = element("select", {});
    this.task = element("select", {}, ...Object.entries(TASKS).map(([value, text]) => element("option", { value }, text)));
    this.preview = element("div", { className: "preview", tabIndex: 0, role: "region", ariaLabel: say("Preview") });
    this.said = element("p", { className: "said", role: "status" });
    this.go = element("button", { type: "button", className: "dark" }, say("Use these data"));
    this.build();
    this.listen();
  }

  build() {
    const close = element("button", { type: "button", onclick: () => this.dialog.close() }, say("Cancel"));
    const labelled = (text, control) => element("label", { className: "field" }, text, control);
    this.choices = element("div", { className: "choices" },
      element("label", { className: "tick" }, this.header, say("The first row holds names")),
      element("fieldset", {}, element("legend", {}, say("From")), this.inputs),
      labelled(say("predict"), this.target),
      labelled(say("which is"), this.task));
    this.dialog.replaceChildren(
      element("h2", {}, say("Your own data")),
      element("label", { htmlFor: "paste-text" }, say("Paste two or three columns, a row a line, or drop a CSV file here. Up to 2,000 rows; they are stored nowhere.")),
      this.text,
      element("label", { className: "file" }, say("or choose a file"), " ", this.file),
      this.choices,
      this.preview,
      this.said,
      element("div", { className: "ends" }, this.go, close));
  }

  listen() {
    this.text.oninput = () => { this.choice = {}; this.go.disabled = true; clearTimeout(this.later); this.later = setTimeout(() => this.ask(), PAUSE); };
    this.file.onchange = () => this.take(this.file.files[0]);
    this.dialog.ondragover = (event) => event.preventDefault();
    this.dialog.ondrop = (event) => {
      if (!event.dataTransfer.files.length) return;
      event.preventDefault();
      this.take(event.dataTransfer.files[0]);
    };
    this.header.onchange = () => this.choose({ header: this.header.checked ? "1" : "0" });
    this.target.onchange = () => this.choose({ target: this.target.value, inputs: "", task: "" });
    this.task.onchange = () => this.choose({ task: this.task.value });
    this.inputs.onchange = () => this.choose({ inputs: [...this.inputs.querySelectorAll(":checked")].map((i) => i.value).join() });
    this.go.onclick = () => { this.dialog.close(); this.use(this.offer.points, this.offer.travels); };
  }

  /** Open with the points that are shown now: those of the link, or those that stayed in this tab. */
  open(shown) {
    const points = shown === "browser" ? kept() : shown;
    if (points) this.text.value = points.split("_").slice(1).join("\n");
    this.choice = points ? { task: points.split("_")[0] } : {};
    this.dialog.showModal();
    this.text.focus();
    this.ask();
  }

  async take(file) {
    if (file.size > MOST) return this.refuse(say("That is more than 1 MB."));
    this.text.value = await file.text();
    this.choice = {};
    return this.ask();
  }

  choose(part) {
    Object.assign(this.choice, part);
    this.ask();
  }

  async ask() {
    const text = this.text.value;
    if (!text.trim()) return this.refuse("");
    if (text.length > MOST) return this.refuse(say("That is more than 1 MB."));
    const mine = (this.serial = (this.serial ?? 0) + 1);
    try {
      const answer = await fetch(`paste?${new URLSearchParams({ ...this.choice, lang: document.documentElement.lang })}`, { method: "POST", body: text, headers: { "Content-Type": "text/plain" } });
      const offer = answer.ok ? await answer.json() : { problem: (await answer.text()).trim() };
      if (mine === this.serial) this.show(offer);
    } catch {
      this.refuse(say("The server does not answer just now."));
    }
    return undefined;
  }

  refuse(problem) {
    this.show({ problem });
  }

  show(offer) {
    this.offer = offer;
    this.go.disabled = !offer.points;
    this.said.classList.toggle("wrong", Boolean(offer.problem));
    const where = offer.travels ? say("The link will carry them.") : say("They are too many for a link: it will open without them, and they stay in this tab only.");
    this.said.textContent = offer.points ? `${say("{count} rows.", { count: offer.count })} ${where}` : (offer.problem ?? "");
    this.choices.hidden = this.preview.hidden = !offer.columns;
    if (offer.columns) this.fill(offer);
  }

  fill({ columns, rows, count, header, inputs, target, task }) {
    this.header.checked = header;
    const tick = ({ name, numeric }, i) => {
      const input = element("input", { type: "checkbox", value: i, checked: inputs.includes(i), disabled: i === target || !numeric });
      return element("label", { className: "tick" }, input, name);
    };
    const focused = document.activeElement?.closest(".chosen") && document.activeElement.value;
    this.inputs.replaceChildren(...columns.map(tick));
    if (focused) this.inputs.querySelector(`[value="${focused}"]`)?.focus();
    this.target.replaceChildren(...columns.map(({ name }, i) => element("option", { value: i, selected: i === target }, name)));
    this.task.value = task;
    const cells = (tag, texts, more = {}) => texts.map((text, i) => element(tag, { className: i === target ? "target" : inputs.includes(i) ? "input" : "", ...more }, text));
    const body = rows.map((row) => element("tr", {}, ...cells("td", row)));
    const rest = count - rows.length;
    if (rest > 0) body.push(element("tr", {}, element("td", { colSpan: columns.length, className: "rest" }, say("and {rest} more", { rest }))));
    const head = element("thead", {}, element("tr", {}, ...cells("th", columns.map((c) => c.name), { scope: "col" })));
    this.preview.replaceChildren(element("table", {}, head, element("tbody", {}, ...body)));
  }
}
