// The tables of the detail view: facts, an update rule with the step's numbers, and a row for each run.

import { element } from "../core/dom.mjs";
import { message } from "../core/i18n.mjs";

/** How each kind of table is drawn. */
const TABLES = {
  facts: ({ rows }) => [element("table", {}, ...rows.map(createFact))],
  update: ({ blocks }, rule) => createUpdate(blocks, rule),
  runs: (table) => [createRuns(table)],
};

/** Show the table of a step; hide the box where there is none. `rule` is the update rule as MathML. */
export function showStepTable(box, table, rule) {
  box.hidden = !table;
  if (table) box.replaceChildren(...TABLES[table.kind](table, rule));
}

function createFact([name, value]) {
  return element("tr", {}, element("th", { scope: "row" }, name), element("td", {}, value));
}

/** A row for each run, with its mark. */
function createRuns({ heads, rows, note }) {
  const createRow = ({ name, styleIndex, cells }) => {
    const head = element("th", { scope: "row" }, name);
    head.dataset.mark = styleIndex ?? "now";
    return element("tr", {}, head, ...cells.map((text) => element("td", {}, text)));
  };
  const createHead = (text) => (text ? element("th", { scope: "col" }, text) : element("td"));
  const head = element("thead", {}, element("tr", {}, ...heads.map(createHead)));
  const body = element("tbody", {}, ...rows.map(createRow));
  return element("table", { className: "runs" }, element("caption", {}, note), head, body);
}

/** The update rule, and below it a block of lines for each quantity that it updates. */
function createUpdate(blocks, rule) {
  const head = element("p", { className: "rule", innerHTML: rule });
  if (!blocks.length) return [head, element("p", {}, message("The run ends here: there is no next step."))];
  const createBlock = ({ name, lines }) => {
    const title = element("p", { className: "of" }, message("Next {name}", { name }));
    return [...(lines.length > 1 ? [title] : []), ...lines.map(createLine)];
  };
  return [head, ...blocks.flatMap(createBlock)];
}

function createLine(pieces) {
  const createPiece = ({ text, role }) => element("span", { className: role }, text);
  return element("p", { className: "filled" }, ...pieces.map(createPiece));
}
