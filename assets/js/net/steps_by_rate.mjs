// The steps to arrive by rate, which the slider of the rate carries: asked for once a problem and start, when
// the page has nothing else to do.

import { usesStoredPoints, withoutKeys } from "../core/link.mjs";
import { whenIdle } from "../core/timing.mjs";

/** @import { StepsByRate as Curve } from "../protocol.js" */

/** Keys of a link on which the curve does not depend. */
const OTHER_KEYS = ["rate", "k", "view", "theme", "lang", "ghost", "basins", "hide", "embed"];
/** Milliseconds for which the page must rest. */
const REST = 400;
/** Curves that are kept. */
const CACHE_SIZE = 40;

export class StepsByRate {
  /**
   * Curves by link, and null for those that are asked for.
   *
   * @type {Map<string, Curve | null>}
   */
  curves = new Map();
  timer = 0;

  /** @param {(curve: Curve | null) => void} onCurve receives the curve of the present link */
  constructor(onCurve) {
    this.onCurve = onCurve;
  }

  /**
   * Show the curve of a link, now if it is there, else once it was asked for.
   *
   * @param {string} link
   */
  show(link) {
    clearTimeout(this.timer);
    const query = withoutKeys(link, ...OTHER_KEYS) || "?";
    this.query = query;
    const known = this.curves.get(query) ?? null;
    this.onCurve(known);
    if (this.curves.has(query) || usesStoredPoints(query)) return;
    this.timer = window.setTimeout(() => whenIdle(() => this.fetch(query)), REST);
  }

  /** @param {string} query */
  async fetch(query) {
    if (query !== this.query) return;
    for (const oldest of this.curves.keys()) {
      if (this.curves.size < CACHE_SIZE) break;
      this.curves.delete(oldest);
    }
    this.curves.set(query, null);
    const response = await fetch(`arrivals${query}`).catch(() => null);
    const curve = response?.ok ? await response.json() : null;
    if (curve) this.curves.set(query, curve);
    else this.curves.delete(query);
    if (query === this.query) this.onCurve(curve);
  }
}
