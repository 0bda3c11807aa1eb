// The menu of a word of the sentence: a list of options and the settings that belong to it.

import { element } from "../core/dom.mjs";
import { localizeNumber, message } from "../core/i18n.mjs";
import { numberField, toFourDigits } from "../core/number_field.mjs";
import { formulaElement } from "../net/mathml.mjs";
import { scales } from "./sliders.mjs";

/** Step of a setting's slider, as a share of its range. */
const SLIDER_STEP = 1 / 200;
/** Settings with a wider linear range have no slider. */
const WIDEST_SLIDER = 1000;
/** Distance of the menu from the edges of the window and from its word, in pixels. */
const [EDGE, GAP] = [8, 6];

const labelled = (label, control) => element("label", { className: "field" }, label, control);

/**
 * A control is `{key, label, value, options, settings}`. Each setting becomes a field `{row, show(setting)}`.
 * `word` is the word whose menu is open.
 */
export class Menu {
  /**
   * `onChange(set)` receives changed keys of the link, `onPaste(points)` opens the dialog for custom data.
   */
  constructor(onChange, onPaste) {
    Object.assign(this, { onChange, onPaste, notices: [], shownNotices: new Set() });
    this.menu = element("div", { className: "menu card", popover: "auto", id: "menu" });
    this.menu.addEventListener("toggle", (event) => event.newState === "closed" && this.handleClose());
    document.body.append(this.menu);
  }

  /** Take over the notices of a scene; a field of the open menu shows the one about itself. */
  setNotices(notices) {
    Object.assign(this, { notices, shownNotices: new Set() });
  }

  /** The notices that no field shows. */
  get otherNotices() {
    return this.notices.filter((notice) => !this.shownNotices.has(notice));
  }

  /** The control of a word has changed: show it if its menu is open. */
  update(word) {
    if (this.word === word) this.fill(word.control);
  }

  toggle(word) {
    if (this.word === word) return this.menu.hidePopover();
    if (this.word) this.menu.hidePopover();
    this.word = word;
    word.ariaExpanded = "true";
    this.shape = null;
    this.fill(word.control);
    this.menu.showPopover({ source: word });
    const { left, bottom } = word.getBoundingClientRect();
    const { offsetWidth, offsetHeight, style } = this.menu;
    style.left = `${Math.max(EDGE, Math.min(left, innerWidth - offsetWidth - EDGE))}px`;
    style.top = `${Math.max(EDGE, Math.min(bottom + GAP, innerHeight - offsetHeight - EDGE))}px`;
    this.menu.querySelector(":checked")?.focus();
  }

  handleClose() {
    if (!this.word) return;
    this.word.ariaExpanded = "false";
    if (!document.activeElement || document.activeElement === document.body) this.word.focus();
    this.word = null;
  }

  /** Show a control. Elements are kept while only its values change. */
  fill(control) {
    const { options, settings } = control;
    const shape = JSON.stringify([options, settings.map((s) => [s.key, s.part?.name, s.options])]);
    if (shape !== this.shape) {
      this.shape = shape;
      this.build(control);
    }
    this.partSettings = settings.filter((setting) => setting.part);
    for (const input of this.menu.querySelectorAll(".choices input"))
      input.checked = input.value === control.value;
    settings.forEach((setting, i) => this.fields[i].show(setting));
  }

  build(control) {
    this.menu.setAttribute("role", "dialog");
    this.menu.setAttribute("aria-label", control.label);
    const options = control.options.map((option) => this.createOption(control, option));
    this.fields = control.settings.map((setting) => this.createField(setting));
    const list = element("fieldset", {}, element("legend", {}, control.label), ...options);
    this.menu.replaceChildren(element("div", { className: "choices" }, list));
    if (!this.fields.length) return;
    this.menu.append(element("div", { className: "more" }, ...this.fields.map((field) => field.row)));
  }

  createOption({ key }, option) {
    const input = element("input", { type: "radio", name: key, value: option.value });
    input.onchange = () => this.onChange({ [key]: option.value });
    const label = element("label", { className: "choice" }, input, element("span", {}, option.text));
    if (option.tex) label.append(formulaElement(option));
    if (option.hint) label.append(element("small", {}, option.hint));
    label.onpointerup = () => setTimeout(() => this.menu.hidePopover());
    return label;
  }

  createField(setting) {
    const creators = {
      switch: this.createSwitch,
      checkboxes: this.createCheckboxes,
      button: this.createButton,
      choice: this.createSelect,
      number: this.createNumberField,
      text: this.createTextField,
      paste: this.createPasteButton,
    };
    return creators[setting.kind].call(this, setting);
  }

