// The form in which a teacher writes a lesson about what the page beside it shows. The server checks each
// draft and returns its cards and its link; nothing is stored but in this tab.

import { createCopyableText } from "../core/copyable_text.mjs";
import { buttonElement, byId, element } from "../core/dom.mjs";
import { message } from "../core/i18n.mjs";
import { valueIn } from "../core/link.mjs";
import { storedPoints, storePoints } from "../core/points_storage.mjs";
import { saveFile } from "../core/save_file.mjs";
import { DraftFields } from "./draft_fields.mjs";
import { createPreview } from "./preview_cards.mjs";

/** Milliseconds after the last letter before a draft is checked. */
const TYPING_DELAY = 300;
/** Under which this tab keeps the draft. */
const KEPT = "losslab.lesson";
/** How the key of a lesson begins that is the lesson itself. */
const OWN = "own.";
/** Windows in which the form covers the page, as in the style sheet. */
const NARROW = "(max-width: 56rem)";

/** @import { ImportedLesson, LessonImport, LessonPreview } from "../protocol.js" */
/** @import { Page } from "../page.mjs" */

class LessonForm {
  timer = 0;
  /** The number of the last request; an answer to an earlier one is dropped. */
  requests = 0;
  /** The link of the page when the draft was last checked. */
  checkedLink = "";
  /** @type {ImportedLesson[]} */
  imported = [];

  /** @param {Page} page */
  constructor(page) {
    this.page = page;
    this.fields = new DraftFields(() => this.checkSoon());
    this.link = createCopyableText("lesson-link", message("Copy the link of the lesson"));
    this.code = element("img", { alt: message("QR code of the lesson") });
    this.tryLink = element("a", { target: "_blank", rel: "noopener" }, message("Try it"));
    this.sentence = element("p", { className: "outcome", role: "status" });
    this.result = element("div", { className: "made", hidden: true }, this.link.row, this.code);
    this.fileButton = buttonElement(message("Save as a file"), () => this.saveFile());
    this.fileInput = element("input", { type: "file", id: "lesson-file", accept: ".yaml,.yml" });
    this.fileInput.onchange = () => this.importFile();
    this.choice = element("select", { ariaLabel: message("Lesson of the file"), hidden: true });
    this.choice.onchange = () => this.fill(this.imported[Number(this.choice.value)]);
    this.preview = element("div", { className: "previews" });
    this.panel = this.createPanel();
    matchMedia(NARROW).addEventListener("change", () => this.coverPage());
    new MutationObserver(() => this.followPage()).observe(document.documentElement, {
      attributeFilter: ["data-ready"],
    });
  }

  createPanel() {
    const heading = element("h2", { id: "lesson-form-title" }, message("A lesson of your own"));
    const closing = { ariaLabel: message("Close"), className: "close" };
    const close = buttonElement("×", () => this.close(), closing);
    const about = message("It opens what the page shows now: change the page at any time.");
    const keys = element("div", { className: "ends" }, this.tryLink, this.fileButton);
    const file = element(
      "label",
      { className: "file" },
      message("Open a file of lessons"),
      this.fileInput,
      this.choice,
    );
    const panel = element(
      "section",
      { className: "lesson-form", id: "lesson-form" },
      element("div", { className: "head" }, heading, close),
      element("p", { className: "soft" }, about),
      this.fields.root,
      element("h3", {}, message("How it will look")),
      this.preview,
      element("h3", {}, message("Hand it out")),
      this.sentence,
      this.result,
      keys,
      file,
    );
    panel.setAttribute("aria-labelledby", heading.id);
    return panel;
  }

  async open() {
    document.body.append(this.panel);
    document.body.classList.add("in-form");
    this.coverPage();
    this.fields.restore(this.kept());
    const lesson = valueIn(this.page.link, "s") ?? "";
    if (lesson.startsWith(OWN)) await this.import(`?s=${lesson}`);
    else if (lesson) this.page.leaveLesson();
    dispatchEvent(new Event("resize"));
    this.fields.focus();
    this.check();
  }

  /** Where the form covers the page, nothing of the page can be reached. */
  coverPage() {
    const covers = this.panel.isConnected && matchMedia(NARROW).matches;
    const root = document.getElementById("react-entry-point");
    if (root) root.inert = covers;
  }

