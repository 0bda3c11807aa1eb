// The tables of the detail view: facts, an update rule with the step's numbers, and a row for each run.

import { element } from "../core/dom.mjs";
import { message } from "../core/i18n.mjs";

/** @import { FactsTable, RunRow, RunsTable, Table, TextPiece, UpdateBlock } from "../protocol.js" */

/**
 * Show the table of a step; hide the box where there is none.
 *
 * @param {HTMLElement} box
 * @param {Table | null} table
 * @param {string} rule the update rule as MathML
 */
export function showStepTable(box, table, rule) {
  box.hidden = !table;
  if (table) box.replaceChildren(...createTable(table, rule));
}

/**
 * @param {Table} table
 * @param {string} rule
 */
function createTable(table, rule) {
  switch (table.kind) {
    case "facts":
      return [element("table", {}, ...table.rows.map(createFact))];
    case "runs":
      return [createRuns(table)];
    case "update":
      return createUpdate(table.blocks, rule);
  }
}

/** @param {FactsTable["rows"][number]} fact name and value */
function createFact([name, value]) {
  return element("tr", {}, element("th", { scope: "row" }, name), element("td", {}, value));
}

/**
 * A row for each run, with its mark.
 *
 * @param {RunsTable} table
 */
function createRuns({ heads, rows, note }) {
  const createRow = (/** @type {RunRow} */ { name, styleIndex, cells }) => {
    const head = element("th", { scope: "row" }, name);
    head.dataset.mark = String(styleIndex ?? "now");
    return element("tr", {}, head, ...cells.map((text) => element("td", {}, text)));
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

/** @param {TextPiece[]} pieces */
function createLine(pieces) {
  const createPiece = (/** @type {TextPiece} */ { text, role }) => element("span", { className: role }, text);
  return element("p", { className: "filled" }, ...pieces.map(createPiece));
}
