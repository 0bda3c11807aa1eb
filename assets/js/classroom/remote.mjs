// A phone as the teacher's remote: the board in private, what to say, and the keys that move the class.

import { buttonElement, byId, element } from "../core/dom.mjs";
import { message } from "../core/i18n.mjs";
import { changeWords, privateAdvice } from "./advice.mjs";
import { beatsOf, isAfterAsking, isRevealing, ROUNDS, wordsTo } from "./beats.mjs";
import {
  createClassStorage,
  createSecret,
  letterOf,
  refusalWords,
  send,
  Storage,
  TEACHER_SECONDS,
  Trouble,
  Watch,
} from "./class_client.mjs";
import { countWords, presentWords } from "./results.mjs";

/** @import { Board, Face, Press, Question } from "../protocol.js" */
/** @import { Reply } from "./class_client.mjs" */

const LOOK_SECONDS = 1;
/** Seconds after which the digits are asked for again, before they expire. */
const DIGITS_SECONDS = 100;
/** Part of the address that opens the remote instead of a student's page. */
export const REMOTE_HASH = "#remote";

/**
 * What *Next* does; null if there is nothing more.
 *
 * @param {Board} board
 * @param {Question | null} question
 * @returns {Press | null}
 */
export function nextPress({ face, link, following }, question) {
  if (!face.turn) return { turn: 1, link, beat: "ask", round: 1, lit: [] };
  if (face.beat === "explore")
    return following ? { turn: face.turn + 1, link: following, beat: "ask", round: 1, lit: [] } : null;
  const canTry = Boolean(question?.turn === face.turn && question.reveal?.attempt);
  const beats = beatsOf(canTry);
  const beat = beats[beats.indexOf(face.beat) + 1] ?? "explore";
  return { turn: face.turn, link, beat, round: face.round, lit: face.lit };
}

/** The name of what *Next* does. @param {Press | null} press @param {Face} face */
const nextWords = (press, face) =>
  press ? wordsTo(press.beat, !face.turn) : message("Open another link on the wall to ask about it");

/**
 * What to say in a beat.
 *
 * @param {Board} board
 */
export function sayWords(board) {
  const { beat, round } = board.face;
  if (beat === "show") {
    return privateAdvice(board) || message("What might those who answered otherwise be thinking?");
  }
  if (beat === "ask" && round === ROUNDS) return message("Now that you have talked: what do you think?");
  return {
    lobby: message("Scan the code on the wall, or type the six letters."),
    ask: message("Read the question aloud. Everybody thinks alone; nobody talks yet."),
    reveal: message("Who can say why, in one sentence?"),
    try: message("Choose a start and a rate. Guess first what your run will do."),
    run: message("Who is at the edge? What was your rate?"),
    explore: message("Change one thing, and say what you expect before you look."),
  }[beat];
}

export class Remote {
  /** @param {string} code */
  constructor(code) {
    this.code = code;
    this.main = byId("phone");
    /** @type {Storage<{ token: string }>} */
    this.storage = new Storage(`losslab.remote.${code}`, TEACHER_SECONDS);
    this.token = this.storage.read()?.token ?? createSecret();
    this.headers = { Authorization: `Bearer ${this.token}` };
    this.digits = "";
    this.digitsAt = 0;
    /** @type {Board | null} */
    this.board = null;
    /** @type {Question | null} */
    this.question = null;
    this.trouble = new Trouble(() => this.draw());
    this.drawn = "";
    /** The field for handing over, which stays while the screen is drawn again. @type {HTMLElement | null} */
    this.handOver = null;
    this.watch = new Watch(
      () => ({ path: `${code}/board`, headers: this.headers }),
      (reply) => this.receive(reply),
    );
  }

  start() {
    this.storage.write({ token: this.token });
    document.documentElement.dataset.ready = "true";
    return this.watch.look();
  }

  /** @param {Reply} reply */
  receive({ status, body, sentence }) {
    if (status === 200) this.follow(body);
    else if (status === 410 || (status === 404 && !this.board)) return this.leave(sentence);
    else if (status === 403) this.waitForTeacher();
    const isAway = ![200, 304, 403].includes(status);
    this.trouble.setAway(isAway ? message("No connection. This page keeps trying.") : "");
    return LOOK_SECONDS;
  }

  /** @param {string} sentence */
  leave(sentence) {
    this.storage.remove();
    this.main.replaceChildren(element("h1", {}, sentence));
    return 0;
  }

  /** Show the digits that the teacher types on the wall, or on the remote that hands the class over. */
  async waitForTeacher() {
    this.board = null;
    if (Date.now() - this.digitsAt > 1000 * DIGITS_SECONDS) {
      this.digitsAt = Date.now();
      const { status, body, sentence } = await send("POST", `${this.code}/remote`, { token: this.token });
      this.digits = status === 200 ? body.digits : "";
      this.trouble.setRefused(status === 200 ? "" : sentence);
    }
    this.draw();
  }

  /** @param {Board} board */
  async follow(board) {
    this.board = board;
    this.digitsAt = 0;
    await this.fetchQuestion(board.face);
    this.draw();
  }

  /** @param {Face} face */
  async fetchQuestion({ turn, beat }) {
    if (!turn || (this.question?.turn === turn && (this.question.reveal || !isRevealing(beat)))) return;
    const lang = document.documentElement.lang;
    const { status, body } = await send("GET", `${this.code}/question?turn=${turn}&lang=${lang}`);
    if (status === 200) this.question = body;
  }

