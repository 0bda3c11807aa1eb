// The tables of the detail view: facts, an update rule with the step's numbers, and a row for each run.

import { element } from "../core/dom.mjs";
import { message } from "../core/i18n.mjs";

/** @typedef {[string, string]} Fact name and value */

/** @typedef {{ name: string, lines: { text: string, role?: string }[][] }} UpdateBlock */

/** @typedef {{ name: string, mark: number, said: string[] }} RunRow */

/** @typedef {{ heads: string[], rows: RunRow[], note: string }} RunsTable */

/**
 * How the rows of each kind of table are drawn; the view in Python names the kind.
 *
 * @type {Record<string, (rows: any, rule: string) => HTMLElement[]>}
 */
const TABLES = {
  facts: (/** @type {Fact[]} */ rows) => [element("table", {}, ...rows.map(createFact))],
  update: createUpdate,
  runs: (rows) => [createRuns(rows)],
};

/**
 * Show the table of a step; hide the box where there is none.
 *
 * @param {HTMLElement} box
 * @param {any} rows
 * @param {string} kind
 * @param {string} rule the update rule as MathML
 */
export function showStepTable(box, rows, kind, rule) {
  box.hidden = !rows;
  if (rows) box.replaceChildren(...TABLES[kind](rows, rule));
}

/** @param {Fact} fact */
function createFact([name, value]) {
  return element("tr", {}, element("th", { scope: "row" }, name), element("td", {}, value));
}

/**
 * A row for each run, with its mark.
 *
 * @param {RunsTable} table
 */
function createRuns({ heads, rows, note }) {
  const createRow = (/** @type {RunRow} */ { name, mark, said }) => {
    const head = element("th", { scope: "row" }, name);
    head.dataset.mark = String(mark);
    return element("tr", {}, head, ...said.map((text) => element("td", {}, text)));
  };
  const createHead = (/** @type {string} */ text) =>
    text ? element("th", { scope: "col" }, text) : element("td");
  const head = element("thead", {}, element("tr", {}, ...heads.map(createHead)));
  const body = element("tbody", {}, ...rows.map(createRow));
  return element("table", { className: "runs" }, element("caption", {}, note), head, body);
}

/**
 * The update rule, and below it a block of lines for each quantity that it updates.
 *
 * @param {UpdateBlock[]} blocks
 * @param {string} rule
 */
function createUpdate(blocks, rule) {
  const head = element("p", { className: "rule", innerHTML: rule });
  if (!blocks.length) return [head, element("p", {}, message("The run ends here: there is no next step."))];
  const createBlock = (/** @type {UpdateBlock} */ { name, lines }) => {
    const title = element("p", { className: "of" }, message("Next {name}", { name }));
    return [...(lines.length > 1 ? [title] : []), ...lines.map(createLine)];
  };
  return [head, ...blocks.flatMap(createBlock)];
}

/** @param {{ text: string, role?: string }[]} pieces */
function createLine(pieces) {
  const createPiece = (/** @type {{ text: string, role?: string }} */ { text, role }) =>
    element("span", { className: role ?? "" }, text);
  return element("p", { className: "filled" }, ...pieces.map(createPiece));
}
