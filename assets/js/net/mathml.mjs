// The formulas of the menus as MathML, fetched once, when the pointer or the focus is first near a menu.

import { element } from "../core/dom.mjs";

/** @type {Promise<unknown> | null} */
let request = null;
/**
 * MathML by TeX.
 *
 * @type {Record<string, string>}
 */
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
 * @param {{ tex: string, mathml?: string }} option
 */
export function formulaElement({ tex, mathml = formulas[tex] }) {
  const box = element("span", { className: "formula", innerHTML: mathml ?? "" });
  if (!mathml) loadFormulas().then(() => (box.innerHTML = formulas[tex] ?? ""));
  return box;
}
