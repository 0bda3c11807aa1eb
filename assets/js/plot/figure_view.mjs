// One figure: traces that do not move, traces that follow the step, and a camera.

import { adaptCamera, cameraFit, fitAxes, fitSceneTitles } from "./card_fit.mjs";
import { resolveColors, scaleStrokes, setAtPaths, themeValue } from "./figure_style.mjs";
import { visiblePatch } from "./fog.mjs";
import { patchScene } from "./gl_patches.mjs";
import { GlTraces } from "./gl_traces.mjs";
import { changedRangeEnds, fitsOldRanges, sameLayout } from "./layout_diff.mjs";
import { largestSlice, sameSlice, sliceAt, toRestyle, withPlaceholder } from "./step_slices.mjs";
import { SvgTraces } from "./svg_traces.mjs";

const PLOTLY_CONFIG = {
  displayModeBar: false,
  displaylogo: false,
  showSendToCloud: false,
  responsive: false,
  scrollZoom: false,
};
/** A step that is shown this long, in milliseconds, is written to Plotly's own data, for hovering. */
const REST = 500;
/** The text size in pixels for which figures state their margins. */
const BASE_TEXT_SIZE = 12;
/** Cameras closer than this are the same. */
const CAMERA_TOLERANCE = 1e-4;

/**
 * Draws a figure with Plotly and moves its traces without it.
 *
 * Plotly draws every trace once. A step then moves the drawn elements (`movers`), which takes a fiftieth
 * of the time of `Plotly.restyle`. Plotly follows later where its own work is needed: for traces that
 * cannot be moved, for axes, and for hovering. State:
 *
 * - `figure`, `arrays`, `k`, `fog`: what is shown; `runLayout` the part of the layout that depends on the
 *   run.
 * - `drawn`: Plotly has drawn a figure that was not cleared since.
 * - `drawnRunLayout`: the `runLayout` that Plotly has drawn.
 * - `fittedAxes`, `fittedCamera`: what was last fitted to the size of the card.
 * - `coordinates`: what each moving trace shows, to skip those that do not change.
 * - `unmoved`: indices of the moving traces that only Plotly can show.
 * - `pressed`: a pointer is down on the view; `turned`: the camera was moved by hand.
 * - `pending`: the promise of an update by Plotly that is due.
 */
export class FigureView {
  constructor(element) {
    this.element = element;
    element.addEventListener("wheel", (event) => event.stopPropagation(), { capture: true });
    element.addEventListener("pointerdown", () => (this.pressed = this.turned = true));
    addEventListener("pointerup", () => (this.pressed = false));
    new ResizeObserver(() => this.drawn && this.resize()).observe(element);
  }

  /** Plotly's scene; undefined in a flat plot. */
  get scene() {
    return this.element._fullLayout?.scene?._scene;
  }

  /** Plotly's axes of a flat plot. */
  get axes() {
    const { xaxis, yaxis } = this.element._fullLayout ?? {};
    return [xaxis, yaxis];
  }

  /** The number of units across that are as long on the screen as one unit up. */
  get unitRatio() {
    const [x, y] = this.axes;
    if (!x?._length) return 1;
    const pixelsPerUnit = (axis) => axis._length / Math.abs(axis.range[1] - axis.range[0]);
    return pixelsPerUnit(y) / pixelsPerUnit(x);
  }

  /** Draw a figure anew. The camera stays where the user left it, or is that of the view `twin`. */
  async draw(figure, { arrays, k, fog = false, layout: runLayout = {}, twin }) {
    const { meta: subject } = figure.layout;
    const keepsCamera = this.drawn && !twin && (this.turned || subject === this.subject);
    Object.assign(this, { subject, figure, arrays, k, fog, runLayout });
    const layout = this.baseLayout(twin ?? (keepsCamera ? this : null));
    Object.assign(this, {
      fittedAxes: this.fitAxes(),
      fittedCamera: this.cameraFit,
      drawnRunLayout: runLayout,
    });
    setAtPaths(layout, this.fittedAxes);
    setAtPaths(layout, resolveColors(runLayout));
    await Plotly.react(this.element, this.allTraces(), layout, PLOTLY_CONFIG);
    if (!this.drawn) this.element.on("plotly_afterplot", () => this.drawn && this.restore());
    this.drawn = true;
    this.movers = this.scene ? new GlTraces(this.element) : new SvgTraces(this.element);
    patchScene(this.scene);
    this.restore();
    return this.unmoved.length ? this.scheduleUpdate() : undefined;
  }

  /** All traces as Plotly is to draw them first. */
  allTraces() {
    const { data, moving } = this.figure;
    const strokes = Number(themeValue("--stroke"));
    const movingTraces = moving.map((m) => setAtPaths(structuredClone(m.trace), this.firstCoordinates(m)));
    const traces = [...data, ...movingTraces].map((trace) => scaleStrokes(resolveColors(trace), strokes));
    if (this.fog && this.visibleSurface) Object.assign(traces[0], this.visibleSurface);
    return traces;
  }

