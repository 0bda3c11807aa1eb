// How a lesson will look: its card before and after the answer, without buttons that do anything.

import { element } from "../core/dom.mjs";
import { message } from "../core/i18n.mjs";
import { richElement } from "../core/rich_text.mjs";

/** @import { LessonCard } from "../protocol.js" */

/**
 * The two cards of a lesson.
 *
 * @param {LessonCard} asking
 * @param {LessonCard} answered
 */
export const createPreview = (asking, answered) => [
  createCard(message("Asked"), asking, [
    richElement("div", asking.introduction),
    richElement("b", asking.question),
    asking.instruction,
    createChoices(asking.choices),
  ]),
  createCard(message("Answered"), answered, [
    richElement("b", answered.answer?.feedback ?? ""),
    richElement("div", answered.answer?.explanation ?? ""),
    richElement("div", answered.answer?.suggestion ?? "", { className: "soft" }),
  ]),
];

/**
 * @param {string} name
 * @param {LessonCard} card
 * @param {(HTMLElement | string)[]} content
 */
function createCard(name, { title }, content) {
  const filled = content.filter((part) => (typeof part === "string" ? part : part.textContent));
  return element(
    "article",
    { className: "preview-card" },
    element("small", {}, name),
    element("h4", {}, title || "…"),
    ...filled,
  );
}

/** @param {readonly string[]} choices */
function createChoices(choices) {
  const rows = choices.map((choice) => richElement("li", choice));
  return element("ol", { className: "letters" }, ...rows);
}
