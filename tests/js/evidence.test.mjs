// What a tab keeps of answers, and what a SCORM package records of them.

import assert from "node:assert/strict";
import { test } from "node:test";
import { AnswerLog, isBetter, stepsToEnd } from "../../assets/js/narration/answer_log.mjs";
import { answersIn, findApi, ScormRecord, timespan } from "../../assets/js/scorm/record.mjs";

const scene = (key, { asking = false, right = null, link = "", surface = "bowl" } = {}) => ({
  shortLink: `?s=${key}&a=1&k=3&lang=de${link}`,
  surfaceName: surface,
  lesson: { key, asking, answer: asking ? null : { right } },
});
const asked = (key) => scene(key, { asking: true });
const run = (...values) => ({ loss: { values } });
const storage = () => {
  const kept = {};
  return { getItem: (name) => kept[name] ?? null, setItem: (name, value) => (kept[name] = value) };
};

test("a run is as low as at its end after so many steps", () => {
  assert.equal(stepsToEnd([4, 2, 1, 1, 1]), 2);
  assert.equal(stepsToEnd([1, 2, 3]), 0);
  assert.equal(stepsToEnd([5]), 0);
  assert.ok(isBetter({ loss: 1, steps: 9 }, { loss: 2, steps: 1 }));
  assert.ok(isBetter({ loss: 1, steps: 1 }, { loss: 1 + 1e-9, steps: 2 }));
  assert.ok(!isBetter({ loss: NaN, steps: 0 }, { loss: 1, steps: 1 }));
});

test("the first answer counts, and the best run on the same surface", () => {
  const kept = storage();
  const log = new AnswerLog(kept);
  log.record(scene("pace", { right: true }), null, run(1)); // opened with its answer: nobody was asked
  assert.deepEqual(log.answered, {});
  log.record(scene("pace", { right: false }), asked("pace"), run(4, 3));
  log.record(scene("pace", { right: true }), asked("pace"), run(4, 3));
  assert.deepEqual(log.first, { pace: false });
  log.record(scene("pace", { link: "&rate=0.5" }), scene("pace"), run(4, 1));
  log.record(scene("pace", { link: "&loss=mae", surface: "other" }), scene("pace"), run(0, 0));
  log.record(scene("pace", { link: "&rate=9" }), scene("pace"), run(4, 99));
  assert.equal(log.answered.pace.best, "?s=pace&a=1&rate=0.5");
  const reloaded = new AnswerLog(kept);
  assert.deepEqual(reloaded.answered, log.answered);
  assert.deepEqual(reloaded.first, {}, "another visit reports nothing that was answered before it");
  globalThis.document = { documentElement: { lang: "de" } };
  assert.equal(reloaded.slipQuery(), "did=s%3Dpace%26a%3D1%26rate%3D0.5&lang=de");
  delete globalThis.document;
});

test("a browser that stores nothing keeps answers until the page is left", () => {
  for (const denied of [null, { getItem: () => "{", setItem: () => assert.fail() }]) {
    const log = new AnswerLog(denied && { ...denied, setItem: () => { throw new Error("denied"); } });
    log.record(scene("pace", { right: true }), asked("pace"), run(1));
    assert.deepEqual(Object.keys(log.answered), ["pace"]);
  }
});

/** A platform that keeps values, as SCORM 1.2 has it. */
function platform(values = { "cmi.core.lesson_status": "not attempted" }) {
  return {
    values,
    LMSInitialize: () => "true",
    LMSFinish: () => "true",
    LMSCommit: () => "true",
    LMSGetValue: (name) => values[name] ?? "",
    LMSSetValue: (name, value) => ((values[name] = value), "true"),
  };
}

test("a package is completed when each lesson is answered, with the share of right choices", () => {
  const api = platform();
  const record = new ScormRecord(api, ["a", "b", "c"], 0);
  assert.ok(record.begin());
  assert.equal(api.values["cmi.core.lesson_status"], "incomplete");
  record.add({ a: true, c: null });
  record.add({ a: false });
  assert.equal(api.values["cmi.suspend_data"], "1-2");
  assert.ok(!("cmi.core.score.raw" in api.values));
  const later = new ScormRecord(api, ["a", "b", "c"], 0);
  later.begin();
  later.add({ b: false });
  assert.equal(api.values["cmi.core.lesson_status"], "completed");
  assert.equal(api.values["cmi.core.score.raw"], "50", "a place is neither right nor wrong");
  later.finish(3_723_000);
  assert.equal(api.values["cmi.core.session_time"], "0001:02:03");
});

test("a record that cannot be read counts as none", () => {
  for (const stored of ["", "x", "99", "<b>"]) {
    const record = new ScormRecord(platform({ "cmi.suspend_data": stored }), ["a", "b"], 0);
    record.begin();
    assert.deepEqual(record.answers, {});
  }
});

test("only answers to lessons of the package are taken", () => {
  assert.equal(answersIn("x", ["a"]), null);
  assert.equal(answersIn({ losslab: "answers" }, ["a"]), null);
  assert.equal(answersIn(null, ["a"]), null);
  const answers = JSON.parse('{"a": true, "b": "yes", "z": true, "__proto__": true}');
  assert.deepEqual(answersIn({ losslab: "answers", answers }, ["a", "b", "constructor"]), { a: true, b: null });
});

test("the platform is found around the package or behind it", () => {
  const top = { API: 1 };
  top.parent = top;
  assert.equal(findApi({ parent: { parent: top } }), 1);
  const alone = { opener: { API: 2 } };
  alone.parent = alone;
  assert.equal(findApi(alone), 2);
  assert.equal(findApi((() => { const w = {}; w.parent = w; return w; })()), null);
  const other = { get API() { throw new Error("another site"); } };
  assert.equal(findApi({ parent: other }), null);
  assert.equal(timespan(0), "0000:00:00");
});