  /**
   * The figure's own layout in the style of the page, with the camera of the view `cameraFrom` if there is
   * one.
   */
  baseLayout(cameraFrom) {
    const { textStyle } = this;
    const layout = resolveColors(this.figure.layout);
    if (layout.scene) {
      layout.scene.camera = cameraFrom?.scene ? cameraFrom.adaptedCamera() : this.homeCamera();
      fitSceneTitles(layout.scene, this.element, textStyle.size);
    }
    layout.font = { ...textStyle, color: themeValue("--ink-soft") };
    layout.hoverlabel = { font: textStyle };
    for (const side of Object.keys(layout.margin)) layout.margin[side] *= textStyle.size / BASE_TEXT_SIZE;
    layout.paper_bgcolor = layout.plot_bgcolor = "rgba(0,0,0,0)";
    return layout;
  }

  /** Font family and text size in pixels. */
  get textStyle() {
    const rootSize = parseFloat(getComputedStyle(document.documentElement).fontSize);
    const size = Number(themeValue("--text-plot")) * rootSize;
    return { family: getComputedStyle(this.element).fontFamily, size };
  }

  /** Axes that suit the size of the card, by dotted path. */
  fitAxes() {
    return fitAxes(this.figure, this.element, this.textStyle);
  }

  /** Distance and height of the camera that suit the size of the card. */
  get cameraFit() {
    return cameraFit(this.element, this.textStyle.size, this.figure.layout.scene?.camera);
  }

  /** Fit axes and camera to a card that has changed its size. */
  resize() {
    const [axes, camera] = [this.fitAxes(), this.scene && this.adaptedCamera()];
    const before = JSON.stringify([this.fittedAxes, this.fittedCamera]);
    Object.assign(this, { fittedAxes: axes, fittedCamera: this.cameraFit });
    if (JSON.stringify([this.fittedAxes, this.fittedCamera]) === before)
      return Plotly.Plots.resize(this.element);
    return Plotly.relayout(this.element, {
      ...axes,
      autosize: true,
      ...(camera && { "scene.camera": camera }),
    });
  }

  /** The current camera, adapted to the present size of the card. */
  adaptedCamera() {
    return adaptCamera(this.scene.getCamera(), this.cameraFit, this.fittedCamera);
  }

  /** The figure's own camera, adapted to the size of the card. */
  homeCamera() {
    return adaptCamera(this.figure.layout.scene.camera, this.cameraFit);
  }

  /** What a moving trace shows at the present step. */
  currentCoordinates(moving) {
    return withPlaceholder(moving.trace, sliceAt(moving, this.arrays, this.k, this.unitRatio));
  }

  /** What Plotly draws of a moving trace: the most that it will show, so that every element exists. */
  firstCoordinates(moving) {
    const { trace } = moving;
    if (!trace.type.startsWith("scatter") || trace.mode?.includes("text"))
      return this.currentCoordinates(moving);
    return withPlaceholder(trace, largestSlice(moving, this.arrays, this.k, this.unitRatio));
  }

  /** Move everything again after Plotly has drawn. */
  restore() {
    this.movers.reset();
    this.coordinates = [];
    this.moveTraces();
  }

  /** The part of the surface that is visible in the fog; undefined in a view without a surface. */
  get visibleSurface() {
    const [surface] = this.figure.data;
    if (surface?.meta !== "ground") return undefined;
    const now = this.figure.moving.find((moving) => moving.trace.name === "now");
    const { x, y } = sliceAt(now, this.arrays, this.k);
    return visiblePatch(surface, x[0], y[0]);
  }

  /**
   * Show another step, another run or both by moving traces; while `dragging`, axes stay if the run fits on
   * them.
   */
  show(arrays, k, layout, dragging) {
    if (layout) {
      const keepsAxes = dragging && fitsOldRanges(layout, this.drawnRunLayout);
      this.runLayout = keepsAxes ? this.drawnRunLayout : layout;
    }
    Object.assign(this, { arrays, k });
    if (!this.drawn) return undefined;
    if (this.fog && this.visibleSurface) this.updateFog();
    this.moveTraces();
    clearTimeout(this.restTimer);
    const needsPlotly = this.unmoved.length || !sameLayout(this.runLayout, this.drawnRunLayout);
    return needsPlotly ? this.scheduleUpdate() : this.updateAtRest();
  }

  /**
   * Let Plotly follow when this step rests. Where frames are slow, the next step may come before that is
   * done.
   */
  updateAtRest() {
    if (!this.hoverable) return;
    const { k } = this;
    const update = () => this.k === k && this.scheduleUpdate();
    this.restTimer = setTimeout(() => requestAnimationFrame(update), REST);
  }

