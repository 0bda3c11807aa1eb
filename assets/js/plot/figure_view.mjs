// One view: a figure that stands still, the traces on it that follow the playhead, its camera.

import { patched, resolve, thicken, token } from "./figure_style.mjs";
import { Flat } from "./svg_traces.mjs";
import { underfoot } from "./fog.mjs";
import { entitle, fitted, moved, stance } from "./card_fit.mjs";
import { fullest, merged, same, slice, somewhere } from "./step_slices.mjs";
import { settle } from "./gl_patches.mjs";
import { alike, ends, roomy } from "./layout_diff.mjs";
import { Solid } from "./gl_traces.mjs";

const CONFIG = { displayModeBar: false, displaylogo: false, showSendToCloud: false, responsive: false, scrollZoom: false };

const REST = 500;

export class View {
  constructor(element) {
    this.element = element;
    element.addEventListener("wheel", (event) => event.stopPropagation(), { capture: true });
    element.addEventListener("pointerdown", () => (this.held = this.turned = true));
    addEventListener("pointerup", () => (this.held = false));
    new ResizeObserver(() => this.drawn && this.resize()).observe(element);
  }

  get scene() {
    return this.element._fullLayout?.scene?._scene;
  }

  get axes() {
    const { xaxis, yaxis } = this.element._fullLayout ?? {};
    return [xaxis, yaxis];
  }

  /** How many units across are as long on the screen as one unit up. */
  get square() {
    const [x, y] = this.axes;
    if (!x?._length) return 1;
    const unit = (axis) => axis._length / Math.abs(axis.range[1] - axis.range[0]);
    return unit(y) / unit(x);
  }

  /** Draw a scene's figure from nothing, keeping the camera that the user left, or standing where a `twin` stands. */
  async draw(figure, { run, k, fog = false, layout = {}, twin }) {
    const subject = figure.layout.meta;
    const kept = this.drawn && !twin && (this.turned || subject === this.subject);
    this.subject = subject;
    Object.assign(this, { figure, run, k, fog, patch: layout });
    const stroke = Number(token("--stroke"));
    const { size } = this.letters;
    const moving = figure.moving.map((m) => patched(structuredClone(m.trace), this.begun(m)));
    const traces = [...figure.data, ...moving].map((trace) => thicken(resolve(trace), stroke));
    const page = resolve(figure.layout);
    const from = twin ?? (kept ? this : null);
    if (page.scene) page.scene.camera = from?.scene ? from.standing() : this.home();
    if (page.scene) entitle(page.scene, this.element, size);
    page.font = { ...this.letters, color: token("--ink-soft") };
    page.hoverlabel = { font: this.letters };
    for (const side of Object.keys(page.margin)) page.margin[side] *= size / 12;
    page.paper_bgcolor = page.plot_bgcolor = "rgba(0,0,0,0)";
    Object.assign(this, { fitted: this.fits(), stood: this.stance });
    patched(page, this.fitted);
    if (fog && this.ground) Object.assign(traces[0], this.ground);
    this.shaped = layout;
    await Plotly.react(this.element, traces, patched(page, resolve(layout)), CONFIG);
    if (!this.drawn) this.element.on("plotly_afterplot", () => this.drawn && this.retake());
    this.drawn = true;
    this.hand = this.scene ? new Solid(this.element) : new Flat(this.element);
    settle(this.scene);
    this.retake();
    return this.left.length ? this.later() : undefined;
  }

  get letters() {
    const size = Number(token("--text-plot")) * parseFloat(getComputedStyle(document.documentElement).fontSize);
    return { family: getComputedStyle(this.element).fontFamily, size };
  }

  /** Axes that suit the room there is. */
  fits() {
    return fitted(this.figure, this.element, this.letters);
  }

  /** How a camera stands in this card. */
  get stance() {
    return stance(this.element, this.letters.size, this.figure.layout.scene?.camera);
  }

  /** The card has another shape: so have its axes, and its camera stands elsewhere. */
  resize() {
    const [fits, camera] = [this.fits(), this.scene && this.standing()];
    const other = JSON.stringify([fits, this.stance]) !== JSON.stringify([this.fitted, this.stood]);
    Object.assign(this, { fitted: fits, stood: this.stance });
    return other ? Plotly.relayout(this.element, { ...fits, autosize: true, ...(camera && { "scene.camera": camera }) }) : Plotly.Plots.resize(this.element);
  }

  /** Where the camera stands, as this card asks. */
  standing() {
    return moved(this.scene.getCamera(), this.stance, this.stood);
  }

  /** What a moving trace shows now. */
  shown(moving) {
    return somewhere(moving.trace, slice(moving, this.run, this.k, this.square));
  }

  /** What Plotly draws of a moving trace: the most that it will show, so that all its marks are there to be moved. */
  begun(moving) {
    const { trace } = moving;
    if (!trace.type.startsWith("scatter") || trace.mode?.includes("text")) return this.shown(moving);
    return somewhere(trace, fullest(moving, this.run, this.k, this.square));
  }

  /** Plotly has drawn, and nothing is where it was put: put it there again. */
  retake() {
    this.hand.forget();
    this.places = [];
    this.move();
  }

  /** The ground that is seen in the fog; undefined in a view without ground. */
  get ground() {
    const [ground] = this.figure.data;
    if (ground?.meta !== "ground") return undefined;
    const now = this.figure.moving.find((m) => m.trace.name === "now");
    const { x, y } = slice(now, this.run, this.k);
    return underfoot(ground, x[0], y[0]);
  }

