// The picture of the basins of attraction while its tiles arrive: numbers of minima, their order, colors.

import { decode } from "../core/array_codec.mjs";

/** @import { BasinPicture, BasinTile, PlotlyObject } from "../protocol.js" */

/** Within the color of one minimum, the slowest start is shaded by this much of the way to the next color. */
const STEP_SHADE = 0.8;
/** Losses of minima that differ by less are ordered by place. */
const LOSS_RESOLUTION = 1e9;

/** @typedef {BasinTile["minima"][number]} Minimum its place and its loss: `[u, v, loss]` */

/**
 * A picture assembled from tiles, each of which numbers its minima from zero. app/figures/basin_heatmap.py
 * colors a complete one in the same way; tests/fixtures/basins.json holds both together.
 */
export class BasinImage {
  tilesDone = 0;
  /** @type {Minimum[]} */
  minima = [];

  /** @param {BasinPicture} picture */
  constructor({ size, spacing, x, y, tolerance, tileEnds, link, firstTile }) {
    this.size = size;
    this.spacing = spacing;
    this.tolerance = tolerance;
    this.tileEnds = tileEnds;
    this.link = link;
    this.x = decode(x).values;
    this.y = decode(y).values;
    this.found = new Int16Array(size * size); // number of the minimum, or a negative outcome
    this.steps = new Int16Array(size * size);
    this.known = new Uint8Array(size * size);
    this.add(firstTile);
  }

  get finished() {
    return this.tilesDone === this.tileEnds.length;
  }

  get percent() {
    return Math.floor((100 * this.tileEnds[this.tilesDone - 1]) / this.size ** 2);
  }

  /** @param {BasinTile} tile */
  add({ starts, found, steps, minima }) {
    const numbers = minima.map((minimum) => this.minimumNumber(minimum));
    const [tileFound, tileSteps] = [decode(found).values, decode(steps).values];
    decode(starts).values.forEach((place, i) => {
      this.found[place] = tileFound[i] < 0 ? tileFound[i] : numbers[tileFound[i]];
      this.steps[place] = tileSteps[i];
      this.known[place] = 1;
    });
    this.tilesDone += 1;
  }

  /**
   * The number of a minimum among the known ones; a new minimum is appended.
   *
   * @param {Minimum} minimum
   */
  minimumNumber(minimum) {
    const isSame = (/** @type {Minimum} */ other) =>
      Math.hypot(other[0] - minimum[0], other[1] - minimum[1]) <= this.tolerance;
    const known = this.minima.findIndex(isSame);
    return known >= 0 ? known : this.minima.push(minimum) - 1;
  }

  /** The numbers of the minima ordered by loss and then by place, as losses/descent/basins.py orders them. */
  get order() {
    const { minima } = this;
    const least = Math.min(...minima.map(([, , loss]) => loss));
    const level = (/** @type {number} */ i) => Math.round((minima[i][2] - least) * LOSS_RESOLUTION);
    const compare = (/** @type {number} */ a, /** @type {number} */ b) =>
      level(a) - level(b) || minima[a][0] - minima[b][0] || minima[a][1] - minima[b][1];
    return minima.map((_, i) => i).sort(compare);
  }

  /**
   * The index that colors a pixel: its own, or that of the nearest coarse pixel until its own is known.
   *
   * @param {number} row
   * @param {number} column
   */
  source(row, column) {
    const coarse = (/** @type {number} */ c) =>
      Math.min(this.size - 1, Math.round(c / this.spacing) * this.spacing);
    const own = row * this.size + column;
    return this.known[own] ? own : coarse(row) * this.size + coarse(column);
  }

  /**
   * Write what is known into the traces of a figure.
   *
   * @param {{ data: PlotlyObject[] }} figure
   */
  paint({ data }) {
    const named = (/** @type {string} */ name) =>
      /** @type {PlotlyObject} */ (data.find((trace) => trace.name === name));
    const heatmap = named("basins");
    const { order } = this;
    /** @type {number[]} */
    const rank = [];
    order.forEach((minimum, place) => (rank[minimum] = place));
    const mostSteps = Math.max(
      1,
      this.steps.reduce((a, b) => Math.max(a, b)),
    );
    const color = (/** @type {number} */ i) => {
      if (this.found[i] < 0) return this.found[i] + 2;
      return Math.min(rank[this.found[i]], heatmap.zmax - 3) + (STEP_SHADE * this.steps[i]) / mostSteps + 2;
    };
    const rowColors = (/** @type {unknown} */ _, /** @type {number} */ row) =>
      Float32Array.from(this.x, (__, column) => color(this.source(row, column)));
    Object.assign(heatmap, { x: this.x, y: this.y, z: Array.from(this.y, rowColors) });
    const along = (/** @type {0 | 1} */ axis) => order.map((i) => this.minima[i][axis]);
    Object.assign(named("minima"), { x: along(0), y: along(1) });
  }
}
