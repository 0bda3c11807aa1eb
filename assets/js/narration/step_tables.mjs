// The tables of the detail view: the update rule with the step's numbers, the race, and known values.

import { element } from "../core/dom.mjs";
import { message } from "../core/i18n.mjs";

/** Show the table that a step has; hide the box where it has none. `rule` is the update rule as MathML. */
export function showStepTables(box, { step, known, race }, rule) {
  box.hidden = !(step || known || race);
  if (step) box.replaceChildren(...createStep(step, rule));
  else if (race) box.replaceChildren(createRace(race));
  else if (known) box.replaceChildren(element("table", {}, ...known.map(createFact)));
}

function createFact([name, value]) {
  return element("tr", {}, element("th", { scope: "row" }, name), element("td", {}, value));
}

/** A row for each optimizer of the race, with its mark. */
function createRace({ heads, rows, note }) {
  const createRow = ({ name, mark, said }) => {
    const head = element("th", { scope: "row" }, name);
    head.dataset.mark = mark;
    return element("tr", {}, head, ...said.map((text) => element("td", {}, text)));
  };
  const createHead = (text) => (text ? element("th", { scope: "col" }, text) : element("td"));
  const head = element("thead", {}, element("tr", {}, ...heads.map(createHead)));
  const body = element("tbody", {}, ...rows.map(createRow));
  return element("table", { className: "race" }, element("caption", {}, note), head, body);
}

/** The update rule, and below it a block of lines for each quantity that it updates. */
function createStep(blocks, rule) {
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
