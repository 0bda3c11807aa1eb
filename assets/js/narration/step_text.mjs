// The texts of every step: templates with the step's numbers filled in, as in app/narration/step_text.py.

import { decode } from "../core/array_codec.mjs";
import { formatNumber } from "../core/i18n.mjs";

/** A number as it stands in a product or a sum. */
const formatFactor = (value) => (value < 0 ? `(${formatNumber(value)})` : formatNumber(value));

/** What a placeholder `{column_role}` stands for at step k. */
const ROLES = {
  before: (column, k) => formatNumber(column[k - 1]),
  change: (column, k) => formatNumber(Math.abs(column[k - 1] - column[k])),
  step: (column, k) => formatFactor(column[k] - column[k - 1]),
  factor: (column, k) => formatFactor(column[k - 1]),
};

/**
 * The texts of one run. `kinds` are the kinds of text, each with its templates and the number of the
 * template at each step; `columns` hold a number per step, `words` values that stay the same.
 */
class RunText {
  constructor({ last, words, columns, kinds }) {
    const decoded = Object.entries(columns).map(([name, column]) => [name, decode(column).values]);
    Object.assign(this, { last, words, columns: Object.fromEntries(decoded) });
    this.kinds = Object.entries(kinds).map(([kind, { templates, which }]) => {
      const numbers = which && decode(which).values;
      return { kind, templateAt: (k) => templates[numbers ? numbers[k] : 0] };
    });
  }

  /** The texts of step k by kind. */
  at(k) {
    const fill = (template) => template.replace(/\{(\w+)\}/g, (_, name) => this.value(name, k));
    return Object.fromEntries(this.kinds.map(({ kind, templateAt }) => [kind, fill(templateAt(k))]));
  }

  value(name, k) {
    if (name in this.words) return this.words[name];
    if (name === "k") return k;
    if (name === "last") return this.last;
    const [column, role] = name.split("_");
    return role ? ROLES[role](this.columns[column], k) : formatNumber(this.columns[column][k]);
  }
}

/** All texts of a scene's run, of what it is compared with, and of its tables. */
export class StepText {
  constructor({ told, beside, tables, one_table: oneTable }) {
    this.main = new RunText(told);
    this.compared = beside.map((run) => ({ mark: run.mark, text: new RunText(run) }));
    Object.assign(this, { tables, oneTable, last: told.last });
  }

  /** Everything that is said about step k. A view has a table for each step, or one table for all steps. */
  at(k) {
    const beside = this.compared.map(({ mark, text }) => ({ mark, ...text.at(k) }));
    const tables = Object.entries(this.tables).map(([view, rows]) => [view, this.oneTable ? rows : rows[k]]);
    return { ...this.main.at(k), beside, ...Object.fromEntries(tables) };
  }
}