  close() {
    this.panel.remove();
    document.body.classList.remove("in-form");
    this.coverPage();
    dispatchEvent(new Event("resize"));
    byId("share").focus();
  }

  /** The draft that this tab keeps; null without one. */
  kept() {
    try {
      return JSON.parse(sessionStorage.getItem(KEPT) ?? "null");
    } catch {
      return null;
    }
  }

  /** The page has changed: the lesson opens what it shows now. */
  followPage() {
    const isReady = document.documentElement.dataset.ready === "true";
    if (this.panel.isConnected && isReady && this.page.link !== this.checkedLink) this.checkSoon();
  }

  checkSoon() {
    clearTimeout(this.timer);
    this.timer = window.setTimeout(() => this.check(), TYPING_DELAY);
  }

  /** The draft as the server reads it. */
  get draft() {
    const { link } = this.page;
    return { ...this.fields.draft, link, rows: storedPoints(link), hero: this.page.hero };
  }

  /** Let the server check the draft, and show what it makes. */
  async check() {
    const number = ++this.requests;
    this.checkedLink = this.page.link;
    const { draft } = this;
    try {
      sessionStorage.setItem(KEPT, JSON.stringify(this.fields.draft));
    } catch {
      // this browser stores nothing
    }
    const answer = await post("preview", JSON.stringify(draft));
    if (number !== this.requests) return;
    if (answer) this.show(await answer.json());
    else this.sentence.textContent = message("The server does not answer right now.");
  }

  /** @param {LessonPreview} preview */
  show({ query, complete, sentence, faults, asking, answered, numbers, places }) {
    this.fields.show(faults, numbers, places);
    this.preview.replaceChildren(...createPreview(asking, answered));
    this.sentence.textContent = sentence;
    this.result.hidden = !query;
    this.tryLink.hidden = !query;
    this.fileButton.disabled = !complete;
    if (!query) return;
    const address = new URL(query, location.href).href;
    this.link.show(address);
    this.tryLink.href = query;
    this.code.src = `export/qr.svg?${new URLSearchParams({ of: address })}`;
  }

  async saveFile() {
    const answer = await post("file", JSON.stringify(this.draft));
    if (!answer) return;
    saveFile(await answer.blob(), "lesson.yaml");
  }

  async importFile() {
    const file = this.fileInput.files?.[0];
    if (file) await this.import(file);
  }

  /**
   * Read a file of lessons, or the lesson of a link, and fill the form with the first one.
   *
   * @param {Blob | string} source
   */
  async import(source) {
    const answer = await post("import", source);
    /** @type {LessonImport} */
    const found = answer
      ? await answer.json()
      : { problem: message("The server does not answer right now."), lessons: [] };
    this.imported = found.lessons;
    if (found.problem) this.sentence.textContent = found.problem;
    const names = found.lessons.map(({ draft }, value) => element("option", { value }, draft.title ?? ""));
    this.choice.replaceChildren(...names);
    this.choice.hidden = names.length < 2;
    if (found.lessons.length) this.fill(found.lessons[0]);
  }

  /**
   * Fill the form with a lesson and let the page show what that opens.
   *
   * @param {ImportedLesson} lesson
   */
  fill({ draft, check }) {
    this.fields.restore(draft);
    if (draft.rows) storePoints(check, draft.rows);
    this.page.addressBar.open(draft.link);
    this.checkSoon();
  }
}

/**
 * Send something to a route of the form; null if there is no answer.
 *
 * @param {"preview" | "file" | "import"} name
 * @param {Blob | string} body
 */
async function post(name, body) {
  const query = new URLSearchParams({ lang: document.documentElement.lang });
  const response = await fetch(`lesson/${name}?${query}`, { method: "POST", body }).catch(() => null);
  return response?.ok ? response : null;
}

/** @type {LessonForm | null} */
let form = null;

globalThis.addEventListener?.("losslab-lesson-form", (event) => {
  form ??= new LessonForm(/** @type {CustomEvent<Page>} */ (event).detail);
  if (!form.panel.isConnected) form.open();
});
