// The tables of the changing card: the step filled in, and what is known.

import { element } from "./dom.mjs";

/** Show what a moment has to say in numbers; hide the table where it has nothing. */
export function numbers(box, { step, known }, rule) {
  box.hidden = !(step || known);
  if (step) box.replaceChildren(...stepped(step, rule));
  else if (known) box.replaceChildren(element("table", {}, ...known.map(fact)));
}

function fact([name, value]) {
  return element("tr", {}, element("th", { scope: "row" }, name), element("td", {}, value));
}

function stepped(blocks, rule) {
  const head = element("p", { className: "rule", innerHTML: rule });
  if (!blocks.length) return [head, element("p", {}, "The run ends here: there is no next step.")];
  return [head, ...blocks.flatMap(({ name, lines }) => [element("p", { className: "of" }, `Next ${name}`), ...lines.map(line)])];
}

function line(pieces) {
  return element("p", { className: "filled" }, ...pieces.map(({ text, role }) => element("span", { className: role ?? "" }, text)));
}
