// The texts of every step: templates with the step's numbers filled in, as in app/narration/step_text.py;
// tests/fixtures/step_text.json holds both together.

import { decode } from "../core/array_codec.mjs";
import { formatNumber } from "../core/i18n.mjs";

/** @import { Moment, RunText as RunTextSpec, Scene } from "../protocol.js" */
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
  /** @param {RunTextSpec} run */
  constructor({ lastStep, constants, columns, texts }) {
    this.lastStep = lastStep;
    this.constants = constants;
    /** @type {Record<string, Values>} */
    this.columns = {};
    for (const [name, column] of Object.entries(columns)) this.columns[name] = decode(column).values;
    this.kinds = Object.entries(texts).map(([kind, { templates, index }]) => {
      const numbers = index && decode(index).values;
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
    if (name in this.constants) return this.constants[name];
    if (name === "k") return String(k);
    if (name === "last") return String(this.lastStep);
    const [column, role] = name.split("_");
    return role ? ROLES[role](this.columns[column], k) : formatNumber(this.columns[column][k]);
  }
}

/** The moments of a scene: the texts and the table of every step. */
export class StepText {
  /** @param {Pick<Scene, "moment" | "run">} scene */
  constructor({ moment, run }) {
    this.sceneMoment = moment;
    this.main = new RunText(run.runText);
    this.compared = run.compared.map(({ styleIndex, runText }) => ({
      styleIndex,
      text: new RunText(runText),
    }));
    this.tables = run.tables;
  }

  /**
   * The moment of step k; the scene's own comes from the server. There may be one table for all steps.
   *
   * @param {number} k
   * @returns {Moment}
   */
  at(k) {
    if (k === this.sceneMoment.step) return this.sceneMoment;
    const compared = this.compared.map(({ styleIndex, text: run }) => {
      const { text, numbers = "" } = run.at(k);
      return { styleIndex, text, numbers };
    });
    const table = this.tables[Math.min(k, this.tables.length - 1)] ?? null;
    return { ...this.sceneMoment, step: k, ...this.main.at(k), compared, table };
  }
}
