// When a run that is played is where: its time follows the length of its path, not the number of its steps.

import { ease } from "../core/timing.mjs";

/** @import { FigureSpec } from "../protocol.js" */
/** @import { RunArrays } from "../types.js" */
/** @import { Motion } from "../plot/step_slices.mjs" */

/** Milliseconds that a run takes if no step is cut to its longest time, and the least that it takes. */
const RUN = 6000;
const SHORTEST_RUN = 4000;
/** The longest time of a step, and that of the point on its way: in the rest the arrow grows. */
const LONGEST_STEP = 1200;
const LONGEST_GLIDE = 400;
/** The longest time in which an arrow grows; then it rests until the point goes. */
const LONGEST_GROWTH = 700;
/** A step shorter than this has no arrow, or one that is too short to be seen moving. */
const SHORTEST_ARROW = 160;
const SHORTEST_GLIDE = 34;
/** The share of a step's time in which the point moves. */
const GLIDE_SHARE = 0.6;
/** The share of the time that all steps have alike, so that steps of no length are counted, too. */
const EVEN_SHARE = 0.08;
/** Longest length of a step, in windows: what is outside is not seen. */
const LONGEST_LENGTH = 1.5;

/**
 * When each step begins, and when the run ends, in milliseconds; after the last step the point rests.
 *
 * @typedef {{ begins: number[], end: number }} Schedule
 */

/**
 * The length of each step of all runs that figures show, in windows: of several runs the longest.
 *
 * @param {FigureSpec[]} figures in three dimensions
 * @param {RunArrays} arrays
 * @param {number} count of steps
 */
export function stepLengths(figures, arrays, count) {
  const lengths = Array(count).fill(0);
  for (const { moving, layout } of figures) {
    for (const trace of moving.filter(({ whilePlaying }) => whilePlaying === "nowMoving")) {
      const axes = /** @type {const} */ (["x", "y", "z"]).map((axis) => {
        const [low, high] = layout.scene[`${axis}axis`].range;
        return { values: arrays[trace.arrays[axis]].values, width: high - low };
      });
      const at = arrays[trace.arrays.at].values;
      for (let k = 0; k < Math.min(count, at.length - 1); k++) {
        const length = pathLength(axes, at[k], at[k + 1]);
        if (length > lengths[k]) lengths[k] = Math.min(length, LONGEST_LENGTH);
      }
    }
  }
  return lengths;
}

/**
 * The length of a path from one point to another; of a part that is not drawn, 0.
 *
 * @param {{ values: ArrayLike<number>, width: number }[]} axes
 * @param {number} from
 * @param {number} to
 */
function pathLength(axes, from, to) {
  let length = 0;
  for (let i = from; i < to; i++)
    length += Math.hypot(...axes.map(({ values, width }) => (values[i + 1] - values[i]) / width)) || 0;
  return length;
}

/**
 * When each step of these lengths begins.
 *
 * @param {number[]} lengths
 * @returns {Schedule}
 */
export function scheduleFor(lengths) {
  const total = lengths.reduce((sum, length) => sum + length, 0);
  const even = total ? (EVEN_SHARE * total) / lengths.length : 1;
  const weights = lengths.map((length) => even + length);
  const sum = weights.reduce((part, weight) => part + weight, 0);
  const timesAt = (/** @type {number} */ rate) =>
    weights.map((weight) => Math.min(LONGEST_STEP, rate * weight));
  const duration = (/** @type {number[]} */ times) => times.reduce((part, time) => part + time, 0);
  let rate = RUN / sum;
  // steps that are cut make the run shorter: the others are stretched a little
  for (let round = 0; round < 20 && duration(timesAt(rate)) < SHORTEST_RUN; round++) rate *= 1.1;
  const begins = [0];
  for (const time of timesAt(rate)) begins.push(begins[begins.length - 1] + time);
  return { begins, end: Math.max(SHORTEST_RUN, begins[begins.length - 1]) };
}

/**
 * The step at a time, and where the run is after it.
 *
 * @param {Schedule} schedule
 * @param {number} time
 * @returns {{ k: number, motion: Motion }}
 */
export function positionAt({ begins }, time) {
  const k = stepAt(begins, time);
  const duration = begins[k + 1] - begins[k];
  if (!(duration >= SHORTEST_GLIDE)) return { k, motion: { share: 0, arrow: 0 } };
  const since = time - begins[k];
  if (duration < SHORTEST_ARROW) return { k, motion: { share: since / duration, arrow: 0 } };
  const glide = Math.min(LONGEST_GLIDE, GLIDE_SHARE * duration);
  const growth = Math.min(LONGEST_GROWTH, duration - glide);
  const share = ease(Math.max(0, (since - duration + glide) / glide));
  return { k, motion: { share, arrow: ease(Math.min(1, since / growth)) } };
}

/**
 * The last step that begins at a time or before it.
 *
 * @param {number[]} begins
 * @param {number} time
 */
function stepAt(begins, time) {
  let [low, high] = [0, begins.length - 1];
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (begins[middle] <= time) low = middle;
    else high = middle - 1;
  }
  return low;
}
