// Compare the parts of a layout that depend on the run, to let Plotly redraw as little as possible.

/** @import { PlotlyObject } from "../protocol.js" */

/** A range may change by this share of its length during a drag: half of its margin. */
const RANGE_SLACK = 0.035;

/** @param {string} key */
const isRange = (key) => key.endsWith(".range");

/**
 * @param {PlotlyObject} layout
 * @param {PlotlyObject} before
 */
const changedKeys = (layout, before) =>
  Object.keys(layout).filter((key) => JSON.stringify(layout[key]) !== JSON.stringify(before[key]));

/**
 * Whether two layouts are equal.
 *
 * @param {PlotlyObject} layout
 * @param {PlotlyObject} before
 */
export const sameLayout = (layout, before) => !changedKeys(layout, before).length;

/**
 * The ends of the ranges that changed, by Plotly's path: for those alone Plotly redraws only the axes.
 * null if nothing changed or something other than ranges did.
 *
 * @param {PlotlyObject} layout
 * @param {PlotlyObject} before
 * @returns {Record<string, number> | null}
 */
export function changedRangeEnds(layout, before) {
  const keys = changedKeys(layout, before);
  if (!keys.length || !keys.every(isRange)) return null;
  const endsOf = (/** @type {string} */ key) =>
    layout[key].map((/** @type {number} */ end, /** @type {number} */ i) => [`${key}[${i}]`, end]);
  return Object.fromEntries(keys.flatMap(endsOf));
}

/**
 * Whether a layout can be shown on the old ranges; new ranges at every move of a drag would make the axes
 * jitter.
 *
 * @param {PlotlyObject} layout
 * @param {PlotlyObject} before
 */
export function fitsOldRanges(layout, before) {
  const isClose = (/** @type {string} */ key) => {
    if (!before[key]) return false;
    const [[from, to], [low, high]] = [layout[key], before[key]];
    return Math.max(Math.abs(from - low), Math.abs(to - high)) < RANGE_SLACK * Math.abs(high - low);
  };
  return changedKeys(layout, before).every((key) => isRange(key) && isClose(key));
}
