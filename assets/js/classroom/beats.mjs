// The beats of a turn of a live class; app/classroom/class_state.py says what they are.

import { message } from "../core/i18n.mjs";

/** @import { Face } from "../protocol.js" */

const BEATS = /** @type {const} */ (["lobby", "ask", "show", "reveal", "try", "run", "explore"]);

/** How often a class may vote in a turn. */
export const ROUNDS = 2;

/**
 * The beats of a turn in their order; those of trying are left out where nothing can be tried.
 *
 * @param {boolean} canTry
 * @returns {readonly Face["beat"][]}
 */
export const beatsOf = (canTry) =>
  canTry ? BEATS : BEATS.filter((beat) => beat !== "try" && beat !== "run");

/** Whether the class has been asked. @param {Face["beat"]} beat */
export const isAfterAsking = (beat) => BEATS.indexOf(beat) > BEATS.indexOf("ask");

/** Whether the class knows what is so. @param {Face["beat"]} beat */
export const isRevealing = (beat) => BEATS.indexOf(beat) >= BEATS.indexOf("reveal");

/**
 * What leads to a beat, in words.
 *
 * @param {Face["beat"]} beat
 * @param {boolean} isFirstTurn
 */
export function wordsTo(beat, isFirstTurn) {
  const /** @type {Record<Face["beat"], string>} */ words = {
    lobby: "",
    ask: isFirstTurn ? message("Ask") : message("Next question"),
    show: message("Show the answers"),
    reveal: message("Reveal"),
    try: message("Let them try"),
    run: message("Run them all"),
    explore: message("Let them explore"),
  };
  return words[beat];
}
