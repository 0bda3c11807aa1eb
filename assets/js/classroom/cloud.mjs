// The cloud: all runs of a class go down together, on the map and on the landscape.

import { buttonElement, element } from "../core/dom.mjs";
import { formatNumber, message, plural, withSubscripts } from "../core/i18n.mjs";
import { themeValue } from "../core/theme.mjs";
import { countAt } from "./class_runs.mjs";
import { Landscape, HEIGHT, WIDTH } from "./landscape.mjs";
import { median, pictureOf } from "./small_map.mjs";

/** @import { SmallMap } from "../protocol.js" */
/** @import { Runs } from "./class_runs.mjs" */

/** Pixels along a side of the map. */
const SIZE = 1000;
/** Milliseconds for which a frame is shown, while the next one is neared. */
const FRAME_MS = 200;
const RADIUS = 13;
/** How far an arrow stands from the edge. */
const ARROW = 20;

/** @typedef {"moving" | "there" | "pale"} Kind */

/** The whole of the cloud: two canvases, a sentence, the keys and a table. */
export class CloudView {
  /**
   * @param {SmallMap} map
   * @param {Runs} runs
   */
  constructor(map, runs) {
    this.map = map;
    this.runs = runs;
    this.width = runs.frames.length;
    this.paths = new Paths(map, runs);
    const { heights } = map;
    this.landscape = heights ? new Landscape({ ...map, heights }) : null;
    this.flatPicture = heights ? pictureOf(heights.bdata, map.bands) : null;
    this.canvas = createCanvas(SIZE, SIZE, message("Map"));
    this.high = this.landscape ? createCanvas(WIDTH, HEIGHT, message("Landscape")) : null;
    this.sentence = element("p", { className: "cloud-words" });
    this.replay = buttonElement(message("Play again"), () => this.play(), { id: "class-replay" });
    this.root = this.createRoot();
    /** Numbers of the students whose dots are ringed. @type {number[]} */
    this.lit = [];
    /** The frame that is shown, with a fraction on the way to the next one. */
    this.frame = 0;
    /** @type {number | undefined} */
    this.request = undefined;
    this.begin = 0;
    /** Milliseconds of script that each frame took, for who measures. @type {number[]} */
    this.costs = [];
    this.sprites = createSprites();
    this.tick = this.tick.bind(this);
  }

  createRoot() {
    const { map } = this;
    const axes = map.names.map(withSubscripts);
    const caption = element("figcaption", {}, `→ ${axes[0]} · ↑ ${axes[1]}`);
    const figures = [element("figure", {}, this.canvas, caption)];
    if (this.high) figures.push(element("figure", {}, this.high, element("figcaption", {}, message("loss"))));
    return element(
      "div",
      { className: "class-cloud" },
      element("div", { className: "cloud-figures" }, ...figures),
      this.sentence,
      element("div", { className: "cloud-keys" }, this.replay, createTable(this.runs, this.paths.inside)),
    );
  }

  /** Play from the start; where motion is not wanted, show the end with the way to it. */
  play() {
    cancelAnimationFrame(this.request ?? 0);
    if (matchMedia("(prefers-reduced-motion: reduce)").matches) return this.showEnd();
    this.costs = [];
    this.begin = performance.now();
    this.request = requestAnimationFrame(this.tick);
    return undefined;
  }

  stop() {
    cancelAnimationFrame(this.request ?? 0);
  }

  /** @param {number} now */
  tick(now) {
    const begin = performance.now();
    this.frame = Math.min(this.width - 1, Math.max(0, now - this.begin) / FRAME_MS);
    this.draw();
    this.costs.push(performance.now() - begin);
    if (this.frame < this.width - 1) this.request = requestAnimationFrame(this.tick);
    else this.end();
  }

  /** Say to who measures that the end is shown. */
  end() {
    Object.assign(this.root.dataset, { over: "true", script: median(this.costs).toFixed(2) });
  }

  showEnd() {
    this.frame = this.width - 1;
    this.draw(true);
    this.end();
  }

  /**
   * Draw the present frame.
   *
   * @param {boolean} [withTrails] whether the way to it is drawn, too
   */
  draw(withTrails = false) {
    const flat = /** @type {CanvasRenderingContext2D} */ (this.canvas.getContext("2d"));
    const high = this.high?.getContext("2d") ?? null;
    this.clear(flat, high);
    if (withTrails) this.drawTrails(flat, high);
    for (let i = 0; i < this.runs.rates.length; i++) this.drawRun(flat, high, i);
    this.write();
  }

