// Questions to the server: one at a time, the latest wins, every figure is fetched once.

import { ask, restored } from "./client.mjs";

const KEPT = 40;

/** Data of one's own that are too many for a link: they stay in this tab. */
export const keep = (points) => sessionStorage.setItem("points", points);
export const kept = () => sessionStorage.getItem("points") ?? "";

export class Exchange {
  /** `received` takes a scene, `finer` a part of the basins, `silent` whether the server is away. */
  constructor(received, finer, silent) {
    Object.assign(this, { received, finer, silent, waiting: null, asked: null, figures: new Map() });
  }

  get busy() {
    return Boolean(this.asked || this.waiting);
  }

  /** Change keys of the link; `how` says how the address remembers it: "push", "replace". */
  ask(link, changes, how = "replace") {
    const before = this.waiting?.set ? this.waiting : { set: {}, how: "replace" };
    this.waiting = {
      link: before.link ?? link,
      set: { ...before.set, ...changes },
      how: before.how === "push" || how === "push" ? "push" : how,
      opened: before.opened,
    };
    this.flush();
  }

  /** A link opened without the data that only this tab has: ask again with them. */
  restore(link) {
    if (link.includes("points=browser") && kept()) this.open(link);
  }

  /** Ask for a part of the basins, unless anything else is wanted; whether it was asked. */
  refine(link, part) {
    if (this.busy) return false;
    this.waiting = { link, part };
    this.flush();
    return true;
  }

  /** Forget what was asked and open another link. */
  open(link) {
    this.waiting = { link, set: {}, how: "none", opened: true };
    this.flush();
  }

  async flush() {
    if (this.asked || !this.waiting) return;
    this.asked = this.waiting;
    this.waiting = null;
    const { link, set = {}, how, part } = this.asked;
    const value = part ? { link, part } : { link, set, known: [...this.figures.keys()] };
    if (`${link}&${new URLSearchParams(set)}`.includes("points=browser")) value.rows = kept();
    const { scene, lost } = await ask(value);
    if (lost) await this.missed();
    this.asked = null;
    if (scene) this.answer(scene, how, part);
    this.flush();
  }

  answer(scene, how, part) {
    this.silent(false);
    if (part) this.finer(scene);
    else this.receive(scene, how);
    if (this.waiting?.set && !this.waiting.opened && !part) this.waiting.link = scene.link;
  }

  receive(scene, how) {
    const { sentence } = scene.controls;
    for (const { name, figure } of [...Object.values(scene.figures), sentence]) if (figure) this.figures.set(name, figure);
    const figures = Object.entries(scene.figures).map(([view, { name }]) => [view, { name, figure: this.figures.get(name) }]);
    const controls = { ...scene.controls, sentence: this.figures.get(sentence.name) };
    while (this.figures.size > KEPT) this.figures.delete(this.figures.keys().next().value);
    this.received({ ...scene, controls, figures: Object.fromEntries(figures) }, how);
  }

  /** Keep the question, say so, and ask it again with all that was turned since when the server is back. */
  async missed() {
    this.silent(true);
    await restored();
    const missed = this.asked;
    const later = this.waiting ?? { set: {}, how: "replace" };
    if (missed.part) this.waiting ??= missed;
    else this.waiting = later.how === "none" ? later : { ...missed, set: { ...missed.set, ...later.set } };
  }
}
