// Runs at every stop of the learning-rate slider, fetched at once, so that dragging it needs no request.

import { decode } from "../core/array_codec.mjs";
import { tableRow } from "../plot/step_slices.mjs";
import { usesStoredPoints } from "./scene_store.mjs";

/** A link without some of its keys. */
export function withoutKeys(link, ...names) {
  const keys = new URLSearchParams(link);
  for (const name of names) keys.delete(name);
  return `?${keys}`;
}

/** An array of one run in the form that `decode` returns. */
const asArray = (values) => ({ values, width: 0, shape: [] });

export class RatePreview {
  stops = [];

  /**
   * Fetch the runs of a link at step k, unless they are there. The server has none for data kept in this tab.
   */
  async fetch(link, k) {
    const query = withoutKeys(link, "rate");
    if (query === this.query || usesStoredPoints(query)) return;
    Object.assign(this, { query, stops: [], k });
    const response = await fetch(`fan${query}`).catch(() => null);
    const preview = response?.ok ? await response.json() : null;
    if (query === this.query) this.receive(preview);
  }

  receive(preview) {
    if (preview) {
      const { stops, moments } = preview;
      const tables = Object.entries(preview.arrays).map(([name, table]) => [name, decode(table)]);
      Object.assign(this, { stops, moments, tables });
    } else this.query = undefined;
    document.documentElement.dataset.fan = this.stops.length;
  }

  /**
   * The run at the stop nearest to a rate; undefined if the runs are of another link or do not reach that
   * rate.
   */
  nearest(rate, link) {
    const distance = (stop) => Math.abs(Math.log(stop / rate));
    const isNearer = (i, best) => distance(this.stops[i]) < distance(this.stops[best]);
    const index = [...this.stops.keys()].reduce((best, i) => (isNearer(i, best) ? i : best), 0);
    const spacing = Math.log(this.stops[1] / this.stops[0]);
    const reached = distance(this.stops[index]) <= spacing; // false without stops, where it compares NaN
    if (!reached || withoutKeys(link, "rate", "k") !== withoutKeys(this.query, "k")) return undefined;
    return { rate: this.stops[index], moment: this.moments[index], arrays: this.arraysAt(index) };
  }

  /**
   * The arrays of the run at a stop. The step numbers beside each loss curve are not sent but counted here.
   */
  arraysAt(index) {
    const arrays = Object.fromEntries(
      this.tables.map(([name, table]) => [name, asArray(tableRow(table, index))]),
    );
    for (const [name, { values }] of Object.entries(arrays)) {
      if (!name.endsWith("loss") || name.includes("gone")) continue;
      arrays[name.replace(/loss$/, "step")] = asArray(values.map((_, k) => k));
    }
    return arrays;
  }
}
