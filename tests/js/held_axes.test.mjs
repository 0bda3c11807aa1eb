// Axes that hold still during a drag: the range that reaches to a value, and the way to another range.

import assert from "node:assert/strict";
import { afterEach, beforeEach, test } from "node:test";

import { HeldAxes, rangeBetween, rangeWith } from "../../assets/js/core/held_axes.mjs";

let told;

/** A plot with two axes, as far as they are read. */
const plotWith = (xRange, yRange, type = "linear") => ({
  _fullLayout: { xaxis: { range: xRange, type }, yaxis: { range: yRange, type } },
});

/** The axes of such a plot. */
const heldAxes = (plot) =>
  new HeldAxes(plot, () => {
    const { xaxis, yaxis } = plot._fullLayout;
    return [xaxis, yaxis].map(({ range, type }) => ({ kindAndRange: { range: [...range], type } }));
  });

beforeEach(() => {
  told = [];
  globalThis.Plotly = {
    relayout: async ({ _fullLayout }, step) => {
      told.push(step);
      for (const [path, end] of Object.entries(step)) {
        const [, axis, i] = path.match(/^(\w+)\.range\[(\d)\]$/);
        _fullLayout[axis].range[i] = end;
      }
    },
  };
  globalThis.requestAnimationFrame = (call) => setTimeout(call);
  globalThis.matchMedia = () => ({ matches: false });
});

afterEach(() => {
  for (const name of ["Plotly", "requestAnimationFrame", "matchMedia"]) delete globalThis[name];
});

test("a range grows to a value outside, with room beyond it, and stays for one inside", () => {
  assert.deepEqual(rangeWith([0, 10], 4), [0, 10]);
  assert.deepEqual(rangeWith([0, 10], 12), [0, 12.4]);
  assert.deepEqual(rangeWith([0, 10], -2), [-2.4, 10]);
  assert.deepEqual(rangeWith([10, 0], 12), [12.4, 0], "an axis that runs the other way");
});

test("a range moves from one to another, which it reaches exactly", () => {
  assert.deepEqual(rangeBetween([0, 1], [2, 5], 0), [0, 1]);
  assert.deepEqual(rangeBetween([0, 1], [2, 5], 0.5), [1, 3]);
  assert.deepEqual(rangeBetween([0.1, 1], [0.3, 5], 1), [0.3, 5]);
});

test("what is drawn while axes are held has their ranges, grown to where a value is now", () => {
  const axes = heldAxes(plotWith([-1, 1], [0, 10]));
  axes.hold();
  const layout = { xaxis: { range: [-5, 5] }, yaxis: { range: [-50, 50] } };
  axes.applyTo(layout);
  assert.deepEqual(layout, { xaxis: { range: [-1, 1] }, yaxis: { range: [0, 10] } });
  axes.reach("yaxis", 20);
  axes.applyTo(layout);
  assert.deepEqual(layout.yaxis.range, [0, 20.4]);
  axes.reach("yaxis", 3);
  axes.applyTo(layout);
  assert.deepEqual(layout.yaxis.range, [0, 10], "the value is back in the plot");
});

test("an axis of another kind is not held", () => {
  const axes = heldAxes(plotWith([-1, 1], [0, 10]));
  axes.hold();
  const layout = { xaxis: {}, yaxis: { type: "log", range: [-2, 2] } };
  axes.applyTo(layout);
  assert.deepEqual(layout.yaxis.range, [-2, 2]);
});

test("released axes move to their ranges in several steps", async () => {
  const plot = plotWith([-1, 1], [0, 10]);
  const axes = heldAxes(plot);
  axes.hold();
  await axes.release({ xaxis: { range: [-1, 1] }, yaxis: { range: [0, 20] } });
  assert.deepEqual(plot._fullLayout.yaxis.range, [0, 20]);
  assert.ok(told.length > 3, `${told.length} steps`);
  assert.ok(told.every((step) => !("xaxis.range[0]" in step)), "that axis has its range already");
});

test("released axes jump for readers who want no motion", async () => {
  globalThis.matchMedia = () => ({ matches: true });
  const axes = heldAxes(plotWith([-1, 1], [0, 10]));
  axes.hold();
  await axes.release({ xaxis: { range: [-1, 1] }, yaxis: { range: [0, 20] } });
  assert.deepEqual(told, [{ "yaxis.range[0]": 0, "yaxis.range[1]": 20 }]);
});
