// The adapter to Plotly's internals, with stand-ins for what Plotly makes.

import assert from "node:assert/strict";
import { test } from "node:test";

import { GlTraces } from "../../assets/js/plot/gl_traces.mjs";
import { patchScene } from "../../assets/js/plot/gl_patches.mjs";
import {
  axesOf,
  coordinatesOf,
  drawnScatter,
  removePlot,
  sceneOf,
  setHoverNumbers,
} from "../../assets/js/plot/plotly_internals.mjs";
import { RedrawPace } from "../../assets/js/plot/redraw_pace.mjs";
import { SvgTraces } from "../../assets/js/plot/svg_traces.mjs";

const axis = (offset, length, range) => ({
  _offset: offset,
  _length: length,
  range,
  d2p: (value) => ((value - range[0]) / (range[1] - range[0])) * length,
  p2d: (pixel) => range[0] + (pixel / length) * (range[1] - range[0]),
  c2p: (value) => ((value - range[0]) / (range[1] - range[0])) * length,
});

const flatLayout = () => ({ xaxis: axis(40, 200, [0, 2]), yaxis: axis(10, 100, [-1, 1]) });

/** A clock of a page without frames. */
const STILL_CLOCK = { now: () => 0, nextFrame() {}, later() {}, cancel() {} };

/** The traces of a plot whose scene is drawn at once. */
const tracesOf = (plot) => new GlTraces(plot, new RedrawPace(() => sceneOf(plot).redrawMoved(), STILL_CLOCK));

test("numbers of hover templates are those of the page, and other formats Plotly's", () => {
  const numberFormat = (form) => (value) => `${form} of ${value}`;
  const plot = { _fullLayout: { _d3locale: { numberFormat } } };
  for (let i = 0; i < 2; i++) setHoverNumbers(plot, (value, digits) => `${digits} digits of ${value}`);
  const formatted = (form) => plot._fullLayout._d3locale.numberFormat(form)(0.5);
  assert.equal(formatted(".3~g"), "3 digits of 0.5");
  assert.equal(formatted(",.4~r"), "4 digits of 0.5");
  assert.equal(formatted("d"), "d of 0.5");
  setHoverNumbers({}, String);
});

test("the axes of a flat plot convert between values and pixels", () => {
  const [x, y] = axesOf({ _fullLayout: flatLayout() });
  assert.deepEqual([x.offset, x.length, x.range, x.pixelsPerUnit], [40, 200, [0, 2], 100]);
  assert.deepEqual([x.toPixel(0.5), x.toValue(50), y.toPixel(0)], [50, 0.5, 50]);
});

test("the same axis has the same wrapper", () => {
  const plot = { _fullLayout: flatLayout() };
  assert.equal(axesOf(plot)[0], axesOf(plot)[0]);
});

test("a plot is removed with its WebGL context", () => {
  const calls = [];
  const lose = { loseContext: () => calls.push("context") };
  const gl = { getExtension: (name) => (name === "WEBGL_lose_context" ? lose : null) };
  globalThis.Plotly = { purge: () => calls.push("plot") };
  removePlot({ _fullLayout: { scene: { _scene: { glplot: { gl } } } } });
  removePlot({ _fullLayout: flatLayout() });
  delete globalThis.Plotly;
  assert.deepEqual(calls, ["plot", "context", "plot"]);
});

test("a plot that is not drawn, or has a scene, has no axes", () => {
  assert.equal(axesOf({}), null);
  assert.equal(axesOf({ _fullLayout: { scene: {} } }), null);
  assert.equal(sceneOf({}), null);
  assert.equal(sceneOf({ _fullLayout: flatLayout() }), null);
});

test("coordinates are those of the page, or those that Plotly decoded", () => {
  const moved = { uid: "a", x: [1, 2] };
  const fixed = { x: { bdata: "" } };
  const plot = { calcdata: [], _fullData: [{ uid: "a" }, { _input: fixed, x: [3], y: [4] }] };
  assert.deepEqual(coordinatesOf(plot, moved, "x"), [1, 2]);
  assert.deepEqual(coordinatesOf(plot, fixed, "x"), [3]);
  assert.deepEqual(coordinatesOf({}, moved, "x"), []);
});

