// A text field for a number in the notation of the page's language.
// `<input type="number">` follows the language of the browser instead.

import { element } from "./dom.mjs";
import { localizeNumber, SUPERSCRIPTS } from "./i18n.mjs";

/** @import { Properties } from "../types.js" */

const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;
const RAISED = Object.fromEntries(Object.entries(SUPERSCRIPTS).map(([sign, raised]) => [raised, sign]));
const POWER_OF_TEN = /(^|[+-]|×)10([⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+)$/;
/** @type {Record<string, number>} */
const KEY_STEPS = { ArrowUp: 1, ArrowDown: -1, PageUp: 10, PageDown: -10 };

/**
 * A typed number as a link spells it; a text that is no number is returned trimmed.
 * The last point or comma is the decimal mark, unless the same mark occurs twice.
 *
 * @param {string} typed
 */
export function parseTyped(typed) {
  const plain = typed
    .replace(/[\s'’]/g, "")
    .replaceAll("−", "-")
    .replace(POWER_OF_TEN, (_, before, power) => {
      const exponent = power.replace(/./g, (/** @type {string} */ sign) => RAISED[sign]);
      return `${before === "×" ? "" : `${before}1`}e${exponent}`;
    });
  const marks = plain.match(/[.,]/g) ?? [];
  const parts = plain.split(/[.,]/);
  const fraction = marks.length === 1 || new Set(marks).size > 1 ? `.${parts.pop()}` : "";
  const text = parts.join("") + fraction;
  return NUMBER.test(text) ? text : typed.trim();
}

/**
 * Create the field. `onChange(text)` receives what was typed, `onStep(count)` the arrow and Page keys.
 * Returns the field and `show(value, force)`, which leaves a focused field alone unless forced.
 *
 * @param {Properties<"input">} properties
 * @param {(text: string) => void} onChange
 * @param {(count: number) => void} onStep
 */
export function numberField(properties, onChange, onStep) {
  const field = element("input", {
    type: "text",
    inputMode: "decimal",
    autocomplete: "off",
    spellcheck: false,
    className: "number",
    ...properties,
  });
  let shown = "";
  const restore = () => {
    field.value = shown;
    field.style.setProperty("--letters", String(shown.length));
  };
  field.onchange = () => {
    const text = parseTyped(field.value);
    if (!text) return;
    if (NUMBER.test(text)) shown = localizeNumber(text);
    onChange(text);
  };
  field.onblur = restore;
  field.onkeydown = (event) => {
    const count = KEY_STEPS[event.key];
    if (!count) return;
    event.preventDefault();
    onStep(count);
  };
  const show = (/** @type {number | string} */ value, force = false) => {
    shown = localizeNumber(value);
    if (force || document.activeElement !== field) restore();
  };
  return { field, show };
}
