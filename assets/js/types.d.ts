// Types that several browser modules share. What passes between server and browser is in protocol.d.ts.

import type { FigureSpec, Menu, NamedFigure, PlotlyObject, Scene, SentencePart } from "./protocol.js";

/** The numbers of an array; `row` of a table gives a part of them without a copy. */
export type Values = Float32Array | Float64Array | Uint8Array;

/** A decoded array: `width` is the length of its rows, 0 for a single row. */
export interface RunArray {
  readonly values: Values;
  readonly width: number;
  readonly shape: number[];
  /** Row `k`, computed when it is needed. */
  row?(k: number): Values;
}

/** The arrays of a run by name. */
export type RunArrays = Record<string, RunArray>;

/** What a trace shows: lists of numbers or texts by attribute. */
export type Attributes = Record<string, any>;

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

/** A scene to which the figures and the sentence are added that the server left out. */
export interface CompleteScene extends Scene {
  figures: { [view: string]: NamedFigure & { figure: FigureSpec } };
  controls: Scene["controls"] & { sentence: { name: string; parts: SentencePart[] } };
}

/** A word of a sentence, with what its menu shows. */
export type Word = HTMLButtonElement & { control: Menu };
