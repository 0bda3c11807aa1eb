// Samples of large files, and custom data as a table.

import assert from "node:assert/strict";
import { test } from "node:test";

import { tableOfPoints } from "../../assets/js/controls/csv_dialog.mjs";
import { joinLines, sampleLines, seededRandom } from "../../assets/js/core/file_sample.mjs";
import { withValues } from "../../assets/js/core/link.mjs";

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** The bytes of a text in chunks of a size that cuts lines. */
async function* chunksOf(text, size = 1000) {
  const bytes = encoder.encode(text);
  for (let start = 0; start < bytes.length; start += size) yield bytes.slice(start, start + size);
}

const numbered = (count) => Array.from({ length: count }, (_, i) => `${i},${i * i}`);

test("a small file is kept whole, whatever ends its lines", async () => {
  const { lines, total } = await sampleLines(chunksOf("x,y\r\n1,2\r\n\r\n3,4", 3), 1000);
  assert.equal(total, 3);
  assert.equal(decoder.decode(joinLines(lines)), "x,y\r\n1,2\r\n3,4\n");
});

test("of a large file the head and a sample in order are kept, within the bytes, the same each time", async () => {
  const text = ["x,y", ...numbered(100_000)].join("\n");
  const first = await sampleLines(chunksOf(text), 40_000);
  const again = await sampleLines(chunksOf(text, 777), 40_000);
  const sampled = first.lines.map((line) => decoder.decode(line));
  assert.equal(first.total, 100_001);
  assert.deepEqual(again.lines, first.lines);
  assert.deepEqual(sampled.slice(0, 60), ["x,y", ...numbered(59)]);
  const rows = sampled.slice(1).map((line) => Number(line.split(",")[0]));
  assert.deepEqual(
    rows,
    [...new Set(rows)].sort((a, b) => a - b),
  );
  assert.ok(joinLines(first.lines).length <= 40_000);
  assert.ok(rows.length > 2000);
});

test("each line is as likely as any other", async () => {
  const { lines } = await sampleLines(chunksOf(numbered(60_060).join("\n")), 1e9);
  const rows = lines.slice(60).map((line) => Number(decoder.decode(line).split(",")[0]));
  const later = rows.filter((row) => row > 30_060).length;
  assert.ok(Math.abs(later - rows.length / 2) < 4 * Math.sqrt(rows.length / 4), `${later} of ${rows.length}`);
});

test("random numbers are those of the seed", () => {
  const [a, b] = [seededRandom(0), seededRandom(0)];
  assert.deepEqual([a(), a(), a()], [b(), b(), b()]);
  assert.notEqual(seededRandom(1)(), seededRandom(0)());
});

test("custom data become the table that makes the same data again", () => {
  const { text, choice } = tableOfPoints("binary_size~c m,A~u1_1,yes~~_2,no");
  assert.equal(text, "size, m\tA_1\n1\tyes~\n2\tno");
  assert.deepEqual(choice, {
    task: "binary",
    inputs: "0",
    target: "1",
    header: "1",
    decimal: ".",
    unlabeled: "keep",
  });
});

test("custom data stay last in a link that is edited", () => {
  const link = "?rows=3.x&data=own&points=regression_x,y_1,2";
  assert.equal(withValues(link, { k: 4 }), "?rows=3.x&data=own&k=4&points=regression_x,y_1,2");
});
