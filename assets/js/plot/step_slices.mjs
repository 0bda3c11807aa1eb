// What a moving trace shows of a run at one step. app/figures/step_slices.py defines the same slices;
// tests/fixtures/step_slices.json holds both together.

import { tableRow } from "../core/array_codec.mjs";
import { formatNumber, roundHalfEven } from "../core/i18n.mjs";

/** @import { MovingTrace, PlotlyObject } from "../protocol.js" */
/** @import { Attributes, RunArray, RunArrays, Values } from "../types.js" */

/**
 * Where a run is between steps k and k + 1 while it is played: the share of the way that the point has gone,
 * and that of the arrow that grows before it.
 *
 * @typedef {{ share: number, arrow: number }} Motion
 */

/**
 * What else a slice may depend on: the number of units across that are as long on the screen as one unit up,
 * whether the y axis is logarithmic, and the motion while the run is played.
 *
 * @typedef {{ unitRatio?: number, logarithmic?: boolean, motion?: Motion | null }} Drawn
 */

/** @typedef {(arrays: RunArrays, k: number, drawn: Drawn) => Attributes} Slice */

/** Markers of iterates in the tail of a trajectory. */
const TAIL_MARKS = 12;

/**
 * A slice that cuts each array by itself. Loops instead of `Object.entries`: it runs for every trace in every
 * frame.
 *
 * @param {(array: RunArray, k: number) => Values} cut
 * @returns {Slice}
 */
const cutEach = (cut) => (arrays, k) => {
  /** @type {Attributes} */
  const attributes = {};
  for (const attribute in arrays) attributes[attribute] = cut(arrays[attribute], k);
  return attributes;
};

/**
 * Linear interpolation at x of a curve over an evenly spaced grid.
 *
 * @param {Values} grid
 * @param {Values} curve
 * @param {number} x
 */
const interpolate = (grid, curve, x) => {
  const last = grid.length - 1;
  const spacing = (grid[last] - grid[0]) / last;
  const i = Math.max(0, Math.min(last - 1, Math.floor((x - grid[0]) / spacing)));
  return curve[i] + ((curve[i + 1] - curve[i]) * (x - grid[i])) / spacing;
};

/**
 * Row k of a table while the run is at a share of the way to the next row: what is linear in the parameters
 * is on the straight line between both.
 *
 * @param {RunArray} array
 * @param {number} k
 * @param {Drawn} drawn
 */
function rowBetween(array, k, { motion }) {
  const row = tableRow(array, k);
  const hasNext = array.width && k < array.shape[0] - 1;
  if (!motion?.share || !hasNext) return row;
  const next = tableRow(array, k + 1);
  return row.map((value, i) => value + motion.share * (next[i] - value));
}

/**
 * Coordinates from `points(x, predicted, target)` of each example; the prediction is read off the drawn
 * curve.
 *
 * @param {RunArrays} arrays
 * @param {Values} curve
 * @param {(x: number, predicted: number, target: number) => number[][]} points
 */
const perExample = (arrays, curve, points) => {
  const ofExample = (/** @type {number} */ x, /** @type {number} */ i) =>
    points(x, interpolate(arrays.grid.values, curve, x), arrays.true.values[i]);
  const all = Array.from(arrays.x.values, ofExample).flat();
  return { x: all.map((point) => point[0]), y: all.map((point) => point[1]) };
};

/**
 * A vertical line from each prediction to its target.
 *
 * @param {RunArrays} arrays
 * @param {Values} curve
 */
const residualLines = (arrays, curve) =>
  perExample(arrays, curve, (x, predicted, target) => [
    [x, predicted],
    [x, target],
    [x, NaN],
  ]);

/**
 * A square on each gap; `unitRatio` makes it as wide on the screen as it is high.
 *
 * @param {RunArrays} arrays
 * @param {Values} curve
 * @param {Drawn} drawn
 */
const residualSquares = (arrays, curve, { unitRatio = 1 }) =>
  perExample(arrays, curve, (x, predicted, target) => {
    const far = x + Math.abs(predicted - target) * unitRatio;
    return [
      [x, predicted],
      [far, predicted],
      [far, target],
      [x, target],
      [x, predicted],
      [NaN, NaN],
    ];
  });

/**
 * A line from a step's point to where another rule would lead.
 *
 * @type {Slice}
 */
