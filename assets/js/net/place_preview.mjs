// What the model of a place is like while the place is pointed at: asked of the server, one question at a
// time.

import { decodeAll } from "../core/array_codec.mjs";
import { spellNumbers, withValues } from "../core/link.mjs";
import { delay } from "../core/timing.mjs";

/** @import { PlacePreview as Answer, Scene } from "../protocol.js" */
/** @import { RunArrays } from "../types.js" */

/** Milliseconds from a question to the next: a class that points must not keep the server busy. */
const INTERVAL = 80;

/** @typedef {Omit<Answer, "arrays"> & { arrays: RunArrays }} DecodedPlace */

export class PlacePreview {
  /**
   * The latest place, and the link whose problem it belongs to; null while none is pointed at.
   *
   * @type {{ link: string, place: Scene["start"] } | null}
   */
  wanted = null;
  asking = false;

  /** @param {(answer: DecodedPlace | null) => void} onAnswer null if the server did not answer */
  constructor(onAnswer) {
    this.onAnswer = onAnswer;
  }

  /**
   * Ask for a place as soon as the question before it is answered, if it still is the latest then.
   *
   * @param {string} link
   * @param {Scene["start"]} place
   */
  async ask(link, place) {
    this.wanted = { link, place };
    if (this.asking) return;
    this.asking = true;
    /** @type {PlacePreview["wanted"]} */
    let asked = null;
    while (this.wanted && this.wanted !== asked) {
      asked = this.wanted;
      const [answer] = await Promise.all([fetchPlace(asked.link, asked.place), delay(INTERVAL)]);
      if (this.wanted) this.onAnswer(answer);
    }
    this.asking = false;
  }

  /** No place is pointed at any more: ignore what is still under way. */
  cancel() {
    this.wanted = null;
  }
}

/**
 * @param {string} link
 * @param {Scene["start"]} place
 * @returns {Promise<DecodedPlace | null>}
 */
async function fetchPlace(link, place) {
  const query = withValues(link, { start: spellNumbers(place) });
  const response = await fetch(`place${query}`).catch(() => null);
  const answer = response?.ok ? await response.json() : null;
  return answer && { ...answer, arrays: decodeAll(answer.arrays) };
}
