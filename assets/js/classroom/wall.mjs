// The teacher's panel of a live class: code, count, what the class thinks, and the keys that move it.

import { buttonElement, element } from "../core/dom.mjs";
import { message } from "../core/i18n.mjs";
import { lessonLink, spellNumbers, valueIn, withoutKeys, withValues } from "../core/link.mjs";
import { richElement } from "../core/rich_text.mjs";
import { createAdvice } from "./advice.mjs";
import { isShared, notSharedWords } from "./class_home.mjs";
import { createSecret, refusalWords, send, Storage, Trouble, Watch } from "./class_client.mjs";
import { createKeepPart } from "./keep.mjs";
import { createDigitsField } from "./remote.mjs";
import { countWords, createBars, createMap, presentWords } from "./results.mjs";
import { RunPanel } from "./run_panel.mjs";
import { median, SmallMapView } from "./small_map.mjs";

/** @import { Page } from "../page.mjs" */
/** @import { AttemptField, Board, Face, Press, Question } from "../protocol.js" */
/** @import { Reply } from "./class_client.mjs" */

/**
 * What this browser keeps of its class; `first` brings one back that was handed over to it.
 *
 * @typedef {{ key: string, code: string, addresses: string[], word?: string, first?: string }} Kept
 */

const KEPT_SECONDS = 8 * 3600;
const LOOK_SECONDS = 1;
/** Keys of a link that concern one screen, not what the class does. */
const OWN_KEYS = ["a", "k", "theme", "lang", "embed"];
const LOOPBACK = /^(localhost|.*\.localhost|127(\.\d+){3}|\[::1\])$/;
const BEATS = /** @type {const} */ (["lobby", "ask", "show", "reveal", "try", "run", "explore"]);

/** The beats of a turn whose link has no descent with a rate. */
const BEATS_WITHOUT_TRYING = BEATS.filter((beat) => beat !== "try" && beat !== "run");

/** How long a teacher's key is tried for a code that no other class has. */
const ATTEMPTS = 5;

class Wall {
  /** @param {Page} page */
  constructor(page) {
    this.page = page;
    /** @type {Storage<Kept>} */
    this.storage = new Storage("losslab.class", KEPT_SECONDS);
    /** @type {Kept | null} */
    this.kept = this.storage.read();
    /** @type {Board | null} */
    this.board = null;
    /** @type {Question | null} */
    this.question = null;
    /** The entity tag of the face that this screen has seen, for its presses. */
    this.seen = "";
    this.trouble = new Trouble(() => this.draw());
    /** Whether code and QR fill the wall. */
    this.showsCode = false;
    /** Whether the panel is as large as the teacher has set it; null for as large as the beat wants it. */
    this.size = /** @type {"wall" | "side" | "bar" | null} */ (null);
    this.asksEnd = false;
    this.asksDigits = false;
    /** Whether the teachers' word was asked for to bring the class back. */
    this.hasAskedWord = false;
    /** The field for the digits of a remote. @type {HTMLElement | null} */
    this.digitsField = null;
    /** Questions by turn, for what a teacher keeps. @type {Map<number, Question>} */
    this.questions = new Map();
    /** What a teacher may take home, while it is shown. @type {HTMLElement | null} */
    this.keepPart = null;
    this.runs = new RunPanel(() => this.draw());
    this.drawn = "";
    this.panel = element("aside", { className: "class-panel", id: "class-panel" });
    this.panel.ariaLabel = message("Live class");
    this.handleKey = this.handleKey.bind(this);
  }

  // Begin and end.

  async open() {
    document.body.append(this.panel);
    for (const root of [document.documentElement, document.body]) root.classList.add("in-class");
    addEventListener("keydown", this.handleKey, true);
    if (!this.kept && !(await this.start())) return;
    this.watch = new Watch(
      () => ({ path: `${this.path}/board`, headers: this.authorization }),
      (reply) => this.receive(reply),
    );
    this.watch.look();
  }