const arrow = (arrays, k) => {
  const ends = (/** @type {"x" | "y"} */ axis) => [
    arrays[axis].values[k],
    tableRow(arrays[`to.${axis}`], k)[0],
  ];
  return { x: ends("x"), y: ends("y") };
};

/**
 * Images a row and a column of the grid, and pixels between them; below an image there is room for its text.
 */
const IMAGE_GRID = { rows: 2, columns: 6, rowGap: 4, columnGap: 2 };

/**
 * Images arranged in a grid, as one heatmap.
 *
 * @type {Slice}
 */
const imageGrid = (arrays, k) => {
  const [, height, width] = arrays.z.shape;
  const { rows, columns, rowGap, columnGap } = IMAGE_GRID;
  const emptyRow = () => /** @type {number[]} */ (Array(columns * (width + columnGap)).fill(NaN));
  const z = Array.from({ length: rows * (height + rowGap) }, emptyRow);
  tableRow(arrays.order, k).forEach((image, place) => {
    const top = Math.floor(place / columns) * (height + rowGap);
    const left = (place % columns) * (width + columnGap);
    for (let i = 0; i < height * width; i++) {
      z[top + Math.floor(i / width)][left + (i % width)] = arrays.z.values[image * height * width + i];
    }
  });
  return { z };
};

/**
 * Predicted class and probability of each image of the grid, marked with a cross where the class is wrong.
 *
 * @type {Slice}
 */
const imageCaptions = (arrays, k) => {
  const [predicted, probability, target] = [arrays.predicted, arrays.probability, arrays.true].map(
    (array) => tableRow(array, k),
  );
  const label = (/** @type {number} */ kind, /** @type {number} */ i) =>
    `${kind === target[i] ? "" : "✗ "}${kind} · ${roundHalfEven(100 * probability[i])}%`;
  return { x: arrays.x.values, y: arrays.y.values, text: Array.from(predicted, label) };
};

/** Arrays that say where to cut, not what is shown. */
const isCoordinate = (/** @type {string} */ attribute) => attribute !== "at" && attribute !== "marks";

/**
 * The number of the last iterate. `at` are the indices of the iterates if there are points between them.
 *
 * @param {RunArrays} arrays
 */
const lastIterate = ({ at, x }) => (at ?? x).values.length - 1;

/**
 * The place of iterate k, or between it and the next one, among the points.
 *
 * @param {RunArrays} arrays
 * @param {number} k
 * @param {number} [share]
 */
function placeOf({ at }, k, share = 0) {
  if (!at) return k + share;
  const { values } = at;
  return share ? values[k] + share * (values[k + 1] - values[k]) : values[k];
}

/**
 * All coordinates of the points from one place to another, both included.
 *
 * @param {RunArrays} arrays
 * @param {number} from
 * @param {number} to
 */
function cutPoints(arrays, from, to) {
  /** @type {Attributes} */
  const attributes = {};
  for (const attribute in arrays)
    if (isCoordinate(attribute)) attributes[attribute] = arrays[attribute].values.subarray(from, to + 1);
  return attributes;
}

/**
 * All coordinates from iterate `first` up to iterate `last`, both or the last one of the run.
 *
 * @param {RunArrays} arrays
 * @param {number} first
 * @param {number} last
 */
function betweenIterates(arrays, first, last) {
  const longest = lastIterate(arrays);
  const place = (/** @type {number} */ k) => placeOf(arrays, Math.max(0, Math.min(k, longest)));
  return longest < 0 ? cutPoints(arrays, 0, 0) : cutPoints(arrays, place(first), place(last));
}

/**
 * The value at a place between two points: on the straight line between them as it is drawn.
 *
 * @param {Values} values
 * @param {number} place
 * @param {boolean} logarithmic
 */
function valueAt(values, place, logarithmic) {
  const i = Math.floor(place);
  const part = place - i;
  if (!part) return values[i];
  const [from, to] = [values[i], values[i + 1]];
  return logarithmic && from > 0 && to > 0 ? from * (to / from) ** part : from + part * (to - from);
}

/**
 * Points at places, which may lie between two points.
 *
 * @param {RunArrays} arrays
 * @param {number[]} places
 * @param {Drawn} drawn
 */
