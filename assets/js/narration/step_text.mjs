// The texts of every step: templates with the step's numbers filled in, as in app/narration/step_text.py;
// tests/fixtures/step_text.json holds both together.

import { decode } from "../core/array_codec.mjs";
import { formatNumber } from "../core/i18n.mjs";

/** @import { Values } from "../types.js" */

/**
 * A number as it stands in a product or a sum.
 *
 * @param {number} value
 */
const formatFactor = (value) => (value < 0 ? `(${formatNumber(value)})` : formatNumber(value));

/**
 * What a placeholder `{column_role}` stands for at step k.
 *
 * @type {Record<string, (column: Values, k: number) => string>}
 */
const ROLES = {
  before: (column, k) => formatNumber(column[k - 1]),
  change: (column, k) => formatNumber(Math.abs(column[k - 1] - column[k])),
  step: (column, k) => formatFactor(column[k] - column[k - 1]),
  factor: (column, k) => formatFactor(column[k - 1]),
};

/** The texts of one run. */
class RunText {
  /**
   * @param {object} run
   * @param {number} run.last the last step
   * @param {Record<string, string>} run.words values that stay the same
   * @param {Record<string, any>} run.columns arrays with a number per step
   * @param {Record<string, { templates: string[], which?: any }>} run.kinds the kinds of text, each with its
   *   templates and the number of the template at each step
   */
  constructor({ last, words, columns, kinds }) {
    this.last = last;
    this.words = words;
    /** @type {Record<string, Values>} */
    this.columns = {};
    for (const [name, column] of Object.entries(columns)) this.columns[name] = decode(column).values;
    this.kinds = Object.entries(kinds).map(([kind, { templates, which }]) => {
      const numbers = which && decode(which).values;
      return { kind, templateAt: (/** @type {number} */ k) => templates[numbers ? numbers[k] : 0] };
    });
  }

  /**
   * The texts of step k by kind.
   *
   * @param {number} k
   * @returns {Record<string, string>}
   */
  at(k) {
    const fill = (/** @type {string} */ template) =>
      template.replace(/\{(\w+)\}/g, (_, name) => this.value(name, k));
    return Object.fromEntries(this.kinds.map(({ kind, templateAt }) => [kind, fill(templateAt(k))]));
  }

  /**
   * The text of a placeholder.
   *
   * @param {string} name
   * @param {number} k
   */
  value(name, k) {
    if (name in this.words) return this.words[name];
    if (name === "k") return String(k);
    if (name === "last") return String(this.last);
    const [column, role] = name.split("_");
    return role ? ROLES[role](this.columns[column], k) : formatNumber(this.columns[column][k]);
  }
}

/** All texts of a scene's run, of what it is compared with, and of its tables. */
export class StepText {
  /** @param {any} run of a scene */
  constructor({ told, beside, tables, one_table: oneTable }) {
    this.main = new RunText(told);
    this.compared = beside.map((/** @type {any} */ run) => ({ mark: run.mark, text: new RunText(run) }));
    /**
     * Tables by view: one for each step, or one for all.
     *
     * @type {Record<string, any>}
     */
    this.tables = tables;
    /** @type {boolean} */
    this.oneTable = oneTable;
    /** @type {number} */
    this.last = told.last;
  }

  /**
   * Everything that is said about step k.
   *
   * @param {number} k
   * @returns {any}
   */
  at(k) {
    const beside = this.compared.map((/** @type {{ mark: number, text: RunText }} */ { mark, text }) => ({
      mark,
      ...text.at(k),
    }));
    const tables = Object.entries(this.tables).map(([view, rows]) => [view, this.oneTable ? rows : rows[k]]);
    return { ...this.main.at(k), beside, ...Object.fromEntries(tables) };
  }
}
