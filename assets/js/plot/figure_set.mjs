// All figures of the page: drawn for a scene, moved to a step.

import { byId } from "../core/dom.mjs";
import { message } from "../core/i18n.mjs";
import { FigureView } from "./figure_view.mjs";

/** @import { CompleteScene, RunArrays } from "../types.js" */

/** @typedef {Record<string, FigureView>} Views */

const VIEW_NAMES = ["landscape", "landscape-2", "map", "map-2", "data", "detail"];

/** The text in place of the landscapes where the browser has no WebGL. */
const withoutWebGL = () =>
  message(
    "This browser cannot draw in three dimensions, so the map carries the picture: the same landscape seen from above.",
  );

/**
 * Create a view for each figure, by name; without WebGL there are none for the landscapes.
 *
 * @param {boolean} webgl
 * @returns {Views}
 */
export function createViews(webgl) {
  document.body.classList.toggle("no-3d", !webgl);
  if (!webgl) byId("landscape").innerHTML = `<p class="flat">${withoutWebGL()}</p>`;
  const names = VIEW_NAMES.filter((name) => webgl || !name.startsWith("landscape"));
  return Object.fromEntries(names.map((name) => [name, new FigureView(byId(name))]));
}

/**
 * The views of a scene that there are not: landscapes without WebGL, data of a function, what a link hides.
 *
 * @param {Views} views
 * @param {CompleteScene} scene
 */
export function missingViews(views, { figures, hide }) {
  const { data, moving } = figures.data.figure;
  const isMissing = { landscape: !views.landscape, data: !data.length && !moving.length };
  const names = Object.entries(isMissing).flatMap(([name, missing]) => (missing ? [name] : []));
  return [...names, ...hide.filter((name) => VIEW_NAMES.includes(name))];
}

/**
 * What is drawn of a scene. `isSame(name)` says of which figures only the step, the run or the axes differ
 * from what is drawn: they are moved, by a drag or not (`dragging`).
 *
 * @typedef {object} Drawing
 * @property {Pick<CompleteScene, "figures" | "moment" | "fog">} scene
 * @property {RunArrays} arrays
 * @property {number} k
 * @property {(name: string) => boolean} isSame
 * @property {boolean} [dragging]
 */

/**
 * Draw a scene at a step. The second landscape is drawn after the first, whose camera it takes over.
 *
 * @param {Views} views
 * @param {Drawing} drawing
 */
export async function drawScene(views, drawing) {
  const show = (/** @type {string} */ name) => showFigure(views, name, drawing);
  const [first, ...others] = Object.keys(views);
  const firstShown = Promise.resolve(show(first));
  const showOther = (/** @type {string} */ name) =>
    name === "landscape-2" ? firstShown.then(() => show(name)) : show(name);
  await Promise.all([firstShown, ...others.map(showOther)]);
}

/**
 * Draw, move or remove the figure of one view.
 *
 * @param {Views} views
 * @param {string} name
 * @param {Drawing} drawing
 */
function showFigure(views, name, { scene, arrays, k, isSame, dragging = false }) {
  const view = views[name];
  const figure = scene.figures[name];
  if (!figure) return view.clear();
  const layout = name === "detail" ? scene.moment.detailLayout : undefined;
  if (isSame(name) && view.drawn) return view.show(arrays, k, layout, dragging);
  const twin = name === "landscape-2" ? views.landscape : undefined;
  return view.draw(figure.figure, { arrays, k, fog: scene.fog, layout, twin });
}
