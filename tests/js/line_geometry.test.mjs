// Handles on a line: from the place on the map to heights of the line, and back.

import assert from "node:assert/strict";
import { test } from "node:test";

import {
  draggedInput,
  handleInputs,
  heightOf,
  placeThrough,
  scoreAt,
  scoreOf,
  visiblePart,
} from "../../assets/js/core/line_geometry.mjs";

/** The line `u x + v`, told by its values at −2 and 3. */
const PLAIN = { inputs: [-2, 3], constant: [0, 0], u: [-2, 3], v: [1, 1], isProbability: false };
/** Lines of standardized data: u and v act on `(x − 110) / 40`, heights on `300 + 90 score`. */
const STANDARDIZED = { ...PLAIN, inputs: [34, 186], constant: [300, 300], u: [-171, 171], v: [90, 90] };
const LOGISTIC = { ...PLAIN, isProbability: true };

const assertNear = (actual, expected, tolerance = 1e-9) =>
  [actual].flat().forEach((one, i) => {
    const wanted = [expected].flat()[i];
    assert.ok(Math.abs(one - wanted) <= tolerance * (1 + Math.abs(wanted)), `${actual} instead of ${expected}`);
  });

test("the score of a place at any input", () => {
  assertNear(scoreAt(PLAIN, [2, 1], 5), 11);
  assertNear(scoreAt(STANDARDIZED, [1, -1], 110), 210);
});

test("two points of a line tell its place", () => {
  assertNear(placeThrough(PLAIN, [0, 1], [1, 3]), [2, 1]);
  for (const line of [PLAIN, STANDARDIZED, LOGISTIC])
    for (const place of [[0.3, -4], [-7, 2], [1e4, 1e-3]]) {
      const points = [1.25, 2.5].map((input) => [input, scoreAt(line, place, input)]);
      assertNear(placeThrough(line, ...points), place, 1e-6);
    }
});

test("a dragged handle turns the line about the other", () => {
  const before = [2, 1];
  const pivot = [-1, scoreAt(PLAIN, before, -1)];
  const after = placeThrough(PLAIN, [2, 8], pivot);
  assertNear(scoreAt(PLAIN, after, 2), 8);
  assertNear(scoreAt(PLAIN, after, -1), pivot[1]);
});

test("heights of a probability are its scores, finite ones", () => {
  assertNear(scoreOf(LOGISTIC, 0.5), 0);
  assertNear(heightOf(LOGISTIC, scoreOf(LOGISTIC, 0.3)), 0.3);
  for (const height of [-1, 0, 1, 2]) assert.ok(Number.isFinite(scoreOf(LOGISTIC, height)));
  assert.equal(scoreOf(PLAIN, -7), -7);
});

test("the part of a line that is in the plot", () => {
  assertNear(visiblePart(PLAIN, [1, 0], [-2, 2], [-1, 1]), [-1, 1]);
  assertNear(visiblePart(PLAIN, [-1, 0], [-2, 2], [-1, 1]), [-1, 1]);
  assertNear(visiblePart(PLAIN, [0, 0.5], [-2, 2], [-1, 1]), [-2, 2]);
  assert.equal(visiblePart(PLAIN, [0, 5], [-2, 2], [-1, 1]), null);
  assert.equal(visiblePart(PLAIN, [1, 50], [-2, 2], [-1, 1]), null);
  const [from, to] = visiblePart(LOGISTIC, [4, 0], [-2, 2], [0, 1]);
  assertNear(heightOf(LOGISTIC, 4 * from), 0.12);
  assertNear(heightOf(LOGISTIC, 4 * to), 0.88);
});

test("handles are on the visible part unless that is small", () => {
  const [left, right] = handleInputs(PLAIN, [1, 0], [-2, 2], [-1, 1]);
  assert.ok(-1 < left && left < right && right < 1);
  const [far, farther] = handleInputs(PLAIN, [100, 0], [-2, 2], [-1, 1]);
  assert.ok(farther - far > 2, "a steep line would have both handles at one place");
});

test("a handle stays on its side and in the plot", () => {
  assert.equal(draggedInput(9, 0, true, [-5, 5]), 5);
  assert.ok(draggedInput(-3, 0, true, [-5, 5]) > 0);
  assert.ok(draggedInput(3, 0, false, [-5, 5]) < 0);
  assert.equal(draggedInput(2, 0, true, [-5, 5]), 2);
});
