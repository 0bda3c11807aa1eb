// Types that several browser modules share. What passes between server and browser is in protocol.d.ts.

/** The numbers of an array; `row` of a table gives a part of them without a copy. */
export type Values = Float32Array | Float64Array | Uint8Array;

/** A decoded array: `width` is the length of its rows, 0 for a single row. */
export interface Table {
  readonly values: Values;
  readonly width: number;
  readonly shape: number[];
  /** Row `k`, computed when it is needed. */
  row?(k: number): Values;
}

/** The arrays of a run by name. */
export type Arrays = Record<string, Table>;

/** What a trace shows: lists of numbers or texts by attribute. */
export type Attributes = Record<string, any>;

/** A trace, a layout or a part of one, as Plotly defines it. */
export type PlotlyObject = Record<string, any>;

/** A trace that shows a slice of arrays, given by attribute, at every step. */
export interface MovingTrace {
  slice: string;
  arrays: Record<string, string>;
  trace: PlotlyObject;
}

/** A figure: traces that stay, traces that follow the step, and a layout. */
export interface Figure {
  data: PlotlyObject[];
  moving: MovingTrace[];
  layout: PlotlyObject;
  /** The basins that are still to be completed. */
  basins?: any;
}

/** The element of a plot, as Plotly extends it. */
export interface PlotElement extends HTMLElement {
  data?: PlotlyObject[];
  layout?: PlotlyObject;
  on?(event: string, handler: (event: any) => void): void;
}

/** Properties of a created element; numbers stand for texts, too. */
export type Properties<Tag extends keyof HTMLElementTagNameMap> = {
  [Name in keyof HTMLElementTagNameMap[Tag]]?: HTMLElementTagNameMap[Tag][Name] extends string
    ? string | number
    : HTMLElementTagNameMap[Tag][Name];
};
