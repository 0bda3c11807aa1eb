// A run that is played: how long it takes, and where it is at a time.

import assert from "node:assert/strict";
import { test } from "node:test";

import { withoutDensePaths } from "../../assets/js/core/array_codec.mjs";
import { positionAt, scheduleFor, stepLengths } from "../../assets/js/plot/playback.mjs";
import { sliceAt } from "../../assets/js/plot/step_slices.mjs";

const even = (count, length) => Array(count).fill(length);
const single = (...values) => ({ values: Float64Array.from(values), shape: [values.length], width: 0 });
const near = (one, other) => assert.ok(Math.abs(one - other) < 1e-9, `${one} is not ${other}`);

test("a run takes four to eight seconds whatever the number of its steps", () => {
  const shrinking = (count) => Array.from({ length: count }, (_, k) => 0.7 ** k);
  for (const count of [1, 2, 3, 5, 60, 1000])
    for (const lengths of [even(count, 0.1), even(count, 0), shrinking(count), [9, ...even(count - 1, 0)]]) {
      const { begins, end } = scheduleFor(lengths);
      assert.ok(end >= 4000 && end <= 8000, `${count} steps take ${end} ms`);
      assert.equal(begins.length, lengths.length + 1);
      for (let k = 0; k < lengths.length; k++) assert.ok(begins[k + 1] - begins[k] <= 1200 + 1e-9);
    }
});

test("time follows the length of the path, so that no time is spent where nothing moves", () => {
  const { begins, end } = scheduleFor([...even(20, 0.05), ...even(180, 0)]);
  assert.ok(end - begins[20] < 0.1 * end, "the tail is dead");
  const longer = scheduleFor([0.1, 0.2, ...even(50, 0.1)]).begins;
  assert.ok(longer[2] - longer[1] > 1.7 * longer[1]);
});

test("the arrow grows, then the point goes along it in less than half a second", () => {
  const schedule = scheduleFor(even(4, 1));
  const at = (time) => positionAt(schedule, schedule.begins[1] + time);
  assert.deepEqual(at(0), { k: 1, motion: { share: 0, arrow: 0 } });
  assert.equal(at(400).motion.share, 0);
  assert.ok(at(400).motion.arrow > 0.1 && at(400).motion.arrow < 0.9);
  const duration = schedule.begins[2] - schedule.begins[1];
  assert.deepEqual(at(duration - 401).motion, { share: 0, arrow: 1 });
  near(at(duration - 200).motion.share, 0.5);
  assert.deepEqual(positionAt(schedule, schedule.end), { k: 4, motion: { share: 0, arrow: 0 } });
});

test("short steps have no arrow, and the shortest are not divided", () => {
  const [some, many] = [scheduleFor(even(60, 1)), scheduleFor(even(1000, 1))];
  near(positionAt(some, some.begins[7] + 50).motion.share, 0.5);
  assert.equal(positionAt(some, some.begins[7] + 50).motion.arrow, 0);
  assert.deepEqual(positionAt(many, many.begins[7] + 3), { k: 7, motion: { share: 0, arrow: 0 } });
});

const now = { whilePlaying: "nowMoving", slice: "now", arrays: { x: "u", y: "v", z: "h", at: "at" } };
const layout = { scene: Object.fromEntries(["xaxis", "yaxis", "zaxis"].map((a) => [a, { range: [0, 2] }])) };

test("the length of a step is that of its path, of several runs the longest, and bounded", () => {
  const flat = single(0, 0, 0, 0);
  const arrays = { u: single(0, 1, 2, 2), v: flat, h: single(0, 0, 0, NaN), at: single(0, 2, 3) };
  assert.deepEqual(stepLengths([{ moving: [now], layout }], arrays, 2), [1, 0]);
  const other = { ...now, arrays: { ...now.arrays, x: "far" } };
  const both = { moving: [now, other], layout };
  assert.deepEqual(stepLengths([both], { ...arrays, far: single(0, 50, 50, 51) }, 2), [1.5, 0]);
});

test("between two steps the point is on the dense path, and on the drawn line of other arrays", () => {
  const path = { u: single(0, 1, 2), v: single(0, 0, 0), h: single(4, 1, 4), at: single(0, 2) };
  const at = (share) => sliceAt(now, path, 0, { motion: { share, arrow: 1 } });
  assert.deepEqual([at(0.5).x[0], at(0.5).z[0]], [1, 1], "the computed height, not the mean of the ends");
  assert.deepEqual([at(0.25).x[0], at(0.25).z[0]], [0.5, 2.5]);
  const curve = { whilePlaying: "nowMoving", slice: "now", arrays: { x: "u", y: "h" } };
  const half = { motion: { share: 0.5, arrow: 0 } };
  const arrays = { u: single(0, 1), h: single(100, 1) };
  assert.deepEqual(sliceAt(curve, arrays, 0, half), { x: [0.5], y: [50.5] });
  near(sliceAt(curve, arrays, 0, { ...half, logarithmic: true }).y[0], 10);
  assert.deepEqual([...sliceAt(curve, arrays, 1, half).x], [1], "after the end of a run");
});

test("tails end at the point, and what lies ahead is not drawn while playing", () => {
  const arrays = { u: single(0, 1, 2), v: single(5, 6, 7), marks: single(0, 1, 2), at: single(0, 1, 2) };
  const moving = (slice, whilePlaying, named) => ({ slice, whilePlaying, arrays: { x: "u", y: "v", ...named } });
  const motion = { share: 0.5, arrow: 0.75 };
  const shown = (...trace) => [...sliceAt(moving(...trace), arrays, 1, { motion }).x];
  assert.deepEqual(shown("tail", "tailMoving", { marks: "marks" }), [0, 1, 1.5]);
  assert.deepEqual(shown("past", "pastMoving"), [0, 1, 1.5]);
  assert.deepEqual(shown("future", "nothing"), []);
  assert.deepEqual(shown("step", "stepGrowing"), [1.5, 1.75]);
  assert.deepEqual(shown("past", ""), [0, 1]);
  assert.deepEqual([...sliceAt(moving("future", "nothing"), arrays, 1).x], [1, 2], "at rest");
});

test("a preview has no points between its iterates", () => {
  const run = { u: single(1, 2), v: single(3, 4), h: single(5, 6) };
  const stale = { path_u: single(9), path_v: single(9), path_h: single(9), path_at: single(0) };
  const arrays = withoutDensePaths({ ...run, ...stale });
  assert.deepEqual([arrays.path_u, arrays.path_v, arrays.path_h], [run.u, run.v, run.h]);
  assert.deepEqual([...arrays.path_at.values], [0, 1]);
});
