// Move the traces of a flat plot without Plotly: Plotly has drawn the elements, here they only change place.

import { drawnScatter } from "./plotly_internals.mjs";

/** @import { PlotlyObject } from "../protocol.js" */
/** @import { Attributes, PlotElement } from "../types.js" */
/** @import { DrawnScatter } from "./plotly_internals.mjs" */

/**
 * Pixels of points, and the points in SVG's notation: an empty text where one is not finite.
 *
 * @typedef {{ across: number[], up: number[], texts: string[] }} Pixels
 */

/**
 * Pixels of a whole run, by the buffer of its x coordinates.
 *
 * @typedef {WeakMap<ArrayBufferLike, Pixels & { y: ArrayBufferLike, axes: string }>} PixelCache
 */

const HIDDEN = "scale(0)";
const EMPTY_PATH = "M0,0";
/**
 * Pixels are limited to this: beyond, a screen cannot tell lines apart and a browser cannot parse the number.
 */
const LARGEST_PIXEL = 1e6;
/** Plotly ends the line of an arrow at this share of its marker's size before the tip. */
const ARROW_HEAD = 0.9;

/** @param {number} pixel */
const roundPixel = (pixel) => Math.round(Math.max(-LARGEST_PIXEL, Math.min(LARGEST_PIXEL, pixel)) * 10) / 10;

/**
 * @param {number} across
 * @param {number} up
 */
const angleDegrees = (across, up) => (Math.atan2(up, across) * 180) / Math.PI;

/**
 * A point in SVG's notation; an empty text for a point that is not finite.
 *
 * @param {number} across
 * @param {number} up
 */
export const formatPoint = (across, up) =>
  Number.isFinite(across) && Number.isFinite(up) ? `${roundPixel(across)},${roundPixel(up)}` : "";

/**
 * The direction in which an arrow marker was drawn: from the middle of its base to its tip at the origin.
 *
 * @param {Element} marker
 */
function drawnDirection(marker) {
  const points = marker.getAttribute("d")?.match(/[^MLZ]+/g) ?? [];
  const [, left = [0, 0], right = [0, 0]] = points.map((pair) => pair.split(",").map(Number));
  return angleDegrees(-left[0] - right[0], -left[1] - right[1]);
}

/** The traces of one plot. */
export class SvgTraces {
  /** @type {Map<number, SvgTrace | null>} */
  traces = new Map();
  /** @type {PixelCache} */
  pixelCache = new WeakMap();

  /** @param {PlotElement} plot */
  constructor(plot) {
    this.plot = plot;
  }

  /** Plotly has drawn anew: its elements are new, and its axes may have changed. */
  reset() {
    this.traces.clear();
    this.pixelCache = new WeakMap();
  }

  /**
   * Show nothing of trace `index`.
   *
   * @param {number} index
   */
  hide(index) {
    this.trace(index)?.hide();
  }

  /** Nothing is left to do after moving; the counterpart in three dimensions redraws its scene. */
  finish() {}

  /** What is moved is drawn already. */
  drawNow() {}

  /**
   * The drawn trace `index`; null if Plotly has drawn no such scatter trace.
   *
   * @param {number} index
   */
  trace(index) {
    let trace = this.traces.get(index);
    if (trace === undefined) {
      const drawn = drawnScatter(this.plot, index);
      trace = drawn && new SvgTrace(drawn, this.pixelCache);
      this.traces.set(index, trace);
    }
    return trace;
  }

  /**
   * Show trace `index` at new coordinates; return whether its elements suffice for that.
   *
   * @param {number} index
   * @param {Attributes} attributes
   * @returns {boolean}
   */
  move(index, { x = [], y = [], ...other }) {
    const trace = this.trace(index);
    const visible = x.some(
      (/** @type {number} */ value, /** @type {number} */ i) =>
        Number.isFinite(value) && Number.isFinite(y[i]),
    );
    if (!visible) trace?.hide();
    return !visible || Boolean(trace?.move(x, y, other));
  }
}

/** The elements that Plotly has drawn for one trace: lines, filled areas, markers, texts. */
class SvgTrace {
  /** @type {string[]} */
  transforms = [];

  /**
   * @param {DrawnScatter} drawn
   * @param {PixelCache} pixelCache
   */
  constructor(drawn, pixelCache) {
    const all = (/** @type {string} */ selector) => [...drawn.group.querySelectorAll(selector)];
    /** @type {PlotlyObject} */
    this.trace = drawn.trace;
    this.drawn = drawn;
    this.pixelCache = pixelCache;
    this.lines = all(".js-line");
    this.fills = all(".js-fill");
    this.markers = all("path.point");
    this.texts = all(".textpoint");
    const hasArrows = this.trace.marker?.symbol === "arrow";
    this.drawnAngles = hasArrows ? this.markers.map(drawnDirection) : null;
  }

  /** Whether each arrow points away from the point before it. */
  get pointsForward() {
    return this.trace.marker?.angleref === "previous";
  }

