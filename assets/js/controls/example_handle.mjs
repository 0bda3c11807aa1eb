// A handle on the examples of a view: they are pointed at, dragged to another value, flipped to the other
// class.

import { element } from "../core/dom.mjs";
import { localizeNumber, message } from "../core/i18n.mjs";

/** Pixels within which a pointer means an example. */
const POINTER_RADIUS = 22;
/** Pixels around a touched example within which there must be no other for it to be dragged at once. */
const LONE_RADIUS = 60;
/** Arrow keys change an example by this fraction of its axis, ten times as much with Shift. */
const KEY_STEPS = 100;
const INSTRUCTIONS = {
  value: message("Left and right choose an example, up and down change it."),
  class: message("Left and right choose an example, up and down flip its label."),
  chance: message("Up and down choose an example, left and right change its probability."),
};

/**
 * `examples.edits` is what can be changed: "value" and "class" the target, "chance" the probability
 * (along the x axis), "" nothing. `row` is the number of the example that is pointed at, else null.
 */
export class ExampleHandle {
  /**
   * `onPoint(row)` is called with the example that is pointed at, `onChange(row, value)` with its new value.
   */
  constructor(view, onPoint, onChange) {
    Object.assign(this, { view, onPoint, onChange, row: null });
    this.handle = element("button", { type: "button", className: "example" });
    view.element.after(this.handle);
    this.listenToView();
    this.listenToHandle();
  }

  listenToView() {
    const plot = this.view.element;
    const card = plot.parentElement;
    card.addEventListener("pointermove", (event) => !this.dragging && this.aim(event));
    card.addEventListener("pointerleave", (event) => {
      if (!this.dragging && event.pointerType !== "touch") this.leave();
    });
    const keepFromScrolling = (event) => this.isAlone(event.touches[0]) && event.preventDefault();
    plot.addEventListener("touchstart", keepFromScrolling, { passive: false });
    plot.addEventListener("pointerdown", (event) => this.press(event));
  }

  listenToHandle() {
    const flipByClick = () => this.examples.edits === "class" && !this.dragged && this.flip();
    this.handle.addEventListener("pointerdown", (event) => this.startDrag(event));
    this.handle.addEventListener("click", flipByClick);
    this.handle.addEventListener("keydown", (event) => this.handleKey(event));
    this.handle.addEventListener("focus", () => this.select(this.row ?? this.places[0]?.row));
    this.handle.addEventListener("blur", () => this.leave());
  }

  /** Show another scene's examples: `{edits, targets, classNames}`. */
  show(examples) {
    this.examples = examples;
    this.handle.hidden = !examples.edits;
    this.view.element.classList.toggle("leaning", examples.edits === "chance");
    this.updateHandle();
    if (this.row !== null) this.onPoint(this.row);
  }

  /** The axis along which an example is changed: 0 for x, 1 for y. */
  get axis() {
    return this.examples.edits === "chance" ? 0 : 1;
  }

  /** The coordinates and pixels of every example, from left to right. */
  get places() {
    const {
      element: plot,
      axes: [x, y],
    } = this.view;
    const traces = (plot.data ?? []).filter((trace) => trace.meta === "examples");
    const ofTrace = (trace) => {
      const [across, up] = plot.calcdata
        ? ["x", "y"].map((axis) => coordinates(plot, trace, axis))
        : [[], []];
      return trace.customdata.map((row, i) => ({
        row,
        at: [across[i], up[i]],
        left: x._offset + x.d2p(across[i]),
        top: y._offset + y.d2p(up[i]),
      }));
    };
    return traces.flatMap(ofTrace).sort((a, b) => a.left - b.left);
  }

  /** The examples within a radius of a pointer, the nearest first. */
  near({ clientX, clientY }, radius) {
    const box = this.view.element.getBoundingClientRect();
    const distance = ({ left, top }) => Math.hypot(left - (clientX - box.left), top - (clientY - box.top));
    const all = this.places.map((place) => ({ row: place.row, distance: distance(place) }));
    return all.filter((one) => one.distance < radius).sort((a, b) => a.distance - b.distance);
  }

  /** Point at the example under the pointer, if any. */
  aim(event) {
    const [nearest] = this.near(event, POINTER_RADIUS);
    if (nearest) this.select(nearest.row);
    else if (document.activeElement !== this.handle) this.leave();
  }

  /** Whether a touch can only mean one example, not its neighbors and not scrolling. */
  isAlone(touch) {
    if (this.examples.edits !== "value") return false;
    return [POINTER_RADIUS, LONE_RADIUS].every((radius) => this.near(touch, radius).length === 1);
  }

