// The fields of the form of a lesson, with what the server says of each.

import { buttonElement, element } from "../core/dom.mjs";
import { message } from "../core/i18n.mjs";

/** @import { FieldProblem, LessonDraft, NamedNumber, NamedPlace } from "../protocol.js" */
/** @typedef {HTMLInputElement | HTMLTextAreaElement} TextField */

const CHOICES = 4;
/** The fields of texts with their labels and rows; one row is a line. */
const textFields = () =>
  /** @type {const} */ ([
    ["title", message("Title"), 1],
    ["text", message("What you say first"), 4],
    ["question", message("Question"), 2],
    ["aha", message("Conclusion, the title after the answer"), 1],
    ["reveal", message("Explanation"), 4],
    ["drag", message("What to try then"), 2],
    ["note", message("Note for the teacher"), 2],
  ]);

export class DraftFields {
  /**
   * The fields that were left once: only these say that they are needed.
   *
   * @type {Set<string>}
   */
  touched = new Set();
  /**
   * What the server said last of each field.
   *
   * @type {readonly FieldProblem[]}
   */
  problems = [];
  /** The right place of a draft that was filled in before the server named the places. */
  place = "";

  /** @param {() => void} onChange */
  constructor(onChange) {
    this.onChange = onChange;
    /** @type {Record<string, TextField>} */
    this.texts = {};
    /** @type {Record<string, HTMLElement>} */
    this.notes = {};
    const made = Object.fromEntries(
      textFields().map(([name, label, rows]) => [name, this.createText(name, label, rows)]),
    );
    this.last = this.texts.text;
    this.places = element("select", { id: "lesson-place" });
    this.choices = Array.from({ length: CHOICES }, (_, i) => this.createChoice(i));
    this.kinds = ["choices", "place"].map((value) =>
      element("input", { type: "radio", name: "lesson-kind", value, checked: value === "choices" }),
    );
    this.numbers = element("ul", {});
    this.root = element(
      "div",
      { className: "fields" },
      this.createNumbers(),
      made.title,
      made.text,
      made.question,
      this.createAnswers(),
      made.aha,
      made.reveal,
      made.drag,
      made.note,
      element("p", { className: "soft" }, markdownWords()),
    );
    this.root.addEventListener("input", () => this.change());
    this.root.addEventListener("focusin", ({ target }) => {
      if (target instanceof HTMLTextAreaElement || (target instanceof HTMLInputElement && isText(target))) {
        this.last = target;
      }
    });
    this.root.addEventListener("focusout", ({ target }) => {
      if (!(target instanceof HTMLElement) || !target.dataset.field) return;
      this.touched.add(target.dataset.field);
      this.showProblems();
    });
  }

  /**
   * @param {string} name
   * @param {string} label
   * @param {number} rows
   */
  createText(name, label, rows) {
    const id = `lesson-${name}`;
    const field = rows === 1 ? element("input", { type: "text", id }) : element("textarea", { id, rows });
    field.dataset.field = name;
    this.texts[name] = field;
    const note = this.createNote(name);
    field.setAttribute("aria-describedby", note.id);
    return element("div", { className: "line" }, element("label", { htmlFor: id }, label), field, note);
  }

  /** @param {string} name */
  createNote(name) {
    this.notes[name] = element("small", { className: "wrong", id: `lesson-${name}-note`, role: "status" });
    return this.notes[name];
  }

  /** @param {number} i */
  createChoice(i) {
    const letter = String.fromCharCode(65 + i);
    const ariaLabel = message("{letter} is right", { letter });
    const right = element("input", { type: "radio", name: "lesson-right", value: String(i), ariaLabel });
    right.checked = i === 0;
    const text = element("input", { type: "text", ariaLabel: message("Choice {letter}", { letter }) });
    text.dataset.field = "choices";
    return { row: element("div", { className: "choice-line" }, right, letter, text), right, text };
  }

  /** The choices or the place, of which one is asked for. */
  createAnswers() {
    const labels = [message("Choices"), message("A place on the map")];
    const kinds = this.kinds.map((kind, i) => element("label", { className: "tick" }, kind, labels[i]));
    this.choiceRows = element(
      "div",
      { className: "choice-lines" },
      element("p", { className: "soft" }, message("Two to four; mark the right one.")),
      ...this.choices.map(({ row }) => row),
      this.createNote("choices"),
    );
    this.placeRow = element(
      "div",
      { className: "line", hidden: true },
      element("label", { htmlFor: this.places.id }, message("The right place")),
      this.places,
      this.createNote("place"),
    );
    return element(
      "fieldset",
      {},
      element("legend", {}, message("Answer")),
      element("div", { className: "kinds" }, ...kinds),
      this.choiceRows,
      this.placeRow,
    );
  }

