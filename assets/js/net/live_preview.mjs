// Previews while the learning rate or the start is dragged: the run at once, the texts of its other steps on
// release.

import { decode } from "../core/array_codec.mjs";
import { drawScene } from "../plot/figure_set.mjs";
import { tableRow } from "../plot/step_slices.mjs";
import { RatePreview, withoutKeys } from "./rate_preview.mjs";
import { usesStoredPoints } from "./scene_store.mjs";

/**
 * The run of a link from another start, with the texts of step k; null if the server cannot be reached or is
 * busy.
 */
async function fetchStartPreview(link, start, k) {
  const query = `${withoutKeys(link, "start", "k")}&start=${start}&k=${k}`.replace("?&", "?");
  const response = await fetch(`glimpse${query}`).catch(() => null);
  if (!response?.ok) return null;
  const { moment, arrays } = await response.json();
  const decodeRun = (spec) => {
    const array = decode(spec);
    return array.row ? { values: tableRow(array, 0), width: 0, shape: [] } : array;
  };
  const decoded = Object.entries(arrays).map(([name, spec]) => [name, decodeRun(spec)]);
  return { moment, arrays: Object.fromEntries(decoded) };
}

/** Shows previews on the page; a page has one. */
export class LivePreview {
  constructor(page) {
    Object.assign(this, { page, rates: new RatePreview(), releases: 0 });
  }

  /**
   * A slider was moved. While the rate is dragged, show the nearest fetched run and return its rate; else
   * ask.
   */
  changeSetting(set, dragging) {
    const preview = dragging && set.rate && this.rates.nearest(Number(set.rate), this.page.link);
    if (!preview) return this.page.request(set);
    this.show(preview, { rate: preview.rate });
    return preview.rate;
  }

  /** The start is dragged to `place`. One preview is requested at a time, the next for the latest place. */
  async dragStart(place, start) {
    const { scene, player, link } = this.page;
    if (scene.lesson?.asking || scene.fog || player.playing || usesStoredPoints(link))
      return this.page.place(place);
    this.wanted = { place, start };
    if (this.requesting) return undefined;
    this.requesting = true;
    const drag = this.releases;
    while (this.wanted && drag === this.releases) await this.showNext(drag);
    this.requesting = false;
    return undefined;
  }

  async showNext(drag) {
    const { place, start } = this.wanted;
    this.wanted = null;
    const preview = await fetchStartPreview(this.page.link, start, this.page.player.k);
    if (drag !== this.releases) return;
    if (!preview) return this.page.place(place);
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
   */
  show({ moment, arrays }, changed) {
    const { page } = this;
    document.documentElement.dataset.ready = "seen";
    page.arrays = { ...page.arrays, ...arrays };
    page.scene = { ...page.scene, ...changed, moment };
    page.stepText = { at: () => moment };
    page.player.load(moment.lastStep, moment.step);
    page.showTexts();
    drawScene(page.views, page.scene, page.arrays, page.player.k, () => true, true);
  }
}
