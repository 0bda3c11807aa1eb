// Decode the arrays of a response; app/figures/array_codec.py encodes them.

import { ProbabilityGrid } from "./probability_grid.mjs";

const TYPED_ARRAYS = { f4: Float32Array, f8: Float64Array };

/**
 * Decode an array to `{values, shape, width}`, where width 0 means a single row.
 * Probabilities become a `ProbabilityGrid`, which computes a row when it is needed.
 */
export function decode(spec) {
  const { kind, dtype, bdata, shape: shapeText } = spec;
  if (kind === "probabilityGrid")
    return new ProbabilityGrid(
      decode(spec.cornerInputs),
      spec,
      spec.outputWeights && decode(spec.outputWeights),
    );
  const bytes = Uint8Array.from(atob(bdata), (character) => character.charCodeAt(0));
  const shape = shapeText.split(",").map(Number);
  const planes = dtype === "u1" ? 1 : 4;
  const raw = kind === "differences" ? undoDifferences(bytes, planes, shape, spec.droppedBits) : bytes;
  const values = dtype === "u1" ? raw : new TYPED_ARRAYS[dtype](raw.buffer);
  return { values, shape, width: shape[1] ?? 0 };
}

/**
 * Restore a table from differences along its rows and then between its rows.
 * The differences are zig-zag coded; byte i of all of them forms plane i.
 */
function undoDifferences(bytes, planes, [rows, width], droppedBits) {
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
