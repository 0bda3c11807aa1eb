// Views that control others: the changing detail view by pointer and click, one surface's camera the other's.

import { singleRow } from "../core/array_codec.mjs";
import { roundToDigits } from "../core/i18n.mjs";
import { coordinatesOf } from "../plot/plotly_internals.mjs";
import { ExampleHandle } from "./example_handle.mjs";

/** @import { DetailCard, Scene } from "../protocol.js" */
/** @import { RunArray, RunArrays } from "../types.js" */
/** @import { Views } from "../plot/figure_set.mjs" */
/** @import { FigureView } from "../plot/figure_view.mjs" */

/**
 * What linked views read and do on the page.
 *
 * @typedef {object} LinkedPage
 * @property {Scene} scene
 * @property {RunArrays} arrays
 * @property {Views} views
 * @property {{ k: number, jump(k: number): void, pause(): void }} player
 * @property {(row?: number, except?: FigureView) => void} pointAt
 * @property {(k: number, except?: FigureView) => void} previewStep
 * @property {(position: Scene["start"], changes?: Record<string, string>) => void} place
 * @property {(changes: Record<string, string>, how: "push") => void} request
 * @property {(held: boolean) => void} hold
 */

/** @typedef {{ toPixel(value: number): number }} ToPixel an axis */

/** @typedef {any} PlotPoint a point of a plot as Plotly gives it to handlers of events */

/** Frames for which a camera is followed after the pointer was released: Plotly's camera rolls on. */
const FRAMES_AFTER_RELEASE = 30;
const NO_RUN = new Float32Array();

/**
 * @param {number} value
 * @param {number} low
 * @param {number} high
 */
const limit = (value, low, high) => Math.min(Math.max(value, low), high);

/**
 * The intercept with which the true class of an example at `input` has a probability, for a slope `weight`.
 *
 * @param {number} probability
 * @param {boolean} isPositive whether the true class is the positive one
 * @param {number} weight
 * @param {number} input
 */
export function interceptFor(probability, isPositive, weight, input) {
  const score = Math.log(probability / (1 - probability)) * (isPositive ? 1 : -1);
  return score - weight * input;
}

/**
 * The examples of the per-example loss view as handles: dragging one to another probability changes the
 * intercept.
 *
 * @param {LinkedPage} page
 */
export function createProbabilityHandle(page) {
  const { detail } = page.views;
  const onPoint = (/** @type {number | undefined} */ row) => page.pointAt(row, detail);
  const onChange = (/** @type {number} */ row, /** @type {number} */ wanted) => {
    const { u, lens_x: shown } = page.arrays;
    const probability = limit(wanted, shown.values[0], shown.values[shown.values.length - 1]);
    const weight = u.values[page.player.k];
    const { examples, draggableInputs } = page.scene;
    const input = draggableInputs?.[row] ?? 0;
    const intercept = interceptFor(probability, Boolean(examples.targets[row]), weight, input);
    page.player.pause();
    page.place([weight, intercept], { k: "0" });
  };
  return new ExampleHandle(detail, { onPoint, onChange, hold: (held) => page.hold(held) });
}

/** Pixels within which a click on a curve means a step. */
const STEP_RADIUS = 20;
/** Significant digits of a clicked coordinate in the link. */
const CLICK_DIGITS = { x: 4, y: 3 };

/**
 * @typedef {object} DetailActions
 * @property {(point: { x: number, y: number }) => void} [click]
 * @property {(point: PlotPoint) => void} [hover]
 * @property {() => void} [leave]
 */

/**
 * What hovering and clicking do, by what the points of the detail view are.
 *
 * @param {LinkedPage} page
 * @returns {Record<DetailCard["points"], DetailActions>}
 */
function detailActions(page) {
  const { detail } = page.views;
  return {
    steps: {
      click: ({ x }) => page.player.jump(Math.round(x)),
      hover: ({ x }) => page.previewStep(Math.round(x), detail),
      leave: () => page.previewStep(page.player.k, detail),
    },
    runs: {
      hover: ({ pointNumber }) => showRunOfRate(page, pointNumber),
      leave: () => showRunOfRate(page, null),
    },
    settings: {},
    examples: {
      hover: ({ data, customdata }) => data.meta === "examples" && page.pointAt(customdata, detail),
      leave: () => page.pointAt(undefined, detail),
    },
  };
}

/**
 * The keys of the link that a click on a point sets: to a coordinate of the point, or to a fixed value.
 * null if a click sets none.
 *
 * @param {Pick<DetailCard, "clickSets" | "clickSetsFixed">} detail
 * @param {{ x: number, y: number }} point
 */
