// Places on maps and landscapes that are pointed at: their line in the data, their loss, and a click that
// starts there.

import { element } from "../core/dom.mjs";
import { PlacePreview } from "../net/place_preview.mjs";

/** @import { Scene } from "../protocol.js" */
/** @import { RunArrays } from "../types.js" */
/** @import { Views } from "../plot/figure_set.mjs" */
/** @import { FigureView } from "../plot/figure_view.mjs" */
/** @import { DecodedPlace } from "../net/place_preview.mjs" */

/** A click moves the pointer by fewer pixels than this, and takes fewer milliseconds. */
const [CLICK_DISTANCE, CLICK_TIME] = [6, 500];
/** Frames that Plotly may take to say which point of a surface was tapped. */
const FRAMES_AFTER_TAP = 6;
/** Pixels from the pointer to its label. */
const LABEL_DISTANCE = 14;
const COMPARED = "-2";

/**
 * What pointing reads and changes of the page.
 *
 * @typedef {object} PointedPage
 * @property {Scene} scene
 * @property {RunArrays} arrays
 * @property {Views} views
 * @property {{ k: number }} player
 * @property {string} link
 * @property {boolean} canPoint whether what a place is like may be shown now
 * @property {(place: Scene["start"]) => void} startAt
 */

/** @typedef {{ clientX: number, clientY: number }} Pointer */

/**
 * Whether a press and its release are a click: turning a scene is none.
 *
 * @param {{ left: number, top: number, time: number }} press
 * @param {{ left: number, top: number, time: number }} release
 */
const isClick = (press, release) =>
  Math.hypot(release.left - press.left, release.top - press.top) < CLICK_DISTANCE &&
  release.time - press.time < CLICK_TIME;

/** @param {PointerEvent} event */
const momentOf = ({ clientX: left, clientY: top, timeStamp: time }) => ({ left, top, time });

export class PlaceHover {
  /**
   * The view that is pointed at.
   *
   * @type {string | null}
   */
  view = null;
  /**
   * The point of the landscape under the pointer; null where there is none.
   *
   * @type {Scene["start"] | null}
   */
  surfacePoint = null;

  /** @param {PointedPage} page */
  constructor(page) {
    this.page = page;
    this.preview = new PlacePreview((answer) => this.receive(answer));
    this.label = element("div", { className: "place-label", hidden: true, ariaHidden: "true" });
    document.body.append(this.label);
    for (const [name, view] of Object.entries(page.views)) {
      if (name.startsWith("map")) this.listenToMap(name, view);
      if (name.startsWith("landscape")) this.listenToLandscape(name, view);
    }
  }

  /**
   * @param {string} name
   * @param {FigureView} view
   */
  listenToMap(name, view) {
    view.element.addEventListener("pointermove", (event) => {
      const place = event.pointerType === "touch" || event.buttons ? null : placeOnMap(view, event);
      if (place) this.point(name, place, event);
      else this.leave();
    });
    view.element.addEventListener("pointerleave", () => this.leave());
  }

  /**
   * @param {string} name
   * @param {FigureView} view
   */
  listenToLandscape(name, view) {
    const { element: plot } = view;
    /** @type {ReturnType<typeof momentOf> | null} */
    let press = null;
    const follow = (/** @type {PointerEvent} */ event) => event.buttons || this.moveLabel(event);
    plot.addEventListener("pointermove", follow, { capture: true });
    plot.addEventListener("pointerleave", () => this.leaveSurface());
    plot.addEventListener("pointerdown", (event) => (press = momentOf(event)), { capture: true });
    plot.addEventListener(
      "pointerup",
      (event) => {
        const isMeant = press && event.isPrimary && isClick(press, momentOf(event));
        if (isMeant && !name.endsWith(COMPARED)) this.startOnSurface(event.pointerType === "touch");
        press = null;
      },
      { capture: true },
    );
  }

  /** Listen to Plotly's events, once it has drawn the landscapes. */
  connect() {
    for (const [name, view] of Object.entries(this.page.views)) {
      if (!name.startsWith("landscape")) continue;
      view.element.on?.("plotly_hover", ({ points: [point] }) => {
        if (point.data.meta !== "surface") return this.leaveSurface();
        this.surfacePoint = [point.x, point.y];
        return this.point(name, this.surfacePoint);
      });
      view.element.on?.("plotly_unhover", () => this.leaveSurface());
    }
  }

  /**
   * Start where the landscape was clicked. After a tap Plotly says a few frames later which point it was.
   *
   * @param {boolean} isTap
   */
  startOnSurface(isTap) {
    if (isTap) this.surfacePoint = null;
    let frames = isTap ? FRAMES_AFTER_TAP : 0;
    const start = () => {
      if (this.surfacePoint) {
        this.leave();
        this.page.startAt(this.surfacePoint);
      } else if (frames-- > 0) requestAnimationFrame(start);
    };
    start();
  }

  leaveSurface() {
    this.surfacePoint = null;
    this.leave();
  }

  /**
   * Show what a place is like, if that may be shown.
   *
   * @param {string} view
   * @param {Scene["start"]} place
   * @param {Pointer} [pointer]
   */
  point(view, place, pointer) {
    if (!this.page.canPoint) return this.leave();
    this.view = view;
    if (pointer) this.moveLabel(pointer);
    return this.preview.ask(this.page.link, place);
  }

  /** @param {DecodedPlace | null} answer */
  receive(answer) {
    if (!answer || !this.view || !this.page.canPoint) return this.leave();
    const loss = this.view.endsWith(COMPARED) ? answer.comparedLoss : answer.loss;
    if (!loss) return this.leave();
    this.label.replaceChildren(element("b", {}, loss), element("span", {}, answer.place));
    this.label.hidden = false;
    this.showInData(answer.arrays);
    return undefined;
  }

  leave() {
    this.preview.cancel();
    this.label.hidden = true;
    if (!this.view) return;
    this.view = null;
    this.showInData({});
  }

  /**
   * Show arrays of a place in the data view beside those of the run.
   *
   * @param {RunArrays} ofPlace
   */
  showInData(ofPlace) {
    const { arrays, player, views } = this.page;
    views.data.show({ ...arrays, ...ofPlace }, player.k);
  }

  /**
   * Put the label beside the pointer, on the side where there is room.
   *
   * @param {Pointer} pointer
   */
  moveLabel({ clientX, clientY }) {
    const isRight = clientX > innerWidth / 2;
    const isLow = clientY > innerHeight / 2;
    const across = isRight ? `calc(-100% - ${LABEL_DISTANCE}px)` : `${LABEL_DISTANCE}px`;
    const down = isLow ? `calc(-100% - ${LABEL_DISTANCE}px)` : `${LABEL_DISTANCE}px`;
    Object.assign(this.label.style, {
      left: `${clientX}px`,
      top: `${clientY}px`,
      transform: `translate(${across}, ${down})`,
    });
  }
}

/**
 * The place on a map under a pointer; null outside of its axes.
 *
 * @param {FigureView} view
 * @param {Pointer} pointer
 * @returns {Scene["start"] | null}
 */
function placeOnMap({ element: plot, axes }, { clientX, clientY }) {
  if (!axes) return null;
  const [x, y] = axes;
  const box = plot.getBoundingClientRect();
  const [left, top] = [clientX - box.left - x.offset, clientY - box.top - y.offset];
  if (left < 0 || top < 0 || left > x.length || top > y.length) return null;
  return [x.toValue(left), y.toValue(top)];
}
