// The player: which step is shown. Playing needs no request.

import { byId, element } from "../core/dom.mjs";
import { localizeNumber, message } from "../core/i18n.mjs";
import { positionAt, scheduleFor } from "./playback.mjs";

/** @import { Schedule } from "./playback.mjs" */
/** @import { Motion } from "../plot/step_slices.mjs" */

const SPEEDS = [1, 2, 4, 0.5];
/** Least milliseconds for which a step is shown with reduced motion; those between are left out. */
const REDUCED_MOTION_STEP = 500;
/** Where arrow keys, and the space bar, have another meaning. */
const OWN_ARROW_KEYS = "input, select, textarea, dialog, .menu, .table, .wide";
const OWN_SPACE = "input, select, textarea, button, summary, dialog, .menu";

/** The motion of a run that is shown at its steps only. */
const STANDING = { share: 0, arrow: 0 };

/**
 * What a player tells the page.
 *
 * @typedef {object} PlayerHandlers
 * @property {(k: number, motion: Motion | null) => void} onStep shows step k; while playing what is after it
 * @property {(k: number, motion: Motion) => void} onMotion shows where the run is after step k
 * @property {(k: number) => void} onLanding the run was played to its end
 * @property {(count: number) => number[]} stepLengths the length of each step
 */

export class Player {
  k = 0;
  /** The last step of the run. */
  last = 0;
  speed = 1;
  playing = false;
  /** Whether the present step is shown as one of a run that is played. */
  isMoving = false;
  /** The time of the run at which a step was last shown with reduced motion. */
  shownAt = 0;

  /**
   * When each step is shown; null until the run is played.
   *
   * @type {Schedule | null}
   */
  schedule = null;

  /** @param {PlayerHandlers} handlers */
  constructor(handlers) {
    this.handlers = handlers;
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
    this.playButton.onclick = () => this.toggle();
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
    this.schedule = null;
    this.slider.max = String(last);
    this.setStep(Math.min(k, last));
  }

  /**
   * Arrow keys step and the space bar plays where nothing else uses them.
   *
   * @param {KeyboardEvent} event
   */
  handleKey(event) {
    const { key, target } = event;
    const modified = event.defaultPrevented || event.altKey || event.ctrlKey || event.metaKey;
    if (modified || !this.last) return;
    const isTaken = (/** @type {string} */ places) =>
      target instanceof Element && Boolean(target.closest(places));
    const change = { ArrowLeft: -1, ArrowRight: 1 }[key];
    if (change && !isTaken(OWN_ARROW_KEYS)) this.jump(this.k + change);
    if (key === " " && !isTaken(OWN_SPACE)) this.handleSpace(event);
  }

  /** @param {KeyboardEvent} event */
  handleSpace(event) {
    event.preventDefault(); // or the page would scroll
    if (!event.repeat) this.toggle();
  }

  /** Play or pause. */
  toggle() {
    if (this.playing) this.pause();
    else this.play();
  }

  /**
   * Pause and show step k.
   *
   * @param {number} k
   */
  jump(k) {
    this.stop();
    this.showStep(k);
  }

  /**
   * Show step k. Views come first: they measure, which costs a layout once the player's own text has changed.
   *
   * @param {number} k
   * @param {Motion | null} [motion] what is after it, while the run is played
   */
  showStep(k, motion = null) {
    this.k = Math.max(0, Math.min(k, this.last));
    this.handlers.onStep(this.k, motion);
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

  /** Play to the end, from the beginning if the run is at its end. */
  play() {
    this.playing = true;
    this.playButton.textContent = message("Pause");
    this.playButton.dataset.playing = "";
    if (this.k === this.last) this.k = 0;
    let time = (this.shownAt = this.timeOf(this.k));
    let before = performance.now();
    this.showMoment(this.k, STANDING);
    const frame = (/** @type {number} */ now) => {
      if (!this.playing) return;
      if (!this.schedule) time = this.timeOf(this.k); // another run has come
      time += Math.max(0, now - before) * this.speed;
      before = now;
      this.showTime(time);
      if (this.playing) requestAnimationFrame(frame);
    };
    requestAnimationFrame(frame);
  }

  /** When each step of the present run is shown. */
  get times() {
    this.schedule ??= scheduleFor(this.handlers.stepLengths(this.last));
    return this.schedule;
  }

  /**
   * The time at which step k begins.
   *
   * @param {number} k
   */
  timeOf(k) {
    return this.times.begins[k];
  }

  /**
   * Show where the run is at a time, and stop when it ends. With reduced motion only some steps are shown.
   *
   * @param {number} time
   */
  showTime(time) {
    const { k, motion } = positionAt(this.times, time);
    if (!this.reducedMotion.matches) this.showMoment(k, motion);
    else if (k !== this.k && (time - this.shownAt >= REDUCED_MOTION_STEP * this.speed || k === this.last)) {
      this.showMoment(k, STANDING);
      this.shownAt = time;
    }
    if (time >= this.times.end) this.land();
  }

  /**
   * Show step k, or where the run is after it.
   *
   * @param {number} k
   * @param {Motion} motion
   */
  showMoment(k, motion) {
    if (k === this.k && this.isMoving) this.handlers.onMotion(k, motion);
    else this.showStep(k, motion);
    this.isMoving = true;
  }

  /** The run has been played to its end. */
  land() {
    this.jump(this.last);
    this.handlers.onLanding(this.last);
  }

  /** Pause at the present step. */
  pause() {
    if (this.playing) this.jump(this.k);
  }

  /** Play no further; what is shown stays. */
  stop() {
    this.playing = this.isMoving = false;
    this.playButton.textContent = message("Play");
    delete this.playButton.dataset.playing;
  }

  changeSpeed() {
    this.speed = SPEEDS[(SPEEDS.indexOf(this.speed) + 1) % SPEEDS.length];
    this.speedButton.textContent = `×${this.speed === 0.5 ? "½" : this.speed}`;
    this.speedButton.setAttribute("aria-label", message("Speed ×{n}", { n: localizeNumber(this.speed) }));
  }
}
