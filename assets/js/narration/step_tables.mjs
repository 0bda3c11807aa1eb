// The tables of the changing card: the step filled in, and what is known.

import { element } from "../core/dom.mjs";
import { say } from "../core/i18n.mjs";

/** Show what a moment has to say in numbers; hide the table where it has nothing. */
export function numbers(box, { step, known, race }, rule) {
  box.hidden = !(step || known || race);
  if (step) box.replaceChildren(...stepped(step, rule));
  else if (race) box.replaceChildren(raced(race));
  else if (known) box.replaceChildren(element("table", {}, ...known.map(fact)));
}

function fact([name, value]) {
  return element("tr", {}, element("th", { scope: "row" }, name), element("td", {}, value));
}

/** The racers with their marks, a row each. */
function raced({ heads, rows, note }) {
  const row = ({ name, mark, said }) => {
    const head = element("th", { scope: "row" }, name);
    head.dataset.mark = mark;
    return element("tr", {}, head, ...said.map((text) => element("td", {}, text)));
  };
  const top = element("tr", {}, ...heads.map((text) => element(text ? "th" : "td", text ? { scope: "col" } : {}, text)));
  return element("table", { className: "race" }, element("caption", {}, note), element("thead", {}, top), element("tbody", {}, ...rows.map(row)));
}

function stepped(blocks, rule) {
  const head = element("p", { className: "rule", innerHTML: rule });
  if (!blocks.length) return [head, element("p", {}, say("The run ends here: there is no next step."))];
  return [head, ...blocks.flatMap(({ name, lines }) => [...(lines.length > 1 ? [element("p", { className: "of" }, say("Next {name}", { name }))] : []), ...lines.map(line)])];
}

function line(pieces) {
  return element("p", { className: "filled" }, ...pieces.map(({ text, role }) => element("span", { className: role ?? "" }, text)));
}
