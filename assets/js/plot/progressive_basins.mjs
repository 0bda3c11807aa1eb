// Basins of attraction that take long: a coarse image comes first, the rest in parts while the page is idle.

import { byId, element } from "../core/dom.mjs";
import { message } from "../core/i18n.mjs";
import { whenIdle } from "../core/timing.mjs";
import { BasinImage } from "./basin_image.mjs";

/** @import { BasinTile, FigureSpec } from "../protocol.js" */
/** @import { FigureView } from "./figure_view.mjs" */

/**
 * A map with its progress bar and the image of its basins, if it has one.
 *
 * @typedef {object} BasinMap
 * @property {FigureView} view
 * @property {HTMLLabelElement} label
 * @property {HTMLElement} text
 * @property {HTMLProgressElement} bar
 * @property {BasinImage | null} image
 */

/**
 * @param {FigureView} view
 * @returns {BasinMap}
 */
function createMap(view) {
  const bar = element("progress", { max: 100, value: 0 });
  const text = element("span");
  const label = element("label", { className: "progress", hidden: true }, text, bar);
  byId(view.element.id).after(label);
  return { view, label, text, bar, image: null };
}

/** Requests the missing parts of the basins on the maps and shows them with a progress bar. */
export class ProgressiveBasins {
  /**
   * The image whose next part was requested last.
   *
   * @type {BasinImage | null}
   */
  requested = null;
  /**
   * Images by the figure that they complete.
   *
   * @type {WeakMap<FigureSpec, BasinImage>}
   */
  images = new WeakMap();

  /**
   * @param {FigureView[]} views
   * @param {(link: string, part: number) => boolean} request asks for a part unless something else is under
   *   way, and returns whether it did
   */
  constructor(views, request) {
    this.request = request;
    this.maps = views.map(createMap);
  }

  /** Continue with the unfinished images of the figures that are drawn now. */
  update() {
    for (const map of this.maps) {
      map.image = map.view.drawn ? this.imageOf(map.view.figure) : null;
      this.showProgress(map);
    }
    this.requestNext();
  }

  /** @param {FigureSpec} figure */
  imageOf(figure) {
    if (!figure.basins) return null;
    let image = this.images.get(figure);
    if (!image) {
      image = new BasinImage(figure.basins);
      this.images.set(figure, image);
    }
    return image;
  }

  get unfinished() {
    return this.maps.find(({ image }) => image && !image.finished)?.image;
  }

  requestNext() {
    if (!this.unfinished) return;
    whenIdle(() => {
      const image = this.unfinished;
      if (image && this.request(image.link, image.tilesDone)) this.requested = image;
    });
  }

  /**
   * Add a part that has arrived; ignore it if its image is not shown any more.
   *
   * @param {BasinTile | null} tile null if the link has no such tile
   */
  receive(tile) {
    const map = this.maps.find(({ image }) => image && image === this.requested);
    if (map?.image) {
      if (tile?.number !== map.image.tilesDone) return;
      map.image.add(tile);
      map.image.paint(map.view.figure);
      map.view.repaint(["basins", "minima"]);
      this.showProgress(map);
    }
    this.requestNext();
  }

  /** @param {BasinMap} map */
  showProgress({ label, text, bar, image }) {
    label.hidden = !image || image.finished;
    bar.value = image?.percent ?? 0;
    text.textContent = message("Basins: {share} %", { share: bar.value });
  }
}
