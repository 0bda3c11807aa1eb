// Fog over the loss surface: only the ground around places that were visited is drawn, and it stays.
// The places that were tried as starts are pins.

import { decode, singleRow } from "../core/array_codec.mjs";

/** @import { PlotlyObject, Scene } from "../protocol.js" */
/** @import { RunArrays, Values } from "../types.js" */

/** Radius of the ground that is known around a place, as a share of the window's sides. */
const KNOWN_SHARE = 0.08;
/** Least distance between two labels of tries, as a share of the window. */
const LABEL_SPACING = 0.12;

/**
 * The part of a surface trace that holds all known ground: its nodes, and its heights as rows, with NaN where
 * the ground is not known. Plotly's contours take a second for a surface whose nodes are nearly all unknown.
 *
 * @param {PlotlyObject} surface
 * @param {ArrayLike<number>} u of the places that were visited
 * @param {ArrayLike<number>} v
 * @returns {{ x: Values, y: Values, z: number[][] }}
 */
export function knownGround(surface, u, v) {
  const [x, y, heights] = [surface.x, surface.y, surface.z].map((part) => decode(part).values);
  const known = Array.from(y, () => /** @type {number[]} */ (new Array(x.length).fill(NaN)));
  for (let i = 0; i < u.length; i++) uncover(known, heights, [indexOf(x, u[i]), indexOf(y, v[i])]);
  const rows = spanOf(known.map((row) => row.some(Number.isFinite)));
  const columns = spanOf(Array.from(x, (_, i) => known.some((row) => Number.isFinite(row[i]))));
  const z = known.slice(...rows).map((row) => row.slice(...columns));
  return { x: x.slice(...columns), y: y.slice(...rows), z };
}

/**
 * Begin and end of the part of a list that holds all that is true, and one element more on each side.
 *
 * @param {boolean[]} list of two or more
 * @returns {[number, number]}
 */
function spanOf(list) {
  const [first, last] = [Math.max(0, list.indexOf(true)), Math.max(0, list.lastIndexOf(true))];
  return [Math.max(0, first - 1), Math.min(list.length, last + 2)];
}

/**
 * The place of a coordinate among evenly spaced nodes, counted from 0; not rounded.
 *
 * @param {Values} nodes
 * @param {number} coordinate
 */
const indexOf = (nodes, coordinate) =>
  ((coordinate - nodes[0]) / (nodes[nodes.length - 1] - nodes[0])) * (nodes.length - 1);

/**
 * Copy the heights around a place.
 *
 * @param {number[][]} known
 * @param {Values} heights row by row
 * @param {[number, number]} place column and row
 */
function uncover(known, heights, [column, row]) {
  const [rows, columns] = [known.length, known[0].length];
  const [across, up] = [KNOWN_SHARE * (columns - 1), KNOWN_SHARE * (rows - 1)];
  for (let j = Math.max(0, Math.ceil(row - up)); j <= Math.min(rows - 1, row + up); j++) {
    const half = across * Math.sqrt(Math.max(0, 1 - ((j - row) / up) ** 2));
    const [first, last] = [Math.max(0, Math.ceil(column - half)), Math.min(columns - 1, column + half)];
    for (let i = first; i <= last; i++) known[j][i] = heights[j * columns + i];
  }
}

/**
 * Reduce the surface of a complete figure, its first trace, to what is visible from the current point.
 *
 * @param {PlotlyObject[]} traces
 */
export function applyFog(traces) {
  const now = traces.find(({ name }) => name === "now");
  if (now) Object.assign(traces[0], knownGround(traces[0], now.x, now.y));
}

/** A place that was tried as a start: coordinates, height in 3-d and loss. */
/** @typedef {{ u: number, v: number, h: number, loss: number }} TriedPlace */

/**
 * The part of a landscape's layout that pins need.
 *
 * @param {PlotlyObject} [scene] layout of the scene
 */
