// The sentence: words that are menus. A word opens a list of choices and the settings that belong to it.

import { element } from "./dom.mjs";

export class Sentence {
  constructor(box, turned, paste) {
    Object.assign(this, { box, turned, paste, words: new Map() });
    this.menu = element("div", { className: "menu card", popover: "auto", id: "menu" });
    this.menu.addEventListener("toggle", (event) => event.newState === "closed" && this.closed());
    document.body.append(this.menu);
  }

  /** Show a sentence; answers those of the notices that no open menu tells of. */
  show(parts, notices) {
    this.notices = notices;
    this.told = new Set();
    const keys = parts.map((part) => part.key ?? part).join();
    if (keys !== this.keys) {
      this.keys = keys;
      this.words.clear();
      this.box.replaceChildren(...parts.map((part) => (part.key ? this.word(part) : part)));
    }
    for (const part of parts) {
      if (!part.key) continue;
      const word = this.words.get(part.key);
      word.textContent = part.text;
      word.setAttribute("aria-label", `${part.label}: ${part.text}`);
      word.control = part;
      if (this.open === word) this.fill(part);
    }
    return notices.filter((notice) => !this.told.has(notice));
  }

  word(part) {
    const word = element("button", { type: "button", className: "word", ariaHasPopup: "dialog", ariaExpanded: "false" });
    word.id = `word-${part.key}`;
    word.onclick = () => this.toggle(word);
    this.words.set(part.key, word);
    return word;
  }

  toggle(word) {
    if (this.open === word) return this.menu.hidePopover();
    if (this.open) this.menu.hidePopover();
    this.open = word;
    word.ariaExpanded = "true";
    this.shape = null;
    this.fill(word.control);
    this.menu.showPopover({ source: word });
    const { left, bottom } = word.getBoundingClientRect();
    this.menu.style.left = `${Math.max(8, Math.min(left, innerWidth - this.menu.offsetWidth - 8))}px`;
    this.menu.style.top = `${Math.max(8, Math.min(bottom + 6, innerHeight - this.menu.offsetHeight - 8))}px`;
    this.menu.querySelector(":checked")?.focus();
  }

  closed() {
    if (!this.open) return;
    this.open.ariaExpanded = "false";
    if (!document.activeElement || document.activeElement === document.body) this.open.focus();
    this.open = null;
  }

  fill(part) {
    const shape = JSON.stringify([part.options, part.settings.map((s) => s.key)]);
    if (shape !== this.shape) {
      this.shape = shape;
      this.menu.setAttribute("role", "dialog");
      this.menu.setAttribute("aria-label", part.label);
      const choices = part.options.map((option) => this.choice(part, option));
      this.fields = part.settings.map((setting) => this.field(setting));
      const list = element("fieldset", {}, element("legend", {}, part.label), ...choices);
      this.menu.replaceChildren(element("div", { className: "choices" }, list));
      if (this.fields.length) this.menu.append(element("div", { className: "more" }, ...this.fields.map((f) => f.row)));
    }
    for (const input of this.menu.querySelectorAll("fieldset input")) input.checked = input.value === part.value;
    part.settings.forEach((setting, i) => this.fields[i].show(setting));
  }

  choice(part, option) {
    const input = element("input", { type: "radio", name: part.key, value: option.value });
    input.onchange = () => this.turned({ [part.key]: option.value });
    const label = element("label", { className: "choice" }, input, element("span", {}, option.text));
    if (option.formula) label.append(element("span", { className: "formula", innerHTML: option.formula }));
    if (option.hint) label.append(element("small", {}, option.hint));
    label.onpointerup = () => setTimeout(() => this.menu.hidePopover());
    return label;
  }

  field(setting) {
    if (setting.kind === "switch") {
      const input = element("input", { type: "checkbox" });
      input.onchange = () => this.turned({ [setting.key]: input.checked ? "1" : "0" });
      const row = element("label", { className: "choice" }, input, element("span", {}, setting.label), element("small", {}, setting.hint ?? ""));
      return { row, show: (s) => (input.checked = s.value) };
    }
    if (setting.kind === "choice") {
      const select = element("select", {}, ...setting.options.map((o) => element("option", { value: o.value }, o.text)));
      select.onchange = () => this.turned({ [setting.key]: select.value });
      const row = element("label", { className: "field" }, setting.label, select);
      return { row, show: (s) => (select.value = s.value) };
    }
    if (setting.kind === "text") return this.text(setting);
    if (setting.kind === "paste") {
      const button = element("button", { type: "button", className: "wide" }, setting.label);
      let points = "";
      button.onclick = () => { this.menu.hidePopover(); this.paste(points); };
      return { row: button, show: (s) => (points = s.value) };
    }
    return this.number(setting);
  }

  /** A line of text; what the server refuses stays as it was typed, with the reason below it. */
  text(setting) {
    const input = element("input", { type: "text", maxLength: setting.longest, spellcheck: false, autocomplete: "off", autocapitalize: "off", id: `text-${setting.key}` });
    const said = element("small", { id: `said-${setting.key}` });
    input.setAttribute("aria-describedby", said.id);
    input.onchange = () => input.value.trim() && this.turned({ [setting.key]: input.value });
    const label = element("label", { htmlFor: input.id }, setting.label);
    const row = element("div", { className: "written" }, label, input, said);
    const show = (s) => {
      const refused = this.notices.find((notice) => notice.includes(` ${s.key}=`));
      this.told.add(refused);
      input.ariaInvalid = String(Boolean(refused));
      said.textContent = refused?.split(" instead. ").at(-1) ?? s.hint;
      if (!refused && document.activeElement !== input) input.value = s.value;
    };
    return { row, show };
  }

  /** A number with a slider where its range is one that a hand can span. */
  number(setting) {
    const limits = { min: setting.low, max: setting.high };
    const input = element("input", { type: "number", ...limits, step: setting.step });
    const fine = setting.step === "any" ? (setting.high - setting.low) / 200 : setting.step;
    const range = element("input", { type: "range", ...limits, step: fine, ariaLabel: `${setting.label}, slider` });
    const turn = (text) => text !== "" && this.turned({ [setting.key]: String(Number(Number(text).toPrecision(4))) });
    input.onchange = () => turn(input.value);
    range.oninput = () => { input.value = Number(Number(range.value).toPrecision(4)); turn(range.value); };
    const row = element("label", { className: "field" }, setting.label, input);
    if (setting.high - setting.low > 1000) return { row, show: (s) => document.activeElement !== input && (input.value = s.value) };
    const both = element("div", { className: "tuned" }, row, range);
    const show = (s) => {
      if (document.activeElement !== input) input.value = s.value;
      if (!range.matches(":active")) range.value = s.value;
    };
    return { row: both, show };
  }
}
