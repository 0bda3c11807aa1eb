// One figure: traces that do not move, traces that follow the step, and a camera.

import { HeldAxes } from "../core/held_axes.mjs";
import { formatDigits } from "../core/i18n.mjs";
import { themeValue } from "../core/theme.mjs";
import { fitAxes } from "./card_fit.mjs";
import { DeferredUpdate } from "./deferred_update.mjs";
import { applyView, FigureCamera, viewChanges } from "./figure_camera.mjs";
import { resolveColors, scaleStrokes, setAtPaths, textStyleOf } from "./figure_style.mjs";
import { knownGround } from "./fog.mjs";
import { patchScene } from "./gl_patches.mjs";
import { GlTraces } from "./gl_traces.mjs";
import { changedRangeEnds, fitsOldRanges, sameLayout } from "./layout_diff.mjs";
import { keepCorner } from "./plot_corner.mjs";
import {
  axesOf,
  fillsCard,
  forgetFormerAxes,
  removePlot,
  sceneOf,
  setHoverNumbers,
} from "./plotly_internals.mjs";
import { RedrawPace } from "./redraw_pace.mjs";
import {
  largestSlice,
  movesBetweenSteps,
  sameSlice,
  sliceAt,
  toRestyle,
  withPlaceholder,
} from "./step_slices.mjs";
import { SvgTraces } from "./svg_traces.mjs";

/** @import { FigureSpec, MovingTrace, PlotlyObject } from "../protocol.js" */
/** @import { Attributes, PlotElement, RunArrays } from "../types.js" */
/** @import { Motion } from "./step_slices.mjs" */

const PLOTLY_CONFIG = {
  displayModeBar: false,
  displaylogo: false,
  showSendToCloud: false,
  responsive: false,
  scrollZoom: false,
};
/** The text size in pixels for which figures state their margins. */
const BASE_TEXT_SIZE = 12;
const AXES = /** @type {const} */ (["x", "y", "z"]);

/**
 * What a view is to show of a figure.
 *
 * @typedef {object} Content
 * @property {RunArrays} arrays
 * @property {number} k
 * @property {boolean} [fog]
 * @property {PlotlyObject} [layout] the part of the layout that depends on the run
 * @property {FigureView} [twin] the view whose camera is taken over
 */

/**
 * Draws a figure with Plotly and moves its traces without it.
 *
 * Plotly draws every trace once. A step then moves the drawn elements (`movers`), which takes a fiftieth
 * of the time of `Plotly.restyle`. Plotly follows later (`follow`) where its own work is needed: for traces
 * that cannot be moved, for axes, and for hovering.
 *
 * The layout that Plotly draws has three parts: the figure's own in the style of the page (`styledLayout`),
 * made once a drawing; what depends on the size of the card (`fittedAxes`, `camera`), made again when
 * it is resized; and what depends on the run (`runLayout`), which comes with every run.
 */
export class FigureView {
  /**
   * What is shown.
   *
   * @type {FigureSpec}
   */
  figure = { data: [], moving: [], layout: {}, basins: null };
  /** @type {RunArrays} */
  arrays = {};
  k = 0;
  /**
   * Where the run is after step k, while it is played.
   *
   * @type {Motion | null}
   */
  motion = null;
  fog = false;
  /**
   * The part of the layout that depends on the run.
   *
   * @type {PlotlyObject}
   */
  runLayout = {};

  /** Whether Plotly has drawn a figure that was not cleared since. */
  drawn = false;
  /** Whether Plotly is drawing a figure, after which `takeOver` follows. */
  isDrawing = false;
  /**
   * The `runLayout` that Plotly has drawn.
   *
   * @type {PlotlyObject}
   */
  drawnRunLayout = {};
  /**
   * Titles, ticks and margins that were last fitted to the size of the card, by dotted path.
   *
   * @type {PlotlyObject}
   */
  fittedAxes = {};
  /**
   * Moves what Plotly has drawn.
   *
   * @type {GlTraces | SvgTraces}
   */
  movers;
  /**
   * What each moving trace shows, to skip those that do not change.
   *
   * @type {Attributes[]}
   */
  coordinates = [];
  /**
   * Indices of the moving traces that only Plotly can show at the present step.
   *
   * @type {number[]}
   */
  unmoved = [];

