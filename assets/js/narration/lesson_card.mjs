// The lesson's card: first a question, and after the answer what there was to see.

import { buttonElement, byId, element, makeDismissible } from "../core/dom.mjs";
import { message } from "../core/i18n.mjs";
import { valueIn } from "../core/link.mjs";
import { richElement } from "../core/rich_text.mjs";
import { loadGallery } from "../net/lesson_gallery.mjs";

/** @import { LessonAnswer, LessonCard as Lesson } from "../protocol.js" */

/**
 * What the card does on the page.
 *
 * @typedef {object} LessonPage
 * @property {(choice: string) => void} answer
 * @property {(key: string) => void} openLesson
 * @property {(key: string) => void} restartLesson
 * @property {() => void} leaveLesson
 * @property {() => void} openSlip
 * @property {boolean} busy whether a request is under way
 */

/**
 * The key of the lesson that a link in the list opens; null for the teacher's notes.
 *
 * @param {HTMLAnchorElement} anchor
 */
const lessonKeyOf = (anchor) => valueIn(anchor.search, "s");

export class LessonCard {
  /**
   * The lesson that is shown, as text.
   *
   * @type {string | null}
   */
  shown = null;
  /** @type {Lesson | null} */
  lesson = null;
  /** Whether a live class leads through the lesson: the card then offers neither answers nor ways on. */
  led = false;
  /** The lesson that was opened last by a key, perhaps not answered yet. */
  requested = "";
  /**
   * The lessons that were answered since the page was opened.
   *
   * @type {Set<string>}
   */
  answered = new Set();

  /**
   * @param {HTMLElement} box
   * @param {LessonPage} page
   */
  constructor(box, page) {
    this.box = box;
    this.page = page;
    /** @type {HTMLDetailsElement} */
    this.list = byId("lessons");
    addEventListener("keydown", (event) => this.handleKey(event));
    makeDismissible(this.list);
    this.more = this.createMore();
    makeDismissible(this.more);
    this.list.addEventListener("click", (event) => this.handleListClick(event));
    const load = () => loadGallery(this.list, () => this.markList());
    for (const name of ["pointerover", "focusin", "toggle"]) this.list.addEventListener(name, load);
  }

  /**
   * Show a lesson; null hides the card.
   *
   * @param {Lesson | null} lesson
   */
  show(lesson) {
    this.lesson = lesson;
    this.box.hidden = !lesson;
    const content = JSON.stringify([lesson, this.led]);
    if (content === this.shown) return;
    this.shown = content;
    if (lesson?.answer) this.answered.add(lesson.key);
    this.markList();
    if (!lesson) return;
    const body = lesson.answer ? this.createAnswer(lesson.title, lesson.answer) : this.createQuestion(lesson);
    const ways = this.led ? [] : [this.createNavigation(lesson)];
    this.box.replaceChildren(this.createHead(lesson), body, ...ways);
  }

  /** @param {boolean} led whether a live class leads through the lesson */
  setLed(led) {
    this.led = led;
    this.show(this.lesson);
  }

  /**
   * Title and introduction. After the answer what happened: the question stays, with the introduction
   * collapsed, and its answer.
   *
   * @param {Lesson} lesson
   */
  createHead({ number, title, introduction, question, choices, answer }) {
    const small = element("small", {}, number);
    const body = richElement("div", introduction, { className: "rich" });
    if (!answer) {
      const heading = element("h2", {}, small, element("b", {}, title));
      return element("div", { className: "told" }, heading, body);
    }
    const asked = richElement("span", question, { className: "answered-question" });
    const collapsed = element("details", {}, element("summary", {}, element("h2", {}, small, asked)), body);
    const result = element("p", { role: "status" }, richElement("b", answer.feedback));
    const isOwn = !this.led || choices.length > 0; // how far away a class is says the class
    return element("div", { className: "told" }, collapsed, ...(isOwn ? [result] : []));
  }

  /** @param {Lesson} lesson */
  createQuestion({ question, choices, instruction }) {
    const items = choices.map((text, i) => this.createChoice(text, i));
    const line = element("p", {}, richElement("b", question), " ", this.led ? "" : instruction);
    return element("div", { className: "asked" }, line, element("div", { className: "answers" }, ...items));
  }

  /**
   * A button that answers, with a letter by which a class can name it; only the text where phones answer.
   *
   * @param {string} text as HTML
   * @param {number} i
   */
  createChoice(text, i) {
    const item = this.led ? element("p") : buttonElement("", () => this.page.answer(String(i)));
    const letter = element("span", { className: "letter", ariaHidden: "true" }, String.fromCharCode(65 + i));
    item.append(letter, richElement("span", text));
    return item;
  }

