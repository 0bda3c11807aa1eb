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
  const values = dtype === "u1" ? bytes : new TYPED_ARRAYS[dtype](bytes.buffer);
  return { values, shape, width: shape[1] ?? 0 };
}