  /**
   * The part of the layout that depends on the run and is drawn when the axes are released.
   *
   * @type {PlotlyObject | null}
   */
  heldRunLayout = null;

  /**
   * Indices of the moving traces that are somewhere else in every frame of a run that is played.
   *
   * @type {number[]}
   */
  betweenSteps = [];

  /**
   * Called when Plotly has drawn, perhaps on other axes.
   *
   * @type {(() => void) | undefined}
   */
  onDrawn;

  /** @param {HTMLElement} element */
  constructor(element) {
    /** @type {PlotElement} */
    this.element = element;
    this.camera = new FigureCamera(this.element);
    this.movers = new SvgTraces(element);
    this.pace = new RedrawPace(() => this.scene?.redrawMoved());
    this.heldAxes = new HeldAxes(element, () => this.axes);
    this.follow = new DeferredUpdate(
      () => this.drawn && this.update(),
      () => this.camera.pressed && Boolean(this.scene),
    );
    element.addEventListener("wheel", (event) => event.stopPropagation(), { capture: true });
    new ResizeObserver(() => this.drawn && this.resize()).observe(element);
    keepCorner(element);
  }

  /** The scene of the plot; null in a flat plot. */
  get scene() {
    return sceneOf(this.element);
  }

  /** The axes of a flat plot; null before it is drawn. */
  get axes() {
    return axesOf(this.element);
  }

  /** The number of units across that are as long on the screen as one unit up. */
  get unitRatio() {
    const { axes } = this;
    return axes?.[0].length ? axes[1].pixelsPerUnit / axes[0].pixelsPerUnit : 1;
  }

  /**
   * Draw a figure anew. The camera stays where the user left it, or is that of the view `twin`.
   *
   * @param {FigureSpec} figure
   * @param {Content} content
   */
  async draw(figure, { arrays, k, fog = false, layout: runLayout = {}, twin }) {
    const kept = this.keepsCamera(figure) ? this.camera.current : null;
    this.heldRunLayout = null;
    Object.assign(this, { figure, arrays, k, fog, runLayout, motion: null });
    this.betweenSteps = [...figure.moving.keys()].filter((i) => movesBetweenSteps(figure.moving[i]));
    const layout = this.styledLayout();
    const view = this.camera.fitFigure(figure, kept, twin?.camera);
    if (view) applyView(layout.scene, view);
    this.fittedAxes = this.fitAxes();
    this.drawnRunLayout = runLayout;
    setAtPaths(layout, this.fittedAxes);
    setAtPaths(layout, resolveColors(runLayout));
    this.heldAxes.applyTo(layout);
    forgetFormerAxes(this.element);
    this.isDrawing = true;
    try {
      await Plotly.react(this.element, this.allTraces(), layout, PLOTLY_CONFIG);
    } finally {
      this.isDrawing = false;
    }
    this.takeOver();
    return this.unmoved.length ? this.follow.schedule() : undefined;
  }

  /**
   * Whether another figure keeps the side from which this one is seen: the user has turned it, or the subject
   * stays.
   *
   * @param {FigureSpec} figure
   */
  keepsCamera(figure) {
    const isSameSubject = figure.layout.meta?.camera === this.figure.layout.meta?.camera;
    return this.drawn && (this.camera.turned || isSameSubject);
  }

  /** Move from now on what Plotly has drawn. */
  takeOver() {
    if (!this.drawn) {
      this.element.on?.("plotly_afterplot", () => this.drawn && !this.isDrawing && this.restore());
      this.element.on?.("plotly_beforehover", () => setHoverNumbers(this.element, formatDigits));
      this.element.on?.("plotly_relayout", () => this.scene?.wake());
    }
    this.drawn = true;
    this.camera.placeLabels();
    this.movers = this.scene ? new GlTraces(this.element, this.pace) : new SvgTraces(this.element);
    this.scene?.drawOnDemand();
    this.restore();
  }

