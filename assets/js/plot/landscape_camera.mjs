// The camera of one landscape in its card: fitted to the surface and its labels, kept when a user has turned
// it, and converted when the card or the surface changes.

import { decode } from "../core/array_codec.mjs";
import { axisLabels, HALF_LETTER, hasRoomForLabels, placeLabels } from "./axis_labels.mjs";
import { bestFit, directionOf, distanceOf, fitAt } from "./camera.mjs";

/** @import { FigureSpec, PlotlyObject } from "../protocol.js" */
/** @import { Camera, Direction, Fit, Groups, Point, Vector } from "./camera.mjs" */
/** @import { Card } from "./card_fit.mjs" */

/** A view relative to the fitted camera of its direction: nearer by a factor, and moved aside. */
/** @typedef {{ direction: Direction, nearness: number, shift: Point }} RelativeView */

/** Space around the surface, in text sizes, with and without labels. */
const SURFACE_MARGIN = { labelled: 0.6, bare: 0.4 };
/** Space around a label, in text sizes. */
const LABEL_MARGIN = 1.7;
/** Where the surface covers less than this beside all labels, only those are shown that find room. */
const SMALLEST_SHARE = 0.68;
/** By how much the camera is then turned, in radians, until the surface covers enough. */
const TURNS = [0, 0.26, -0.26, 0.52, -0.52];
/** Every how many nodes of the grid are looked at; in how many directions the farthest ones are kept. */
const [NODE_SPACING, EXTREME_DIRECTIONS] = [2, 120];
const GOLDEN_ANGLE = Math.PI * (3 - Math.sqrt(5));
/** A landscape that covers less than this share of its card with its twin's camera gets its own. */
const SMALLEST_TWIN_SHARE = 0.68;

/** Directions that are spread evenly over the sphere. */
const SPREAD = Array.from({ length: EXTREME_DIRECTIONS }, (_, i) => {
  const z = 1 - (2 * i + 1) / EXTREME_DIRECTIONS;
  const r = Math.sqrt(1 - z * z);
  return [r * Math.cos(i * GOLDEN_ANGLE), r * Math.sin(i * GOLDEN_ANGLE), z];
});

/**
 * Indices from 0 to `last`, both included, at about a spacing.
 *
 * @param {number} last
 */
function sampledIndices(last) {
  const indices = [];
  for (let i = 0; i < last; i += NODE_SPACING) indices.push(i);
  return [...indices, last];
}

/**
 * The points of a surface that are farthest in some direction, in coordinates of the box; a camera that shows
 * them shows all.
 *
 * @param {PlotlyObject} surface trace
 * @param {PlotlyObject} scene layout
 * @returns {Vector[]}
 */
export function surfacePoints(surface, { xaxis, yaxis, zaxis }) {
  const [x, y, z] = [surface.x, surface.y, surface.z].map((part) => decode(part).values);
  const scaled = (/** @type {number} */ value, /** @type {{ range: number[] }} */ { range: [low, high] }) =>
    Math.min(1, Math.max(-1, (2 * (value - low)) / (high - low) - 1));
  /** @type {Vector[]} */
  const points = [];
  for (const row of sampledIndices(y.length - 1)) {
    for (const column of sampledIndices(x.length - 1)) {
      const height = z[row * x.length + column];
      if (!Number.isFinite(height)) continue;
      points.push([scaled(x[column], xaxis), scaled(y[row], yaxis), scaled(height, zaxis)]);
    }
  }
  return extremePoints(points);
}

const ENDS = [-1, 1];
/** @type {Vector[]} The corners of the box of the axes. */
const BOX = ENDS.flatMap((x) => ENDS.flatMap((y) => ENDS.map((z) => /** @type {Vector} */ ([x, y, z]))));

/**
 * @param {Vector[]} points
 * @returns {Vector[]}
 */
function extremePoints(points) {
  if (!points.length) return [-1, 1].flatMap((x) => [-1, 1].map((y) => /** @type {Vector} */ ([x, y, 0])));
  const kept = new Set();
  for (const [dx, dy, dz] of SPREAD) {
    let [farthest, most] = [points[0], -Infinity];
    for (const point of points) {
      const distance = dx * point[0] + dy * point[1] + dz * point[2];
      if (distance > most) [farthest, most] = [point, distance];
    }
    kept.add(farthest);
  }
  return [...kept];
}

/**
 * What must be seen of a figure from a direction: the surface and, where there is room, the labels.
 *
 * @param {Vector[]} points of the surface
 * @param {PlotlyObject} scene layout
 * @param {Direction} direction
 * @param {Card} card
 * @param {number} textSize
 * @returns {Groups}
 */
