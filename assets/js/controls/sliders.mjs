// Sliders with a number field each. A slider is created anew only if another control takes its place, never
// while dragged.

import { element } from "../core/dom.mjs";
import { localizeNumber, message } from "../core/i18n.mjs";
import { spellSliderValue } from "../core/link.mjs";
import { numberField } from "../core/number_field.mjs";
import { areaPath, curvePath } from "../core/rate_curve.mjs";

/** @import { Scale, Slider as SliderControl, SliderMark, StepsByRate } from "../protocol.js" */

/** Positions of a slider. Keys move it by a hundredth or a tenth of its length. */
const POSITIONS = 1000;
/** @type {Record<string, number>} */
const KEY_STEPS = {
  ArrowRight: 10,
  ArrowUp: 10,
  ArrowLeft: -10,
  ArrowDown: -10,
  PageUp: 100,
  PageDown: -100,
};
/**
 * The words of two marks, left of the first and right of the second, would read as one if they were nearer
 * than this many pixels. (The best rate is at least half of the limit, so that marks are never far apart.)
 */
const MARK_DISTANCE = 14;
/** Pixels at both ends of a slider that its thumb's middle does not reach. */
const THUMB_RADIUS = 11;
const SVG = "http://www.w3.org/2000/svg";
/** Letters of the longest label beside which a number has room in one line. */
const LONG_LABEL = 13;
/** Slider positions a step of the number field's keys. */
const FIELD_STEP = 10;

/** @typedef {{ low: number, high: number }} Range */

/**
 * Conversion between a value and its share of a range.
 *
 * @typedef {object} Conversion
 * @property {(range: Range, share: number) => number} toValue
 * @property {(range: Range, value: number) => number} toShare
 */

/** @type {Record<Scale, Conversion>} */
export const scales = {
  linear: {
    toValue: ({ low, high }, share) => low + share * (high - low),
    toShare: ({ low, high }, value) => (value - low) / (high - low),
  },
  log: {
    toValue: ({ low, high }, share) => low * (high / low) ** share,
    toShare: ({ low, high }, value) => Math.log(value / low) / Math.log(high / low),
  },
};

/**
 * Receives changed keys of the link; during a drag it may return the value that is shown instead.
 *
 * @typedef {(set: Record<string, string>, dragging: boolean) => number | undefined} OnChange
 */

/** Lists of numbers, such as the start, have one slider per number: their control has an `index`. */
export class Sliders {
  labels = "";
  /** @type {Slider[]} */
  sliders = [];

  /**
   * `onApproach(key)` is called when a slider may be moved soon, `onHold(key, held)` when a pointer takes and
   * leaves it.
   *
   * @param {HTMLElement} box
   * @param {{ onChange: OnChange, onApproach: (key: string) => void,
   *   onHold: (key: string, held: boolean) => void }} handlers
   */
  constructor(box, { onChange, onApproach, onHold }) {
    this.box = box;
    this.onChange = onChange;
    this.onApproach = onApproach;
    this.onHold = onHold;
  }

  /** @param {SliderControl[]} controls */
  show(controls) {
    const labels = controls.map((control) => control.label).join();
    if (labels !== this.labels) {
      this.labels = labels;
      this.sliders = controls.map((control) => this.createSlider(control));
      this.box.replaceChildren(...this.sliders.map((slider) => slider.row));
    }
    controls.forEach((control, i) => this.sliders[i].show(control));
  }

  /** @param {SliderControl} control */
  createSlider(control) {
    const onChange = (/** @type {string} */ value, dragging = false) => this.change(control, value, dragging);
    return new Slider(control, {
      onChange,
      onApproach: () => this.onApproach(control.key),
      onHold: (held) => this.onHold(control.key, held),
    });
  }

  /**
   * The sliders of a key.
   *
   * @param {string} key
   */
  ofKey(key) {
    return this.sliders.filter((slider) => slider.control.key === key);
  }

