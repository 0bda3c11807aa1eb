// A landscape on a canvas, seen from above at an angle: its picture, and where a place at a height is on it.

import { element } from "../core/dom.mjs";
import { colorAt, interpolated } from "./small_map.mjs";

/** @import { SmallMap } from "../protocol.js" */

export const WIDTH = 1300;
export const HEIGHT = 1000;
/** The angle by which the map is turned, and the one from which it is seen, in radians. */
const TURN = 0.45;
const ELEVATION = 0.62;
const SCALE = 455;
/** How high the highest place stands, in half widths of the map. */
const TALLNESS = 0.75;
const MIDDLE = { x: WIDTH / 2, y: 660 };
const LIGHT = { x: -0.5, y: 0.35 };
/** Steps and their length in half widths of the map, by which the sight of a place is followed. */
const SIGHT_STEPS = 14;
const SIGHT_LENGTH = 0.09;
/** A place is hidden by what stands so much higher. */
const SIGHT_MARGIN = 0.04;

export class Landscape {
  /** @param {SmallMap & { heights: NonNullable<SmallMap["heights"]> }} map */
  constructor(map) {
    this.bytes = Uint8Array.from(atob(map.heights.bdata), (character) => character.charCodeAt(0));
    this.side = Math.sqrt(this.bytes.length);
    this.picture = this.draw();
  }

  /**
   * The pixel of a place by its shares of the width of the map, from 0 to 1, and of its height.
   *
   * @param {number} right
   * @param {number} up
   * @param {number} height
   * @returns {[number, number]}
   */
  pixelOf(right, up, height) {
    const [x, y] = [2 * right - 1, 2 * up - 1];
    const across = x * Math.cos(TURN) - y * Math.sin(TURN);
    const away = x * Math.sin(TURN) + y * Math.cos(TURN);
    const lifted = height * TALLNESS * Math.cos(ELEVATION);
    return [MIDDLE.x + SCALE * across, MIDDLE.y - SCALE * (away * Math.sin(ELEVATION) + lifted)];
  }

  /**
   * The height of the drawn surface, from 0 to 1; beyond its edge that of the edge.
   *
   * @param {number} right
   * @param {number} up
   */
  heightAt(right, up) {
    const at = (/** @type {number} */ share) => Math.min(1, Math.max(0, share)) * (this.side - 1);
    return interpolated(this.bytes, this.side, at(right), at(up)) / 255;
  }

  /**
   * Whether the surface stands before a place; for its drawing alone.
   *
   * @param {number} right
   * @param {number} up
   * @param {number} height
   */
  hides(right, up, height) {
    for (let i = 2; i <= SIGHT_STEPS; i++) {
      const length = (i * SIGHT_LENGTH) / 2;
      const [x, y] = [right - length * Math.sin(TURN), up - length * Math.cos(TURN)];
      if (x < 0 || x > 1 || y < 0 || y > 1) return false;
      const sight = height + (2 * length * Math.tan(ELEVATION)) / TALLNESS;
      if (this.heightAt(x, y) > sight + SIGHT_MARGIN) return true;
    }
    return false;
  }

  /** The picture of the surface, from the farthest piece to the nearest. */
  draw() {
    const canvas = element("canvas", { width: WIDTH, height: HEIGHT });
    const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
    const last = this.side - 1;
    for (let j = last - 1; j >= 0; j--) {
      for (let i = last - 1; i >= 0; i--) this.drawPiece(context, i, j);
    }
    return canvas;
  }

  /**
   * @param {CanvasRenderingContext2D} context
   * @param {number} i
   * @param {number} j
   */
  drawPiece(context, i, j) {
    const last = this.side - 1;
    const corners = [
      [i, j],
      [i + 1, j],
      [i + 1, j + 1],
      [i, j + 1],
    ];
    const heights = corners.map(([x, y]) => this.bytes[y * this.side + x] / 255);
    const slope = {
      x: (heights[1] + heights[2] - heights[0] - heights[3]) * last,
      y: (heights[2] + heights[3] - heights[0] - heights[1]) * last,
    };
    const steep = Math.hypot(slope.x, slope.y, 2);
    const shade = 0.88 - (0.32 * (slope.x * LIGHT.x + slope.y * LIGHT.y)) / steep;
    const height = (heights[0] + heights[1] + heights[2] + heights[3]) / 4;
    const color = colorAt(height)
      .slice(0, 3)
      .map((part) => Math.min(255, Math.round(part * shade)));
    context.beginPath();
    corners.forEach(([x, y], k) => context.lineTo(...this.pixelOf(x / last, y / last, heights[k])));
    context.closePath();
    context.fillStyle = context.strokeStyle = `rgb(${color.join(" ")})`;
    context.fill();
    context.stroke();
  }
}
