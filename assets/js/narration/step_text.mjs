// What is said of every step: templates with the step's numbers in them. The same rule as app/telling.py.

import { decode } from "../core/array_codec.mjs";
import { read } from "../core/i18n.mjs";

const signed = (value) => (value < 0 ? `(${read(value)})` : read(value));

const ROLES = {
  before: (column, k) => read(column[k - 1]),
  change: (column, k) => read(Math.abs(column[k - 1] - column[k])),
  step: (column, k) => signed(column[k] - column[k - 1]),
  factor: (column, k) => signed(column[k - 1]),
};

class Teller {
  constructor({ last, words, columns, kinds }) {
    const numbers = Object.entries(columns).map(([name, column]) => [name, decode(column).values]);
    Object.assign(this, { last, words, kinds, columns: Object.fromEntries(numbers) });
    for (const told of Object.values(kinds)) told.steps = told.which && decode(told.which).values;
  }

  at(k) {
    return Object.fromEntries(Object.entries(this.kinds).map(([kind, { templates, steps }]) =>
      [kind, templates[steps ? steps[k] : 0].replace(/\{(\w+)\}/g, (_, name) => this.value(name, k))]));
  }

  value(name, k) {
    if (name in this.words) return this.words[name];
    if (name === "k" || name === "last") return name === "k" ? k : this.last;
    const [column, role] = name.split("_");
    return role ? ROLES[role](this.columns[column], k) : read(this.columns[column][k]);
  }
}

export class Telling {
  /** `told` is of the run with the player; `beside` of the others; tables are one a step, but for a race's. */
  constructor({ told, beside, tables }) {
    const others = beside.map((other) => ({ mark: other.mark, teller: new Teller(other) }));
    Object.assign(this, { first: new Teller(told), others, tables, last: told.last });
  }

  /** All that is said at step k. */
  at(k) {
    const beside = this.others.map(({ mark, teller }) => ({ mark, ...teller.at(k) }));
    const rows = Object.entries(this.tables).map(([name, rows]) => [name, name === "race" ? rows : rows[k]]);
    return { ...this.first.at(k), beside, ...Object.fromEntries(rows) };
  }
}
