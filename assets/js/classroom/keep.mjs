// What a teacher keeps of a class: counts as CSV, a picture of them, and a link to each turn.

import { buttonElement, element } from "../core/dom.mjs";
import { message, plural } from "../core/i18n.mjs";
import { plainText } from "../core/rich_text.mjs";
import { saveCanvas, saveFile } from "../core/save_file.mjs";
import { letterOf } from "./class_client.mjs";

/** @import { ClassTally, Question } from "../protocol.js" */

/** @typedef {Map<number, Question>} Questions questions by turn, as far as this screen has seen them */

const COLUMNS = ["turn", "round", "choice", "answers", "right", "link"];
const NAME = "losslab-class";

/** Sizes of the picture in CSS pixels; `SCALE` device pixels each. */
const [SCALE, WIDTH, MARGIN, LINE, BAR] = [2, 960, 32, 26, 34];

/**
 * The counts of a class as CSV: a row for each choice of each round of each turn, or for each round where a
 * place was asked for.
 *
 * @param {ClassTally[]} turns
 * @param {string} base the address before a link
 */
export function countsAsCsv(turns, base) {
  const rows = turns.flatMap(({ turn, link, counts, answered, correct }) =>
    answered.flatMap((total, round) => {
      const ofRound = counts[round] ?? [];
      if (!ofRound.length) return [[turn, round + 1, "", total, "", base + link]];
      return ofRound.map((n, i) => {
        const right = correct === null ? "" : i === correct ? "yes" : "no";
        return [turn, round + 1, letterOf(i), n, right, base + link];
      });
    }),
  );
  return [COLUMNS, ...rows].map((row) => `${row.map(cell).join(",")}\r\n`).join("");
}

const QUOTE = "\x22";

/** A cell of a CSV file. @param {string | number} value */
function cell(value) {
  const text = String(value);
  return /[\x22,\r\n]/.test(text) ? QUOTE + text.replaceAll(QUOTE, QUOTE + QUOTE) + QUOTE : text;
}

/**
 * The lines of a picture of the counts: headings, and bars of a choice.
 *
 * @param {ClassTally[]} turns
 * @param {Questions} questions
 * @returns {({ heading: string } | { text: string, note: string, share: number, right: boolean })[]}
 */
export function linesOfPicture(turns, questions) {
  return turns.flatMap(({ turn, link, counts, answered, correct }) => {
    const question = questions.get(turn);
    const heading = question ? plainText(question.question) : link || "?";
    const rounds = answered.flatMap((total, round) => {
      const ofRound = counts[round] ?? [];
      const values = { round: round + 1, n: total };
      const words = plural("Vote {round}: {n} answer", "Vote {round}: {n} answers", values);
      const bars = ofRound.map((n, i) => ({
        text: [letterOf(i), ...(question ? [plainText(question.choices[i] ?? "")] : [])].join(" "),
        note: String(n),
        share: n / Math.max(1, total),
        right: i === correct,
      }));
      return [{ heading: words }, ...bars];
    });
    return [{ heading: `${turn}. ${heading}` }, ...rounds];
  });
}

/**
 * Draw the counts on a canvas, black on white as for paper.
 *
 * @param {ReturnType<typeof linesOfPicture>} lines
 */
function drawPicture(lines) {
  const heights = lines.map((line) => ("heading" in line ? LINE : BAR));
  const height = heights.reduce((sum, each) => sum + each, 2 * MARGIN);
  const canvas = element("canvas", { width: SCALE * WIDTH, height: SCALE * height });
  const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  const family = getComputedStyle(document.body).fontFamily;
  context.scale(SCALE, SCALE);
  context.fillStyle = "#fff";
  context.fillRect(0, 0, WIDTH, height);
  let top = MARGIN;
  lines.forEach((line, i) => {
    const middle = top + heights[i] / 2;
    context.textBaseline = "middle";
    context.fillStyle = "#1b1b1f";
    if ("heading" in line) {
      context.font = `600 16px ${family}`;
      context.fillText(line.heading, MARGIN, middle, WIDTH - 2 * MARGIN);
    } else {
      const [left, room] = [MARGIN + 420, WIDTH - 2 * MARGIN - 480];
      context.font = `15px ${family}`;
      context.fillText(line.right ? `✓ ${line.text}` : line.text, MARGIN, middle, 400);
      context.fillText(line.note, left + room * line.share + 8, middle);
      context.fillStyle = line.right ? "#0b7a4b" : "#8a8f98";
      context.fillRect(left, middle - 8, room * line.share, 16);
    }
    top += heights[i];
  });
  return canvas;
}

/**
 * What a teacher may take home, as a part of the panel.
 *
 * @param {ClassTally[]} turns
 * @param {Questions} questions
 * @param {string} base the address before a link
 */
export function createKeepPart(turns, questions, base) {
  if (!turns.length) return element("p", { className: "soft" }, message("Nothing was asked yet."));
  const saveCounts = () =>
    saveFile(new Blob(["\ufeff", countsAsCsv(turns, base)], { type: "text/csv" }), `${NAME}.csv`);
  const savePicture = () => saveCanvas(drawPicture(linesOfPicture(turns, questions)), `${NAME}.png`);
  const links = turns.map(({ turn, link }) => {
    const question = questions.get(turn);
    const text = question ? plainText(question.question) : link;
    return element("li", { value: turn }, element("a", { href: base + link, target: "_blank" }, text));
  });
  return element(
    "section",
    { className: "class-keep", id: "class-keep-part" },
    element("p", {}, message("The server forgets the class at its end. Counts only; nobody is named.")),
    buttonElement(message("Counts (CSV)"), saveCounts, { id: "class-csv" }),
    buttonElement(message("Picture (PNG)"), savePicture, { id: "class-png" }),
    element("ol", {}, ...links),
  );
}