function groupsOf(points, scene, direction, card, textSize) {
  const isLabelled = hasRoomForLabels(card, textSize);
  const margin = (isLabelled ? SURFACE_MARGIN.labelled : SURFACE_MARGIN.bare) * textSize;
  const around = { left: margin, right: margin, top: margin, bottom: margin };
  if (!isLabelled) return [{ points, margins: around }];
  const labels = axisLabels(scene, direction).map(({ text, at, along }) => {
    const half = HALF_LETTER * textSize * (along ? 1 : text.length);
    const [aside, below] = [half + LABEL_MARGIN * textSize, LABEL_MARGIN * textSize];
    return { points: [at], margins: { left: aside, right: aside, top: 0, bottom: below } };
  });
  return [{ points, margins: around }, ...labels];
}

/** The cameras of one figure. */
export class LandscapeCamera {
  /** @param {FigureSpec} figure with a surface as its first trace */
  constructor({ data, layout }) {
    this.scene = layout.scene;
    // In the fog the whole box, whatever the ground is.
    this.points = data.some(({ name }) => name === "fog") ? BOX : surfacePoints(data[0], this.scene);
    const { aspectratio, camera } = this.scene;
    const { azimuth } = directionOf({ eye: camera.eye, center: { x: 0, y: 0, z: 0 } });
    this.wanted = { azimuth, horizon: layout.meta.horizon, ratio: aspectratio.x / aspectratio.y };
  }

  /**
   * @param {Card} card
   * @param {number} textSize
   * @returns {Fit}
   */
  home(card, textSize) {
    const groups = this.groups({ azimuth: this.wanted.azimuth, elevation: 0 }, card, textSize);
    const fit = bestFit(groups, this.wanted, card);
    if (fit.share >= SMALLEST_SHARE) return fit;
    const surface = groups.slice(0, 1);
    const turned = TURNS.map((turn) => {
      return bestFit(surface, { ...this.wanted, azimuth: this.wanted.azimuth + turn }, card);
    });
    const wide = turned.find(({ share }) => share >= SMALLEST_SHARE);
    return wide ?? turned.reduce((one, other) => (other.share > one.share ? other : one));
  }

  /**
   * @param {Direction} direction
   * @param {Card} card
   * @param {number} textSize
   */
  groups(direction, card, textSize) {
    return groupsOf(this.points, this.scene, direction, card, textSize);
  }

  /**
   * The nearest camera in a direction that shows everything.
   *
   * @param {Direction} direction
   * @param {Point} aspectratio
   * @param {Card} card
   * @param {number} textSize
   */
  from(direction, aspectratio, card, textSize) {
    return fitAt(this.groups(direction, card, textSize), direction, aspectratio, card);
  }

  /**
   * The camera of a twin if this landscape fills its card with it, else its own.
   *
   * @param {Camera & { aspectratio: Point }} twin
   * @param {Card} card
   * @param {number} textSize
   */
  likeTwin(twin, card, textSize) {
    const fit = this.from(directionOf(twin), twin.aspectratio, card, textSize);
    return fit.share >= SMALLEST_TWIN_SHARE ? fit : this.home(card, textSize);
  }

  /**
   * A camera relative to the fitted one of its direction.
   *
   * @param {Camera} camera
   * @param {Point} aspectratio
   * @param {Card} card
   * @param {number} textSize
   * @returns {RelativeView}
   */
  relative(camera, aspectratio, card, textSize) {
    const direction = directionOf(camera);
    const { eye, center } = this.from(direction, aspectratio, card, textSize);
    const shift = {
      x: camera.center.x - center.x,
      y: camera.center.y - center.y,
      z: camera.center.z - center.z,
    };
    return { direction, nearness: distanceOf({ eye, center }) / distanceOf(camera), shift };
  }

  /**
   * The camera that a relative view means here.
   *
   * @param {RelativeView} view
   * @param {Point} aspectratio
   * @param {Card} card
   * @param {number} textSize
   * @returns {Camera & { aspectratio: Point }}
   */
  absolute({ direction, nearness, shift }, aspectratio, card, textSize) {
    const { eye, center } = this.from(direction, aspectratio, card, textSize);
    const moved = { x: center.x + shift.x, y: center.y + shift.y, z: center.z + shift.z };
    const away = (/** @type {"x" | "y" | "z"} */ axis) => moved[axis] + (eye[axis] - center[axis]) / nearness;
    return { eye: { x: away("x"), y: away("y"), z: away("z") }, center: moved, aspectratio };
  }

  /**
   * Where the labels of the axes are, seen by a camera; none in a small card.
   *
   * @param {Camera & { aspectratio: Point }} view
   * @param {Card} card
   * @param {number} textSize
   */
  labels(view, card, textSize) {
    if (!hasRoomForLabels(card, textSize)) return [];
    return placeLabels(axisLabels(this.scene, directionOf(view)), view, card, textSize);
  }
}