  /**
   * Show the steps to arrive by rate on the slider of the rate; null for nothing.
   *
   * @param {StepsByRate | null} curve
   */
  showCurve(curve) {
    for (const slider of this.ofKey("rate")) slider.showCurve(curve);
  }

  /**
   * Show other values of a key that has a list of numbers.
   *
   * @param {string} key
   * @param {number[]} values
   */
  setValues(key, values) {
    for (const slider of this.ofKey(key))
      slider.show({ ...slider.control, value: values[slider.control.index ?? 0] });
  }

  /**
   * One number of a list has changed: the list is sent whole.
   *
   * @param {SliderControl} control
   * @param {string} value
   * @param {boolean} dragging
   */
  change({ key, index }, value, dragging) {
    const sliders = this.ofKey(key);
    const texts = sliders.map(({ control }) =>
      control.index === index ? value : spellSliderValue(control.value),
    );
    for (const { control } of sliders) {
      if (control.index === index && Number.isFinite(Number(value))) control.value = Number(value);
    }
    return this.onChange({ [key]: texts.join(",") }, dragging);
  }
}

class Slider {
  dragging = false;
  /**
   * The drawing of the curve.
   *
   * @type {SVGElement | undefined}
   */
  curve;
  /**
   * The value that was shown instead during a drag and is not requested yet.
   *
   * @type {number | undefined}
   */
  previewed;

  /**
   * @param {SliderControl} control
   * @param {{ onChange: (value: string, dragging?: boolean) => number | undefined, onApproach: () => void,
   *   onHold: (held: boolean) => void }} handlers
   */
  constructor(control, { onChange, onApproach, onHold }) {
    this.control = control;
    this.onChange = onChange;
    const id = `${control.key}${control.index ?? ""}`;
    this.range = element("input", { type: "range", min: 0, max: POSITIONS, step: 1, id: `slide-${id}` });
    const properties = { id: `number-${id}`, ariaLabel: message("{label}, number", control) };
    this.number = numberField(properties, onChange, (steps) => this.move(FIELD_STEP * steps));
    this.marks = element("div", { className: "marks" });
    this.note = element("span", { className: "note" });
    const scale = element("div", { className: "scale" }, this.range, this.marks, this.note);
    this.scaleBox = scale;
    new ResizeObserver(() => this.spaceMarks()).observe(scale);
    const className = control.label.length > LONG_LABEL ? "several-words" : "";
    const label = element("label", { htmlFor: this.range.id, className }, control.label);
    this.row = element("div", { className: `slider ${control.key}` }, label, scale, this.number.field);
    this.listen(onApproach);
    this.listenToHold(onHold);
  }

  /** @param {(held: boolean) => void} onHold */
  listenToHold(onHold) {
    let held = false;
    const change = (/** @type {boolean} */ now) => {
      if (now !== held) onHold((held = now));
    };
    this.range.addEventListener("pointerdown", () => change(true));
    for (const name of ["pointerup", "pointercancel", "blur"])
      this.range.addEventListener(name, () => change(false));
  }

  /** @param {() => void} onApproach */
  listen(onApproach) {
    const { range } = this;
    range.oninput = () => this.input();
    range.onkeydown = (event) => this.handleKey(event);
    for (const name of ["pointerenter", "focus", "pointerdown", "keydown"])
      range.addEventListener(name, onApproach);
    range.addEventListener("pointerdown", () => (this.dragging = true));
    for (const name of ["change", "pointercancel", "keyup", "blur"]) {
      range.addEventListener(name, () => this.release());
    }
  }

  get scale() {
    return scales[this.control.scale];
  }

  input() {
    const share = Number(this.range.value) / POSITIONS;
    const value = spellSliderValue(this.scale.toValue(this.control, share));
    this.previewed = this.onChange(value, this.dragging);
    this.showValue(this.previewed ?? value, true);
  }

  /** Request the value that was only previewed during the drag. */
  release() {
    this.dragging = false;
    if (this.previewed !== undefined) this.onChange(String(this.previewed), false);
    this.previewed = undefined;
  }

