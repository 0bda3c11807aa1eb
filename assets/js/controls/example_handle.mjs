// The examples of a view: pointed at, dragged to another target or probability, flipped to another class.

import { element } from "../core/dom.mjs";
import { num, say } from "../core/i18n.mjs";

const REACH = 22;
const AROUND = 60;
const FINE = 100;
const KEYS = {
  value: say("Left and right choose an example, up and down change it."),
  class: say("Left and right choose an example, up and down flip its label."),
  chance: say("Up and down choose an example, left and right change its probability."),
};

export class Examples {
  /** `pointed(row)` is told which example is meant, `changed(row, to)` what became of it. */
  constructor(view, pointed, changed) {
    Object.assign(this, { view, pointed, changed, row: null });
    this.handle = element("button", { type: "button", className: "example" });
    view.element.after(this.handle);
    const card = view.element.parentElement;
    card.addEventListener("pointermove", (event) => !this.dragging && this.aim(event));
    card.addEventListener("pointerleave", (event) => !this.dragging && event.pointerType !== "touch" && this.leave());
    view.element.addEventListener("touchstart", (event) => this.alone(event.touches[0]) && event.preventDefault(), { passive: false });
    view.element.addEventListener("pointerdown", (event) => this.touch(event));
    this.handle.addEventListener("pointerdown", (event) => this.grab(event));
    this.handle.addEventListener("click", () => this.scene.kind === "class" && !this.dragged && this.flip());
    this.handle.addEventListener("keydown", (event) => this.key(event));
    this.handle.addEventListener("focus", () => this.pick(this.row ?? this.places[0]?.row));
    this.handle.addEventListener("blur", () => this.leave());
  }

  /** What may be changed: `kind` "value", "class", "chance" or "", and the targets as they are. */
  show(scene) {
    this.scene = scene;
    this.handle.hidden = !scene.kind;
    this.view.element.classList.toggle("leaning", scene.kind === "chance");
    this.put();
    if (this.row !== null) this.pointed(this.row);
  }

  /** The axis along which an example is changed. */
  get axis() {
    return this.scene.kind === "chance" ? 0 : 1;
  }

  /** Where every example stands in the view and on the screen, from left to right. */
  get places() {
    const [x, y] = this.view.axes;
    const traces = (this.view.element.data ?? []).filter((trace) => trace.meta === "examples");
    const all = traces.flatMap((trace) => {
      const [across, up] = this.view.element.calcdata ? ["x", "y"].map((axis) => coordinates(this.view.element, trace, axis)) : [[], []];
      return trace.customdata.map((row, i) => ({ row, at: [across[i], up[i]], left: x._offset + x.d2p(across[i]), top: y._offset + y.d2p(up[i]) }));
    });
    return all.sort((a, b) => a.left - b.left);
  }

  /** The examples within reach of a pointer, the nearest first. */
  within({ clientX, clientY }, reach) {
    const box = this.view.element.getBoundingClientRect();
    const all = this.places.map(({ row, left, top }) => ({ row, far: Math.hypot(left - (clientX - box.left), top - (clientY - box.top)) }));
    return all.filter(({ far }) => far < reach).sort((a, b) => a.far - b.far);
  }

  aim(event) {
    const [nearest] = this.within(event, REACH);
    if (nearest) this.pick(nearest.row);
    else if (document.activeElement !== this.handle) this.leave();
  }

  /** Whether a finger cannot mean another example, nor the page. */
  alone(event) {
    return this.scene.kind === "value" && this.within(event, REACH).length === 1 && this.within(event, AROUND).length === 1;
  }

  /** A finger takes hold at once of an example that stands alone, and along an axis on which no page scrolls; elsewhere of the one touched last. */
  touch(event) {
    this.aim(event);
    if (event.pointerType === "touch" && this.row !== null && (this.scene.kind === "chance" || this.alone(event))) this.grab(event);
  }

  pick(row) {
    if (row === undefined) return;
    this.row = row;
    this.put();
    this.pointed(row);
  }

  leave() {
    if (document.activeElement === this.handle) return;
    this.row = null;
    this.put();
    this.pointed(undefined);
  }

  /** The place of an example; undefined where it has none. */
  place(row) {
    return this.scene?.kind ? this.places.find((place) => place.row === row) : undefined;
  }

  /** What an example is, or is said to be. */
  target(row) {
    return this.scene.targets?.[row] ?? this.place(row).at[this.axis];
  }

  /** Put the handle over the example that is meant. */
  put() {
    const place = this.place(this.row);
    this.handle.classList.toggle("idle", !place);
    const target = place && this.target(this.row);
    const meant = place ? say("Example {row}, {target}.", { row: this.row, target: this.scene.said?.[target] ?? num(Number(target.toPrecision(3))) }) : "";
    this.handle.setAttribute("aria-label", `${meant} ${KEYS[this.scene.kind] ?? ""}`.trim());
    if (!place) return;
    const { offsetLeft, offsetTop } = this.view.element;
    this.handle.style.left = `${offsetLeft + place.left}px`;
    this.handle.style.top = `${offsetTop + place.top}px`;
  }

  grab(event) {
    this.dragged = false;
    if (this.scene.kind === "class") return;
    event.preventDefault();
    this.handle.focus({ preventScroll: true });
    this.handle.setPointerCapture(event.pointerId);
    const { axis, view: { element } } = this;
    const { _offset: offset, range: [low, high], _length: length } = this.view.axes[axis];
    this.dragging = true;
    const drag = ({ clientX, clientY }) => {
      const box = element.getBoundingClientRect();
      const along = axis ? clientY - box.top - offset : clientX - box.left - offset;
      this.dragged = true;
      if (axis) this.handle.style.top = `${element.offsetTop + offset + along}px`;
      this.changed(this.row, axis ? high + (along / length) * (low - high) : low + (along / length) * (high - low));
    };
    const stop = () => { this.dragging = false; this.handle.removeEventListener("pointermove", drag); this.put(); };
    this.handle.addEventListener("pointermove", drag);
    this.handle.addEventListener("lostpointercapture", stop, { once: true });
  }

  flip() {
    this.changed(this.row, 1 - this.scene.targets[this.row]);
  }

  key(event) {
    const moves = [{ ArrowLeft: -1, ArrowRight: 1 }[event.key], { ArrowUp: 1, ArrowDown: -1 }[event.key]];
    const [along, by] = [moves[1 - this.axis], moves[this.axis]];
    if (!along && !by) return;
    event.preventDefault();
    event.stopPropagation();
    if (along) {
      const places = this.places;
      const next = places.findIndex((p) => p.row === this.row) + along;
      this.pick(places[Math.max(0, Math.min(next, places.length - 1))].row);
    } else if (this.scene.kind === "class") this.flip();
    else {
      const [low, high] = this.view.axes[this.axis].range;
      this.changed(this.row, this.target(this.row) + ((event.shiftKey ? 10 : 1) * by * (high - low)) / FINE);
    }
  }
}

/** A trace's coordinates: as it was last moved, or what Plotly made of arrays that travel. */
function coordinates(element, trace, axis) {
  if (trace[axis]?.length) return trace[axis];
  return element._fullData.find((one) => one.uid === trace.uid || one._input === trace)[axis];
}
