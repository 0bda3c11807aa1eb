// A map that is small enough for a phone: bands of height, places as dots, the right place as a star.

import { element } from "../core/dom.mjs";
import { formatNumber, message, withSubscripts } from "../core/i18n.mjs";

/** @import { SmallMap } from "../protocol.js" */
/** @typedef {[number, number]} Place */

/** Pixels of the picture along a side; CSS sets its size on the page. */
const SIZE = 800;

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

export class SmallMapView {
  /**
   * @param {SmallMap} map
   * @param {((place: Place) => void) | null} onPick called with a place that is tapped
   */
  constructor(map, onPick = null) {
    this.map = map;
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
    for (const place of places) dot(place, 14, color("--slope"), 0.85);
    if (own) dot(own, 18, color("--accent"));
    if (target) this.drawStar(context, target, color("--good"), color("--halo"));
  }

  /**
   * @param {CanvasRenderingContext2D} context
   * @param {string} ground the color of a map without heights
   */
  drawHeights(context, ground) {
    context.fillStyle = ground;
    context.fillRect(0, 0, SIZE, SIZE);
    if (!this.map.heights) return;
    const bands = atob(this.map.heights.bdata);
    const width = Math.sqrt(bands.length);
    const cell = SIZE / width;
    for (let i = 0; i < bands.length; i++) {
      const share = bands.charCodeAt(i) / (this.map.bands - 1);
      context.fillStyle = `hsl(${215 - 175 * share} 55% ${34 + 50 * share}%)`;
      const [x, row] = [(i % width) * cell, Math.floor(i / width)];
      context.fillRect(x, SIZE - (row + 1) * cell, cell + 1, cell + 1);
    }
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
