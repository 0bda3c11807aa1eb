// Basins that take longer than a moment: a coarse picture comes first, the rest in parts while the page is idle.

import { at, element } from "../core/dom.mjs";
import { decode } from "../core/array_codec.mjs";
import { say } from "../core/i18n.mjs";

const idle = (work) => (window.requestIdleCallback ?? setTimeout)(work);

export class Basins {
  /** `ask(link, part)` asks for a part of a picture unless something else is wanted, and says whether it did. */
  constructor(views, ask) {
    Object.assign(this, { ask, asked: null, pictures: new WeakMap(), shown: [] });
    for (const view of views) {
      const bar = element("progress", { max: 100, value: 0 });
      const label = element("label", { className: "progress", hidden: true }, element("span"), bar);
      at(view.element.id).after(label);
      this.shown.push({ view, label, bar });
    }
  }

  /** New figures are drawn: go on with those that are not finished. */
  follow() {
    for (const one of this.shown) {
      const { figure } = one.view;
      const begun = one.view.drawn && figure.basins;
      if (begun && !this.pictures.has(figure)) this.pictures.set(figure, new Picture(begun));
      one.picture = begun ? this.pictures.get(figure) : null;
      this.tell(one);
    }
    this.next();
  }

  get wanting() {
    return this.shown.find(({ picture }) => picture && !picture.finished);
  }

  next() {
    if (!this.wanting) return;
    idle(() => {
      const { picture } = this.wanting ?? {};
      if (picture && this.ask(picture.link, picture.done)) this.asked = picture;
    });
  }

  /** A part has come; one that no picture on the page waits for is let go. */
  take(piece) {
    const one = this.shown.find(({ picture }) => picture && picture === this.asked);
    if (one && piece.part !== one.picture.done) return;
    if (one) {
      one.picture.add(piece);
      one.picture.paint(one.view.figure);
      one.view.repaint(["basins", "minima"]);
      this.tell(one);
    }
    this.next();
  }

  tell({ label, bar, picture }) {
    label.hidden = !picture || picture.finished;
    bar.value = picture?.share ?? 0;
    label.firstChild.textContent = say("Basins: {share} %", { share: bar.value });
  }
}

/** A picture that grows: what every start finds, merged from parts that number their minima each for itself. */
class Picture {
  constructor({ size, spacing, x, y, reach, ends, link, begun }) {
    Object.assign(this, { size, spacing, reach, ends, link, done: 0, minima: [], x: decode(x).values, y: decode(y).values });
    this.found = new Int16Array(size * size);
    this.steps = new Int16Array(size * size);
    this.known = new Uint8Array(size * size);
    this.add(begun);
  }

  get finished() {
    return this.done === this.ends.length;
  }

  get share() {
    return Math.floor((100 * this.ends[this.done - 1]) / this.size ** 2);
  }

  add({ at: places, found, steps, minima }) {
    const named = minima.map((lowest) => this.name(lowest));
    const [kinds, taken] = [decode(found).values, decode(steps).values];
    decode(places).values.forEach((place, i) => {
      this.found[place] = kinds[i] < 0 ? kinds[i] : named[kinds[i]];
      this.steps[place] = taken[i];
      this.known[place] = 1;
    });
    this.done += 1;
  }

  /** The number of a minimum among those that were met before; one that is new is put behind them. */
  name(lowest) {
    const near = this.minima.findIndex((other) => Math.hypot(other[0] - lowest[0], other[1] - lowest[1]) <= this.reach);
    return near >= 0 ? near : this.minima.push(lowest) - 1;
  }

  /** The places of the minima in the order of their losses, as losses/basins.py numbers them. */
  get order() {
    const least = Math.min(...this.minima.map(([, , loss]) => loss));
    const level = (i) => Math.round((this.minima[i][2] - least) * 1e9);
    const apart = (a, b) => level(a) - level(b) || this.minima[a][0] - this.minima[b][0] || this.minima[a][1] - this.minima[b][1];
    return this.minima.map((_, i) => i).sort(apart);
  }

  /** The start whose color a place has: its own, or the nearest of the coarse picture until that is known. */
  source(row, column) {
    const near = (c) => Math.min(this.size - 1, Math.round(c / this.spacing) * this.spacing);
    return this.known[row * this.size + column] ? row * this.size + column : near(row) * this.size + near(column);
  }

  /** Put into a figure what is known, by the rule of app/figures/basin.py. */
  paint({ data }) {
    const [ground, crosses] = ["basins", "minima"].map((name) => data.find((trace) => trace.name === name));
    const { order } = this;
    const rank = order.reduce((ranks, kind, place) => ((ranks[kind] = place), ranks), []);
    const longest = Math.max(1, this.steps.reduce((a, b) => Math.max(a, b)));
    const shade = (i) => (this.found[i] < 0 ? this.found[i] : Math.min(rank[this.found[i]], ground.zmax - 3) + (0.8 * this.steps[i]) / longest) + 2;
    const z = Array.from(this.y, (_, row) => Float32Array.from(this.x, (_, column) => shade(this.source(row, column))));
    Object.assign(ground, { x: this.x, y: this.y, z });
    Object.assign(crosses, { x: order.map((i) => this.minima[i][0]), y: order.map((i) => this.minima[i][1]) });
  }
}