  /**
   * The pixels of points. For slices of a run they are computed once for the run and shared by all its
   * traces.
   *
   * @param {any} x
   * @param {any} y
   * @returns {Pixels}
   */
  pixels(x, y) {
    const sameSlice =
      x.buffer && y.buffer && x.byteOffset === y.byteOffset && x.buffer.byteLength === y.buffer.byteLength;
    if (!sameSlice) return this.computePixels(x, y);
    const { axes } = this.drawn;
    let run = this.pixelCache.get(x.buffer);
    if (run?.y !== y.buffer || run?.axes !== axes) {
      const whole = this.computePixels(new x.constructor(x.buffer), new y.constructor(y.buffer));
      run = { y: y.buffer, axes, ...whole };
      this.pixelCache.set(x.buffer, run);
    }
    const from = x.byteOffset / x.BYTES_PER_ELEMENT;
    const to = from + x.length;
    return {
      across: run.across.slice(from, to),
      up: run.up.slice(from, to),
      texts: run.texts.slice(from, to),
    };
  }

  /**
   * @param {ArrayLike<number>} x
   * @param {ArrayLike<number>} y
   * @returns {Pixels}
   */
  computePixels(x, y) {
    const { xPixel, yPixel } = this.drawn;
    const across = Array.from(x, xPixel);
    const up = Array.from(y, yPixel);
    return { across, up, texts: across.map((pixel, i) => formatPoint(pixel, up[i])) };
  }

  hide() {
    for (const line of [...this.lines, ...this.fills]) line.setAttribute("d", EMPTY_PATH);
    for (const text of this.texts) text.setAttribute("transform", HIDDEN);
    this.markers.forEach((_, i) => this.setTransform(i, HIDDEN));
  }

  /**
   * Move every element; return false where Plotly must draw instead: for texts, other attributes, missing
   * elements.
   *
   * @param {ArrayLike<number>} x
   * @param {ArrayLike<number>} y
   * @param {Attributes} other
   */
  move(x, y, { "marker.angle": angles, ...other }) {
    const { mode } = this.trace;
    const lacksLine = mode.includes("lines") && !this.lines.length && x.length > 1;
    const lacksMarkers = mode.includes("markers") && !this.markers.length;
    if (lacksLine || lacksMarkers || mode.includes("text") || Object.keys(other).length) return false;
    const pixels = this.pixels(x, y);
    if (this.lines.length || this.fills.length) this.moveLines(pixels);
    this.moveMarkers(pixels, angles);
    return true;
  }

  /** @param {Pixels} pixels */
  moveLines(pixels) {
    const drawn = this.pointsForward ? arrowPaths(pixels, this.trace.marker.size) : linePath(pixels.texts);
    const path = drawn || EMPTY_PATH;
    this.lines.forEach((line, i) => line.setAttribute("d", i ? EMPTY_PATH : path));
    for (const fill of this.fills) fill.setAttribute("d", `${path}Z`);
  }

  /**
   * @param {Pixels} pixels
   * @param {ArrayLike<number>} angles
   */
  moveMarkers({ across, up, texts }, angles) {
    if (!this.markers.length) return;
    let used = 0;
    for (let i = 0; i < texts.length; i++) {
      if (!texts[i]) continue;
      if (used === this.markers.length) this.addMarker();
      const rotation = this.drawnAngles
        ? `rotate(${roundPixel(this.angle(across, up, angles, i) - this.drawnAngles[used])})`
        : "";
      this.setTransform(used++, `translate(${texts[i]})${rotation}`);
    }
    for (; used < this.markers.length; used++) this.setTransform(used, HIDDEN);
  }

  /**
   * Set a marker's transform if it has changed: most markers of a path stay where they are.
   *
   * @param {number} marker
   * @param {string} transform
   */
  setTransform(marker, transform) {
    if (this.transforms[marker] === transform) return;
    this.transforms[marker] = transform;
    this.markers[marker].setAttribute("transform", transform);
  }

  /**
   * The direction of the arrow at a point: from the point before, or `angles` in degrees from straight up.
   *
   * @param {number[]} across
   * @param {number[]} up
   * @param {ArrayLike<number>} angles
   * @param {number} i
   */
  angle(across, up, angles, i) {
    if (!this.pointsForward) return angles[i] - 90;
    return angleDegrees(across[i] - across[i - 1], up[i] - up[i - 1]) || 0;
  }

  /** Add a copy of the last marker. */
  addMarker() {
    const last = this.markers[this.markers.length - 1];
    const copy = /** @type {Element} */ (last.cloneNode());
    last.after(copy);
    this.markers.push(copy);
    this.drawnAngles?.push(this.drawnAngles[this.drawnAngles.length - 1]);
  }
}

/**
 * Path of separate lines between consecutive points, each ending where the head of its arrow begins.
 *
 * @param {Pixels} pixels
 * @param {any} size of the markers: a number, or one for each
 */
export function arrowPaths({ across, up, texts }, size) {
  let path = "";
  for (let i = 1; i < across.length; i++) {
    const [x, y] = [across[i] - across[i - 1], up[i] - up[i - 1]];
    const headShare = (ARROW_HEAD * (size[i] ?? size)) / Math.hypot(x, y);
    const lineShare = headShare < 1 ? 1 - headShare : 1;
    const end = formatPoint(across[i - 1] + lineShare * x, up[i - 1] + lineShare * y);
    path += linePath([texts[i - 1], end]);
  }
  return path;
}

/**
 * Path through points; an empty text interrupts it.
 *
 * @param {string[]} points
 */
export function linePath(points) {
  let [path, drawing] = ["", false];
  for (const point of points) {
    if (point) path += `${drawing ? "L" : "M"}${point}`;
    drawing = Boolean(point);
  }
  return path;
}
