// The runs of a class: where the edge is, what is counted, what is asked for, and that nobody is clamped.

import assert from "node:assert/strict";
import test from "node:test";

import { countAt, joinParts, orderOf, sweepOf } from "../../assets/js/classroom/class_runs.mjs";
import { cliffWords, edgeOf, rateTicks, stepTicks } from "../../assets/js/classroom/cliff.mjs";
import { Paths } from "../../assets/js/classroom/cloud.mjs";
import { ringWords } from "../../assets/js/classroom/try.mjs";

const RATES = [0.1, 0.2, 0.4, 0.6, 0.7, 0.9];
const UNKNOWN = { rate: null, label: "", sentence: "" };

/** Runs by their steps of arrival, −1 for none and "x" for flown apart. */
const runsOf = (ends, limit = null) => ({
  rates: RATES.slice(0, ends.length),
  arrived: ends.map((end) => (end === "x" ? -1 : end)),
  apart: ends.map((end) => end === "x"),
  limit: { ...UNKNOWN, rate: limit },
  steps: 60,
});

test("the edge is at the lowest rate that flies apart", () => {
  const runs = runsOf([-1, 30, 5, 40, "x", "x"]);
  assert.deepEqual(edgeOf(runs), { soonest: 2, below: 3, beyond: 4, isMixed: false });
});

test("who holds at a higher rate from another start is told", () => {
  const runs = runsOf([-1, 30, 5, "x", 40, "x"]);
  assert.deepEqual(edgeOf(runs), { soonest: 2, below: 2, beyond: 3, isMixed: true });
  const same = { ...runsOf([5, 9, "x"]), rates: [0.1, 0.4, 0.4] };
  assert.match(cliffWords(same), /apart is 0.4; from other starts the same or higher ones arrived.$/);
});

test("where nothing flies apart the edge is above all that arrive", () => {
  const runs = runsOf([-1, 30, 5, 40, -1, -1]);
  assert.deepEqual(edgeOf(runs), { soonest: 2, below: 3, beyond: 4, isMixed: false });
  assert.match(cliffWords(runs), /No run flew apart; with rates above 0.6 none arrived.$/);
});

test("nobody is ringed where nobody arrives and nothing flies apart", () => {
  const runs = runsOf(RATES.map(() => -1));
  assert.deepEqual(edgeOf(runs), { soonest: -1, below: -1, beyond: -1, isMixed: false });
});

test("who is late below 2/L is not beyond the cliff", () => {
  const runs = runsOf([20, 5, 9, -1, -1], 0.678);
  assert.equal(edgeOf(runs).beyond, 4);
  assert.equal(edgeOf(runsOf([20, 5, 9, -1], 0.678)).beyond, -1);
  assert.match(cliffWords(runsOf([20, 5, 9, -1], 0.678)), /No run flew apart.$/);
});

test("who has neither arrived nor flown apart does not bound the edge", () => {
  const runs = { ...runsOf([9, -1, "x"], 0.6776), rates: [0.5, 0.6785, 0.7] };
  assert.equal(edgeOf(runs).below, 0);
  assert.match(cliffWords(runs), /The edge is between 0.5 and 0.7.$/);
  assert.match(cliffWords(runsOf([-1, "x"])), /arrived within 60 steps. The lowest rate that flew apart is 0.2.$/);
  assert.match(cliffWords(runsOf(["x", -1])), /The lowest rate flew apart already.$/);
});

test("the sentence speaks of the class's own edge", () => {
  const words = cliffWords(runsOf([-1, 30, 5, 40, "x", "x"]));
  assert.equal(words, "3 of 6 arrived, soonest at step 5 with rate 0.4. The edge is between 0.6 and 0.7.");
  assert.match(cliffWords(runsOf([1, "x"])), /^1 of 2 arrived, at step 1 with rate 0.1. /);
});

/** Two runs at three frames on a map from 0 to 1: one leaves to the right and overflows, one stays. */
const MAP = { u: [0, 1], v: [0, 1] };
const RUNS = {
  numbers: [4, 9],
  rates: [1, 2],
  steps: 4,
  frames: [0, 2, 4],
  u: Float32Array.of(0.5, 1.5, NaN, 0.5, 0.6, 0.7),
  v: Float32Array.of(0.5, 1.0, NaN, 0.5, 0.5, 0.5),
  height: Float32Array.of(0.2, 7, NaN, 0.2, 0.1, 0),
  arrived: [-1, 3],
  apart: [true, false],
};

