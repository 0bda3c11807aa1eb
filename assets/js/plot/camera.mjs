// The camera of a landscape, computed from Plotly's projection: which eye, center and proportions of the box
// let the surface fill its card, and where the labels of its axes are on the screen. Pure.

/** @import { Card } from "./card_fit.mjs" */

/** @typedef {{ x: number, y: number, z: number }} Point */

/** @typedef {[number, number, number]} Vector of a point of the box: each coordinate from −1 to 1 */

/** @typedef {{ eye: Point, center: Point }} Camera */

/**
 * From where the box is seen, in radians: `azimuth` around it, `elevation` above the horizon.
 *
 * @typedef {{ azimuth: number, elevation: number }} Direction
 */

/** @typedef {{ left: number, right: number, top: number, bottom: number }} Margins in pixels */

/**
 * What is seen: points that must be in the card, each group within its own margins. The first group is the
 * surface.
 *
 * @typedef {{ points: Vector[], margins: Margins }[]} Groups
 */

/**
 * A camera and the lengths of the box's sides, with the share of the card that the surface covers.
 *
 * @typedef {Camera & { aspectratio: Point, share: number }} Fit
 */

/** Tangent of half of the vertical angle of view of Plotly's camera. */
const HALF_VIEW = Math.tan(Math.PI / 8);
/** The share of its card that a surface is to cover, and what a lower one costs. */
const WANTED_SHARE = 0.72;
const SHARE_COST = 60;
/** Heights of the box as shares of its mean side, the preferred one, and elevations in degrees. */
const HEIGHTS = [0.3, 0.38, 0.5, 0.64, 0.8, 1, 1.2, 1.45];
const PREFERRED_HEIGHT = 0.64;
const ELEVATIONS = [20, 26, 32, 38, 44, 51, 58];
const PREFERRED_ELEVATION = 32;
const HIGHEST = 75;
/** Factors by which one side of the box is lengthened against the other. */
const STRETCHES = [0.7, 0.84, 1, 1.19, 1.43];
/** What it costs to depart from what is preferred: per doubling, doubling, and 10 degrees, squared. */
const [HEIGHT_COST, STRETCH_COST, ELEVATION_COST] = [1.2, 4, 0.35];
/** Mean length of the sides of the box, as in Plotly's own cameras. */
const SIDE = 1.25;

/** @param {number} degrees */
const radians = (degrees) => (degrees * Math.PI) / 180;

/** @param {Vector} a @param {Vector} b */
const dot = (a, b) => a[0] * b[0] + a[1] * b[1] + a[2] * b[2];

/**
 * The directions that are forward, to the right and upward on the screen.
 *
 * @param {Direction} direction
 * @returns {[Vector, Vector, Vector]}
 */
function screenAxes({ azimuth, elevation }) {
  const [ca, sa] = [Math.cos(azimuth), Math.sin(azimuth)];
  const [ce, se] = [Math.cos(elevation), Math.sin(elevation)];
  return [
    [-ce * ca, -ce * sa, -se],
    [-sa, ca, 0],
    [-se * ca, -se * sa, ce],
  ];
}

/**
 * Direction from which a camera looks at its center.
 *
 * @param {Camera} camera
 * @returns {Direction}
 */
export function directionOf({ eye, center }) {
  const [x, y, z] = [eye.x - center.x, eye.y - center.y, eye.z - center.z];
  return { azimuth: Math.atan2(y, x), elevation: Math.atan2(z, Math.hypot(x, y)) };
}

/** @param {Camera} camera */
export const distanceOf = ({ eye, center }) =>
  Math.hypot(eye.x - center.x, eye.y - center.y, eye.z - center.z);

/**
 * The pixel of the card at which a point of the box is seen.
 *
 * @param {Vector} point
 * @param {Camera & { aspectratio: Point }} view
 * @param {Card} card
 * @returns {[number, number]}
 */
export function project([x, y, z], { eye, center, aspectratio }, { clientWidth, clientHeight }) {
  const [forward, right, up] = screenAxes(directionOf({ eye, center }));
  /** @type {Vector} */
  const seen = [
    (x * aspectratio.x) / 2 - eye.x,
    (y * aspectratio.y) / 2 - eye.y,
    (z * aspectratio.z) / 2 - eye.z,
  ];
  const scale = clientHeight / 2 / (HALF_VIEW * dot(seen, forward));
  return [clientWidth / 2 + scale * dot(seen, right), clientHeight / 2 - scale * dot(seen, up)];
}

/**
 * The limits of a group of points on one axis of the screen. A point `s` to the side and `f` forward of the
 * origin is within the limit `m` of a camera at `distance`, moved aside by `middle`, if s − middle ≤
 * m (distance + f), which is linear in both unknowns. `above` and `below` are the largest s − m f at the
 * limits `high` and `low`.
 *
 * @typedef {{ above: number, below: number, low: number, high: number }} Limits
 */

/**
 * The nearest distance at which all groups are within their limits on an axis of the screen.
 *
 * @param {Limits[]} groups
 */
function nearestDistance(groups) {
  let nearest = 0;
  for (const { above, high } of groups)
    for (const { below, low } of groups) nearest = Math.max(nearest, (above + below) / (high - low));
  return nearest;
}

/**
 * How far to the side a camera at a distance must be: in the middle of what its limits allow.
 *
 * @param {Limits[]} groups
 * @param {number} distance
 */
function middleAt(groups, distance) {
  let [least, most] = [-Infinity, Infinity];
  for (const { above, below, low, high } of groups) {
    least = Math.max(least, above - high * distance);
    most = Math.min(most, -below - low * distance);
  }
  return (least + most) / 2;
}

