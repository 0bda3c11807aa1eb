// Move the traces of a three-dimensional plot without Plotly: nothing else of the scene is computed anew.

import { drawnSceneTrace, sceneOf } from "./plotly_internals.mjs";

/** @import { Attributes, PlotElement, Values } from "../types.js" */
/** @import { DrawnTrace, Scene } from "./plotly_internals.mjs" */
/** @import { RedrawPace } from "./redraw_pace.mjs" */

/** Runs with more points are not uploaded whole: a step may show a few of them only. */
const MOST_POINTS = 4096;

/** The traces of one plot's scene. */
export class GlTraces {
  /**
   * @param {PlotElement} plot
   * @param {RedrawPace} pace of the plot's scene
   */
  constructor(plot, pace) {
    this.plot = plot;
    this.pace = pace;
    /** @type {Map<DrawnTrace, GlTraceSlice>} */
    this.slices = new Map();
    this.isStale = true;
    this.reset();
  }

  /**
   * Plotly has drawn anew, perhaps in a card of another size. Nothing is drawn until `drawNow`, which draws
   * all that is moved by then at once: without a graphics card it takes long.
   */
  reset() {
    this.isStale = true;
    for (const slice of this.slices.values()) slice.reset();
    this.scene.fixSize();
  }

  get scene() {
    return /** @type {Scene} */ (sceneOf(this.plot));
  }

  /**
   * Show trace `index` at new coordinates; return whether the scene has drawn that trace.
   *
   * @param {number} index
   * @param {Attributes} coordinates
   */
  move(index, coordinates) {
    const drawn = drawnSceneTrace(this.plot, index);
    if (!drawn) return false;
    Object.assign(drawn.trace, coordinates);
    let slice = this.slices.get(drawn);
    if (!slice) {
      slice = new GlTraceSlice(drawn);
      this.slices.set(drawn, slice);
    }
    slice.show(coordinates);
    return true;
  }

  /** Texts are moved like all else here; the counterpart in flat plots hides them. */
  hide() {}

  /**
   * Draw the scene, where that is slow a little later.
   *
   * @param {boolean} isPlayed whether a run is played
   */
  finish(isPlayed) {
    if (!this.isStale) this.pace.request(isPlayed);
  }

  /** Draw the scene once. */
  drawNow() {
    this.isStale = false;
    this.pace.drawNow();
  }
}

/**
 * Shows a slice of the points in a trace's vertex buffers. A step of a run is a slice of the run's
 * points, so the whole run is uploaded once and each step only changes the range that is drawn.
 */
class GlTraceSlice {
  /**
   * The array buffer whose points the vertex buffers hold completely, while the range is limited.
   *
   * @type {ArrayBufferLike | null}
   */
  uploaded = null;
  /**
   * The array buffer that was shown before.
   *
   * @type {ArrayBufferLike | null}
   */
  previous = null;
  /**
   * How many of the uploaded points up to each one have vertices.
   *
   * @type {number[]}
   */
  drawnBefore = [];

  /** @param {DrawnTrace} drawn */
  constructor(drawn) {
    this.drawn = drawn;
  }

  /** Treat the next array buffer as new. */
  reset() {
    this.previous = null;
  }

  /** @param {Attributes} coordinates */
  show(coordinates) {
    const { range } = this.drawn;
    const { buffer, byteOffset, BYTES_PER_ELEMENT, length } = coordinates.x;
    if (!range.limited || this.uploaded !== buffer) this.upload(coordinates, buffer);
    if (!range.limited) return;
    const first = byteOffset / BYTES_PER_ELEMENT;
    range.skipped = first ? this.drawnBefore[first - 1] : 0;
    range.count = this.drawnBefore[first + length - 1] - range.skipped;
  }

  /**
   * Upload the slice; or the whole run if the same buffer is shown a second time, for then the run is played.
   *
   * @param {Attributes} coordinates
   * @param {ArrayBufferLike} buffer
   */
  upload(coordinates, buffer) {
    const { trace, range } = this.drawn;
    const whole = this.previous === buffer && wholeArrays(coordinates);
    const drawnBefore = whole && countDrawn(whole, trace.mode);
    this.drawn.upload(drawnBefore ? { ...trace, ...whole } : trace);
    this.previous = buffer;
    if (!drawnBefore) return;
    this.uploaded = buffer;
    this.drawnBefore = drawnBefore;
    range.total = drawnBefore[drawnBefore.length - 1];
    range.limited = true;
  }
}

/**
 * The whole arrays of which coordinates are one common slice; null if they are none or have too many points.
 *
 * @param {Attributes} coordinates
 * @returns {Record<"x" | "y" | "z", Values> | null}
 */
export function wholeArrays(coordinates) {
  const { x, y, z } = coordinates;
  const isSameSlice = (/** @type {any} */ other) =>
    other?.buffer &&
    other.byteOffset === x.byteOffset &&
    other.length === x.length &&
    other.buffer.byteLength === x.buffer.byteLength;
  if (Object.keys(coordinates).length !== 3 || ![x, y, z].every(isSameSlice)) return null;
  const whole = (/** @type {any} */ values) => new values.constructor(values.buffer);
  const arrays = { x: whole(x), y: whole(y), z: whole(z) };
  return arrays.x.length <= MOST_POINTS ? arrays : null;
}

/**
 * How many points up to each one have vertices: points that are not finite have none.
 * null if nothing is drawn, or if such a point leaves a gap in a line.
 *
 * @param {Record<"x" | "y" | "z", Values>} points
 * @param {string} mode
 */
export function countDrawn({ x, y, z }, mode) {
  const drawnBefore = [];
  let drawn = 0;
  for (let i = 0; i < x.length; i++) {
    const finite = Number.isFinite(x[i]) && Number.isFinite(y[i]) && Number.isFinite(z[i]);
    if (finite && drawn < i && mode.includes("lines")) return null;
    if (finite) drawn += 1;
    drawnBefore.push(drawn);
  }
  return drawn ? drawnBefore : null;
}