  /** All traces as Plotly is to draw them first. */
  allTraces() {
    const { data, moving } = this.figure;
    const strokes = Number(themeValue("--stroke"));
    const movingTraces = moving.map((m) => setAtPaths(structuredClone(m.trace), this.firstCoordinates(m)));
    const traces = [...data, ...movingTraces].map((trace) => scaleStrokes(resolveColors(trace), strokes));
    const known = this.knownGround;
    if (known) Object.assign(traces[0], known);
    return traces;
  }

  /** The figure's own layout in the style of the page. */
  styledLayout() {
    const { textStyle } = this;
    const layout = resolveColors(this.figure.layout);
    for (const axis of layout.scene ? AXES : []) hideLabels(layout.scene[`${axis}axis`]);
    layout.font = { ...textStyle, color: themeValue("--ink-soft") };
    layout.hoverlabel = { font: textStyle };
    for (const side of Object.keys(layout.margin)) layout.margin[side] *= textStyle.size / BASE_TEXT_SIZE;
    layout.paper_bgcolor = layout.plot_bgcolor = "rgba(0,0,0,0)";
    return layout;
  }

  /** Font family and text size in pixels. */
  get textStyle() {
    return textStyleOf(this.element);
  }

  /** Axes that suit the size of the card, by dotted path. */
  fitAxes() {
    return fitAxes(this.figure, this.element, this.textStyle);
  }

  /** Fit axes and camera to a card that has changed its size; an observer also tells of the size at first. */
  async resize() {
    const before = JSON.stringify([this.fittedAxes, this.camera.fit]);
    const axes = (this.fittedAxes = this.fitAxes());
    const view = this.camera.fitCard();
    const isFitted = JSON.stringify([axes, view]) === before;
    if (isFitted && fillsCard(this.element)) return;
    if (isFitted) await Plotly.Plots.resize(this.element);
    else await Plotly.relayout(this.element, { ...axes, autosize: true, ...viewChanges(view) });
    this.camera.placeLabels();
  }

  /**
   * What a moving trace shows at the present step.
   *
   * @param {MovingTrace} moving
   */
  currentCoordinates(moving) {
    const { unitRatio, motion } = this;
    const logarithmic = this.runLayout["yaxis.type"] === "log";
    const drawn = { unitRatio, motion, logarithmic };
    return withPlaceholder(moving.trace, sliceAt(moving, this.arrays, this.k, drawn));
  }

  /**
   * What Plotly draws of a moving trace: the most that it will show, so that every element exists.
   *
   * @param {MovingTrace} moving
   */
  firstCoordinates(moving) {
    const { trace } = moving;
    if (!trace.type.startsWith("scatter") || trace.mode?.includes("text"))
      return this.currentCoordinates(moving);
    return withPlaceholder(trace, largestSlice(moving, this.arrays, this.k, { unitRatio: this.unitRatio }));
  }

  /** Move everything again after Plotly has drawn. */
  restore() {
    patchScene(this.scene);
    this.movers.reset();
    this.coordinates = [];
    this.moveTraces();
    this.movers.drawNow();
    this.onDrawn?.();
  }

  /** Hold the axes of a flat plot until they are released. */
  holdAxes() {
    this.heldRunLayout = null;
    if (this.drawn) this.heldAxes.hold();
  }

  /**
   * Forget what a hand has done to this figure before another one is drawn: axes that it holds, and a camera
   * that it has turned unless the subject stays.
   *
   * @param {FigureSpec} [next]
   */
  clearInteraction(next) {
    this.heldAxes.forget();
    this.heldRunLayout = null;
    this.camera.turned &&= next?.layout.meta?.camera === this.figure.layout.meta?.camera;
  }

  /** Let the axes move to the ranges that suit what is shown. */
  async releaseAxes() {
    if (!this.heldAxes.active) return;
    const { heldRunLayout } = this;
    this.heldRunLayout = null;
    if (heldRunLayout) this.runLayout = heldRunLayout;
    const layout = setAtPaths(structuredClone(this.figure.layout), { ...this.fittedAxes, ...this.runLayout });
    await this.heldAxes.release(layout);
    if (!this.heldAxes.active && heldRunLayout === this.runLayout) await this.follow.schedule();
  }

