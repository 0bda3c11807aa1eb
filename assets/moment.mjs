// What a step shows of a run: the same rule as app/figures/moment.py.

const SLICES = {
  past: (a, k) => a.values.subarray(0, k + 1),
  future: (a, k) => a.values.subarray(k),
  now: (a, k) => a.values.subarray(k, k + 1),
  first: (a) => a.values.subarray(0, 1),
  row: (a, k) => (a.width ? a.values.subarray(k * a.width, (k + 1) * a.width) : a.values),
};

/** A typed array as the server spells it: `{values: Float32Array, width}`; width 0 means one row. */
export function decode({ bdata, shape }) {
  const bytes = Uint8Array.from(atob(bdata), (c) => c.charCodeAt(0));
  return { values: new Float32Array(bytes.buffer), width: shape ? Number(shape.split(",")[1]) : 0 };
}

/** The attributes of one moving trace at step k. */
export function slice(moving, arrays, k) {
  const shown = Object.entries(moving.arrays).map(([axis, name]) => [axis, SLICES[moving.slice](arrays[name], k)]);
  return Object.fromEntries(shown);
}

/** The attributes of all moving traces at step k, as `Plotly.restyle` takes them. */
export function restyling(moving, arrays, k) {
  const update = {};
  moving.forEach((trace, i) => {
    for (const [axis, values] of Object.entries(slice(trace, arrays, k))) {
      (update[axis] ??= Array(moving.length).fill(undefined))[i] = values;
    }
  });
  return update;
}
