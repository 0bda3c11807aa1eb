// Links, numbers, texts and the curve on the slider of the rate.

import assert from "node:assert/strict";
import { test } from "node:test";

import { scales } from "../../assets/js/controls/sliders.mjs";
import { localizeNumber, message, plural, roundHalfEven } from "../../assets/js/core/i18n.mjs";
import {
  linkAt,
  lessonLink,
  spellSliderValue,
  toFourDigits,
  usesStoredPoints,
  valueIn,
  withEdit,
  withoutHideAndEmbed,
  withoutKeys,
  withValues,
} from "../../assets/js/core/link.mjs";
import { parseTyped } from "../../assets/js/core/number_field.mjs";
import { areaPath, curvePath } from "../../assets/js/core/rate_curve.mjs";
import { relativeLoss } from "../../assets/js/narration/sonification.mjs";

test("an edit of a link leaves the rest as it is written", () => {
  assert.equal(withoutKeys("?a=1&formula=x%2B1&b=2", "a"), "?formula=x%2B1&b=2");
  assert.equal(withoutKeys("?a=1", "a"), "");
  assert.equal(withoutKeys("", "a"), "");
  assert.equal(withoutKeys("?aa=1&a=2&ba=3", "a"), "?aa=1&ba=3");
  assert.equal(
    withValues("?k=3&formula=x%2B1", { k: 12, start: "0.5,-1" }),
    "?k=12&formula=x%2B1&start=0.5,-1",
  );
  assert.equal(
    withValues("", { race: "adam:beta1=0.8,gd", note: "a&b" }),
    "?race=adam:beta1=0.8,gd&note=a%26b",
  );
});

test("a key that only ends like another is not edited", () => {
  assert.equal(linkAt({ link: "?rank=3&k=1", shortLink: "?rank=3" }, 7), "?rank=3&k=7");
  assert.equal(withoutHideAndEmbed("?hidden=1&hide=loss&embedded=2&embed=1"), "?hidden=1&embedded=2");
  assert.ok(!usesStoredPoints("?checkpoints=browser"));
  assert.ok(!usesStoredPoints("?points=browser2"));
});

test("values are read as they were meant", () => {
  assert.equal(valueIn("?formula=x%2B1&s=", "formula"), "x+1");
  assert.equal(valueIn("?formula=x%2B1&s=", "s"), "");
  assert.equal(valueIn("", "s"), null);
});

test("a lesson keeps language, theme and hidden parts alone", () => {
  assert.equal(
    lessonLink("step", "?s=bowl&k=2&lang=es&hide=a,b&rate=1&embed=1"),
    "?s=step&lang=es&hide=a,b&embed=1",
  );
  assert.equal(lessonLink("step", ""), "?s=step");
});

test("an edited example replaces its earlier edit", () => {
  assert.equal(withEdit("12:1,2:3", 2, -0.000123456), "12:1,2:-0.0001235");
  assert.equal(withEdit("", 0, 1e6), "0:1000000");
});

test("slider values have four digits", () => {
  assert.deepEqual([0.123456, "2", -98765.4].map(toFourDigits), [0.1235, 2, -98770]);
  assert.deepEqual([0.123456, 12_000_000, 1e-7].map(spellSliderValue), ["0.1235", "12e6", "1e-7"]);
});

test("scales are inverse to each other", () => {
  const range = { low: 1e-4, high: 10 };
  for (const { toValue, toShare } of Object.values(scales)) {
    for (const share of [0, 0.25, 1])
      assert.ok(Math.abs(toShare(range, toValue(range, share)) - share) < 1e-12);
    assert.deepEqual(
      [0, 1].map((share) => toValue(range, share)),
      [range.low, range.high],
    );
  }
  assert.ok(Math.abs(scales.log.toValue(range, 0.4) - 0.01) < 1e-12);
});

test("a typed number may have either decimal mark", () => {
  const typed = ["1,5", "1.234,5", "1,234.5", "1 000", "−2", "1.000.000", "1e3", ".5", "5."];
  assert.deepEqual(typed.map(parseTyped), [
    "1.5",
    "1234.5",
    "1234.5",
    "1000",
    "-2",
    "1000000",
    "1e3",
    ".5",
    "5.",
  ]);
  assert.deepEqual([" abc ", "", "1-2"].map(parseTyped), ["abc", "", "1-2"]);
  for (const value of ["2e-5", "-0.000234", "1e-7", "-1e-7", "2.34e6", "0.5"])
    assert.equal(Number(parseTyped(localizeNumber(value))), Number(value), "what a field shows can be edited");
});

test("messages are filled, and numbers have a true minus sign", () => {
  assert.equal(message("step {k} of {last}", { k: 0, last: 9 }), "step 0 of 9");
  assert.deepEqual(
    [0, 1, 2].map((n) => plural("{n} row of {name}", "{n} rows of {name}", { n, name: "x" })),
    ["0 rows of x", "1 row of x", "2 rows of x"],
  );
  assert.equal(localizeNumber(-1e-7), "−10⁻⁷");
  assert.equal(localizeNumber("0.00002"), "2\u00a0×\u00a010⁻⁵", "as texts beside a slider spell it");
  assert.equal(localizeNumber("2.34e6"), "2.34\u00a0×\u00a010⁶");
});

test("halves are rounded to even", () => {
  assert.deepEqual([0.5, 1.5, 2.5, -0.5, -1.5, 2.4].map(roundHalfEven), [0, 2, 2, -0, -2, 2]);
});

test("a loss sounds by its place on a logarithmic scale", () => {
  const losses = [100, 10, 1, 0, NaN];
  assert.equal(relativeLoss(losses, 0), 1);
  assert.equal(relativeLoss(losses, 3), 0);
  assert.equal(relativeLoss(losses, 4), 1);
  assert.equal(relativeLoss([2, 2], 1), 0);
});

const toShare = (rate) => rate / 10;

test("the fastest rate is lowest, and a rate that does not arrive breaks the curve", () => {
  const curve = { rates: [1, 2, 3, 4, 5, 6], steps: [100, 25, 0, null, 49, 64], most: 100 };
  assert.equal(curvePath(curve, toShare), "M10,0L20,0.5L30,1M50,0.3L60,0.2");
  assert.equal(areaPath(curve, toShare), "M10,1L10,0L20,0.5L30,1L30,1ZM50,1L50,0.3L60,0.2L60,1Z");
});

test("without rates that arrive there is no curve, nor for those that are nearly the same", () => {
  for (const curve of [
    { rates: [], steps: [], most: 9 },
    { rates: [1], steps: [null], most: 9 },
    { rates: [1, 5, 5.2, 9], steps: [null, 4, 3, null], most: 9 },
  ]) {
    assert.equal(curvePath(curve, toShare), "");
    assert.equal(areaPath(curve, toShare), "");
  }
});
