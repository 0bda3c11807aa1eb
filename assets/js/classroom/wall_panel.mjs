// What the teacher's panel of a live class shows: code, count, what the class thinks, and keys.

import { buttonElement, element } from "../core/dom.mjs";
import { message } from "../core/i18n.mjs";
import { richElement } from "../core/rich_text.mjs";
import { createAdvice } from "./advice.mjs";
import { isAfterAsking, ROUNDS, wordsTo } from "./beats.mjs";
import { refusalWords } from "./class_client.mjs";
import { createKeepPart } from "./keep.mjs";
import { createDigitsField } from "./remote.mjs";
import { countWords, createBars, createMap, presentWords } from "./results.mjs";
import { SmallMapView } from "./small_map.mjs";

/** @import { AttemptField, Board, Face, Question } from "../protocol.js" */
/** @import { Wall } from "./wall.mjs" */

export class WallPanel {
  /** @param {Wall} wall */
  constructor(wall) {
    this.wall = wall;
    this.root = element("aside", { className: "class-panel", id: "class-panel" });
    this.root.ariaLabel = message("Live class");
    /** Whether code and QR fill the wall. */
    this.showsCode = false;
    /** Whether the panel is as large as the teacher has set it; null for as large as the beat wants it. */
    this.size = /** @type {"wall" | "side" | "bar" | null} */ (null);
    this.asksEnd = false;
    this.asksDigits = false;
    /** The field for the digits of a remote. @type {HTMLElement | null} */
    this.digitsField = null;
    /** What a teacher may take home, while it is shown. @type {HTMLElement | null} */
    this.keepPart = null;
    /** What is drawn, as JSON. */
    this.drawn = "";
  }

  /** Another beat has begun: the panel is as large as that wants it, and shows nothing to take home. */
  beginBeat() {
    this.size = this.keepPart = null;
  }

  /**
   * Say why there is no class.
   *
   * @param {string} sentence
   */
  fail(sentence) {
    this.root.replaceChildren(
      element("h2", {}, sentence),
      buttonElement(message("Close"), () => this.wall.close()),
    );
  }

  /** Draw the panel again, if it is to show something else. */
  draw() {
    const { root, showsCode } = this;
    const { board, question, runs, next, trouble } = this.wall;
    if (!board) return;
    const size = this.sizeAt(board.face.beat);
    const asks = [this.asksEnd, this.asksDigits, Boolean(this.keepPart)];
    const parts = [board, question, trouble.sentence, showsCode, size, asks, next?.link, runs.shown];
    const shown = JSON.stringify(parts);
    if (shown === this.drawn) return;
    this.drawn = shown;
    Object.assign(root.dataset, { size, beat: board.face.beat });
    document.body.dataset.classSize = size;
    root.toggleAttribute("data-lobby", !board.face.turn);
    root.toggleAttribute("data-code", showsCode);
    const focused = document.activeElement?.id ?? "";
    root.replaceChildren(this.createHead(board), this.createBody(board), ...this.createKeys(board));
    document.body.style.setProperty("--class-bar", `${root.offsetHeight}px`);
    if (root.contains(document.getElementById(focused))) document.getElementById(focused)?.focus();
  }

  /**
   * How large the panel is in a beat, unless the teacher has changed it.
   *
   * @param {Face["beat"]} beat
   */
  sizeAt(beat) {
    if (this.showsCode) return "wall";
    return this.size ?? (this.fillsWall(beat) ? "wall" : this.sizeBesidePage);
  }

  /**
   * Whether a beat is about the class rather than the page: the places of a class are on the panel's own map,
   * while the class tries the page must not tell the limit, and without a lesson it tells how its run ends.
   *
   * @param {Face["beat"]} beat
   */
  fillsWall(beat) {
    const showsPlaces = beat === "reveal" && Boolean(this.wall.question?.map);
    const hidesEnd = beat === "ask" && !this.wall.isLessonOfTurn;
    return ["lobby", "show", "try", "run"].includes(beat) || showsPlaces || hidesEnd;
  }