  /**
   * Start a class; ask for the teachers' word where one is needed.
   *
   * @param {string} [word]
   * @returns {Promise<boolean>} whether there is a class
   */
  async start(word = "") {
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      const key = createSecret();
      const { status, body, sentence } = await send("POST", "class/", { key, link: this.present, word });
      if (status === 200) {
        this.kept = { key, code: body.code, addresses: body.addresses, word };
        if (!(await isShared(this.path, this.authorization))) {
          this.kept = null;
          return this.fail(notSharedWords());
        }
        this.storage.write(this.kept);
        return true;
      }
      if (status === 403 && !word) {
        const asked = prompt(sentence);
        return asked ? this.start(asked) : this.fail(sentence);
      }
      if (status !== 409) return this.fail(refusalWords(sentence));
    }
    return this.fail(message("The server does not answer."));
  }

  /**
   * Say why there is no class.
   *
   * @param {string} sentence
   */
  fail(sentence) {
    this.panel.replaceChildren(
      element("h2", {}, sentence),
      buttonElement(message("Close"), () => this.close()),
    );
    return false;
  }

  close() {
    this.runs.close();
    this.watch?.stop();
    this.storage.remove();
    this.panel.remove();
    removeEventListener("keydown", this.handleKey, true);
    for (const root of [document.documentElement, document.body]) root.classList.remove("in-class");
    delete document.body.dataset.classSize;
    this.page.lessonCard.setLed(false);
    wall = null;
  }

  async end() {
    const { status, sentence } = await send("DELETE", this.path, null, this.authorization);
    if ([204, 404, 410].includes(status)) return this.close();
    return this.trouble.setRefused(refusalWords(sentence));
  }

  get path() {
    return `class/${this.kept?.code}`;
  }

  get authorization() {
    return { Authorization: `Bearer ${this.kept?.key}` };
  }

  /** The link that the page shows, without what concerns this screen alone. */
  get present() {
    return withoutKeys(this.page.link, ...OWN_KEYS);
  }

  // What the class does.

  /**
   * Take a reply to a look at the board.
   *
   * @param {Reply} reply
   */
  receive({ status, body, sentence }) {
    if (status === 200) this.follow(body);
    else if (status === 304) this.catchUp();
    if (status === 200 || status === 304) this.trouble.setAway("");
    else if (status === 410 || status === 403) {
      this.fail(sentence);
      this.storage.remove();
      return 0;
    } else if (status === 404) this.restore();
    else this.trouble.setAway(message("The server does not answer. This page keeps trying."));
    return LOOK_SECONDS;
  }

  /**
   * Show a board; another screen may have turned to another link.
   *
   * @param {Board} board
   */
  async follow(board) {
    const before = this.board;
    this.board = board;
    this.see(board.face);
    const isElsewhere = board.face.turn > 0 && board.face.turn !== before?.face.turn;
    if (isElsewhere && this.present !== board.link) this.openLink(board.link);
    if (before && before.face.beat !== board.face.beat) this.size = this.keepPart = null;
    await this.fetchQuestion(board.face);
    this.followRuns(board);
    this.catchUp();
  }

  /**
   * Fetch the class's own runs once they are to be seen.
   *
   * @param {Board} board
   */
  followRuns(board) {
    const { attempt } = this;
    if (attempt && board.face.beat === "run") this.runs.follow(attempt, board);
    else if (!attempt) this.runs.close();
  }

  /** What the class may try in the present turn; null if there is no descent with a rate. */
  get attempt() {
    const { board, question } = this;
    return (question?.turn === board?.face.turn && question?.reveal?.attempt) || null;
  }

  /**
   * The beat after or before another one; those of trying are left out where nothing can be tried.
   *
   * @param {Face["beat"]} beat
   * @param {number} step
   */
  beatBeside(beat, step) {
    const /** @type {readonly Face["beat"][]} */ beats = this.attempt ? BEATS : BEATS_WITHOUT_TRYING;
    return beats[beats.indexOf(beat) + step];
  }

  /** @param {Face} face */
  see({ born, version, every }) {
    this.seen = `"${born}-${version}-${every}"`;
  }

  /** @param {Face} face */
  async fetchQuestion({ turn, beat }) {
    const isKnown = this.question?.turn === turn && (this.question.reveal || !isRevealing(beat));
    if (!turn || isKnown) return;
    const lang = document.documentElement.lang;
    const { status, body } = await send("GET", `${this.path}/question?turn=${turn}&lang=${lang}`);
    if (status !== 200) return;
    this.question = body;
    this.questions.set(turn, body);
  }

  /** Show what waited for the page, which may have been busy with the link of the turn. */
  catchUp() {
    this.lead();
    this.reveal();
    this.draw();
  }

  /** The page takes no answer to the lesson of the turn; one that was given before is taken back. */
  lead() {
    const { page, isLessonOfTurn } = this;
    if (page.lessonCard.led !== isLessonOfTurn) page.lessonCard.setLed(isLessonOfTurn);
    if (isLessonOfTurn && this.isAsked && !page.busy && page.scene.lesson?.answer) {
      this.openLink(this.board?.link ?? "");
    }
  }

  /** Whether the class does not know yet what is so in this turn. */
  get isAsked() {
    const { board, question } = this;
    return board !== null && question?.turn === board.face.turn && !question.reveal;
  }

  /** Once the class knows what is so, the lesson on the wall shows it, too. */
  reveal() {
    const { board, question, page } = this;
    const reveal = board && isRevealing(board.face.beat) && question?.reveal;
    if (!reveal || page.busy || !this.isLessonOfTurn || !page.scene.lesson?.asking) return;
    page.reveal(reveal.target ? spellNumbers(this.middlePlace) : String(reveal.correct));
  }

  /** The place in the middle of those of the class, the start if there are none. */
  get middlePlace() {
    const places = this.board?.places.at(-1) ?? [];
    const start = this.question?.map?.start ?? [0, 0];
    return places.length ? [0, 1].map((axis) => median(places.map((place) => place[axis]))) : start;
  }

  /** Whether the page shows the lesson of the turn. */
  get isLessonOfTurn() {
    const key = this.page.scene?.lesson?.key;
    return key !== undefined && Boolean(this.board?.face.turn) && valueIn(this.board?.link ?? "", "s") === key;
  }

  /** The server has forgotten the class: bring it back under its code, where it was. */
  async restore() {
    const { board } = this;
    const link = board?.link ?? this.present;
    const { status, body, sentence } = await this.reopen(link);
    if (status !== 200) return this.trouble.setAway(refusalWords(sentence));
    if (!board?.face.turn) return undefined;
    const { turn, beat, round } = board.face;
    this.see({ ...board.face, born: body.born, version: 1 });
    await this.change("turn", { turn, link, beat, round }, { restores: false });
    this.watch?.look();
  }

  /**
   * Open the class again; a screen to which it was handed over asks once for the teachers' word.
   *
   * @param {string} link
   * @returns {Promise<Reply>}
   */
  async reopen(link) {
    const { key, word = "", first = "" } = this.kept ?? {};
    const reply = await send("POST", "class/", { key, link, word, first });
    if (reply.status !== 403 || this.hasAskedWord || !this.kept) return reply;
    this.hasAskedWord = true;
    const asked = prompt(reply.sentence);
    if (!asked) return reply;
    this.kept.word = asked;
    this.storage.write(this.kept);
    return this.reopen(link);
  }

  /**
   * Open a link on the wall; the look of this screen stays.
   *
   * @param {string} link
   */
  openLink(link) {
    const look = ["theme", "lang"].map((key) => [key, valueIn(this.page.link, key) ?? ""]);
    this.page.addressBar.open(withValues(link, Object.fromEntries(look.filter(([, value]) => value))));
  }

  /**
   * Move the class. Where another screen was faster, this one shows where the class is.
   *
   * @param {Press} press
   */
  async put(press) {
    await this.change("turn", press);
    return this.watch?.look();
  }

  /**
   * Change the class. It is tried once more where the class was forgotten and has come back, or is where this
   * screen shows it under another tag.
   *
   * @param {"turn" | "settings"} part
   * @param {object} value
   * @param {{ restores?: boolean }} [options] whether to bring a forgotten class back first
   */
  async change(part, value, { restores = true } = {}) {
    const put = () => {
      const headers = { ...this.authorization, "If-Match": this.seen };
      return send("PUT", `${this.path}/${part}`, value, headers);
    };
    let reply = await put();
    if (reply.status === 404 && restores) {
      await this.restore();
      reply = await put();
    }
    if (reply.status === 412) {
      this.see(reply.body);
      if (this.isShown(reply.body)) reply = await put();
    }
    const { status, sentence } = reply;
    const isDone = status === 204 || status === 412;
    this.trouble.setRefused(isDone ? "" : refusalWords(sentence));
  }

  /** Whether the class is where this screen shows it. @param {Face} face */
  isShown(face) {
    const { board } = this;
    const keys = /** @type {const} */ (["turn", "beat", "round", "paused", "door"]);
    return board !== null && keys.every((key) => face[key] === board.face[key]);
  }

  /** What *Next* does: the next beat, or the question of another link; null if there is nothing more. */
  get next() {
    const { face, link } = this.board ?? {};
    if (!face) return null;
    if (face.turn && face.beat !== "explore") {
      const beat = this.beatBeside(face.beat, 1);
      return { turn: face.turn, link: link ?? "", beat, round: face.round };
    }
    const following = face.turn ? this.followingLink : this.present;
    return following === null ? null : { turn: face.turn + 1, link: following, beat: BEATS[1], round: 1 };
  }

  /** The link of the next turn: another one that the page shows, or the next lesson's; null without one. */
  get followingLink() {
    const { present } = this;
    const link = this.board?.link ?? "";
    if (this.isLessonOfTurn) {
      const next = this.page.scene.lesson?.next;
      return next ? withoutKeys(lessonLink(next, this.page.link), ...OWN_KEYS) : null;
    }
    return present === link ? null : present;
  }

  async pressNext() {
    const { next } = this;
    if (!next) return;
    if (this.showsRuns && this.runs.hasNext) return this.turnView(1);
    if (next.turn !== this.board?.face.turn && next.link !== this.present) this.openLink(next.link);
    await this.put(next);
  }

  /** Whether the wall shows the class's own runs. */
  get showsRuns() {
    return this.board?.face.beat === "run";
  }

  /**
   * Show another view of the runs; phones are told whose dots are ringed in it.
   *
   * @param {1 | -1} step
   */
  turnView(step) {
    const { face, link = "" } = this.board ?? {};
    if (step > 0) this.runs.next();
    else this.runs.back();
    this.draw();
    const { lit } = this.runs;
    if (face && lit.length) return this.put({ turn: face.turn, link, beat: "run", round: face.round, lit });
    return undefined;
  }

  async pressBack() {
    const { face, link = "" } = this.board ?? {};
    if (this.showsRuns && this.runs.hasBack) return this.turnView(-1);
    const beat = face && this.beatBeside(face.beat, -1);
    if (!face?.turn || !beat || beat === "lobby") return;
    await this.put({ turn: face.turn, link, beat, round: face.round });
  }

  async pressAgain() {
    const { face, link = "" } = this.board ?? {};
    if (face) await this.put({ turn: face.turn, link, beat: "ask", round: face.round + 1 });
  }

  /** @param {Partial<{ door: boolean, paused: boolean, live: boolean }>} changed */
  async set(changed) {
    const { face, live = false } = this.board ?? {};
    if (!face) return;
    const settings = { door: face.door, paused: face.paused, live, ...changed };
    await this.change("settings", settings);
    this.watch?.look();
  }

  // What the panel shows.

  /** Draw the panel again, if it is to show something else. */
  draw() {
    const { board, showsCode } = this;
    if (!board) return;
    const size = this.sizeAt(board.face.beat);
    const { runs, next } = this;
    const asks = [this.asksEnd, this.asksDigits, Boolean(this.keepPart)];
    const { sentence } = this.trouble;
    const parts = [board, this.question, sentence, showsCode, size, asks, next?.link, runs.shown];
    const shown = JSON.stringify(parts);
    if (shown === this.drawn) return;
    this.drawn = shown;
    Object.assign(this.panel.dataset, { size, beat: board.face.beat });
    document.body.dataset.classSize = size;
    this.panel.toggleAttribute("data-lobby", !board.face.turn);
    this.panel.toggleAttribute("data-code", showsCode);
    const focused = document.activeElement?.id ?? "";
    this.panel.replaceChildren(this.createHead(board), this.createBody(board), ...this.createKeys(board));
    document.body.style.setProperty("--class-bar", `${this.panel.offsetHeight}px`);
    if (this.panel.contains(document.getElementById(focused))) document.getElementById(focused)?.focus();
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
    const showsPlaces = beat === "reveal" && Boolean(this.question?.map);
    const hidesEnd = beat === "ask" && !this.isLessonOfTurn;
    return ["lobby", "show", "try", "run"].includes(beat) || showsPlaces || hidesEnd;
  }

  /** A lesson on the page asks by itself, so that a bar is enough beside it. */
  get sizeBesidePage() {
    return this.isLessonOfTurn ? "bar" : "side";
  }

  /** The address of the page for phones; empty if no phone can open it. */
  get address() {
    const { addresses = [] } = this.kept ?? {};
    if (!LOOPBACK.test(location.hostname)) return new URL("class/", location.href.split("?")[0]).href;
    return addresses[0] ? `${addresses[0]}class/` : "";
  }

  /** @param {Board} board */
  createHead({ face, joined, here, answered }) {
    const { code = "" } = this.kept ?? {};
    const { address } = this;
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
    const { question } = this;
    const { face } = board;
    const parts = [];
    const { sentence } = this.trouble;
    if (sentence) parts.push(element("p", { className: "wrong", role: "alert" }, sentence));
    if (face.paused) parts.push(element("p", { className: "paused" }, message("Pause")));
    if (face.every > 2 && !face.paused) {
      const words = message("There are many phones: they look every {n} seconds.", { n: face.every });
      parts.push(element("p", { className: "soft" }, words));
    }
    if (!face.turn && this.address) parts.push(element("p", { className: "soft" }, lobbyWords()));
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
    const { beat } = board.face;
    if (beat === "run") return this.runs.parts;
    if (beat === "try" && this.attempt) return tryParts(this.attempt);
    const parts = question.map ? mapParts(question, board) : [createBars(question, board)];
    return [richElement("h2", question.question), ...parts, ...createAdvice(board)];
  }

  /** @param {Board} board */
  createKeys(board) {
    const { next } = this;
    const { face } = board;
    const isTurn = next?.turn !== face.turn;
    const name = next ? this.nextName(next, isTurn) : message("Open another link to ask about it");
    const nextButton = buttonElement(name, () => this.pressNext(), {
      className: "dark next",
      id: "class-next",
      disabled: !next,
    });
    const keys = [nextButton];
    const add = (/** @type {string} */ id, /** @type {string} */ text, /** @type {() => unknown} */ press) =>
      keys.push(buttonElement(text, press, { id }));
    if (BEATS.indexOf(face.beat) > 1) add("class-back", message("Back"), () => this.pressBack());
    if (face.round === 1 && BEATS.indexOf(face.beat) > 1)
      add("class-again", message("Vote again"), () => this.pressAgain());
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
    const isWall = this.panel.dataset.size === "wall";
    const turn = () => {
      this.size = isWall ? this.sizeBesidePage : "wall";
      this.draw();
    };
    const size = isWall ? message("Show the page") : message("Fill the wall");
    return [code, buttonElement(size, turn, { id: "class-size" })];
  }

  /**
   * What the button says that moves the class on.
   *
   * @param {Press} next
   * @param {boolean} isTurn whether it begins another turn
   */
  nextName(next, isTurn) {
    if (this.showsRuns && this.runs.hasNext) return this.runs.nextWords;
    return nextWords(next, isTurn);
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
      const { status, body, sentence } = await send("GET", `${this.path}/tallies`, null, this.authorization);
      if (status !== 200)
        return this.trouble.setRefused(refusalWords(sentence));
      this.keepPart = createKeepPart(body.turns, this.questions, location.href.split("?")[0]);
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
      const { status, sentence } = await send("PUT", `${this.path}/remote`, { digits }, this.authorization);
      this.trouble.setRefused(status === 204 ? "" : refusalWords(sentence));
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
      create("class-really", message("End the class for everyone"), () => this.end()),
      create("class-stay", message("Go on"), () => this.askEnd(false)),
    ];
  }

  /** @param {Board} board */
  createSwitches({ face, live }) {
    const createSwitch = (/** @type {"door" | "paused" | "live"} */ key, /** @type {string} */ text) => {
      const checked = key === "live" ? live : face[key];
      const input = element("input", { type: "checkbox", id: `class-${key}`, checked });
      input.onchange = () => this.set({ [key]: input.checked });
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

  /**
   * Page Down and Up move the beat, as on a clicker; B pauses, C shows the code.
   *
   * @param {KeyboardEvent} event
   */
  handleKey(event) {
    const { target, key } = event;
    const isTyping = target instanceof Element && target.closest("input, select, textarea, dialog");
    if (isTyping || event.ctrlKey || event.metaKey || event.altKey) return;
    const /** @type {Record<string, () => unknown>} */ presses = {
      PageDown: () => this.pressNext(),
      PageUp: () => this.pressBack(),
      b: () => this.set({ paused: !this.board?.face.paused }),
      c: () => this.toggleCode(),
    };
    const press = presses[key.length === 1 ? key.toLowerCase() : key];
    if (!press) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    if (!event.repeat) press();
  }
}

/** @param {Face["beat"]} beat */
const isRevealing = (beat) => BEATS.indexOf(beat) >= BEATS.indexOf("reveal");

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

/**
 * What leads to the next beat, in words.
 *
 * @param {Press} next
 * @param {boolean} isTurn whether it begins another turn
 */
function nextWords({ beat, turn }, isTurn) {
  if (isTurn) return turn > 1 ? message("Next question") : message("Ask");
  const /** @type {Record<string, string>} */ words = {
    show: message("Show the answers"),
    reveal: message("Reveal"),
    try: message("Let them try"),
    run: message("Run them all"),
  };
  return words[beat] ?? message("Let them explore");
}

/** @type {Wall | null} */
let wall = null;

globalThis.addEventListener?.("losslab-class", (event) => {
  wall ??= new Wall(/** @type {CustomEvent<Page>} */ (event).detail);
  if (!wall.panel.isConnected) wall.open();
});
