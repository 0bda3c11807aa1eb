// The menu of a word: a list of choices and the settings that belong to it.

import { element } from "../core/dom.mjs";
import { numberField, short } from "../core/number_field.mjs";
import { formula } from "../net/mathml.mjs";
import { num, say } from "../core/i18n.mjs";
import { scales } from "./sliders.mjs";

const FINE = 1 / 200;

export class Menu {
  /** `turned` takes the keys of the link that a choice changes, `paste` opens the dialog for one's own data. */
  constructor(turned, paste) {
    Object.assign(this, { turned, paste, notices: [], told: new Set() });
    this.menu = element("div", { className: "menu card", popover: "auto", id: "menu" });
    this.menu.addEventListener("toggle", (event) => event.newState === "closed" && this.closed());
    document.body.append(this.menu);
  }

  /** What a scene complains of; a field in the open menu tells of it itself. */
  heed(notices) {
    Object.assign(this, { notices, told: new Set() });
  }

  get untold() {
    return this.notices.filter((notice) => !this.told.has(notice));
  }

  /** A word has a new control: show it if this is its menu. */
  follow(word) {
    if (this.open === word) this.fill(word.control);
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
    const shape = JSON.stringify([part.options, part.settings.map((s) => [s.key, s.part, s.options])]);
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
    this.parts = part.settings.filter((setting) => setting.part);
    for (const input of this.menu.querySelectorAll(".choices input")) input.checked = input.value === part.value;
    part.settings.forEach((setting, i) => this.fields[i].show(setting));
  }

  choice(part, option) {
    const input = element("input", { type: "radio", name: part.key, value: option.value });
    input.onchange = () => this.turned({ [part.key]: option.value });
    const label = element("label", { className: "choice" }, input, element("span", {}, option.text));
    if (option.tex) label.append(formula(option));
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
    if (setting.kind === "several") {
      const boxes = setting.options.map((o) => element("input", { type: "checkbox", value: o.value }));
      const turn = () => this.turned({ [setting.key]: boxes.filter((box) => box.checked).map((box) => box.value).join(",") });
      const rows = boxes.map((box, i) => element("label", { className: "choice", onchange: turn }, box, element("span", {}, setting.options[i].text)));
      const row = element("fieldset", { className: "several" }, element("legend", {}, setting.label), ...rows);
      return { row, show: (s) => boxes.forEach((box) => (box.checked = s.value.includes(box.value))) };
    }
    if (setting.kind === "button") {
      const button = element("button", { type: "button", onclick: () => this.turned({ [setting.key]: setting.value }) }, setting.text);
      const label = element("span", {}, setting.label);
      return { row: element("div", { className: "field" }, label, button), show: (s) => (label.textContent = s.label) };
    }
    if (setting.kind === "choice") {
      const select = element("select", {}, ...setting.options.map((o) => element("option", { value: o.value }, o.text)));
      select.onchange = () => this.turned({ [setting.key]: select.value });
      const row = element("label", { className: "field" }, setting.label, select);
      return { row, show: (s) => (select.value = s.value) };
    }
    if (setting.kind === "text") return this.text(setting);
    if (setting.kind === "paste") return this.data(setting);
    return this.number(setting);
  }

  data(setting) {
    const button = element("button", { type: "button", className: "wide" }, setting.label);
    let points = "";
    button.onclick = () => { this.menu.hidePopover(); this.paste(points); };
    return { row: button, show: (s) => (points = s.value) };
  }

  /** A line of text; what the server refuses stays as it was typed, with the reason below it; emptied, it is what it was. */
  text(setting) {
    const input = element("input", { type: "text", maxLength: setting.longest, spellcheck: false, autocomplete: "off", autocapitalize: "off", id: `text-${setting.key}` });
    const said = element("small", { id: `said-${setting.key}` });
    input.setAttribute("aria-describedby", said.id);
    let held = setting;
    const calm = () => {
      Object.assign(input, { value: held.value, ariaInvalid: "false" });
      said.textContent = held.hint;
    };
    input.onchange = () => (input.value.trim() ? this.turned({ [setting.key]: input.value }) : calm());
    const label = element("label", { htmlFor: input.id }, setting.label);
    const row = element("div", { className: "written" }, label, input, said);
    const show = (s) => {
      held = s;
      const refused = this.notices.find((notice) => notice.includes(` ${s.key}=`));
      if (refused) this.told.add(refused);
      input.ariaInvalid = String(Boolean(refused));
      const used = say("Using {value} instead.", { value: "|" }).split("|").at(-1);
      said.textContent = refused?.split(`${used} `).at(-1) ?? s.hint;
      if (!refused && document.activeElement !== input) input.value = s.value;
    };
    return { row, show };
  }

  /** What a number changes in the link: its key, or the part of a longer spelling that belongs to it. */
  spelled(setting, value) {
    if (!setting.part) return { [setting.key]: String(value) };
    const parts = this.parts.map((s) => (s.part === setting.part ? Object.assign(s, { value }) : s));
    const [before, after] = parts[0].around;
    const own = parts.filter((s) => s.value !== s.usual).map((s) => `:${s.part}=${s.value}`);
    return { [setting.key]: before + own.join("") + after };
  }

  /** A number with a slider where its range is one that a hand can span. */
  number(setting) {
    const scale = scales[setting.scale ?? "linear"];
    const whole = setting.step === 1;
    const fine = whole ? 1 / (setting.high - setting.low) : FINE;
    const turn = (text) => this.turned(this.spelled(setting, Number.isNaN(short(text)) ? text : short(text)));
    const put = (value) => { show({ value }, true); turn(value); };
    const { field, show: tell } = numberField({}, turn, (by) => put(near(scale.from(setting, now) + by * fine)));
    const near = (share) => short(scale.to(setting, Math.max(0, Math.min(1, share))));
    const range = element("input", { type: "range", min: 0, max: 1, step: fine, ariaLabel: say("{name}, slider", { name: setting.label }) });
    range.oninput = () => put(near(Number(range.value)));
    const row = element("label", { className: "field" }, setting.label, field);
    const wide = setting.high - setting.low > 1000 && !setting.scale;
    const both = element("div", { className: "tuned" }, row, range);
    let now = setting.value;
    const show = ({ value }, must) => {
      now = value;
      tell(value, must);
      range.setAttribute("aria-valuetext", num(value));
      if (!range.matches(":active")) range.value = scale.from(setting, value);
    };
    return { row: wide ? row : both, show };
  }
}
