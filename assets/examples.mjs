// The examples in the data view: pointed at, dragged to another target, flipped to another class.

import { element } from "./dom.mjs";
import { num, say } from "./say.mjs";

const REACH = 22;
const FINE = 100;

export class Examples {
  /** `pointed(row)` is told which example is meant, `changed(row, target)` what became of it. */
  constructor(view, pointed, changed) {
    Object.assign(this, { view, pointed, changed, row: null });
    this.handle = element("button", { type: "button", className: "example" });
    view.element.after(this.handle);
    const card = view.element.parentElement;
    card.addEventListener("pointermove", (event) => !this.dragging && this.aim(event));
    card.addEventListener("pointerleave", () => !this.dragging && this.leave());
    view.element.addEventListener("pointerdown", (event) => this.aim(event));
    this.handle.addEventListener("pointerdown", (event) => this.grab(event));
    this.handle.addEventListener("click", () => this.scene.kind === "class" && !this.dragged && this.flip());
    this.handle.addEventListener("keydown", (event) => this.key(event));
    this.handle.addEventListener("focus", () => this.pick(this.row ?? this.places[0]?.row));
    this.handle.addEventListener("blur", () => this.leave());
  }

  /** What may be changed: `kind` "value", "class" or "", and the targets as they are. */
  show(scene) {
    this.scene = scene;
    this.handle.hidden = !scene.kind;
    this.put();
    if (this.row !== null) this.pointed(this.row);
  }

  /** Where every example stands on the screen, from left to right. */
  get places() {
    const [x, y] = this.view.axes;
    const traces = (this.view.element.data ?? []).filter((trace) => trace.meta === "examples");
    const all = traces.flatMap((trace) => {
      const { x: across, y: up } = this.view.element.calcdata ? pixels(this.view.element, trace) : { x: [], y: [] };
      return trace.customdata.map((row, i) => ({ row, left: x._offset + x.d2p(across[i]), top: y._offset + y.d2p(up[i]) }));
    });
    return all.sort((a, b) => a.left - b.left);
  }

  aim(event) {
    const box = this.view.element.getBoundingClientRect();
    const far = (place) => Math.hypot(place.left - (event.clientX - box.left), place.top - (event.clientY - box.top));
    const nearest = this.places.reduce((best, place) => (!best || far(place) < far(best) ? place : best), null);
    if (nearest && far(nearest) < REACH) this.pick(nearest.row);
    else if (document.activeElement !== this.handle) this.leave();
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

  /** Put the handle over the example that is meant. */
  put() {
    const place = this.row === null ? null : this.places.find((p) => p.row === this.row);
    this.handle.classList.toggle("idle", !place);
    const target = this.scene.targets?.[this.row];
    const meant = this.row === null ? "" : say("Example {row}, {target}.", { row: this.row, target: this.scene.said[target] ?? num(target) });
    const keys = this.scene.kind === "class" ? say("Left and right choose an example, up and down flip its label.") : say("Left and right choose an example, up and down change it.");
    this.handle.setAttribute("aria-label", `${meant} ${keys}`.trim());
    if (!place) return;
    const { offsetLeft, offsetTop } = this.view.element;
    this.handle.style.left = `${offsetLeft + place.left}px`;
    this.handle.style.top = `${offsetTop + place.top}px`;
  }

  grab(event) {
    this.dragged = false;
    if (this.scene.kind !== "value") return;
    event.preventDefault();
    this.handle.focus({ preventScroll: true });
    this.handle.setPointerCapture(event.pointerId);
    const [, y] = this.view.axes;
    const [offset, range, length] = [y._offset, [...y.range], y._length];
    this.dragging = true;
    const drag = (moved) => {
      const down = moved.clientY - this.view.element.getBoundingClientRect().top - offset;
      this.dragged = true;
      this.handle.style.top = `${this.view.element.offsetTop + offset + down}px`;
      this.changed(this.row, range[1] + (down / length) * (range[0] - range[1]));
    };
    const stop = () => { this.dragging = false; this.handle.removeEventListener("pointermove", drag); this.put(); };
    this.handle.addEventListener("pointermove", drag);
    this.handle.addEventListener("lostpointercapture", stop, { once: true });
  }

  flip() {
    this.changed(this.row, 1 - this.scene.targets[this.row]);
  }

  key(event) {
    const along = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    const up = { ArrowUp: 1, ArrowDown: -1 }[event.key];
    if (!along && !up) return;
    event.preventDefault();
    event.stopPropagation();
    if (along) {
      const places = this.places;
      const next = places.findIndex((p) => p.row === this.row) + along;
      this.pick(places[Math.max(0, Math.min(next, places.length - 1))].row);
    } else if (this.scene.kind === "class") this.flip();
    else {
      const [low, high] = this.view.axes[1].range;
      this.changed(this.row, this.scene.targets[this.row] + ((event.shiftKey ? 10 : 1) * up * (high - low)) / FINE);
    }
  }
}

/** The coordinates that Plotly made of a trace's arrays, typed or not. */
function pixels(element, trace) {
  const full = element._fullData.find((one) => one.uid === trace.uid || one._input === trace);
  return { x: Array.from(full.x), y: Array.from(full.y) };
}