  /** Show another step, another run or both, touching nothing but the moving traces; `held` by a hand, axes keep still. */
  show(run, k, layout, held) {
    if (layout) this.patch = held && roomy(layout, this.shaped) ? this.shaped : layout;
    Object.assign(this, { run, k });
    if (!this.drawn) return undefined;
    if (this.fog && this.ground) this.grope();
    this.move();
    clearTimeout(this.rest);
    return this.left.length || !alike(this.patch, this.shaped) ? this.later() : this.tell();
  }

  /** Tell Plotly of the rest when this step rests. Where frames take long, the next may be due before that is over. */
  tell() {
    const { k } = this;
    if (this.pointed) this.rest = setTimeout(() => requestAnimationFrame(() => this.k === k && this.later()), REST);
  }

  /** Put the moving traces where they are at this step; `left` are those that cannot be moved by hand. */
  move() {
    const first = this.figure.data.length;
    const left = this.figure.moving.map((moving, i) => {
      const place = this.shown(moving);
      if (same(place, this.places[i])) return -1;
      this.places[i] = place;
      patched(this.element.data[first + i], place); // Plotly's own account stays true: it is what is saved and drawn anew
      return moving.trace.visible === false || this.hand.move(first + i, place) ? -1 : i;
    });
    this.hand.done();
    this.left = left.filter((i) => i >= 0);
  }

  /** Whether moving traces can be pointed at: then Plotly is told where they are, as soon as they rest. */
  get pointed() {
    return !this.scene && this.figure.moving.some(({ trace }) => trace.hoverinfo !== "skip");
  }

  /** Let Plotly draw, after what can be moved by hand has been seen, and not under a hand that turns the scene. */
  later() {
    this.pending ??= new Promise((done) => {
      const free = () => (this.held && this.scene ? addEventListener("pointerup", free, { once: true }) : requestAnimationFrame(() => setTimeout(draw)));
      const draw = () => { this.pending = null; done(this.drawn && this.update()); };
      free();
    });
    return this.pending;
  }

  async update() {
    const [axes, shape] = [!this.left.length && ends(this.patch, this.shaped), !alike(this.patch, this.shaped) && resolve(this.patch)];
    this.shaped = this.patch;
    if (axes) {
      await Plotly.relayout(this.element, axes);
      this.retake();
      return this.tell();
    }
    const first = this.figure.data.length;
    const told = (indices, values) => [merged(values), indices.map((i) => first + i)];
    const { moving } = this.figure;
    const [update, indices] = told(moving.map((_, i) => i), moving.map((m) => this.begun(m)));
    const camera = this.scene?.getCamera(); // else Plotly goes back to the one that it last wrote down
    if (camera) this.element.layout.scene.camera = camera;
    if (shape) await Plotly.update(this.element, update, shape, indices);
    else if (indices.length) await Plotly.restyle(this.element, update, indices);
    const { left } = this;
    if (left.length) await Plotly.restyle(this.element, ...told(left, left.map((i) => this.shown(moving[i]))));
    return undefined;
  }

  grope() {
    const wrapped = Object.entries(this.ground).map(([axis, values]) => [axis, [values]]);
    Plotly.restyle(this.element, Object.fromEntries(wrapped), [0]);
    settle(this.scene);
  }

  /** Stand where another landscape's camera stands. */
  take(camera) {
    const here = this.scene.getCamera();
    const apart = Math.hypot(...["x", "y", "z"].map((axis) => here.eye[axis] - camera.eye[axis]));
    if (apart < 1e-4) return false;
    this.turned = true;
    Plotly.relayout(this.element, { "scene.camera": structuredClone(camera) });
    return true;
  }

  /** Show what has changed in traces that stand still. */
  repaint(names) {
    const changed = this.figure.data.map((trace, i) => [trace, i]).filter(([trace]) => names.includes(trace.name));
    const values = ["x", "y", "z"].map((axis) => [axis, changed.map(([trace]) => trace[axis])]);
    return this.drawn && Plotly.restyle(this.element, Object.fromEntries(values), changed.map(([, i]) => i));
  }

  /** Nothing to show. */
  clear() {
    if (this.drawn) Plotly.purge(this.element);
    this.drawn = false;
  }

  redraw() {
    return this.drawn && this.draw(this.figure, { run: this.run, k: this.k, fog: this.fog, layout: this.patch });
  }

  /** The figure's own camera, as this card asks. */
  home() {
    return moved(this.figure.layout.scene.camera, this.stance);
  }

  look(eye) {
    this.turned = Boolean(eye);
    const { camera } = this.figure.layout.scene;
    Plotly.relayout(this.element, { "scene.camera": moved(eye ? { ...camera, eye } : camera, this.stance) });
    this.looked?.();
  }

  /** Point at example `row`, if this view shows examples and that one is among them; nothing without a row. */
  pointAt(row) {
    const curve = this.element.data?.findIndex((trace) => trace.meta === "examples") ?? -1;
    if (curve < 0) return;
    const point = row === undefined ? -1 : Array.from(this.element.data[curve].customdata ?? []).indexOf(row);
    if (point < 0) Plotly.Fx.unhover(this.element);
    else Plotly.Fx.hover(this.element, [{ curveNumber: curve, pointNumber: point }]);
  }
}