  /** A lesson on the page asks by itself, so that a bar is enough beside it. */
  get sizeBesidePage() {
    return this.wall.isLessonOfTurn ? "bar" : "side";
  }

  /** @param {Board} board */
  createHead({ face, joined, here, answered }) {
    const { code, address } = this.wall.session;
    const spelled = `${code.slice(0, 3)} ${code.slice(3)}`;
    const count = countWords(face.beat, answered, here) || presentWords(here || joined);
    const unreachable = () => element("p", { className: "class-unreachable" }, unreachableWords());
    return element(
      "div",
      { className: "class-head" },
      address ? createQr(address + code) : unreachable(),
      element("span", { className: "class-code" }, spelled),
      element("span", { className: "class-address" }, shortAddress(address)),
      element("span", { className: "class-count", role: "status" }, count),
    );
  }

  /** @param {Board} board */
  createBody(board) {
    const { question, session, trouble } = this.wall;
    const { sentence } = trouble;
    const { face } = board;
    const parts = [];
    if (sentence) parts.push(element("p", { className: "wrong", role: "alert" }, sentence));
    if (face.paused) parts.push(element("p", { className: "paused" }, message("Pause")));
    if (face.every > 2 && !face.paused) {
      const words = message("There are many phones: they look every {n} seconds.", { n: face.every });
      parts.push(element("p", { className: "soft" }, words));
    }
    if (!face.turn && session.address) parts.push(element("p", { className: "soft" }, lobbyWords()));
    else if (question?.turn === face.turn && !this.showsCode) {
      parts.push(...this.createTurn(question, board));
    }
    return element("div", { className: "class-body" }, ...parts);
  }

  /**
   * What the turn shows: the question with its answers, or what the class tries.
   *
   * @param {Question} question
   * @param {Board} board
   */
  createTurn(question, board) {
    const { attempt, runs } = this.wall;
    const { beat } = board.face;
    if (beat === "run") return runs.parts;
    if (beat === "try" && attempt) return tryParts(attempt);
    const parts = question.map ? mapParts(question, board) : [createBars(question, board)];
    return [richElement("h2", question.question), ...parts, ...createAdvice(board)];
  }

  /** @param {Board} board */
  createKeys(board) {
    const { wall } = this;
    const { face } = board;
    const nextButton = buttonElement(nextWords(wall), () => wall.pressNext(), {
      className: "dark next",
      id: "class-next",
      disabled: !wall.next,
    });
    const keys = [nextButton];
    const add = (/** @type {string} */ id, /** @type {string} */ text, /** @type {() => unknown} */ press) =>
      keys.push(buttonElement(text, press, { id }));
    if (isAfterAsking(face.beat)) {
      add("class-back", message("Back"), () => wall.pressBack());
      if (face.round < ROUNDS) add("class-again", message("Vote again"), () => wall.pressAgain());
    }
    if (face.turn) keys.push(...this.createSizeKeys());
    keys.push(...this.createEndKeys());
    const row = element("div", { className: "class-keys" }, ...keys);
    return [row, ...this.remoteParts, ...this.keepParts, this.createSwitches(board)];
  }

  /** The keys for a larger code, and for more or less of the panel. */
  createSizeKeys() {
    const words = this.showsCode ? message("Hide code") : message("Large code");
    const code = buttonElement(words, () => this.toggleCode(), { id: "class-code" });
    if (this.showsCode) return [code];
    const isWall = this.root.dataset.size === "wall";
    const turn = () => {
      this.size = isWall ? this.sizeBesidePage : "wall";
      this.draw();
    };
    const size = isWall ? message("Show the page") : message("Fill the wall");
    return [code, buttonElement(size, turn, { id: "class-size" })];
  }

  toggleDigits() {
    this.asksDigits = !this.asksDigits;
    this.draw();
    document.getElementById("class-digits")?.focus();
  }

