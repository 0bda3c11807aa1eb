// Fog over the ground: only the grid around the walker is drawn.

import { decode } from "../core/array_codec.mjs";

const SIGHT = 0.07;

/** The node of a grid that is nearest to a place, and how many of its neighbors are in sight. */
function near(nodes, at) {
  const last = nodes.length - 1;
  const place = Math.round(((at - nodes[0]) / (nodes[last] - nodes[0])) * last);
  const reach = Math.ceil(SIGHT * last);
  return [Math.max(0, place - reach), Math.min(last, place + reach) + 1];
}

const rows = (values, width, [low, high], [left, right]) =>
  Array.from({ length: Math.max(0, high - low) }, (_, i) => Array.from(values.subarray((low + i) * width + left, (low + i) * width + right)));

/** The part of a ground trace around `(x, y)`; nothing where that lies beyond the window. */
export function underfoot(ground, x, y) {
  const [u, v, z] = [ground.x, ground.y, ground.z].map((part) => decode(part));
  const [across, up] = [near(u.values, x), near(v.values, y)];
  if (!(across[1] - across[0] > 1 && up[1] - up[0] > 1)) return { x: [0, 1], y: [0, 1], z: [[NaN, NaN], [NaN, NaN]] };
  return {
    x: Array.from(u.values.subarray(...across)),
    y: Array.from(v.values.subarray(...up)),
    z: rows(z.values, u.values.length, up, across),
  };
}

/** Leave of the ground of a complete figure what is seen from where the walker stands. */
export function veil(traces) {
  const { x, y } = traces.find(({ name }) => name === "now");
  Object.assign(traces[0], underfoot(traces[0], x[0], y[0]));
}