  /** The ground that is known in the fog; null without fog or without a surface. */
  get knownGround() {
    const [surface] = this.figure.data;
    if (!this.fog || surface?.meta !== "surface") return null;
    const now = this.figure.moving.find((moving) => moving.trace.name === "now");
    if (!now) return null;
    const { x, y } = sliceAt(now, this.arrays, this.k);
    const { known_u: u, known_v: v } = this.arrays;
    return knownGround(surface, [...(u?.values ?? []), x[0]], [...(v?.values ?? []), y[0]]);
  }

  /**
   * Show another step, another run or both by moving traces; while `dragging`, axes stay if the run fits on
   * them.
   *
   * @param {RunArrays} arrays
   * @param {number} k
   * @param {PlotlyObject} [layout]
   * @param {boolean} [dragging]
   */
  show(arrays, k, layout, dragging) {
    if (layout && this.heldAxes.active) this.heldRunLayout = layout;
    else if (layout) {
      const keepsAxes = dragging && fitsOldRanges(layout, this.drawnRunLayout);
      this.runLayout = keepsAxes ? this.drawnRunLayout : layout;
    }
    return this.showStep(arrays, k, null);
  }

  /**
   * Show where a run is while it is played: at step k or after it.
   *
   * @param {RunArrays} arrays
   * @param {number} k
   * @param {Motion} motion
   */
  play(arrays, k, motion) {
    const isSameStep = this.motion && this.k === k && this.arrays === arrays;
    if (!isSameStep) return this.showStep(arrays, k, motion);
    this.motion = motion;
    if (this.drawn) this.moveTraces(this.betweenSteps);
    return undefined;
  }

  /**
   * @param {RunArrays} arrays
   * @param {number} k
   * @param {Motion | null} motion
   */
  showStep(arrays, k, motion) {
    this.arrays = arrays;
    this.k = k;
    this.motion = motion;
    if (!this.drawn) return undefined;
    if (this.fog) this.updateFog();
    this.moveTraces();
    this.follow.cancelRest();
    const needsPlotly = this.unmoved.length || !sameLayout(this.runLayout, this.drawnRunLayout);
    if (needsPlotly) return this.follow.schedule();
    return motion ? undefined : this.updateAtRest();
  }

  /** Let Plotly follow when this step rests, if its traces can be hovered. */
  updateAtRest() {
    const { k } = this;
    if (this.hoverable) this.follow.scheduleAtRest(() => this.k === k);
  }

  /**
   * Move traces to the present step, and remember those that only Plotly can show.
   *
   * @param {number[]} [numbers] among the moving traces; all if they are not given
   */
  moveTraces(numbers) {
    const changed = [...(numbers ?? this.figure.moving.keys())].filter((i) => this.updateCoordinates(i));
    const unmoved = changed.filter((i) => !this.moveTrace(i));
    if (changed.length) this.movers.finish(Boolean(this.motion));
    this.unmoved = numbers ? [...new Set([...this.unmoved, ...unmoved])] : unmoved;
  }

  /**
   * Take over what moving trace `i` shows now; return whether it differs from before.
   *
   * @param {number} i
   */
  updateCoordinates(i) {
    const coordinates = this.currentCoordinates(this.figure.moving[i]);
    if (sameSlice(coordinates, this.coordinates[i])) return false;
    this.coordinates[i] = coordinates;
    const plotted = /** @type {PlotlyObject[]} */ (this.element.data);
    setAtPaths(plotted[this.figure.data.length + i], coordinates); // Plotly exports and redraws its own data
    return true;
  }

  /**
   * Move what is drawn of moving trace `i`; return whether that suffices.
   *
   * @param {number} i
   */
  moveTrace(i) {
    const { visible, mode } = this.figure.moving[i].trace;
    if (visible === false || this.movers.move(this.figure.data.length + i, this.coordinates[i])) return true;
    if (!this.motion || !mode?.includes("text")) return false;
    this.hideUntilRest(i);
    return true;
  }

