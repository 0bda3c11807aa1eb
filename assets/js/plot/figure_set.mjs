// The views of a page together: drawn for a scene, led to a step.

import { at } from "../core/dom.mjs";
import { say } from "../core/i18n.mjs";
import { View } from "./figure_view.mjs";

const NAMES = ["landscape", "landscape-2", "map", "map-2", "data", "detail"];
const FLAT = say("This browser cannot draw in three dimensions, so the map carries the picture: the same landscape seen from above.");

/** A view for each figure; without three dimensions the maps stand for the landscapes. */
export function views(solid) {
  document.body.classList.toggle("no-3d", !solid);
  if (!solid) at("landscape").innerHTML = `<p class="flat">${FLAT}</p>`;
  const drawn = NAMES.filter((name) => solid || !name.startsWith("landscape"));
  return Object.fromEntries(drawn.map((name) => [name, new View(at(name))]));
}

/** Draw a scene; a figure that `stands(name)` only moves, `held` by a hand or not. A landscape beside another is seen from where that is seen. */
export async function draw(views, { figures, run, fog }, arrays, k, stands, held) {
  document.body.classList.toggle("versus", "map-2" in figures);
  const show = ([name, view]) => {
    if (!figures[name]) return view.clear();
    const layout = run.layout[name];
    if (stands(name) && view.drawn) return view.show(arrays, k, layout, held);
    const twin = name === "landscape-2" ? views.landscape : undefined;
    return view.draw(figures[name].figure, { run: arrays, k, fog, layout, twin });
  };
  const [first, ...others] = Object.entries(views);
  const drawn = Promise.resolve(show(first));
  await Promise.all([drawn, ...others.map((one) => (one[0] === "landscape-2" ? drawn.then(() => show(one)) : show(one)))]);
}
