// Decode the arrays of a response; app/figures/array_codec.py encodes them.

import { ProbabilityGrid } from "./probability_grid.mjs";

/**
 * @import {
 *   Arrays,
 *   DifferencesArray,
 *   EncodedArray,
 *   PlotlyArray,
 *   ProbabilityGridArray,
 *   TypedArray,
 * } from "../protocol.js"
 */
/** @import { RunArray, RunArrays, Values } from "../types.js" */

const TYPED_ARRAYS = { f4: Float32Array, f8: Float64Array };

/**
 * Decode an array. Probabilities become a `ProbabilityGrid`, which computes a row when it is needed.
 *
 * @param {EncodedArray | PlotlyArray} array
 * @returns {RunArray}
 */
export function decode(array) {
  const kind = "kind" in array ? array.kind : "typed";
  if (kind === "probabilityGrid") return decodeGrid(/** @type {ProbabilityGridArray} */ (array));
  const { dtype, bdata, shape: lengths } = /** @type {TypedArray | DifferencesArray} */ (array);
  const bytes = Uint8Array.from(atob(bdata), (character) => character.charCodeAt(0));
  const shape = lengths.split(",").map(Number);
  const raw =
    kind === "differences" ? undoDifferences(bytes, /** @type {DifferencesArray} */ (array)) : bytes;
  const values = dtype === "u1" ? /** @type {Uint8Array} */ (raw) : new TYPED_ARRAYS[dtype](raw.buffer);
  return { values, shape, width: shape[1] ?? 0 };
}

/** @param {ProbabilityGridArray} grid */
function decodeGrid(grid) {
  const { cornerInputs, outputWeights } = grid;
  return new ProbabilityGrid(decode(cornerInputs), grid, outputWeights ? decode(outputWeights) : null);
}

/**
 * Decode the arrays of a run.
 *
 * @param {Arrays} encoded
 * @returns {RunArrays}
 */
export const decodeAll = (encoded) =>
  Object.fromEntries(Object.entries(encoded).map(([name, array]) => [name, decode(array)]));

/**
 * Restore a table from differences along its rows and then between its rows.
 * The differences are zig-zag coded; byte i of all of them forms plane i.
 *
 * @param {Uint8Array} bytes
 * @param {DifferencesArray} array
 */
function undoDifferences(bytes, { dtype, shape, droppedBits }) {
  const planes = dtype === "u1" ? 1 : 4;
  const [rows, width] = shape.split(",").map(Number);
  const count = rows * width;
  const table = planes === 1 ? new Uint8Array(count) : new Uint32Array(count);
  for (let i = 0; i < count; i++) {
    let zigzag = 0;
    for (let plane = planes - 1; plane >= 0; plane--) zigzag = (zigzag << 8) | bytes[plane * count + i];
    const difference = (zigzag >>> 1) ^ -(zigzag & 1);
    const left = i % width ? table[i - 1] : 0;
    const above = i < width ? 0 : table[i - width];
    const aboveLeft = i % width && i >= width ? table[i - width - 1] : 0;
    table[i] = difference + left + above - aboveLeft;
  }
  return planes === 1 ? table : table.map((bits) => bits << droppedBits);
}

/**
 * Row `k` of a table, or all of an array that is no table.
 *
 * @param {RunArray} array
 * @param {number} k
 * @returns {Values}
 */
export function tableRow(array, k) {
  if (array.row) return array.row(k);
  return array.width ? array.values.subarray(k * array.width, (k + 1) * array.width) : array.values;
}

/**
 * An array of one run in the form that `decode` returns.
 *
 * @param {Values} values
 * @returns {RunArray}
 */
export const singleRow = (values) => ({ values, width: 0, shape: [] });
