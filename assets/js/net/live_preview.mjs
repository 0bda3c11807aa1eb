// What is seen while a hand holds the rate or the start: the run at once, what is said of its other steps when it lets go.

import { Fan, without } from "./rate_preview.mjs";
import { row } from "../plot/step_slices.mjs";
import { draw } from "../plot/figure_set.mjs";
import { decode } from "../core/array_codec.mjs";

/** What the server sees of a run from another start; nothing where it is away or full. */
async function asked(link, start, k) {
  const query = `${without(link, "start", "k")}&start=${start}&k=${k}`.replace("?&", "?");
  const answer = await fetch(`glimpse${query}`).catch(() => null);
  if (!answer?.ok) return null;
  const { arrays, ...seen } = await answer.json();
  const whole = (array) => (array.row ? { values: row(array, 0), width: 0, shape: [] } : array);
  return { ...seen, k, arrays: Object.fromEntries(Object.entries(arrays).map(([name, array]) => [name, whole(decode(array))])) };
}

export class Glimpses {
  constructor(page) {
    Object.assign(this, { page, fan: new Fan(), turns: 0 });
  }

  /** A slider was turned: while it is held, the fan shows what it has, and says at which rate that is. */
  turn(set, held) {
    const stop = held && set.rate && this.fan.near(Number(set.rate), this.page.link);
    if (!stop) return this.page.ask(set);
    this.show(stop, { rate: stop.rate });
    return stop.rate;
  }

  /** The start is in a hand: one glimpse is asked for at a time, and of the places meanwhile the latest. */
  async drag(at, start) {
    const { scene, player, link } = this.page;
    if (scene.lesson?.asking || scene.fog || player.playing || link.includes("points=browser")) return this.page.place(at);
    this.wanted = { at, start };
    if (this.asking) return undefined;
    this.asking = true;
    const turn = this.turns;
    while (this.wanted && turn === this.turns) await this.next(turn);
    this.asking = false;
    return undefined;
  }

  async next(turn) {
    const { at, start } = this.wanted;
    this.wanted = null;
    const glimpse = await asked(this.page.link, start, this.page.player.k);
    if (turn !== this.turns) return;
    if (!glimpse) return this.page.place(at);
    this.show(glimpse, { start: at });
    this.page.sliders.follow("start", at);
  }

  /** The hand has let go: what is on its way is not wanted any more. */
  drop() {
    this.turns += 1;
    this.wanted = null;
  }

  /** The run at another rate or from another start, all but what is said of its other steps. */
  show({ k, last, layout, moment, arrays }, changed) {
    const { page } = this;
    document.documentElement.dataset.ready = "seen";
    page.arrays = { ...page.arrays, ...arrays };
    page.scene = { ...page.scene, ...changed, run: { ...page.scene.run, layout } };
    page.telling = { at: () => moment };
    page.player.load(last, Math.min(k, last));
    page.say();
    draw(page.views, page.scene, page.arrays, page.player.k, () => true, true);
  }
}
