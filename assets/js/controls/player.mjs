// The playhead: which step is shown. Playing asks the server nothing.

import { at, element } from "../core/dom.mjs";
import { num, say } from "../core/i18n.mjs";

const SPEEDS = [1, 2, 4, 0.5];
const calm = matchMedia("(prefers-reduced-motion: reduce)");

export class Player {
  constructor(moved) {
    Object.assign(this, { moved, k: 0, last: 0, speed: 1, playing: false });
    this.button = at("play");
    this.faster = at("speed");
    this.backward = at("back");
    this.forward = at("step");
    this.scrub = element("input", { type: "range", min: 0, max: 0, step: 1, value: 0, ariaLabel: say("Step") });
    at("scrub").replaceChildren(this.scrub);
    this.button.onclick = () => (this.playing ? this.pause() : this.play());
    this.backward.onclick = () => this.jump(this.k - 1);
    this.forward.onclick = () => this.jump(this.k + 1);
    at("reset").onclick = () => this.jump(0);
    this.faster.onclick = () => this.hasten();
    this.scrub.oninput = () => this.jump(Number(this.scrub.value));
    addEventListener("keydown", (event) => this.key(event));
  }

  /** Take over a run of `last` steps, standing at step k. */
  load(last, k) {
    this.last = last;
    this.scrub.max = last;
    this.stand(Math.min(k, last));
  }

  /** Arrow keys step, wherever nothing else wants them. */
  key(event) {
    const by = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    const elsewhere = event.defaultPrevented || event.altKey || event.ctrlKey || event.metaKey;
    if (by && !elsewhere && !event.target.closest?.("input, select, textarea, dialog, .menu, .table, .wide")) this.jump(this.k + by);
  }

  jump(k) {
    this.pause();
    this.go(k);
  }

  /** Views come first: they measure, and the page is laid out anew once its own text has changed. */
  go(k) {
    this.k = Math.max(0, Math.min(k, this.last));
    this.moved(this.k);
    this.stand(this.k);
  }

  stand(k) {
    this.k = k;
    this.scrub.value = k;
    this.scrub.style.setProperty("--done", `${this.last ? (100 * k) / this.last : 0}%`);
    this.scrub.setAttribute("aria-valuetext", say("step {k} of {last}", { k, last: this.last }));
    this.backward.disabled = k === 0;
    this.forward.disabled = k === this.last;
  }

  /** Milliseconds a step is shown: a whole run takes some six seconds, calmly a step at a time. */
  get beat() {
    const usual = Math.max(30, Math.min(250, 6000 / Math.max(1, this.last)));
    return (calm.matches ? Math.max(500, usual) : usual) / this.speed;
  }

  play() {
    this.playing = true;
    this.button.textContent = say("Pause");
    this.button.dataset.playing = "";
    if (this.k === this.last) this.go(0);
    let due = performance.now() + this.beat;
    const frame = (now) => {
      if (!this.playing) return;
      const ahead = Math.floor((now - due) / this.beat) + 1;
      if (ahead > 0) {
        due += ahead * this.beat;
        this.go(this.k + ahead);
      }
      if (this.k >= this.last) this.pause();
      else requestAnimationFrame(frame);
    };
    requestAnimationFrame(frame);
  }

  pause() {
    this.playing = false;
    this.button.textContent = say("Play");
    delete this.button.dataset.playing;
  }

  hasten() {
    this.speed = SPEEDS[(SPEEDS.indexOf(this.speed) + 1) % SPEEDS.length];
    this.faster.textContent = `×${this.speed === 0.5 ? "½" : this.speed}`;
    this.faster.setAttribute("aria-label", say("Speed ×{n}", { n: num(this.speed) }));
  }
}
