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
 * The texts of one run. `texts` are its kinds of text, each with its templates and the index of the
 * template at each step; `columns` hold a number per step, `constants` values that stay the same.
 */
class RunText {
  constructor({ lastStep, constants, columns, texts }) {
    const decoded = Object.entries(columns).map(([name, column]) => [name, decode(column).values]);
    Object.assign(this, { lastStep, constants, columns: Object.fromEntries(decoded) });
    this.kinds = Object.entries(texts).map(([kind, { templates, index }]) => {
      const numbers = index && decode(index).values;
      return { kind, templateAt: (k) => templates[numbers ? numbers[k] : 0] };
    });
  }

  /** The texts of step k by kind. */
  at(k) {
    const fill = (template) => template.replace(/\{(\w+)\}/g, (_, name) => this.value(name, k));
    return Object.fromEntries(this.kinds.map(({ kind, templateAt }) => [kind, fill(templateAt(k))]));
  }

  value(name, k) {
    if (name in this.constants) return this.constants[name];
    if (name === "k") return k;
    if (name === "last") return this.lastStep;
    const [column, role] = name.split("_");
    return role ? ROLES[role](this.columns[column], k) : formatNumber(this.columns[column][k]);
  }
}

/** The moments of a scene: the texts and the table of every step. */
export class StepText {
  constructor({ moment, run }) {
    this.sceneMoment = moment;
    this.main = new RunText(run.runText);
    this.compared = run.compared.map(({ styleIndex, runText }) => ({ styleIndex, text: new RunText(runText) }));
    this.tables = run.tables;
  }

  /** The moment of step k; the scene's own comes from the server. There may be one table for all steps. */
  at(k) {
    if (k === this.sceneMoment.step) return this.sceneMoment;
    const compared = this.compared.map(({ styleIndex, text }) => ({ styleIndex, ...text.at(k) }));
    const table = this.tables[Math.min(k, this.tables.length - 1)] ?? null;
    return { ...this.sceneMoment, step: k, ...this.main.at(k), compared, table };
  }
}
