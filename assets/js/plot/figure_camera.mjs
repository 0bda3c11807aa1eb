// Where a landscape is seen from in its card: fitted, until a hand turns it; and the labels of its axes.

import { drawLabels, LAYER } from "./axis_labels.mjs";
import { directionOf } from "./camera.mjs";
import { textStyleOf } from "./figure_style.mjs";
import { LandscapeCamera } from "./landscape_camera.mjs";
import { sceneOf } from "./plotly_internals.mjs";

/** @import { FigureSpec, PlotlyObject } from "../protocol.js" */
/** @import { PlotElement } from "../types.js" */
/** @import { Camera, Point } from "./camera.mjs" */
/** @import { RelativeView } from "./landscape_camera.mjs" */

/**
 * A camera, and the proportions of the box that it looks at.
 *
 * @typedef {Camera & { aspectratio: Point }} View
 */

/** Cameras closer than this are the same. */
const CAMERA_TOLERANCE = 1e-4;
/** Frames for which labels follow a camera after the pointer was released: Plotly's camera rolls on. */
const FRAMES_AFTER_RELEASE = 30;
const AXES = /** @type {const} */ (["x", "y", "z"]);

export class FigureCamera {
  /**
   * The cameras of the figure, if it is a landscape.
   *
   * @type {LandscapeCamera | null}
   */
  cameras = null;
  /**
   * What Plotly was last given.
   *
   * @type {View | null}
   */
  fit = null;
  /** The size of the card for which it was fitted. */
  fittedCard = { clientWidth: 0, clientHeight: 0 };
  /**
   * The element with the labels of the axes.
   *
   * @type {HTMLElement | undefined}
   */
  labelLayer;
  /** Whether a pointer is down on the view. */
  pressed = false;
  /** Whether it was moved by hand, so that the next figure keeps it. */
  turned = false;
  /**
   * Called when a button has moved it.
   *
   * @type {(() => void) | undefined}
   */
  onLook;

  /** @param {PlotElement} element of the view */
  constructor(element) {
    this.element = element;
    element.addEventListener("pointerdown", () => {
      this.pressed = this.turned = true;
      if (sceneOf(element)) this.followLabels();
    });
    addEventListener("pointerup", () => (this.pressed = false));
  }

  /** The text size in pixels. */
  get textSize() {
    return textStyleOf(this.element).size;
  }

  /**
   * The present camera, perhaps turned by hand; null in a flat plot.
   *
   * @returns {View | null}
   */
  get current() {
    const { element, fit } = this;
    const scene = sceneOf(element);
    return scene && fit && { ...scene.camera, aspectratio: fit.aspectratio };
  }

  /**
   * Choose the camera of a new figure: that of the user, else as a twin's, else the one that fills the card.
   * The azimuth of a kept camera stays.
   *
   * @param {FigureSpec} figure
   * @param {View | null} kept
   * @param {FigureCamera} [twin] whose camera is taken over
   * @returns {View | null} null in a flat plot
   */
  fitFigure(figure, kept, twin) {
    this.cameras = figure.layout.scene ? new LandscapeCamera(figure) : null;
    this.fit = this.fitted(kept, twin);
    this.rememberCard();
    return this.fit;
  }

  /**
   * @param {View | null} kept
   * @param {FigureCamera} [twin]
   * @returns {View | null}
   */
  fitted(kept, twin) {
    const { cameras, element, textSize } = this;
    if (!cameras) return null;
    if (kept && this.turned) return kept;
    if (kept) cameras.wanted.azimuth = directionOf(kept).azimuth;
    const other = twin?.current;
    return other ? cameras.likeTwin(other, element, textSize) : cameras.home(element, textSize);
  }

  /**
   * Fit the camera to a card that has changed its size.
   *
   * @returns {View | null} null in a flat plot
   */
  fitCard() {
    this.fit = this.resized();
    this.rememberCard();
    return this.fit;
  }

  /** The camera for the present size of the card. */
  resized() {
    const { cameras, current, element, relative, textSize } = this;
    if (!cameras || !current) return null;
    const home = cameras.home(element, textSize);
    return this.turned && relative ? cameras.absolute(relative, home.aspectratio, element, textSize) : home;
  }

  /** Remember the size of the card for which the camera is fitted. */
  rememberCard() {
    const { clientWidth, clientHeight } = this.element;
    this.fittedCard = { clientWidth, clientHeight };
  }

  /**
   * The present camera relative to the fitted one of its direction; null in a flat plot.
   *
   * @returns {RelativeView | null}
   */
  get relative() {
    const { cameras, current, fittedCard, textSize } = this;
    return cameras && current && cameras.relative(current, current.aspectratio, fittedCard, textSize);
  }

  /**
   * Take over the camera of another view; return whether it differs from the present one.
   *
   * @param {RelativeView | null} relative
   */
  copy(relative) {
    const { cameras, current, element, textSize } = this;
    if (!cameras || !current || !relative) return false;
    const view = cameras.absolute(relative, current.aspectratio, element, textSize);
    const distance = Math.hypot(...AXES.map((axis) => view.eye[axis] - current.eye[axis]));
    if (distance < CAMERA_TOLERANCE) return false;
    this.turned = true;
    this.look(view);
    return true;
  }

  /**
   * Look from `eye`, or from the figure's own camera position without one.
   *
   * @param {Point | null} eye
   */
  lookFrom(eye) {
    const { cameras, current, element, textSize } = this;
    if (!cameras || !current) return;
    this.turned = Boolean(eye);
    const home = cameras.home(element, textSize);
    const direction = eye && directionOf({ eye, center: { x: 0, y: 0, z: 0 } });
    this.look(direction ? cameras.from(direction, home.aspectratio, element, textSize) : home);
    this.onLook?.();
  }

  /** @param {View} view */
  async look(view) {
    this.fit = view;
    await Plotly.relayout(this.element, viewChanges(view));
    this.placeLabels();
  }

  /** Draw the labels of the axes where the camera sees them. */
  placeLabels() {
    const { cameras, current, element, textSize } = this;
    if (!current || !cameras) return this.labelLayer?.replaceChildren();
    if (!this.labelLayer?.isConnected) {
      this.labelLayer = Object.assign(document.createElement("div"), { className: LAYER });
      this.labelLayer.setAttribute("aria-hidden", "true");
      element.append(this.labelLayer);
    }
    return drawLabels(this.labelLayer, cameras.labels(current, element, textSize));
  }

  /** Let the labels follow while, and shortly after, a pointer turns the camera. */
  followLabels() {
    let calmFrames = 0;
    const follow = () => {
      this.placeLabels();
      calmFrames = this.pressed ? 0 : calmFrames + 1;
      if (this.current && calmFrames < FRAMES_AFTER_RELEASE) requestAnimationFrame(follow);
    };
    follow();
  }

  /** Remove the labels. */
  clear() {
    this.labelLayer?.remove();
  }
}

/**
 * Set camera and proportions of a scene in place.
 *
 * @param {PlotlyObject} scene
 * @param {View} view
 */
export function applyView(scene, { eye, center, aspectratio }) {
  scene.camera = { eye, center };
  scene.aspectratio = aspectratio;
}

/**
 * Changes of the layout by which Plotly takes a camera and proportions, by dotted path.
 *
 * @param {View | null} view
 */
export const viewChanges = (view) =>
  view
    ? {
        "scene.camera": structuredClone({ eye: view.eye, center: view.center }),
        "scene.aspectratio": structuredClone(view.aspectratio),
      }
    : {};
