// Views that lead the others: the changing card by pointer and click, one landscape's camera the other's.

import { Examples } from "./example_handle.mjs";
import { num, say } from "../core/i18n.mjs";

/** The dots of the loss lens as handles: one is dragged to another probability, and the curve leans so as to give it. */
export function leaning(page) {
  const { detail } = page.views;
  return new Examples(detail, (row) => page.point(row, detail), (row, chance) => {
    const { u, lens_x: { values: sure } } = page.arrays;
    const [p, w] = [Math.min(Math.max(chance, sure[0]), sure.at(-1)), u.values[page.player.k]];
    const score = Math.log(p / (1 - p)) * (page.scene.examples.targets[row] ? 1 : -1);
    page.player.pause();
    page.place([w, score - w * page.scene.leaned[row]], { k: "0" });
  });
}

/** What the probability of an example costs, where the lens leans. */
export function costs({ leaning }, row) {
  const [p, cost] = leaning.place(row)?.at ?? [];
  return p === undefined ? "" : say("p = {p} costs {cost}", { p: num(Number(p.toPrecision(2))), cost: num(Number(cost.toPrecision(3))) });
}

/** An example with its share of the loss, where that is known here. */
export function shared({ who, share }, k, row) {
  const place = who ? who.values.subarray(k * who.width, (k + 1) * who.width).indexOf(row) : -1;
  return place < 0 ? say("example {row}", { row }) : say("example {row}, {share} % of the loss", { row, share: num(Number(share.values[k * share.width + place].toPrecision(2))) });
}

/** The changing card as a handle: a click on a step stands there, a pointer over it looks there. */
export function lead(page) {
  const { detail } = page.views;
  const first = (event) => event.points[0];
  const means = {
    curve: {
      click: ({ x }) => page.player.jump(Math.round(x)),
      hover: ({ x }) => page.peek(Math.round(x), detail),
      leave: () => page.peek(page.player.k, detail),
    },
    rates: {
      click: ({ x }) => page.ask({ rate: String(Number(x.toPrecision(4))) }, "push"),
      hover: ({ pointNumber }) => preview(page, pointNumber),
      leave: () => preview(page, null),
    },
    betas: { click: ({ x, y }) => page.ask({ opt: "momentum", rate: String(Number(x.toPrecision(4))), momentum: String(Number(y.toPrecision(3))) }, "push") },
    examples: {
      hover: ({ data, customdata }) => data.meta === "examples" && page.point(customdata, detail),
      leave: () => page.point(undefined, detail),
    },
  };
  const meant = () => (page.scene.leaned ? {} : (means[page.scene.view] ?? means.examples));
  detail.element.on("plotly_click", (event) => meant().click?.(first(event)));
  detail.element.on("plotly_hover", (event) => meant().hover?.(first(event)));
  detail.element.on("plotly_unhover", () => meant().leave?.());
}

/** The path that another rate of the chart would take, on the map; none without a number. */
function preview(page, rate) {
  const { fan_u: u, fan_v: v } = page.arrays;
  const [from, to] = rate === null || !u ? [0, 0] : [rate * u.width, (rate + 1) * u.width];
  Object.assign(page.arrays, {
    preview_u: { values: u?.values.subarray(from, to) ?? new Float32Array(), width: 0 },
    preview_v: { values: v?.values.subarray(from, to) ?? new Float32Array(), width: 0 },
  });
  page.views.map.show(page.arrays, page.player.k);
}

/** So many frames a camera rolls on after the hand has let go. */
const REST = 30;

/** What one landscape's camera does, the other's does too. */
export function turnTogether(...views) {
  for (const view of views) {
    const [twin] = views.filter((other) => other !== view);
    let [turning, calm] = [false, 0];
    const follow = () => {
      const moved = twin.drawn && view.drawn && twin.take(view.scene.getCamera());
      calm = moved || turning ? 0 : calm + 1;
      if (calm < REST) requestAnimationFrame(follow);
    };
    view.element.addEventListener("pointerdown", () => { [turning, calm] = [true, 0]; follow(); });
    addEventListener("pointerup", () => (turning = false));
    view.looked = () => twin.drawn && twin.take(view.scene.getCamera());
  }
}
