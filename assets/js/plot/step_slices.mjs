// What a moving trace shows of a run at one step. app/figures/step_slices.py defines the same slices;
// tests/fixtures/step_slices.json holds both together.

import { tableRow } from "../core/array_codec.mjs";
import { formatNumber, roundHalfEven } from "../core/i18n.mjs";

/** @import { MovingTrace, PlotlyObject } from "../protocol.js" */
/** @import { Attributes, RunArray, RunArrays, Values } from "../types.js" */

/** @typedef {(arrays: RunArrays, k: number, unitRatio?: number) => Attributes} Slice */

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
 * Coordinates from `points(x, predicted, target)` of each example; the prediction is read off the drawn
 * curve.
 *
 * @param {RunArrays} arrays
 * @param {number} k
 * @param {(x: number, predicted: number, target: number) => number[][]} points
 */
const perExample = (arrays, k, points) => {
  const curve = tableRow(arrays.y, k);
  const ofExample = (/** @type {number} */ x, /** @type {number} */ i) =>
    points(x, interpolate(arrays.grid.values, curve, x), arrays.true.values[i]);
  const all = Array.from(arrays.x.values, ofExample).flat();
  return { x: all.map((point) => point[0]), y: all.map((point) => point[1]) };
};

/**
 * A vertical line from each prediction to its target.
 *
 * @type {Slice}
 */
const residualLines = (arrays, k) =>
  perExample(arrays, k, (x, predicted, target) => [
    [x, predicted],
    [x, target],
    [x, NaN],
  ]);

/**
 * A square on each gap; `unitRatio` makes it as wide on the screen as it is high.
 *
 * @type {Slice}
 */
const residualSquares = (arrays, k, unitRatio = 1) =>
  perExample(arrays, k, (x, predicted, target) => {
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
const IMAGE_GRID = { rows: 3, columns: 4, rowGap: 4, columnGap: 2 };

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

const row = cutEach(tableRow);

/**
 * A row whose texts are numbers, in the page's number format.
 *
 * @type {Slice}
 */
const numberTexts = (arrays, k) => {
  const attributes = row(arrays, k);
  return { ...attributes, text: Array.from(attributes.text, formatNumber) };
};

/** @type {Record<string, Slice>} */
const SLICES = {
  past: cutEach((array, k) => array.values.subarray(0, k + 1)),
  future: cutEach((array, k) => array.values.subarray(k)),
  now: cutEach((array, k) => array.values.subarray(k, k + 1)),
  next: cutEach((array, k) => array.values.subarray(k + 1, k + 2)),
  step: cutEach((array, k) => array.values.subarray(k, k + 2)),
  nowOrLast: cutEach(({ values }, k) => values.subarray(Math.min(k, values.length - 1)).subarray(0, 1)),
  first: cutEach((array) => array.values.subarray(0, 1)),
  row,
  arrow,
  residualLines,
  residualSquares,
  imageGrid,
  imageCaptions,
  numberTexts,
};

/**
 * The attributes of a moving trace at step k.
 *
 * @param {MovingTrace} moving
 * @param {RunArrays} arrays
 * @param {number} k
 * @param {number} [unitRatio] the number of units across that are as long on the screen as one unit up
 */
export function sliceAt(moving, arrays, k, unitRatio = 1) {
  /** @type {RunArrays} */
  const named = {};
  for (const attribute in moving.arrays) named[attribute] = arrays[moving.arrays[attribute]];
  return SLICES[moving.slice](named, k, unitRatio);
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
 * @param {number} [unitRatio]
 */
export function largestSlice(moving, arrays, k, unitRatio = 1) {
  const candidates = [k, 0, arrays.loss.values.length - 1].map((step) =>
    sliceAt(moving, arrays, step, unitRatio),
  );
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
