// The dialog in which squared error is bent into absolute error, frame by frame; each frame is a true loss.

import { buttonElement, byId, element } from "../core/dom.mjs";
import { message } from "../core/i18n.mjs";
import { resolveColors } from "../plot/figure_style.mjs";
import { removePlot, sceneOf } from "../plot/plotly_internals.mjs";

/** @import { Morph, MorphFrame, PlotlyObject } from "../protocol.js" */
/** @import { PlotElement } from "../types.js" */

/** Milliseconds for which a frame is shown, also with reduced motion: nothing moves between frames. */
const [FRAME_TIME, REDUCED_FRAME_TIME] = [330, 900];
/** The camera: its horizontal distance and its height, so that the near wall does not hide the bottom. */
const [DISTANCE, HEIGHT] = [1.28, 1.3];
/** A card narrower than this many of its heights is looked at from farther away. */
const NARROW = 1.4;
const CENTER = { x: 0, y: 0, z: -0.14 };
/** Marks are drawn above the surface by this share of its height, or it would cover half of them. */
const LIFT = 0.015;
const CONFIG = { displayModeBar: false, responsive: true };
const AXIS = { color: "var(--ink-soft)", gridcolor: "var(--grid)", nticks: 4, zeroline: false };

export class BendDialog {
  /** @type {Morph | null} */
  morph = null;
  frame = 0;
  timer = 0;

  /**
   * @param {boolean} webgl whether the browser draws in three dimensions
   * @param {() => string} link returns the link of the comparison
   */
  constructor(webgl, link) {
    this.webgl = webgl;
    this.link = link;
    /** @type {HTMLDialogElement} */
    this.dialog = byId("bend-dialog");
    this.plot = /** @type {PlotElement} */ (element("div", { className: "plot" }));
    this.text = element("p", { role: "status" });
    this.playButton = buttonElement(message("Play"), () => this.toggle(), { className: "dark" });
    this.slider = element("input", { type: "range", min: "0", step: "1", value: "0" });
    this.slider.ariaLabel = message("From squared to absolute error");
    this.slider.oninput = () => {
      this.pause();
      this.show(Number(this.slider.value));
    };
    const ends = element("div", { className: "bent" }, this.playButton, this.slider);
    const close = buttonElement(message("Close"), () => this.dialog.close());
    const head = element("h2", {}, message("From squared to absolute error"));
    const row = element("div", { className: "ends" }, close);
    this.dialog.replaceChildren(head, this.text, this.plot, ends, row);
    this.dialog.addEventListener("close", () => this.leave());
    for (const button of this.buttons) button.onclick = () => this.open();
  }

  /** The buttons that open the dialog, on the cards of the comparison. */
  get buttons() {
    return /** @type {NodeListOf<HTMLButtonElement>} */ (document.querySelectorAll("button.bend"));
  }

  /** @param {boolean} offered whether the losses that are shown can be bent into each other */
  offer(offered) {
    for (const button of this.buttons) button.hidden = !offered;
    if (!offered) this.dialog.close();
  }

  async open() {
    this.text.textContent = message("Computing…");
    this.dialog.showModal();
    const response = await fetch(`bend${this.link()}`).catch(() => null);
    if (!response?.ok) {
      this.text.textContent = message("This cannot be shown right now.");
      return;
    }
    this.morph = /** @type {Morph} */ (await response.json());
    this.slider.max = String(this.morph.frames.length - 1);
    await this.show(0);
    if (!this.frame && !this.timer && !this.reducedMotion) this.play();
    this.slider.focus();
  }

  get reducedMotion() {
    return matchMedia("(prefers-reduced-motion: reduce)").matches;
  }

  /**
   * Show a frame.
   *
   * @param {number} number
   */
  async show(number) {
    const { morph } = this;
    if (!morph) return;
    this.frame = number;
    const frame = morph.frames[number];
    this.slider.value = String(number);
    this.slider.setAttribute("aria-valuetext", frame.text);
    this.text.textContent = frame.text;
    const layout = this.webgl ? spaceLayout(morph, frame, this.camera) : flatLayout(morph);
    const traces = this.webgl ? spaceTraces(morph, frame) : flatTraces(morph, frame);
    await Plotly.react(this.plot, resolveColors(traces), resolveColors(layout), CONFIG);
  }

  /** The camera of this picture, which the user may have turned; at first on the landscape's side. */
  get camera() {
    const own = sceneOf(this.plot);
    if (own) return structuredClone(own.camera);
    const landscape = /** @type {PlotElement} */ (byId("landscape"));
    const { x, y } = sceneOf(landscape)?.camera.eye ?? { x: -1, y: -1 };
    const farther = Math.max(1, (NARROW * this.plot.clientHeight) / (this.plot.clientWidth || 1));
    const scale = (farther * DISTANCE) / (Math.hypot(x, y) || 1);
    return { eye: { x: x * scale, y: y * scale, z: farther * HEIGHT }, center: CENTER };
  }

