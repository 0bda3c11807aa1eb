// The menu of a word of the sentence: a list of options and the settings that belong to it.

import { buttonElement, element } from "../core/dom.mjs";
import { localizeNumber, message } from "../core/i18n.mjs";
import { toFourDigits } from "../core/link.mjs";
import { numberField } from "../core/number_field.mjs";
import { Popover } from "../core/popover.mjs";
import { formulaElement } from "../net/mathml.mjs";
import { scales } from "./sliders.mjs";

/** Step of a setting's slider, as a share of its range. */
const SLIDER_STEP = 1 / 200;
/** Settings with a wider linear range have no slider. */
const WIDEST_SLIDER = 1000;
/** Distance of the menu from the edges of the window and from its word, in pixels. */
const [EDGE, GAP] = [8, 6];

/**
 * @import {
 *   ButtonSetting,
 *   CheckboxesSetting,
 *   ChoiceSetting,
 *   Menu as MenuControl,
 *   NumberSetting,
 *   Option,
 *   PasteSetting,
 *   Setting,
 *   SettingPart,
 *   SwitchSetting,
 *   TextSetting,
 * } from "../protocol.js"
 */
/** @import { Word } from "../types.js" */

/**
 * A field with what shows another setting of the same kind.
 *
 * @typedef {{ row: HTMLElement, show: (setting: any) => void }} Field
 */

/**
 * One of several numbers in a value of the link.
 *
 * @typedef {NumberSetting & { part: SettingPart }} PartSetting
 */

/** @typedef {Record<string, string>} Changes changed keys of the link */

/**
 * @param {string} label
 * @param {HTMLElement} control
 */
const labelled = (label, control) => element("label", { className: "field" }, label, control);

/**
 * The value of the key of which settings are parts, such as `adam:beta1=0.8`: settings with their usual value
 * are not written, as `format_race_entry` of app/url_state/race_entries.py does.
 *
 * @param {PartSetting[]} settings
 */
export function spellParts(settings) {
  const [{ part }] = settings;
  const changed = settings.filter(({ value, part: { default: usual } }) => value !== usual);
  return part.before + changed.map((one) => `:${one.part.name}=${one.value}`).join("") + part.after;
}

/**
 * @param {Setting} setting
 * @returns {setting is PartSetting}
 */
const isPart = (setting) => setting.kind === "number" && setting.part !== null;

/**
 * What the field of a setting is built for; its value and texts may change.
 *
 * @param {Setting} setting
 */
const shapeOf = (setting) => [
  setting.key,
  isPart(setting) ? setting.part.name : null,
  "options" in setting ? setting.options : null,
];

/**
 * Focus the checked option in a part of the menu, else its first control.
 *
 * @param {HTMLElement} part
 */
function focusFirst(part) {
  const /** @type {HTMLElement | null} */ control =
      part.querySelector("[type=radio]:checked") ?? part.querySelector("input, select, button");
  control?.focus();
}

export class Menu {
  /**
   * Sentences about what the link asked for and did not get.
   *
   * @type {string[]}
   */
  notices = [];
  /**
   * The notices that a field shows.
   *
   * @type {Set<string>}
   */
  shownNotices = new Set();
  /**
   * The word whose menu is open.
   *
   * @type {Word | null}
   */
  word = null;
  /** What the list of options and the fields were built for, as text. */
  listShape = "";
  fieldsShape = "";
  /** @type {Field[]} */
  fields = [];
  /**
   * The settings that are parts of one value.
   *
   * @type {PartSetting[]}
   */
  partSettings = [];

  /**
   * @param {(set: Changes) => void} onChange receives changed keys of the link
   * @param {(points: string) => void} onPaste opens the dialog for custom data
   */
  constructor(onChange, onPaste) {
    this.onChange = onChange;
    this.onPaste = onPaste;
    this.popover = new Popover({ className: "menu card", id: "menu" }, () => this.handleClose());
    this.menu = this.popover.element;
    this.list = element("div", { className: "choices" });
    this.settings = element("div", { className: "more" });
    this.menu.replaceChildren(this.list, this.settings);
    this.menu.addEventListener("focusout", ({ relatedTarget }) => {
      const isInside = !relatedTarget || this.menu.contains(/** @type {Node} */ (relatedTarget));
      if (!isInside && relatedTarget !== this.word) this.popover.close();
    });
  }

