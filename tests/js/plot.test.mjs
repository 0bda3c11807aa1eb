// Figures: slices, differences of layouts, cameras, elements to move.

import assert from "node:assert/strict";
import { test } from "node:test";

import { clickedKeys, nearestPoint } from "../../assets/js/controls/linked_views.mjs";
import { exampleCaption, stepCaption } from "../../assets/js/narration/captions.mjs";
import { scaleStrokes, setAtPaths } from "../../assets/js/plot/figure_style.mjs";
import { FogTrail, knownGround } from "../../assets/js/plot/fog.mjs";
import { countDrawn, wholeArrays } from "../../assets/js/plot/gl_traces.mjs";
import { changedRangeEnds, fitsOldRanges, sameLayout } from "../../assets/js/plot/layout_diff.mjs";
import {
  largestSlice,
  sameSlice,
  sliceAt,
  toRestyle,
  withPlaceholder,
} from "../../assets/js/plot/step_slices.mjs";
import { arrowPaths, formatPoint, linePath } from "../../assets/js/plot/svg_traces.mjs";

const single = (...values) => ({ values: Float32Array.from(values), shape: [values.length], width: 0 });

test("squares are as wide on the screen as they are high", () => {
  const arrays = { x: single(1), grid: single(0, 2), y: single(3, 3), true: single(5) };
  const moving = { slice: "residualSquares", arrays: { x: "x", grid: "grid", y: "y", true: "true" } };
  assert.deepEqual(sliceAt(moving, arrays, 0, { unitRatio: 0.5 }).x.slice(0, 5), [1, 2, 2, 1, 1]);
  assert.deepEqual(sliceAt(moving, arrays, 0).x.slice(0, 5), [1, 3, 3, 1, 1]);
});

test("the largest slice has the most finite points", () => {
  const arrays = { u: single(1, NaN, 3, 4), loss: single(4, 3, 2, 1) };
  const moving = { slice: "past", arrays: { x: "u", y: "loss" } };
  assert.equal(largestSlice(moving, arrays, 1).x.length, 4);
  assert.equal(largestSlice({ ...moving, slice: "future" }, arrays, 2).x.length, 4);
});

test("slices are the same if nothing that is seen differs", () => {
  const values = Float32Array.from([1, 2, 3, 4, 5, 6]);
  const slice = (from, to) => ({ x: values.subarray(from, to) });
  assert.ok(sameSlice(slice(0, 5), slice(0, 5)));
  assert.ok(!sameSlice(slice(0, 5), slice(1, 6)));
  assert.ok(!sameSlice(slice(0, 5), { x: values.slice(0, 5) }), "long arrays are not compared by value");
  assert.ok(sameSlice({ x: [1, NaN] }, { x: [1, NaN] }));
  assert.ok(!sameSlice({ x: [1, 2] }, { x: [1, 3] }));
  assert.ok(!sameSlice({ x: [1, 2] }, undefined));
  assert.ok(sameSlice({ x: [NaN], y: [1] }, { x: [NaN, NaN], y: [2, 3] }), "neither shows a point");
});

test("attributes of traces are gathered for Plotly", () => {
  assert.deepEqual(toRestyle([{ x: [1] }, { x: [2], y: [3] }]), { x: [[1], [2]], y: [undefined, [3]] });
  assert.ok(Number.isNaN(withPlaceholder({ type: "scatter3d" }, { x: [] }).x[0]));
  assert.deepEqual(withPlaceholder({ type: "scatter" }, { x: [] }), { x: [] });
});

test("layouts differ by their values", () => {
  const layout = { "xaxis.range": [0, 1], "yaxis.title.text": "loss" };
  assert.ok(sameLayout(structuredClone(layout), layout));
  assert.equal(changedRangeEnds(layout, layout), null);
  assert.deepEqual(changedRangeEnds({ ...layout, "xaxis.range": [0, 2] }, layout), {
    "xaxis.range[0]": 0,
    "xaxis.range[1]": 2,
  });
  assert.equal(changedRangeEnds({ ...layout, "yaxis.title.text": "step" }, layout), null);
});

test("a range is kept during a drag while the run fits", () => {
  const before = { "xaxis.range": [0, 100] };
  assert.ok(fitsOldRanges({ "xaxis.range": [1, 103] }, before));
  assert.ok(!fitsOldRanges({ "xaxis.range": [1, 104] }, before));
  assert.ok(!fitsOldRanges({ "xaxis.range": [0, 100], "yaxis.range": [0, 1] }, before));
  assert.ok(!fitsOldRanges({ "xaxis.range": [0, 100], title: "new" }, before));
});

