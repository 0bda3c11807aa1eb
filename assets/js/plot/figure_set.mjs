// All figures of the page: drawn for a scene, moved to a step.

import { byId } from "../core/dom.mjs";
import { message } from "../core/i18n.mjs";
import { FigureView } from "./figure_view.mjs";

const VIEW_NAMES = ["landscape", "landscape-2", "map", "map-2", "data", "detail"];
const WITHOUT_WEBGL = message(
  "This browser cannot draw in three dimensions, so the map carries the picture: the same landscape seen from above.",
);

/** Create a view for each figure, by name; without WebGL there are none for the landscapes. */
export function createViews(webgl) {
  document.body.classList.toggle("no-3d", !webgl);
  if (!webgl) byId("landscape").innerHTML = `<p class="flat">${WITHOUT_WEBGL}</p>`;
  const names = VIEW_NAMES.filter((name) => webgl || !name.startsWith("landscape"));
  return Object.fromEntries(names.map((name) => [name, new FigureView(byId(name))]));
}

/**
 * Show a scene at step k. A figure for which `isSame(name)` holds is only moved, by a drag or not
 * (`dragging`).
 * The second landscape is drawn after the first, whose camera it takes over.
 */
export async function drawScene(views, { figures, moment, fog }, arrays, k, isSame, dragging) {
  document.body.classList.toggle("versus", "map-2" in figures);
  const show = ([name, view]) => {
    if (!figures[name]) return view.clear();
    const layout = name === "detail" ? moment.detailLayout : undefined;
    if (isSame(name) && view.drawn) return view.show(arrays, k, layout, dragging);
    const twin = name === "landscape-2" ? views.landscape : undefined;
    return view.draw(figures[name].figure, { arrays, k, fog, layout, twin });
  };
  const [first, ...others] = Object.entries(views);
  const firstShown = Promise.resolve(show(first));
  const showOther = (entry) =>
    entry[0] === "landscape-2" ? firstShown.then(() => show(entry)) : show(entry);
  await Promise.all([firstShown, ...others.map(showOther)]);
}
