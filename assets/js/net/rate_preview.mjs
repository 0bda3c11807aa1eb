// The fan of rates: the runs at every stop of the rate's slider, fetched once, so that dragging it asks for nothing.

import { row } from "../plot/step_slices.mjs";
import { decode } from "../core/array_codec.mjs";

/** A link less some of its keys. */
export function without(link, ...names) {
  const keys = new URLSearchParams(link);
  for (const name of names) keys.delete(name);
  return `?${keys}`;
}

export class Fan {
  stops = [];

  /** Have the fan of a link at step k at hand, if the server has one; data that stayed in this tab have none. */
  async fetch(link, k) {
    const query = without(link, "rate");
    if (query === this.query || query.includes("points=browser")) return;
    Object.assign(this, { query, stops: [], k });
    const answer = await fetch(`fan${query}`).catch(() => null);
    const fan = answer?.ok ? await answer.json() : null;
    if (query === this.query) this.open(fan);
  }

  open(fan) {
    if (!fan) this.query = undefined;
    else Object.assign(this, fan, { arrays: Object.entries(fan.arrays ?? {}).map(([name, array]) => [name, decode(array)]) });
    document.documentElement.dataset.fan = this.stops.length;
  }

  /** All that a run at the stop nearest to a rate shows; nothing where the fan is not of this link or does not reach. */
  near(rate, link) {
    const away = (stop) => Math.abs(Math.log(stop / rate));
    const place = this.stops.reduce((best, stop, i) => (away(stop) < away(this.stops[best]) ? i : best), 0);
    const reach = Math.log(this.stops[1] / this.stops[0]);
    if (!(away(this.stops[place]) <= reach) || without(link, "rate", "k") !== without(this.query, "k")) return undefined;
    return { rate: this.stops[place], k: this.k, ...this.seen[place], arrays: this.row(place) };
  }

  row(place) {
    const cut = (table) => ({ values: row(table, place), width: 0, shape: [] });
    const rows = this.arrays.map(([name, table]) => [name, cut(table)]);
    const steps = rows.filter(([name]) => name.endsWith("loss") && !name.includes("gone")).map(([name, { values }]) => [name.replace(/loss$/, "step"), { values: values.map((_, k) => k), width: 0, shape: [] }]);
    return Object.fromEntries([...rows, ...steps]);
  }
}
