// What a moving trace shows of a run at one step. app/figures/step_slices.py defines the same slices.

import { formatNumber } from "../core/i18n.mjs";

/**
 * A slice that cuts each array by itself. Loops instead of `Object.entries`: it runs for every trace in every
 * frame.
 */
const cutEach = (cut) => (arrays, k) => {
  const attributes = {};
  for (const attribute in arrays) attributes[attribute] = cut(arrays[attribute], k);
  return attributes;
};

/** Row `k` of a table, or all of an array that is no table. */
export const tableRow = (array, k) => {
  if (array.row) return array.row(k);
  return array.width ? array.values.subarray(k * array.width, (k + 1) * array.width) : array.values;
};

/** Linear interpolation at x of a curve over an evenly spaced grid. */
const interpolate = (grid, curve, x) => {
  const spacing = (grid.at(-1) - grid[0]) / (grid.length - 1);
  const i = Math.max(0, Math.min(grid.length - 2, Math.floor((x - grid[0]) / spacing)));
  return curve[i] + ((curve[i + 1] - curve[i]) * (x - grid[i])) / spacing;
};

/**
 * Coordinates from `points(x, predicted, target)` of each example; the prediction is read off the drawn
 * curve.
 */
const perExample = (arrays, k, points) => {
  const curve = tableRow(arrays.y, k);
  const ofExample = (x, i) => points(x, interpolate(arrays.grid.values, curve, x), arrays.true.values[i]);
  const all = Array.from(arrays.x.values, ofExample).flat();
  return { x: all.map((point) => point[0]), y: all.map((point) => point[1]) };
};

/** A vertical line from each prediction to its target. */
const gaps = (arrays, k) =>
  perExample(arrays, k, (x, predicted, target) => [
    [x, predicted],
    [x, target],
    [x, NaN],
  ]);

/** A square on each gap; `unitRatio` makes it as wide on the screen as it is high. */
const squares = (arrays, k, unitRatio) =>
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

/** A line from a step's point to where another rule would lead. */
const reach = (arrays, k) => {
  const ends = (axis) => [arrays[axis].values[k], tableRow(arrays[`to.${axis}`], k)[0]];
  return { x: ends("x"), y: ends("y") };
};

/**
 * Images a row and a column of the grid, and pixels between them; below an image there is room for its text.
 */
const IMAGE_GRID = { rows: 3, columns: 4, rowGap: 4, columnGap: 2 };

/** Images arranged in a grid, as one heatmap. */
const sheet = (arrays, k) => {
  const [, height, width] = arrays.z.shape;
  const { rows, columns, rowGap, columnGap } = IMAGE_GRID;
  const emptyRow = () => Array(columns * (width + columnGap)).fill(NaN);
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
 */
const words = (arrays, k) => {
  const [predicted, probability, target] = [arrays.said, arrays.sure, arrays.true].map((a) => tableRow(a, k));
  const label = (kind, i) =>
    `${kind === target[i] ? "" : "✗ "}${kind} · ${Math.round(100 * probability[i])}%`;
  return { x: arrays.x.values, y: arrays.y.values, text: Array.from(predicted, label) };
};

/** A row whose texts are numbers, in the page's number format. */
const said = (arrays, k) => {
  const attributes = SLICES.row(arrays, k);
  return { ...attributes, text: Array.from(attributes.text, formatNumber) };
};

const SLICES = {
  past: cutEach((array, k) => array.values.subarray(0, k + 1)),
  future: cutEach((array, k) => array.values.subarray(k)),
  now: cutEach((array, k) => array.values.subarray(k, k + 1)),
  next: cutEach((array, k) => array.values.subarray(k + 1, k + 2)),
  step: cutEach((array, k) => array.values.subarray(k, k + 2)),
  held: cutEach((array, k) => array.values.subarray(Math.min(k, array.values.length - 1)).subarray(0, 1)),
  first: cutEach((array) => array.values.subarray(0, 1)),
  row: cutEach(tableRow),
  reach,
  gaps,
  squares,
  sheet,
  words,
  said,
};

/**
 * The attributes of a moving trace at step k.
 * `unitRatio` is the number of units across that are as long on the screen as one unit up.
 */
export function sliceAt(moving, arrays, k, unitRatio = 1) {
  const named = {};
  for (const attribute in moving.arrays) named[attribute] = arrays[moving.arrays[attribute]];
  return SLICES[moving.slice](named, k, unitRatio);
}

/** The attributes of a moving trace at the step with most points, among step k, the first and the last. */
export function largestSlice(moving, arrays, k, unitRatio = 1) {
  const candidates = [k, 0, arrays.loss.values.length - 1].map((step) =>
    sliceAt(moving, arrays, step, unitRatio),
  );
  const countPoints = ({ x, y }) =>
    x.reduce((count, value, i) => count + (Number.isFinite(value) && Number.isFinite(y[i])), 0);
  return candidates.reduce((most, one) => (countPoints(one) > countPoints(most) ? one : most));
}

/** Attributes of several traces in the form that `Plotly.restyle` takes: a list of values by attribute. */
export function toRestyle(attributes) {
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
 */
export const withPlaceholder = (trace, attributes) =>
  trace.type !== "scatter3d" || attributes.x.length ? attributes : NOWHERE;

/** Arrays up to this length are compared value by value. */
const FEW = 4;

const isNowhere = (attributes) => attributes?.x?.length <= FEW && attributes.x.every(Number.isNaN);

/** Whether values are the same slice of the same buffer, or the same few values. */
function sameValues(values, before) {
  if (values.length !== before?.length) return false;
  if (values.buffer && values.buffer === before.buffer && values.byteOffset === before.byteOffset)
    return true;
  return values.length <= FEW && values.every((value, i) => Object.is(value, before[i]));
}

/** Whether the attributes of a trace show the same as before; true as well if both show no point. */
export const sameSlice = (attributes, before) =>
  (isNowhere(attributes) && isNowhere(before)) ||
  Object.entries(attributes).every(([name, values]) => sameValues(values, before?.[name]));
