// What a SCORM 1.2 package records: which of its lessons are answered, and which of them right.

/**
 * The functions of the learning platform that SCORM 1.2 names.
 *
 * @typedef {object} ScormApi
 * @property {(argument: "") => string} LMSInitialize
 * @property {(argument: "") => string} LMSFinish
 * @property {(name: string) => string} LMSGetValue
 * @property {(name: string, value: string) => string} LMSSetValue
 * @property {(argument: "") => string} LMSCommit
 */

/**
 * Whether each answered lesson was answered right; null for a place on the map.
 *
 * @typedef {Record<string, boolean | null>} Answers
 */

/** The most frames around the package in which the platform is looked for. */
const MOST_FRAMES = 50;

/**
 * The platform of a window, of the frames around it or of the window that opened it; null if there is none.
 *
 * @param {any} start
 * @returns {ScormApi | null}
 */
export function findApi(start) {
  for (const first of [start, start.opener]) {
    let [frame, left] = [first, MOST_FRAMES];
    while (frame && left > 0) {
      try {
        if (frame.API) return frame.API;
      } catch {
        break; // a frame of another site
      }
      frame = frame.parent === frame ? null : frame.parent;
      left -= 1;
    }
  }
  return null;
}

/**
 * The answers to some lessons in a message; null for whatever else it may be.
 *
 * @param {any} data
 * @param {string[]} keys
 * @returns {Answers | null}
 */
export function answersIn(data, keys) {
  if (data?.losslab !== "answers" || !data.answers || typeof data.answers !== "object") return null;
  const known = keys.filter((key) => Object.hasOwn(data.answers, key));
  return Object.fromEntries(known.map((key) => [key, toRight(data.answers[key])]));
}

/** @param {unknown} right */
const toRight = (right) => (typeof right === "boolean" ? right : null);

/**
 * A duration as SCORM 1.2 writes it.
 *
 * @param {number} milliseconds
 */
export function timespan(milliseconds) {
  const seconds = Math.floor(milliseconds / 1000);
  const parts = [Math.min(9999, Math.floor(seconds / 3600)), Math.floor(seconds / 60) % 60, seconds % 60];
  return parts.map((part, i) => String(part).padStart(i ? 2 : 4, "0")).join(":");
}

export class ScormRecord {
  /** @type {Answers} */
  answers = {};

  /**
   * @param {ScormApi | null} api
   * @param {string[]} keys the lessons of the package
   * @param {number} now in milliseconds
   */
  constructor(api, keys, now) {
    this.api = api;
    this.keys = keys;
    this.began = now;
  }

  /** Begin, with what was answered at an earlier visit; return whether the platform takes part. */
  begin() {
    if (this.api?.LMSInitialize("") !== "true") this.api = null;
    if (!this.api) return false;
    this.answers = this.parse(this.api.LMSGetValue("cmi.suspend_data"));
    if (this.api.LMSGetValue("cmi.core.lesson_status") === "not attempted") {
      this.api.LMSSetValue("cmi.core.lesson_status", "incomplete");
    }
    return true;
  }

  /**
   * The answers that were stored: a digit for each lesson in the order of the package.
   *
   * @param {string} text
   * @returns {Answers}
   */
  parse(text) {
    /** @type {Map<string, boolean | null>} */
    const values = new Map([
      ["0", false],
      ["1", true],
      ["2", null],
    ]);
    const known = this.keys.map((key, i) => [key, values.get(text[i])]);
    return Object.fromEntries(known.filter(([, right]) => right !== undefined));
  }

  /** The answers as they are stored. */
  get stored() {
    const digit = (/** @type {string} */ key) => {
      if (!(key in this.answers)) return "-";
      return this.answers[key] === null ? "2" : String(Number(this.answers[key]));
    };
    return this.keys.map(digit).join("");
  }

  get isComplete() {
    return this.keys.every((key) => key in this.answers);
  }

  /** The share of right answers to choices in percent; null while no choice was made. */
  get score() {
    const rights = Object.values(this.answers).filter((right) => right !== null);
    return rights.length ? Math.round((100 * rights.filter(Boolean).length) / rights.length) : null;
  }

  /**
   * Take over new answers; the first one to a lesson counts.
   *
   * @param {Answers} answers
   */
  add(answers) {
    const before = this.stored;
    this.answers = { ...answers, ...this.answers };
    if (this.stored !== before) this.send();
  }

  send() {
    if (!this.api) return;
    this.api.LMSSetValue("cmi.suspend_data", this.stored);
    if (this.isComplete) {
      if (this.score !== null) {
        this.api.LMSSetValue("cmi.core.score.min", "0");
        this.api.LMSSetValue("cmi.core.score.max", "100");
        this.api.LMSSetValue("cmi.core.score.raw", String(this.score));
      }
      this.api.LMSSetValue("cmi.core.lesson_status", "completed");
    }
    this.api.LMSCommit("");
  }

  /**
   * End the visit.
   *
   * @param {number} now in milliseconds
   */
  finish(now) {
    if (!this.api) return;
    this.api.LMSSetValue("cmi.core.session_time", timespan(now - this.began));
    this.api.LMSSetValue("cmi.core.exit", this.isComplete ? "" : "suspend");
    this.api.LMSCommit("");
    this.api.LMSFinish("");
    this.api = null;
  }
}
