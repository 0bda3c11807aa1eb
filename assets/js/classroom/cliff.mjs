// The cliff: the steps to arrive against the rate, one dot a student, and 2/L through it.

import { element } from "../core/dom.mjs";
import { formatNumber, message, plural } from "../core/i18n.mjs";
import { themeValue } from "../core/theme.mjs";
import { tableOf } from "./cloud.mjs";
import { median } from "./small_map.mjs";

/** @import { Runs } from "./class_runs.mjs" */

const WIDTH = 1800;
const HEIGHT = 640;
const FRAME = { left: 340, right: 1770, top: 176, bottom: 530 };
/** The middle of the rows of those that never arrived. */
const STRIP = { top: 6, bottom: 152 };
const ROWS = { apart: 44, late: 114 };
const FONT = "system-ui, sans-serif";
const RADIUS = 13;
/** Room beside the lowest and the highest rate, as a share of the axis. */
const ROOM = 0.03;
/** Ratios of rates of which the table makes one row. */
const TABLE_ROWS = 8;

/**
 * Where the edge is among runs: the places of who was there soonest, of the highest rate below the cliff that
 * arrived and of the first beyond it, −1 for none. Beyond is the lowest rate that flies apart; where none
 * does, the lowest of those above 2/L, if that is known, and above all that arrive.
 *
 * @param {Pick<Runs, "rates" | "arrived" | "apart" | "limit">} runs
 */
export function edgeOf({ rates, arrived, apart, limit }) {
  const all = rates.map((_, i) => i);
  const there = all.filter((i) => arrived[i] >= 0);
  const soonest = lowest(there, (i) => arrived[i]);
  const flown = all.filter((i) => apart[i]);
  const least = Math.max(limit.rate ?? 0, ...there.map((i) => rates[i]));
  const late = there.length ? all.filter((i) => arrived[i] < 0 && rates[i] > least) : [];
  const beyond = lowest(flown.length ? flown : late, (i) => rates[i]);
  const under = beyond < 0 ? [] : there.filter((i) => rates[i] < rates[beyond]);
  const below = lowest(under, (i) => -rates[i]);
  /** Whether some run arrived at a rate that is not below one at which another one has flown apart. */
  const isMixed = beyond >= 0 && there.some((i) => rates[i] >= rates[beyond]);
  return { soonest, below, beyond, isMixed };
}

/**
 * @param {number[]} places
 * @param {(place: number) => number} value
 */
const lowest = (places, value) =>
  places.reduce((best, i) => (best < 0 || value(i) < value(best) ? i : best), -1);

/**
 * What the cliff shows, in a sentence.
 *
 * @param {Pick<Runs, "rates" | "arrived" | "apart" | "limit" | "steps">} runs
 */
export function cliffWords(runs) {
  const { soonest } = edgeOf(runs);
  const there = runs.arrived.filter((step) => step >= 0).length;
  const arrived =
    soonest < 0
      ? plural("Nobody arrived within {n} step.", "Nobody arrived within {n} steps.", { n: runs.steps })
      : plural(
          "{n} of {all} arrived, at step {k} with rate {rate}.",
          "{n} of {all} arrived, soonest at step {k} with rate {rate}.",
          { n: there, all: runs.rates.length, k: runs.arrived[soonest], rate: rateOf(runs, soonest) },
        );
  return `${arrived} ${edgeSentence(runs)}`;
}

/**
 * @param {Pick<Runs, "rates">} runs
 * @param {number} i
 */
const rateOf = ({ rates }, i) => formatNumber(rates[i]);

/**
 * Where the edge is. It is only where something has arrived and something has flown apart that it is between.
 *
 * @param {Pick<Runs, "rates" | "arrived" | "apart" | "limit">} runs
 */
