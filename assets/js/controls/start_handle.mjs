// The handle of the start on the map: dragged, moved by a click or by arrow keys.
// In a lesson that asks for a place it is the student's guess.

import { element } from "../core/dom.mjs";
import { localizeNumber, message } from "../core/i18n.mjs";
import { putOnPlot } from "../plot/plot_corner.mjs";

/** @import { Scene } from "../protocol.js" */
/** @import { Values } from "../types.js" */
/** @import { FigureView } from "../plot/figure_view.mjs" */
/** @import { FlatAxis } from "../plot/plotly_internals.mjs" */

/** Arrow keys move by this fraction of the axis; Shift multiplies the distance. */
const KEY_STEPS = 200;
const SHIFT_FACTOR = 10;
/** Pixels within which a click means the marker of a step. */
const CLICK_RADIUS = 6;
/** @type {Record<string, [number, number]>} */
const DIRECTIONS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };

/** @typedef {(place: Scene["start"]) => void} Report */

export class StartHandle {
  /** Set by the page: whether a lesson asks for a place. */
  guessing = false;
  /** Set by the page: whether the link hides the start. */
  fixed = false;
  /**
   * Set by the page: the coordinates and the present step of the run.
   *
   * @type {{ u: Values, v: Values, k: number } | null}
   */
  steps = null;
  dragging = false;
  /**
   * Plane coordinates.
   *
   * @type {Scene["start"] | null}
   */
  position = null;

  /**
   * `onPlace(start)` receives a new start, `onClick(start)` one that was clicked, `onDrag(start)` one while
   * it is dragged, `onStep(k)` a clicked step. `hold(true)` is called when a drag begins, during which no
   * axis may move, and `hold(false)` when it ends.
   *
   * @param {FigureView} view
   * @param {{ onPlace: Report, onClick: Report, onDrag: Report, onStep: (k: number) => void,
   *   hold: (held: boolean) => void }} handlers
   */
  constructor(view, { onPlace, onClick, onDrag, onStep, hold }) {
    this.view = view;
    this.onPlace = onPlace;
    this.onClick = onClick;
    this.hold = hold;
    this.onDrag = onDrag;
    this.onStep = onStep;
    this.handle = element("button", { type: "button", className: "ring" });
    view.element.after(this.handle);
    this.handle.addEventListener("pointerdown", (event) => this.startDrag(event));
    this.handle.addEventListener("keydown", (event) => this.handleKey(event));
    this.handle.addEventListener("click", (event) => this.confirmByKey(event));
    view.element.addEventListener("click", (event) => this.handleClick(event), { capture: true });
    const follow = () => requestAnimationFrame(() => this.position && this.place(this.position));
    new ResizeObserver(follow).observe(view.element);
  }

  /** The axes of the map, which is drawn whenever the handle can be used. */
  get axes() {
    return /** @type {[FlatAxis, FlatAxis]} */ (this.view.axes);
  }

  /**
   * Put the handle at plane coordinates `[u, v]`.
   *
   * @param {Scene["start"]} position
   */
  place(position) {
    this.position = position;
    if (!this.view.axes) return;
    const [x, y] = this.axes;
    putOnPlot(this.handle, x.offset + x.toPixel(position[0]), y.offset + y.toPixel(position[1]));
    this.handle.setAttribute("aria-label", this.label(position));
  }

  /** @param {Scene["start"]} position */
  label(position) {
    const [u, v] = position.map((coordinate) => localizeNumber(coordinate.toPrecision(3)));
    return this.guessing
      ? message("Your guess: {u}, {v}. Arrow keys move it. Enter gives the answer.", { u, v })
      : message("Start at {u}, {v}. Arrow keys move it.", { u, v });
  }

  /**
   * The plane coordinates of a pointer, limited to the map.
   *
   * @param {MouseEvent} event
   * @returns {Scene["start"]}
   */
  coordinates(event) {
    const [x, y] = this.axes;
    const box = this.view.element.getBoundingClientRect();
    const onAxis = (/** @type {FlatAxis} */ axis, /** @type {number} */ pixel) =>
      axis.toValue(Math.max(0, Math.min(axis.length, pixel - axis.offset)));
    return [onAxis(x, event.clientX - box.left), onAxis(y, event.clientY - box.top)];
  }

  /**
   * Move to a position and report it, unless the start is fixed.
   *
   * @param {Scene["start"]} position
   * @param {Report | null} report
   */
  move(position, report) {
    if (this.fixed) return;
    this.place(position);
    report?.(position);
  }

  /**
   * A guess is reported only when it is meant: by a click, on release, by Enter.
   *
   * @param {PointerEvent} event
   */
  startDrag(event) {
    event.preventDefault();
    this.handle.focus({ preventScroll: true });
    this.handle.setPointerCapture(event.pointerId);
    const from = this.position;
    const drag = (/** @type {PointerEvent} */ moved) =>
      this.move(this.coordinates(moved), this.guessing ? null : this.onDrag);
    const stop = () => {
      this.hold(false);
      if (this.position && this.position !== from) this.onPlace(this.position);
      this.dragging = false;
      this.handle.classList.remove("moving");
      this.handle.removeEventListener("pointermove", drag);
    };
    this.dragging = true;
    this.hold(true);
    this.handle.classList.add("moving");
    this.handle.addEventListener("pointermove", drag);
    this.handle.addEventListener("lostpointercapture", stop, { once: true });
  }

  /**
   * Enter on the handle clicks it without a pointer, for which `detail` is 0.
   *
   * @param {MouseEvent} event
   */
  confirmByKey(event) {
    if (event.detail === 0 && this.guessing && this.position) this.onPlace(this.position);
  }

  /**
   * The latest step whose marker is at a pixel of the map; undefined where there is none.
   *
   * @param {number} left
   * @param {number} top
   */
  stepAt(left, top) {
    if (!this.steps) return undefined;
    const [x, y] = this.axes;
    const { u, v, k } = this.steps;
    for (let step = k; step > 0; step--) {
      if (Math.hypot(x.toPixel(u[step]) - left, y.toPixel(v[step]) - top) < CLICK_RADIUS) return step;
    }
    return undefined;
  }

  /** @param {MouseEvent} event */
  handleClick(event) {
    if (!this.view.axes) return;
    const [x, y] = this.axes;
    const box = this.view.element.getBoundingClientRect();
    const [left, top] = [event.clientX - box.left - x.offset, event.clientY - box.top - y.offset];
    const step = this.stepAt(left, top);
    const isInside = left >= 0 && left <= x.length && top >= 0 && top <= y.length;
    if (step !== undefined) this.onStep(step);
    else if (isInside) this.move(this.coordinates(event), this.onClick);
  }

  /** @param {KeyboardEvent} event */
  handleKey(event) {
    const direction = DIRECTIONS[event.key];
    if (!direction || !this.position) return;
    event.preventDefault();
    const steps = event.shiftKey ? SHIFT_FACTOR : 1;
    const [x, y] = this.axes;
    const change = (/** @type {number} */ count, /** @type {FlatAxis} */ { range: [low, high] }) =>
      (count * steps * (high - low)) / KEY_STEPS;
    const [u, v] = this.position;
    this.move(
      [u + change(direction[0], x), v + change(direction[1], y)],
      this.guessing ? null : this.onPlace,
    );
  }
}