test("values are set at paths, and strokes are scaled", () => {
  assert.deepEqual(setAtPaths({ a: { b: 1 } }, { "a.c": 2, "d.e": 3, f: 4 }), {
    a: { b: 1, c: 2 },
    d: { e: 3 },
    f: 4,
  });
  assert.deepEqual(scaleStrokes({ textfont: { size: 14, color: "red" } }, 2), {
    textfont: { size: 28, color: "red" },
  });
  assert.deepEqual(scaleStrokes({ line: { width: 2 }, marker: { size: [1], line: { width: 1 } } }, 3), {
    line: { width: 6 },
    marker: { size: [1], line: { width: 3 } },
  });
});

/** An array as Plotly's typed arrays are sent. */
const encoded = (values, shape = `${values.length}`) => ({
  dtype: "f4",
  shape,
  bdata: Buffer.from(Float32Array.from(values).buffer).toString("base64"),
});

/** Column, row and height of each node that is known, where the coordinates of nodes are their numbers. */
const knownNodes = ({ x, y, z }) =>
  z.flatMap((row, j) => row.flatMap((height, i) => (Number.isFinite(height) ? [[x[i], y[j], height]] : [])));

test("in the fog only the surroundings of places are known", () => {
  const nodes = Array.from({ length: 51 }, (_, i) => i);
  const heights = Array.from({ length: 51 * 51 }, (_, i) => i);
  const surface = { x: encoded(nodes), y: encoded(nodes), z: encoded(heights, "51, 51") };
  const finite = knownNodes(knownGround(surface, [25, 0, 500], [25, 50, 25]));
  assert.ok(finite.every(([i, j, z]) => z === 51 * j + i), "heights are those of the surface");
  const near = ([i, j]) => Math.hypot(i - 25, j - 25) <= 4 || Math.hypot(i, j - 50) <= 4;
  const count = nodes.flatMap((i) => nodes.filter((j) => near([i, j]))).length;
  assert.equal(finite.length, count);
  assert.ok(finite.every(near));
});

test("of the ground in the fog only the rectangle around what is known is drawn", () => {
  const nodes = Array.from({ length: 51 }, (_, i) => i);
  const heights = Array.from({ length: 51 * 51 }, (_, i) => i);
  const surface = { x: encoded(nodes), y: encoded(nodes), z: encoded(heights, "51, 51") };
  const range = (first, last) => nodes.slice(first, last + 1);
  const inside = knownGround(surface, [20, 30], [10, 10]);
  assert.deepEqual([[...inside.x], [...inside.y]], [range(15, 35), range(5, 15)]);
  assert.deepEqual([inside.z.length, inside.z[0].length], [11, 21]);
  const corner = knownGround(surface, [50], [0]);
  assert.deepEqual([[...corner.x], [...corner.y]], [range(45, 50), range(0, 5)]);
  const outside = knownGround(surface, [500], [NaN]);
  assert.deepEqual([outside.x.length, outside.y.length, knownNodes(outside).length], [2, 2, 0]);
});

test("places that were visited in the fog stay known for one surface, and starts are pins", () => {
  const trail = new FogTrail();
  const run = (u, loss) => ({ u: single(u), v: single(2), h: single(3), loss: single(loss) });
  const record = (surfaceName, fog, u, loss) => {
    const named = run(u, loss);
    trail.record({ surfaceName, fog }, named, { floor: -1, widths: [10, 10] });
    return named;
  };
  record("a", true, 1, 7);
  record("a", true, 1, 7);
  const second = record("a", true, 5, 4);
  assert.deepEqual([...second.tried_u.values], [1, 5], "a start that is sent again is one try");
  assert.deepEqual([...second.lowest_u.values, ...second.lowest_loss.values], [5, 4]);
  assert.deepEqual([...second.labelled_u.values], [1], "the lowest has a label of its own");
  assert.deepEqual([...second.stem_h.values], [-1, 3, NaN, -1, 3, NaN]);
  assert.deepEqual([...second.known_u.values], [1, 5]);
  const walked = { ...second, u: { values: Float64Array.of(5, 6) }, v: { values: Float64Array.of(2, 2) } };
  trail.visit(true, walked, 1);
  trail.visit(true, walked, 1);
  assert.deepEqual([...walked.known_u.values], [1, 5, 6]);
  assert.deepEqual([...record("a", false, 9, 1).tried_u.values], [1, 5], "without fog nothing is recorded");
  assert.deepEqual([...record("b", false, 9, 1).known_u.values], []);
});