function edgeSentence(runs) {
  const { below, beyond, isMixed } = edgeOf(runs);
  if (beyond < 0) return message("No run flew apart.");
  if (!runs.apart[beyond])
    return message("No run flew apart; with rates above {rate} none arrived.", { rate: rateOf(runs, below) });
  const rate = rateOf(runs, beyond);
  if (isMixed)
    return message(
      "The lowest rate that flew apart is {rate}; from other starts the same or higher ones arrived.",
      { rate },
    );
  if (below >= 0)
    return message("The edge is between {below} and {beyond}.", { below: rateOf(runs, below), beyond: rate });
  return Math.min(...runs.rates) < runs.rates[beyond]
    ? message("The lowest rate that flew apart is {rate}.", { rate })
    : message("The lowest rate flew apart already.");
}

/** The figure of the cliff with its sentence and its table. */
export class CliffView {
  /** @param {Runs} runs */
  constructor(runs) {
    this.runs = runs;
    /** The runs of one start at evenly spread rates, once they are there. @type {Runs | null} */
    this.sweep = null;
    /** Numbers of the students whose dots are ringed. @type {number[]} */
    this.lit = [];
    this.showsLimit = false;
    this.canvas = element("canvas", { width: WIDTH, height: HEIGHT, role: "img" });
    this.sentence = element("p", { className: "cloud-words" });
    this.limit = element("p", { className: "cliff-limit" });
    const keys = element("div", { className: "cloud-keys" }, createTable(runs));
    this.root = element("div", { className: "class-cliff" }, this.canvas, this.sentence, this.limit, keys);
    const shown = runs.limit.rate === null ? runs.rates : [...runs.rates, runs.limit.rate];
    const [low, high] = [Math.log(Math.min(...shown)), Math.log(Math.max(...shown))];
    const room = ROOM * (high - low) || 0.5;
    this.span = [low - room, high + room];
  }

  /** The most steps in which a run has arrived: a small class may have arrived in few, or not at all. */
  get tallest() {
    return Math.max(1, ...this.runs.arrived, ...(this.sweep?.arrived ?? []));
  }

  /** @param {number} rate */
  xOf(rate) {
    const [low, high] = this.span;
    return FRAME.left + ((Math.log(rate) - low) / (high - low)) * (FRAME.right - FRAME.left);
  }

  /** @param {number} steps */
  yOf(steps) {
    return FRAME.bottom - (steps / (1.05 * this.tallest)) * (FRAME.bottom - FRAME.top);
  }

  draw() {
    const context = this.canvas.getContext("2d");
    if (!context) return;
    context.clearRect(0, 0, WIDTH, HEIGHT);
    this.drawAxes(context);
    if (this.showsLimit) this.drawSweep(context);
    const edge = edgeOf(this.runs);
    this.runs.rates.forEach((_, i) => this.drawDot(context, i));
    if (this.showsLimit) {
      this.drawLimit(context);
      this.drawRings(context, [edge.soonest, edge.below, edge.beyond]);
    }
    this.sentence.textContent = cliffWords(this.runs);
    this.limit.textContent = this.showsLimit ? this.runs.limit.sentence : "";
    this.canvas.ariaLabel = `${this.sentence.textContent} ${this.limit.textContent}`;
  }

  /** @param {CanvasRenderingContext2D} context */
  drawAxes(context) {
    const [soft, line] = [themeValue("--ink-soft"), themeValue("--grid")];
    context.fillStyle = themeValue("--zone-bad");
    context.globalAlpha = 0.35;
    context.fillRect(FRAME.left, STRIP.top, FRAME.right - FRAME.left, STRIP.bottom - STRIP.top);
    context.globalAlpha = 1;
    Object.assign(context, { strokeStyle: line, lineWidth: 2, fillStyle: soft, font: `34px ${FONT}` });
    context.textAlign = "right";
    context.textBaseline = "middle";
    for (const steps of stepTicks(this.tallest)) {
      const y = this.yOf(steps);
      strokeLine(context, FRAME.left, y, FRAME.right, y);
      context.fillText(String(steps), FRAME.left - 14, y);
    }
    context.textAlign = "center";
    for (const rate of rateTicks(this.span)) {
      const x = this.xOf(rate);
      strokeLine(context, x, FRAME.bottom, x, FRAME.bottom + 12);
      context.fillText(formatNumber(rate), x, FRAME.bottom + 38);
    }
    context.fillText(message("learning rate"), (FRAME.left + FRAME.right) / 2, FRAME.bottom + 84);
    context.textAlign = "right";
    const room = FRAME.left - 20;
    context.fillText(message("steps to arrive"), FRAME.left - 95, (FRAME.top + FRAME.bottom) / 2, room - 75);
    context.fillStyle = themeValue("--bad");
    context.fillText(message("flew apart"), room, ROWS.apart, room);
    context.fillText(message("not there yet"), room, ROWS.late, room);
  }

