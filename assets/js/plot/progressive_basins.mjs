// Basins of attraction that take long: a coarse image comes first, the rest in parts while the page is idle.

import { byId, element } from "../core/dom.mjs";
import { decode } from "../core/array_codec.mjs";
import { message } from "../core/i18n.mjs";

const whenIdle = (work) => (window.requestIdleCallback ?? setTimeout)(work);
/** Within the color of one minimum, the slowest start is shaded by this much of the way to the next color. */
const STEP_SHADE = 0.8;
/** Losses of minima that differ by less are ordered by place. */
const LOSS_RESOLUTION = 1e9;

/** Requests the missing parts of the basins on the maps and shows them with a progress bar. */
export class ProgressiveBasins {
  /** `request(link, part)` asks for a part unless something else is under way, and returns whether it did. */
  constructor(views, request) {
    Object.assign(this, { request, requested: null, images: new WeakMap(), maps: [] });
    for (const view of views) {
      const bar = element("progress", { max: 100, value: 0 });
      const label = element("label", { className: "progress", hidden: true }, element("span"), bar);
      byId(view.element.id).after(label);
      this.maps.push({ view, label, bar });
    }
  }

  /** Continue with the unfinished images of the figures that are drawn now. */
  update() {
    for (const map of this.maps) {
      const { figure } = map.view;
      const basins = map.view.drawn && figure.basins;
      if (basins && !this.images.has(figure)) this.images.set(figure, new BasinImage(basins));
      map.image = basins ? this.images.get(figure) : null;
      this.showProgress(map);
    }
    this.requestNext();
  }

  get unfinished() {
    return this.maps.find(({ image }) => image && !image.finished);
  }

  requestNext() {
    if (!this.unfinished) return;
    whenIdle(() => {
      const { image } = this.unfinished ?? {};
      if (image && this.request(image.link, image.partsDone)) this.requested = image;
    });
  }

  /** Add a part that has arrived; ignore it if its image is not shown any more. */
  receive(tile) {
    const map = this.maps.find(({ image }) => image && image === this.requested);
    if (map && tile?.number !== map.image.partsDone) return;
    if (map) {
      map.image.add(tile);
      map.image.paint(map.view.figure);
      map.view.repaint(["basins", "minima"]);
      this.showProgress(map);
    }
    this.requestNext();
  }

  showProgress({ label, bar, image }) {
    label.hidden = !image || image.finished;
    bar.value = image?.percent ?? 0;
    label.firstChild.textContent = message("Basins: {share} %", { share: bar.value });
  }
}

/** An image assembled from parts, each of which numbers the minima that it finds from zero. */
class BasinImage {
  constructor({ size, spacing, x, y, tolerance, tileEnds, link, firstTile }) {
    Object.assign(this, { size, spacing, tolerance, tileEnds, link, partsDone: 0, minima: [] });
    Object.assign(this, { x: decode(x).values, y: decode(y).values });
    this.found = new Int16Array(size * size); // number of the minimum, or a negative outcome
    this.steps = new Int16Array(size * size);
    this.known = new Uint8Array(size * size);
    this.add(firstTile);
  }

  get finished() {
    return this.partsDone === this.tileEnds.length;
  }

  get percent() {
    return Math.floor((100 * this.tileEnds[this.partsDone - 1]) / this.size ** 2);
  }

  add({ starts, found, steps, minima }) {
    const numbers = minima.map((minimum) => this.minimumNumber(minimum));
    const [partFound, partSteps] = [decode(found).values, decode(steps).values];
    decode(starts).values.forEach((place, i) => {
      this.found[place] = partFound[i] < 0 ? partFound[i] : numbers[partFound[i]];
      this.steps[place] = partSteps[i];
      this.known[place] = 1;
    });
    this.partsDone += 1;
  }

  /** The number of a minimum `[u, v, loss]` among the known ones; a new minimum is appended. */
  minimumNumber(minimum) {
    const isSame = (other) => Math.hypot(other[0] - minimum[0], other[1] - minimum[1]) <= this.tolerance;
    const known = this.minima.findIndex(isSame);
    return known >= 0 ? known : this.minima.push(minimum) - 1;
  }

  /** The numbers of the minima ordered by loss and then by place, as losses/descent/basins.py orders them. */
  get order() {
    const { minima } = this;
    const least = Math.min(...minima.map(([, , loss]) => loss));
    const level = (i) => Math.round((minima[i][2] - least) * LOSS_RESOLUTION);
    const compare = (a, b) =>
      level(a) - level(b) || minima[a][0] - minima[b][0] || minima[a][1] - minima[b][1];
    return minima.map((_, i) => i).sort(compare);
  }

  /** The index that colors a pixel: its own, or that of the nearest coarse pixel until its own is known. */
  source(row, column) {
    const coarse = (c) => Math.min(this.size - 1, Math.round(c / this.spacing) * this.spacing);
    const own = row * this.size + column;
    return this.known[own] ? own : coarse(row) * this.size + coarse(column);
  }

  /** Write what is known into the traces of a figure, colored as in app/figures/basin_heatmap.py. */
  paint({ data }) {
    const [heatmap, crosses] = ["basins", "minima"].map((name) => data.find((trace) => trace.name === name));
    const { order } = this;
    const rank = [];
    order.forEach((minimum, place) => (rank[minimum] = place));
    const mostSteps = Math.max(
      1,
      this.steps.reduce((a, b) => Math.max(a, b)),
    );
    const color = (i) => {
      if (this.found[i] < 0) return this.found[i] + 2;
      return Math.min(rank[this.found[i]], heatmap.zmax - 3) + (STEP_SHADE * this.steps[i]) / mostSteps + 2;
    };
    const rowColors = (_, row) => Float32Array.from(this.x, (_, column) => color(this.source(row, column)));
    Object.assign(heatmap, { x: this.x, y: this.y, z: Array.from(this.y, rowColors) });
    const along = (axis) => order.map((i) => this.minima[i][axis]);
    Object.assign(crosses, { x: along(0), y: along(1) });
  }
}