function pointsAt(arrays, places, { logarithmic = false }) {
  /** @type {Attributes} */
  const attributes = {};
  for (const attribute in arrays) {
    if (!isCoordinate(attribute)) continue;
    const { values } = arrays[attribute];
    const isLogarithmic = logarithmic && attribute === "y";
    attributes[attribute] = places.map((place) => valueAt(values, place, isLogarithmic));
  }
  return attributes;
}

/**
 * The coordinates from iterate `first` up to where the run is. A dense path ends at the point before that;
 * others get one more point.
 *
 * @param {RunArrays} arrays
 * @param {number} first
 * @param {number} k
 * @param {Drawn} drawn
 */
function upToNow(arrays, first, k, drawn) {
  const share = drawn.motion?.share;
  if (!share || k >= lastIterate(arrays)) return betweenIterates(arrays, first, k);
  const now = placeOf(arrays, k, share);
  const points = cutPoints(arrays, placeOf(arrays, first), Math.floor(now));
  if (arrays.at) return points;
  const tip = pointsAt(arrays, [now], drawn);
  for (const attribute in points) points[attribute] = [...points[attribute], ...tip[attribute]];
  return points;
}

/**
 * The iterate with the first of the last marks up to iterate k.
 *
 * @param {Values} marks
 * @param {number} k
 */
function tailBegin(marks, k) {
  let count = 0;
  for (let i = Math.min(k, marks.length - 1); i >= 0; i--) {
    if (Number.isFinite(marks[i])) count += 1;
    if (count === TAIL_MARKS) return i;
  }
  return 0;
}

/**
 * The point where the run is.
 *
 * @type {Slice}
 */
const nowMoving = (arrays, k, drawn) => {
  const share = drawn.motion?.share;
  if (!share || k >= lastIterate(arrays)) return betweenIterates(arrays, k, k);
  return pointsAt(arrays, [placeOf(arrays, k, share)], drawn);
};

/**
 * The part of the step that the arrow covers and the point has not gone yet.
 *
 * @type {Slice}
 */
const stepGrowing = (arrays, k, drawn) => {
  if (k >= lastIterate(arrays)) return betweenIterates(arrays, k, k);
  const { share, arrow: grown } = drawn.motion ?? { share: 0, arrow: 1 };
  if (grown <= share) return cutPoints(arrays, 0, -1);
  const [from, to] = [placeOf(arrays, k, share), placeOf(arrays, k, grown)];
  return arrays.at
    ? cutPoints(arrays, Math.ceil(from), Math.floor(to))
    : pointsAt(arrays, [from, to], drawn);
};

/**
 * The arrow of a step, as long as it has grown.
 *
 * @type {Slice}
 */
const arrowGrowing = (arrays, k, drawn) => {
  const { arrow: grown } = drawn.motion ?? { arrow: 1 };
  const { x, y } = arrow(arrays, k, drawn);
  const part = (/** @type {number[]} */ [from, to]) =>
    grown ? [from, from + grown * (to - from)] : [NaN, NaN];
  return { x: part(x), y: part(y) };
};

const row = cutEach(tableRow);

/**
 * A row whose texts are numbers, in the page's number format.
 *
 * @type {Slice}
 */
const numberTexts = (arrays, k) => {
  const attributes = row(arrays, k, {});
  return { ...attributes, text: Array.from(attributes.text, formatNumber) };
};

/** @type {Record<string, Slice>} */
const SLICES = {
  past: (arrays, k) => betweenIterates(arrays, 0, k),
  future: (arrays, k) => betweenIterates(arrays, k, Infinity),
  now: (arrays, k) => betweenIterates(arrays, k, k),
  next: cutEach((array, k) => array.values.subarray(k + 1, k + 2)),
  step: (arrays, k) => betweenIterates(arrays, k, k + 1),
  first: cutEach((array) => array.values.subarray(0, 1)),
  tail: (arrays, k) => betweenIterates(arrays, tailBegin(arrays.marks.values, k), k),
  nothing: (arrays) => cutPoints(arrays, 0, -1),
  row,
  arrow,
  residualLines: (arrays, k) => residualLines(arrays, tableRow(arrays.y, k)),
  residualSquares: (arrays, k, drawn) => residualSquares(arrays, tableRow(arrays.y, k), drawn),
  imageGrid,
  imageCaptions,
  numberTexts,
  pastMoving: (arrays, k, drawn) => upToNow(arrays, 0, k, drawn),
  nowMoving,
  tailMoving: (arrays, k, drawn) => upToNow(arrays, tailBegin(arrays.marks.values, k), k, drawn),
  rowMoving: (arrays, k, drawn) => cutEach((array) => rowBetween(array, k, drawn))(arrays, k, drawn),
  residualLinesMoving: (arrays, k, drawn) => residualLines(arrays, rowBetween(arrays.y, k, drawn)),
  residualSquaresMoving: (arrays, k, drawn) => residualSquares(arrays, rowBetween(arrays.y, k, drawn), drawn),
  stepGrowing,
  arrowGrowing,
};

