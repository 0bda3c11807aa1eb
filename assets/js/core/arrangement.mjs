// The layout of the page and the role of each card in it: how large a view is shown, if it is at all.

/** @import { LessonCard } from "../protocol.js" */

/** @typedef {"experiment" | "comparison" | "lesson"} Layout */
/** @typedef {"hero" | "side" | "tray"} Role */

/** The views of a page without a lesson, which would name its own; the first is the hero. */
const VIEWS = {
  experiment: ["landscape", "data", "map", "detail"],
  comparison: ["landscape", "data", "detail"],
};
/** All views that can be the hero. Of the pictures a comparison has a second one. */
const ALL = ["landscape", "map", "data", "detail"];
const PICTURES = ["landscape", "map"];
/** The least number of cards beside the hero, for a single one would be too narrow; and what is added. */
const MIN_SIDES = 2;
const FILLERS = ["data", "map", "landscape", "detail"];

/**
 * What decides the arrangement.
 *
 * @typedef {object} Subject
 * @property {Pick<LessonCard, "hero" | "views"> | null} lesson
 * @property {boolean} compares whether there is a second landscape
 * @property {string[]} missing views that there are not: landscapes without WebGL, data of a function
 * @property {string} [chosen] the view that the user wants to be the hero
 */

/**
 * @typedef {object} Arrangement
 * @property {Layout} layout
 * @property {Record<string, Role>} roles the role of each view that there is
 * @property {Record<string, string>} places the area of the stage in which each view that is shown stands
 * @property {string[]} choices the views that can be the hero
 */

/**
 * Arrange the views of a page. A view that the user has chosen changes places with the hero.
 *
 * @param {Subject} subject
 * @returns {Arrangement}
 */
export function arrange({ lesson, compares, missing, chosen }) {
  const layout = lesson ? "lesson" : compares ? "comparison" : "experiment";
  const choices = ALL.filter((name) => !missing.includes(name));
  const own = lesson ? [lesson.hero, ...lesson.views] : VIEWS[layout === "lesson" ? "experiment" : layout];
  const present = own.map((name) => (missing.includes(name) ? "map" : name)); // there is always a map
  const wanted = chosen && choices.includes(chosen) ? swapFirst(present, chosen) : present;
  const pairOf = (/** @type {string} */ name) =>
    compares && PICTURES.includes(name) ? [name, `${name}-2`] : [name];
  const [hero, ...sides] = new Set(wanted);
  const fillers = FILLERS.filter((name) => choices.includes(name) && ![hero, ...sides].includes(name));
  while (fillers.length && sides.flatMap(pairOf).length < MIN_SIDES) sides.push(...fillers.splice(0, 1));
  const /** @type {Record<string, Role>} */ roles = {};
  const /** @type {Record<string, string>} */ places = {};
  for (const name of choices.flatMap(pairOf)) roles[name] = "tray";
  pairOf(hero).forEach((name, i) => {
    roles[name] = "hero";
    places[name] = i ? "hero-2" : "hero";
  });
  sides.flatMap(pairOf).forEach((name, i) => {
    roles[name] = "side";
    places[name] = `side-${i + 1}`;
  });
  return { layout, roles, places, choices };
}

/**
 * Views with `name` in the place of the first, which takes its place.
 *
 * @param {string[]} views
 * @param {string} name
 */
const swapFirst = ([first, ...others], name) => [
  name,
  ...others.map((other) => (other === name ? first : other)),
];

/**
 * Show an arrangement: attributes of the body and of the cards, from which the style sheets place them.
 *
 * @param {Arrangement} arrangement
 */
export function showArrangement({ layout, roles, places }) {
  const count = (/** @type {Role} */ role) => Object.values(roles).filter((other) => other === role).length;
  const compares = "map-2" in roles;
  Object.assign(document.body.dataset, { layout, compares, heroes: count("hero"), sides: count("side") });
  for (const card of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll(".view"))) {
    const name = card.dataset.view ?? "";
    setOrRemove(card, "data-role", roles[name]);
    setOrRemove(card, "data-place", places[name]);
  }
}

/**
 * @param {HTMLElement} card
 * @param {string} attribute
 * @param {string | undefined} value
 */
function setOrRemove(card, attribute, value) {
  if (value) card.setAttribute(attribute, value);
  else card.removeAttribute(attribute);
}
