// The teacher's screen of a live class: it moves the class, and the page follows it.

import { message } from "../core/i18n.mjs";
import { lessonLink, spellNumbers, valueIn, withoutKeys, withValues } from "../core/link.mjs";
import { beatsOf, isRevealing } from "./beats.mjs";
import { refusalWords, Trouble, Watch } from "./class_client.mjs";
import { ClassSession } from "./class_session.mjs";
import { RunPanel } from "./run_panel.mjs";
import { median } from "./small_map.mjs";
import { WallPanel } from "./wall_panel.mjs";

/** @import { Page } from "../page.mjs" */
/** @import { Board, Face, Press, Question } from "../protocol.js" */
/** @import { Reply } from "./class_client.mjs" */

const LOOK_SECONDS = 1;
/** Keys of a link that concern one screen, not what the class does. */
const OWN_KEYS = ["a", "k", "theme", "lang", "embed"];

export class Wall {
  /** @param {Page} page */
  constructor(page) {
    this.page = page;
    this.session = new ClassSession();
    /** @type {Board | null} */
    this.board = null;
    /** @type {Question | null} */
    this.question = null;
    /** Questions by turn, for what a teacher keeps. @type {Map<number, Question>} */
    this.questions = new Map();
    this.panel = new WallPanel(this);
    this.trouble = new Trouble(() => this.panel.draw());
    this.runs = new RunPanel(() => this.panel.draw());
    this.handleKey = this.handleKey.bind(this);
  }

  // Begin and end.

  async open() {
    document.body.append(this.panel.root);
    for (const root of [document.documentElement, document.body]) root.classList.add("in-class");
    addEventListener("keydown", this.handleKey, true);
    const refusal = this.session.kept ? "" : await this.session.start(this.present);
    if (refusal) return this.panel.fail(refusal);
    this.watch = new Watch(
      () => ({ path: `${this.session.path}/board`, headers: this.session.authorization }),
      (reply) => this.receive(reply),
    );
    return this.watch.look();
  }

  close() {
    this.runs.close();
    this.watch?.stop();
    this.session.forget();
    this.panel.root.remove();
    removeEventListener("keydown", this.handleKey, true);
    for (const root of [document.documentElement, document.body]) root.classList.remove("in-class");
    delete document.body.dataset.classSize;
    this.page.lessonCard.setLed(false);
    wall = null;
  }

  async end() {
    const { status, sentence } = await this.session.end();
    if ([204, 404, 410].includes(status)) return this.close();
    return this.trouble.setRefused(refusalWords(sentence));
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
      this.panel.fail(sentence);
      this.session.forget();
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
    this.session.see(board.face);
    const isElsewhere = board.face.turn > 0 && board.face.turn !== before?.face.turn;
    if (isElsewhere && this.present !== board.link) this.openLink(board.link);
    if (before && before.face.beat !== board.face.beat) this.panel.beginBeat();
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
    const beats = beatsOf(Boolean(this.attempt));
    return beats[beats.indexOf(beat) + step];
  }

  /** @param {Face} face */
  async fetchQuestion({ turn, beat }) {
    const isKnown = this.question?.turn === turn && (this.question.reveal || !isRevealing(beat));
    if (!turn || isKnown) return;
    const { status, body } = await this.session.fetchQuestion(turn);
    if (status !== 200) return;
    this.question = body;
    this.questions.set(turn, body);
  }

  /** Show what waited for the page, which may have been busy with the link of the turn. */
  catchUp() {
    this.lead();
    this.reveal();
    this.panel.draw();
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
    const { board } = this;
    const key = this.page.scene?.lesson?.key;
    return key !== undefined && board !== null && board.face.turn > 0 && valueIn(board.link, "s") === key;
  }

  /** The server has forgotten the class: bring it back under its code, where it was. */
  async restore() {
    const { board } = this;
    const link = board?.link ?? this.present;
    const { status, body, sentence } = await this.session.reopen(link);
    if (status !== 200) return this.trouble.setAway(refusalWords(sentence));
    if (!board?.face.turn) return undefined;
    const { turn, beat, round } = board.face;
    this.session.see({ ...board.face, born: body.born, version: 1 });
    await this.change("turn", { turn, link, beat, round }, { restores: false });
    this.watch?.look();
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
    let reply = await this.session.change(part, value);
    if (reply.status === 404 && restores) {
      await this.restore();
      reply = await this.session.change(part, value);
    }
    if (reply.status === 412) {
      this.session.see(reply.body);
      if (this.isShown(reply.body)) reply = await this.session.change(part, value);
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
    const beat = /** @type {const} */ ("ask");
    return following === null ? null : { turn: face.turn + 1, link: following, beat, round: 1 };
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
    this.panel.draw();
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
      c: () => this.panel.toggleCode(),
    };
    const press = presses[key.length === 1 ? key.toLowerCase() : key];
    if (!press) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    if (!event.repeat) press();
  }
}

/** @type {Wall | null} */
let wall = null;

globalThis.addEventListener?.("losslab-class", (event) => {
  wall ??= new Wall(/** @type {CustomEvent<Page>} */ (event).detail);
  if (!wall.panel.root.isConnected) wall.open();
});
