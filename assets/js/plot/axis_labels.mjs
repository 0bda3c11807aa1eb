// The few labels of a landscape's axes: two ticks and the name of each, along the edges of its box that are
// nearest to the eye. Pure but for what draws them.

import { project } from "./camera.mjs";

/** @import { PlotlyObject } from "../protocol.js" */
/** @import { Camera, Direction, Point, Vector } from "./camera.mjs" */
/** @import { Card } from "./card_fit.mjs" */

/**
 * A label and the point of the box that it belongs to; `outward` is a point to the side of the axis where no
 * surface is, and `along` one on the axis for a name, which is written along it.
 *
 * @typedef {{ text: string, at: Vector, outward: Vector, along?: Vector }} AxisLabel
 */

/** @typedef {{ text: string, left: number, top: number, angle: number }} PlacedLabel middle in pixels */

/** Cards lower or narrower than this, in text sizes, have no labels. */
const SMALLEST_CARD = 300 / 12;
/** Distances of ticks and names from their axis, in text sizes. */
const [TICK_DISTANCE, NAME_DISTANCE] = [1.1, 1.3];
/** Least space between a name and a tick in a line with it, in text sizes: else they read as one. */
const NAME_SPACE = 0.5;
/** Half of the width of a letter, in text sizes. */
export const HALF_LETTER = 0.29;
const SVG = "http://www.w3.org/2000/svg";
/** Where a name is on its axis. */
const NAME_AT = 0.05;

/**
 * Whether a card has room for labels.
 *
 * @param {Card} card
 * @param {number} textSize
 */
export const hasRoomForLabels = ({ clientWidth, clientHeight }, textSize) =>
  Math.min(clientWidth, clientHeight) >= SMALLEST_CARD * textSize;

/** @param {number} value @param {number[]} range */
const inBox = (value, [low, high]) => (2 * (value - low)) / (high - low) - 1;

/**
 * The first and the last tick of an axis.
 *
 * @param {PlotlyObject} axis
 * @returns {[number, string][]}
 */
function endTicks({ tickvals = [], ticktext = [], range }) {
  const ends = tickvals.length > 1 ? [0, tickvals.length - 1] : [...tickvals.keys()];
  return ends.map((i) => [inBox(tickvals[i], range), ticktext[i]]);
}

/**
 * The labels of a scene seen from a direction.
 *
 * @param {PlotlyObject} scene layout
 * @param {Direction} direction
 * @returns {AxisLabel[]}
 */
export function axisLabels({ xaxis, yaxis, zaxis }, { azimuth }) {
  const near = [Math.cos(azimuth) >= 0 ? 1 : -1, Math.sin(azimuth) >= 0 ? 1 : -1];
  // of the two corners to the sides of the nearest one, that on the left of the screen
  const sides = [
    [near[0], -near[1]],
    [-near[0], near[1]],
  ];
  const across = (/** @type {number[]} */ [x, y]) => -x * Math.sin(azimuth) + y * Math.cos(azimuth);
  const [cx, cy] = across(sides[0]) < across(sides[1]) ? sides[0] : sides[1];
  /** @type {[PlotlyObject, (at: number) => Vector, (at: number) => Vector][]} */
  const edges = [
    [xaxis, (at) => [at, near[1], -1], (at) => [at, 2 * near[1], -1]],
    [yaxis, (at) => [near[0], at, -1], (at) => [2 * near[0], at, -1]],
    [zaxis, (at) => [cx, cy, at], (at) => [2 * cx, 2 * cy, at]],
  ];
  return edges.flatMap(([axis, on, outward]) => [
    ...endTicks(axis).map(([at, text]) => ({ text, at: on(at), outward: outward(at) })),
    { text: axis.title.text, at: on(NAME_AT), outward: outward(NAME_AT), along: on(NAME_AT + 0.2) },
  ]);
}

/**
 * Where labels are in the card.
 *
 * @param {AxisLabel[]} labels
 * @param {Camera & { aspectratio: Point }} view
 * @param {Card} card
 * @param {number} textSize
 * @returns {PlacedLabel[]}
 */
export function placeLabels(labels, view, card, textSize) {
  const placed = labels.map(({ text, at, outward, along }) => {
    const [from, to] = [project(at, view, card), project(outward, view, card)];
    const [dx, dy] = [to[0] - from[0], to[1] - from[1]];
    const length = Math.hypot(dx, dy) || 1;
    const distance = (along ? NAME_DISTANCE : TICK_DISTANCE) * textSize;
    let angle = 0;
    let [ox, oy] = [dx / length, dy / length];
    if (along) {
      const next = project(along, view, card);
      angle = Math.atan2(next[1] - from[1], next[0] - from[0]);
      if (Math.cos(angle) < -1e-9) angle += Math.PI;
      const side = Math.sign(-Math.sin(angle) * ox + Math.cos(angle) * oy) || 1;
      [ox, oy] = [-Math.sin(angle) * side, Math.cos(angle) * side];
    }
    return { text, left: from[0] + distance * ox, top: from[1] + distance * oy, angle };
  });
  const names = placed.filter((_, i) => labels[i].along);
  const isClear = (/** @type {PlacedLabel} */ label) =>
    names.every((name) => name === label || !touches(name, label, textSize));
  return placed.filter((label) => isWithin(label, card, textSize) && isClear(label));
}

