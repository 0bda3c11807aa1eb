// Probabilities of a model over a grid of inputs, computed when a step is drawn.
// app/figures/probability_grid.py describes what the server sends instead of the probabilities.

/** @import { ProbabilityGridArray } from "../protocol.js" */
/** @import { RunArray, Values } from "../types.js" */

/**
 * Activations of hidden units, as `ACTIVATIONS` of losses/model/mlp.py.
 *
 * @type {Record<string, (u: number) => number>}
 */
const ACTIVATIONS = { relu: (u) => Math.max(u, 0), tanh: Math.tanh };
/** Scores beyond it are drawn as it, as in app/figures/probability_grid.py. */
const MAX_SCORE = 1e30;
const identity = (/** @type {number} */ u) => u;

/**
 * A table of probabilities, or of scores without a scale, a row per step. The score is linear or that of a
 * network with one hidden layer.
 * What a unit receives is affine in the inputs, so its values at two or three corners of the grid determine
 * it.
 */
export class ProbabilityGrid {
  /** @type {Float32Array | undefined} */
  #cached;
  #cachedStep = -1;

  /**
   * @param {RunArray} units what the units receive at the corners, a row per step
   * @param {Pick<ProbabilityGridArray, "gridShape" | "scale" | "activation">} grid
   * @param {RunArray | null} outputWeights weights and bias of the output, a row per step
   */
  constructor(units, { gridShape: [columns, rows = 1], scale, activation }, outputWeights) {
    const [steps, count] = units.shape;
    this.units = units.values;
    this.count = count;
    this.columns = columns;
    this.rows = rows;
    this.scale = scale;
    this.outputWeights = outputWeights?.values;
    this.activation = activation ? ACTIVATIONS[activation] : identity;
    this.width = columns * rows;
    this.shape = [steps, this.width];
  }

  /**
   * The probabilities of step `k`; the latest row is cached.
   *
   * @param {number} k
   * @returns {Values}
   */
  row(k) {
    if (!this.#cached || this.#cachedStep !== k) {
      this.#cached = this.computeRow(k);
      this.#cachedStep = k;
    }
    return this.#cached;
  }

  /** @param {number} k */
  computeRow(k) {
    const { columns, rows, activation, scale } = this;
    const units = this.unitsAt(k);
    const size = units.length + 1;
    const weights = this.outputWeights?.subarray(k * size, (k + 1) * size) ?? [1, 0];
    const table = new Float32Array(this.width);
    for (let j = 0, place = 0; j < rows; j++) {
      for (let i = 0; i < columns; i++) {
        let score = weights[units.length];
        for (let unit = 0; unit < units.length; unit++) {
          const [origin, perColumn, perRow] = units[unit];
          score += weights[unit] * activation(origin + perColumn * i + perRow * j);
        }
        table[place++] =
          scale === null
            ? Math.max(-MAX_SCORE, Math.min(score, MAX_SCORE))
            : scale / (1 + Math.exp(-score));
      }
    }
    return table;
  }

  /**
   * What every unit receives at the grid's origin, and by how much that grows a column and a row.
   *
   * @param {number} k
   * @returns {number[][]}
   */
  unitsAt(k) {
    const { units, count, columns, rows } = this;
    const corners = rows > 1 ? 3 : 2;
    return Array.from({ length: count / corners }, (_, unit) => {
      const start = k * count + unit * corners;
      const [origin, right, top = origin] = units.subarray(start, start + corners);
      return [origin, (right - origin) / (columns - 1), (top - origin) / Math.max(rows - 1, 1)];
    });
  }

  /** All rows, one after another. */
  get values() {
    const [steps, width] = this.shape;
    const all = new Float32Array(steps * width);
    for (let k = 0; k < steps; k++) all.set(this.row(k), k * width);
    return all;
  }
}