  /**
   * Where the dot of a run is. Rows of those that never arrived are thick, so that dots do not hide each
   * other.
   *
   * @param {number} i
   * @returns {[number, number]}
   */
  pixelOf(i) {
    const { rates, arrived, apart } = this.runs;
    const x = this.xOf(rates[i]);
    if (arrived[i] >= 0) return [x, this.yOf(arrived[i])];
    return [x, (apart[i] ? ROWS.apart : ROWS.late) + 36 * (((i * 0.618) % 1) - 0.5)];
  }

  /**
   * @param {CanvasRenderingContext2D} context
   * @param {number} i
   */
  drawDot(context, i) {
    const [x, y] = this.pixelOf(i);
    context.globalAlpha = 0.85;
    if (this.runs.apart[i]) {
      Object.assign(context, { strokeStyle: themeValue("--bad"), lineWidth: 5 });
      strokeLine(context, x - 9, y - 9, x + 9, y + 9);
      strokeLine(context, x - 9, y + 9, x + 9, y - 9);
    } else {
      context.beginPath();
      context.arc(x, y, this.runs.arrived[i] < 0 ? RADIUS - 3 : RADIUS, 0, 2 * Math.PI);
      const isThere = this.runs.arrived[i] >= 0;
      Object.assign(context, {
        fillStyle: isThere ? themeValue("--slope") : themeValue("--card"),
        strokeStyle: isThere ? themeValue("--halo") : themeValue("--ink-soft"),
        lineWidth: isThere ? 2 : 4,
      });
      context.fill();
      context.stroke();
    }
    context.globalAlpha = 1;
  }

  /** @param {CanvasRenderingContext2D} context */
  drawLimit(context) {
    const { rate, label } = this.runs.limit;
    if (rate === null) return;
    const x = this.xOf(rate);
    const color = themeValue("--bad");
    Object.assign(context, { strokeStyle: color, fillStyle: color, lineWidth: 6 });
    context.setLineDash([18, 12]);
    strokeLine(context, x, STRIP.top, x, FRAME.bottom);
    context.setLineDash([]);
    Object.assign(context, { font: `bold 46px ${FONT}`, textBaseline: "middle" });
    const isAtEnd = x + context.measureText(label).width + 30 > FRAME.right;
    context.textAlign = isAtEnd ? "right" : "left";
    const at = /** @type {const} */ ([x + (isAtEnd ? -18 : 18), FRAME.top + 40]);
    Object.assign(context, { strokeStyle: themeValue("--card"), lineWidth: 10, lineJoin: "round" });
    context.strokeText(label, ...at);
    context.fillText(label, ...at);
  }

  /** @param {CanvasRenderingContext2D} context */
  drawSweep(context) {
    const { sweep } = this;
    if (!sweep) return;
    Object.assign(context, { strokeStyle: themeValue("--ink"), lineWidth: 4, lineJoin: "round" });
    context.save();
    context.beginPath();
    context.rect(FRAME.left, FRAME.top, FRAME.right - FRAME.left, FRAME.bottom - FRAME.top);
    context.clip();
    context.beginPath();
    sweep.rates.forEach((rate, i) => {
      const isThere = sweep.arrived[i] >= 0;
      const place = /** @type {const} */ ([this.xOf(rate), this.yOf(sweep.arrived[i])]);
      if (isThere && sweep.arrived[i - 1] >= 0) context.lineTo(...place);
      else if (isThere) context.moveTo(...place);
    });
    context.stroke();
    context.restore();
  }

