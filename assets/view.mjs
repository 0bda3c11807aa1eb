// One view: a figure that stands still, the traces on it that follow the playhead, its camera.

import { restyling, slice } from "./moment.mjs";
import { underfoot } from "./fog.mjs";
import { settle } from "./settle.mjs";

const CONFIG = { displayModeBar: false, displaylogo: false, showSendToCloud: false, responsive: false, scrollZoom: false };

const token = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

/** A copy of a figure with every `var(--name)` as the color it has in the theme in force. */
export function resolve(part) {
  if (typeof part === "string") return part.startsWith("var(--") ? token(part.slice(4, -1)) : part;
  if (Array.isArray(part)) return part.map(resolve);
  if (part?.constructor === Object) return Object.fromEntries(Object.entries(part).map(([k, v]) => [k, resolve(v)]));
  return part;
}

/** Lines and marks of a resolved trace, `by` times as thick. */
function thicken(trace, by) {
  for (const part of [trace.line, trace.marker, trace.marker?.line]) {
    for (const size of ["width", "size"]) if (typeof part?.[size] === "number") part[size] *= by;
  }
  return trace;
}

export class View {
  constructor(element) {
    this.element = element;
    this.held = false;
    element.addEventListener("wheel", (event) => event.stopPropagation(), { capture: true });
    element.addEventListener("pointerdown", () => (this.held = true));
    addEventListener("pointerup", () => { this.held = false; this.late?.(); });
    new ResizeObserver(() => this.drawn && Plotly.Plots.resize(element)).observe(element);
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

  /** Draw a scene's figure from nothing, keeping the camera that the user left. */
  async draw(figure, { run, k, fog = false, layout = {} }) {
    Object.assign(this, { figure, run, k, fog, patch: layout });
    const stroke = Number(token("--stroke"));
    const size = Number(token("--text-plot")) * parseFloat(getComputedStyle(document.documentElement).fontSize);
    const moving = figure.moving.map((m) => patched(structuredClone(m.trace), slice(m, run, k, this.square)));
    const traces = [...figure.data, ...moving].map((trace) => thicken(resolve(trace), stroke));
    const page = resolve(figure.layout);
    const camera = this.drawn && this.scene?.getCamera();
    if (camera) page.scene.camera = camera;
    page.font = { family: getComputedStyle(this.element).fontFamily, size, color: token("--ink-soft") };
    for (const side of Object.keys(page.margin)) page.margin[side] *= size / 12;
    page.paper_bgcolor = page.plot_bgcolor = "rgba(0,0,0,0)";
    if (fog && this.ground) Object.assign(traces[0], this.ground);
    await Plotly.react(this.element, traces, patched(page, resolve(layout)), CONFIG);
    this.drawn = true;
    settle(this.scene);
    if (figure.moving.some((m) => m.slice === "squares")) this.show(run, k);
  }

  /** The ground that is seen in the fog; undefined in a view without ground. */
  get ground() {
    const [ground] = this.figure.data;
    if (ground?.meta !== "ground") return undefined;
    const now = this.figure.moving.find((m) => m.trace.name === "now");
    const { x, y } = slice(now, this.run, this.k);
    return underfoot(ground, x[0], y[0]);
  }

  /** Show another step, another run or both, touching nothing but the moving traces. */
  show(run, k, layout) {
    Object.assign(this, { run, k });
    if (layout) this.patch = layout;
    if (!this.drawn) return;
    if (this.held && this.scene) {
      this.late = () => { this.late = null; this.show(this.run, this.k); };
      return;
    }
    this.keepCamera();
    const first = this.figure.data.length;
    const moving = this.figure.moving;
    const indices = moving.map((_, i) => first + i);
    if (this.fog && this.ground) this.grope();
    if (!indices.length) return;
    const update = restyling(moving, run, k, this.square);
    if (layout) Plotly.update(this.element, update, resolve(layout), indices);
    else Plotly.restyle(this.element, update, indices);
  }

  grope() {
    const wrapped = Object.entries(this.ground).map(([axis, values]) => [axis, [values]]);
    Plotly.restyle(this.element, Object.fromEntries(wrapped), [0]);
    settle(this.scene);
  }

  /** Plotly goes back to the camera it last wrote down; make that the one in use. */
  keepCamera() {
    const camera = this.scene?.getCamera();
    if (camera) this.element.layout.scene.camera = camera;
  }

  /** Stand where another landscape's camera stands. */
  take(camera) {
    const here = this.scene.getCamera();
    const apart = Math.hypot(...["x", "y", "z"].map((axis) => here.eye[axis] - camera.eye[axis]));
    if (apart < 1e-4) return false;
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

  look(eye) {
    const home = this.figure.layout.scene.camera;
    Plotly.relayout(this.element, { "scene.camera": eye ? { ...home, eye } : home });
    this.turned?.();
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

/** `layout` with the dotted keys of `changes` put in their places. */
function patched(layout, changes) {
  for (const [path, value] of Object.entries(changes)) {
    const steps = path.split(".");
    const last = steps.pop();
    steps.reduce((at, step) => (at[step] ??= {}), layout)[last] = value;
  }
  return layout;
}
