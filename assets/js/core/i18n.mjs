// Texts and numbers in the language of the page. The catalogue is embedded in the page; an English page has
// none.

import { byId, makeDismissible } from "./dom.mjs";

/** @import { TextCatalogue } from "../protocol.js" */

/** @type {TextCatalogue} */
const ENGLISH = { language: "en", texts: {}, plurals: {}, decimalMark: "." };
const TRANSLATED_ATTRIBUTES = ["aria-label", "title", "placeholder", "alt"];

/** @type {TextCatalogue | undefined} */
let loaded;
/** @type {Intl.PluralRules | undefined} */
let pluralRules;

/**
 * The catalogue of the page, read when a text is first needed; English without a page.
 *
 * @returns {TextCatalogue}
 */
function catalogue() {
  if (!loaded) {
    const embedded = globalThis.document?.getElementById("catalogue")?.textContent;
    loaded = embedded ? /** @type {TextCatalogue} */ (JSON.parse(embedded)) : ENGLISH;
  }
  return loaded;
}

/**
 * Translate a template and fill in its values: `message("step {k}", { k })`. Called when a text is shown, not
 * when a module is loaded.
 *
 * @param {string} template
 * @param {Record<string, any>} [values]
 */
export const message = (template, values = {}) => filled(catalogue().texts[template] ?? template, values);

/**
 * @param {string} template
 * @param {Record<string, any>} values
 */
const filled = (template, values) => template.replace(/\{(\w+)\}/g, (_, name) => values[name]);

/**
 * Translate a text that depends on a number: `plural("{n} step", "{n} steps", { n })`.
 *
 * @param {string} one the English template for 1
 * @param {string} other the English template for all other numbers
 * @param {{ n: number, [name: string]: any }} values
 */
export function plural(one, other, values) {
  const { language, plurals } = catalogue();
  pluralRules ??= new Intl.PluralRules(language);
  const forms = plurals[one];
  const english = values.n === 1 ? one : other;
  return filled(forms?.[pluralRules.select(values.n)] ?? forms?.other ?? english, values);
}

/**
 * A number with a true minus sign and the decimal mark of the page; its digits stay as they are. A very small
 * one is written as 2.3 × 10⁻⁴, and so is one with a power of ten.
 *
 * @param {number | string} value
 */
export function localizeNumber(value) {
  const size = Math.abs(Number(value));
  const isSmall = size > 0 && size < 1e-3;
  const [digits, power] = (isSmall ? Number(value).toExponential() : String(value)).split(/e\+?/i);
  const text = digits.replaceAll("-", "−").replace(".", catalogue().decimalMark);
  return power ? timesPowerOfTen(text, power) : text;
}

/**
 * @param {string} factor
 * @param {string} power
 */
function timesPowerOfTen(factor, power) {
  const product = { 1: "", "−1": "−" }[factor] ?? `${factor}\u00a0×\u00a0`;
  return `${product}10${power.replace(/./g, (sign) => SUPERSCRIPTS[sign])}`;
}

/**
 * A number with at most so many significant digits.
 *
 * @param {number} value
 * @param {number} digits
 */
export const roundToDigits = (value, digits) => Number(value.toPrecision(digits));

/**
 * Round half to even, as Python does.
 *
 * @param {number} value
 */
export const roundHalfEven = (value) =>
  Math.abs(value % 1) === 0.5 ? 2 * Math.round(value / 2) : Math.round(value);

/**
 * A number with three significant digits.
 *
 * @param {number} value
 */
export const formatNumber = (value) => formatDigits(value, 3);

/**
 * A number with so many significant digits, two at least, as in losses/core/messages.py; very small and large
 * ones as 2.3 × 10⁻⁴.
 *
 * @param {number} value
 * @param {number} digits
 */
export function formatDigits(value, digits) {
  if (!Number.isFinite(value)) return message("too large to compute");
  if (value === 0) return "0";
  const [mantissa, exponent] = mantissaAndExponent(value, digits);
  const power = Number(exponent);
  if (power >= -3 && power < 5) {
    const [whole, decimals] = localizeNumber(Number(`${mantissa}e${power}`)).split(catalogue().decimalMark);
    const grouped = power < 3 ? whole : whole.replace(/\B(?=(\d{3})+$)/g, "\u202f");
    return decimals ? grouped + catalogue().decimalMark + decimals : grouped;
  }
  return timesPowerOfTen(localizeNumber(Number(mantissa)), exponent.replace(/^\+/, ""));
}

/** @type {Record<string, string>} */
export const SUPERSCRIPTS = { "-": "⁻", ...Object.fromEntries([..."⁰¹²³⁴⁵⁶⁷⁸⁹"].entries()) };

/**
 * Mantissa and exponent of a number; a tie is rounded to even, as Python does.
 *
 * @param {number} value
 * @param {number} digits
 */
function mantissaAndExponent(value, digits) {
  const [exact, power] = value.toExponential(20).split("e");
  const tie = new RegExp(`(?<=^-?\\d\\.\\d{${digits - 2}}[02468])50{${20 - digits}}$`);
  return tie.test(exact) ? [exact.replace(tie, ""), power] : value.toExponential(digits - 1).split("e");
}

const SUBSCRIPTS = "₀₁₂₃₄₅₆₇₈₉";

/**
 * A parameter with its digits as subscripts, `w0.37` as w₀ ₃₇, as losses/core/messages.py writes it.
 *
 * @param {string} name
 */
export function withSubscripts(name) {
  const digits = name.slice(1).replace(/\d/g, (digit) => SUBSCRIPTS[Number(digit)]);
  return name[0] + digits.replace(".", "\u202f");
}

/**
 * Translate the English texts and attributes below an element, and point its links to the page's language.
 *
 * @param {HTMLElement} root
 */
export function translateElement(root) {
  const teacherLinks = /** @type {NodeListOf<HTMLAnchorElement>} */ (
    root.querySelectorAll("a[href=teacher]")
  );
  for (const link of teacherLinks) link.search = `lang=${document.documentElement.lang}`;
  if (!byId("catalogue")) return;
  const { texts } = catalogue();
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_ELEMENT | NodeFilter.SHOW_TEXT);
  for (let node = /** @type {Node | null} */ (root); node; node = walker.nextNode()) {
    if (node instanceof Text) node.data = texts[node.data] ?? node.data;
    else translateAttributes(/** @type {Element} */ (node), texts);
  }
}

/**
 * @param {Element} node
 * @param {Record<string, string>} texts
 */
function translateAttributes(node, texts) {
  for (const name of TRANSLATED_ATTRIBUTES) {
    const translated = texts[node.getAttribute(name) ?? ""];
    if (translated) node.setAttribute(name, translated);
  }
}

/**
 * Connect the menu of languages: `onChange(key)` is called with the chosen language.
 *
 * @param {HTMLDetailsElement} menu
 * @param {(key: string) => void} onChange
 */
export function connectLanguageMenu(menu, onChange) {
  makeDismissible(menu);
  for (const button of menu.querySelectorAll("button")) {
    button.ariaCurrent = String(button.lang === document.documentElement.lang);
    button.onclick = () => onChange(button.lang);
  }
}