  /**
   * Why it happened, the conclusion, which is the title now, and what to try.
   *
   * @param {string} conclusion
   * @param {LessonAnswer} answer
   */
  createAnswer(conclusion, { explanation, suggestion }) {
    const parts = [
      richElement("div", explanation, { className: "rich" }),
      element("p", { className: "aha" }, element("b", {}, conclusion)),
      richElement("div", suggestion, { className: "rich try" }),
    ];
    const filled = parts.filter(({ textContent }) => textContent);
    return element("div", { className: "asked", role: "status" }, ...filled);
  }

  /**
   * The ways on. Next is quiet until the question is answered.
   *
   * @param {Lesson} lesson
   */
  createNavigation({ previous, next, answer }) {
    const open = (/** @type {string} */ lesson) => () => this.page.openLesson(lesson);
    const className = answer ? "dark" : "";
    const buttons = [
      previous ? buttonElement(message("Previous"), open(previous), { title: message("Shift and ←") }) : "",
      this.more,
      next ? buttonElement(message("Next"), open(next), { className, title: message("Shift and →") }) : "",
    ];
    return element("div", { className: "ways" }, ...buttons.filter(Boolean));
  }

  /** Mark in the list the present lesson and those that were answered. */
  markList() {
    const /** @type {NodeListOf<HTMLAnchorElement>} */ anchors = this.list.querySelectorAll("ol a");
    for (const anchor of anchors) {
      const key = lessonKeyOf(anchor) ?? "";
      anchor.ariaCurrent = key === this.lesson?.key ? "page" : null;
      const entry = /** @type {HTMLElement} */ (anchor.closest("li"));
      entry.toggleAttribute("data-done", this.answered.has(key));
      anchor.title = this.answered.has(key) ? message("answered") : "";
    }
  }

  /** The menu of what is seldom done. */
  createMore() {
    const key = () => this.lesson?.key ?? "";
    const summary = element("summary", { ariaLabel: message("More"), title: message("More") }, "⋯");
    const list = element(
      "div",
      {},
      buttonElement(message("Start over"), () => this.page.restartLesson(key())),
      buttonElement(message("Explore freely"), () => this.page.leaveLesson()),
      buttonElement(message("Completion slip"), () => this.page.openSlip()),
    );
    list.classList.add("card", "list");
    const details = element("details", {}, summary, list);
    details.classList.add("hung", "more");
    details.addEventListener("click", ({ target }) => target !== summary && (details.open = false));
    return details;
  }

  /**
   * A lesson of the list opens in the page, so that theme, language and hidden parts stay.
   *
   * @param {MouseEvent} event
   */
  handleListClick(event) {
    const anchor = event.target instanceof Element && event.target.closest("a");
    if (!anchor || event.ctrlKey || event.metaKey || event.shiftKey) return;
    const key = lessonKeyOf(anchor);
    if (!key) {
      anchor.search = `?lang=${document.documentElement.lang}`;
      return;
    }
    event.preventDefault();
    this.list.open = false;
    this.page.openLesson(key);
  }

  /**
   * Shift and an arrow open the next or previous lesson; on a projector Page Down and Up, the keys of a
   * presenter.
   *
   * @param {KeyboardEvent} event
   */
  handleKey(event) {
    const { target } = event;
    const isTaken = target instanceof Element && target.closest("input, select, textarea, dialog");
    if (!this.lesson || this.led || event.defaultPrevented || isTaken) return;
    const direction = directionOf(event);
    const next = direction && this.lessonBeside(direction);
    if (!next) return;
    event.preventDefault();
    this.requested = next;
    this.page.openLesson(next);
  }

  /**
   * The next (1) or previous (-1) lesson. A second key press before the first is answered counts from its
   * lesson.
   *
   * @param {number} direction
   */
  lessonBeside(direction) {
    const /** @type {NodeListOf<HTMLAnchorElement>} */ anchors = this.list.querySelectorAll("ol a");
    const keys = [...anchors].map(lessonKeyOf);
    const current = this.page.busy && this.requested ? this.requested : this.lesson?.key;
    const place = keys.indexOf(current ?? null); // −1 for a lesson from a link, which has no neighbors
    return place < 0 ? null : keys[place + direction];
  }
}

/**
 * 1 for a key that leads to the next lesson, -1 for the previous, else 0.
 *
 * @param {KeyboardEvent} event
 */
function directionOf({ key, shiftKey }) {
  const presenting = document.documentElement.dataset.theme === "projector";
  if ((presenting && key === "PageDown") || (shiftKey && key === "ArrowRight")) return 1;
  if ((presenting && key === "PageUp") || (shiftKey && key === "ArrowLeft")) return -1;
  return 0;
}