  /** @param {KeyboardEvent} event */
  handleKey(event) {
    const positions = KEY_STEPS[event.key];
    if (!positions) return;
    event.preventDefault();
    this.dragging = true;
    this.move(positions);
  }

  /** @param {number} positions */
  move(positions) {
    this.range.value = String(Number(this.range.value) + positions);
    this.input();
  }

  /**
   * Show a value in the number field, even under the cursor if `force` is set, and to screen readers.
   *
   * @param {number | string} value
   * @param {boolean} [force]
   */
  showValue(value, force) {
    const { note, marks } = this.control;
    this.number.show(spellSliderValue(value), force);
    const texts = [localizeNumber(spellSliderValue(value)), note, ...marks.map((mark) => mark.text)];
    this.range.setAttribute("aria-valuetext", texts.filter(Boolean).join(", "));
  }

  /** @param {SliderControl} control */
  show(control) {
    this.control = control;
    this.showValue(control.value);
    this.note.textContent = control.note;
    this.row.classList.toggle("noted", Boolean(control.note));
    const share = this.scale.toShare(control, control.value);
    if (!this.range.matches(":active")) this.range.value = String(Math.round(POSITIONS * share));
    this.showMarks(control.marks);
  }

  /**
   * Only the marks are replaced: a range that is removed and inserted again loses the pointer that drags it.
   *
   * @param {SliderMark[]} marks
   */
  showMarks(marks) {
    this.row.classList.toggle("marked", marks.length > 0);
    const positionOf = (/** @type {SliderMark} */ { value }) =>
      String(this.scale.toShare(this.control, value));
    const createMark = (/** @type {SliderMark} */ mark) => {
      const properties = { className: "mark", title: mark.title || mark.text };
      const line = element("span", properties, element("span", {}, mark.text));
      line.style.setProperty("--at", positionOf(mark));
      return line;
    };
    this.marks.replaceChildren(...marks.map(createMark));
    this.spaceMarks();
    const named = marks.filter((mark) => mark.text);
    const [best, limit] = named.length > 1 ? named : [named[0], named[0]];
    if (!best) return;
    this.row.style.setProperty("--best", positionOf(best));
    this.row.style.setProperty("--limit", positionOf(limit));
  }

  /** Leave the first of two near marks without its word, and move the last word into the row of sliders. */
  spaceMarks() {
    const word = /** @type {HTMLElement | null} */ (this.marks.lastElementChild?.firstElementChild ?? null);
    const sliders = this.row.parentElement;
    if (word && sliders) {
      word.style.marginLeft = "";
      const beyond = word.getBoundingClientRect().right - sliders.getBoundingClientRect().right;
      if (beyond > 0) word.style.marginLeft = `${-beyond}px`;
    }
    const shares = this.control.marks.map(({ value }) => this.scale.toShare(this.control, value));
    const distance = (shares[1] - shares[0]) * (this.scaleBox.clientWidth - 2 * THUMB_RADIUS);
    this.row.classList.toggle("crowded", Math.abs(distance) < MARK_DISTANCE);
  }

  /**
   * Draw the steps to arrive over the scale, low where the run is fast.
   *
   * @param {StepsByRate | null} curve
   */
  showCurve(curve) {
    this.curve?.remove();
    const toShare = (/** @type {number} */ rate) => this.scale.toShare(this.control, rate);
    const line = curve ? curvePath(curve, toShare) : "";
    this.row.classList.toggle("charted", Boolean(line));
    if (!curve || !line) return;
    const drawing = document.createElementNS(SVG, "svg");
    drawing.setAttribute("viewBox", "0 0 100 1");
    drawing.setAttribute("preserveAspectRatio", "none");
    drawing.setAttribute("class", "steps-by-rate");
    drawing.ariaHidden = "true";
    const area = document.createElementNS(SVG, "path");
    area.setAttribute("d", areaPath(curve, toShare));
    area.setAttribute("class", "area");
    const stroke = document.createElementNS(SVG, "path");
    stroke.setAttribute("d", line);
    drawing.append(area, stroke);
    this.curve = drawing;
    this.scaleBox.prepend(drawing);
  }
}