export function pinWindow(scene) {
  if (!scene) return undefined;
  const widths = [scene.xaxis, scene.yaxis].map(({ range: [low, high] }) => high - low);
  return { floor: /** @type {number} */ (scene.zaxis.range[0]), widths };
}

/** What is known in the fog: the starts that were tried, and all places that were visited, of one surface. */
export class FogTrail {
  surface = "";
  /** @type {TriedPlace[]} */
  tried = [];
  /** @type {[number, number][]} */
  visited = [];

  /**
   * Record the start of a new scene, and add what is known to its arrays.
   *
   * @param {Pick<Scene, "surfaceName" | "fog">} scene
   * @param {RunArrays} arrays
   * @param {{ floor: number, widths: number[] }} [window] the height of the floor, on which pins stand,
   *   and the widths of the window
   */
  record(scene, arrays, window = { floor: 0, widths: [1, 1] }) {
    if (scene.surfaceName !== this.surface) {
      this.surface = scene.surfaceName;
      [this.tried, this.visited] = [[], []];
    }
    const [u, v, h, loss] = ["u", "v", "h", "loss"].map((name) => arrays[name].values[0]);
    const last = this.tried.at(-1);
    if (scene.fog && !(last && last.u === u && last.v === v)) this.tried.push({ u, v, h, loss });
    Object.assign(arrays, pinArrays(this.tried, window));
    this.visit(scene.fog, arrays, 0);
  }

  /**
   * Record that a step is shown: the ground around it stays known.
   *
   * @param {boolean} fog
   * @param {RunArrays} arrays
   * @param {number} k
   */
  visit(fog, arrays, k) {
    const [u, v] = [arrays.u.values[k], arrays.v.values[k]];
    const isKnown = this.visited.some(([x, y]) => x === u && y === v);
    if (fog && !isKnown && Number.isFinite(u + v)) this.visited.push([u, v]);
    arrays.known_u = singleRow(Float64Array.from(this.visited, ([x]) => x));
    arrays.known_v = singleRow(Float64Array.from(this.visited, ([, y]) => y));
  }
}

/**
 * The tries that have room for a label: the latest, and earlier ones that are not near a labelled one.
 *
 * @param {TriedPlace[]} tried
 * @param {TriedPlace | undefined} lowest which has a label of its own
 * @param {number[]} widths of the window
 */
function labelledPlaces(tried, lowest, widths) {
  /** @type {TriedPlace[]} */
  const labelled = [];
  for (const one of [...tried].reverse()) {
    const isNear = (/** @type {TriedPlace} */ { u, v }) =>
      Math.hypot((u - one.u) / widths[0], (v - one.v) / widths[1]) < LABEL_SPACING;
    if (one !== lowest && !(lowest && isNear(lowest)) && !labelled.some(isNear)) labelled.push(one);
  }
  return labelled;
}

/**
 * The arrays of the pins at the tried places.
 *
 * @param {TriedPlace[]} tried
 * @param {{ floor: number, widths: number[] }} window
 * @returns {RunArrays}
 */
function pinArrays(tried, { floor, widths }) {
  const least = Math.min(...tried.map(({ loss }) => loss));
  const lowest = tried.length > 1 ? tried.find(({ loss }) => loss === least) : undefined;
  const labelled = labelledPlaces(tried, lowest, widths);
  /** @type {Record<string, number[]>} */
  const columns = {
    stem_u: tried.flatMap(({ u }) => [u, u, NaN]),
    stem_v: tried.flatMap(({ v }) => [v, v, NaN]),
    stem_h: tried.flatMap(({ h }) => [floor, h, NaN]),
  };
  for (const name of /** @type {const} */ (["u", "v", "h", "loss"])) {
    columns[`tried_${name}`] = tried.map((one) => one[name]);
    columns[`labelled_${name}`] = labelled.length ? labelled.map((one) => one[name]) : [NaN];
    columns[`lowest_${name}`] = [lowest ? lowest[name] : NaN];
  }
  return Object.fromEntries(
    Object.entries(columns).map(([name, values]) => [name, singleRow(Float64Array.from(values))]),
  );
}
