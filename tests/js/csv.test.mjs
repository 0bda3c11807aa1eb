// Custom data: samples of files, and points as a table.

import assert from "node:assert/strict";
import { test } from "node:test";

import { tableOfPoints } from "../../assets/js/controls/csv_dialog.mjs";
import { joinLines, sampleLines, seededRandom } from "../../assets/js/core/file_sample.mjs";

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** The chunks of a text, cut anywhere. */
async function* chunksOf(text, size) {
  const bytes = encoder.encode(text);
  for (let start = 0; start < bytes.length; start += size) yield bytes.subarray(start, start + size);
}

/** The lines of a sample as texts, and the number of all lines. */
async function sample(text, maxBytes, size = 1000) {
  const { lines, total } = await sampleLines(chunksOf(text, size), maxBytes);
  return { lines: lines.map((line) => decoder.decode(line)), total };
}

test("a small file is its own sample, without empty lines", async () => {
  const { lines, total } = await sample("a,b\r\n\r\n1,2\n\n3,4", 1000, 3);
  assert.deepEqual([lines, total], [["a,b\r", "1,2", "3,4"], 3]);
});

test("a sample has the first lines and others in their order, the same each time", async () => {
  const text = Array.from({ length: 20_000 }, (_, i) => `${i}`).join("\n");
  const { lines, total } = await sample(text, 10_000);
  const numbers = lines.map(Number);
  assert.equal(total, 20_000);
  assert.deepEqual(numbers.slice(0, 60), [...Array(60).keys()]);
  assert.deepEqual(
    numbers,
    [...new Set(numbers)].sort((a, b) => a - b),
  );
  assert.ok(numbers.at(-1) > 15_000 && lines.join("\n").length < 10_000);
  assert.deepEqual((await sample(text, 10_000, 777)).lines, lines);
});

test("lines are joined by line feeds", () => {
  assert.equal(decoder.decode(joinLines(["a", "bc"].map((line) => encoder.encode(line)))), "a\nbc\n");
});

test("a seed gives the same numbers again, between 0 and 1", () => {
  const [one, other] = [seededRandom(7), seededRandom(7)];
  const numbers = Array.from({ length: 1000 }, one);
  assert.deepEqual(numbers, Array.from({ length: 1000 }, other));
  assert.ok(numbers.every((number) => number >= 0 && number < 1));
  assert.ok(Math.abs(numbers.reduce((a, b) => a + b) / 1000 - 0.5) < 0.05);
});

test("points become a table and the choices that make them again", () => {
  const { text, choice } = tableOfPoints("binary_a~cb,x~uy,~~_1,2,0");
  assert.equal(text, "a,b\tx_y\t~\n1\t2\t0");
  assert.deepEqual([choice.task, choice.inputs, choice.target], ["binary", "0,1", 2]);
});