  /**
   * @param {CanvasRenderingContext2D} flat
   * @param {CanvasRenderingContext2D | null} high
   */
  clear(flat, high) {
    if (this.flatPicture) flat.drawImage(this.flatPicture, 0, 0, SIZE, SIZE);
    else {
      flat.fillStyle = themeValue("--grid");
      flat.fillRect(0, 0, SIZE, SIZE);
    }
    high?.clearRect(0, 0, WIDTH, HEIGHT);
    if (this.landscape) high?.drawImage(this.landscape.picture, 0, 0);
  }

  /**
   * @param {CanvasRenderingContext2D} flat
   * @param {CanvasRenderingContext2D | null} high
   * @param {number} i
   */
  drawRun(flat, high, i) {
    const at = this.paths.placeAt(i, this.frame);
    const kind = this.isThere(i) ? "there" : "moving";
    const isLit = this.lit.includes(this.runs.numbers[i]);
    if (at.out) this.drawArrow(flat, at.right, at.up, at.angle);
    else this.drawDot(flat, SIZE * at.right, SIZE * (1 - at.up), kind);
    if (isLit) this.drawDot(flat, SIZE * at.right, SIZE * (1 - at.up), "ring");
    if (high && this.landscape) this.drawRunHigh(high, this.landscape, at, kind, isLit);
  }

  /**
   * Draw a run on the landscape; one that is behind a hill is pale.
   *
   * @param {CanvasRenderingContext2D} high
   * @param {Landscape} landscape
   * @param {{ right: number, up: number, height: number, angle: number, out: boolean }} at
   * @param {Kind} kind
   * @param {boolean} isLit
   */
  drawRunHigh(high, landscape, at, kind, isLit) {
    // An arrow marks a place on the edge of the picture, where no run has been: it stands on the picture.
    const height = at.out ? landscape.heightAt(at.right, at.up) : at.height;
    const [x, y] = landscape.pixelOf(at.right, at.up, height);
    if (at.out) this.drawArrowHigh(high, landscape, { ...at, height }, x, y);
    else this.drawDot(high, x, y, landscape.hides(at.right, at.up, at.height) ? "pale" : kind);
    if (isLit) this.drawDot(high, x, y, "ring");
  }

  /**
   * Whether a run has arrived by the present frame.
   *
   * @param {number} i
   */
  isThere(i) {
    const step = this.runs.arrived[i];
    return step >= 0 && this.runs.frames[Math.floor(this.frame)] >= step;
  }

  /**
   * @param {CanvasRenderingContext2D} context
   * @param {number} x
   * @param {number} y
   * @param {Kind | "ring"} kind
   */
  drawDot(context, x, y, kind) {
    const sprite = this.sprites[kind];
    context.drawImage(sprite, x - sprite.width / 2, y - sprite.height / 2);
  }

  /**
   * An arrow at the edge of the map, where a run has left it, along the way that it took.
   *
   * @param {CanvasRenderingContext2D} context
   * @param {number} right
   * @param {number} up
   * @param {number} angle
   */
  drawArrow(context, right, up, angle) {
    const keep = (/** @type {number} */ value) => Math.min(SIZE - ARROW, Math.max(ARROW, value));
    this.drawTurned(context, keep(SIZE * right), keep(SIZE * (1 - up)), angle);
  }

  /**
   * @param {CanvasRenderingContext2D} context
   * @param {Landscape} landscape
   * @param {{ right: number, up: number, height: number, angle: number }} at
   * @param {number} x
   * @param {number} y
   */
  drawArrowHigh(context, landscape, at, x, y) {
    const ahead = landscape.pixelOf(
      at.right + 0.1 * Math.cos(at.angle),
      at.up + 0.1 * Math.sin(at.angle),
      at.height,
    );
    this.drawTurned(context, x, y, Math.atan2(y - ahead[1], ahead[0] - x));
  }

  /**
   * @param {CanvasRenderingContext2D} context
   * @param {number} x
   * @param {number} y
   * @param {number} angle counterclockwise from the right
   */
  drawTurned(context, x, y, angle) {
    const { arrow } = this.sprites;
    const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
    context.setTransform(cos, -sin, sin, cos, x, y);
    context.drawImage(arrow, -arrow.width / 2, -arrow.height / 2);
    context.setTransform(1, 0, 0, 1, 0, 0);
  }

  /**
   * @param {CanvasRenderingContext2D} flat
   * @param {CanvasRenderingContext2D | null} high
   */
  drawTrails(flat, high) {
    for (const context of high ? [flat, high] : [flat]) {
      context.strokeStyle = themeValue("--halo");
      context.lineWidth = 2;
      context.globalAlpha = 0.5;
      for (let i = 0; i < this.runs.rates.length; i++) this.drawTrail(context, i);
      context.globalAlpha = 1;
    }
  }

