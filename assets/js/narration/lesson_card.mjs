// The lesson's card: first a question, and after the answer what there was to see.

import { byId, element, makeDismissible } from "../core/dom.mjs";
import { message } from "../core/i18n.mjs";

/** The key of the lesson that a link in the list opens; null for the teacher's notes. */
const lessonKeyOf = (anchor) => new URLSearchParams(anchor.search).get("s");

const createButton = (text, onclick, properties = {}) =>
  element("button", { type: "button", onclick, ...properties }, text);

export class LessonCard {
  /**
   * `page` has `answer(choice)`, `openLesson(key)`, `restartLesson(key)`, `leaveLesson()`
   * and `busy`, whether a request is under way.
   */
  constructor(box, page) {
    Object.assign(this, { box, page, shown: null });
    addEventListener("keydown", (event) => this.handleKey(event));
    makeDismissible(byId("lessons"));
    byId("lessons").addEventListener("click", (event) => this.handleListClick(event));
  }

  /** Show a lesson; null hides the card. */
  show(lesson) {
    this.lesson = lesson;
    this.box.hidden = !lesson;
    const content = JSON.stringify(lesson);
    if (content === this.shown) return;
    this.shown = content;
    if (!lesson) return;
    const body = lesson.asking ? this.createQuestion(lesson) : this.createAnswer(lesson);
    this.box.replaceChildren(this.createHead(lesson), body, this.createNavigation(lesson));
  }

  /**
   * Title and introduction. After the answer the introduction is collapsed, and the question stays with the
   * gap filled.
   */
  createHead({ number, title, introduction, question, answer }) {
    const heading = element("h2", {}, element("small", {}, number), element("b", {}, title));
    const body = element("p", {}, introduction);
    if (!answer) return element("div", { className: "told" }, heading, body);
    const collapsed = element("details", {}, element("summary", {}, heading), body);
    const result = element("p", { role: "status" }, element("b", {}, answer.feedback));
    return element("div", { className: "told" }, collapsed, element("p", {}, question), result);
  }

  createQuestion({ question, choices, instruction }) {
    const buttons = choices.map((text, i) => createButton(text, () => this.page.answer(String(i))));
    const line = element("p", {}, element("b", {}, question), " ", instruction);
    return element(
      "div",
      { className: "asked" },
      line,
      element("div", { className: "choices-row" }, ...buttons),
    );
  }

  createAnswer({ answer: { explanation, conclusion, suggestion } }) {
    const lines = [
      ["", explanation],
      ["aha", conclusion],
      ["try", suggestion],
    ];
    const paragraphs = lines.map(([className, text]) => element("p", { className }, text));
    return element("div", { className: "asked", role: "status" }, ...paragraphs);
  }

  createNavigation({ key, previous, next }) {
    const open = (lesson) => () => this.page.openLesson(lesson);
    const hints = [{ title: message("Shift and ←") }, { title: message("Shift and →") }];
    const buttons = [
      previous && createButton(message("Previous"), open(previous), hints[0]),
      createButton(message("Start over"), () => this.page.restartLesson(key)),
      createButton(message("Explore freely"), () => this.page.leaveLesson()),
      next && createButton(message("Next"), open(next), { className: "dark", ...hints[1] }),
    ];
    return element("div", { className: "ways" }, ...buttons.filter(Boolean));
  }

  /** A lesson of the list opens in the page, so that theme, language and hidden parts stay. */
  handleListClick(event) {
    const anchor = event.target.closest("a");
    if (!anchor || event.ctrlKey || event.metaKey || event.shiftKey) return;
    const key = lessonKeyOf(anchor);
    if (!key) {
      anchor.search = `?lang=${document.documentElement.lang}`;
      return;
    }
    event.preventDefault();
    byId("lessons").open = false;
    this.page.openLesson(key);
  }

  /**
   * Shift and an arrow open the next or previous lesson; on a projector Page Down and Up, the keys of a
   * presenter.
   */
  handleKey(event) {
    if (!this.lesson || event.defaultPrevented || event.target.closest?.("input, select, textarea, dialog"))
      return;
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
   */
  lessonBeside(direction) {
    const keys = [...byId("lessons").querySelectorAll("ol a")].map(lessonKeyOf);
    const current = this.page.busy && this.requested ? this.requested : this.lesson.key;
    return keys[keys.indexOf(current) + direction];
  }
}

/** 1 for a key that leads to the next lesson, -1 for the previous, else 0. */
function directionOf({ key, shiftKey }) {
  const presenting = document.documentElement.dataset.theme === "projector";
  if ((presenting && key === "PageDown") || (shiftKey && key === "ArrowRight")) return 1;
  if ((presenting && key === "PageUp") || (shiftKey && key === "ArrowLeft")) return -1;
  return 0;
}
