// The mark at the point where a run that was played has landed, with the number of its steps.

import { element } from "../core/dom.mjs";
import { plural } from "../core/i18n.mjs";
import { putOnPlot } from "./plot_corner.mjs";

/** @import { RunArrays } from "../types.js" */
/** @import { FigureView } from "./figure_view.mjs" */

/** The mark on one map. */
export class LandingMark {
  /** @param {FigureView} view */
  constructor(view) {
    this.view = view;
    this.mark = element("div", { className: "landing-mark", hidden: true });
    view.element.after(this.mark);
  }

  /**
   * Show the mark at the last point of the run that the map shows; a run that has left the map has none.
   *
   * @param {RunArrays} arrays
   */
  show(arrays) {
    const { axes, drawn, figure } = this.view;
    const now = figure.moving.find(({ trace }) => trace.name === "now");
    if (!drawn || !axes || !now) return;
    const [u, v] = [arrays[now.arrays.x].values, arrays[now.arrays.y].values];
    const last = u.length - 1;
    const [left, top] = [axes[0].toPixel(u[last]), axes[1].toPixel(v[last])];
    const isInside = left >= 0 && left <= axes[0].length && top >= 0 && top <= axes[1].length;
    this.mark.hidden = !isInside;
    if (!isInside) return;
    putOnPlot(this.mark, axes[0].offset + left, axes[1].offset + top);
    this.mark.style.color = now.trace.marker.color;
    const text = element("span", {}, plural("in {n} step", "in {n} steps", { n: last }));
    text.dataset.side = left > axes[0].length / 2 ? "left" : "right";
    this.mark.replaceChildren(text);
  }

  hide() {
    this.mark.hidden = true;
  }
}