/**
 * Whether a card has room for all of a label.
 *
 * @param {PlacedLabel} label
 * @param {Card} card
 * @param {number} textSize
 */
function isWithin({ text, left, top, angle }, { clientWidth, clientHeight }, textSize) {
  const [length, height] = [HALF_LETTER * text.length * textSize, textSize / 2];
  const across = length * Math.abs(Math.cos(angle)) + height * Math.abs(Math.sin(angle));
  const upward = length * Math.abs(Math.sin(angle)) + height * Math.abs(Math.cos(angle));
  return left >= across && left <= clientWidth - across && top >= upward && top <= clientHeight - upward;
}

/**
 * Whether a tick is over a name or reads as a part of it.
 *
 * @param {PlacedLabel} name
 * @param {PlacedLabel} tick
 * @param {number} textSize
 */
function touches(name, tick, textSize) {
  const [dx, dy] = [tick.left - name.left, tick.top - name.top];
  const along = Math.abs(dx * Math.cos(name.angle) + dy * Math.sin(name.angle));
  const aside = Math.abs(dy * Math.cos(name.angle) - dx * Math.sin(name.angle));
  const [nameHalf, tickHalf] = [name, tick].map(({ text }) => HALF_LETTER * text.length * textSize);
  return along < nameHalf + Math.max(tickHalf, textSize / 2) + NAME_SPACE * textSize && aside < textSize;
}

/** The name of the layer's class. */
export const LAYER = "axis-labels";
/**
 * What is drawn in each layer.
 *
 * @type {WeakMap<Element, PlacedLabel[]>}
 */
const drawn = new WeakMap();

/**
 * The labels that are drawn over a plot, with their font and colors.
 *
 * @param {Element} plot
 */
function labelsOver(plot) {
  const layer = plot.querySelector(`.${LAYER}`);
  const span = layer?.firstElementChild;
  const labels = layer && span ? (drawn.get(layer) ?? []) : [];
  const { fontSize, fontFamily, color } = getComputedStyle(span ?? plot);
  return { labels, fontSize, fontFamily, color };
}

/**
 * Paint the labels of a plot over its image in a canvas.
 *
 * @param {CanvasRenderingContext2D} context
 * @param {Element} plot
 * @param {{ left: number, top: number, scale: number, halo: string }} place of the image, and its background
 */
export function paintLabels(context, plot, { left, top, scale, halo }) {
  const { labels, fontSize, fontFamily, color } = labelsOver(plot);
  for (const { text, left: x, top: y, angle } of labels) {
    context.save();
    context.translate(left, top);
    context.scale(scale, scale);
    context.translate(x, y);
    context.rotate(angle);
    context.font = `${fontSize} ${fontFamily}`;
    Object.assign(context, { textAlign: "center", textBaseline: "middle" });
    Object.assign(context, { fillStyle: color, strokeStyle: halo, lineWidth: 3, lineJoin: "round" });
    context.strokeText(text, 0, 0);
    context.fillText(text, 0, 0);
    context.restore();
  }
}

/**
 * The address of an image with the labels of a plot, as an SVG image: it is there at once, as printing needs.
 *
 * @param {string} source the address of the image without them
 * @param {HTMLElement} plot
 */
export function labelledImage(source, plot) {
  const { labels, fontSize, fontFamily, color } = labelsOver(plot);
  const { clientWidth: width, clientHeight: height } = plot;
  const image = document.createElementNS(SVG, "svg");
  image.setAttribute("viewBox", `0 0 ${width} ${height}`);
  const add = (/** @type {string} */ name, /** @type {Record<string, string>} */ attributes, text = "") => {
    const child = document.createElementNS(SVG, name);
    for (const key in attributes) child.setAttribute(key, attributes[key]);
    child.textContent = text;
    image.append(child);
  };
  image.setAttribute("width", String(width));
  image.setAttribute("height", String(height));
  add("image", { href: source, width: String(width), height: String(height) });
  for (const { text, left, top, angle } of labels) {
    const transform = `translate(${left} ${top}) rotate(${(angle * 180) / Math.PI})`;
    const style = { fill: color, "font-size": fontSize, "font-family": fontFamily, "text-anchor": "middle" };
    add("text", { transform, "dominant-baseline": "central", ...style }, text);
  }
  return `data:image/svg+xml,${encodeURIComponent(new XMLSerializer().serializeToString(image))}`;
}

/**
 * Draw labels into their layer.
 *
 * @param {HTMLElement} layer
 * @param {PlacedLabel[]} labels
 */
export function drawLabels(layer, labels) {
  drawn.set(layer, labels);
  while (layer.children.length > labels.length) layer.lastElementChild?.remove();
  while (layer.children.length < labels.length) layer.append(document.createElement("span"));
  labels.forEach(({ text, left, top, angle }, i) => {
    const span = /** @type {HTMLElement} */ (layer.children[i]);
    if (span.textContent !== text) span.textContent = text;
    span.style.transform = `translate(${left}px, ${top}px) translate(-50%, -50%) rotate(${angle}rad)`;
  });
}