/** The element of a drawn trace with one line and two markers. */
function drawnGroup() {
  const make = () => {
    const attributes = {};
    return {
      attributes,
      setAttribute: (name, value) => (attributes[name] = value),
      cloneNode: make,
      after() {},
    };
  };
  const found = { ".js-line": [make()], "path.point": [make(), make()] };
  return { isConnected: true, found, querySelectorAll: (selector) => found[selector] ?? [] };
}

function flatPlot(trace = {}) {
  const group = drawnGroup();
  const full = { type: "scatter", visible: true, xaxis: "x", yaxis: "y", mode: "lines+markers", ...trace };
  const plot = { _fullLayout: flatLayout(), calcdata: [[{ trace: full, node3: { node: () => group } }]] };
  return { plot, group };
}

test("only a visible scatter trace that is drawn can be moved", () => {
  assert.ok(drawnScatter(flatPlot().plot, 0));
  for (const trace of [{ type: "heatmap" }, { visible: "legendonly" }])
    assert.equal(drawnScatter(flatPlot(trace).plot, 0), null);
  const { plot, group } = flatPlot();
  group.isConnected = false;
  assert.equal(drawnScatter(plot, 0), null);
  assert.equal(drawnScatter({ _fullLayout: flatLayout() }, 0), null);
});

test("a flat trace is moved to the pixels of its points", () => {
  const { plot, group } = flatPlot();
  const [[line], [first, second]] = [group.found[".js-line"], group.found["path.point"]];
  const traces = new SvgTraces(plot);
  assert.ok(traces.move(0, { x: [0, 1], y: [0, 1] }));
  assert.equal(line.attributes.d, "M0,50L100,100");
  assert.deepEqual(
    [first, second].map((marker) => marker.attributes.transform),
    ["translate(0,50)", "translate(100,100)"],
  );
  assert.ok(traces.move(0, { x: [NaN], y: [0] }), "nothing to show needs no Plotly");
  assert.deepEqual([line.attributes.d, first.attributes.transform], ["M0,0", "scale(0)"]);
  assert.ok(!traces.move(0, { x: [0], y: [0], text: ["a"] }), "texts need Plotly");
});

/** A WebGL context that records its calls. */
function recordingContext() {
  const calls = [];
  const record =
    (name) =>
    (...parameters) =>
      calls.push([name, ...parameters]);
  const names = ["enable", "disable", "viewport", "polygonOffset"];
  const context = Object.fromEntries(names.map((name) => [name, record(name)]));
  return { ...context, calls, DEPTH_TEST: "depth", POLYGON_OFFSET_FILL: "offset", TRIANGLE_STRIP: 5 };
}

/** A plot with a scene of one trace that draws a line, and what it draws. */
function solidPlot() {
  const gl = recordingContext();
  const [vertices, uploads] = [[], []];
  const linePlot = {
    gl,
    vertexCount: 1,
    vao: { draw: (mode, count, offset) => vertices.push([mode, count, offset]) },
    draw() {
      this.vao.draw(gl.TRIANGLE_STRIP, 999);
    },
  };
  const drawn = { linePlot, data: {}, update: (trace) => uploads.push([...trace.x]) };
  const views = [0];
  const glplot = {
    redraws: 0,
    cameraWork: 0,
    cameraParams: { view: views },
    onrender: () => (glplot.cameraWork += 1),
    redraw() {
      glplot.redraws += 1;
      glplot.onrender();
    },
  };
  const scene = {
    traces: { a: drawn },
    container: Object.create({ clientWidth: 300, clientHeight: 200 }),
    glplot,
    getCamera: () => "camera",
    toImage: (format) => `image/${format}`,
  };
  const plot = {
    _fullLayout: { scene: { _scene: scene } },
    _fullData: [{ uid: "a", visible: true, mode: "lines" }],
  };
  return { plot, scene, glplot, vertices, uploads, linePlot, gl, views };
}

const slice = (arrays, from, to) =>
  Object.fromEntries(["x", "y", "z"].map((name, i) => [name, arrays[i].subarray(from, to)]));
const run = () => [0, 1, 2].map(() => Float32Array.from([0, 1, 2, 3]));

test("a scene gives its camera and its image", () => {
  const scene = sceneOf(solidPlot().plot);
  assert.deepEqual([scene.camera, scene.toImage()], ["camera", "image/png"]);
});

