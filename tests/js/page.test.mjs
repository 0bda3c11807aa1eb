// What an earlier scene leaves on the page when another link is opened.

import assert from "node:assert/strict";
import { test } from "node:test";

import { HeldAxes } from "../../assets/js/core/held_axes.mjs";
import { LineHandles } from "../../assets/js/controls/line_handles.mjs";
import { Page } from "../../assets/js/page.mjs";
import { FigureView } from "../../assets/js/plot/figure_view.mjs";

const axis = { kindAndRange: { range: [0, 1], type: "linear" } };

test("a card that keeps its size is not drawn again, and one of another size is", async () => {
  const element = { clientWidth: 300, clientHeight: 200, _fullLayout: { width: 300, height: 200 } };
  const drawn = [];
  globalThis.Plotly = { Plots: { resize: () => drawn.push("size") }, relayout: () => drawn.push("axes") };
  const camera = { fit: null, fitCard: () => null, placeLabels() {} };
  let ticks = 5;
  const fittedAxes = { ticks };
  const fitAxes = () => ({ ticks });
  const view = Object.assign(Object.create(FigureView.prototype), { element, camera, fittedAxes, fitAxes });
  await view.resize();
  assert.deepEqual(drawn, []);
  element.clientHeight = 180;
  await view.resize();
  assert.deepEqual(drawn, ["size"]);
  element.clientHeight = 200;
  ticks = 4;
  await view.resize();
  assert.deepEqual(drawn, ["size", "axes"]);
  delete globalThis.Plotly;
});

/** A view whose axes are held and whose camera was turned by hand. */
function touchedView(subject) {
  const heldAxes = new HeldAxes({}, () => [axis, axis]);
  heldAxes.hold();
  const figure = { layout: { meta: { camera: subject } } };
  const touched = { figure, heldAxes, heldRunLayout: {}, camera: { turned: true } };
  return Object.assign(Object.create(FigureView.prototype), touched);
}

test("another link finds no playing run, held axes, turned camera or previews of the one before", () => {
  const calls = [];
  const pointed = { forget: () => calls.push("example") };
  const page = Object.assign(Object.create(Page.prototype), {
    player: { stop: () => calls.push("play") },
    preview: { cancel: () => calls.push("preview") },
    placeHover: { leave: () => calls.push("place") },
    store: { keptAxes: "?k=1" },
    views: { landscape: touchedView("houses line"), map: touchedView() },
    lineHandles: { forgetInputs: () => calls.push("inputs") },
    exampleHandle: pointed,
    probabilityHandle: pointed,
  });
  const other = { layout: { meta: { camera: "ravine" } } };
  page.clearInteractions({ figures: { landscape: { figure: other } } });
  assert.deepEqual(calls, ["play", "preview", "place", "inputs", "example", "example"]);
  assert.equal(page.store.keptAxes, null);
  for (const { heldAxes } of Object.values(page.views)) assert.equal(heldAxes.active, false);
  assert.equal(page.views.landscape.camera.turned, false);
  const same = touchedView("houses line");
  same.clearInteraction({ layout: { meta: { camera: "houses line" } } });
  assert.ok(same.camera.turned, "the same subject is seen from where the user has turned it");
});

test("handles of a line do not stay at the inputs of other data, between which there was none", () => {
  const handles = [{ input: 3 }, { input: 4 }];
  const line = { inputs: [0, 1] };
  const shown = Object.assign(Object.create(LineHandles.prototype), { handles, line, update() {} });
  shown.show(line, [1, 2]);
  assert.deepEqual([handles[0].input, handles[1].input], [3, 4]);
  shown.show(null, [1, 2]);
  shown.show({ inputs: [50, 90] }, [1, 2]);
  assert.ok(handles.every(({ input }) => Number.isNaN(input)));
});