  /**
   * Two circles around each of three dots.
   *
   * @param {CanvasRenderingContext2D} context
   * @param {number[]} places
   */
  drawRings(context, places) {
    for (const i of places.filter((place) => place >= 0)) {
      const [x, y] = this.pixelOf(i);
      for (const [color, width] of [
        [themeValue("--card"), 12],
        [themeValue("--accent"), 7],
      ]) {
        context.beginPath();
        context.arc(x, y, 2 * RADIUS, 0, 2 * Math.PI);
        Object.assign(context, { strokeStyle: color, lineWidth: width });
        context.stroke();
      }
    }
  }
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {number} x
 * @param {number} y
 * @param {number} toX
 * @param {number} toY
 */
function strokeLine(context, x, y, toX, toY) {
  context.beginPath();
  context.moveTo(x, y);
  context.lineTo(toX, toY);
  context.stroke();
}

/**
 * Four or five round numbers of steps from 0.
 *
 * @param {number} tallest
 */
export function stepTicks(tallest) {
  const power = 10 ** Math.floor(Math.log10(tallest));
  const each = [0.2, 0.25, 0.5, 1, 2, 2.5, 5].map((part) => part * power).find((part) => tallest / part <= 5);
  const step = Math.max(1, Math.round(each ?? power));
  return Array.from({ length: Math.floor(tallest / step) + 1 }, (_, i) => i * step);
}

/**
 * Rates 1, 2 and 5 of each power of ten, or the powers alone where there are many.
 *
 * @param {number[]} span logarithms of the ends of the axis
 */
export function rateTicks([low, high]) {
  const decades = (high - low) / Math.LN10;
  const digits = decades > 4 ? [1] : decades > 2.2 ? [1, 3] : [1, 2, 5];
  const first = Math.floor(low / Math.LN10);
  const powers = Array.from({ length: Math.ceil(decades) + 2 }, (_, i) => first + i);
  return powers
    .flatMap((power) => digits.map((digit) => Number(`${digit}e${power}`)))
    .filter((rate) => Math.log(rate) >= low && Math.log(rate) <= high);
}

/**
 * A table of the cliff: for each range of rates how many there were, how many arrived and how soon.
 *
 * @param {Runs} runs
 */
function createTable({ rates, arrived, apart }) {
  const [low, high] = [Math.min(...rates), Math.max(...rates)];
  const ends = Array.from({ length: TABLE_ROWS + 1 }, (_, i) => low * (high / low) ** (i / TABLE_ROWS));
  const rows = ends.slice(1).map((end, i) => {
    const isLast = i === TABLE_ROWS - 1;
    const inside = rates.map((_, k) => k).filter((k) => rowOf(rates[k], ends) === i);
    const steps = inside.map((k) => arrived[k]).filter((step) => step >= 0);
    return [
      message("{low} to {high}", { low: formatNumber(ends[i]), high: formatNumber(isLast ? high : end) }),
      String(inside.length),
      String(steps.length),
      steps.length ? formatNumber(median(steps)) : "–",
      String(inside.filter((k) => apart[k]).length),
    ];
  });
  return tableOf(message("Table"), rows, [
    message("learning rate"),
    message("students"),
    message("arrived"),
    message("median steps"),
    message("flew apart"),
  ]);
}

/**
 * @param {number} rate
 * @param {number[]} ends
 */
function rowOf(rate, ends) {
  const place = ends.findIndex((end, i) => i > 0 && rate < end) - 1;
  return place < 0 ? ends.length - 2 : place;
}
