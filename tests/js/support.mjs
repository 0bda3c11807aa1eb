// What tests of browser modules share: fixtures that Python wrote, and comparison of numbers.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";

/** The examples of one rule, which `make generate` writes; tools/fixtures.py makes them. */
export const fixture = (name) =>
  JSON.parse(readFileSync(new URL(`../fixtures/${name}.json`, import.meta.url), "utf8"));

/** Numbers closer to 0 than this are single precision's denormal numbers. */
const SMALLEST = 1e-38;

/** Assert that values are those of a fixture; null stands for what is not finite. */
export function assertClose(actual, expected, tolerance, label = "") {
  if (Array.isArray(expected)) {
    assert.equal(actual.length, expected.length, `${label}: length`);
    expected.forEach((one, i) => assertClose(actual[i], one, tolerance, `${label}[${i}]`));
  } else if (typeof expected === "number") {
    const difference = Math.abs(actual - expected);
    assert.ok(
      difference <= tolerance * Math.abs(expected) + SMALLEST,
      `${label}: ${actual} instead of ${expected}`,
    );
  } else if (expected === null) assert.ok(!Number.isFinite(actual), `${label}: ${actual} is finite`);
  else assert.equal(actual, expected, label);
}
