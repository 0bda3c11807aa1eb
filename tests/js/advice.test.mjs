// What a teacher is advised to do by the share of the class that is right.

import assert from "node:assert/strict";
import { test } from "node:test";

import { adviceWords, changeWords, privateAdvice } from "../../assets/js/classroom/advice.mjs";

const board = (right, answered = 100, beat = "show", round = right.length) => ({
  face: { beat, round },
  right,
  answered,
});

test("between 30 and 70 per cent neighbours talk and vote again, below it is shown again, above revealed", () => {
  const words = (n) => adviceWords(board([n]));
  assert.match(words(29), /picture again/);
  for (const n of [30, 50, 70]) assert.match(words(n), /neighbour/);
  assert.match(words(71), /reveal it/);
});

test("after the second vote there is no third one", () => {
  assert.match(adviceWords(board([20, 40])), /explain/);
  assert.match(adviceWords(board([20, 80])), /reveal it/);
});

test("the wall names no share, and the teacher's phone does", () => {
  assert.doesNotMatch(adviceWords(board([41])), /\d/);
  assert.match(privateAdvice(board([41])), /^41 % are right\. Two minutes/);
});

test("there is no advice while people vote, without answers, of places and after the reveal", () => {
  for (const at of [board([], 5, "ask", 1), board([0], 0), board([], 9, "show", 1), board([9], 9, "reveal")]) {
    assert.equal(adviceWords(at), "");
    assert.equal(privateAdvice(at), "");
  }
});

test("who changed is told once the class knows what is right", () => {
  const changed = (beat, values) => changeWords({ face: { beat }, changed: values });
  assert.deepEqual(changed("reveal", [12, 1]), [
    "12 changed from wrong to right.",
    "1 changed from right to wrong.",
  ]);
  assert.deepEqual(changed("show", [12, 1]), []);
  assert.deepEqual(changed("reveal", null), []);
});
