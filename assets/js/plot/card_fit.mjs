// Fit a figure to the card in which it is drawn: distance of its camera, axis titles, number of ticks, text
// sizes.

/** @import { PlotlyObject } from "../protocol.js" */

/**
 * Distance and height of a camera.
 *
 * @typedef {object} CameraFit
 * @property {number} distance a multiple of the figure's distance
 * @property {number} drop how much lower than in the figure
 */

/** @typedef {{ x: number, y: number, z: number }} Point */

/** @typedef {{ eye: Point, center: Point }} Camera */

/** @typedef {{ family: string, size: number }} TextStyle font family and text size in pixels */

/** @typedef {{ clientWidth: number, clientHeight: number }} Card the part of an element that is read */

/** The text size in pixels for which the numbers of pixels below hold; they grow with the size. */
const BASE_TEXT_SIZE = 12;

// The camera of a loss surface.
/** A surface needs this many times its height as width; side labels need the padding. */
const WIDTH_PER_HEIGHT = 1.3;
const SIDE_PADDING = 30;
/**
 * Cards lower than this need a camera farther away and lower, or the titles of the horizontal axes are cut
 * off.
 */
const FULL_HEIGHT = 500;
const FARTHER_WHEN_LOW = 0.45;
const LOWER_WHEN_LOW = 0.4;
/** Cards narrower than this show no title at the z axis; room for its labels with and without the title. */
const NARROW_WIDTH = 400;
const LABEL_ROOM = { withTitle: 70, withoutTitle: 44 };
/** Cards lower than this name the horizontal axes by the parameters' symbols. */
const LOW_HEIGHT = 300;
/** Half of the surface's box, as its aspect ratio sets it. */
const HALF_BOX = { x: 0.625, y: 0.625, z: 0.425 };
/** Tangent of half of the angle of view of Plotly's camera. */
const HALF_VIEW = Math.tan(Math.PI / 8);
const FARTHEST_CAMERA = 3;
const CAMERA_STEP = 1.02;
const DEFAULT_CAMERA_FIT = { distance: 1, drop: 0 };

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
const UPRIGHT_TICK_ROOM = 2;

/** A parameter's symbol at the end of a title. */
const SYMBOL = /\s(\p{Letter}[₀-₉\u202f]*)$/u;

/** @type {CanvasRenderingContext2D | undefined} */
let measuringContext;
/** A canvas context for measuring text, created when it is first needed. */
const textContext = () =>
  (measuringContext ??= /** @type {CanvasRenderingContext2D} */ (
    document.createElement("canvas").getContext("2d")
  ));

/**
 * How far away (as a multiple of the figure's distance) and how much lower the camera must be
 * so that the card shows the whole surface with the labels of its axes.
 *
 * @param {Card} card
 * @param {number} textSize
 * @param {Camera} [camera]
 * @returns {CameraFit}
 */
export function cameraFit({ clientWidth: width, clientHeight: height }, textSize, camera) {
  if (!width || !height) return DEFAULT_CAMERA_FIT;
  const scale = textSize / BASE_TEXT_SIZE;
  const lowness = Math.max(0, 1 - height / (scale * FULL_HEIGHT));
  const widthNeeded = (WIDTH_PER_HEIGHT * height) / (width - scale * SIDE_PADDING);
  const distance = Math.max(1, widthNeeded) * (1 + FARTHER_WHEN_LOW * lowness);
  const drop = LOWER_WHEN_LOW * lowness;
  if (!camera) return { distance, drop };
  const { withTitle, withoutTitle } = LABEL_ROOM;
  const labelRoom = scale * (width < NARROW_WIDTH * scale ? withoutTitle : withTitle);
  return { distance: distanceForLabels(camera, distance, width / height, 1 - (2 * labelRoom) / width), drop };
}

/**
 * The smallest distance from `distance` on at which the box ends at `edge`, where 1 is the left edge of the
 * card.
 *
 * @param {Camera} camera
 * @param {number} distance
 * @param {number} aspect
 * @param {number} edge
 */
function distanceForLabels({ eye, center }, distance, aspect, edge) {
  const horizontal = Math.hypot(eye.x, eye.y);
  const length = Math.hypot(horizontal, eye.z);
  const signs = [-1, 1];
  const corners = signs.flatMap((x) => signs.flatMap((y) => signs.map((z) => [x, y, z])));
  const leftEnd = (/** @type {number[]} */ [x, y, z], /** @type {number} */ factor) => {
    const [u, v, w] = [x * HALF_BOX.x - center.x, y * HALF_BOX.y - center.y, z * HALF_BOX.z - center.z];
    const left = (u * eye.y - v * eye.x) / horizontal;
    const depth = length * factor - (u * eye.x + v * eye.y + w * eye.z) / length;
    return left / depth / (HALF_VIEW * aspect);
  };
  const leftmost = (/** @type {number} */ factor) =>
    Math.max(...corners.map((corner) => leftEnd(corner, factor)));
  let fitting = distance;
  while (fitting < FARTHEST_CAMERA && leftmost(fitting) > edge) fitting *= CAMERA_STEP;
  return fitting;
}

/**
 * Shorten the axis titles of a scene in place: none at z in a narrow card, symbols at x and y in a low one.
 *
 * @param {PlotlyObject} scene
 * @param {Card} card
 * @param {number} textSize
 */
export function fitSceneTitles({ xaxis, yaxis, zaxis }, { clientWidth, clientHeight }, textSize) {
  const scale = textSize / BASE_TEXT_SIZE;
  if (clientWidth < NARROW_WIDTH * scale) zaxis.title.text = "";
  if (clientHeight >= LOW_HEIGHT * scale) return;
  for (const { title } of [xaxis, yaxis]) title.text = title.text.match(SYMBOL)?.[1] ?? title.text;
}

/**
 * Convert a camera from one card's fit to another's.
 *
 * @param {Camera} camera
 * @param {CameraFit} to
 * @param {CameraFit} [from]
 * @returns {Camera}
 */
export function adaptCamera({ eye, center, ...camera }, to, from = DEFAULT_CAMERA_FIT) {
  const scale = to.distance / from.distance;
  return {
    ...camera,
    eye: { x: eye.x * scale, y: eye.y * scale, z: eye.z * scale },
    center: { ...center, z: center.z + from.drop - to.drop },
  };
}

/**
 * Text sizes of the ticks of a scene, by dotted path: its letters grow with the square of the size that
 * Plotly is given.
 *
 * @param {number} size
 * @returns {PlotlyObject}
 */
function fitSceneTicks(size) {
  const tickSize = Math.sqrt(BASE_TEXT_SIZE * size);
  return Object.fromEntries(["x", "y", "z"].map((axis) => [`scene.${axis}axis.tickfont.size`, tickSize]));
}

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
    const { text, font } = uprightTitle(layout[name].title?.text ?? "", room, size, family);
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
  if (figure.layout.scene) return fitSceneTicks(textStyle.size);
  const { margin, ...layout } = figure.layout;
  const scaled = Object.entries(margin).map(([side, room]) => [
    side,
    (room * textStyle.size) / BASE_TEXT_SIZE,
  ]);
  const box = { width: card.clientWidth, height: card.clientHeight, size: textStyle.size };
  const flat = fitFlatAxes({ margin: Object.fromEntries(scaled), ...layout }, box);
  return { ...flat, ...fitUprightAxes(figure, card, textStyle, flat["margin.b"]) };
}
