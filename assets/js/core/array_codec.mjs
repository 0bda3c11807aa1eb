// Decode the arrays of a response; app/figures/array_codec.py encodes them.

import { ProbabilityGrid } from "./probability_grid.mjs";

/** @import { Arrays, Table, Values } from "../types.js" */

const TYPED_ARRAYS = { f4: Float32Array, f8: Float64Array };

/**
 * Decode an array to `{values, shape, width}`, where width 0 means a single row.
 * Probabilities become a `ProbabilityGrid`, which computes a row when it is needed.
 *
 * @param {any} spec
 * @returns {Table}
 */
export function decode(spec) {
  const { dtype, bdata, shape: shapeText, coding, dropped } = spec;
  if (coding === "sigmoids")
    return new ProbabilityGrid(decode(spec.units), spec, spec.outer && decode(spec.outer));
  const bytes = Uint8Array.from(atob(bdata), (character) => character.charCodeAt(0));
  const shape = shapeText ? shapeText.split(",").map(Number) : [];
  const planes = dtype === "u1" ? 1 : 4;
  const raw = coding === "differences" ? undoDifferences(bytes, planes, shape, dropped) : bytes;
  const values =
    dtype === "u1"
      ? /** @type {Uint8Array} */ (raw)
      : new TYPED_ARRAYS[/** @type {"f4" | "f8"} */ (dtype)](raw.buffer);
  return { values, shape, width: shape[1] ?? 0 };
}

/**
 * Decode the arrays of a run.
 *
 * @param {Record<string, any>} specs
 * @returns {Arrays}
 */
export const decodeAll = (specs) =>
  Object.fromEntries(Object.entries(specs).map(([name, spec]) => [name, decode(spec)]));

/**
 * Restore a table from differences along its rows and then between its rows.
 * The differences are zig-zag coded; byte i of all of them forms plane i.
 *
 * @param {Uint8Array} bytes
 * @param {1 | 4} planes
 * @param {number[]} shape
 * @param {number} dropped low bits of each number that were not sent
 */
function undoDifferences(bytes, planes, [rows, width], dropped) {
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
  return planes === 1 ? table : table.map((bits) => bits << dropped);
}

/**
 * Row `k` of a table, or all of an array that is no table.
 *
 * @param {Table} array
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
 * @returns {Table}
 */
export const singleRow = (values) => ({ values, width: 0, shape: [] });
