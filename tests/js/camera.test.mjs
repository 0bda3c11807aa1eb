import assert from "node:assert/strict";
import test from "node:test";

import { axisLabels, HALF_LETTER, hasRoomForLabels, placeLabels } from "../../assets/js/plot/axis_labels.mjs";
import { bestFit, directionOf, distanceOf, fitAt, project } from "../../assets/js/plot/camera.mjs";
import { LandscapeCamera, surfacePoints } from "../../assets/js/plot/landscape_camera.mjs";

const SIZE = 12;
const card = (clientWidth, clientHeight) => ({ clientWidth, clientHeight });
const CARDS = [
  ...[card(400, 500), card(300, 300), card(683, 478), card(900, 450)],
  ...[card(422, 192), card(364, 316), card(240, 300), card(300, 150)],
];

/** An array as Plotly's typed arrays are sent. */
const encoded = (values, shape = `${values.length}`) => ({
  dtype: "f8",
  shape,
  bdata: Buffer.from(Float64Array.from(values).buffer).toString("base64"),
});

const axis = (range, text) => ({
  range,
  title: { text },
  tickvals: [range[0] + 0.1, (range[0] + range[1]) / 2, range[1] - 0.1],
  ticktext: ["low", "middle", "high"],
});

/** A landscape of the height function over a square, as the server sends it. */
function landscape(heightAt, azimuth, horizon = 0) {
  const nodes = Array.from({ length: 41 }, (_, i) => i / 20 - 1);
  const heights = nodes.flatMap((y) => nodes.map((x) => heightAt(x, y)));
  const range = [Math.min(...heights), Math.max(...heights)];
  const scene = {
    xaxis: axis([-1, 1], "slope w"),
    yaxis: axis([-1, 1], "intercept b"),
    zaxis: axis(range, "loss"),
    aspectratio: { x: 1.25, y: 1.25, z: 0.8 },
    camera: { eye: { x: Math.cos(azimuth), y: Math.sin(azimuth), z: 0.7 } },
  };
  const surface = { x: encoded(nodes), y: encoded(nodes), z: encoded(heights, "41, 41") };
  return { data: [surface], moving: [], layout: { scene, meta: { camera: "", horizon } } };
}

const FUNCTIONS = {
  bowl: (x, y) => x * x + y * y,
  ravine: (x, y) => x * x + 50 * y * y,
  saddle: (x, y) => x * x - y * y,
  step: (x) => Number(x > 0),
};

/** The bounding box of the whole surface in the card, as shares of its sides. */
function extent(figure, view, one) {
  const nodes = Array.from({ length: 41 }, (_, i) => i / 20 - 1);
  const { range } = figure.layout.scene.zaxis;
  const heights = new Float64Array(new Uint8Array(Buffer.from(figure.data[0].z.bdata, "base64")).buffer);
  const pixels = nodes.flatMap((y, row) =>
    nodes.map((x, column) => {
      const z = (2 * (heights[41 * row + column] - range[0])) / (range[1] - range[0]) - 1;
      return project([x, y, z], view, one);
    }),
  );
  const sides = [one.clientWidth, one.clientHeight];
  return sides.map((side, i) => {
    const values = pixels.map((pixel) => pixel[i] / side);
    return [Math.min(...values), Math.max(...values)];
  });
}

test("a point in the middle of the view is in the middle of the card, and nearer ones are farther apart", () => {
  const view = { eye: { x: 2, y: 0, z: 0 }, center: { x: 0, y: 0, z: 0 }, aspectratio: { x: 1, y: 1, z: 1 } };
  const [one] = [card(400, 200)];
  assert.deepEqual(project([0, 0, 0], view, one), [200, 100]);
  const near = project([1, 1, 1], view, one);
  const far = project([-1, 1, 1], view, one);
  assert.ok(near[0] > far[0] && far[0] > 200 && near[1] < far[1] && far[1] < 100);
  // half of the vertical angle of view is 22.5 degrees
  assert.ok(Math.abs(near[1] - (100 - (100 * 0.5) / (1.5 * Math.tan(Math.PI / 8)))) < 1e-9);
});