  /**
   * A touch drags at once a lone example, and any along x, where the page does not scroll.
   * Other examples are pointed at by the first touch and dragged by the handle.
   */
  press(event) {
    this.aim(event);
    const dragsAtOnce = this.examples.edits === "chance" || this.isAlone(event);
    if (event.pointerType === "touch" && this.row !== null && dragsAtOnce) this.startDrag(event);
  }

  select(row) {
    if (row === undefined) return;
    this.row = row;
    this.updateHandle();
    this.onPoint(row);
  }

  leave() {
    if (document.activeElement === this.handle) return;
    this.row = null;
    this.updateHandle();
    this.onPoint(undefined);
  }

  /** The place of an example; undefined where it has none. */
  placeOf(row) {
    return this.examples?.edits ? this.places.find((place) => place.row === row) : undefined;
  }

  /** The value of an example that can be changed. */
  valueOf(row) {
    return this.examples.targets?.[row] ?? this.placeOf(row).at[this.axis];
  }

  /** Put the handle over the example that is pointed at, and name it for screen readers. */
  updateHandle() {
    const place = this.placeOf(this.row);
    this.handle.classList.toggle("idle", !place);
    const instruction = INSTRUCTIONS[this.examples.edits] ?? "";
    this.handle.setAttribute("aria-label", `${place ? this.describe(this.row) : ""} ${instruction}`.trim());
    if (!place) return;
    const { offsetLeft, offsetTop } = this.view.element;
    this.handle.style.left = `${offsetLeft + place.left}px`;
    this.handle.style.top = `${offsetTop + place.top}px`;
  }

  describe(row) {
    const value = this.valueOf(row);
    const target = this.examples.classNames?.[value] ?? localizeNumber(Number(value.toPrecision(3)));
    return message("Example {row}, {target}.", { row, target });
  }

  startDrag(event) {
    this.dragged = false;
    if (this.examples.edits === "class") return;
    event.preventDefault();
    this.handle.focus({ preventScroll: true });
    this.handle.setPointerCapture(event.pointerId);
    this.dragging = true;
    // A later scene may change the axis during the drag.
    const { _offset: offset, range, _length: length } = this.view.axes[this.axis];
    const drag = (moved) => this.drag(moved, { offset, range, length });
    const stop = () => {
      this.dragging = false;
      this.handle.removeEventListener("pointermove", drag);
      this.updateHandle();
    };
    this.handle.addEventListener("pointermove", drag);
    this.handle.addEventListener("lostpointercapture", stop, { once: true });
  }

  /** Move the example to a pointer, as measured by the axis at the beginning of the drag. */
  drag({ clientX, clientY }, { offset, range: [low, high], length }) {
    const { axis } = this;
    const plot = this.view.element;
    const box = plot.getBoundingClientRect();
    const pixels = axis ? clientY - box.top - offset : clientX - box.left - offset;
    const share = axis ? 1 - pixels / length : pixels / length;
    this.dragged = true;
    if (axis) this.handle.style.top = `${plot.offsetTop + offset + pixels}px`;
    this.onChange(this.row, low + share * (high - low));
  }

  /** Change the class of a binary example. */
  flip() {
    this.onChange(this.row, 1 - this.examples.targets[this.row]);
  }

  /** Arrow keys along the changed axis change the example, the others choose another. */
  handleKey(event) {
    const moves = [{ ArrowLeft: -1, ArrowRight: 1 }[event.key], { ArrowUp: 1, ArrowDown: -1 }[event.key]];
    const [choice, change] = [moves[1 - this.axis], moves[this.axis]];
    if (!choice && !change) return;
    event.preventDefault();
    event.stopPropagation();
    if (choice) this.selectNext(choice);
    else if (this.examples.edits === "class") this.flip();
    else {
      const [low, high] = this.view.axes[this.axis].range;
      const step = ((event.shiftKey ? 10 : 1) * (high - low)) / KEY_STEPS;
      this.onChange(this.row, this.valueOf(this.row) + change * step);
    }
  }

  selectNext(direction) {
    const { places } = this;
    const next = places.findIndex((place) => place.row === this.row) + direction;
    this.select(places[Math.max(0, Math.min(next, places.length - 1))].row);
  }
}

/** A trace's coordinates: those to which it was moved, or those that Plotly decoded. */
function coordinates(plot, trace, axis) {
  if (trace[axis]?.length) return trace[axis];
  return plot._fullData.find((one) => one.uid === trace.uid || one._input === trace)[axis];
}
