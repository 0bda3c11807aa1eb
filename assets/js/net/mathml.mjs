// The formulas of the menus as MathML, fetched once, when the pointer or the focus is first near a menu.

import { element } from "../core/dom.mjs";

/** @import { MenuFormulas, Option } from "../protocol.js" */

/** @type {Promise<unknown> | null} */
let request = null;
/** @type {MenuFormulas} */
let formulas = {};

/** Fetch the formulas; a failed request is repeated at the next call. */
export function loadFormulas() {
  request ??= fetch("formulas")
    .then((response) => response.json())
    .then((found) => (formulas = found))
    .catch(() => (request = null));
  return request;
}

/**
 * An element that shows a formula as soon as it is there; a custom formula brings its MathML along.
 *
 * @param {Pick<Option, "tex" | "mathml">} option
 */
export function formulaElement({ tex, mathml }) {
  const known = mathml || formulas[tex];
  const box = element("span", { className: "formula", innerHTML: known ?? "" });
  if (!known) loadFormulas().then(() => (box.innerHTML = formulas[tex] ?? ""));
  return box;
}
