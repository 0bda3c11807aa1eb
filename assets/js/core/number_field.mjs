// A field for a number in the spelling of the page's language. Browsers' own follow the language of the browser instead.

import { element } from "./dom.mjs";
import { num } from "./i18n.mjs";

const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;
const NUDGES = { ArrowUp: 1, ArrowDown: -1, PageUp: 10, PageDown: -10 };

/** A typed number as a link spells it: the last point or comma is the decimal mark, unless it comes twice. What is none stays as it is. */
export function heard(typed) {
  const plain = typed.replace(/[\s'’]/g, "").replaceAll("−", "-");
  const [marks, parts] = [plain.match(/[.,]/g) ?? [], plain.split(/[.,]/)];
  const fraction = marks.length === 1 || new Set(marks).size > 1 ? `.${parts.pop()}` : "";
  const text = parts.join("") + fraction;
  return NUMBER.test(text) ? text : typed.trim();
}

/** A number as a field shows it; four digits are finer than a finger. */
export const short = (value) => Number(Number(value).toPrecision(4));

/** `turned(text)` is told what was typed, `nudged(by)` of arrow and Page keys, which go up and down by a little and by ten times that. */
export function numberField(properties, turned, nudged) {
  const field = element("input", { type: "text", inputMode: "decimal", autocomplete: "off", spellcheck: false, className: "number", ...properties });
  const given = () => (field.value = field.given);
  field.onchange = () => {
    const text = heard(field.value);
    if (!text) return;
    if (NUMBER.test(text)) field.given = num(text);
    turned(text);
  };
  field.onblur = given;
  field.onkeydown = (event) => {
    const by = NUDGES[event.key];
    if (!by) return;
    event.preventDefault();
    nudged(by);
  };
  /** Show a value, which is not put over what is being typed unless it `must` be. */
  const show = (value, must = false) => {
    field.given = num(value);
    if (must || document.activeElement !== field) given();
  };
  return { field, show };
}
