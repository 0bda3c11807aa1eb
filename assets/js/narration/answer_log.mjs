// What was answered in this tab: for the completion slip, and for a page around this one that asks for it,
// such as the launch page of a SCORM package.

import { valueIn, withoutKeys } from "../core/link.mjs";

/** @import { CompleteScene, RunArrays } from "../types.js" */

/** The name under which the tab keeps its answers. */
const STORED = "answers";
/** The most answers that are kept: as many as a slip shows (`app/api/completion_slip.py`). */
const MOST = 24;
/** Keys of a link that are not of the run. */
const NOT_OF_THE_RUN = ["k", "hide", "embed", "theme", "lang"];

/**
 * An answered lesson.
 *
 * @typedef {object} Answered
 * @property {string} answer what was predicted, as the link spells it
 * @property {string} surface the surface on which runs can be compared
 * @property {string} best the link of the best run on it
 * @property {number} loss its last loss
 * @property {number} steps after how many steps it was as low
 */

/**
 * After how many steps a run was as low as at its end, but for a millionth of its way.
 *
 * @param {ArrayLike<number>} losses
 */
export function stepsToEnd(losses) {
  const last = losses.length - 1;
  const most = losses[last] + 1e-6 * Math.abs(losses[0] - losses[last]);
  let k = last;
  while (k > 0 && losses[k - 1] <= most) k -= 1;
  return k;
}

/**
 * Whether a run ends lower than another, or as low in fewer steps.
 *
 * @param {{ loss: number, steps: number }} run
 * @param {{ loss: number, steps: number }} other
 */
export function isBetter(run, other) {
  if (!Number.isFinite(run.loss) || !Number.isFinite(other.loss)) return Number.isFinite(run.loss);
  const margin = 1e-6 * Math.max(Math.abs(run.loss), Math.abs(other.loss));
  if (Math.abs(run.loss - other.loss) > margin) return run.loss < other.loss;
  return run.steps < other.steps;
}

/**
 * The run of a scene: its link, its last loss, and after how many steps it was as low.
 *
 * @param {CompleteScene} scene
 * @param {RunArrays} arrays
 */
function runOf(scene, arrays) {
  const losses = arrays.loss.values;
  const best = withoutKeys(scene.shortLink, ...NOT_OF_THE_RUN);
  return { best, loss: Number(losses[losses.length - 1]), steps: stepsToEnd(losses) };
}

export class AnswerLog {
  /**
   * Whether each lesson that was answered since the page was opened was answered right at first; null for a
   * place.
   *
   * @type {Record<string, boolean | null>}
   */
  first = {};
  /**
   * Who is told of answers.
   *
   * @type {(() => void)[]}
   */
  listeners = [];

  /** @param {Pick<Storage, "getItem" | "setItem"> | null} storage null if the browser denies it */
  constructor(storage) {
    this.storage = storage;
    /** @type {Record<string, Answered>} */
    this.answered = this.read();
  }

  /** @returns {Record<string, Answered>} */
  read() {
    try {
      return JSON.parse(this.storage?.getItem(STORED) ?? "{}");
    } catch {
      return {};
    }
  }

  /** Keep what was answered for a reload of this tab. */
  store() {
    try {
      this.storage?.setItem(STORED, JSON.stringify(this.answered));
    } catch {
      // denied or full: it is kept until the page is left
    }
  }

  /**
   * Take note of an answer, and of a better run after it.
   *
   * @param {CompleteScene} scene
   * @param {CompleteScene | null} before the scene before it
   * @param {RunArrays} arrays
   */
  record(scene, before, arrays) {
    const { lesson, surfaceName: surface } = scene;
    if (!lesson?.answer) return;
    const run = runOf(scene, arrays);
    if (before?.lesson?.asking && before.lesson.key === lesson.key) {
      this.recordAnswer(lesson.key, lesson.answer.right, { surface, ...run });
    }
    const known = this.answered[lesson.key];
    if (known?.surface === surface && isBetter(run, known)) Object.assign(known, run);
    this.store();
  }

  /**
   * Take note of the answer to a question, if it is the first.
   *
   * @param {string} key the lesson's
   * @param {boolean | null} right
   * @param {Omit<Answered, "answer">} run
   */
  recordAnswer(key, right, run) {
    if (!(key in this.first)) this.first[key] = right;
    if (!(key in this.answered) && Object.keys(this.answered).length < MOST) {
      this.answered[key] = { answer: valueIn(run.best, "a") ?? "", ...run };
    }
    for (const tell of this.listeners) tell();
  }

  /** The query of the completion slip: each answered lesson as its link, with the first answer to it. */
  slipQuery() {
    const links = Object.values(this.answered).map(({ answer, best }) => {
      const values = new URLSearchParams(best);
      values.set("a", answer);
      return values.toString();
    });
    return new URLSearchParams([
      ...links.map((link) => ["did", link]),
      ["lang", document.documentElement.lang],
    ]).toString();
  }
}

/**
 * Tell the page around this one, once it asks, which lessons are answered. Nothing else is told, and nobody
 * else: not a page that has not asked.
 *
 * @param {AnswerLog} log
 */
export function reportAnswers(log) {
  if (parent === window) return;
  addEventListener("message", ({ source, origin, data }) => {
    if (source !== parent || data?.losslab !== "report") return;
    const target = origin === "null" ? "*" : origin;
    const tell = () => parent.postMessage({ losslab: "answers", answers: log.first }, target);
    log.listeners = [tell];
    tell();
  });
}

/** The storage of this tab; null if the browser denies it. */
export function tabStorage() {
  try {
    return sessionStorage;
  } catch {
    return null;
  }
}
