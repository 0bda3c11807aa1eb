// The role of each card in each layout.

import assert from "node:assert/strict";
import { test } from "node:test";
import { arrange } from "../../assets/js/core/arrangement.mjs";

const LESSON = { hero: "data", views: ["landscape", "data"] };
const PLAIN = { lesson: null, compares: false, missing: [] };

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
    map: "side",
    detail: "tray",
  });
  const { roles } = arrange({ ...PLAIN, compares: true, chosen: "map" });
  assert.deepEqual([roles.map, roles["map-2"], roles.landscape], ["hero", "hero", "tray"]);
});

test("without WebGL the map stands in for the landscape", () => {
  const { roles } = arrange({ ...PLAIN, missing: ["landscape"] });
  assert.deepEqual(roles, { map: "hero", data: "side", detail: "side" });
});

test("the views have the places of the stage in the order in which they are named", () => {
  assert.deepEqual(arrange(PLAIN).places, { landscape: "hero", data: "side-1", map: "side-2", detail: "side-3" });
  const { places } = arrange({ ...PLAIN, lesson: LESSON, compares: true });
  assert.deepEqual(places, { data: "hero", landscape: "side-1", "landscape-2": "side-2" });
});

test("a view that there is not can neither be shown nor chosen", () => {
  const { roles, choices } = arrange({ ...PLAIN, missing: ["data"], chosen: "data" });
  assert.deepEqual(roles, { landscape: "hero", map: "side", detail: "side" });
  assert.deepEqual(choices, ["landscape", "map", "detail"]);
});

test("a hero has at least two cards beside it", () => {
  const { roles } = arrange({ ...PLAIN, lesson: { hero: "map", views: ["map", "detail"] } });
  assert.deepEqual(roles, { map: "hero", detail: "side", data: "side", landscape: "tray" });
});
