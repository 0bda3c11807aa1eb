// Fit a flat figure to the card in which it is drawn: axis titles, number of ticks, text sizes.

/** @import { PlotlyObject } from "../protocol.js" */

/** @typedef {{ family: string, size: number }} TextStyle font family and text size in pixels */

/** @typedef {{ clientWidth: number, clientHeight: number }} Card the part of an element that is read */

/** The text size in pixels for which the numbers of pixels below hold; they grow with the size. */
const BASE_TEXT_SIZE = 12;

// The axes of a flat plot.
const FLAT_AXIS = /^[xy]axis\d*$/;
/** @param {string} name of an axis */
const directionOf = (name) => /** @type {"x" | "y"} */ (name[0]);
/** Mean width of a letter, as a share of the text size. */
const LETTER_WIDTH = 0.56;
/** Sizes of a title, as shares of the text size. */
const [LARGEST_TITLE, SMALLEST_TITLE] = [1.17, 0.85];
/** Room for a tick across and upward, in text sizes. */
const TICK_ROOM = { x: 3.2, y: 1.8 };
const [FEWEST_TICKS, MOST_TICKS] = [3, 6];

// The titles of upright axes.
const UPRIGHT_TITLE = 1.2;
const SMALLEST_UPRIGHT_TITLE = 0.75;
/** Room for a tick upward, in text sizes: a tall picture has eight ticks, one of the usual height six. */
const UPRIGHT_TICK_ROOM = 2.7;

/** @type {CanvasRenderingContext2D | undefined} */
let measuringContext;
/** A canvas context for measuring text, created when it is first needed. */
const textContext = () =>
  (measuringContext ??= /** @type {CanvasRenderingContext2D} */ (
    document.createElement("canvas").getContext("2d")
  ));

/**
 * Titles, ticks and bottom margin for the axes of `layout` in a box of `width` by `height`, by dotted path.
 *
 * @param {PlotlyObject} layout
 * @param {{ width: number, height: number, size: number }} box
 * @returns {PlotlyObject}
 */
function fitFlatAxes({ margin: { l, r, t, b }, ...layout }, { width, height, size }) {
  const room = { x: width - l - r, y: height - t - b };
  const axes = Object.entries(layout).filter(([name, axis]) => FLAT_AXIS.test(name) && axis.title);
  let bottom = b;
  const fitted = axes.flatMap(([name, { title, nticks = MOST_TICKS }]) => {
    const direction = directionOf(name);
    const length = room[direction];
    const sizeInOneLine = length / (LETTER_WIDTH * size * title.text.length);
    const text = sizeInOneLine < SMALLEST_TITLE ? inTwoLines(title.text) : title.text;
    const broken = text !== title.text;
    if (broken && direction === "x") bottom = b + LARGEST_TITLE * size;
    const titleSize = Math.max(SMALLEST_TITLE, Math.min(LARGEST_TITLE, broken ? 1 : sizeInOneLine));
    const ticks = Math.min(nticks, Math.floor(length / (TICK_ROOM[direction] * size)));
    return [
      [`${name}.title.text`, text],
      [`${name}.title.font.size`, size * titleSize],
      [`${name}.nticks`, Math.max(FEWEST_TICKS, ticks)],
    ];
  });
  return Object.fromEntries([...fitted, ["margin.b", bottom]]);
}

/**
 * Break a text into two lines at the space nearest to its middle.
 *
 * @param {string} text
 */
function inTwoLines(text) {
  const middle = text.length / 2;
  const spaces = [...text.matchAll(/ /g)].map(({ index }) => index);
  if (!spaces.length) return text;
  const best = spaces.reduce((a, b) => (Math.abs(b - middle) < Math.abs(a - middle) ? b : a));
  return `${text.slice(0, best)}<br>${text.slice(best + 1)}`;
}

/**
 * A title along `room` pixels: in two lines if one is too long, smaller if these are too long,
 * without its unit (which follows a comma), or empty if nothing fits.
 *
 * @param {string} text
 * @param {number} room
 * @param {number} textSize
 * @param {string} family
 */
function uprightTitle(text, room, textSize, family) {
  const size = Math.round(textSize * UPRIGHT_TITLE);
  const context = textContext();
  context.font = `${size}px ${family}`;
  const length = (/** @type {string[]} */ lines) =>
    Math.max(...lines.map((line) => context.measureText(line).width));
  const breaks = [...text.matchAll(/ /g)].map(({ index }) => [text.slice(0, index), text.slice(index + 1)]);
  const shortest = (/** @type {string[]} */ a, /** @type {string[]} */ b) => (length(b) < length(a) ? b : a);
  const whole = length([text]) <= room ? [text] : breaks.reduce(shortest, [text]);
  const candidates = [whole, [text.split(",")[0]], [""]];
  const fits = (/** @type {string[]} */ lines) => SMALLEST_UPRIGHT_TITLE * length(lines) <= Math.max(0, room);
  const lines = candidates.find(fits) ?? [""];
  const share = Math.max(SMALLEST_UPRIGHT_TITLE, Math.min(1, room / (length(lines) || room)));
  return { text: lines.join("<br>"), font: { size: size * share } };
}

/**
 * Titles and ticks of the upright axes of a figure, by dotted path; `bottom` is the margin below the plot.
 * A title stays half a letter away from what is above and below it.
 *
 * @param {{ layout: PlotlyObject }} figure
 * @param {Card} card
 * @param {TextStyle} textStyle
 * @param {number} bottom
 * @returns {PlotlyObject}
 */
function fitUprightAxes({ layout }, card, { family, size }, bottom) {
  const room = card.clientHeight - bottom + (layout.margin.t * size) / BASE_TEXT_SIZE;
  const names = ["yaxis"].filter((name) => layout[name]?.nticks);
  const fitted = names.flatMap((name) => {
    const { text, font } = uprightTitle(layout[name].title?.text ?? "", room - size, size, family);
    const ticks = Math.max(2, Math.min(layout[name].nticks, Math.floor(room / (size * UPRIGHT_TICK_ROOM))));
    return [
      [`${name}.title.text`, text],
      [`${name}.title.font.size`, font.size],
      [`${name}.nticks`, ticks],
    ];
  });
  return Object.fromEntries(fitted);
}

/**
 * Values for the axes of a figure that suit the size of its card, by dotted path.
 *
 * @param {{ layout: PlotlyObject }} figure
 * @param {Card} card
 * @param {TextStyle} textStyle
 * @returns {PlotlyObject}
 */
export function fitAxes(figure, card, textStyle) {
  if (figure.layout.scene) return {};
  const { margin, ...layout } = figure.layout;
  const scaled = Object.entries(margin).map(([side, room]) => [
    side,
    (room * textStyle.size) / BASE_TEXT_SIZE,
  ]);
  const box = { width: card.clientWidth, height: card.clientHeight, size: textStyle.size };
  const flat = fitFlatAxes({ margin: Object.fromEntries(scaled), ...layout }, box);
  return { ...flat, ...fitUprightAxes(figure, card, textStyle, flat["margin.b"]) };
}
