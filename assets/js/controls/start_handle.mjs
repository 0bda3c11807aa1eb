// The start point on the map: dragged, placed by a click, moved by arrow keys. Not snapped to anything.

import { element } from "../core/dom.mjs";
import { num, say } from "../core/i18n.mjs";

const FAR = 10;
const FINE = 200;
const REACH = 6;
const MOVES = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };

export class Ring {
  /** `placed(start)` is told of a new start, `held(start)` of one in a hand, `trodden(k)` of a click on the footprint of step k. */
  constructor(view, placed, held, trodden) {
    Object.assign(this, { view, placed, held, trodden });
    this.ring = element("button", { type: "button", className: "ring" });
    view.element.after(this.ring);
    this.ring.addEventListener("pointerdown", (event) => this.grab(event));
    this.ring.addEventListener("keydown", (event) => this.nudge(event));
    this.ring.addEventListener("click", (event) => event.detail === 0 && this.guessing && this.placed(this.at));
    view.element.addEventListener("click", (event) => this.click(event), { capture: true });
    new ResizeObserver(() => requestAnimationFrame(() => this.place(this.at))).observe(view.element);
  }

  /** Put the ring over plane coordinates `[u, v]`. */
  place(at) {
    this.at = at;
    const [x, y] = this.view.axes;
    if (!at || !x) return;
    const { offsetLeft, offsetTop } = this.view.element;
    this.ring.style.left = `${offsetLeft + x._offset + x.d2p(at[0])}px`;
    this.ring.style.top = `${offsetTop + y._offset + y.d2p(at[1])}px`;
    const [u, v] = at.map((c) => num(c.toPrecision(3)));
    const label = this.guessing ? say("Your guess at {u}; {v}. Arrow keys move it, Enter says it.", { u, v }) : say("Start at {u}; {v}. Arrow keys move it.", { u, v });
    this.ring.setAttribute("aria-label", label);
  }

  coordinates(event) {
    const [x, y] = this.view.axes;
    const box = this.view.element.getBoundingClientRect();
    const inside = (axis, pixel) => axis.p2d(Math.max(0, Math.min(axis._length, pixel - axis._offset)));
    return [inside(x, event.clientX - box.left), inside(y, event.clientY - box.top)];
  }

  /** To another place, of which `told` is told; a guess is said only when it is meant: by a click, by letting go, by Enter. */
  move(at, told = this.guessing ? null : this.placed) {
    if (this.fixed) return;
    this.place(at);
    told?.(at);
  }

  grab(event) {
    event.preventDefault();
    this.ring.focus({ preventScroll: true });
    this.ring.setPointerCapture(event.pointerId);
    const drag = (moved) => this.move(this.coordinates(moved), this.guessing ? null : this.held);
    const from = this.at;
    const stop = () => { if (this.at !== from) this.placed(this.at); this.dragging = false; this.ring.classList.remove("moving"); this.ring.removeEventListener("pointermove", drag); };
    this.dragging = true;
    this.ring.classList.add("moving");
    this.ring.addEventListener("pointermove", drag);
    this.ring.addEventListener("lostpointercapture", stop, { once: true });
  }

  /** The step whose footprint is under a pixel of the map; undefined where there is none. */
  footprint(right, down) {
    const [x, y] = this.view.axes;
    const { u, v, k } = this.steps ?? { k: -1 };
    for (let step = k; step > 0; step--) if (Math.hypot(x.d2p(u[step]) - right, y.d2p(v[step]) - down) < REACH) return step;
    return undefined;
  }

  click(event) {
    const [x, y] = this.view.axes;
    const box = this.view.element.getBoundingClientRect();
    const [right, down] = [event.clientX - box.left - x._offset, event.clientY - box.top - y._offset];
    const step = this.footprint(right, down);
    if (step !== undefined) this.trodden(step);
    else if (right >= 0 && right <= x._length && down >= 0 && down <= y._length) this.move(this.coordinates(event), this.placed);
  }

  nudge(event) {
    const direction = MOVES[event.key];
    if (!direction) return;
    event.preventDefault();
    const steps = event.shiftKey ? FAR : 1;
    this.move(this.at.map((at, i) => {
      const [low, high] = this.view.axes[i].range;
      return at + (direction[i] * steps * (high - low)) / FINE;
    }));
  }
}
