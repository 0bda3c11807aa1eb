// Views that control others: the changing detail view by pointer and click, one surface's camera the other's.

import { localizeNumber, message } from "../core/i18n.mjs";
import { ExampleHandle } from "./example_handle.mjs";

/** Frames for which a camera is followed after the pointer was released: Plotly's camera rolls on. */
const FRAMES_AFTER_RELEASE = 30;
const NO_RUN = new Float32Array();

const limit = (value, low, high) => Math.min(Math.max(value, low), high);
const rounded = (value, digits) => Number(value.toPrecision(digits));

/**
 * The examples of the per-example loss view as handles: dragging one to another probability changes the
 * intercept.
 */
export function createProbabilityHandle(page) {
  const { detail } = page.views;
  const onPoint = (row) => page.pointAt(row, detail);
  const onChange = (row, wanted) => {
    const {
      u,
      lens_x: { values: probabilities },
    } = page.arrays;
    const probability = limit(wanted, probabilities[0], probabilities.at(-1));
    const weight = u.values[page.player.k];
    const isPositive = page.scene.examples.targets[row];
    const score = Math.log(probability / (1 - probability)) * (isPositive ? 1 : -1);
    page.player.pause();
    page.place([weight, score - weight * page.scene.draggableInputs[row]], { k: "0" });
  };
  return new ExampleHandle(detail, onPoint, onChange);
}

/**
 * The caption of the per-example loss view: what the probability of an example costs; empty for other views.
 */
export function probabilityCaption({ probabilityHandle }, row) {
  const [probability, loss] = probabilityHandle.placeOf(row)?.at ?? [];
  if (probability === undefined) return "";
  const [p, cost] = [rounded(probability, 2), rounded(loss, 3)].map(localizeNumber);
  return message("p = {p} costs {cost}", { p, cost });
}

/**
 * The caption of the data view for an example: its number, with its share of the loss where that is known.
 */
export function exampleCaption({ who, share }, k, row) {
  const i = who ? who.values.subarray(k * who.width, (k + 1) * who.width).indexOf(row) : -1;
  if (i < 0) return message("example {row}", { row });
  const percent = localizeNumber(rounded(share.values[k * share.width + i], 2));
  return message("example {row}, {share} % of the loss", { row, share: percent });
}

/** Significant digits of a clicked coordinate in the link. */
const CLICK_DIGITS = { x: 4, y: 3 };

/** What hovering and clicking do, by what the points of the detail view are. */
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

/** Request what a click on this view sets: link keys to a coordinate of the point or to a fixed value. */
function requestClicked(page, point) {
  const { clickSets, clickSetsFixed } = page.scene.detail;
  const clicked = Object.entries(clickSets).map(([key, axis]) => [
    key,
    String(rounded(point[axis], CLICK_DIGITS[axis])),
  ]);
  if (clicked.length) page.request({ ...clickSetsFixed, ...Object.fromEntries(clicked) }, "push");
}

/** Connect clicks and hovering in the detail view, once Plotly has drawn it. */
export function connectDetailView(page) {
  const actions = detailActions(page);
  const current = () => (page.scene.draggableInputs ? {} : actions[page.scene.detail.points]);
  const { element } = page.views.detail;
  element.on("plotly_click", ({ points: [point] }) => {
    if (!page.scene.draggableInputs) requestClicked(page, point);
    current().click?.(point);
  });
  element.on("plotly_hover", ({ points: [point] }) => current().hover?.(point));
  element.on("plotly_unhover", () => current().leave?.());
}

/** Show on the map the run with another rate of the rate sweep; `index` null removes it. */
function showRunOfRate(page, index) {
  const { fan_u: u, fan_v: v } = page.arrays;
  const ofRate = (table) => {
    const values =
      index === null || !table ? NO_RUN : table.values.subarray(index * u.width, (index + 1) * u.width);
    return { values, width: 0 };
  };
  Object.assign(page.arrays, { preview_u: ofRate(u), preview_v: ofRate(v) });
  page.views.map.show(page.arrays, page.player.k);
}

/** Keep the cameras of two views equal. */
export function linkCameras(...views) {
  for (const view of views) {
    const [twin] = views.filter((other) => other !== view);
    let [pressed, calmFrames] = [false, 0];
    const follow = () => {
      const moved = twin.drawn && view.drawn && twin.setCamera(view.scene.getCamera());
      calmFrames = moved || pressed ? 0 : calmFrames + 1;
      if (calmFrames < FRAMES_AFTER_RELEASE) requestAnimationFrame(follow);
    };
    view.element.addEventListener("pointerdown", () => {
      [pressed, calmFrames] = [true, 0];
      follow();
    });
    addEventListener("pointerup", () => (pressed = false));
    view.onLook = () => twin.drawn && twin.setCamera(view.scene.getCamera());
  }
}