  /**
   * Take over the notices of a scene; a field of the open menu shows the one about itself.
   *
   * @param {string[]} notices
   */
  setNotices(notices) {
    this.notices = notices;
    this.shownNotices = new Set();
  }

  /** The notices that no field shows. */
  get otherNotices() {
    return this.notices.filter((notice) => !this.shownNotices.has(notice));
  }

  /**
   * The control of a word has changed: show it if its menu is open.
   *
   * @param {Word} word
   */
  update(word) {
    if (this.word?.id !== word.id) return;
    this.word = word; // another element, if the sentence was built again
    word.ariaExpanded = "true";
    this.fill(word.control);
  }

  /** @param {Word} word */
  toggle(word) {
    if (this.word === word) return this.popover.close();
    if (this.word) this.popover.close();
    this.word = word;
    word.ariaExpanded = "true";
    [this.listShape, this.fieldsShape] = ["", ""];
    this.fill(word.control);
    this.popover.open(word);
    const { left, bottom } = word.getBoundingClientRect();
    const { offsetWidth, offsetHeight, style } = this.menu;
    const { clientWidth } = document.documentElement; // without the page's scroll bar
    style.left = `${Math.max(EDGE, Math.min(left, clientWidth - offsetWidth - EDGE))}px`;
    style.top = `${Math.max(EDGE, Math.min(bottom + GAP, innerHeight - offsetHeight - EDGE))}px`;
    focusFirst(this.list);
  }

  handleClose() {
    if (!this.word) return;
    this.word.ariaExpanded = "false";
    if (!document.activeElement || document.activeElement === document.body) this.word.focus();
    this.word = null;
  }

  /**
   * Show a control. Elements are kept while only its values change; where they are built again, the focus
   * stays at its place.
   *
   * @param {MenuControl} control
   */
  fill(control) {
    const { settings } = control;
    const { activeElement } = document;
    const [inList, inFields] = [this.list, this.settings].map((part) => part.contains(activeElement));
    const field = this.fields.findIndex(({ row }) => row.contains(activeElement));
    const listShape = JSON.stringify([control.label, control.options]);
    const fieldsShape = JSON.stringify(settings.map(shapeOf));
    const isNewList = listShape !== this.listShape;
    const areNewFields = fieldsShape !== this.fieldsShape;
    [this.listShape, this.fieldsShape] = [listShape, fieldsShape];
    if (isNewList) this.buildList(control);
    if (areNewFields) this.buildFields(control);
    this.partSettings = settings.filter(isPart);
    const /** @type {NodeListOf<HTMLInputElement>} */ inputs = this.list.querySelectorAll("input");
    for (const input of inputs) input.checked = input.value === control.value;
    settings.forEach((setting, i) => this.fields[i].show(setting));
    if (inFields && areNewFields) focusFirst(this.fields[field]?.row ?? this.list);
    else if (inList && isNewList) focusFirst(this.list);
  }

  /** @param {MenuControl} control */
  buildList(control) {
    this.menu.setAttribute("role", "dialog");
    this.menu.setAttribute("aria-label", control.label);
    const list = element("fieldset", {}, element("legend", {}, control.label));
    let box = list;
    let group = "";
    for (const option of control.options) {
      if (option.group !== group) {
        group = option.group ?? "";
        box = element("fieldset", { className: "group" }, element("legend", {}, group));
        list.append(box);
      }
      box.append(this.createOption(control, option));
    }
    this.list.replaceChildren(list);
  }

