// The layout of the page and the role of each card in it: how large a view is shown, if it is at all.

/** @import { LessonCard } from "../protocol.js" */

/** @typedef {"experiment" | "comparison" | "lesson"} Layout */
/** @typedef {"hero" | "side" | "tray"} Role */

/** The views of each layout but a lesson's, which names its own: the first is the hero. */
const VIEWS = {
  experiment: ["landscape", "data", "map", "detail"],
  comparison: ["landscape", "data", "detail"],
};
/** All views that can be shown large; a comparison adds a second landscape and a second map. */
const ALL = ["landscape", "map", "data", "detail"];
const PICTURES = ["landscape", "map"];

/**
 * What decides the arrangement.
 *
 * @typedef {object} Subject
 * @property {LessonCard | null} lesson
 * @property {boolean} compares whether there is a second landscape
 * @property {boolean} flat whether landscapes cannot be drawn
 * @property {string} [chosen] the view that the user wants to see large
 */

/**
 * @typedef {object} Arrangement
 * @property {Layout} layout
 * @property {Record<string, Role>} roles the role of each view that there is
 */

/**
 * Arrange the views of a page. A view that the user has chosen changes places with the hero.
 *
 * @param {Subject} subject
 * @returns {Arrangement}
 */
export function arrange({ lesson, compares, flat, chosen }) {
  const layout = lesson ? "lesson" : compares ? "comparison" : "experiment";
  const [hero, ...sides] = chosenFirst(ownViews(lesson, layout, flat), chosen);
  const /** @type {Record<string, Role>} */ roles = {};
  for (const name of ALL) {
    const role = name === hero ? "hero" : sides.includes(name) ? "side" : "tray";
    roles[name] = role;
    if (compares && PICTURES.includes(name)) roles[`${name}-2`] = role;
  }
  return { layout, roles };
}

/**
 * The views that are shown unless the user has chosen another one, the hero first.
 *
 * @param {LessonCard | null} lesson
 * @param {Layout} layout
 * @param {boolean} flat
 */
function ownViews(lesson, layout, flat) {
  const names = lesson
    ? [lesson.hero, ...lesson.views.filter((name) => name !== lesson.hero)]
    : VIEWS[/** @type {"experiment" | "comparison"} */ (layout)];
  if (!flat) return names;
  return [...new Set(names.map((name) => (name === "landscape" ? "map" : name)))]; // the map stands in for it
}

/**
 * The views with the chosen one in the hero's place, and the hero in its place.
 *
 * @param {string[]} views
 * @param {string | undefined} chosen
 */
function chosenFirst(views, chosen) {
  if (!chosen) return views;
  return [chosen, ...views.slice(1).map((name) => (name === chosen ? views[0] : name))];
}

/**
 * Show an arrangement: attributes of the body and of the cards, from which the style sheets place them.
 *
 * @param {Arrangement} arrangement
 */
export function showArrangement({ layout, roles }) {
  document.body.dataset.layout = layout;
  for (const card of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll(".view"))) {
    const role = roles[card.dataset.view ?? ""];
    if (role) card.dataset.role = role;
    else delete card.dataset.role;
  }
}
