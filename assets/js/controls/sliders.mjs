// Sliders with a number field each. A slider is remade only when its kind changes, never under the hand.

import { element } from "../core/dom.mjs";
import { numberField, short } from "../core/number_field.mjs";
import { num, say } from "../core/i18n.mjs";

const FINE = 1000;

export const scales = {
  linear: { to: (c, f) => c.low + f * (c.high - c.low), from: (c, v) => (v - c.low) / (c.high - c.low) },
  log: { to: (c, f) => c.low * (c.high / c.low) ** f, from: (c, v) => Math.log(v / c.low) / Math.log(c.high / c.low) },
};

/** A value as the link spells it. */
const spell = (value) => String(short(value)).replace(/0{6,}$/, (zeros) => `e${zeros.length}`);

export class Sliders {
  /** `turned(set, held)` is told of a value and may answer which it shows while the slider is held; `touched(key)` that one will come. */
  constructor(box, turned, touched) {
    Object.assign(this, { box, turned, touched, rows: [] });
  }

  show(controls) {
    const shape = controls.map((c) => c.label).join();
    if (shape !== this.shape) {
      this.shape = shape;
      this.rows = controls.map((c) => new Slider(c, (value, held) => this.turn(c, value, held), () => this.touched(c.key)));
      this.box.replaceChildren(...this.rows.map((row) => row.row));
    }
    controls.forEach((control, i) => this.rows[i].show(control));
  }

  /** Stand where a hand on the map has gone. */
  follow(key, values) {
    for (const row of this.rows) if (row.control.key === key) row.show({ ...row.control, value: values[row.control.part] });
  }

  /** A list of numbers is turned a part at a time and sent whole. */
  turn(control, value, held) {
    const parts = this.rows.filter((row) => row.control.key === control.key);
    const text = parts.map((row) => (row.control.part === control.part ? value : spell(row.control.value))).join(",");
    for (const row of parts) if (row.control.part === control.part) row.control.value = Number.isFinite(Number(value)) ? Number(value) : row.control.value;
    return this.turned({ [control.key]: text }, held);
  }
}

class Slider {
  constructor(control, turned, touched) {
    Object.assign(this, { turned, held: false });
    const id = `${control.key}${control.part ?? ""}`;
    this.range = element("input", { type: "range", min: 0, max: FINE, step: 1, id: `slide-${id}` });
    const named = { id: `number-${id}`, ariaLabel: say("{label}, number", control) };
    this.number = numberField(named, turned, (by) => this.move(10 * by));
    this.marks = element("div", { className: "marks" });
    this.scale = element("div", { className: "scale" }, this.range, this.marks);
    this.label = element("label", { htmlFor: this.range.id }, control.label);
    this.note = element("span", { className: "note" });
    this.label.append(this.note);
    this.row = element("div", { className: `slider ${control.key}` }, this.label, this.scale, this.number.field);
    this.range.oninput = () => this.slid();
    this.range.onkeydown = (event) => this.key(event);
    for (const come of ["pointerenter", "focus", "pointerdown", "keydown"]) this.range.addEventListener(come, touched);
    this.range.addEventListener("pointerdown", () => (this.held = true));
    for (const go of ["change", "pointercancel", "keyup", "blur"]) this.range.addEventListener(go, () => this.let());
  }

  slid() {
    const value = spell(scales[this.control.scale].to(this.control, this.range.value / FINE));
    this.glimpsed = this.turned(value, this.held);
    this.tell(this.glimpsed ?? value, true);
  }

  /** The hand is off: what was only shown is now asked for. */
  let() {
    this.held = false;
    if (this.glimpsed !== undefined) this.turned(String(this.glimpsed), false);
    this.glimpsed = undefined;
  }

  /** Arrows move by a hundredth, Page keys by a tenth of the scale. */
  key(event) {
    const by = { ArrowRight: 10, ArrowUp: 10, ArrowLeft: -10, ArrowDown: -10, PageUp: 100, PageDown: -100 }[event.key];
    if (!by) return;
    event.preventDefault();
    this.held = true;
    this.move(by);
  }

  move(by) {
    this.range.value = Number(this.range.value) + by;
    this.slid();
  }

  /** The value in figures: in the field, and for who hears the slider. */
  tell(value, must) {
    this.number.show(spell(value), must);
    this.range.setAttribute("aria-valuetext", [num(spell(value)), this.control.note, ...(this.control.marks ?? []).map((m) => m.text)].filter(Boolean).join(", "));
  }

  show(control) {
    this.control = control;
    this.tell(control.value);
    this.note.textContent = control.note ?? "";
    if (!this.range.matches(":active")) this.range.value = Math.round(FINE * scales[control.scale].from(control, control.value));
    const marks = control.marks ?? [];
    this.row.classList.toggle("marked", marks.length > 0);
    // Beside the range, which loses the hand that drags it where it is put in its place once more.
    this.marks.replaceChildren(...marks.map((mark) => {
      const line = element("span", { className: "mark", title: mark.title ?? mark.text }, element("span", {}, mark.text));
      line.style.setProperty("--at", mark.at);
      return line;
    }));
    const named = marks.filter((mark) => mark.text);
    const [best, limit] = named.length > 1 ? named : [named[0], named[0]];
    if (best) {
      this.row.style.setProperty("--best", best.at);
      this.row.style.setProperty("--limit", limit.at);
    }
  }
}