  /** @param {MenuControl} control */
  buildFields(control) {
    this.fields = control.settings.map((setting) => this.createField(setting));
    this.settings.replaceChildren(...this.fields.map((field) => field.row));
    this.settings.hidden = !this.fields.length;
  }

  /**
   * @param {MenuControl} control
   * @param {Option} option
   */
  createOption({ key }, option) {
    const input = element("input", { type: "radio", name: key, value: option.value });
    input.onchange = () => this.onChange({ [key]: option.value });
    const label = element("label", { className: "choice" }, input, element("span", {}, option.text));
    const { tex, mathml, hint } = option;
    if (tex) label.append(formulaElement({ tex, mathml }));
    if (hint) label.append(element("small", {}, hint));
    label.onpointerup = () => setTimeout(() => this.popover.close());
    return label;
  }

  /**
   * @param {Setting} setting
   * @returns {Field}
   */
  createField(setting) {
    switch (setting.kind) {
      case "switch":
        return this.createSwitch(setting);
      case "checkboxes":
        return this.createCheckboxes(setting);
      case "button":
        return this.createButton(setting);
      case "choice":
        return this.createSelect(setting);
      case "text":
        return this.createTextField(setting);
      case "paste":
        return this.createPasteButton(setting);
      case "number":
        return this.createNumberField(setting);
    }
  }

  /**
   * @param {SwitchSetting} setting
   * @returns {Field}
   */
  createSwitch({ key, label, hint }) {
    const input = element("input", { type: "checkbox" });
    input.onchange = () => this.onChange({ [key]: input.checked ? "1" : "0" });
    const texts = [element("span", {}, label), element("small", {}, hint)];
    const row = element("label", { className: "choice" }, input, ...texts);
    return { row, show: (/** @type {SwitchSetting} */ { value }) => (input.checked = value) };
  }

  /**
   * @param {CheckboxesSetting} setting
   * @returns {Field}
   */
  createCheckboxes({ key, label, options }) {
    const boxes = options.map((option) => element("input", { type: "checkbox", value: option.value }));
    const onchange = () => {
      const values = boxes.filter((box) => box.checked).map((box) => box.value);
      this.onChange({ [key]: values.join(",") });
    };
    const createRow = (/** @type {HTMLElement} */ box, /** @type {number} */ i) =>
      element("label", { className: "choice", onchange }, box, element("span", {}, options[i].text));
    const legend = element("legend", {}, label);
    const row = element("fieldset", { className: "several" }, legend, ...boxes.map(createRow));
    return {
      row,
      show: (/** @type {CheckboxesSetting} */ { value }) =>
        boxes.forEach((box) => (box.checked = value.includes(box.value))),
    };
  }

  /**
   * @param {ButtonSetting} setting
   * @returns {Field}
   */
  createButton({ key, label, value, text }) {
    const button = buttonElement(text, () => this.onChange({ [key]: value }));
    const name = element("span", {}, label);
    const row = element("div", { className: "field" }, name, button);
    return { row, show: (/** @type {ButtonSetting} */ setting) => (name.textContent = setting.label) };
  }

  /**
   * @param {ChoiceSetting} setting
   * @returns {Field}
   */
  createSelect({ key, label, options }) {
    const entries = options.map(({ value, text }) => element("option", { value }, text));
    const select = element("select", {}, ...entries);
    select.onchange = () => this.onChange({ [key]: select.value });
    return {
      row: labelled(label, select),
      show: (/** @type {ChoiceSetting} */ { value }) => (select.value = value),
    };
  }

  /**
   * @param {PasteSetting} setting
   * @returns {Field}
   */
  createPasteButton({ label }) {
    let points = "";
    const paste = () => {
      this.popover.close();
      this.onPaste(points);
    };
    return {
      row: buttonElement(label, paste, { className: "wide" }),
      show: (/** @type {PasteSetting} */ { value }) => (points = value),
    };
  }