  /**
   * Send what the teacher has pressed. Where the wall was faster, this screen shows where the class is.
   *
   * @param {"turn" | "settings"} path
   * @param {object} value
   */
  async put(path, value) {
    if (!this.board) return;
    const { born, version, every } = this.board.face;
    const headers = { ...this.headers, "If-Match": `"${born}-${version}-${every}"` };
    const { status, sentence } = await send("PUT", `${this.code}/${path}`, value, headers);
    const isDone = status === 204 || status === 412;
    this.trouble.setRefused(isDone ? "" : refusalWords(sentence));
    this.watch.look();
  }

  // What the screen shows.

  draw() {
    const shown = JSON.stringify([this.board, this.question, this.digits, this.trouble.sentence]);
    if (shown === this.drawn) return;
    this.drawn = shown;
    const focused = document.activeElement?.id ?? "";
    const parts = this.board ? this.createBoard(this.board) : this.createWaiting();
    const note = element("p", { className: "note wrong", role: "alert" }, this.trouble.sentence);
    this.main.dataset.screen = this.board ? "remote" : "pair";
    this.main.replaceChildren(...parts, note);
    document.getElementById(focused)?.focus();
  }

  createWaiting() {
    return [
      element("h1", {}, message("Your remote")),
      element("p", {}, message("On the wall press “Remote” and type these digits there.")),
      element("p", { className: "digits" }, this.digits),
      element("p", { className: "soft" }, message("To take over a class, type them on its remote.")),
      element("a", { href: this.code, className: "big" }, message("I am a student")),
    ];
  }

  /** @param {Board} board */
  createBoard(board) {
    const { face, answered, here } = board;
    const press = nextPress(board, this.question);
    const next = buttonElement(nextWords(press, face), () => press && this.put("turn", press), {
      className: "dark big",
      id: "remote-next",
      disabled: !press,
    });
    const title = face.turn && this.question?.turn === face.turn ? this.question.question : "";
    const count = countWords(face.beat, answered, here) || presentWords(here);
    const changes = changeWords(board).map((text) => element("p", {}, text));
    return [
      element("h1", {}, title || message("Your remote")),
      element("p", { className: "gap" }, count),
      ...this.createCounts(board),
      element("p", { className: "aha" }, sayWords(board)),
      ...changes,
      next,
      ...this.createKeys(board),
      ...(board.keyed ? [this.createWallKey(board)] : [this.createHandOver()]),
    ];
  }

  /** @param {Board} board */
  createCounts({ counts, face }) {
    const shown = counts[face.round - 1] ?? [];
    const correct = this.question?.turn === face.turn ? this.question.reveal?.correct : null;
    const total = Math.max(1, shown.reduce((all, n) => all + n, 0));
    const items = shown.map((n, i) => {
      const words = { letter: letterOf(i), n, percent: Math.round((100 * n) / total) };
      const text = message("{letter}: {n} · {percent} %", words);
      return i === correct ? element("li", { className: "correct" }, `${text} ✓`) : element("li", {}, text);
    });
    return items.length ? [element("ul", { className: "remote-counts" }, ...items)] : [];
  }

  /** @param {Board} board */
  createKeys(board) {
    const { face, link, live } = board;
    const settings = { door: face.door, paused: face.paused, live };
    const create = (/** @type {string} */ id, /** @type {string} */ text, /** @type {() => unknown} */ act) =>
      buttonElement(text, act, { className: "choice", id });
    const keys = [
      create("remote-pause", face.paused ? message("Go on") : message("Pause"), () =>
        this.put("settings", { ...settings, paused: !face.paused }),
      ),
      create("remote-door", face.door ? message("Close the door") : message("Open the door"), () =>
        this.put("settings", { ...settings, door: !face.door }),
      ),
    ];
    if (face.round < ROUNDS && isAfterAsking(face.beat)) {
      const again = { turn: face.turn, link, beat: "ask", round: face.round + 1 };
      keys.unshift(create("remote-again", message("Vote again"), () => this.put("turn", again)));
    }
    return keys;
  }

  /** A field for the digits of the laptop that takes the class over. */
  createHandOver() {
    if (this.handOver) return this.handOver;
    const type = createDigitsField(message("Digits of the screen that takes over"), async (digits) => {
      const { status, sentence } = await send("PUT", `${this.code}/remote`, { digits }, this.headers);
      this.trouble.setRefused(status === 204 ? "" : refusalWords(sentence));
      if (status === 204) this.handOver?.remove();
    });
    this.handOver = element("details", {}, element("summary", {}, message("Hand the class over")), type);
    return this.handOver;
  }

  /** This screen has got the key: it opens the wall. @param {Board} board */
  createWallKey({ first }) {
    const open = () => {
      const kept = { key: this.token, code: this.code, addresses: [], first };
      createClassStorage().write(kept);
      this.storage.remove();
      location.assign("../");
    };
    return buttonElement(message("Open the wall here"), open, { className: "dark big", id: "remote-wall" });
  }
}

/**
 * A form for four digits.
 *
 * @param {string} label
 * @param {(digits: string) => unknown} send_
 */
export function createDigitsField(label, send_) {
  const input = element("input", { inputMode: "numeric", autocomplete: "off", maxLength: 4, required: true });
  input.pattern = "[0-9]{4}";
  input.id = "class-digits";
  const form = element("form", { className: "digits-field" });
  form.append(element("label", {}, label, input), element("button", {}, message("Pair")));
  form.onsubmit = (event) => {
    event.preventDefault();
    send_(input.value);
  };
  return form;
}
