// The linter reports what it is there for: each mistake is shown to it once.

import assert from "node:assert/strict";
import { test } from "node:test";

import { ESLint } from "eslint";

const eslint = new ESLint({ cwd: new URL("../..", import.meta.url).pathname });

/** The rules that a source of a browser module breaks. */
async function brokenRules(source, path = "assets/js/core/example.mjs") {
  const [{ messages }] = await eslint.lintText(source, { filePath: path });
  return messages.map(({ ruleId }) => ruleId);
}

const UNJOINED = [
  "export default 1;",
  'export * from "./dom.mjs";',
  'export { byId } from "./dom.mjs";',
  "const a = 1;\nexport { a };",
  "export let count = 1;\nexport const next = () => (count += 1);",
  "export const a = 1,\n  b = 2;",
  "export const { a } = globalThis;",
  "export const [a] = globalThis.list;",
  "export function* numbers() {\n  yield 1;\n}",
  'import dom from "./dom.mjs";\ndom();',
  'import * as dom from "./dom.mjs";\ndom.byId("a");',
  'import { byId } from "dom";\nbyId("a");',
  'import { byId } from "./dom.js";\nbyId("a");',
  'export const load = () => import("./dom.mjs");',
  "export const address = import.meta.url;",
];

for (const source of UNJOINED) {
  test(`not joined: ${source.split("\n")[0]}`, async () =>
    assert.deepEqual(await brokenRules(`${source}\n`), ["no-restricted-syntax"]));
}

test("what the bundle joins is accepted", async () => {
  const source = [
    'import { byId as find, element } from "./dom.mjs";',
    'import "../plot/fog.mjs";',
    'export const start = () => find("a");',
    "export async function stop() {",
    '  return element("p");',
    "}",
    "export class Page {}",
    "",
  ].join("\n");
  assert.deepEqual(await brokenRules(source), []);
});

test("Plotly's internals are read by the adapter alone", async () => {
  const sources = [
    "export const a = (plot) => plot._fullLayout;\n",
    "export const a = ({ calcdata }) => calcdata;\n",
  ];
  for (const source of sources) {
    assert.deepEqual(await brokenRules(source), ["no-restricted-properties"]);
    assert.deepEqual(await brokenRules(source, "assets/js/plot/plotly_internals.mjs"), []);
  }
});

test("complex functions, long lines and unknown names are reported", async () => {
  const branches = Array.from({ length: 10 }, (_, i) => `  if (k === ${i}) return ${i};\n`).join("");
  const complex = `export function a(k) {\n${branches}  return 10;\n}\n`;
  assert.deepEqual(await brokenRules(complex), ["complexity"]);
  assert.deepEqual(await brokenRules(`export const a = 1; //${"x".repeat(91)}\n`), ["max-len"]);
  assert.deepEqual(await brokenRules("export const a = missing;\n"), ["no-undef"]);
  assert.deepEqual(await brokenRules("export const a = (b) => b == 1;\n"), ["eqeqeq"]);
});