  /**
   * Hide a text, which only Plotly can draw: it would hold up a run that is played.
   *
   * @param {number} i number of the moving trace
   */
  hideUntilRest(i) {
    this.movers.hide(this.figure.data.length + i);
    delete this.coordinates[i];
  }

  /** Whether moving traces can be hovered, for which Plotly needs their coordinates. */
  get hoverable() {
    return !this.scene && this.figure.moving.some(({ trace }) => trace.hoverinfo !== "skip");
  }

  /** Bring Plotly's axes and traces up to date. */
  async update() {
    const rangeEnds = this.unmoved.length ? null : changedRangeEnds(this.runLayout, this.drawnRunLayout);
    const layout = sameLayout(this.runLayout, this.drawnRunLayout) ? null : resolveColors(this.runLayout);
    this.drawnRunLayout = this.runLayout;
    if (rangeEnds) {
      await Plotly.relayout(this.element, rangeEnds);
      this.restore();
      return this.updateAtRest();
    }
    await this.updateTraces(layout);
    const { unmoved } = this;
    if (unmoved.length) await this.restyle(unmoved, (moving) => this.currentCoordinates(moving));
    return undefined;
  }

  /**
   * Give Plotly the moving traces anew, with a layout if it has changed.
   *
   * @param {PlotlyObject | null} layout
   */
  updateTraces(layout) {
    const camera = this.scene?.camera;
    // Plotly would restore the camera of its last own update
    if (camera && this.element.layout) this.element.layout.scene.camera = camera;
    const all = [...this.figure.moving.keys()];
    return this.restyle(all, (moving) => this.firstCoordinates(moving), layout);
  }

  /**
   * Let Plotly draw moving traces at new coordinates.
   *
   * @param {number[]} numbers among the moving traces
   * @param {(moving: MovingTrace) => Attributes} coordinatesOf
   * @param {PlotlyObject | null} [layout]
   */
  async restyle(numbers, coordinatesOf, layout) {
    const { data, moving } = this.figure;
    const traces = toRestyle(numbers.map((i) => coordinatesOf(moving[i])));
    const indices = numbers.map((i) => data.length + i);
    if (layout) await Plotly.update(this.element, traces, layout, indices);
    else if (indices.length) await Plotly.restyle(this.element, traces, indices);
  }

  /** Draw the ground that is known by now. */
  updateFog() {
    const known = this.knownGround;
    if (!known) return;
    Plotly.restyle(this.element, toRestyle([known]), [0]);
  }

  /**
   * Draw the traces with these names again after their data have changed.
   *
   * @param {string[]} names
   */
  repaint(names) {
    const { data } = this.figure;
    const indices = [...data.keys()].filter((i) => names.includes(data[i].name));
    const values = AXES.map((axis) => [axis, indices.map((i) => data[i][axis])]);
    return this.drawn && Plotly.restyle(this.element, Object.fromEntries(values), indices);
  }

  /** Remove the figure. */
  clear() {
    if (this.drawn) removePlot(this.element);
    this.drawn = false;
    this.camera.clear();
  }

  /** Draw the figure again, for instance in another theme. */
  redraw() {
    const { figure, arrays, k, fog, runLayout } = this;
    return this.drawn ? this.draw(figure, { arrays, k, fog, layout: runLayout }) : undefined;
  }

  /**
   * Show the hover label of example `row` if this view shows it; remove the label otherwise.
   *
   * @param {number} [row]
   */
  pointAt(row) {
    const { data = [] } = this.element;
    const curveNumber = data.findIndex((trace) => trace.meta === "examples");
    if (curveNumber < 0) return;
    const rows = Array.from(data[curveNumber].customdata ?? []);
    const pointNumber = row === undefined ? -1 : rows.indexOf(row);
    setHoverNumbers(this.element, formatDigits);
    if (pointNumber < 0) Plotly.Fx.unhover(this.element);
    else Plotly.Fx.hover(this.element, [{ curveNumber, pointNumber }]);
  }
}

/**
 * Hide the labels of a scene's axis; the page draws its own.
 *
 * @param {PlotlyObject} axis of a scene, changed in place
 */
function hideLabels(axis) {
  axis.showticklabels = false;
  axis.title = { text: "" };
}
