// Texts and numbers in the language of the page. The catalogue stands in the page; an English one has none.

import { at, hangs } from "./dom.mjs";

const { texts, mark } = JSON.parse(at("catalogue")?.textContent ?? '{ "texts": {}, "mark": "." }');
const SPOKEN = ["aria-label", "title", "placeholder", "alt"];

/** `say("step {k}", { k })` in the language of the page. */
export const say = (template, values = {}) => (texts[template] ?? template).replace(/\{(\w+)\}/g, (_, name) => values[name]);

/** A number for reading, with a true minus and the decimal mark of the page. */
export const num = (value) => String(value).replaceAll("-", "−").replace(".", mark);

const half = (value) => (Math.abs(value % 1) === 0.5 ? 2 * Math.round(value / 2) : Math.round(value));

/** A number as `num` of losses/words.py reads it: three significant digits, 5e−9 for the very small. */
export function read(value) {
  if (!Number.isFinite(value)) return say("beyond numbers");
  const size = Math.abs(value);
  if (size === 0) return "0";
  if (size >= 1e-3 && size < 999) return num(Number(value.toPrecision(3)));
  if (size >= 1e-3 && size < 1e6) return num(half(value)).replace(/\B(?=(\d{3})+$)/g, "\u202f");
  const [mantissa, exponent] = value.toExponential(2).split("e");
  return num(`${Number(mantissa)}e${Number(exponent)}`);
}

/** Put over what stands below an element in English. */
export function translate(root) {
  for (const link of root.querySelectorAll("a[href=teacher]")) link.search = `lang=${document.documentElement.lang}`;
  if (!at("catalogue")) return;
  const walk = document.createTreeWalker(root, NodeFilter.SHOW_ELEMENT | NodeFilter.SHOW_TEXT);
  for (let node = root; node; node = walk.nextNode()) {
    if (node.nodeType === Node.TEXT_NODE) node.data = texts[node.data] ?? node.data;
    else for (const name of SPOKEN) if (texts[node.getAttribute(name)]) node.setAttribute(name, texts[node.getAttribute(name)]);
  }
}

/** The menu of languages; `chosen(key)` takes another. */
export function languages(menu, chosen) {
  hangs(menu);
  for (const button of menu.querySelectorAll("button")) {
    button.ariaCurrent = String(button.lang === document.documentElement.lang);
    button.onclick = () => chosen(button.lang);
  }
}
