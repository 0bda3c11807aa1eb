// The formulas of menus, asked for once, when a hand or the keyboard is first near the words that open them.

import { element } from "../core/dom.mjs";

let asked = null;
let known = {};

/** Have them ready. */
export function near() {
  asked ??= fetch("formulas").then((answer) => answer.json()).then((found) => (known = found)).catch(() => (asked = null));
  return asked;
}

/** A formula, at once or as soon as it is there; one's own brings along how it is set. */
export function formula({ tex, mathml = known[tex] }) {
  const set = element("span", { className: "formula", innerHTML: mathml ?? "" });
  if (!mathml) near().then(() => (set.innerHTML = known[tex] ?? ""));
  return set;
}
