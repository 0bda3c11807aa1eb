// The public functions of Plotly's script that the page calls. Its internals are in plot/plotly_internals.mjs.

import type { PlotlyObject } from "./protocol.js";
import type { PlotElement } from "./types.js";

declare global {
  const Plotly: {
    react(plot: PlotElement, data: PlotlyObject[], layout: PlotlyObject, config: PlotlyObject): Promise<void>;
    newPlot(plot: PlotElement, data: PlotlyObject[], layout: PlotlyObject, config: PlotlyObject): Promise<void>;
    restyle(plot: PlotElement, update: PlotlyObject, traces: number[]): Promise<void>;
    relayout(plot: PlotElement, update: PlotlyObject): Promise<void>;
    update(plot: PlotElement, traces: PlotlyObject, layout: PlotlyObject, indices: number[]): Promise<void>;
    purge(plot: PlotElement): void;
    toImage(plot: PlotElement, options: PlotlyObject): Promise<string>;
    Plots: { resize(plot: PlotElement): Promise<void> };
    Fx: {
      hover(plot: PlotElement, points: { curveNumber: number; pointNumber: number }[]): void;
      unhover(plot: PlotElement): void;
    };
  };
}