export function clickedKeys({ clickSets, clickSetsFixed }, point) {
  const clicked = Object.entries(clickSets).map(([key, axis]) => [
    key,
    String(roundToDigits(point[axis], CLICK_DIGITS[axis])),
  ]);
  return clicked.length ? { ...clickSetsFixed, ...Object.fromEntries(clicked) } : null;
}

/**
 * The point of several traces that is nearest to a pixel; null if none is near enough.
 *
 * @param {{ x: ArrayLike<number>, y: ArrayLike<number> }[]} traces
 * @param {[ToPixel, ToPixel]} axes
 * @param {[number, number]} pixel
 * @param {number} [radius] in pixels
 */
export function nearestPoint(traces, [xAxis, yAxis], [left, top], radius = Infinity) {
  let [nearest, least] = [/** @type {{ x: number, y: number } | null} */ (null), radius];
  for (const { x, y } of traces) {
    for (let i = 0; i < x.length; i++) {
      const distance = Math.hypot(xAxis.toPixel(x[i]) - left, yAxis.toPixel(y[i]) - top);
      if (distance < least) [nearest, least] = [{ x: x[i], y: y[i] }, distance];
    }
  }
  return nearest;
}

/**
 * The point of a view that a click means, among those of traces that can be hovered; null outside of the
 * axes. Plotly's own event has the point of its last hover, which it computes every 50 ms only.
 *
 * @param {FigureView} view
 * @param {MouseEvent} event
 * @param {boolean} isByStep whether a point is meant at any height
 */
function clickedPoint({ element, axes }, { clientX, clientY }, isByStep) {
  if (!axes) return null;
  const [x, y] = axes;
  const box = element.getBoundingClientRect();
  const [left, top] = [clientX - box.left - x.offset, clientY - box.top - y.offset];
  if (left < 0 || top < 0 || left > x.length || top > y.length) return null;
  const hoverable = (element.data ?? []).filter((trace) => trace.hovertemplate || trace.hoverinfo !== "skip");
  const traces = hoverable.map((trace) => ({
    x: coordinatesOf(element, trace, "x"),
    y: coordinatesOf(element, trace, "y"),
  }));
  const anyHeight = { toPixel: () => top };
  return isByStep
    ? nearestPoint(traces, [x, anyHeight], [left, top], STEP_RADIUS)
    : nearestPoint(traces, axes, [left, top]);
}

/**
 * Connect clicks and hovering in the detail view, once Plotly has drawn it.
 *
 * @param {LinkedPage} page
 */
export function connectDetailView(page) {
  const actions = detailActions(page);
  const current = () =>
    /** @type {DetailActions} */ (page.scene.draggableInputs ? {} : actions[page.scene.detail.points]);
  const { detail: view } = page.views;
  view.element.addEventListener("click", (event) => {
    const { draggableInputs, detail } = page.scene;
    const point = draggableInputs ? null : clickedPoint(view, event, detail.points === "steps");
    if (!point) return;
    const changes = clickedKeys(detail, point);
    if (changes) page.request(changes, "push");
    current().click?.(point);
  });
  view.element.on?.("plotly_hover", ({ points: [point] }) => current().hover?.(point));
  view.element.on?.("plotly_unhover", () => current().leave?.());
}

/**
 * Show on the map the run with another rate of the rate sweep; `index` null removes it.
 *
 * @param {LinkedPage} page
 * @param {number | null} index
 */
function showRunOfRate(page, index) {
  const { sweep_u: u, sweep_v: v } = page.arrays;
  const ofRate = (/** @type {RunArray} */ table) =>
    singleRow(
      index === null || !table ? NO_RUN : table.values.subarray(index * u.width, (index + 1) * u.width),
    );
  Object.assign(page.arrays, { preview_u: ofRate(u), preview_v: ofRate(v) });
  page.views.map.show(page.arrays, page.player.k);
}

/**
 * Keep the cameras of two views equal.
 *
 * @param {FigureView} one
 * @param {FigureView} other
 */
export function linkCameras(one, other) {
  followCamera(one, other);
  followCamera(other, one);
}

/**
 * Give the camera of a view to its twin while and shortly after a pointer turns it.
 *
 * @param {FigureView} view
 * @param {FigureView} twin
 */
function followCamera(view, twin) {
  let [pressed, calmFrames] = [false, 0];
  const copyCamera = () => {
    return Boolean(view.drawn && twin.drawn && twin.camera.copy(view.camera.relative));
  };
  const follow = () => {
    calmFrames = copyCamera() || pressed ? 0 : calmFrames + 1;
    if (calmFrames < FRAMES_AFTER_RELEASE) requestAnimationFrame(follow);
  };
  view.element.addEventListener("pointerdown", () => {
    [pressed, calmFrames] = [true, 0];
    follow();
  });
  addEventListener("pointerup", () => (pressed = false));
  view.camera.onLook = () => copyCamera();
}
