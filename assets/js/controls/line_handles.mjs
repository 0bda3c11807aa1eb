// Two handles on the line in the data view. Dragging one turns the line about the other, and moves the start
// to the place on the map whose line it is.

import { element } from "../core/dom.mjs";
import { localizeNumber, message } from "../core/i18n.mjs";
import {
  draggedInput,
  handleInputs,
  heightOf,
  placeThrough,
  scoreAt,
  scoreOf,
} from "../core/line_geometry.mjs";
import { putOnPlot } from "../plot/plot_corner.mjs";

/** @import { LineHandles as Line, Scene } from "../protocol.js" */
/** @import { Range } from "../core/line_geometry.mjs" */
/** @import { FigureView } from "../plot/figure_view.mjs" */
/** @import { FlatAxis } from "../plot/plotly_internals.mjs" */

/** Arrow keys move a handle by this fraction of the axis, ten times as much with Shift. */
const KEY_STEPS = 100;
const SHIFT_FACTOR = 10;

/** @typedef {(place: Scene["start"]) => void} Report */

/**
 * A handle with the input at which it is.
 *
 * @typedef {{ button: HTMLButtonElement, input: number }} Handle
 */

export class LineHandles {
  /**
   * The line of the scene; null if it cannot be dragged.
   *
   * @type {Line | null}
   */
  line = null;
  /**
   * The place whose line is shown.
   *
   * @type {Scene["start"]}
   */
  place = [0, 0];
  /**
   * The handle that is dragged.
   *
   * @type {Handle | null}
   */
  dragged = null;

  /**
   * `onDrag(start)` receives a start while a handle is dragged, `onPlace(start)` one that is meant.
   * `hold(true)` is called when a drag begins, during which no axis may move, and `hold(false)` when it ends.
   *
   * @param {FigureView} view
   * @param {{ onDrag: Report, onPlace: Report, hold: (held: boolean) => void }} handlers
   */
  constructor(view, { onDrag, onPlace, hold }) {
    this.view = view;
    this.onDrag = onDrag;
    this.onPlace = onPlace;
    this.hold = hold;
    /** @type {[Handle, Handle]} */
    this.handles = [this.createHandle(), this.createHandle()];
    view.element.after(...this.handles.map(({ button }) => button));
    new ResizeObserver(() => requestAnimationFrame(() => this.update())).observe(view.element);
  }

  /** @returns {Handle} */
  createHandle() {
    const button = element("button", { type: "button", className: "line-handle", hidden: true });
    const handle = { button, input: NaN };
    button.addEventListener("pointerdown", (event) => this.startDrag(handle, event));
    button.addEventListener("keydown", (event) => this.handleKey(handle, event));
    return handle;
  }

  /** The axes of the view, which is drawn whenever it has handles. */
  get axes() {
    return /** @type {[FlatAxis, FlatAxis]} */ (this.view.axes);
  }

  /**
   * Put the handles on another line, or on none.
   *
   * @param {Line | null} line
   * @param {Scene["start"]} place
   */
  show(line, place) {
    if (String(line?.inputs) !== String(this.line?.inputs)) this.forgetInputs();
    this.line = line;
    this.place = place;
    this.update();
  }

  /** Choose other inputs for the handles at the next update. */
  forgetInputs() {
    for (const handle of this.handles) handle.input = NaN;
  }

  /** Whether the handles may stay at their inputs: one is held, or the line is in the plot at both. */
  get keepsInputs() {
    if (this.dragged) return true;
    const [x, y] = this.axes;
    const isInside = (/** @type {Handle} */ { input }) => {
      const across = x.toPixel(input);
      const down = y.toPixel(this.heightAt(input));
      return across >= 0 && across <= x.length && down >= 0 && down <= y.length;
    };
    return this.handles.every(isInside);
  }

  /**
   * The height of the line at an input.
   *
   * @param {number} input
   */
  heightAt(input) {
    const line = /** @type {Line} */ (this.line);
    return heightOf(line, scoreAt(line, this.place, input));
  }

