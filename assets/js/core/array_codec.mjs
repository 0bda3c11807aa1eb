// How arrays travel: app/figures/wire.py writes what is read here.

import { Chances } from "./probability_grid.mjs";

const KINDS = { f4: Float32Array, f8: Float64Array };

/** An array as the server spells it: `{values, shape, width}`; width 0 means one row. Probabilities are made row by row. */
export function decode(spec) {
  const { dtype, bdata, shape, coding, dropped } = spec;
  if (coding === "sigmoids") return new Chances(decode(spec.units), spec, spec.outer && decode(spec.outer));
  const bytes = Uint8Array.from(atob(bdata), (c) => c.charCodeAt(0));
  const shapes = shape ? shape.split(",").map(Number) : [];
  const coded = coding === "differences" ? summed(bytes, dtype === "u1" ? 1 : 4, shapes, dropped) : bytes;
  const values = dtype === "u1" ? coded : new KINDS[dtype](coded.buffer);
  return { values, shape: shapes, width: shapes[1] ?? 0 };
}

/** A table from its differences along a row, then from row to row; their bytes come plane by plane. */
function summed(bytes, planes, [rows, width], dropped) {
  const count = rows * width;
  const table = planes === 1 ? new Uint8Array(count) : new Uint32Array(count);
  for (let i = 0; i < count; i++) {
    let folded = 0;
    for (let plane = planes - 1; plane >= 0; plane--) folded = (folded << 8) | bytes[plane * count + i];
    const change = (folded >>> 1) ^ -(folded & 1);
    const [left, up, corner] = [i % width ? table[i - 1] : 0, i < width ? 0 : table[i - width], i % width && i >= width ? table[i - width - 1] : 0];
    table[i] = change + left + up - corner;
  }
  return planes === 1 ? table : table.map((bits) => bits << dropped);
}
