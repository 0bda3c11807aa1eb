// The beats of a turn, a teacher's remote (presses, words, a refusal), and the answers of a phone.

import assert from "node:assert/strict";
import { test } from "node:test";

import { beatsOf, isAfterAsking, isRevealing, wordsTo } from "../../assets/js/classroom/beats.mjs";
import { Trouble } from "../../assets/js/classroom/class_client.mjs";
import { attemptOf, ballotOf, withAnswer } from "../../assets/js/classroom/own_answers.mjs";
import { nextPress, sayWords } from "../../assets/js/classroom/remote.mjs";

const board = (beat, values = {}) => ({
  face: { turn: 1, beat, round: 1, lit: [] },
  link: "?s=a",
  following: "",
  right: [],
  answered: 0,
  ...values,
});
const beatsFrom = (beat, question) => {
  const beats = [];
  for (let next = nextPress(board(beat), question); next; next = nextPress(board(next.beat), question))
    beats.push(next.beat);
  return beats;
};

test("a class goes through all beats, and past trying where nothing can be tried", () => {
  const question = (attempt) => ({ turn: 1, reveal: { attempt } });
  assert.deepEqual(beatsFrom("ask", question({})), ["show", "reveal", "try", "run", "explore"]);
  for (const without of [question(null), null, { turn: 2, reveal: { attempt: {} } }])
    assert.deepEqual(beatsFrom("ask", without), ["show", "reveal", "explore"]);
});

test("the first press asks, and after the last beat the next lesson is asked, if there is one", () => {
  const ask = (turn, link) => ({ turn, link, beat: "ask", round: 1, lit: [] });
  const lobby = { turn: 0, beat: "lobby", round: 1, lit: [] };
  assert.deepEqual(nextPress(board("lobby", { face: lobby }), null), ask(1, "?s=a"));
  assert.deepEqual(nextPress(board("explore", { following: "?s=b" }), null), ask(2, "?s=b"));
  assert.equal(nextPress(board("explore"), null), null);
});

test("a second vote goes on in its round", () => {
  const face = { turn: 1, beat: "ask", round: 2, lit: [] };
  assert.equal(nextPress(board("ask", { face }), null).round, 2);
  assert.match(sayWords(board("ask", { face })), /you have talked/);
});

test("each beat has something to say, and the answers have the advice", () => {
  for (const beat of ["lobby", "ask", "reveal", "try", "run", "explore"])
    assert.match(sayWords(board(beat)), /[.?]$/);
  assert.match(sayWords(board("show", { right: [41], answered: 100 })), /^41 %/);
  assert.match(sayWords(board("show")), /who answered otherwise/);
});

test("a refusal stands while the server answers, and is told again after it was away", () => {
  const told = [];
  const trouble = new Trouble(() => told.push(trouble.sentence));
  trouble.setAway("");
  trouble.setRefused("no");
  trouble.setAway("");
  trouble.setAway("away");
  trouble.setAway("");
  trouble.setRefused("");
  assert.deepEqual(told, ["no", "away", "no", ""]);
});

test("a turn without a run leads from what is so to exploring", () => {
  assert.deepEqual(beatsOf(false), ["lobby", "ask", "show", "reveal", "explore"]);
  assert.deepEqual(beatsOf(true), ["lobby", "ask", "show", "reveal", "try", "run", "explore"]);
});

test("a class has been asked from the answers on, and knows what is so from the reveal on", () => {
  assert.deepEqual(beatsOf(true).filter(isAfterAsking), ["show", "reveal", "try", "run", "explore"]);
  assert.deepEqual(beatsOf(true).filter(isRevealing), ["reveal", "try", "run", "explore"]);
});

test("each beat but the lobby has words that lead to it", () => {
  assert.deepEqual(
    beatsOf(true).map((beat) => wordsTo(beat, false) !== ""),
    [false, true, true, true, true, true, true],
  );
  assert.notEqual(wordsTo("ask", true), wordsTo("ask", false));
});

test("a phone that votes again keeps its first vote and what it has tried, of this turn alone", () => {
  const attempt = { start: [1, 2], rate: 0.5 };
  let answers = withAnswer({}, { turn: 1, round: 1 }, 2);
  answers = withAnswer(answers, { turn: 2, round: 1 }, 0);
  answers = withAnswer(answers, { turn: 2, round: 1 }, attempt);
  answers = withAnswer(answers, { turn: 2, round: 2 }, [3, 4]);
  assert.deepEqual(answers, {
    [ballotOf({ turn: 2, round: 1 })]: 0,
    [attemptOf({ turn: 2 })]: attempt,
    [ballotOf({ turn: 2, round: 2 })]: [3, 4],
  });
});
