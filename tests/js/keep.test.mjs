// What a teacher keeps of a class.

import assert from "node:assert/strict";
import { test } from "node:test";

import { countsAsCsv, linesOfPicture } from "../../assets/js/classroom/keep.mjs";

const CHOICES = {
  turn: 1,
  link: "?s=walk",
  counts: [
    [3, 1],
    [1, 3],
  ],
  answered: [4, 4],
  correct: 1,
  changed: /** @type {[number, number]} */ ([2, 0]),
};
const PLACES = { turn: 2, link: "?s=landing,x", counts: [[]], answered: [5], correct: null, changed: null };

test("the file has a row for each choice of each vote, and one for places", () => {
  const rows = countsAsCsv([CHOICES, PLACES], "http://x/").split("\r\n");
  assert.deepEqual(rows, [
    "turn,round,choice,answers,right,link",
    "1,1,A,3,no,http://x/?s=walk",
    "1,1,B,1,yes,http://x/?s=walk",
    "1,2,A,1,no,http://x/?s=walk",
    "1,2,B,3,yes,http://x/?s=walk",
    '2,1,,5,,"http://x/?s=landing,x"',
    "",
  ]);
});

test("the picture has a bar for each choice, as long as its share", () => {
  const lines = linesOfPicture([CHOICES], new Map());
  assert.deepEqual(
    lines.map((line) => ("heading" in line ? line.heading.slice(0, 10) : [line.text, line.share, line.right])),
    ["1. ?s=walk", "Vote 1: 4 ", ["A", 0.75, false], ["B", 0.25, true], "Vote 2: 4 ", ["A", 0.25, false], ["B", 0.75, true]],
  );
});
