// Probabilities over a grid of inputs, made when a step of them is drawn: app/figures/chances.py says what travels.

/** What a hidden neuron makes of what it receives: `ACTIVATIONS` of losses/model/network.py. */
const ACTIVATIONS = { relu: (u) => Math.max(u, 0), tanh: Math.tanh };

/** A table of sigmoids, of a linear score or of a network's, from what each of its units receives at a grid's corners. */
export class Chances {
  constructor(units, { sides: [across, up = 1], scale, bend }, outer) {
    const [rows, count] = units.shape;
    Object.assign(this, { units: units.values, count, across, up, scale, outer: outer?.values, bend: bend ? ACTIVATIONS[bend] : (u) => u });
    Object.assign(this, { shape: [rows, across * up], width: across * up });
  }

  /** Step `k` of the table. */
  row(k) {
    if (this.last === k) return this.made;
    const { across, up, count, bend, scale } = this;
    const corners = up > 1 ? 3 : 2;
    const units = Array.from({ length: count / corners }, (_, unit) => {
      const [first, right, top = first] = this.units.subarray(k * count + unit * corners, k * count + (unit + 1) * corners);
      return [first, (right - first) / (across - 1), (top - first) / Math.max(up - 1, 1)];
    });
    const weights = this.outer?.subarray(k * (units.length + 1), (k + 1) * (units.length + 1)) ?? [1, 0];
    const made = new Float32Array(this.width);
    for (let j = 0, place = 0; j < up; j++) {
      for (let i = 0; i < across; i++) {
        let score = weights[units.length];
        for (let unit = 0; unit < units.length; unit++) {
          const [first, right, top] = units[unit];
          score += weights[unit] * bend(first + right * i + top * j);
        }
        made[place++] = scale / (1 + Math.exp(-score));
      }
    }
    Object.assign(this, { last: k, made });
    return made;
  }

  /** All of it. */
  get values() {
    const [rows, width] = this.shape;
    const all = new Float32Array(rows * width);
    for (let k = 0; k < rows; k++) all.set(this.row(k), k * width);
    return all;
  }
}