test("a run that is shown twice is uploaded whole, and steps change the range that is drawn", () => {
  const { plot, uploads, vertices, linePlot } = solidPlot();
  const traces = tracesOf(plot);
  const arrays = run();
  for (const [from, to] of [
    [0, 1],
    [0, 2],
    [0, 3],
    [2, 4],
  ]) {
    assert.ok(traces.move(0, slice(arrays, from, to)));
    linePlot.draw();
  }
  assert.deepEqual(uploads, [[0], [0, 1, 2, 3]]);
  assert.deepEqual(vertices, [
    [5, 999, 0],
    [5, 4, 0],
    [5, 8, 0],
    [5, 4, 8],
  ]);
});

test("what Plotly uploads by itself is drawn whole", () => {
  const { plot, vertices, linePlot, scene } = solidPlot();
  const traces = tracesOf(plot);
  const arrays = run();
  for (const to of [2, 3]) traces.move(0, slice(arrays, 0, to));
  scene.traces.a.update({ x: [7] });
  linePlot.draw();
  assert.deepEqual(vertices, [[5, 999, 0]]);
});

test("another run is uploaded by itself first", () => {
  const { plot, uploads } = solidPlot();
  const traces = tracesOf(plot);
  for (const arrays of [run(), run()]) traces.move(0, slice(arrays, 0, 2));
  assert.deepEqual(uploads, [
    [0, 1],
    [0, 1],
  ]);
});

test("a trace that the scene does not draw cannot be moved", () => {
  const { plot } = solidPlot();
  plot._fullData.push({ uid: "b", visible: true });
  assert.ok(!tracesOf(plot).move(1, slice(run(), 0, 2)));
});

test("the size of the card is fixed until Plotly has drawn again", () => {
  const { plot, scene } = solidPlot();
  const traces = tracesOf(plot);
  Object.setPrototypeOf(scene.container, { clientWidth: 500, clientHeight: 400 });
  assert.equal(scene.container.clientWidth, 300);
  traces.reset();
  assert.equal(scene.container.clientWidth, 500);
});

test("a redraw repeats Plotly's work after a frame only if the camera has moved", () => {
  const { plot, glplot, views } = solidPlot();
  const traces = tracesOf(plot);
  traces.drawNow();
  const before = glplot.cameraWork;
  traces.finish();
  assert.equal(glplot.cameraWork, before);
  views[0] = 1;
  traces.finish();
  assert.equal(glplot.cameraWork, before + 1);
});

test("after Plotly's own drawing a scene is drawn once, with Plotly's work for the size of its card", () => {
  const { plot, glplot } = solidPlot();
  const traces = tracesOf(plot);
  for (let drawn = 1; drawn <= 2; drawn++) {
    patchScene(sceneOf(plot));
    traces.reset();
    traces.move(0, slice(run(), 0, 2));
    traces.finish();
    traces.drawNow();
    assert.deepEqual([glplot.redraws, glplot.cameraWork], [drawn, drawn]);
  }
  traces.finish();
  assert.deepEqual([glplot.redraws, glplot.cameraWork], [3, 2]);
});

test("texts are drawn in front and surfaces behind lines, each patched once", () => {
  const { plot, scene, gl } = solidPlot();
  const drawn = [];
  const textMarkers = {
    gl,
    update() {},
    draw: () => drawn.push("text"),
    drawTransparent: () => drawn.push("transparent"),
  };
  const surface = { gl, _vao: { draw: () => drawn.push("surface") } };
  scene.traces = { halo: { textMarkers, data: { meta: "halo" } }, ground: { surface, data: {} } };
  for (let i = 0; i < 2; i++) patchScene(sceneOf(plot));
  textMarkers.draw();
  surface._vao.draw();
  assert.equal(drawn.filter((name) => name === "text").length, 9, "a halo is drawn nine times");
  assert.deepEqual(gl.calls.slice(-3), [
    ["enable", "offset"],
    ["polygonOffset", 16, 1],
    ["disable", "offset"],
  ]);
  textMarkers.update();
  assert.equal(textMarkers.pixelRatio, 1);
  scene.traces.halo.data = { meta: undefined }; // another trace of the next figure
  textMarkers.draw();
  assert.equal(drawn.filter((name) => name === "text").length, 10, "a text without a halo is drawn once");
});

test("without a scene nothing is patched", () => assert.doesNotThrow(() => patchScene(null)));
