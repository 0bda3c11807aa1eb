// The runs of a class, fetched from the server in as many parts as it takes, and what is counted of them.

import { decode } from "../core/array_codec.mjs";
import { message } from "../core/i18n.mjs";
import { send } from "./class_client.mjs";
import { pause } from "./try.mjs";

/** @import { Board, Cloud, RateLimit } from "../protocol.js" */
/** @import { Place } from "./small_map.mjs" */

/**
 * Runs by number: positions at frames run by run, the step of arrival (−1 without one), whether a run flies
 * apart.
 *
 * @typedef {object} Runs
 * @property {number[]} numbers of the students
 * @property {number[]} rates
 * @property {number} steps
 * @property {number[]} frames
 * @property {Float32Array} u
 * @property {Float32Array} v
 * @property {Float32Array} height
 * @property {number[]} arrived
 * @property {boolean[]} apart
 * @property {RateLimit} limit
 */

/** Characters of a request; the server takes 16 kB. */
const MOST_CHARACTERS = 15_000;
const WAIT_SECONDS = 2;

/**
 * Fetch runs in parts; a server that is busy is asked again.
 *
 * @param {string} link
 * @param {Board["attempts"]} attempts
 * @param {(done: number) => boolean} onPart called with the number of runs so far; false gives up
 * @returns {Promise<Runs | string>} a sentence if the server refuses
 */
export async function fetchRuns(link, attempts, onPart) {
  /** @type {Cloud[]} */
  const parts = [];
  let done = 0;
  while (done < attempts.length) {
    const { status, body, sentence } = await send("POST", address(), orderOf(link, attempts.slice(done)));
    if (status === 200) {
      parts.push(body);
      done += body.count;
    } else if (status === 0 || status === 429 || status >= 500) await pause(WAIT_SECONDS);
    else return sentence;
    if (!onPart(done)) return "";
  }
  return joinParts(attempts, parts);
}

const address = () => `cloud?lang=${document.documentElement.lang}`;

/**
 * As many of the first attempts as a request holds.
 *
 * @param {string} link
 * @param {Board["attempts"]} attempts
 */
export function orderOf(link, attempts) {
  let count = attempts.length;
  for (;;) {
    const some = attempts.slice(0, count);
    const order = { link, starts: some.map(([, start]) => start), rates: some.map(([, , rate]) => rate) };
    if (count === 1 || JSON.stringify(order).length <= MOST_CHARACTERS) return order;
    count = Math.ceil(0.8 * (count - 1));
  }
}

/**
 * @param {Board["attempts"]} attempts
 * @param {Cloud[]} parts
 * @returns {Runs}
 */
export function joinParts(attempts, parts) {
  const joined = (/** @type {"u" | "v" | "height"} */ name) => {
    const tables = parts.map((part) => decode(part[name]).values);
    const all = new Float32Array(tables.reduce((length, table) => length + table.length, 0));
    tables.reduce((at, table) => (all.set(table, at), at + table.length), 0);
    return all;
  };
  const { steps, frames, limit } = parts[0];
  return {
    numbers: attempts.map(([number]) => number),
    rates: attempts.map(([, , rate]) => rate),
    steps,
    frames,
    limit,
    u: joined("u"),
    v: joined("v"),
    height: joined("height"),
    arrived: parts.flatMap((part) => part.arrived),
    apart: parts.flatMap((part) => part.apart),
  };
}

/**
 * How many runs have arrived by a step, are on their way on the map, and have left it.
 *
 * @param {Runs} runs
 * @param {Uint8Array} inside whether each run is on the map, frame by frame
 * @param {number} frame
 */
export function countAt(runs, inside, frame) {
  const width = runs.frames.length;
  const counts = { there: 0, onTheWay: 0, left: 0 };
  runs.arrived.forEach((step, i) => {
    if (step >= 0 && step <= runs.frames[frame]) counts.there += 1;
    else if (inside[i * width + frame]) counts.onTheWay += 1;
    else counts.left += 1;
  });
  return counts;
}

/**
 * Rates evenly spread, as ratios, over the range of a class's rates, from one start.
 *
 * @param {[number, number]} range
 * @param {Place} start
 * @param {number} count
 * @returns {Board["attempts"]}
 */
export const sweepOf = ([low, high], start, count) =>
  Array.from({ length: count }, (_, i) => [
    0,
    start,
    Number((low * (high / low) ** (i / (count - 1))).toPrecision(6)),
  ]);

/**
 * What is told of a run that is fetched in parts.
 *
 * @param {number} done
 * @param {number} all
 */
export const progressWords = (done, all) => message("{done} of {all} runs are computed.", { done, all });
