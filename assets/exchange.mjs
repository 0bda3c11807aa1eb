// Questions to the server: one at a time, the latest wins, every figure is fetched once.

const PATIENCE = 8000;
const KEPT = 40;

export class Exchange {
  constructor(received, silent) {
    Object.assign(this, { received, silent, serial: 0, waiting: null, asked: null, figures: new Map() });
    window.dash_clientside = Object.assign(window.dash_clientside ?? {}, {
      losslab: { receive: (answer) => { this.answer(answer); return answer?.serial ?? 0; } },
    });
  }

  get busy() {
    return Boolean(this.asked || this.waiting);
  }

  /** Change keys of the link; `how` says how the address remembers it: "push", "replace". */
  ask(link, changes, how = "replace") {
    const before = this.waiting ?? { set: {}, how: "replace" };
    this.waiting = {
      link: this.waiting?.link ?? link,
      set: { ...before.set, ...changes },
      how: before.how === "push" || how === "push" ? "push" : how,
    };
    this.flush();
  }

  /** Forget what was asked and open another link. */
  open(link) {
    this.waiting = { link, set: {}, how: "none" };
    this.flush();
  }

  flush() {
    if (this.asked || !this.waiting) return;
    const { link, set, how } = this.waiting;
    this.asked = { serial: ++this.serial, how, retry: this.waiting };
    this.waiting = null;
    this.clock = setTimeout(() => this.missed(), PATIENCE);
    const data = { link, set, known: [...this.figures.keys()], serial: this.serial };
    window.dash_clientside.set_props("request", { data });
  }

  answer(scene) {
    if (!this.asked || scene?.serial !== this.asked.serial) return;
    clearTimeout(this.clock);
    const { how } = this.asked;
    this.asked = null;
    this.silent(false);
    this.receive(scene, how);
    if (this.waiting) this.waiting.link = scene.link;
    this.flush();
  }

  receive(scene, how) {
    for (const { name, figure } of Object.values(scene.figures)) if (figure) this.figures.set(name, figure);
    const figures = Object.entries(scene.figures).map(([view, { name }]) => [view, { name, figure: this.figures.get(name) }]);
    while (this.figures.size > KEPT) this.figures.delete(this.figures.keys().next().value);
    this.received({ ...scene, figures: Object.fromEntries(figures) }, how);
  }

  missed() {
    const { retry } = this.asked;
    this.asked = null;
    this.silent(true);
    if (this.waiting) this.flush();
    else this.unanswered = retry;
  }

  /** Ask once more what was not answered. */
  again() {
    if (this.unanswered) this.waiting = this.unanswered;
    this.unanswered = null;
    this.flush();
  }
}