/**
 * Whether a trace moves between two steps while the run is played.
 *
 * @param {MovingTrace} moving
 */
export const movesBetweenSteps = ({ whilePlaying }) => /(Moving|Growing)$/.test(whilePlaying);

/**
 * The attributes of a moving trace at step k.
 *
 * @param {MovingTrace} moving
 * @param {RunArrays} arrays
 * @param {number} k
 * @param {Drawn} [drawn]
 */
export function sliceAt(moving, arrays, k, drawn = {}) {
  /** @type {RunArrays} */
  const named = {};
  for (const attribute in moving.arrays) named[attribute] = arrays[moving.arrays[attribute]];
  const slice = (drawn.motion && moving.whilePlaying) || moving.slice;
  return SLICES[slice](named, k, drawn);
}

/**
 * How many points of a trace are drawn.
 *
 * @param {Attributes} attributes
 */
function countPoints({ x, y }) {
  let count = 0;
  for (let i = 0; i < x.length; i++) if (Number.isFinite(x[i]) && Number.isFinite(y[i])) count += 1;
  return count;
}

/**
 * The attributes of a moving trace at the step with most points, among step k, the first and the last.
 *
 * @param {MovingTrace} moving
 * @param {RunArrays} arrays
 * @param {number} k
 * @param {Drawn} [drawn]
 */
export function largestSlice(moving, arrays, k, drawn) {
  const steps = [k, 0, arrays.loss.values.length - 1];
  const candidates = steps.map((step) => sliceAt(moving, arrays, step, drawn));
  return candidates.reduce((most, one) => (countPoints(one) > countPoints(most) ? one : most));
}

/**
 * Attributes of several traces in the form that `Plotly.restyle` takes: a list of values by attribute.
 *
 * @param {Attributes[]} attributes
 */
export function toRestyle(attributes) {
  /** @type {Record<string, any[]>} */
  const update = {};
  attributes.forEach((one, i) => {
    for (const [name, values] of Object.entries(one)) {
      (update[name] ??= Array(attributes.length).fill(undefined))[i] = values;
    }
  });
  return update;
}

const NOWHERE = { x: [NaN], y: [NaN], z: [NaN] };

/**
 * Give a three-dimensional trace without points one that is not finite: Plotly draws no elements for none.
 *
 * @param {PlotlyObject} trace
 * @param {Attributes} attributes
 */
export const withPlaceholder = (trace, attributes) =>
  trace.type !== "scatter3d" || attributes.x.length ? attributes : NOWHERE;

/** Arrays up to this length are compared value by value. */
const FEW = 4;

const isNowhere = (/** @type {Attributes | undefined} */ attributes) =>
  attributes?.x?.length <= FEW && attributes?.x.every(Number.isNaN);

/**
 * Whether values are the same slice of the same buffer, or the same few values.
 *
 * @param {any} values
 * @param {any} before
 */
function sameValues(values, before) {
  if (values.length !== before?.length) return false;
  if (values.buffer && values.buffer === before.buffer && values.byteOffset === before.byteOffset)
    return true;
  if (values.length > FEW) return false;
  for (let i = 0; i < values.length; i++) if (!Object.is(values[i], before[i])) return false;
  return true;
}

/**
 * Whether the attributes of a trace show the same as before; true as well if both show no point.
 *
 * @param {Attributes} attributes
 * @param {Attributes | undefined} before
 */
export function sameSlice(attributes, before) {
  if (isNowhere(attributes) && isNowhere(before)) return true;
  for (const name in attributes) if (!sameValues(attributes[name], before?.[name])) return false;
  return true;
}
