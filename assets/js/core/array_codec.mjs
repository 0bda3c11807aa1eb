// Decode the arrays of a response; app/figures/array_codec.py encodes them.

import { ProbabilityGrid } from "./probability_grid.mjs";

/** @import { Arrays, EncodedArray, PlotlyArray } from "../protocol.js" */
/** @import { RunArray, RunArrays, Values } from "../types.js" */

const TYPED_ARRAYS = { f4: Float32Array, f8: Float64Array };

/**
 * Decode an array. Probabilities become a `ProbabilityGrid`, which computes a row when it is needed.
 *
 * @param {EncodedArray | PlotlyArray} array
 * @returns {RunArray}
 */
export function decode(array) {
  if ("kind" in array && array.kind === "probabilityGrid") {
    const { cornerInputs, outputWeights } = array;
    return new ProbabilityGrid(decode(cornerInputs), array, outputWeights && decode(outputWeights));
  }
  const { dtype, bdata, shape: lengths } = array;
  const bytes = Uint8Array.from(atob(bdata), (character) => character.charCodeAt(0));
  const shape = lengths.split(",").map(Number);
  const values = dtype === "u1" ? bytes : new TYPED_ARRAYS[dtype](bytes.buffer);
  return { values, shape, width: shape[1] ?? 0 };
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

/** Names of the arrays of a dense path, and of those of its iterates. */
const DENSE = { path_u: "u", path_v: "v", path_h: "h" };

/**
 * Arrays of runs without points between iterates: a preview has none.
 *
 * @param {RunArrays} arrays
 * @returns {RunArrays}
 */
export function withoutDensePaths(arrays) {
  const changed = { ...arrays };
  for (const name in arrays) {
    if (!name.endsWith("path_at")) continue;
    const run = name.slice(0, -"path_at".length);
    for (const [dense, coordinate] of Object.entries(DENSE)) changed[run + dense] = arrays[run + coordinate];
    changed[name] = singleRow(Float32Array.from(arrays[`${run}u`].values, (_, k) => k));
  }
  return changed;
}