  /**
   * @param {CanvasRenderingContext2D} context
   * @param {number} i
   */
  drawTrail(context, i) {
    context.beginPath();
    for (let frame = 0; frame < this.width; frame++) {
      const at = this.paths.placeAt(i, frame);
      const [x, y] =
        context.canvas === this.canvas || !this.landscape
          ? [SIZE * at.right, SIZE * (1 - at.up)]
          : this.landscape.pixelOf(at.right, at.up, at.height);
      if (at.out && this.landscape && context.canvas !== this.canvas) break;
      context.lineTo(x, y);
      if (at.out) break;
    }
    context.stroke();
  }

  /** Say in words what the present frame shows. */
  write() {
    const frame = Math.floor(this.frame);
    const { there, onTheWay, left } = countAt(this.runs, this.paths.inside, frame);
    const words = [
      message("Step {k} of {n}", { k: this.runs.frames[frame], n: this.runs.steps }),
      message("{n} there", { n: there }),
      message("{n} on the way", { n: onTheWay }),
      plural("{n} has left the map", "{n} have left the map", { n: left }),
    ].join(" · ");
    if (this.sentence.textContent !== words) this.sentence.textContent = words;
  }
}

/** Where the runs are on the map, as shares of its width and height. */
export class Paths {
  /**
   * @param {SmallMap} map
   * @param {Runs} runs
   */
  constructor({ u, v }, runs) {
    this.runs = runs;
    this.width = runs.frames.length;
    this.right = runs.u.map((value) => (value - u[0]) / (u[1] - u[0]));
    this.up = runs.v.map((value) => (value - v[0]) / (v[1] - v[0]));
    /** Whether a run is on the map at a frame; one that is not finite is not. */
    this.inside = Uint8Array.from(this.right, (right, i) => Number(isInside(right, this.up[i])));
    /** For each run and frame the last frame before at which it was on the map; −1 without one. */
    this.lastInside = this.findLastInside();
    /** The place that `placeAt` has found last: one object for all, so that a frame makes no garbage. */
    this.at = { right: 0, up: 0, height: 0, out: false, angle: 0 };
  }

  findLastInside() {
    const last = new Int16Array(this.inside.length);
    for (let i = 0; i < last.length; i++) {
      const isFirst = i % this.width === 0;
      last[i] = this.inside[i] ? i % this.width : isFirst ? -1 : last[i - 1];
    }
    return last;
  }

  /**
   * Where a run is between two frames. A run that has left the map stays where it crossed the edge, with the
   * angle at which it did, until it is back.
   *
   * @param {number} i
   * @param {number} frame
   */
  placeAt(i, frame) {
    const { at, width } = this;
    const whole = Math.min(width - 1, Math.floor(frame));
    const here = i * width + whole;
    if (!this.inside[here]) return this.edgeAt(i, this.lastInside[here]);
    const next = Math.min(width - 1, whole + 1) + i * width;
    const part = frame - whole;
    if (part && !this.inside[next]) return this.leaveAt(i, whole, part);
    this.mix(here, next, part);
    at.out = false;
    return at;
  }

  /**
   * @param {number} here
   * @param {number} next
   * @param {number} part
   */
  mix(here, next, part) {
    const { at } = this;
    const { height } = this.runs;
    at.right = this.right[here] + part * (this.right[next] - this.right[here]);
    at.up = this.up[here] + part * (this.up[next] - this.up[here]);
    at.height = height[here] + part * (height[next] - height[here]);
  }

  /**
   * On its way out a run goes to the edge, at which it is an arrow.
   *
   * @param {number} i
   * @param {number} whole
   * @param {number} part
   */
  leaveAt(i, whole, part) {
    const at = this.edgeAt(i, whole);
    if (part >= at.share) return at;
    this.mix(i * this.width + whole, i * this.width + whole + 1, part);
    at.out = false;
    return at;
  }

