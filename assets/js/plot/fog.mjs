// Fog over the loss surface: only the grid around the current point is drawn.

import { decode } from "../core/array_codec.mjs";

/** @import { PlotlyObject } from "../protocol.js" */
/** @import { Values } from "../types.js" */

/** Radius of the visible part, as a share of the grid's side. */
const VISIBLE_SHARE = 0.07;
/** What is drawn where nothing of the grid is visible. */
const emptySurface = () => ({
  x: [0, 1],
  y: [0, 1],
  z: [
    [NaN, NaN],
    [NaN, NaN],
  ],
});

/**
 * First and last + 1 index of the visible nodes around a coordinate; `nodes` are evenly spaced.
 *
 * @param {Values} nodes
 * @param {number} coordinate
 * @returns {[number, number]}
 */
function visibleRange(nodes, coordinate) {
  const last = nodes.length - 1;
  const center = Math.round(((coordinate - nodes[0]) / (nodes[last] - nodes[0])) * last);
  const radius = Math.ceil(VISIBLE_SHARE * last);
  return [Math.max(0, center - radius), Math.min(last, center + radius) + 1];
}

/**
 * The part of a grid of values, stored row by row, as an array of rows.
 *
 * @param {Values} values
 * @param {number} width
 * @param {[number, number]} rows
 * @param {[number, number]} columns
 */
const subgrid = (values, width, [low, high], [left, right]) =>
  Array.from({ length: Math.max(0, high - low) }, (_, i) => {
    const start = (low + i) * width;
    return Array.from(values.subarray(start + left, start + right));
  });

/**
 * The part of a surface trace that is visible from `(x, y)`; an empty surface where that is outside of the
 * window.
 *
 * @param {PlotlyObject} surface
 * @param {number} x
 * @param {number} y
 */
export function visiblePatch(surface, x, y) {
  const [columns, rows, heights] = [surface.x, surface.y, surface.z].map((part) => decode(part));
  const [across, up] = [visibleRange(columns.values, x), visibleRange(rows.values, y)];
  if (!(across[1] - across[0] > 1 && up[1] - up[0] > 1)) return emptySurface();
  return {
    x: Array.from(columns.values.subarray(...across)),
    y: Array.from(rows.values.subarray(...up)),
    z: subgrid(heights.values, columns.values.length, up, across),
  };
}

/**
 * Reduce the surface of a complete figure, its first trace, to what is visible from the current point.
 *
 * @param {PlotlyObject[]} traces
 */
export function applyFog(traces) {
  const now = traces.find(({ name }) => name === "now");
  if (now) Object.assign(traces[0], visiblePatch(traces[0], now.x[0], now.y[0]));
}