/**
 * The limits of a group on both axes of the screen.
 *
 * @param {Groups[number]} group
 * @param {[Vector, Vector, Vector]} axes forward, right and up, in coordinates of the box
 * @param {Card} card
 * @returns {[Limits, Limits]}
 */
function limitsOf({ points, margins }, [forward, right, up], { clientWidth: width, clientHeight: height }) {
  const across = (HALF_VIEW * width) / height;
  const x = limits(across * ((2 * margins.left) / width - 1), across * (1 - (2 * margins.right) / width));
  const [bottom, top] = [(2 * margins.bottom) / height, (2 * margins.top) / height];
  const y = limits(HALF_VIEW * (bottom - 1), HALF_VIEW * (1 - top));
  for (const point of points) {
    const depth = dot(point, forward);
    extend(x, dot(point, right), depth);
    extend(y, dot(point, up), depth);
  }
  return [x, y];
}

/**
 * @param {number} low
 * @param {number} high
 * @returns {Limits}
 */
const limits = (low, high) => ({ above: -Infinity, below: -Infinity, low, high });

/**
 * @param {Limits} bounds
 * @param {number} side
 * @param {number} depth
 */
function extend(bounds, side, depth) {
  bounds.above = Math.max(bounds.above, side - bounds.high * depth);
  bounds.below = Math.max(bounds.below, bounds.low * depth - side);
}

/** The card of a view that is not shown, which has no size. */
const UNSEEN_CARD = { clientWidth: 400, clientHeight: 300 };

/**
 * The camera in a direction that is as near as it can be while all groups are in the card.
 *
 * @param {Groups} groups
 * @param {Direction} direction
 * @param {Point} aspectratio
 * @param {Card} shown
 * @returns {Fit}
 */
export function fitAt(groups, direction, aspectratio, shown) {
  const card = shown.clientWidth && shown.clientHeight ? shown : UNSEEN_CARD;
  const axes = screenAxes(direction);
  const [forward, right, up] = axes;
  const half = [aspectratio.x / 2, aspectratio.y / 2, aspectratio.z / 2];
  const inBox = /** @type {[Vector, Vector, Vector]} */ (axes.map((axis) => axis.map((c, i) => c * half[i])));
  const both = groups.map((group) => limitsOf(group, inBox, card));
  const [x, y] = [both.map((one) => one[0]), both.map((one) => one[1])];
  const distance = Math.max(nearestDistance(x), nearestDistance(y));
  const across = (HALF_VIEW * card.clientWidth) / card.clientHeight;
  const [a, b] = [middleAt(x, distance), middleAt(y, distance)];
  const center = right.map((r, i) => a * r + b * up[i]);
  const [eyeX, eyeY, eyeZ] = center.map((c, i) => c - distance * forward[i]);
  return {
    eye: { x: eyeX, y: eyeY, z: eyeZ },
    center: { x: center[0], y: center[1], z: center[2] },
    aspectratio,
    share: shareOf(groups[0].points, inBox, distance, [a, b], across),
  };
}

/**
 * The share of the card that the bounding box of points covers.
 *
 * @param {Vector[]} points
 * @param {[Vector, Vector, Vector]} axes forward, right and up, in coordinates of the box
 * @param {number} distance
 * @param {[number, number]} middle
 * @param {number} across tangent of half of the horizontal angle of view
 */
function shareOf(points, [forward, right, up], distance, [a, b], across) {
  let [left, end, bottom, top] = [1, -1, 1, -1];
  for (const point of points) {
    const depth = distance + dot(point, forward);
    const x = (dot(point, right) - a) / (across * depth);
    const y = (dot(point, up) - b) / (HALF_VIEW * depth);
    left = Math.min(left, x);
    end = Math.max(end, x);
    bottom = Math.min(bottom, y);
    top = Math.max(top, y);
  }
  return ((Math.min(end, 1) - Math.max(left, -1)) * (Math.min(top, 1) - Math.max(bottom, -1))) / 4;
}

/**
 * Lengths of the sides of a box whose base is `ratio` times as long in x as in y.
 *
 * @param {number} ratio
 * @param {number} height as a share of the mean side
 * @returns {Point}
 */
const box = (ratio, height) => ({
  x: SIDE * Math.sqrt(ratio),
  y: SIDE / Math.sqrt(ratio),
  z: SIDE * height,
});

/**
 * The proportions of the box and the elevation with which the surface fills the card best, seen from an
 * azimuth.
 *
 * `horizon` is the tangent of the elevation from which the start, the path and the minimum are seen over the
 * walls, in a box as high as its side; `ratio` is that of the two sides of the window.
 *
 * @param {Groups} groups
 * @param {{ azimuth: number, horizon: number, ratio: number }} wanted
 * @param {Card} card
 * @returns {Fit}
 */
export function bestFit(groups, { azimuth, horizon, ratio }, card) {
  let [best, least] = [/** @type {Fit | null} */ (null), Infinity];
  for (const height of HEIGHTS) {
    const needed = (Math.atan(horizon * height) * 180) / Math.PI;
    const elevations = ELEVATIONS.filter((one) => one >= needed);
    for (const stretch of STRETCHES) {
      for (const degrees of elevations.length ? elevations : [Math.min(needed, HIGHEST)]) {
        const direction = { azimuth, elevation: radians(degrees) };
        const fit = fitAt(groups, direction, box(ratio * stretch, height), card);
        const cost =
          SHARE_COST * Math.max(0, WANTED_SHARE - fit.share) +
          HEIGHT_COST * Math.log2(height / PREFERRED_HEIGHT) ** 2 +
          STRETCH_COST * Math.log2(stretch) ** 2 +
          ELEVATION_COST * ((degrees - PREFERRED_ELEVATION) / 10) ** 2;
        if (cost < least) [best, least] = [fit, cost];
      }
    }
  }
  return /** @type {Fit} */ (best);
}
