// What the wall shows of the answers of a class: bars of choices, places on a map.

import { element } from "../core/dom.mjs";
import { formatNumber, message, plural } from "../core/i18n.mjs";
import { richElement } from "../core/rich_text.mjs";
import { letterOf } from "./class_client.mjs";
import { distance, median, SmallMapView } from "./small_map.mjs";

/** @import { Board, Face, Question } from "../protocol.js" */
/** @import { Place } from "./small_map.mjs" */

/**
 * The choices of a question with bars of how many have chosen each, if that is to be seen.
 *
 * @param {Question} question
 * @param {Board} board
 */
export function createBars({ choices, reveal }, { counts }) {
  const [first, second] = counts;
  const shown = second ?? first;
  const total = Math.max(1, sum(shown));
  const createBar = (/** @type {number} */ i) => {
    const bar = element("span", { className: "bar", ariaHidden: "true" });
    if (second) bar.append(element("i", { className: "earlier" }));
    bar.append(element("i"));
    [...bar.children].forEach((part, k) => {
      const share = (counts[k][i] ?? 0) / Math.max(1, sum(counts[k]));
      if (part instanceof HTMLElement) part.style.width = `${100 * share}%`;
    });
    return bar;
  };
  const rows = choices.map((text, i) => {
    const mark = element("span", { className: "mark" }, letterOf(i));
    const row = element("li", {}, mark, richElement("span", text, { className: "text" }));
    if (reveal?.correct === i) {
      row.classList.add("correct");
      mark.textContent = "✓";
      mark.ariaLabel = message("{letter}, right", { letter: letterOf(i) });
      mark.role = "img";
    }
    if (shown) row.append(createVotes(shown[i] ?? 0, total, second ? (first[i] ?? 0) : null), createBar(i));
    return row;
  });
  return element("ul", { className: "class-bars" }, ...rows, ...(second ? [createVoteKey()] : []));
}

/** What the two bars of a choice are. */
function createVoteKey() {
  const vote = (/** @type {string} */ className, /** @type {string} */ words) =>
    element("span", { className }, words);
  return element(
    "li",
    { className: "vote-key" },
    vote("earlier", message("first vote")),
    vote("later", message("second vote")),
  );
}

/**
 * @param {number} n
 * @param {number} total
 * @param {number | null} earlier
 */
function createVotes(n, total, earlier) {
  const percent = Math.round((100 * n) / total);
  const words =
    earlier === null
      ? message("{n} · {percent} %", { n, percent })
      : message("{earlier} → {n} · {percent} %", { earlier, n, percent });
  return element("span", { className: "votes" }, words);
}

/** @param {number[] | undefined} values */
const sum = (values) => (values ?? []).reduce((total, value) => total + value, 0);

/**
 * The map of a question with the places of the class and, once revealed, the right one with the median
 * distance.
 *
 * @param {Question} question
 * @param {Board} board
 */
export function createMap({ map, reveal }, { places }) {
  if (!map) return [];
  const view = new SmallMapView(map);
  const [first = [], second] = /** @type {Place[][]} */ (places);
  const target = reveal?.target ?? null;
  view.mark({ places: second ?? first, earlier: second ? first : [], target });
  const guesses = second ?? first;
  if (!target || !guesses.length) return [view.root];
  const far = formatNumber(median(guesses.map((place) => distance(place, target))));
  const words = plural(
    "{n} answer, {far} from the right place.",
    "{n} answers; half of them are within {far} of the right place.",
    { n: guesses.length, far },
  );
  return [view.root, element("p", { className: "median" }, words)];
}

/**
 * How many have answered or tried, while they are asked to; empty in other beats.
 *
 * @param {Face["beat"]} beat
 * @param {number} n
 * @param {number} here
 */
export function countWords(beat, n, here) {
  const values = { n, here: Math.max(here, n) };
  if (beat === "ask" || beat === "show") return message("{n} of {here} have answered", values);
  return beat === "try" ? message("{n} of {here} have tried", values) : "";
}

/** @param {number} n */
export const presentWords = (n) =>
  n ? plural("{n} is here", "{n} are here", { n }) : message("Nobody is here yet");