  createSwitch({ key, label, hint }) {
    const input = element("input", { type: "checkbox" });
    input.onchange = () => this.onChange({ [key]: input.checked ? "1" : "0" });
    const texts = [element("span", {}, label), element("small", {}, hint)];
    const row = element("label", { className: "choice" }, input, ...texts);
    return { row, show: ({ value }) => (input.checked = value) };
  }

  createCheckboxes({ key, label, options }) {
    const boxes = options.map((option) => element("input", { type: "checkbox", value: option.value }));
    const onchange = () => {
      const values = boxes.filter((box) => box.checked).map((box) => box.value);
      this.onChange({ [key]: values.join(",") });
    };
    const createRow = (box, i) =>
      element("label", { className: "choice", onchange }, box, element("span", {}, options[i].text));
    const legend = element("legend", {}, label);
    const row = element("fieldset", { className: "several" }, legend, ...boxes.map(createRow));
    return { row, show: ({ value }) => boxes.forEach((box) => (box.checked = value.includes(box.value))) };
  }

  createButton({ key, label, value, text }) {
    const button = element(
      "button",
      { type: "button", onclick: () => this.onChange({ [key]: value }) },
      text,
    );
    const name = element("span", {}, label);
    const row = element("div", { className: "field" }, name, button);
    return { row, show: (setting) => (name.textContent = setting.label) };
  }

  createSelect({ key, label, options }) {
    const select = element(
      "select",
      {},
      ...options.map(({ value, text }) => element("option", { value }, text)),
    );
    select.onchange = () => this.onChange({ [key]: select.value });
    return { row: labelled(label, select), show: ({ value }) => (select.value = value) };
  }

  createPasteButton({ label }) {
    let points = "";
    const onclick = () => {
      this.menu.hidePopover();
      this.onPaste(points);
    };
    const row = element("button", { type: "button", className: "wide", onclick }, label);
    return { row, show: ({ value }) => (points = value) };
  }

  /**
   * A text field. A text that the server refuses stays, with the reason below it; an emptied field is
   * restored.
   */
  createTextField(setting) {
    const { key } = setting;
    const plainText = { spellcheck: false, autocomplete: "off", autocapitalize: "off" };
    const input = element("input", {
      type: "text",
      maxLength: setting.maxLength,
      ...plainText,
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
    const show = (shown) => {
      current = shown;
      const refusal = this.takeNotice(key);
      input.ariaInvalid = String(refusal !== undefined);
      hint.textContent = refusal ?? shown.hint;
      if (refusal === undefined && document.activeElement !== input) input.value = shown.value;
    };
    return { row, show };
  }

  /** Mark the notice about a key as shown and return its reason; undefined without such a notice. */
  takeNotice(key) {
    const notice = this.notices.find((text) => text.includes(` ${key}=`));
    if (!notice) return undefined;
    this.shownNotices.add(notice);
    const beforeReason = message("Using {value} instead.", { value: "|" }).split("|").at(-1);
    return notice.split(`${beforeReason} `).at(-1);
  }

  /**
   * The changed keys of the link for a number: its own key, or the whole text of which the setting is a part.
   */
  changedKeys(setting, value) {
    const { key, part } = setting;
    if (!part) return { [key]: String(value) };
    this.partSettings.find((one) => one.part.name === part.name).value = value;
    const changed = this.partSettings
      .filter((one) => one.value !== one.part.default)
      .map((one) => `:${one.part.name}=${one.value}`);
    return { [key]: part.before + changed.join("") + part.after };
  }

  /** A number field, with a slider unless its range is too wide for one. */
  createNumberField(setting) {
    const { low, high, label } = setting;
    const scale = scales[setting.scale];
    const step = setting.whole ? 1 / (high - low) : SLIDER_STEP;
    let current = setting.value;
    const valueAt = (share) => toFourDigits(scale.toValue(setting, Math.max(0, Math.min(1, share))));
    const change = (text) => {
      const number = toFourDigits(text);
      this.onChange(this.changedKeys(setting, Number.isNaN(number) ? text : number));
    };
    const set = (value) => {
      show({ value }, true);
      change(value);
    };
    const stepBy = (count) => set(valueAt(scale.toShare(setting, current) + count * step));
    const { field, show: showNumber } = numberField({}, change, stepBy);
    const name = message("{name}, slider", { name: label });
    const range = element("input", { type: "range", min: 0, max: 1, step, ariaLabel: name });
    range.oninput = () => set(valueAt(Number(range.value)));
    const show = ({ value }, force) => {
      current = value;
      showNumber(value, force);
      range.setAttribute("aria-valuetext", localizeNumber(value));
      if (!range.matches(":active")) range.value = scale.toShare(setting, value);
    };
    const row = labelled(label, field);
    const hasSlider = setting.scale === "log" || high - low <= WIDEST_SLIDER;
    return { row: hasSlider ? element("div", { className: "tuned" }, row, range) : row, show };
  }
}
