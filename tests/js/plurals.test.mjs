// Plurals. The module reads the catalogue of the page once, so a test of another language has its own file.

import assert from "node:assert/strict";
import { test } from "node:test";

import { message, plural } from "../../assets/js/core/i18n.mjs";
import { fixture } from "./support.mjs";

const { catalogue, texts } = fixture("plurals");

test("a language with three plural forms has the one that Python takes for each number", () => {
  globalThis.document = { getElementById: () => ({ textContent: JSON.stringify(catalogue) }) };
  try {
    const values = { place: message("the map") };
    assert.deepEqual(
      texts.map(([n]) => [n, plural("{n} step in {place}", "{n} steps in {place}", { n, ...values })]),
      texts,
    );
    assert.equal(new Set(texts.map(([, text]) => text.replace(/\d+/, ""))).size, 3);
    assert.equal(plural("{n} row", "{n} rows", { n: 1 }), "1 row");
    assert.equal(plural("{n} row", "{n} rows", { n: 5 }), "5 rows");
  } finally {
    delete globalThis.document;
  }
});
