// Requests to the server: refused ones are dropped with the server's sentence, lost ones are asked again with
// a growing pause and an end.

import assert from "node:assert/strict";
import { afterEach, beforeEach, mock, test } from "node:test";

import { callServer } from "../../assets/js/net/client.mjs";
import { SceneStore } from "../../assets/js/net/scene_store.mjs";

const SENTENCE = "More than 6 steps would take too long here.";

/** An answer of the server, or of a proxy before it. */
const answer = (status, text = "", type = "text/plain; charset=utf-8") =>
  new Response(text, { status, headers: { "Content-Type": type } });
const sceneAnswer = () =>
  answer(200, JSON.stringify({ response: { answer: { value: { tile: null } } } }), "application/json");

/** The page's script, whose address tells its version. */
const SCRIPT = { getAttribute: () => "/lab/assets/old/page.js" };

/** The answer of a server of some version. */
function ofVersion(response, version) {
  response.headers.set("X-Losslab-Version", version);
  return response;
}

/** A storage of the tab that keeps what is put into it. */
function createStorage() {
  const items = {};
  return {
    getItem: (key) => items[key] ?? null,
    setItem: (key, text) => (items[key] = text),
  };
}

let answers;
let asked;
let signals;

beforeEach(() => {
  [answers, asked, signals] = [[], [], []];
  globalThis.document = { getElementById: () => null, querySelector: () => SCRIPT };
  globalThis.sessionStorage = createStorage();
  globalThis.window = { dash_clientside: { set_props: () => undefined } };
  globalThis.fetch = async (address, options = {}) => {
    const isCheck = address.endsWith("healthz");
    if (isCheck) return answer(200);
    asked.push(JSON.parse(options.body).inputs[0].value);
    signals.push(options.signal);
    const next = answers.length > 1 ? answers.shift() : answers[0];
    if (next === "broken") throw new TypeError("no network");
    return next.clone();
  };
  mock.timers.enable({ apis: ["setTimeout"] });
});

afterEach(() => {
  mock.timers.reset();
  delete globalThis.document;
  delete globalThis.window;
  delete globalThis.sessionStorage;
});

/** Let promises settle and time pass, in turns. */
async function pass(seconds) {
  for (let i = 0; i < 10 * seconds; i += 1) {
    for (let turn = 0; turn < 12; turn += 1) await Promise.resolve();
    await new Promise((resolve) => setImmediate(resolve));
    mock.timers.tick(100);
  }
}

for (const status of [400, 403, 404, 413, 429, 431, 500])
  test(`a request refused with ${status} is not asked again, and the server's sentence is kept`, async () => {
    answers = [answer(status, `${SENTENCE}\n`)];
    assert.deepEqual(await callServer({}), { refused: SENTENCE });
    assert.equal(asked.length, 1);
  });

test("what a proxy says in HTML is no sentence", async () => {
  answers = [answer(500, "<html>nginx</html>", "text/html")];
  assert.deepEqual(await callServer({}), { refused: "" });
});

for (const lost of ["broken", answer(502), answer(503), answer(504)])
  test(`an attempt that ended with ${lost.status ?? lost} is repeated, with a time limit of its own`, async () => {
    answers = [lost, sceneAnswer()];
    const call = callServer({});
    await pass(3);
    assert.deepEqual(await call, { scene: { tile: null } });
    assert.equal(asked.length, 2);
    assert.notEqual(signals[0], signals[1]);
  });

/** A store, and what it has said. */
function storeWithLog() {
  const log = [];
  const store = new SceneStore(
    () => log.push("scene"),
    (tile) => log.push(`tile ${tile}`),
    (lost) => log.push(lost ? "lost" : "there"),
    (sentence) => log.push(`refused: ${sentence}`),
    (link) => log.push(`reload ${link}`),
  );
  return { store, log };
}

test("a refused change is dropped, and the next one does not carry it along", async () => {
  const { store, log } = storeWithLog();
  answers = [answer(400, SENTENCE), sceneAnswer()];
  store.request("?a=1", { steps: "99999" });
  store.request("?a=1", { rate: "0.2" });
  await pass(1);
  assert.deepEqual(log, ["there", `refused: ${SENTENCE}`]);
  assert.deepEqual(
    asked.map(({ changes }) => changes),
    [{ steps: "99999" }, { rate: "0.2" }],
  );
});

test("a request that is lost again and again is dropped after growing pauses", async () => {
  const { store, log } = storeWithLog();
  answers = [answer(503)];
  store.request("?a=1", { opt: "x" });
  await pass(5);
  const early = asked.length;
  assert.ok(early <= 4, `asked ${early} times in 5 s`);
  await pass(120);
  assert.equal(log.at(-1), "refused: ");
  assert.equal(asked.length, 8);
  await pass(120);
  assert.equal(asked.length, 8);
  assert.equal(store.busy, false);
});

test("a page of an older version is loaded again with its change, but not twice in a minute", async () => {
  const { store, log } = storeWithLog();
  answers = [ofVersion(answer(400, "What is this?"), "new")];
  store.request("?a=1", { rate: "0.2" });
  await pass(1);
  assert.deepEqual(log, ["reload ?a=1&rate=0.2"]);
  assert.deepEqual(await callServer({}), { refused: "What is this?" });
});

test("a server of the same version, or one that does not tell it, is no reason to load again", async () => {
  answers = [ofVersion(answer(400, SENTENCE), "old"), answer(400, SENTENCE)];
  assert.deepEqual(await callServer({}), { refused: SENTENCE });
  assert.deepEqual(await callServer({}), { refused: SENTENCE });
});