  /**
   * Where a run crosses the edge of the map after a frame at which it was on it.
   *
   * @param {number} i
   * @param {number} whole
   */
  edgeAt(i, whole) {
    const at = /** @type {Paths["at"] & { share: number }} */ (this.at);
    const here = i * this.width + Math.max(0, whole);
    const next = whole < 0 ? here : here + 1;
    const [across, rise] = [this.right[next] - this.right[here], this.up[next] - this.up[here]];
    const isKnown = Number.isFinite(across) && Number.isFinite(rise);
    const toEdge = Math.min(shareToEdge(this.right[here], across), shareToEdge(this.up[here], rise));
    const share = isKnown ? toEdge : 0;
    at.right = this.right[here] + (isKnown ? share * across : 0);
    at.up = this.up[here] + (isKnown ? share * rise : 0);
    at.height = this.runs.height[here];
    at.angle = isKnown ? Math.atan2(rise, across) : Math.PI / 2;
    at.out = true;
    at.share = share;
    return at;
  }
}

/**
 * @param {number} right
 * @param {number} up
 */
const isInside = (right, up) => right >= 0 && right <= 1 && up >= 0 && up <= 1;

/**
 * The share of a way at which a coordinate reaches 0 or 1; 1 if it does not.
 *
 * @param {number} from
 * @param {number} way
 */
const shareToEdge = (from, way) => {
  if (way > 0) return Math.min(1, (1 - from) / way);
  return way < 0 ? Math.min(1, -from / way) : 1;
};

/**
 * @param {number} width
 * @param {number} height
 * @param {string} label
 */
const createCanvas = (width, height, label) =>
  element("canvas", { width, height, role: "img", ariaLabel: label });

/** Pictures of dots and of an arrow, drawn once. */
function createSprites() {
  const halo = themeValue("--halo");
  const dot = (/** @type {string} */ fill, /** @type {string} */ edge, radius = RADIUS) =>
    createSprite(2 * radius + 8, (context, middle) => {
      context.arc(middle, middle, radius, 0, 2 * Math.PI);
      Object.assign(context, { fillStyle: fill, strokeStyle: edge, lineWidth: 3 });
      context.fill();
      context.stroke();
    });
  return {
    moving: dot(themeValue("--now"), halo),
    there: dot(halo, themeValue("--path")),
    pale: dot("rgb(255 255 255 / .35)", "rgb(255 255 255 / .5)", RADIUS - 4),
    ring: createSprite(6 * RADIUS, (context, middle) => {
      for (const [color, width] of /** @type {const} */ ([
        [themeValue("--path"), 11],
        [halo, 6],
      ])) {
        context.beginPath();
        context.arc(middle, middle, 2 * RADIUS, 0, 2 * Math.PI);
        Object.assign(context, { strokeStyle: color, lineWidth: width });
        context.stroke();
      }
    }),
    arrow: createSprite(2 * ARROW, (context, middle) => {
      context.moveTo(2 * ARROW - 3, middle);
      context.lineTo(4, middle - 0.75 * ARROW);
      context.lineTo(10, middle);
      context.lineTo(4, middle + 0.75 * ARROW);
      context.closePath();
      Object.assign(context, { fillStyle: themeValue("--bad"), strokeStyle: halo, lineWidth: 3 });
      context.fill();
      context.stroke();
    }),
  };
}

/**
 * @param {number} size
 * @param {(context: CanvasRenderingContext2D, middle: number) => void} paint
 */
function createSprite(size, paint) {
  const canvas = element("canvas", { width: size, height: size });
  const context = canvas.getContext("2d");
  if (context) paint(context, size / 2);
  return canvas;
}

/**
 * A table of how the runs ended.
 *
 * @param {Runs} runs
 * @param {Uint8Array} inside
 */
function createTable(runs, inside) {
  const steps = runs.arrived.filter((step) => step >= 0);
  const { there, onTheWay, left } = countAt(runs, inside, runs.frames.length - 1);
  const rows = [
    [message("there"), there],
    [message("median of their steps"), steps.length ? formatNumber(median(steps)) : "–"],
    [message("on the way"), onTheWay],
    [message("left the map"), left],
    [message("of all, flown apart"), runs.apart.filter(Boolean).length],
  ];
  return tableOf(
    message("Table"),
    rows.map(([name, value]) => [String(name), String(value)]),
  );
}

/**
 * A table that opens; the first cell of a row names it.
 *
 * @param {string} title
 * @param {string[][]} rows
 * @param {string[]} [heads]
 */
export function tableOf(title, rows, heads = []) {
  const row = (/** @type {string[]} */ cells) =>
    element("tr", {}, ...cells.map((text, i) => element(i ? "td" : "th", i ? {} : { scope: "row" }, text)));
  const head = element("tr", {}, ...heads.map((text) => element("th", { scope: "col" }, text)));
  const body = heads.length ? [head, ...rows.map(row)] : rows.map(row);
  return element(
    "details",
    { className: "class-table" },
    element("summary", {}, title),
    element("table", {}, ...body),
  );
}
