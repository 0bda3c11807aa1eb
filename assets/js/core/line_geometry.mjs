// A line over one input and the place on the map whose model it is: each determines the other.

/** @import { LineHandles, Scene } from "../protocol.js" */

/** @typedef {Scene["start"]} Place coordinates in the plane of the map */
/** @typedef {[number, number]} Point an input, and a score or a height at it */
/** @typedef {[number, number]} Range */

/** Heights of a probability are meant at least this far from 0 and 1, where no score is finite. */
const LEAST_PROBABILITY = 0.005;
/** Handles are this share of the visible line away from its ends. */
const INSET = 0.14;
/** A line that is visible over a smaller share of the plot's width has its handles where it is not. */
const LEAST_VISIBLE = 0.2;
/** Handles are at least this share of the plot's width apart. */
const LEAST_DISTANCE = 0.08;
/** Heights of a probability between which its curve is said to be visible. */
const SLOPE = /** @type {Range} */ ([0.12, 0.88]);

/**
 * @param {Range} ends
 * @param {number} share
 */
const between = ([from, to], share) => from + share * (to - from);

/**
 * @param {number} value
 * @param {Range} range
 */
const within = (value, [low, high]) => Math.min(Math.max(value, low), high);

/**
 * The score of the height at which a line is drawn.
 *
 * @param {LineHandles} line
 * @param {number} height
 */
export function scoreOf({ isProbability }, height) {
  if (!isProbability) return height;
  const probability = within(height, [LEAST_PROBABILITY, 1 - LEAST_PROBABILITY]);
  return Math.log(probability / (1 - probability));
}

/**
 * The height at which a score is drawn.
 *
 * @param {LineHandles} line
 * @param {number} score
 */
export const heightOf = ({ isProbability }, score) => (isProbability ? 1 / (1 + Math.exp(-score)) : score);

/**
 * What the score at an input is made of: a constant, and what each coordinate of the place adds.
 *
 * @param {LineHandles} line
 * @param {number} input
 * @returns {[number, number, number]}
 */
function partsAt({ inputs: [first, last], constant, u, v }, input) {
  const share = (input - first) / (last - first);
  return [between(constant, share), between(u, share), between(v, share)];
}

/**
 * The score of a place's line at an input.
 *
 * @param {LineHandles} line
 * @param {Place} place
 * @param {number} input
 */
export function scoreAt(line, [u, v], input) {
  const [constant, ofU, ofV] = partsAt(line, input);
  return constant + u * ofU + v * ofV;
}

/**
 * The place whose line goes through two points, given by input and score.
 *
 * @param {LineHandles} line
 * @param {Point} one
 * @param {Point} other
 * @returns {Place}
 */
export function placeThrough(line, one, other) {
  const [a, ofU, ofV] = partsAt(line, one[0]);
  const [b, alsoU, alsoV] = partsAt(line, other[0]);
  const [left, right] = [one[1] - a, other[1] - b];
  const area = ofU * alsoV - alsoU * ofV;
  return [(left * alsoV - right * ofV) / area, (ofU * right - alsoU * left) / area];
}

/**
 * The inputs between which a line is inside of a plot; null if it is not.
 *
 * @param {LineHandles} line
 * @param {Place} place
 * @param {Range} across the inputs of the plot
 * @param {Range} up the heights of the plot
 * @returns {Range | null}
 */
export function visiblePart(line, place, across, up) {
  const scores = across.map((input) => scoreAt(line, place, input));
  const limits = (line.isProbability ? SLOPE : up).map((height) => scoreOf(line, height));
  const rise = scores[1] - scores[0];
  if (!rise) return scores[0] >= limits[0] && scores[0] <= limits[1] ? across : null;
  const shares = limits.map((limit) => within((limit - scores[0]) / rise, [0, 1])).sort((a, b) => a - b);
  return shares[0] < shares[1] ? [between(across, shares[0]), between(across, shares[1])] : null;
}

/**
 * The inputs at which a line has its handles: near the ends of what is visible of it.
 *
 * @param {LineHandles} line
 * @param {Place} place
 * @param {Range} across
 * @param {Range} up
 * @returns {Range}
 */
export function handleInputs(line, place, across, up) {
  const visible = visiblePart(line, place, across, up);
  const isWide = visible && visible[1] - visible[0] >= LEAST_VISIBLE * (across[1] - across[0]);
  const part = isWide ? visible : across;
  return [between(part, INSET), between(part, 1 - INSET)];
}

/**
 * The input to which a handle is dragged: on its side of the other one and in the plot.
 *
 * @param {number} input
 * @param {number} other the input of the other handle
 * @param {boolean} isRight whether the handle is right of it
 * @param {Range} across
 */
export function draggedInput(input, other, isRight, [low, high]) {
  const distance = LEAST_DISTANCE * (high - low);
  return isRight ? within(input, [other + distance, high]) : within(input, [low, other - distance]);
}
