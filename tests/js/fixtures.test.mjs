// The rules that Python and the browser both know: the examples that Python made hold in the browser modules.

import assert from "node:assert/strict";
import { test } from "node:test";

import { interceptFor } from "../../assets/js/controls/linked_views.mjs";
import { spellParts } from "../../assets/js/controls/menu.mjs";
import { decode } from "../../assets/js/core/array_codec.mjs";
import { formatDigits, formatNumber, withSubscripts } from "../../assets/js/core/i18n.mjs";
import {
  lessonLink,
  linkAt,
  spellNumbers,
  usesStoredPoints,
  withEdit,
  withoutHideAndEmbed,
  withValues,
} from "../../assets/js/core/link.mjs";
import { StepText } from "../../assets/js/narration/step_text.mjs";
import { BasinImage } from "../../assets/js/plot/basin_image.mjs";
import { resolveColors } from "../../assets/js/plot/figure_style.mjs";
import { sliceAt } from "../../assets/js/plot/step_slices.mjs";
import { assertClose, fixture } from "./support.mjs";

/** Arrays are sent with 15 bits of the mantissa. */
const ARRAY_TOLERANCE = 2 ** -15;

test("arrays are decoded to the values that were encoded", () => {
  for (const [i, { encoded, values }] of fixture("arrays").entries())
    assertClose([...decode(encoded).values], values, ARRAY_TOLERANCE, `array ${i}`);
});

test("a row of probabilities is that of the whole table", () => {
  for (const { encoded, values } of fixture("arrays").filter(
    ({ encoded: { kind } }) => kind === "probabilityGrid",
  )) {
    const grid = decode(encoded);
    const k = grid.shape[0] - 1;
    assertClose([...grid.row(k)], values.slice(k * grid.width, (k + 1) * grid.width), ARRAY_TOLERANCE);
  }
});

test("basins from tiles have the minima and the colors of the complete picture", () => {
  const { picture, tiles, zmax, z, colors, minima } = fixture("basins");
  const heatmap = { name: "basins", zmax };
  const crosses = { name: "minima" };
  const image = new BasinImage(picture);
  for (const tile of tiles) image.add(tile);
  image.paint({ data: [heatmap, crosses] });
  assert.ok(image.finished);
  assert.equal(image.percent, 100);
  assertClose(heatmap.z.map((row) => [...row]).flat(), [...decode(z).values], 1e-6);
  assert.deepEqual(
    heatmap.z.map((row) => [...row].map(Math.floor)),
    colors,
  );
  assert.deepEqual(crosses, { name: "minima", x: minima.map(([u]) => u), y: minima.map(([, v]) => v) });
});

test("colors are resolved by the palette of the theme", () => {
  const { figure, palettes, resolved } = fixture("colors");
  for (const [theme, palette] of Object.entries(palettes))
    assert.deepEqual(
      resolveColors(figure, (name) => palette[name]),
      resolved[theme],
    );
});

test("the intercept gives an example its probability", () => {
  for (const { probability, isPositive, weight, input, intercept } of fixture("intercepts")) {
    const found = interceptFor(probability, isPositive, weight, input);
    assert.ok(Math.abs(found - intercept) < 1e-6, `${found} instead of ${intercept}`);
  }
});

test("numbers are formatted as in Python", () => {
  const { formatted, digits, subscripts, inLinks } = fixture("numbers");
  for (const [value, text] of formatted) assert.equal(formatNumber(value), text);
  for (const [value, count, text] of digits) assert.equal(formatDigits(value, count), text);
  for (const [name, text] of subscripts) assert.equal(withSubscripts(name), text);
  for (const [value, linked] of inLinks) assert.equal(Number(spellNumbers([value])), linked);
});

test("a changed setting of a race is spelled as in Python", () => {
  for (const { settings, name, value, race } of fixture("race")) {
    const changed = settings.map((one) => (one.part.name === name ? { ...one, value } : one));
    assert.equal(spellParts(changed), race);
  }
});

test("links are edited as Python writes them", () => {
  const {
    atStep,
    withoutHideAndEmbed: hidden,
    withStart,
    withEdit: edits,
    lesson,
    stored,
  } = fixture("links");
  for (const [scene, k, link] of atStep) assert.equal(linkAt(scene, k), link);
  for (const [link, plain] of hidden) assert.equal(withoutHideAndEmbed(link), plain);
  for (const [link, start, changed] of withStart) {
    const keys = (text) => Object.fromEntries(new URLSearchParams(text));
    assert.deepEqual(keys(withValues(link, { start })), keys(changed));
  }
  for (const [before, row, target, after] of edits) assert.equal(withEdit(before, row, target), after);
  for (const [key, link, opened] of lesson) assert.equal(lessonLink(key, link), opened);
  for (const [link, isStored] of stored) assert.equal(usesStoredPoints(link), isStored);
});

/** An array of a fixture as `decode` returns it. */
const asArray = ({ shape, values }) => ({
  values: Float64Array.from(values, (value) => value ?? NaN),
  shape,
  width: shape[1] ?? 0,
});

for (const { slice, arrays, at } of fixture("step_slices")) {
  test(`the slice ${slice} is that of Python`, () => {
    const named = Object.fromEntries(Object.entries(arrays).map(([name, array]) => [name, asArray(array)]));
    const moving = { slice, arrays: Object.fromEntries(Object.keys(arrays).map((name) => [name, name])) };
    for (const [k, expected] of Object.entries(at)) {
      const attributes = sliceAt(moving, named, Number(k));
      assert.deepEqual(Object.keys(attributes).sort(), Object.keys(expected).sort());
      for (const [attribute, values] of Object.entries(expected)) {
        const rows = [...attributes[attribute]].map((row) =>
          row?.length && typeof row !== "string" ? [...row] : row,
        );
        assertClose(rows, values, 1e-9, `${slice} ${attribute} at ${k}`);
      }
    }
  });
}

test("the texts of each step are those of Python", () => {
  const { runText, texts } = fixture("step_text");
  const moment = { step: -1, lastStep: runText.lastStep };
  const stepText = new StepText({ moment, run: { runText, compared: [], tables: [] } });
  texts.forEach((expected, k) => {
    const { compared, table, ...rest } = stepText.at(k);
    assert.deepEqual([compared, table], [[], null]);
    assert.deepEqual(rest, { step: k, lastStep: runText.lastStep, ...expected });
  });
});
