// A map that is small enough for a phone: bands of height, places as dots, the right place as a star.

import { element } from "../core/dom.mjs";
import { formatNumber, message, withSubscripts } from "../core/i18n.mjs";

/** @import { SmallMap } from "../protocol.js" */
/** @typedef {[number, number]} Place */

/** Pixels of the picture along a side; CSS sets its size on the page. */
const SIZE = 800;
/** Points along a side at which heights are interpolated. */
const FINE = 240;
/** Colors of heights from low to high, those of the page's map. */
const COLORS = [
  [68, 1, 84],
  [59, 82, 139],
  [33, 145, 140],
  [94, 201, 98],
  [253, 231, 37],
];

/**
 * What is marked on a map.
 *
 * @typedef {object} Marks
 * @property {Place[]} [places] the places of a class
 * @property {Place[]} [earlier] those of the first round
 * @property {Place | null} [own]
 * @property {Place | null} [target] the right place
 */

/**
 * The distance of two places.
 *
 * @param {Place} a
 * @param {Place} b
 */
export const distance = (a, b) => Math.hypot(a[0] - b[0], a[1] - b[1]);

/**
 * The median of numbers; NaN of none.
 *
 * @param {number[]} values
 */
export function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/**
 * A picture of bands of height, low ones dark.
 *
 * @param {string} bytes a square grid of heights from 0 to 255, upward row by row, in base64
 * @param {number} bands
 */
export function pictureOf(bytes, bands) {
  const heights = Uint8Array.from(atob(bytes), (character) => character.charCodeAt(0));
  const width = Math.sqrt(heights.length);
  const canvas = element("canvas", { width: FINE, height: FINE });
  const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  const image = context.createImageData(FINE, FINE);
  const colors = Array.from({ length: bands }, (_, band) => colorAt(band / (bands - 1)));
  for (let y = 0; y < FINE; y++) {
    for (let x = 0; x < FINE; x++) {
      const scale = (width - 1) / (FINE - 1);
      const height = interpolated(heights, width, x * scale, (FINE - 1 - y) * scale);
      const band = Math.min(bands - 1, Math.floor((height * bands) / 256));
      image.data.set(colors[band], 4 * (y * FINE + x));
    }
  }
  context.putImageData(image, 0, 0);
  return canvas;
}

/**
 * The value between the points of a square grid.
 *
 * @param {Uint8Array} values
 * @param {number} width
 * @param {number} x
 * @param {number} y
 */
export function interpolated(values, width, x, y) {
  const [i, j] = [Math.min(width - 2, Math.floor(x)), Math.min(width - 2, Math.floor(y))];
  const [right, up] = [x - i, y - j];
  const at = (/** @type {number} */ column, /** @type {number} */ row) => values[row * width + column];
  const below = at(i, j) * (1 - right) + at(i + 1, j) * right;
  const above = at(i, j + 1) * (1 - right) + at(i + 1, j + 1) * right;
  return below * (1 - up) + above * up;
}

/**
 * The color of a share of the height, as red, green, blue and opacity.
 *
 * @param {number} share
 */
export function colorAt(share) {
  const place = share * (COLORS.length - 1);
  const i = Math.min(COLORS.length - 2, Math.floor(place));
  const mixed = COLORS[i].map((value, k) => value + (place - i) * (COLORS[i + 1][k] - value));
  return [...mixed, 255];
}

export class SmallMapView {
  /**
   * @param {SmallMap} map
   * @param {((place: Place) => void) | null} onPick called with a place that is tapped
   */
  constructor(map, onPick = null) {
    this.map = map;
    /** Its heights, drawn once. @type {HTMLCanvasElement | null | undefined} */
    this.picture = undefined;
    this.canvas = element("canvas", { width: SIZE, height: SIZE, role: "img" });
    this.canvas.ariaLabel = message("Map");
    const [across, up] = map.names.map(withSubscripts);
    const range = (/** @type {[number, number]} */ [low, high]) =>
      message("{low} to {high}", { low: formatNumber(low), high: formatNumber(high) });
    this.root = element(
      "figure",
      { className: "small-map" },
      this.canvas,
      element("figcaption", {}, `→ ${across} ${range(map.u)} · ↑ ${up} ${range(map.v)}`),
    );
    if (onPick) {
      this.canvas.onpointerdown = ({ offsetX, offsetY }) =>
        onPick(this.placeAt(offsetX / this.canvas.clientWidth, offsetY / this.canvas.clientHeight));
    }
    this.mark({});
  }

  /**
   * The place at a share of the width from the left and of the height from the top.
   *
   * @param {number} right
   * @param {number} down
   * @returns {Place}
   */
  placeAt(right, down) {
    const [lowU, highU] = this.map.u;
    const [lowV, highV] = this.map.v;
    const share = (/** @type {number} */ value) => Math.min(1, Math.max(0, value));
    return [lowU + share(right) * (highU - lowU), highV - share(down) * (highV - lowV)];
  }

  /**
   * The pixel of a place.
   *
   * @param {Place} place
   */
  pixelOf([u, v]) {
    const [lowU, highU] = this.map.u;
    const [lowV, highV] = this.map.v;
    return [(SIZE * (u - lowU)) / (highU - lowU), (SIZE * (highV - v)) / (highV - lowV)];
  }

  /**
   * Draw the map with marks.
   *
   * @param {Marks} marks
   */
  mark({ places = [], earlier = [], own = null, target = null }) {
    const context = this.canvas.getContext("2d");
    if (!context) return;
    const style = getComputedStyle(document.documentElement);
    const color = (/** @type {string} */ name) => style.getPropertyValue(name).trim();
    this.drawHeights(context, color("--grid"));
    const dot = (/** @type {Place} */ place, radius = 14, fill = "", opacity = 1) => {
      const [x, y] = this.pixelOf(place);
      context.globalAlpha = opacity;
      context.beginPath();
      context.arc(x, y, radius, 0, 2 * Math.PI);
      Object.assign(context, { fillStyle: fill, strokeStyle: color("--halo"), lineWidth: 4 });
      context.fill();
      context.stroke();
      context.globalAlpha = 1;
    };
    dot(this.map.start, 11, color("--path"));
    for (const place of earlier) dot(place, 12, color("--ghost"), 0.6);
    for (const place of places) dot(place, 14, color("--now"), 0.85);
    if (own) dot(own, 19, color("--now"));
    if (target) this.drawStar(context, target, color("--halo"), color("--path"));
  }

  /**
   * @param {CanvasRenderingContext2D} context
   * @param {string} ground the color of a map without heights
   */
  drawHeights(context, ground) {
    context.fillStyle = ground;
    context.fillRect(0, 0, SIZE, SIZE);
    this.picture ??= this.map.heights && pictureOf(this.map.heights.bdata, this.map.bands);
    if (this.picture) context.drawImage(this.picture, 0, 0, SIZE, SIZE);
  }

  /**
   * @param {CanvasRenderingContext2D} context
   * @param {Place} place
   * @param {string} fill
   * @param {string} edge
   */
  drawStar(context, place, fill, edge) {
    const [x, y] = this.pixelOf(place);
    context.beginPath();
    for (let i = 0; i < 10; i++) {
      const [radius, angle] = [i % 2 ? 14 : 34, (Math.PI * i) / 5 - Math.PI / 2];
      context.lineTo(x + radius * Math.cos(angle), y + radius * Math.sin(angle));
    }
    context.closePath();
    Object.assign(context, { fillStyle: fill, strokeStyle: edge, lineWidth: 5 });
    context.fill();
    context.stroke();
  }
}