  /** Show what a teacher may take home as it is now, or hide it. */
  async toggleKeep() {
    if (this.keepPart) this.keepPart = null;
    else {
      const { session, trouble, questions } = this.wall;
      const { status, body, sentence } = await session.fetchTallies();
      if (status !== 200) return trouble.setRefused(refusalWords(sentence));
      this.keepPart = createKeepPart(body.turns, questions, location.href.split("?")[0]);
    }
    this.draw();
  }

  get keepParts() {
    return this.keepPart ? [this.keepPart] : [];
  }

  /** A field for the digits, which stays while the panel is drawn again. */
  get remoteParts() {
    if (!this.asksDigits) return [];
    this.digitsField ??= this.createRemote();
    return [this.digitsField];
  }

  /** A field for the digits that the teacher's phone shows. */
  createRemote() {
    const words = message("Join with your phone, press “I am the teacher”, and type its digits here:");
    return createDigitsField(words, async (digits) => {
      const { status, sentence } = await this.wall.session.admitRemote(digits);
      this.wall.trouble.setRefused(status === 204 ? "" : refusalWords(sentence));
      if (status === 204) this.toggleDigits();
    });
  }

  /** The key that ends the class; it asks once more. */
  createEndKeys() {
    /** @type {(id: string, text: string, press: () => unknown) => HTMLButtonElement} */
    const create = (id, text, press) => buttonElement(text, press, { id });
    if (!this.asksEnd) {
      return [
        create("class-remote", message("Remote"), () => this.toggleDigits()),
        create("class-keep", message("Keep"), () => this.toggleKeep()),
        create("class-end", message("End"), () => this.askEnd(true)),
      ];
    }
    return [
      create("class-really", message("End the class for everyone"), () => this.wall.end()),
      create("class-stay", message("Go on"), () => this.askEnd(false)),
    ];
  }

  /** @param {Board} board */
  createSwitches({ face, live }) {
    const createSwitch = (/** @type {"door" | "paused" | "live"} */ key, /** @type {string} */ text) => {
      const checked = key === "live" ? live : face[key];
      const input = element("input", { type: "checkbox", id: `class-${key}`, checked });
      input.onchange = () => this.wall.set({ [key]: input.checked });
      return element("label", {}, input, text);
    };
    return element(
      "div",
      { className: "class-switches" },
      createSwitch("paused", message("Pause")),
      createSwitch("door", message("Door open")),
      createSwitch("live", message("Bars while asking")),
    );
  }

  /** @param {boolean} asks */
  askEnd(asks) {
    this.asksEnd = asks;
    this.draw();
  }

  toggleCode() {
    this.showsCode = !this.showsCode;
    this.draw();
  }
}

/** @param {AttemptField} field */
function tryParts({ map }) {
  const words = message(
    "Choose a start and a rate on your phone. Who gets there soonest, and which rate is too large?",
  );
  return [element("p", { className: "class-prompt" }, words), new SmallMapView(map).root];
}

/** @param {string} address */
const createQr = (address) =>
  element("img", {
    src: `export/qr.svg?${new URLSearchParams({ of: address })}`,
    alt: message("QR code of the class"),
  });

/** @param {string} address */
const shortAddress = (address) => address.replace(/^https?:\/\//, "").replace(/\/$/, "");

const lobbyWords = () =>
  message(
    "Scan the code, or open the address and type the six letters. The first question is the one that this page asks.",
  );

const unreachableWords = () =>
  message(
    "Phones cannot open this address: it works on this machine only. Start Losslab by “losslab --host 0.0.0.0”.",
  );

/**
 * @param {Question} question
 * @param {Board} board
 */
function mapParts(question, board) {
  const isAsked = board.face.beat === "ask" && !board.places.length;
  if (!isAsked) return createMap(question, board);
  return [element("p", { className: "soft" }, message("Each phone marks a place."))];
}

/** What the button says that moves the class on. @param {Wall} wall */
function nextWords({ board, next, showsRuns, runs }) {
  if (!next) return message("Open another link to ask about it");
  if (showsRuns && runs.hasNext) return runs.nextWords;
  const { turn = 0 } = board?.face ?? {};
  return wordsTo(next.beat, !turn);
}