test("a fitted camera shows each group within its margins, as near as it can be", () => {
  const points = [-1, 1].flatMap((x) => [-1, 1].flatMap((y) => [-1, 1].map((z) => [x, y, z])));
  const margins = { left: 10, right: 30, top: 20, bottom: 40 };
  const one = card(500, 300);
  const direction = { azimuth: 0.6, elevation: 0.5 };
  const view = fitAt([{ points, margins }], direction, { x: 1.2, y: 1, z: 0.8 }, one);
  const pixels = points.map((point) => project(point, view, one));
  const [left, top] = [0, 1].map((i) => Math.min(...pixels.map((pixel) => pixel[i])));
  const [right, bottom] = [0, 1].map((i) => Math.max(...pixels.map((pixel) => pixel[i])));
  assert.ok(left > 10 - 1e-6 && right < 470 + 1e-6 && top > 20 - 1e-6 && bottom < 260 + 1e-6);
  assert.ok(Math.min(left - 10, top - 20) < 1e-6, "it touches a margin");
  const seen = directionOf(view);
  assert.ok(Math.abs(seen.azimuth - 0.6) + Math.abs(seen.elevation - 0.5) < 1e-9);
  const share = ((right - left) * (bottom - top)) / (500 * 300);
  assert.ok(Math.abs(share - view.share) < 1e-9);
});

for (const [name, heightAt] of Object.entries(FUNCTIONS)) {
  test(`a ${name} fills cards of every shape`, () => {
    for (const one of CARDS) {
      for (const azimuth of [0.5, 2.2, -0.9]) {
        const figure = landscape(heightAt, azimuth);
        const view = new LandscapeCamera(figure).home(one, SIZE);
        const [[left, right], [top, bottom]] = extent(figure, view, one);
        const label = `${one.clientWidth} × ${one.clientHeight} from ${azimuth}`;
        assert.ok(Math.min(left, top, 1 - right, 1 - bottom) > -1e-3, `${label}: cut`);
        assert.ok((right - left) * (bottom - top) >= 0.65, `${label}: ${(right - left) * (bottom - top)}`);
      }
    }
  });
}

test("high walls before the path lift the camera", () => {
  const wanted = { azimuth: 0.7, horizon: 0, ratio: 1 };
  const { data, layout } = landscape(FUNCTIONS.bowl, 0);
  const points = surfacePoints(data[0], layout.scene);
  const margins = { left: 5, right: 5, top: 5, bottom: 5 };
  const lift = (horizon) => {
    const fit = bestFit([{ points, margins }], { ...wanted, horizon }, card(600, 400));
    const { x, y, z } = fit.aspectratio;
    return [Math.tan(directionOf(fit).elevation), (horizon * z) / Math.sqrt(x * y)];
  };
  for (const horizon of [0, 1, 2, 4]) {
    const [tangent, needed] = lift(horizon);
    assert.ok(tangent >= needed - 1e-9, `${tangent} is below ${needed}`);
  }
});

test("a view by hand is kept relative to its card", () => {
  const cameras = new LandscapeCamera(landscape(FUNCTIONS.bowl, 0.7));
  const [small, large] = [card(400, 300), card(900, 500)];
  const { aspectratio, ...camera } = cameras.home(small, SIZE);
  const turned = { eye: { x: 1.5, y: 0.3, z: 1.2 }, center: { ...camera.center, z: 0.1 } };
  const relative = cameras.relative(turned, aspectratio, small, SIZE);
  const back = cameras.absolute(relative, aspectratio, small, SIZE);
  for (const side of ["x", "y", "z"]) assert.ok(Math.abs(back.eye[side] - turned.eye[side]) < 1e-9);
  const there = cameras.absolute(relative, aspectratio, large, SIZE);
  const fitted = cameras.from(relative.direction, aspectratio, large, SIZE);
  assert.ok(Math.abs(distanceOf(fitted) / distanceOf(there) - relative.nearness) < 1e-9);
});