  /** Put the handles on the line as it is drawn now. */
  update() {
    const isShown = Boolean(this.line && this.view.axes && this.place.every(Number.isFinite));
    for (const { button } of this.handles) button.hidden = !isShown;
    if (!isShown) return;
    const line = /** @type {Line} */ (this.line);
    const [x, y] = this.axes;
    if (!this.keepsInputs) {
      const inputs = handleInputs(line, this.place, rangeOf(x), rangeOf(y));
      this.handles.forEach((handle, i) => (handle.input = inputs[i]));
    }
    for (const handle of this.handles) this.putOn(handle);
  }

  /**
   * Put a handle on the line, or at the edge of the plot where the line is outside.
   *
   * @param {Handle} handle
   */
  putOn({ button, input }) {
    const [x, y] = this.axes;
    const height = this.heightAt(input);
    const down = Math.min(Math.max(y.toPixel(height), 0), y.length);
    putOnPlot(button, x.offset + x.toPixel(input), y.offset + down);
    const [at, value] = [input, height].map((number) => localizeNumber(Number(number.toPrecision(3))));
    button.setAttribute(
      "aria-label",
      message("The line at {at}: {value}. Up and down turn it about its other handle.", { at, value }),
    );
  }

  /**
   * The handle that stays where it is while another one moves.
   *
   * @param {Handle} handle
   */
  otherThan(handle) {
    return this.handles[handle === this.handles[0] ? 1 : 0];
  }

  /**
   * Turn the line about the other handle, so that it goes through a point.
   *
   * @param {Handle} handle
   * @param {number} input
   * @param {number} height
   * @param {number} pivotScore the score of the line at the other handle
   */
  turn(handle, input, height, pivotScore) {
    const line = /** @type {Line} */ (this.line);
    const pivot = this.otherThan(handle).input;
    handle.input = input;
    this.place = placeThrough(line, [input, scoreOf(line, height)], [pivot, pivotScore]);
    for (const one of this.handles) this.putOn(one);
  }

  /**
   * The score of the line at the handle that stays.
   *
   * @param {Handle} handle the one that moves
   */
  pivotScore(handle) {
    return scoreAt(/** @type {Line} */ (this.line), this.place, this.otherThan(handle).input);
  }

  /**
   * @param {Handle} handle
   * @param {PointerEvent} event
   */
  startDrag(handle, event) {
    const { button } = handle;
    event.preventDefault();
    button.focus({ preventScroll: true });
    button.setPointerCapture(event.pointerId);
    this.dragged = handle;
    this.hold(true);
    const pivotScore = this.pivotScore(handle);
    let moved = false;
    const drag = (/** @type {PointerEvent} */ pointer) => {
      moved = true;
      this.dragTo(handle, pointer, pivotScore);
    };
    const stop = () => {
      this.dragged = null;
      this.hold(false);
      button.removeEventListener("pointermove", drag);
      if (moved) this.onPlace(this.place);
    };
    button.addEventListener("pointermove", drag);
    button.addEventListener("lostpointercapture", stop, { once: true });
  }

  /**
   * @param {Handle} handle
   * @param {{ clientX: number, clientY: number }} pointer
   * @param {number} pivotScore
   */
  dragTo(handle, { clientX, clientY }, pivotScore) {
    const [x, y] = this.axes;
    const box = this.view.element.getBoundingClientRect();
    const input = x.toValue(clientX - box.left - x.offset);
    const height = y.toValue(Math.min(Math.max(clientY - box.top - y.offset, 0), y.length));
    const isRight = handle === this.handles[1];
    const { input: other } = this.otherThan(handle);
    this.turn(handle, draggedInput(input, other, isRight, rangeOf(x)), height, pivotScore);
    this.onDrag(this.place);
  }

  /**
   * @param {Handle} handle
   * @param {KeyboardEvent} event
   */
  handleKey(handle, event) {
    const direction = { ArrowUp: 1, ArrowDown: -1 }[event.key];
    if (!direction || !this.line) return;
    event.preventDefault();
    event.stopPropagation();
    const [low, high] = rangeOf(this.axes[1]);
    const change = (direction * (event.shiftKey ? SHIFT_FACTOR : 1) * (high - low)) / KEY_STEPS;
    this.turn(handle, handle.input, this.heightAt(handle.input) + change, this.pivotScore(handle));
    this.onPlace(this.place);
  }
}

/**
 * @param {FlatAxis} axis
 * @returns {Range}
 */
const rangeOf = ({ range: [one, other] }) => [Math.min(one, other), Math.max(one, other)];