  /** Move the moving traces to the present step, and remember those that only Plotly can show. */
  moveTraces() {
    const first = this.figure.data.length;
    const unmoved = this.figure.moving.map((moving, i) => {
      const coordinates = this.currentCoordinates(moving);
      if (sameSlice(coordinates, this.coordinates[i])) return -1;
      this.coordinates[i] = coordinates;
      setAtPaths(this.element.data[first + i], coordinates); // Plotly exports and redraws its own data
      return moving.trace.visible === false || this.movers.move(first + i, coordinates) ? -1 : i;
    });
    this.movers.finish();
    this.unmoved = unmoved.filter((i) => i >= 0);
  }

  /** Whether moving traces can be hovered, for which Plotly needs their coordinates. */
  get hoverable() {
    return !this.scene && this.figure.moving.some(({ trace }) => trace.hoverinfo !== "skip");
  }

  /**
   * Let Plotly update after the browser has painted what was moved, and not while a pointer turns the scene.
   */
  scheduleUpdate() {
    this.pending ??= new Promise((resolve) => {
      const update = () => {
        this.pending = null;
        resolve(this.drawn && this.update());
      };
      const schedule = () => {
        const turning = this.pressed && this.scene;
        if (turning) addEventListener("pointerup", schedule, { once: true });
        else requestAnimationFrame(() => setTimeout(update));
      };
      schedule();
    });
    return this.pending;
  }

  /** Bring Plotly's axes and traces up to date. */
  async update() {
    const rangeEnds = !this.unmoved.length && changedRangeEnds(this.runLayout, this.drawnRunLayout);
    const layout = !sameLayout(this.runLayout, this.drawnRunLayout) && resolveColors(this.runLayout);
    this.drawnRunLayout = this.runLayout;
    if (rangeEnds) {
      await Plotly.relayout(this.element, rangeEnds);
      this.restore();
      return this.updateAtRest();
    }
    const { moving, data } = this.figure;
    const traceUpdate = (indices, coordinates) => [
      toRestyle(coordinates),
      indices.map((i) => data.length + i),
    ];
    const [update, indices] = traceUpdate(
      [...moving.keys()],
      moving.map((m) => this.firstCoordinates(m)),
    );
    const camera = this.scene?.getCamera();
    // Plotly would restore the camera of its last own update
    if (camera) this.element.layout.scene.camera = camera;
    if (layout) await Plotly.update(this.element, update, layout, indices);
    else if (indices.length) await Plotly.restyle(this.element, update, indices);
    const { unmoved } = this;
    const current = unmoved.map((i) => this.currentCoordinates(moving[i]));
    if (unmoved.length) await Plotly.restyle(this.element, ...traceUpdate(unmoved, current));
    return undefined;
  }

  /** Draw the part of the surface that is visible from the present step. */
  updateFog() {
    const wrapped = Object.entries(this.visibleSurface).map(([axis, values]) => [axis, [values]]);
    Plotly.restyle(this.element, Object.fromEntries(wrapped), [0]);
    patchScene(this.scene);
  }

  /** Take over the camera of another view; return whether it differs from the present one. */
  setCamera(camera) {
    const { eye } = this.scene.getCamera();
    const distance = Math.hypot(...["x", "y", "z"].map((axis) => eye[axis] - camera.eye[axis]));
    if (distance < CAMERA_TOLERANCE) return false;
    this.turned = true;
    Plotly.relayout(this.element, { "scene.camera": structuredClone(camera) });
    return true;
  }

  /** Draw the traces with these names again after their data have changed. */
  repaint(names) {
    const traces = this.figure.data
      .map((trace, i) => [trace, i])
      .filter(([trace]) => names.includes(trace.name));
    const values = ["x", "y", "z"].map((axis) => [axis, traces.map(([trace]) => trace[axis])]);
    const indices = traces.map(([, i]) => i);
    return this.drawn && Plotly.restyle(this.element, Object.fromEntries(values), indices);
  }

  /** Remove the figure. */
  clear() {
    if (this.drawn) Plotly.purge(this.element);
    this.drawn = false;
  }

  /** Draw the figure again, for instance in another theme. */
  redraw() {
    const { figure, arrays, k, fog, runLayout } = this;
    return this.drawn && this.draw(figure, { arrays, k, fog, layout: runLayout });
  }

  /** Look from `eye`, or from the figure's own camera position without one. */
  lookFrom(eye) {
    this.turned = Boolean(eye);
    const { camera } = this.figure.layout.scene;
    const wanted = adaptCamera(eye ? { ...camera, eye } : camera, this.cameraFit);
    Plotly.relayout(this.element, { "scene.camera": wanted });
    this.onLook?.();
  }

  /** Show the hover label of example `row` if this view shows it; remove the label otherwise. */
  pointAt(row) {
    const curveNumber = this.element.data?.findIndex((trace) => trace.meta === "examples") ?? -1;
    if (curveNumber < 0) return;
    const rows = Array.from(this.element.data[curveNumber].customdata ?? []);
    const pointNumber = row === undefined ? -1 : rows.indexOf(row);
    if (pointNumber < 0) Plotly.Fx.unhover(this.element);
    else Plotly.Fx.hover(this.element, [{ curveNumber, pointNumber }]);
  }
}
