// A place on a small map that is chosen by a tap or by two sliders.

import { element } from "../core/dom.mjs";
import { formatNumber, withSubscripts } from "../core/i18n.mjs";
import { SmallMapView } from "./small_map.mjs";

/** @import { SmallMap } from "../protocol.js" */
/** @import { Place } from "./small_map.mjs" */

/** Stops of a slider. */
const STOPS = 200;

/**
 * A map to tap and two sliders, which move the same place.
 *
 * @param {SmallMap} map
 * @param {Place} first
 */
export function createPlaceField(map, first) {
  const /** @type {Place} */ place = [first[0], first[1]];
  const view = new SmallMapView(map, (picked) => {
    [place[0], place[1]] = picked;
    draw();
  });
  const sliders = [map.u, map.v].map(([low, high], i) => {
    const input = element("input", { type: "range", min: low, max: high, step: (high - low) / STOPS });
    input.oninput = () => {
      place[i] = Number(input.value);
      draw();
    };
    return input;
  });
  const texts = sliders.map(() => element("output"));
  const rows = sliders.map((input, i) =>
    element("label", { className: "axis" }, withSubscripts(map.names[i]), input, texts[i]),
  );
  const draw = () => {
    view.mark({ own: place });
    sliders.forEach((input, i) => {
      input.value = String(place[i]);
      texts[i].textContent = formatNumber(place[i]);
      input.setAttribute("aria-valuetext", formatNumber(place[i]));
    });
  };
  draw();
  return { parts: [view.root, ...rows], read: () => roundedPlace(place) };
}

/**
 * A place with six digits, as the server takes it.
 *
 * @param {Place} place
 * @returns {Place}
 */
const roundedPlace = ([u, v]) => [roundTo6(u), roundTo6(v)];

/** @param {number} value */
export const roundTo6 = (value) => Number(value.toPrecision(6));