  /**
   * A text field. A text that the server refuses stays, with the reason below it; an emptied field is
   * restored.
   *
   * @param {TextSetting} setting
   * @returns {Field}
   */
  createTextField(setting) {
    const { key } = setting;
    const input = element("input", {
      type: "text",
      maxLength: setting.maxLength,
      spellcheck: false,
      autocomplete: "off",
      autocapitalize: "off",
      id: `text-${key}`,
    });
    const hint = element("small", { id: `said-${key}` });
    input.setAttribute("aria-describedby", hint.id);
    let current = setting;
    const restore = () => {
      Object.assign(input, { value: current.value, ariaInvalid: "false" });
      hint.textContent = current.hint;
    };
    input.onchange = () => (input.value.trim() ? this.onChange({ [key]: input.value }) : restore());
    const label = element("label", { htmlFor: input.id }, setting.label);
    const row = element("div", { className: "written" }, label, input, hint);
    const show = (/** @type {TextSetting} */ shown) => {
      current = shown;
      const refusal = this.takeNotice(key);
      input.ariaInvalid = String(refusal !== undefined);
      hint.textContent = refusal ?? shown.hint;
      if (refusal === undefined && document.activeElement !== input) input.value = shown.value;
    };
    return { row, show };
  }

  /**
   * Mark the notice about a key as shown and return its reason; undefined without such a notice.
   *
   * @param {string} key
   */
  takeNotice(key) {
    const notice = this.notices.find((text) => text.includes(` ${key}=`));
    if (!notice) return undefined;
    this.shownNotices.add(notice);
    const beforeReason = message("Using {value} instead.", { value: "|" }).split("|").at(-1);
    return notice.split(`${beforeReason} `).at(-1);
  }

  /**
   * The changed keys of the link for a number: its own key, or the whole text of which the setting is a part.
   *
   * @param {NumberSetting} setting
   * @param {number | string} value
   * @returns {Changes}
   */
  changedKeys({ key, part }, value) {
    if (!part) return { [key]: String(value) };
    const isSame = (/** @type {PartSetting} */ one) => one.part.name === part.name;
    const settings = this.partSettings.map((one) => (isSame(one) ? { ...one, value } : one));
    this.partSettings = /** @type {PartSetting[]} */ (settings);
    return { [key]: spellParts(this.partSettings) };
  }

  /**
   * A number field, with a slider unless its range is too wide for one.
   *
   * @param {NumberSetting} setting
   * @returns {Field}
   */
  createNumberField(setting) {
    const { low, high, label } = setting;
    const scale = scales[setting.scale];
    const step = setting.whole ? 1 / (high - low) : SLIDER_STEP;
    let current = setting.value;
    const valueAt = (/** @type {number} */ share) =>
      toFourDigits(scale.toValue({ low, high }, Math.max(0, Math.min(1, share))));
    const change = (/** @type {number | string} */ text) => {
      const number = toFourDigits(text);
      this.onChange(this.changedKeys(setting, Number.isNaN(number) ? text : number));
    };
    const set = (/** @type {number} */ value) => {
      show({ value }, true);
      change(value);
    };
    const stepBy = (/** @type {number} */ count) => {
      set(valueAt(scale.toShare({ low, high }, current) + count * step));
    };
    const { field, show: showNumber } = numberField({}, change, stepBy);
    const name = message("{name}, slider", { name: label });
    const range = element("input", { type: "range", min: 0, max: 1, step, ariaLabel: name });
    range.oninput = () => set(valueAt(Number(range.value)));
    const show = (/** @type {{ value: number }} */ { value }, force = false) => {
      current = value;
      showNumber(value, force);
      range.setAttribute("aria-valuetext", localizeNumber(value));
      if (!range.matches(":active")) range.value = String(scale.toShare({ low, high }, value));
    };
    const row = labelled(label, field);
    const hasSlider = setting.scale === "log" || high - low <= WIDEST_SLIDER;
    const shown = hasSlider ? element("div", { className: "tuned" }, row, range) : row;
    return { row: shown, show: (/** @type {NumberSetting} */ one) => show(one) };
  }
}