test("a run is uploaded whole if its coordinates are one slice", () => {
  const [x, y, z] = [0, 1, 2].map((i) => Float32Array.from([i, i + 1, i + 2]));
  const cut = (values) => values.subarray(1, 3);
  assert.deepEqual(wholeArrays({ x: cut(x), y: cut(y), z: cut(z) }), { x, y, z });
  assert.equal(wholeArrays({ x: cut(x), y: cut(y), z }), null);
  assert.equal(wholeArrays({ x: cut(x), y: cut(y), z: [1, 2] }), null);
  assert.equal(wholeArrays({ x: cut(x), y: cut(y), z: cut(z), "marker.size": 3 }), null);
});

test("points that are not finite have no vertices", () => {
  const points = (x) => ({ x, y: x, z: x });
  assert.deepEqual(countDrawn(points([1, NaN, 3]), "markers"), [1, 1, 2]);
  assert.equal(countDrawn(points([1, NaN, 3]), "lines"), null);
  assert.deepEqual(countDrawn(points([1, 2, NaN]), "lines+markers"), [1, 2, 2]);
  assert.equal(countDrawn(points([NaN]), "markers"), null);
});

test("lines are interrupted where a point is missing", () => {
  assert.equal(linePath(["0,0", "1,1", "", "2,2"]), "M0,0L1,1M2,2");
  assert.deepEqual(
    [formatPoint(1.26, -2), formatPoint(NaN, 0), formatPoint(-1e9, 0)],
    ["1.3,-2", "", "-1000000,0"],
  );
});

test("the line of an arrow ends where its head begins", () => {
  const pixels = { across: [0, 100, 101], up: [0, 0, 0], texts: ["0,0", "100,0", "101,0"] };
  assert.equal(arrowPaths(pixels, 10), "M0,0L91,0M100,0L101,0");
  assert.equal(arrowPaths(pixels, [0, 20, 0.5]), "M0,0L82,0M100,0L100.6,0");
});

test("a click sets the keys that the view names", () => {
  const detail = { clickSets: { rate: "x", momentum: "y" }, clickSetsFixed: { opt: "heavy" } };
  assert.deepEqual(clickedKeys(detail, { x: 0.0123456, y: 0.56789 }), {
    opt: "heavy",
    rate: "0.01235",
    momentum: "0.568",
  });
  assert.equal(clickedKeys({ clickSets: {}, clickSetsFixed: { opt: "heavy" } }, { x: 1 }), null);
});

test("a click means the nearest point that is drawn", () => {
  const axis = { toPixel: (value) => 10 * value };
  const points = (...list) => ({ x: list.map(([x]) => x), y: list.map(([, y]) => y) });
  const nearest = (traces, pixel) => nearestPoint(traces, [axis, axis], pixel);
  const traces = [points([0, 0], [1, 0]), points([1, NaN], [1, 1])];
  assert.deepEqual(nearest(traces, [9, 2]), { x: 1, y: 0 });
  assert.deepEqual(nearest(traces, [9, 8]), { x: 1, y: 1 });
  assert.equal(nearest([points([1, NaN])], [9, 8]), null);
  assert.equal(nearest([], [0, 0]), null);
  assert.equal(nearestPoint(traces, [axis, axis], [30, 0], 20), null);
  assert.deepEqual(nearestPoint(traces, [axis, axis], [29, 0], 20), { x: 1, y: 0 });
});

test("the caption of an example tells its share of the loss", () => {
  const table = (...values) => ({ values: Float32Array.from(values), shape: [2, 2], width: 2 });
  const arrays = { example_rows: table(5, 6, 6, 5), share: table(70, 30, 90.25, 9.75) };
  assert.equal(exampleCaption(arrays, 1, 6), "example 6, 90 % of the loss");
  assert.equal(exampleCaption(arrays, 1, 7), "example 7");
  assert.equal(exampleCaption({}, 1, 7), "example 7");
});

test("the caption of a step tells which symbol stands for which class", () => {
  const captionOf = (meta) => stepCaption({ layout: { meta } }, {}, 3);
  assert.equal(captionOf({ classes: "○ benign  ■ malignant" }), "step 3 · ○ benign  ■ malignant");
  assert.equal(captionOf(undefined), "step 3");
  assert.equal(stepCaption(undefined, {}, 3), "step 3");
});