test("who leaves stops at the edge with the angle of its way, and stays there", () => {
  const paths = new Paths(MAP, RUNS);
  for (const frame of [0.5, 1, 1.7, 2]) {
    const { right, up, out, angle } = paths.placeAt(0, frame);
    assert.deepEqual([right, up, out], [1, 0.75, true], `at frame ${frame}`);
    assert.ok(Math.abs(angle - Math.atan2(0.5, 1)) < 1e-6);
  }
});

test("who is on the map is where its numbers say", () => {
  const paths = new Paths(MAP, RUNS);
  const before = paths.placeAt(0, 0.25);
  assert.deepEqual([before.right, before.up, before.out], [0.75, 0.625, false]);
  const inside = paths.placeAt(1, 1.5);
  assert.ok(Math.abs(inside.right - 0.65) < 1e-6);
  assert.equal(inside.out, false);
});

test("who comes back is a dot again", () => {
  const v = new Float32Array(6).fill(0.5);
  const runs = { ...RUNS, u: Float32Array.of(0.5, 1.5, 0.4, 0.5, 0.6, 0.7), v };
  const paths = new Paths(MAP, runs);
  assert.equal(paths.placeAt(0, 1).out, true);
  assert.equal(paths.placeAt(0, 2).out, false);
});

test("everyone is counted once", () => {
  const { inside } = new Paths(MAP, RUNS);
  assert.deepEqual(countAt(RUNS, inside, 0), { there: 0, onTheWay: 2, left: 0 });
  assert.deepEqual(countAt(RUNS, inside, 1), { there: 0, onTheWay: 1, left: 1 });
  assert.deepEqual(countAt(RUNS, inside, 2), { there: 1, onTheWay: 0, left: 1 });
});

test("a request is as short as the server takes it", () => {
  const attempts = Array.from({ length: 500 }, (_, i) => [i + 1, [-0.123456, 1.23456], 0.0123456]);
  const order = orderOf(`?${"x".repeat(1500)}`, attempts);
  assert.ok(JSON.stringify(order).length <= 16_000);
  assert.ok(order.starts.length > 250);
  assert.equal(orderOf("", attempts.slice(0, 300)).rates.length, 300);
});

test("parts of a cloud fit together", () => {
  const table = (values) => ({
    kind: "typed",
    dtype: "f4",
    bdata: Buffer.from(Float32Array.from(values).buffer).toString("base64"),
    shape: `${values.length / 2}, 2`,
  });
  const part = (first, count) => {
    const values = Array.from({ length: 2 * count }, (_, i) => first + i);
    return {
      ...{ count, steps: 1, frames: [0, 1], limit: { rate: null }, verdict: "" },
      ...{ u: table(values), v: table(values), height: table(values) },
      arrived: Array(count).fill(first),
      apart: Array(count).fill(false),
    };
  };
  const attempts = [1, 2, 3].map((number) => [number, [0, 0], number]);
  const runs = joinParts(attempts, [part(0, 2), part(4, 1)]);
  assert.deepEqual([...runs.u], [0, 1, 2, 3, 4, 5]);
  assert.deepEqual(runs.arrived, [0, 0, 4]);
  assert.deepEqual(runs.numbers, [1, 2, 3]);
});

test("the sweep goes from the lowest rate to the highest", () => {
  const sweep = sweepOf([0.01, 1], [0, 0], 3);
  assert.deepEqual(
    sweep.map(([, , rate]) => rate),
    [0.01, 0.1, 1],
  );
});

test("axes have a few round ticks", () => {
  assert.deepEqual(stepTicks(58), [0, 20, 40]);
  assert.deepEqual(stepTicks(1), [0, 1]);
  assert.deepEqual(rateTicks([Math.log(0.03), Math.log(3)]), [0.05, 0.1, 0.2, 0.5, 1, 2]);
});

test("a phone knows which ring is its own", () => {
  assert.match(ringWords([4, 5, 6], 5), /last one before/);
  assert.match(ringWords([4, 4, 6], 4), /soonest.*last one before/);
  assert.equal(ringWords([4, 0, 0], 0), "");
  assert.equal(ringWords([], 4), "");
});
