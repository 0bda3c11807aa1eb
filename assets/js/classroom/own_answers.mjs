// The answers that a phone keeps: those of the present turn, one a round, and what it tries.

import { isAttempt } from "./try.mjs";

/** @import { Attempt, Face } from "../protocol.js" */
/** @import { Place } from "./small_map.mjs" */

/** @typedef {number | Place | Attempt} Answer */

/** The key of a round among the answers. @param {Pick<Face, "turn" | "round">} face */
export const ballotOf = ({ turn, round }) => `${turn} ${round}`;

/**
 * The key of what is tried in a turn among the answers; no round has the number 0.
 *
 * @param {Pick<Face, "turn">} face
 */
export const attemptOf = ({ turn }) => ballotOf({ turn, round: 0 });

/**
 * The answers with another one of the turn of a face; those of other turns are dropped.
 *
 * @param {Record<string, Answer>} answers
 * @param {Pick<Face, "turn" | "round">} face
 * @param {Answer} value
 */
export function withAnswer(answers, face, value) {
  const ofTurn = Object.entries(answers).filter(([key]) => key.startsWith(`${face.turn} `));
  const key = isAttempt(value) ? attemptOf(face) : ballotOf(face);
  return { ...Object.fromEntries(ofTurn), [key]: value };
}
