// Runs that are fetched for the slider of the learning rate: the nearest stop, and the arrays of its run.

import assert from "node:assert/strict";
import { afterEach, beforeEach, test } from "node:test";

import { RatePreview } from "../../assets/js/net/rate_preview.mjs";

/** A table as Plotly's typed arrays are sent. */
const table = (rows) => ({
  kind: "typed",
  dtype: "f4",
  shape: `${rows.length}, ${rows[0].length}`,
  bdata: Buffer.from(Float32Array.from(rows.flat()).buffer).toString("base64"),
});

const ANSWER = {
  stops: [0.1, 0.2, 0.4],
  moments: ["a", "b", "c"].map((verdict) => ({ verdict })),
  arrays: {
    loss: table([
      [3, 2],
      [3, 1],
      [3, 9],
    ]),
    u: table([
      [0, 1],
      [0, 2],
      [0, 3],
    ]),
  },
  stepNumbers: { step: "loss" },
};

let asked;
let answer;

beforeEach(() => {
  asked = [];
  answer = { ok: true, json: async () => structuredClone(ANSWER) };
  globalThis.document = { documentElement: { dataset: {} } };
  globalThis.fetch = async (address) => {
    asked.push(address);
    return answer;
  };
});

afterEach(() => {
  delete globalThis.document;
});

test("runs are fetched once a link, whatever its rate", async () => {
  const preview = new RatePreview();
  await preview.fetch("?loss=mae&rate=0.1&k=3");
  await preview.fetch("?loss=mae&rate=0.2&k=3");
  await preview.fetch("?rate=0.2");
  assert.deepEqual(asked, ["fan?loss=mae&k=3", "fan?"]);
  assert.equal(document.documentElement.dataset.fan, "3");
});

test("while runs are fetched, the page does not tell that those of another link are there", async () => {
  const preview = new RatePreview();
  await preview.fetch("?loss=mae");
  const fetched = preview.fetch("?loss=mse");
  assert.equal(document.documentElement.dataset.fan, undefined);
  await fetched;
  assert.equal(document.documentElement.dataset.fan, "3");
});

test("data that are kept in this tab have no preview", async () => {
  await new RatePreview().fetch("?data=own&points=browser");
  assert.deepEqual(asked, []);
});

test("after a failure the runs are fetched again", async () => {
  const preview = new RatePreview();
  answer = { ok: false };
  await preview.fetch("?rate=0.1");
  assert.equal(preview.nearest(0.1, "?rate=0.1"), undefined);
  await preview.fetch("?rate=0.1");
  assert.equal(asked.length, 2);
});

test("the nearest stop on the logarithmic scale is shown, with counted steps", async () => {
  const preview = new RatePreview();
  await preview.fetch("?loss=mae&rate=0.1");
  const { rate, moment, arrays } = preview.nearest(0.29, "?loss=mae&rate=0.7&k=2");
  assert.deepEqual([rate, moment], [0.4, { verdict: "c" }]);
  assert.deepEqual([...arrays.u.values], [0, 3]);
  assert.deepEqual([...arrays.loss.values], [3, 9]);
  assert.deepEqual([...arrays.step.values], [0, 1]);
  assert.equal(preview.nearest(0.28, "?loss=mae").rate, 0.2);
});

test("no run is shown of another link or beyond the stops", async () => {
  const preview = new RatePreview();
  await preview.fetch("?loss=mae&rate=0.1");
  assert.equal(preview.nearest(0.1, "?loss=mse"), undefined);
  assert.equal(preview.nearest(0.9, "?loss=mae"), undefined);
  assert.equal(preview.nearest(0.04, "?loss=mae"), undefined);
  assert.equal(preview.nearest(0.7, "?loss=mae").rate, 0.4);
});
