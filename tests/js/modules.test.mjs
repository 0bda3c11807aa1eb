// Every browser module can be imported without a browser: none touches the page while it is loaded.

import assert from "node:assert/strict";
import { globSync } from "node:fs";
import { test } from "node:test";

const FOLDER = new URL("../../assets/js/", import.meta.url);
const modules = globSync("**/*.mjs", { cwd: FOLDER }).sort();

test("the modules are found", () => assert.ok(modules.length > 30));

for (const name of modules) {
  test(`${name} is imported without a page`, async () => {
    assert.equal(globalThis.document, undefined);
    await import(new URL(name, FOLDER));
  });
}
