// Questions to the server: one at a time, the latest wins, every figure is fetched once.

import { listen, restored } from "./line.mjs";

const PATIENCE = 20000;
const KEPT = 40;

/** Data of one's own that are too many for a link: they stay in this tab. */
export const keep = (points) => sessionStorage.setItem("points", points);
export const kept = () => sessionStorage.getItem("points") ?? "";

export class Exchange {
  /** `received` takes a scene, `finer` a part of the basins, `silent` whether the server is away. */
  constructor(received, finer, silent) {
    Object.assign(this, { received, finer, silent, serial: 0, waiting: null, asked: null, down: false, figures: new Map() });
    listen(() => this.missed());
    window.dash_clientside = Object.assign(window.dash_clientside ?? {}, {
      losslab: { receive: (answer) => { this.answer(answer); return answer?.serial ?? 0; } },
    });
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
    this.waiting = { link, set: {}, how: "none" };
    this.flush();
  }

  flush() {
    if (this.asked || this.down || !this.waiting) return;
    const { link, set = {}, how, part } = this.waiting;
    this.asked = { serial: ++this.serial, how, retry: this.waiting };
    this.waiting = null;
    this.clock = setTimeout(() => this.missed(), PATIENCE);
    const data = part ? { link, part, serial: this.serial } : { link, set, known: [...this.figures.keys()], serial: this.serial };
    if (`${link}&${new URLSearchParams(set)}`.includes("points=browser")) data.rows = kept();
    window.dash_clientside.set_props("request", { data });
  }

  answer(scene) {
    if (!this.asked || scene?.serial !== this.asked.serial) return;
    clearTimeout(this.clock);
    const { how, retry } = this.asked;
    this.asked = null;
    this.silent(false);
    if (retry.part) this.finer(scene);
    else this.receive(scene, how);
    if (this.waiting?.set && !retry.part) this.waiting.link = scene.link;
    this.flush();
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
    if (!this.asked || this.down) return;
    clearTimeout(this.clock);
    const { retry } = this.asked;
    const later = this.waiting ?? { set: {}, how: "replace" };
    if (retry.part) this.waiting ??= retry;
    else this.waiting = later.how === "none" ? later : { ...retry, set: { ...retry.set, ...later.set } };
    this.asked = null;
    this.down = true;
    this.silent(true);
    await restored();
    this.down = false;
    this.flush();
  }
}
