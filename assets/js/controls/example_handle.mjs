// A handle on the examples of a view: they are pointed at, dragged to another value, flipped to the other
// class.

import { element } from "../core/dom.mjs";
import { localizeNumber, message } from "../core/i18n.mjs";
import { downPlot, putOnPlot } from "../plot/plot_corner.mjs";
import { coordinatesOf } from "../plot/plotly_internals.mjs";

/** @import { Examples } from "../protocol.js" */
/** @import { FigureView } from "../plot/figure_view.mjs" */
/** @import { FlatAxis } from "../plot/plotly_internals.mjs" */

/** Pixels within which a pointer means an example. */
const POINTER_RADIUS = 22;
/** Pixels around a touched example within which there must be no other for it to be dragged at once. */
const LONE_RADIUS = 60;
/** Arrow keys change an example by this fraction of its axis, ten times as much with Shift. */
const KEY_STEPS = 100;

/**
 * What can be changed of examples: "value" and "class" the target, "chance" the probability (along the x
 * axis), "" nothing.
 *
 * @typedef {Examples["edits"] | "chance"} Edits
 */

/** @typedef {{ edits: Edits, targets?: number[], classNames?: string[] }} EditableExamples */

/**
 * How an example is changed, for screen readers.
 *
 * @param {Edits} edits
 */
function instruction(edits) {
  if (edits === "value") return message("Left and right choose an example, up and down change it.");
  if (edits === "class") return message("Left and right choose an example, up and down flip its label.");
  if (edits === "chance")
    return message("Up and down choose an example, left and right change its probability.");
  return "";
}

/**
 * Coordinates and pixels of an example.
 *
 * @typedef {{ row: number, at: [number, number], left: number, top: number }} Place
 */

/** @typedef {{ clientX: number, clientY: number }} Pointer */

/**
 * An axis at the beginning of a drag.
 *
 * @typedef {{ offset: number, range: [number, number], type: string, length: number }} AxisAtStart
 */

export class ExampleHandle {
  /**
   * The number of the example that is pointed at.
   *
   * @type {number | null}
   */
  row = null;
  /**
   * The examples of the scene.
   *
   * @type {EditableExamples}
   */
  examples = { edits: "" };
  dragging = false;
  /** Whether the last press has moved the example. */
  dragged = false;

  /**
   * `onPoint(row)` is called with the example that is pointed at, `onChange(row, value)` with its new value,
   * `hold(true)` when a drag begins, during which no axis may move, and `hold(false)` when it ends.
   *
   * @param {FigureView} view
   * @param {{ onPoint: (row?: number) => void, onChange: (row: number, value: number) => void,
   *   hold: (held: boolean) => void }} handlers
   */
  constructor(view, { onPoint, onChange, hold }) {
    this.view = view;
    this.onPoint = onPoint;
    this.onChange = onChange;
    this.hold = hold;
    this.handle = element("button", { type: "button", className: "example" });
    view.element.after(this.handle);
    this.listenToView();
    this.listenToHandle();
  }

