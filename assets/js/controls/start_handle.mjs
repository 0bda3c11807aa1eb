// The handle of the start on the map: dragged, moved by a click or by arrow keys.
// In a lesson that asks for a place it is the student's guess.

import { element } from "../core/dom.mjs";
import { localizeNumber, message } from "../core/i18n.mjs";

/** Arrow keys move by this fraction of the axis; Shift multiplies the distance. */
const KEY_STEPS = 200;
const SHIFT_FACTOR = 10;
/** Pixels within which a click means the marker of a step. */
const CLICK_RADIUS = 6;
const DIRECTIONS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };

/**
 * Set by the page: `guessing` while a lesson asks for a place; `fixed` if the link hides the start;
 * `steps`, the coordinates and the present step of the run: `{u, v, k}`.
 */
export class StartHandle {
  /**
   * `onPlace(start)` receives a new start, `onDrag(start)` one while it is dragged, `onStep(k)` a clicked
   * step.
   */
  constructor(view, { onPlace, onDrag, onStep }) {
    Object.assign(this, { view, onPlace, onDrag, onStep });
    this.handle = element("button", { type: "button", className: "ring" });
    view.element.after(this.handle);
    this.handle.addEventListener("pointerdown", (event) => this.startDrag(event));
    this.handle.addEventListener("keydown", (event) => this.handleKey(event));
    this.handle.addEventListener("click", (event) => this.confirmByKey(event));
    view.element.addEventListener("click", (event) => this.handleClick(event), { capture: true });
    const follow = () => requestAnimationFrame(() => this.place(this.position));
    new ResizeObserver(follow).observe(view.element);
  }

  /** Put the handle at plane coordinates `[u, v]`. */
  place(position) {
    this.position = position;
    const [x, y] = this.view.axes;
    if (!position || !x) return;
    const { offsetLeft, offsetTop } = this.view.element;
    this.handle.style.left = `${offsetLeft + x._offset + x.d2p(position[0])}px`;
    this.handle.style.top = `${offsetTop + y._offset + y.d2p(position[1])}px`;
    this.handle.setAttribute("aria-label", this.label);
  }

  get label() {
    const [u, v] = this.position.map((coordinate) => localizeNumber(coordinate.toPrecision(3)));
    return this.guessing
      ? message("Your guess at {u}; {v}. Arrow keys move it, Enter says it.", { u, v })
      : message("Start at {u}; {v}. Arrow keys move it.", { u, v });
  }

  /** The plane coordinates of a pointer, limited to the map. */
  coordinates(event) {
    const [x, y] = this.view.axes;
    const box = this.view.element.getBoundingClientRect();
    const onAxis = (axis, pixel) => axis.p2d(Math.max(0, Math.min(axis._length, pixel - axis._offset)));
    return [onAxis(x, event.clientX - box.left), onAxis(y, event.clientY - box.top)];
  }

  /** Move to a position and report it to `report`, unless the start is fixed. */
  move(position, report) {
    if (this.fixed) return;
    this.place(position);
    report?.(position);
  }

  /** A guess is reported only when it is meant: by a click, on release, by Enter. */
  startDrag(event) {
    event.preventDefault();
    this.handle.focus({ preventScroll: true });
    this.handle.setPointerCapture(event.pointerId);
    const from = this.position;
    const drag = (moved) => this.move(this.coordinates(moved), this.guessing ? null : this.onDrag);
    const stop = () => {
      if (this.position !== from) this.onPlace(this.position);
      this.dragging = false;
      this.handle.classList.remove("moving");
      this.handle.removeEventListener("pointermove", drag);
    };
    this.dragging = true;
    this.handle.classList.add("moving");
    this.handle.addEventListener("pointermove", drag);
    this.handle.addEventListener("lostpointercapture", stop, { once: true });
  }

  /** Enter on the handle clicks it without a pointer, for which `detail` is 0. */
  confirmByKey(event) {
    if (event.detail === 0 && this.guessing) this.onPlace(this.position);
  }

  /** The latest step whose marker is at a pixel of the map; undefined where there is none. */
  stepAt(left, top) {
    const [x, y] = this.view.axes;
    const { u, v, k } = this.steps ?? { k: -1 };
    for (let step = k; step > 0; step--) {
      if (Math.hypot(x.d2p(u[step]) - left, y.d2p(v[step]) - top) < CLICK_RADIUS) return step;
    }
    return undefined;
  }

  handleClick(event) {
    const [x, y] = this.view.axes;
    const box = this.view.element.getBoundingClientRect();
    const [left, top] = [event.clientX - box.left - x._offset, event.clientY - box.top - y._offset];
    const step = this.stepAt(left, top);
    const isInside = left >= 0 && left <= x._length && top >= 0 && top <= y._length;
    if (step !== undefined) this.onStep(step);
    else if (isInside) this.move(this.coordinates(event), this.onPlace);
  }

  handleKey(event) {
    const direction = DIRECTIONS[event.key];
    if (!direction) return;
    event.preventDefault();
    const steps = event.shiftKey ? SHIFT_FACTOR : 1;
    const moved = this.position.map((coordinate, i) => {
      const [low, high] = this.view.axes[i].range;
      return coordinate + (direction[i] * steps * (high - low)) / KEY_STEPS;
    });
    this.move(moved, this.guessing ? null : this.onPlace);
  }
}
