// The role of each card in each layout.

import assert from "node:assert/strict";
import { test } from "node:test";
import { arrange } from "../../assets/js/plot/arrangement.mjs";

const LESSON = { hero: "data", views: ["landscape", "data"] };
const PLAIN = { lesson: null, compares: false, flat: false };

test("an experiment shows every view, the landscape largest", () => {
  const { layout, roles } = arrange(PLAIN);
  assert.equal(layout, "experiment");
  assert.deepEqual(roles, { landscape: "hero", map: "side", data: "side", detail: "side" });
});

test("a comparison shows two landscapes and folds the maps", () => {
  const { layout, roles } = arrange({ ...PLAIN, compares: true });
  assert.equal(layout, "comparison");
  assert.deepEqual([roles.landscape, roles["landscape-2"]], ["hero", "hero"]);
  assert.deepEqual([roles.map, roles["map-2"]], ["tray", "tray"]);
});

test("a lesson shows the views that it names", () => {
  const { layout, roles } = arrange({ ...PLAIN, lesson: LESSON, compares: true });
  assert.equal(layout, "lesson");
  assert.equal(roles.data, "hero");
  assert.deepEqual([roles.landscape, roles["landscape-2"], roles.map], ["side", "side", "tray"]);
});

test("a chosen view changes places with the hero", () => {
  assert.deepEqual(arrange({ ...PLAIN, lesson: LESSON, chosen: "landscape" }).roles, {
    landscape: "hero",
    data: "side",
    map: "tray",
    detail: "tray",
  });
  const { roles } = arrange({ ...PLAIN, compares: true, chosen: "map" });
  assert.deepEqual([roles.map, roles["map-2"], roles.landscape], ["hero", "hero", "tray"]);
});

test("without WebGL the map stands in for the landscape", () => {
  const { roles } = arrange({ ...PLAIN, flat: true });
  assert.deepEqual([roles.map, roles.landscape], ["hero", "tray"]);
});