test("an axis has a name and two end ticks, along edges at the near side; a small card has none", () => {
  const { scene } = landscape(FUNCTIONS.bowl, 0.7).layout;
  const labels = axisLabels(scene, { azimuth: 0.7, elevation: 0.5 });
  assert.deepEqual(
    labels.map(({ text }) => text),
    ["low", "high", "slope w", "low", "high", "intercept b", "low", "high", "loss"],
  );
  assert.ok(labels.slice(0, 3).every(({ at }) => at[1] === 1 && at[2] === -1));
  assert.ok(labels.slice(3, 6).every(({ at }) => at[0] === 1 && at[2] === -1));
  assert.ok(hasRoomForLabels(card(300, 300), SIZE) && !hasRoomForLabels(card(500, 299), SIZE));
  const cameras = new LandscapeCamera(landscape(FUNCTIONS.bowl, 0.7));
  assert.deepEqual(cameras.labels(cameras.home(card(400, 200), SIZE), card(400, 200), SIZE), []);
});

test("labels are inside the card and upright enough to be read", () => {
  for (const azimuth of [0.4, 1.1, 2.5, -0.7, -2.4]) {
    const cameras = new LandscapeCamera(landscape(FUNCTIONS.bowl, azimuth));
    for (const one of [card(683, 478), card(364, 316), card(460, 430)]) {
      const view = cameras.home(one, SIZE);
      const placed = placeLabels(axisLabels(cameras.scene, directionOf(view)), view, one, SIZE);
      for (const { text, left, top, angle } of placed) {
        assert.ok(left > 0 && left < one.clientWidth && top > 0 && top < one.clientHeight, `${text} is cut`);
        assert.ok(Math.cos(angle) > -1e-6, `${text} stands on its head`);
      }
    }
  }
});

test("a tick beside the end of a name, which would read as a part of it, is left out", () => {
  const aspectratio = { x: 1, y: 1, z: 1 };
  const view = { eye: { x: 0, y: -4, z: 0 }, center: { x: 0, y: 0, z: 0 }, aspectratio };
  const one = card(600, 600);
  const name = { text: "slope w", at: [0, 0, 0], outward: [0, 0, -1], along: [0.2, 0, 0] };
  const [middle] = placeLabels([name], view, one, SIZE);
  const pixels = placeLabels([{ ...name, at: [1, 0, 0] }], view, one, SIZE)[0].left - middle.left;
  const ticksBeside = (letters) => {
    const at = (letters * 2 * HALF_LETTER * SIZE) / pixels;
    const tick = { text: "5", at: [at, 0, 0], outward: [at, 0, -1] };
    return placeLabels([name, tick], view, one, SIZE).length - 1;
  };
  assert.equal(ticksBeside(7 / 2 + 1.2), 0);
  assert.equal(ticksBeside(7 / 2 + 3), 1);
});

test("a surface without a finite height has a floor to look at", () => {
  const figure = landscape(() => NaN, 0.3);
  figure.layout.scene.zaxis = axis([0, 1], "loss");
  const view = new LandscapeCamera(figure).home(card(400, 300), SIZE);
  assert.ok(Object.values(view.eye).every(Number.isFinite));
});

test("the card of a view that is not shown has no size, and yet a camera", () => {
  const groups = [{ points: [[-1, -1, 0], [1, 1, 1]], margins: { left: 1, right: 1, top: 1, bottom: 1 } }];
  const fit = bestFit(groups, { azimuth: 0.7, horizon: 0, ratio: 1 }, card(0, 0));
  assert.ok(fit.share > 0 && Number.isFinite(fit.eye.x));
});
