// The tables of the detail view: facts, an update rule with the step's numbers, and a row for each run.

import { element } from "../core/dom.mjs";
import { message } from "../core/i18n.mjs";

/** How the rows of each kind of table are drawn; the view in Python names the kind. */
const TABLES = {
  facts: (rows) => [element("table", {}, ...rows.map(createFact))],
  update: createUpdate,
  runs: (rows) => [createRuns(rows)],
};

/** Show the table of a step; hide the box where there is none. `rule` is the update rule as MathML. */
export function showStepTable(box, rows, kind, rule) {
  box.hidden = !rows;
  if (rows) box.replaceChildren(...TABLES[kind](rows, rule));
}

function createFact([name, value]) {
  return element("tr", {}, element("th", { scope: "row" }, name), element("td", {}, value));
}

/** A row for each run, with its mark. */
function createRuns({ heads, rows, note }) {
  const createRow = ({ name, mark, said }) => {
    const head = element("th", { scope: "row" }, name);
    head.dataset.mark = mark;
    return element("tr", {}, head, ...said.map((text) => element("td", {}, text)));
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
  const createPiece = ({ text, role }) => element("span", { className: role ?? "" }, text);
  return element("p", { className: "filled" }, ...pieces.map(createPiece));
}
