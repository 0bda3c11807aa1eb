// The public functions of Plotly's script and of Dash that the page calls. Plotly's internals are in plot/plotly_internals.mjs.

import type { PlotlyObject, Scene, TileAnswer } from "./protocol.js";
import type { PlotElement } from "./types.js";

declare global {
  /** The client side of Dash. */
  interface Window {
    dash_clientside: {
      set_props(id: string, properties: Record<string, unknown>): void;
      losslab?: { draw(answer: Scene | TileAnswer): void };
    };
  }

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
