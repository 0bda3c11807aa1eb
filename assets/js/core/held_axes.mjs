// The axes of a flat plot while something on the page is dragged: they hold still, so that what is dragged
// stays under the pointer, and move to their new ranges once it is released.

import { ease } from "./timing.mjs";

/** @import { PlotlyObject } from "../protocol.js" */
/** @import { PlotElement } from "../types.js" */

/** @typedef {[number, number]} Range */

/** @typedef {{ kindAndRange: { range: Range, type: string } }} Axis */

/** Milliseconds in which axes move to their new ranges. */
const TWEEN = 300;
/** Milliseconds of a frame, and of a drawing after which the next one is the last. */
const [FRAME, SLOW] = [16, 50];
/** Room beyond a value for which a range grows, as a share of its length. */
const ROOM = 0.04;
/** Ranges that differ by less than this share of their length are the same. */
const SAME = 1e-6;
const NAMES = /** @type {const} */ (["xaxis", "yaxis"]);

/**
 * The range between two, after a share of the time; it starts and ends slowly.
 *
 * @param {Range} from
 * @param {Range} to
 * @param {number} share
 * @returns {Range}
 */
export function rangeBetween(from, to, share) {
  const eased = ease(share);
  const between = (/** @type {number} */ a, /** @type {number} */ b) => a + eased * (b - a);
  return share < 1 ? [between(from[0], to[0]), between(from[1], to[1])] : to;
}

/**
 * A range that reaches to a value; itself if the value is within.
 *
 * @param {Range} range
 * @param {number} value
 * @returns {Range}
 */
export function rangeWith([low, high], value) {
  const room = ROOM * (high - low);
  if (value < Math.min(low, high)) return low < high ? [value - room, high] : [low, value + room];
  if (value > Math.max(low, high)) return low < high ? [low, value + room] : [value - room, high];
  return [low, high];
}

/**
 * @param {Range} one
 * @param {Range} other
 */
function isSame(one, other) {
  const tolerance = SAME * Math.abs(one[1] - one[0]);
  return one.every((end, i) => Math.abs(end - other[i]) <= tolerance);
}

const nextFrame = () => new Promise((resolve) => requestAnimationFrame(resolve));

/** Holds the axes of one plot. */
export class HeldAxes {
  /**
   * The ranges that are held and the kinds of their axes, by name; null while none are.
   *
   * @type {Record<string, { range: Range, type: string }> | null}
   */
  held = null;
  /**
   * Values outside of the held ranges to which axes reach, by their name.
   *
   * @type {Record<string, number>}
   */
  reached = {};
  /** Counts what ends a tween: a new hold, another drawing. */
  turn = 0;

  /**
   * @param {PlotElement} element
   * @param {() => [Axis, Axis] | null} axes returns the axes as they are drawn now; null in a scene
   */
  constructor(element, axes) {
    this.element = element;
    this.axes = axes;
  }

  get active() {
    return this.held !== null;
  }

  /** Hold the axes as they are drawn now. */
  hold() {
    const axes = this.axes();
    this.turn += 1;
    this.reached = {};
    this.held = axes && Object.fromEntries(NAMES.map((name, i) => [name, axes[i].kindAndRange]));
  }

  /** Hold the axes no longer; what is drawn next has its own ranges. */
  forget() {
    this.held = null;
    this.turn += 1;
  }

  /**
   * Let a held axis reach to a value, which may have left the plot.
   *
   * @param {"xaxis" | "yaxis"} name
   * @param {number} value
   */
  reach(name, value) {
    if (this.held) this.reached[name] = value;
  }

  /**
   * Put the held ranges into a layout that is about to be drawn, unless its axes are of another kind.
   *
   * @param {PlotlyObject} layout
   */
  applyTo(layout) {
    this.turn += 1;
    for (const [name, { range, type }] of Object.entries(this.held ?? {})) {
      const axis = layout[name];
      if (!axis || (axis.type ?? type) !== type) continue;
      axis.range = name in this.reached ? rangeWith(range, this.reached[name]) : range;
    }
  }

  /**
   * Let the axes move to their own ranges; at once for readers who want no motion.
   *
   * @param {PlotlyObject} layout in which the axes have their own ranges, or none if Plotly computes them
   */
  async release(layout) {
    if (!this.held) return;
    this.held = null;
    const turn = ++this.turn;
    const moves = this.movesTo(layout);
    if (!Object.keys(moves).length) return;
    const isStill = matchMedia("(prefers-reduced-motion: reduce)").matches;
    let [began, share] = [0, 0];
    while (share < 1) {
      await nextFrame();
      if (turn !== this.turn) return;
      const now = performance.now();
      began ||= now - FRAME;
      share = isStill ? 1 : Math.min(1, (now - began) / TWEEN);
      await Plotly.relayout(this.element, stepOf(moves, share));
      if (performance.now() - now > SLOW) began = -Infinity;
    }
  }

  /**
   * From where to where each axis has to move, by its name; null is to a range that Plotly computes.
   *
   * @param {PlotlyObject} layout
   * @returns {Record<string, [Range, Range] | null>}
   */
  movesTo(layout) {
    const axes = this.axes();
    /** @type {Record<string, [Range, Range] | null>} */
    const moves = {};
    NAMES.forEach((name, i) => {
      if (!axes || !layout[name]) return;
      const { range: from, type } = axes[i].kindAndRange;
      const { range: to, type: newType = type } = layout[name];
      if (newType !== type) return;
      if (!to) moves[name] = null;
      else if (!isSame(from, to)) moves[name] = [from, to];
    });
    return moves;
  }
}

/**
 * What Plotly is told of the axes after a share of the time.
 *
 * @param {Record<string, [Range, Range] | null>} moves
 * @param {number} share
 */
function stepOf(moves, share) {
  /** @type {Record<string, number | boolean>} */
  const step = {};
  for (const [name, move] of Object.entries(moves)) {
    if (!move) {
      if (share === 1) step[`${name}.autorange`] = true;
      continue;
    }
    rangeBetween(...move, share).forEach((end, i) => (step[`${name}.range[${i}]`] = end));
  }
  return step;
}