  /** The menu of the numbers of the page: a press writes one where the cursor was last. */
  createNumbers() {
    const summary = element("summary", {}, message("Numbers of this page"));
    const about = element(
      "p",
      { className: "soft" },
      message("Press one: it is written into the text, and the page fills it in."),
    );
    const menu = element("details", {}, summary, about, this.numbers);
    menu.classList.add("numbers");
    return menu;
  }

  /** @param {string} name */
  insert(name) {
    const { last } = this;
    const at = last.selectionStart ?? last.value.length;
    last.setRangeText(`{${name}}`, at, last.selectionEnd ?? at, "end");
    last.focus();
    this.change();
  }

  /** Whether a place is asked for. */
  get asksForPlace() {
    return this.kinds[1].checked;
  }

  change() {
    this.place = this.places.value || this.place;
    this.showKind();
    this.onChange();
  }

  showKind() {
    if (this.choiceRows) this.choiceRows.hidden = this.asksForPlace;
    if (this.placeRow) this.placeRow.hidden = !this.asksForPlace;
  }

  /**
   * What is typed in.
   *
   * @returns {Omit<LessonDraft, "link">}
   */
  get draft() {
    const texts = Object.fromEntries(Object.entries(this.texts).map(([name, { value }]) => [name, value]));
    const filled = this.choices.filter(({ text }) => text.value.trim());
    const right = Math.max(0, filled.findIndex((choice) => choice.right.checked));
    return {
      ...texts,
      choices: filled.map(({ text }) => text.value),
      right,
      place: this.asksForPlace ? this.place || "end_u,end_v" : "",
    };
  }

  /**
   * Fill in a draft; null leaves the fields as they are.
   *
   * @param {Partial<LessonDraft> | null} draft
   */
  restore(draft) {
    if (!draft) return;
    for (const [name, field] of Object.entries(this.texts)) {
      field.value = String(draft[/** @type {"title"} */ (name)] ?? "");
    }
    this.choices.forEach(({ text, right }, i) => {
      text.value = draft.choices?.[i] ?? "";
      right.checked = i === (draft.right ?? 0);
    });
    this.place = draft.place ?? "";
    this.places.value = this.place;
    this.kinds[Number(Boolean(draft.place))].checked = true;
    this.showKind();
  }

  focus() {
    this.texts.title.focus();
  }

  /**
   * Show what the server says of the draft, and what the page offers.
   *
   * @param {readonly FieldProblem[]} problems
   * @param {readonly NamedNumber[]} numbers
   * @param {readonly NamedPlace[]} places
   */
  show(problems, numbers, places) {
    this.problems = problems;
    this.showProblems();
    const options = places.map(({ key, title }) =>
      element("option", { value: key, selected: key === this.place }, title),
    );
    this.places.replaceChildren(...options);
    if (this.numbers.contains(document.activeElement)) return;
    const rows = numbers.map(({ name, meaning, value }) =>
      element(
        "li",
        {},
        buttonElement(`{${name}}`, () => this.insert(name)),
        element("span", {}, meaning),
        element("span", { className: "soft" }, value),
      ),
    );
    this.numbers.replaceChildren(...rows);
  }

  showProblems() {
    for (const [name, note] of Object.entries(this.notes)) {
      const found = this.problems.find(({ field }) => field === name);
      const isEmpty = name in this.texts && !this.texts[name].value.trim();
      const waits = (isEmpty || name === "choices") && !this.touched.has(name);
      const sentence = found && !waits ? found.sentence : "";
      if (note.textContent !== sentence) note.textContent = sentence;
      this.texts[name]?.setAttribute("aria-invalid", String(Boolean(sentence)));
    }
  }
}

/** What the texts may have besides words. */
const markdownWords = () => message("Emphasis: *so*. A list: lines with “- ”. A formula: $w^2$.");

/** @param {HTMLInputElement} input */
const isText = (input) => input.type === "text";