  listenToView() {
    const plot = this.view.element;
    const card = /** @type {HTMLElement} */ (plot.parentElement);
    card.addEventListener("pointermove", (event) => {
      if (this.dragging) return;
      const isOnLine = event.target instanceof Element && event.target.matches(".line-handle");
      if (isOnLine) this.leave();
      else this.aim(event);
    });
    card.addEventListener("pointerleave", (event) => {
      if (!this.dragging && event.pointerType !== "touch") this.leave();
    });
    const keepFromScrolling = (/** @type {TouchEvent} */ event) =>
      this.isAlone(event.touches[0]) && event.preventDefault();
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

  /**
   * Show another scene's examples.
   *
   * @param {EditableExamples} examples
   */
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

  /** The axes of the view, which is drawn whenever examples can be changed. */
  get axes() {
    return /** @type {[FlatAxis, FlatAxis]} */ (this.view.axes);
  }

  /**
   * The coordinates and pixels of every example, from left to right.
   *
   * @returns {Place[]}
   */
  get places() {
    const plot = this.view.element;
    const traces = (plot.data ?? []).filter((trace) => trace.meta === "examples");
    if (!traces.length || !this.view.axes) return [];
    const [x, y] = this.axes;
    return traces
      .flatMap((trace) => {
        const across = coordinatesOf(plot, trace, "x");
        const up = coordinatesOf(plot, trace, "y");
        return trace.customdata.map((/** @type {number} */ row, /** @type {number} */ i) => ({
          row,
          at: [across[i], up[i]],
          left: x.offset + x.toPixel(across[i]),
          top: y.offset + y.toPixel(up[i]),
        }));
      })
      .sort((a, b) => a.left - b.left);
  }

  /**
   * The examples within a radius of a pointer, the nearest first.
   *
   * @param {Pointer} pointer
   * @param {number} radius
   */
  near({ clientX, clientY }, radius) {
    const box = this.view.element.getBoundingClientRect();
    const distance = (/** @type {Place} */ { left, top }) =>
      Math.hypot(left - (clientX - box.left), top - (clientY - box.top));
    const all = this.places.map((place) => ({ row: place.row, distance: distance(place) }));
    return all.filter((one) => one.distance < radius).sort((a, b) => a.distance - b.distance);
  }

  /**
   * Point at the example under the pointer, if any.
   *
   * @param {Pointer} pointer
   */
  aim(pointer) {
    const [nearest] = this.near(pointer, POINTER_RADIUS);
    if (nearest) this.select(nearest.row);
    else if (document.activeElement !== this.handle) this.leave();
  }

  /**
   * Whether a touch can only mean one example, not its neighbors and not scrolling.
   *
   * @param {Pointer} touch
   */
  isAlone(touch) {
    if (this.examples.edits !== "value") return false;
    return [POINTER_RADIUS, LONE_RADIUS].every((radius) => this.near(touch, radius).length === 1);
  }

  /**
   * A touch drags at once a lone example, and any along x, where the page does not scroll.
   * Other examples are pointed at by the first touch and dragged by the handle.
   *
   * @param {PointerEvent} event
   */
  press(event) {
    this.aim(event);
    const dragsAtOnce = this.examples.edits === "chance" || this.isAlone(event);
    if (event.pointerType === "touch" && this.row !== null && dragsAtOnce) this.startDrag(event);
  }

  /** @param {number} [row] */
  select(row) {
    if (row === undefined) return;
    this.row = row;
    this.updateHandle();
    this.onPoint(row);
  }

  leave() {
    if (document.activeElement !== this.handle) this.forget();
  }

  /** Point at no example. */
  forget() {
    this.row = null;
    this.updateHandle();
    this.onPoint(undefined);
  }

  /**
   * The place of an example; undefined where it has none.
   *
   * @param {number | null} [row]
   */
  placeOf(row) {
    return this.examples.edits ? this.places.find((place) => place.row === row) : undefined;
  }

  /**
   * The value of an example at a place that can be changed.
   *
   * @param {Place} place
   */
  valueAt({ row, at }) {
    return this.examples.targets?.[row] ?? at[this.axis];
  }

  /** Put the handle over the example that is pointed at, and name it for screen readers. */
  updateHandle() {
    const place = this.placeOf(this.row);
    this.handle.classList.toggle("idle", !place);
    const texts = [place ? this.describe(place) : "", instruction(this.examples.edits)];
    this.handle.setAttribute("aria-label", texts.join(" ").trim());
    if (!place) return;
    putOnPlot(this.handle, place.left, place.top);
  }

  /** @param {Place} place */
  describe(place) {
    const value = this.valueAt(place);
    const target = this.examples.classNames?.[value] ?? localizeNumber(Number(value.toPrecision(3)));
    return message("Example {row}, {target}.", { row: place.row, target });
  }

  /** @param {PointerEvent} event */
  startDrag(event) {
    this.dragged = false;
    if (this.examples.edits === "class") return;
    event.preventDefault();
    this.handle.focus({ preventScroll: true });
    this.handle.setPointerCapture(event.pointerId);
    this.dragging = true;
    this.hold(true);
    // The axis grows under a pointer that leaves the plot.
    const { offset, kindAndRange, length } = this.axes[this.axis];
    const drag = (/** @type {PointerEvent} */ moved) => this.drag(moved, { offset, length, ...kindAndRange });
    const stop = () => {
      this.dragging = false;
      this.hold(false);
      this.handle.removeEventListener("pointermove", drag);
      this.updateHandle();
    };
    this.handle.addEventListener("pointermove", drag);
    this.handle.addEventListener("lostpointercapture", stop, { once: true });
  }

  /**
   * Move the example to a pointer, as measured by the axis at the beginning of the drag.
   *
   * @param {Pointer} pointer
   * @param {AxisAtStart} axisAtStart
   */
  drag({ clientX, clientY }, { offset, range: [low, high], type, length }) {
    if (this.row === null) return;
    const { axis } = this;
    const plot = this.view.element;
    const box = plot.getBoundingClientRect();
    const pixels = axis ? clientY - box.top - offset : clientX - box.left - offset;
    const share = axis ? 1 - pixels / length : pixels / length;
    this.dragged = true;
    if (axis) this.handle.style.top = downPlot(offset + pixels);
    const value = low + share * (high - low);
    this.onChange(this.row, type === "log" ? 10 ** value : value);
  }

  /** Change the class of a binary example. */
  flip() {
    if (this.row === null || !this.examples.targets) return;
    this.onChange(this.row, 1 - this.examples.targets[this.row]);
  }

  /**
   * Arrow keys along the changed axis change the example, the others choose another.
   *
   * @param {KeyboardEvent} event
   */
  handleKey(event) {
    const moves = [{ ArrowLeft: -1, ArrowRight: 1 }[event.key], { ArrowUp: 1, ArrowDown: -1 }[event.key]];
    const [choice, change] = [moves[1 - this.axis], moves[this.axis]];
    if (!choice && !change) return;
    event.preventDefault();
    event.stopPropagation();
    if (choice) this.selectNext(choice);
    else if (this.examples.edits === "class") this.flip();
    else if (change) this.changeBy((event.shiftKey ? 10 : 1) * change);
  }

  /**
   * Change the example that is pointed at by a number of steps of the keys.
   *
   * @param {number} steps
   */
  changeBy(steps) {
    const place = this.placeOf(this.row);
    if (!place) return;
    const { range, type } = this.axes[this.axis].kindAndRange;
    const change = (steps * (range[1] - range[0])) / KEY_STEPS;
    const value = this.valueAt(place);
    this.onChange(place.row, type === "log" ? value * 10 ** change : value + change);
  }

  /** @param {number} direction */
  selectNext(direction) {
    const { places } = this;
    const next = places.findIndex((place) => place.row === this.row) + direction;
    this.select(places[Math.max(0, Math.min(next, places.length - 1))]?.row);
  }
}
