// What a teacher may do next, by the share of the class that is right.

import { element } from "../core/dom.mjs";
import { message, plural } from "../core/i18n.mjs";

/** @import { Board } from "../protocol.js" */

/** Shares between which a talk with a neighbour helps most, as is usual in peer instruction. */
const FEW = 0.3;
const MOST = 0.7;
const ROUNDS = 2;

/**
 * The share of the answers of the present round that is right; null while it is not to be seen, or of places.
 *
 * @param {Pick<Board, "face" | "right" | "answered">} board
 * @returns {number | null}
 */
function shareRight({ face, right = [], answered }) {
  const n = right[face.round - 1];
  return face.beat !== "show" || n === undefined || !answered ? null : n / answered;
}

/**
 * What to do once the answers are shown, for everybody's eyes: it names no number, which would give away the
 * right bar. Empty if there is nothing to say.
 *
 * @param {Pick<Board, "face" | "right" | "answered">} board
 */
export function adviceWords(board) {
  const share = shareRight(board);
  if (share === null) return "";
  if (share > MOST) return message("Ask somebody why, then reveal it.");
  if (board.face.round === ROUNDS) return message("Reveal it, and explain it step by step.");
  if (share < FEW) return message("Look at the picture again together. Then vote again.");
  return message("Two minutes with a neighbour: convince each other. Then vote again.");
}

/**
 * The same for the teacher alone.
 *
 * @param {Pick<Board, "face" | "right" | "answered">} board
 */
export function privateAdvice(board) {
  const share = shareRight(board);
  if (share === null) return "";
  const percent = Math.round(100 * share);
  return message("{percent} % are right. {advice}", { percent, advice: adviceWords(board) });
}

/**
 * How many changed their choice between both rounds, once the class knows what is right.
 *
 * @param {Pick<Board, "face" | "changed">} board
 */
export function changeWords({ face, changed }) {
  if (!changed || (face.beat !== "reveal" && face.beat !== "explore")) return [];
  const [better, worse] = changed;
  return [
    plural("{n} changed from wrong to right.", "{n} changed from wrong to right.", { n: better }),
    plural("{n} changed from right to wrong.", "{n} changed from right to wrong.", { n: worse }),
  ];
}

/**
 * What stands below the answers on the wall.
 *
 * @param {Board} board
 */
export function createAdvice(board) {
  const [advice, changes] = [adviceWords(board), changeWords(board).join(" ")];
  const create = (/** @type {string} */ className, /** @type {string} */ text) =>
    text ? [element("p", { className }, text)] : [];
  return [...create("advice", advice), ...create("changes", changes)];
}
