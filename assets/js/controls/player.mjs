// The player: which step is shown. Playing needs no request.

import { byId, element } from "../core/dom.mjs";
import { localizeNumber, message } from "../core/i18n.mjs";

const SPEEDS = [1, 2, 4, 0.5];
/** Milliseconds a whole run takes, and bounds for a single step. */
const RUN_DURATION = 6000;
const [SHORTEST_STEP, LONGEST_STEP] = [30, 250];
/** Least milliseconds a step with reduced motion. */
const REDUCED_MOTION_STEP = 500;
/** Where arrow keys have another meaning. */
const OWN_ARROW_KEYS = "input, select, textarea, dialog, .menu, .table, .wide";

export class Player {
  k = 0;
  /** The last step of the run. */
  last = 0;
  speed = 1;
  playing = false;

  /** @param {(k: number) => void} onStep called to show step k */
  constructor(onStep) {
    this.onStep = onStep;
    this.reducedMotion = matchMedia("(prefers-reduced-motion: reduce)");
    this.playButton = byId("play");
    this.speedButton = byId("speed");
    /** @type {HTMLButtonElement} */
    this.backButton = byId("back");
    /** @type {HTMLButtonElement} */
    this.forwardButton = byId("step");
    this.slider = element("input", {
      type: "range",
      min: 0,
      max: 0,
      step: 1,
      value: 0,
      ariaLabel: message("Step"),
    });
    byId("scrub").replaceChildren(this.slider);
    this.playButton.onclick = () => (this.playing ? this.pause() : this.play());
    this.backButton.onclick = () => this.jump(this.k - 1);
    this.forwardButton.onclick = () => this.jump(this.k + 1);
    byId("reset").onclick = () => this.jump(0);
    this.speedButton.onclick = () => this.changeSpeed();
    this.slider.oninput = () => this.jump(Number(this.slider.value));
    addEventListener("keydown", (event) => this.handleKey(event));
  }

  /**
   * Take over a run of `last` steps at step k, without showing it.
   *
   * @param {number} last
   * @param {number} k
   */
  load(last, k) {
    this.last = last;
    this.slider.max = String(last);
    this.setStep(Math.min(k, last));
  }

  /**
   * Arrow keys step where nothing else uses them.
   *
   * @param {KeyboardEvent} event
   */
  handleKey(event) {
    const change = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    const modified = event.defaultPrevented || event.altKey || event.ctrlKey || event.metaKey;
    const { target } = event;
    const isTaken = target instanceof Element && target.closest(OWN_ARROW_KEYS);
    if (change && !modified && !isTaken) this.jump(this.k + change);
  }

  /**
   * Pause and show step k.
   *
   * @param {number} k
   */
  jump(k) {
    this.pause();
    this.showStep(k);
  }

  /**
   * Show step k. Views come first: they measure, which costs a layout once the player's own text has changed.
   *
   * @param {number} k
   */
  showStep(k) {
    this.k = Math.max(0, Math.min(k, this.last));
    this.onStep(this.k);
    this.setStep(this.k);
  }

  /**
   * Set the controls to step k.
   *
   * @param {number} k
   */
  setStep(k) {
    this.k = k;
    this.slider.value = String(k);
    this.slider.style.setProperty("--done", `${this.last ? (100 * k) / this.last : 0}%`);
    this.slider.setAttribute("aria-valuetext", message("step {k} of {last}", { k, last: this.last }));
    this.backButton.disabled = k === 0;
    this.forwardButton.disabled = k === this.last;
  }

  /** Milliseconds for which a step is shown. */
  get stepDuration() {
    const even = RUN_DURATION / Math.max(1, this.last);
    const duration = Math.max(SHORTEST_STEP, Math.min(LONGEST_STEP, even));
    return (this.reducedMotion.matches ? Math.max(REDUCED_MOTION_STEP, duration) : duration) / this.speed;
  }

  /** Play to the end, from the beginning if the run is at its end. */
  play() {
    this.playing = true;
    this.playButton.textContent = message("Pause");
    this.playButton.dataset.playing = "";
    if (this.k === this.last) this.showStep(0);
    let due = performance.now() + this.stepDuration;
    const frame = (/** @type {number} */ now) => {
      if (!this.playing) return;
      const steps = Math.floor((now - due) / this.stepDuration) + 1;
      if (steps > 0) {
        due += steps * this.stepDuration;
        this.showStep(this.k + steps);
      }
      if (this.k >= this.last) this.pause();
      else requestAnimationFrame(frame);
    };
    requestAnimationFrame(frame);
  }

  pause() {
    this.playing = false;
    this.playButton.textContent = message("Play");
    delete this.playButton.dataset.playing;
  }

  changeSpeed() {
    this.speed = SPEEDS[(SPEEDS.indexOf(this.speed) + 1) % SPEEDS.length];
    this.speedButton.textContent = `×${this.speed === 0.5 ? "½" : this.speed}`;
    this.speedButton.setAttribute("aria-label", message("Speed ×{n}", { n: localizeNumber(this.speed) }));
  }
}
