// Captions of views: what an example costs, and which step is shown.

import { localizeNumber, message, roundToDigits } from "../core/i18n.mjs";

/** @import { PlotlyObject } from "../protocol.js" */
/** @import { RunArrays } from "../types.js" */

/**
 * The caption of the per-example loss view: what the probability of an example costs; empty for other views.
 *
 * @param {{ at: number[] }} [place] the example's place in the view, if it has one
 */
export function probabilityCaption(place) {
  if (!place) return "";
  const [probability, loss] = place.at;
  const [p, cost] = [roundToDigits(probability, 2), roundToDigits(loss, 3)].map(localizeNumber);
  return message("p = {p} costs {cost}", { p, cost });
}

/**
 * The caption of the data view for an example: its number, with its share of the loss where that is known.
 *
 * @param {RunArrays} arrays
 * @param {number} k
 * @param {number} row
 */
export function exampleCaption({ example_rows: rows, share }, k, row) {
  const i = rows ? rows.values.subarray(k * rows.width, (k + 1) * rows.width).indexOf(row) : -1;
  if (i < 0) return message("example {row}", { row });
  const percent = localizeNumber(roundToDigits(share.values[k * share.width + i], 2));
  return message("example {row}, {share} % of the loss", { row, share: percent });
}

/**
 * The caption of the data view at a step; it says how many of the predictions its axis leaves out, or which
 * symbol stands for which class.
 *
 * @param {{ layout: PlotlyObject } | undefined} figure
 * @param {RunArrays} arrays
 * @param {number} k
 */
export function stepCaption(figure, arrays, k) {
  const { points: name, classes } = figure?.layout.meta ?? {};
  const points = figure && arrays[name];
  if (!points) return [message("step {k}", { k }), classes].filter(Boolean).join(" · ");
  const all = points.width;
  const [low, high] = figure.layout.yaxis.range;
  const isOutside = (/** @type {number} */ value) => !(value >= low && value <= high);
  const n = [...points.values.subarray(k * all, (k + 1) * all)].filter(isOutside).length;
  if (!n) return message("step {k}", { k });
  return message("step {k}, outside the picture: {n} of {all}", { k, n, all });
}
