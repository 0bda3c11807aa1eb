// Texts and numbers in the language of the page. The catalogue is embedded in the page; an English page has
// none.

import { byId, makeDismissible } from "./dom.mjs";

const EMPTY_CATALOGUE = '{ "texts": {}, "decimalMark": "." }';
const { texts, decimalMark } = JSON.parse(byId("catalogue")?.textContent ?? EMPTY_CATALOGUE);
const TRANSLATED_ATTRIBUTES = ["aria-label", "title", "placeholder", "alt"];

/** Translate a template and fill in its values: `message("step {k}", { k })`. */
export const message = (template, values = {}) =>
  (texts[template] ?? template).replace(/\{(\w+)\}/g, (_, name) => values[name]);

/** A number with a true minus sign and the decimal mark of the page; its digits stay as they are. */
export const localizeNumber = (value) => String(value).replaceAll("-", "−").replace(".", decimalMark);

/** Round half to even, as Python does. */
const roundHalfEven = (value) =>
  Math.abs(value % 1) === 0.5 ? 2 * Math.round(value / 2) : Math.round(value);

/** A number with three significant digits, as in losses/core/messages.py; 5e−9 for very small ones. */
export function formatNumber(value) {
  if (!Number.isFinite(value)) return message("beyond numbers");
  const size = Math.abs(value);
  if (size === 0) return "0";
  if (size >= 1e-3 && size < 999) return localizeNumber(Number(value.toPrecision(3)));
  if (size >= 1e-3 && size < 1e6) {
    return localizeNumber(roundHalfEven(value)).replace(/\B(?=(\d{3})+$)/g, "\u202f");
  }
  const [mantissa, exponent] = value.toExponential(2).split("e");
  return localizeNumber(`${Number(mantissa)}e${Number(exponent)}`);
}

/**
 * Translate the English texts and attributes below an element, and point its links to the page's language.
 */
export function translateElement(root) {
  for (const link of root.querySelectorAll("a[href=teacher]")) {
    link.search = `lang=${document.documentElement.lang}`;
  }
  if (!byId("catalogue")) return;
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_ELEMENT | NodeFilter.SHOW_TEXT);
  for (let node = root; node; node = walker.nextNode()) {
    if (node.nodeType === Node.TEXT_NODE) node.data = texts[node.data] ?? node.data;
    else translateAttributes(node);
  }
}

function translateAttributes(node) {
  for (const name of TRANSLATED_ATTRIBUTES) {
    const translated = texts[node.getAttribute(name)];
    if (translated) node.setAttribute(name, translated);
  }
}

/** Connect the menu of languages: `onChange(key)` is called with the chosen language. */
export function connectLanguageMenu(menu, onChange) {
  makeDismissible(menu);
  for (const button of menu.querySelectorAll("button")) {
    button.ariaCurrent = String(button.lang === document.documentElement.lang);
    button.onclick = () => onChange(button.lang);
  }
}
