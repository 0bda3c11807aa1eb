// Runs at every stop of the learning-rate slider, fetched at once, so that dragging it needs no request.

import { decode, singleRow, tableRow } from "../core/array_codec.mjs";
import { usesStoredPoints, withoutKeys } from "../core/link.mjs";

/** @import { Moment, RatePreview as Preview } from "../protocol.js" */
/** @import { RunArray, RunArrays } from "../types.js" */
/** @import { DecodedPreview } from "./live_preview.mjs" */

export class RatePreview {
  /**
   * The rates of the runs, ascending.
   *
   * @type {number[]}
   */
  stops = [];
  /** @type {Moment[]} */
  moments = [];
  /**
   * Arrays with a row for each run.
   *
   * @type {[string, RunArray][]}
   */
  tables = [];
  /**
   * Arrays that count steps: by name, the array that has as many elements.
   *
   * @type {Record<string, string>}
   */
  stepNumbers = {};
  /**
   * The link of the runs without its rate; null if there are none.
   *
   * @type {string | null}
   */
  query = null;

  /**
   * Fetch the runs of a link at its step, unless they are there. The server has none for data kept in this
   * tab.
   *
   * @param {string} link
   */
  async fetch(link) {
    const query = withoutKeys(link, "rate");
    if (query === this.query || usesStoredPoints(query)) return;
    this.query = query;
    this.stops = [];
    delete document.documentElement.dataset.fan;
    const response = await fetch(`fan${query || "?"}`).catch(() => null);
    const preview = response?.ok ? await response.json() : null;
    if (query === this.query) this.receive(preview);
  }

  /** @param {Preview | null} preview */
  receive(preview) {
    if (preview) {
      this.stops = preview.stops;
      this.moments = preview.moments;
      this.tables = Object.entries(preview.arrays).map(([name, table]) => [name, decode(table)]);
      this.stepNumbers = preview.stepNumbers;
    } else this.query = null;
    document.documentElement.dataset.fan = String(this.stops.length);
  }

  /**
   * The run at the stop nearest to a rate; undefined if the runs are of another link or do not reach that
   * rate.
   *
   * @param {number} rate
   * @param {string} link
   * @returns {(DecodedPreview & { rate: number }) | undefined}
   */
  nearest(rate, link) {
    const { stops } = this;
    if (stops.length < 2 || this.query === null) return undefined;
    const distance = (/** @type {number} */ stop) => Math.abs(Math.log(stop / rate));
    let index = 0;
    stops.forEach((stop, i) => {
      if (distance(stop) < distance(stops[index])) index = i;
    });
    const isReached = distance(stops[index]) <= Math.log(stops[1] / stops[0]);
    if (!isReached || withoutKeys(link, "rate", "k") !== withoutKeys(this.query, "k")) return undefined;
    return { rate: stops[index], moment: this.moments[index], arrays: this.arraysAt(index) };
  }

  /**
   * The arrays of the run at a stop. Step numbers are not sent but counted here.
   *
   * @param {number} index
   */
  arraysAt(index) {
    /** @type {RunArrays} */
    const arrays = {};
    for (const [name, table] of this.tables) arrays[name] = singleRow(tableRow(table, index));
    for (const [name, counted] of Object.entries(this.stepNumbers))
      arrays[name] = singleRow(arrays[counted].values.map((_, k) => k));
    return arrays;
  }
}
