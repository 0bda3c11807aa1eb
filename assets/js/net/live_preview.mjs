// Previews while the learning rate or the start is dragged: the run at once, the texts of its other steps on
// release.

import { decodeAll, singleRow, tableRow, withoutDensePaths } from "../core/array_codec.mjs";
import { usesStoredPoints, withValues } from "../core/link.mjs";
import { drawScene } from "../plot/figure_set.mjs";
import { RatePreview } from "./rate_preview.mjs";

/** @import { Moment, Scene, StartPreview } from "../protocol.js" */
/** @import { CompleteScene, RunArray, RunArrays } from "../types.js" */
/** @import { Views } from "../plot/figure_set.mjs" */

/** @typedef {Scene["start"]} Place coordinates in the plane of the map */

/** @typedef {{ moment: Moment, arrays: RunArrays }} DecodedPreview a run as it is drawn at one step */

/**
 * What a preview reads and changes of the page.
 *
 * @typedef {object} PreviewedPage
 * @property {CompleteScene} scene
 * @property {RunArrays} arrays
 * @property {{ at(k: number): Moment }} stepText
 * @property {Views} views
 * @property {{ k: number, playing: boolean, load(last: number, k: number): void, pause(): void }} player
 * @property {{ setValues(key: string, values: number[]): void }} sliders
 * @property {string} link
 * @property {(set: Record<string, string>) => void} request
 * @property {(place: Place, changes?: Record<string, string>) => void} place
 * @property {() => void} showTexts
 */

/**
 * The run of a link from another start, with the texts of step k; null if the server cannot be reached or is
 * busy.
 *
 * @param {string} link
 * @param {string} start
 * @param {number} k
 * @returns {Promise<DecodedPreview | null>}
 */
async function fetchStartPreview(link, start, k) {
  const response = await fetch(`glimpse${withValues(link, { start, k })}`).catch(() => null);
  if (!response?.ok) return null;
  /** @type {StartPreview} */
  const { moment, arrays } = await response.json();
  const decoded = Object.entries(decodeAll(arrays)).map(([name, array]) => [name, singleRun(array)]);
  return { moment, arrays: Object.fromEntries(decoded) };
}

/**
 * An array of the preview; a grid of probabilities has a row for the preview's step alone.
 *
 * @param {RunArray} array
 */
const singleRun = (array) => (array.row ? singleRow(tableRow(array, 0)) : array);

/** Shows previews on the page; a page has one. */
export class LivePreview {
  rates = new RatePreview();
  /** Drags that have ended: what was requested before does not count any more. */
  releases = 0;
  requesting = false;
  /**
   * The latest place of the start, how a link spells it, and the step to be shown.
   *
   * @type {{ place: Place, start: string, k: number } | null}
   */
  wanted = null;

  /** @param {PreviewedPage} page */
  constructor(page) {
    this.page = page;
  }

  /**
   * A slider was moved. While the rate is dragged, show the nearest fetched run and return its rate; else
   * ask.
   *
   * @param {Record<string, string>} set
   * @param {boolean} dragging
   * @returns {number | undefined}
   */
  changeSetting(set, dragging) {
    const preview = dragging && set.rate ? this.rates.nearest(Number(set.rate), this.page.link) : undefined;
    if (preview) this.show(preview, { rate: preview.rate });
    else this.page.request(set);
    return preview?.rate;
  }

  /**
   * The start is dragged to `place`. One preview is requested at a time, the next for the latest place.
   *
   * @param {Place} place
   * @param {string} start
   * @param {number} [k] the step that is shown, by default the present one
   */
  async dragStart(place, start, k = this.page.player.k) {
    if (!this.canPreviewStart) return this.page.place(place, { k: String(k) });
    this.wanted = { place, start, k };
    if (this.requesting) return undefined;
    this.requesting = true;
    const drag = this.releases;
    while (this.wanted && drag === this.releases) await this.showNext(this.wanted, drag);
    this.requesting = false;
    return undefined;
  }

  /** Whether the server has previews of this scene; there is none that would give away what is hidden. */
  get canPreviewStart() {
    const { scene, player, link } = this.page;
    return !(scene.lesson?.asking || scene.fog || player.playing || usesStoredPoints(link));
  }

  /**
   * @param {{ place: Place, start: string, k: number }} wanted
   * @param {number} drag
   */
  async showNext({ place, start, k }, drag) {
    this.wanted = null;
    const preview = await fetchStartPreview(this.page.link, start, k);
    if (drag !== this.releases) return;
    if (!preview) return this.page.place(place, { k: String(k) });
    this.show(preview, { start: place });
    this.page.sliders.setValues("start", place);
  }

  /** The start was released: ignore previews that are still under way. */
  cancel() {
    this.releases += 1;
    this.wanted = null;
  }

  /**
   * Show a preview: `changed` is the value of the scene that it is for. The scene of the page becomes
   * the preview's; texts of steps other than its own are missing until the server's scene arrives.
   *
   * @param {DecodedPreview} preview
   * @param {Partial<CompleteScene>} changed
   */
  show({ moment, arrays }, changed) {
    const { page } = this;
    document.documentElement.dataset.ready = "seen";
    page.player.pause();
    page.arrays = withoutDensePaths({ ...page.arrays, ...arrays });
    page.scene = { ...page.scene, ...changed, moment };
    page.stepText = { at: () => moment };
    page.player.load(moment.lastStep, moment.step);
    page.showTexts();
    const isSame = () => true;
    const drawing = { scene: page.scene, arrays: page.arrays, k: page.player.k, isSame, dragging: true };
    drawScene(page.views, drawing);
  }
}
