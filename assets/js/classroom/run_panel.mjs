// What the wall shows of the class's own runs: the cloud, then the cliff, then 2/L through it.

import { element } from "../core/dom.mjs";
import { message } from "../core/i18n.mjs";
import { fetchRuns, progressWords, sweepOf } from "./class_runs.mjs";
import { CliffView, edgeOf } from "./cliff.mjs";
import { CloudView } from "./cloud.mjs";

/** @import { AttemptField, Board } from "../protocol.js" */
/** @import { Runs } from "./class_runs.mjs" */

/** The views in their order; the last one draws 2/L and rings three dots. */
const VIEWS = /** @type {const} */ (["cloud", "cliff", "limit"]);
/** Rates of the sweep, which is drawn as a line. */
const SWEEP_RATES = 120;

export class RunPanel {
  /** @param {() => void} onChange called when there is something else to show */
  constructor(onChange) {
    this.onChange = onChange;
    /** What was asked for. */
    this.asked = "";
    /** What is said while there is nothing to show. */
    this.words = "";
    this.view = 0;
    /** @type {Runs | null} */
    this.runs = null;
    /** @type {CloudView | null} */
    this.cloud = null;
    /** @type {CliffView | null} */
    this.cliff = null;
  }

  /** What identifies the present picture. */
  get shown() {
    return [this.asked, this.words, this.view, Boolean(this.runs)];
  }

  /** Whether the next press shows another view, not another beat. */
  get hasNext() {
    return Boolean(this.runs) && this.view < VIEWS.length - 1;
  }

  get hasBack() {
    return Boolean(this.runs) && this.view > 0;
  }

  /** What the next press does, in words. */
  get nextWords() {
    if (this.view === 0) return message("Show the cliff");
    return this.runs?.limit.rate ? message("Draw 2/L") : message("Ring three dots");
  }

  /**
   * Fetch the runs of what the class has tried, unless that is done.
   *
   * @param {AttemptField} field
   * @param {Board} board
   */
  async follow(field, { attempts, face }) {
    const asked = JSON.stringify([face.turn, attempts]);
    if (asked === this.asked) return;
    this.close();
    this.asked = asked;
    this.view = face.lit.length ? VIEWS.length - 1 : 0;
    this.words = attempts.length ? progressWords(0, attempts.length) : message("Nobody has tried a rate.");
    if (!attempts.length) return;
    const isWanted = () => this.asked === asked;
    const runs = await fetchRuns(field.link, attempts, (done) => {
      this.words = progressWords(done, attempts.length);
      this.onChange();
      return isWanted();
    });
    if (!isWanted()) return;
    if (typeof runs === "string") this.words = runs;
    else this.begin(field, runs);
    this.onChange();
  }

  /**
   * @param {AttemptField} field
   * @param {Runs} runs
   */
  begin(field, runs) {
    this.runs = runs;
    this.cloud = new CloudView(field.map, runs);
    this.cliff = new CliffView(runs);
    this.show();
    this.fetchSweep(field, this.cliff);
  }

  /**
   * @param {AttemptField} field
   * @param {CliffView} cliff
   */
  async fetchSweep({ link, map, rates }, cliff) {
    const attempts = sweepOf(rates, map.start, SWEEP_RATES);
    const sweep = await fetchRuns(link, attempts, () => this.cliff === cliff);
    if (typeof sweep === "string") return;
    cliff.sweep = sweep;
    if (this.view) cliff.draw();
  }

  /** Draw the present view. */
  show() {
    const { cloud, cliff } = this;
    if (!cloud || !cliff) return;
    if (this.view === 0) cloud.play();
    else {
      cloud.stop();
      cliff.showsLimit = this.view === VIEWS.length - 1;
      cliff.draw();
    }
  }

  next() {
    this.view += 1;
    this.show();
  }

  back() {
    this.view -= 1;
    this.show();
  }

  /** The numbers of the students whose dots are ringed in the last view, 0 for none of a kind. */
  get lit() {
    const { runs } = this;
    if (!runs || this.view < VIEWS.length - 1) return [];
    const { soonest, below, beyond } = edgeOf(runs);
    return [soonest, below, beyond].map((place) => runs.numbers[place] ?? 0);
  }

  /** What the body of the wall shows. */
  get parts() {
    if (!this.runs) return [element("p", { className: "cloud-words", role: "status" }, this.words)];
    return [/** @type {HTMLElement} */ ((this.view ? this.cliff : this.cloud)?.root)];
  }

  close() {
    this.cloud?.stop();
    this.asked = "";
    this.runs = this.cloud = this.cliff = null;
  }
}
