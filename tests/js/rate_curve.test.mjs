// The curve of the steps to arrive on the slider of the rate.

import assert from "node:assert/strict";
import { test } from "node:test";

import { areaPath, curvePath } from "../../assets/js/core/rate_curve.mjs";

const toShare = (rate) => rate / 10;

test("the fastest rate is lowest, and a rate that does not arrive breaks the curve", () => {
  const curve = { rates: [1, 2, 3, 4, 5, 6], steps: [100, 25, 0, null, 49, 64], most: 100 };
  assert.equal(curvePath(curve, toShare), "M10,0L20,0.5L30,1M50,0.3L60,0.2");
  assert.equal(areaPath(curve, toShare), "M10,1L10,0L20,0.5L30,1L30,1ZM50,1L50,0.3L60,0.2L60,1Z");
});

test("without a rate that arrives there is no curve", () => {
  for (const curve of [{ rates: [], steps: [], most: 9 }, { rates: [1], steps: [null], most: 9 }]) {
    assert.equal(curvePath(curve, toShare), "");
    assert.equal(areaPath(curve, toShare), "");
  }
});
