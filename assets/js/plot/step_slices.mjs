// What a step shows of a run: the same rule as app/figures/moment.py.

import { read } from "../core/i18n.mjs";

/** Loops instead of entries: this is asked for every trace in every frame. */
const each = (cut) => (arrays, k) => {
  const place = {};
  for (const axis in arrays) place[axis] = cut(arrays[axis], k);
  return place;
};

/** Row `k` of a table, or all of what is none. */
export const row = (a, k) => (a.row ? a.row(k) : a.width ? a.values.subarray(k * a.width, (k + 1) * a.width) : a.values);

/** Where a curve drawn over an even grid passes x. */
const passes = (grid, curve, x) => {
  const step = (grid.at(-1) - grid[0]) / (grid.length - 1);
  const i = Math.max(0, Math.min(grid.length - 2, Math.floor((x - grid[0]) / step)));
  return curve[i] + ((curve[i + 1] - curve[i]) * (x - grid[i])) / step;
};

/** One number after another, made from each example's place, where the curve passes it and what is true of it. */
const traced = (arrays, k, points) => {
  const curve = row(arrays.y, k);
  const drawn = Array.from(arrays.x.values, (x, i) => points(x, passes(arrays.grid.values, curve, x), arrays.true.values[i])).flat();
  return { x: drawn.map((p) => p[0]), y: drawn.map((p) => p[1]) };
};

/** From where a step begins to where something else would lead. */
const reach = (arrays, k) => Object.fromEntries(["x", "y"].map((axis) => [axis, [arrays[axis].values[k], row(arrays[`to.${axis}`], k)[0]]]));

const SHEET = { rows: 3, columns: 4 };

/** Images set in rows, with a margin around each and room for words beneath. */
const sheet = (arrays, k) => {
  const [, height, width] = arrays.z.shape;
  const set = Array.from({ length: SHEET.rows * (height + 4) }, () => Array(SHEET.columns * (width + 2)).fill(NaN));
  row(arrays.order, k).forEach((image, place) => {
    const [down, across] = [Math.floor(place / SHEET.columns) * (height + 4), (place % SHEET.columns) * (width + 2)];
    for (let i = 0; i < height * width; i++) set[down + Math.floor(i / width)][across + (i % width)] = arrays.z.values[image * height * width + i];
  });
  return { z: set };
};

/** What each image of the sheet is taken for and how surely; a cross where that is wrong. */
const words = (arrays, k) => {
  const [said, sure, true_] = [arrays.said, arrays.sure, arrays.true].map((a) => row(a, k));
  const text = Array.from(said, (a, i) => `${a === true_[i] ? "" : "✗ "}${a} · ${Math.round(100 * sure[i])}%`);
  return { x: arrays.x.values, y: arrays.y.values, text };
};

const SLICES = {
  past: each((a, k) => a.values.subarray(0, k + 1)),
  future: each((a, k) => a.values.subarray(k)),
  now: each((a, k) => a.values.subarray(k, k + 1)),
  next: each((a, k) => a.values.subarray(k + 1, k + 2)),
  step: each((a, k) => a.values.subarray(k, k + 2)),
  held: each((a, k) => a.values.subarray(Math.min(k, a.values.length - 1)).subarray(0, 1)),
  first: each((a) => a.values.subarray(0, 1)),
  row: each(row),
  reach,
  gaps: (arrays, k) => traced(arrays, k, (x, said, true_) => [[x, said], [x, true_], [x, NaN]]),
  squares: (arrays, k, square) => traced(arrays, k, (x, said, true_) => {
    const far = x + Math.abs(said - true_) * square;
    return [[x, said], [far, said], [far, true_], [x, true_], [x, said], [NaN, NaN]];
  }),
  sheet,
  words,
  said: (arrays, k) => { const all = SLICES.row(arrays, k); return { ...all, text: Array.from(all.text, read) }; },
};

/** The attributes of one moving trace at step k; `square` is how many units across look like one up. */
export function slice(moving, arrays, k, square = 1) {
  const named = {};
  for (const axis in moving.arrays) named[axis] = arrays[moving.arrays[axis]];
  return SLICES[moving.slice](named, k, square);
}

/** The step at which a moving trace shows most, of this one, the first and the last: what it shows there. */
export function fullest(moving, arrays, k, square = 1) {
  const shown = [k, 0, arrays.loss.values.length - 1].map((step) => slice(moving, arrays, step, square));
  const places = ({ x, y }) => x.reduce((count, value, i) => count + (Number.isFinite(value) && Number.isFinite(y[i])), 0);
  return shown.reduce((most, one) => (places(one) > places(most) ? one : most));
}

/** The attributes of several traces as `Plotly.restyle` takes them. */
export function merged(attributes) {
  const update = {};
  attributes.forEach((one, i) => {
    for (const [name, values] of Object.entries(one)) (update[name] ??= Array(attributes.length).fill(undefined))[i] = values;
  });
  return update;
}

const NOWHERE = { x: [NaN], y: [NaN], z: [NaN] };

/** Plotly makes nothing of a trace in space without points. */
export const somewhere = (trace, place) => (trace.type !== "scatter3d" || place.x.length ? place : NOWHERE);

/** So few values that comparing them costs nothing. */
const FEW = 4;

const nowhere = (place) => place?.x?.length <= FEW && place.x.every(Number.isNaN);

/** Whether two places are the same stretch of the same arrays, or the same few values, or both nowhere. */
export const same = (place, before) => (nowhere(place) && nowhere(before)) || Object.entries(place).every(([axis, values]) => {
  const was = before?.[axis];
  if (values.length !== was?.length) return false;
  if (values.buffer && values.buffer === was.buffer && values.byteOffset === was.byteOffset) return true;
  return values.length <= FEW && values.every((value, i) => Object.is(value, was[i]));
});