  toggle() {
    if (this.timer) this.pause();
    else this.play();
  }

  /** Play to the last frame, from the first if it is shown. */
  play() {
    const last = (this.morph?.frames.length ?? 1) - 1;
    this.playButton.textContent = message("Pause");
    const advance = async () => {
      await this.show(Math.min(this.frame + 1, last));
      if (this.frame >= last) this.pause();
      else if (this.timer) this.timer = window.setTimeout(advance, time);
    };
    const time = this.reducedMotion ? REDUCED_FRAME_TIME : FRAME_TIME;
    const first = this.frame >= last ? this.show(0) : undefined;
    this.timer = window.setTimeout(() => Promise.resolve(first).then(advance), time);
  }

  pause() {
    clearTimeout(this.timer);
    this.timer = 0;
    this.playButton.textContent = message("Play");
  }

  leave() {
    this.pause();
    this.morph = null;
    removePlot(this.plot);
  }
}

/**
 * @param {Morph} morph
 * @param {MorphFrame} frame
 * @returns {PlotlyObject[]}
 */
function spaceTraces({ u, v, start }, { z, range, optimum, startLoss }) {
  const height = range[1] - range[0];
  const size = height / 14;
  const levels = { start: range[0] + size / 2, end: range[1], size };
  const lines = { show: true, color: "rgba(255,255,255,0.55)", ...levels };
  const surface = { type: "surface", x: u, y: v, z, cmin: range[0], cmax: range[1], colorscale: "Viridis" };
  const light = { ambient: 0.75, diffuse: 0.45, specular: 0.08, roughness: 0.9 };
  const shown = { showscale: false, hoverinfo: "skip", lighting: light, contours: { z: lines } };
  const point = { type: "scatter3d", mode: "markers", hoverinfo: "skip", showlegend: false };
  const ball = { size: 8, color: "var(--now)", line: { color: "var(--halo)", width: 2 } };
  const at = { x: [start[0]], y: [start[1]], z: [startLoss + LIFT * height] };
  const lowest = optimum ?? [NaN, NaN, NaN];
  const cross = { symbol: "cross", size: 8, color: "var(--halo)" };
  const place = { x: [lowest[0]], y: [lowest[1]], z: [lowest[2] + LIFT * height] };
  return [
    { ...surface, ...shown },
    { ...point, ...at, marker: ball },
    { ...point, ...place, marker: cross },
  ];
}

/**
 * @param {Morph} morph
 * @param {MorphFrame} frame
 * @param {PlotlyObject} camera
 * @returns {PlotlyObject}
 */
function spaceLayout({ labels, title }, { range }, camera) {
  const side = (/** @type {string} */ text) => ({ ...AXIS, title: { text }, showspikes: false });
  const floor = range[0] - 0.04 * (range[1] - range[0]);
  const scene = {
    xaxis: side(labels[0]),
    yaxis: side(labels[1]),
    zaxis: { ...side(title), range: [floor, range[1]] },
    aspectmode: "manual",
    aspectratio: { x: 1.25, y: 1.25, z: 0.85 },
    camera,
  };
  return { ...base(), scene };
}

/** @returns {PlotlyObject} */
const base = () => ({
  margin: { l: 0, r: 0, t: 0, b: 0 },
  paper_bgcolor: "transparent",
  plot_bgcolor: "transparent",
  font: { color: "var(--ink-soft)", size: 13 },
  showlegend: false,
});

/**
 * @param {Morph} morph
 * @param {MorphFrame} frame
 * @returns {PlotlyObject[]}
 */
function flatTraces({ u, v, start }, { z, range, optimum }) {
  const levels = { start: range[0], end: range[1], size: (range[1] - range[0]) / 14 };
  const map = { type: "contour", x: u, y: v, z, contours: levels, colorscale: "Viridis", showscale: false };
  const point = { type: "scatter", mode: "markers", hoverinfo: "skip" };
  const lowest = optimum ?? [NaN, NaN];
  const edge = { color: "var(--halo)", width: 2 };
  return [
    { ...map, hoverinfo: "skip", line: { color: "rgba(255,255,255,0.55)" } },
    { ...point, x: [start[0]], y: [start[1]], marker: { size: 13, color: "var(--now)", line: edge } },
    { ...point, x: [lowest[0]], y: [lowest[1]], marker: { symbol: "x", size: 10, color: "var(--halo)" } },
  ];
}

/**
 * @param {Morph} morph
 * @returns {PlotlyObject}
 */
function flatLayout({ labels }) {
  const side = (/** @type {string} */ text) => ({ ...AXIS, title: { text }, fixedrange: true });
  return { ...base(), margin: { l: 54, r: 12, t: 8, b: 44 }, xaxis: side(labels[0]), yaxis: side(labels[1]) };
}
