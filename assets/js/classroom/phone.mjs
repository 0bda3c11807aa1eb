// The page of a phone in a live class: it waits, asks, shows what is so, and opens the lab.

import { buttonElement, byId, element } from "../core/dom.mjs";
import { formatNumber, message } from "../core/i18n.mjs";
import { plainText, richElement } from "../core/rich_text.mjs";
import { isRevealing } from "./beats.mjs";
import { createSecret, letterOf, send, Storage, Trouble, Watch } from "./class_client.mjs";
import { attemptOf, ballotOf, withAnswer } from "./own_answers.mjs";
import { createPlaceField } from "./place_field.mjs";
import { Remote, REMOTE_HASH } from "./remote.mjs";
import { distance, SmallMapView } from "./small_map.mjs";
import { attemptWords, createAttemptField, isAttempt, OwnRun, ringWords } from "./try.mjs";

/** @import { Attempt, Face, Question, TurnReveal } from "../protocol.js" */
/** @import { Reply } from "./class_client.mjs" */
/** @import { Answer } from "./own_answers.mjs" */
/** @import { Place } from "./small_map.mjs" */

/** @typedef {{ token: string, answers: Record<string, Answer> }} Kept */

/** Seconds for which a token is kept. */
const TOKEN_SECONDS = 6 * 3600;
/** Seconds between two signs of life. */
const LIFE_SECONDS = 20;
/** Seconds after which a class that is away is given up. */
const PATIENCE_SECONDS = 120;
const RETRY_SECONDS = 2;

class Phone {
  /** @param {string} code */
  constructor(code) {
    this.code = code;
    this.main = byId("phone");
    /** @type {Storage<Kept>} */
    this.storage = new Storage(`losslab.class.${code}`, TOKEN_SECONDS);
    this.kept = this.storage.read() ?? { token: createSecret(), answers: {} };
    this.number = 0;
    /** @type {Face | null} */
    this.face = null;
    /** @type {Question | null} */
    this.question = null;
    /** An answer that has not arrived yet. @type {Answer | null} */
    this.pending = null;
    /** The keys of the answers that the class is known to have; it may be forgotten and come back without. */
    this.arrived = new Set();
    this.trouble = new Trouble(() => this.writeTrouble());
    this.awaySince = 0;
    this.lifeAt = 0;
    /** What the screen shows now; it is drawn again only if that changes. */
    this.screen = "";
    this.run = new OwnRun(() => this.updateRun());
    this.watch = new Watch(
      () => ({ path: `${code}/face` }),
      (reply) => this.receive(reply),
    );
  }

  start() {
    this.show("wait", [element("h1", {}, message("One moment …"))]);
    return this.watch.look();
  }

  /**
   * Take a reply to a look at the class.
   *
   * @param {Reply} reply
   */
  receive(reply) {
    const { status, body } = reply;
    if (status !== 200 && status !== 304) return this.receiveRefusal(reply);
    if (status === 200) this.follow(body);
    this.awaySince = 0;
    this.trouble.setAway("");
    this.keepAlive();
    return this.face?.every ?? RETRY_SECONDS;
  }

  /**
   * @param {Reply} reply
   */
  receiveRefusal({ status, sentence }) {
    if (status === 410) return this.leave(sentence);
    this.watch.etag = "";
    this.awaySince ||= Date.now();
    if (status === 404 && this.isLost) return this.leave(sentence);
    this.trouble.setAway(this.awayWords(status && status !== 404 ? sentence : ""));
    return RETRY_SECONDS;
  }

  /**
   * What is said while the class cannot be read: of an answer first, as that is what a student waits for.
   *
   * @param {string} sentence the server's; empty if it has none
   */
  awayWords(sentence) {
    if (this.pending !== null) return notInWords();
    return sentence || message("No connection. This page keeps trying.");
  }

  /** Whether a class that is not found is given up: its store may have forgotten it for a moment. */
  get isLost() {
    return !this.face || Date.now() - this.awaySince > 1000 * PATIENCE_SECONDS;
  }

  /**
   * The class is over, or there is none.
   *
   * @param {string} sentence
   */
  leave(sentence) {
    this.storage.remove();
    const again = element("a", { href: "./", className: "big" }, message("Type another code"));
    this.show("over", [element("h1", {}, sentence), again]);
    return 0;
  }

  /**
   * Take over where the class is.
   *
   * @param {Face} face
   */
  async follow(face) {
    const before = this.face;
    this.face = face;
    if (before && ballotOf(before) !== ballotOf(face)) {
      this.pending = null;
      this.trouble.setRefused("");
    }
    if (!this.number || before?.born !== face.born) await this.join();
    if (face.turn && this.needsQuestion(face)) await this.fetchQuestion(face);
    await this.deliver();
    this.render();
  }

  /** Send an answer that waits, or that the class does not have any more. */
  async deliver() {
    if (this.isAsking && !this.arrived.has(this.askedKey)) this.pending ??= this.asked;
    if (this.pending !== null && this.isAsked(this.pending)) await this.sendAnswer(this.pending);
  }

  /** @param {Face} face */
  needsQuestion({ turn, beat }) {
    return this.question?.turn !== turn || (isRevealing(beat) && !this.question.reveal);
  }

  /** @param {Face} face */
  async fetchQuestion({ turn }) {
    const lang = document.documentElement.lang;
    const { status, body } = await send("GET", `${this.code}/question?turn=${turn}&lang=${lang}`);
    if (status === 200) this.question = body;
    else this.watch.etag = ""; // the next look asks again
  }

  /** Join, or join again a class that the server had forgotten, with what was answered. */
  async join() {
    const isAgain = this.number > 0;
    const { status, body, sentence } = await send("PUT", `${this.code}/me`, { token: this.kept.token });
    if (status !== 200) {
      this.watch.etag = "";
      if (sentence && !isAgain) this.show("refused", [element("h1", {}, sentence)]);
      return;
    }
    this.number = body.number;
    this.lifeAt = Date.now();
    this.storage.write(this.kept);
    this.arrived.clear();
  }

  /** Tell the class every now and then that this phone is still there. */
  keepAlive() {
    if (!this.number || Date.now() - this.lifeAt < 1000 * LIFE_SECONDS) return;
    this.lifeAt = Date.now();
    send("PUT", `${this.code}/me`, { token: this.kept.token });
  }

  /** The answer of this phone in this round; null if there is none. */
  get own() {
    const own = this.face ? this.kept.answers[ballotOf(this.face)] : undefined;
    return own === undefined || isAttempt(own) ? null : own;
  }

  /** What this phone tries in this turn; null if nothing. */
  get ownAttempt() {
    const own = this.face ? this.kept.answers[attemptOf(this.face)] : undefined;
    return isAttempt(own) ? own : null;
  }

  /** What this phone has given of what is asked for now; null if nothing. */
  get asked() {
    return this.face?.beat === "try" ? this.ownAttempt : this.own;
  }

  /** The key of what is asked for now among the answers. */
  get askedKey() {
    const { face } = this;
    if (!face) return "";
    return face.beat === "try" ? attemptOf(face) : ballotOf(face);
  }

  /** Whether the class asks for something now. */
  get isAsking() {
    return this.face?.beat === "ask" || this.face?.beat === "try";
  }

  /**
   * Whether the class asks for such an answer now.
   *
   * @param {Answer} value
   */
  isAsked(value) {
    return this.face?.beat === (isAttempt(value) ? "try" : "ask");
  }

  /**
   * Answer the question.
   *
   * @param {Answer} value
   */
  async sendAnswer(value) {
    const { turn = 0, round = 1 } = this.face ?? {};
    const key = this.askedKey;
    this.pending = value;
    this.updateAnswer();
    const given = { token: this.kept.token, turn, round, value };
    const { status, body, sentence } = await send("PUT", `${this.code}/answer`, given);
    if (this.pending !== value) return;
    if (status === 204) {
      this.pending = null;
      this.arrived.add(key);
      if (this.face) this.kept.answers = withAnswer(this.kept.answers, this.face, value);
      this.storage.write(this.kept);
      this.trouble.setRefused("");
    } else if (status === 409) {
      this.pending = null;
      this.trouble.setRefused("");
      this.face = body;
      this.render();
      this.say(message("The class has moved on: this came too late."));
    } else if (status === 0 || status >= 500) {
      this.trouble.setRefused(notInWords());
      this.watch.etag = ""; // the next look answers again
    } else {
      this.pending = null;
      this.trouble.setRefused(sentence);
    }
    this.updateAnswer();
  }

  // What the screen shows.

  /** Draw the screen of the present beat, if it is another one. */
  render() {
    const { face } = this;
    if (!face || !this.number) return;
    const question = this.question?.turn === face.turn ? this.question : null;
    if (face.paused) this.show("paused", [element("h1", {}, message("Pause. Please look up."))]);
    else if (question) this.renderTurn(question, face.beat);
    else this.showLobby();
    this.updateAnswer();
  }

  /**
   * @param {Question} question
   * @param {Face["beat"]} beat
   */
  renderTurn(question, beat) {
    const { reveal } = question;
    if (beat === "ask") this.showQuestion(question);
    else if (beat === "try" && reveal?.attempt) this.showTry(reveal.attempt);
    else if (beat === "run" && reveal?.attempt) this.showRun(reveal.attempt);
    else if (isRevealing(beat) && question.reveal) this.showReveal(question, question.reveal);
    else this.showWaiting(question);
  }

  /**
   * Replace the screen, unless it shows this already.
   *
   * @param {string} name
   * @param {(Node | string)[]} content
   */
  show(name, content) {
    const screen = `${name} ${this.face?.turn} ${this.face?.round}`;
    if (screen === this.screen) return;
    this.screen = screen;
    this.note = element("p", { className: "note" });
    this.main.replaceChildren(...content, this.note, ...(name === "over" ? [] : this.teacherParts));
    this.main.dataset.screen = name;
    document.documentElement.dataset.ready = String(name !== "wait");
    const heading = this.main.querySelector("h1");
    if (heading) this.say(heading.textContent ?? "");
    if (this.trouble.sentence) this.writeTrouble();
    scrollTo(0, 0);
  }

  /** What leads to the remote, on a screen that has not answered anything in this class. */
  get teacherParts() {
    if (Object.keys(this.kept.answers).length) return [];
    return [element("a", { href: REMOTE_HASH, className: "soft teacher" }, message("I am the teacher"))];
  }

  showLobby() {
    const you = message("You are student {n}.", { n: this.number });
    const next = message("The first question comes here by itself. Leave this page open.");
    const heading = element("h1", {}, message("You are in. Look at the wall."));
    this.show("lobby", [heading, element("p", {}, next), element("p", { className: "soft" }, you)]);
  }

  /** @param {Question} question */
  showQuestion(question) {
    const heading = richElement("h1", question.question);
    const { map } = question;
    if (map) return this.show("ask", [heading, ...this.createPlaceField(map)]);
    /** @type {HTMLButtonElement[]} */
    const buttons = question.choices.map((text, i) => {
      const button = buttonElement("", () => this.sendAnswer(i), { className: "choice" });
      button.append(element("b", {}, letterOf(i)), richElement("span", text));
      return button;
    });
    return this.show("ask", [heading, element("div", { className: "choices" }, ...buttons)]);
  }

  /**
   * A map to tap and two sliders, which move the same place.
   *
   * @param {NonNullable<Question["map"]>} map
   */
  createPlaceField(map) {
    const field = createPlaceField(map, this.ownPlace ?? map.start);
    const submit = buttonElement(message("This is my place"), () => this.sendAnswer(field.read()), {
      className: "dark big",
    });
    return [element("p", {}, message("Tap the map, or use the sliders.")), ...field.parts, submit];
  }

  /** @param {NonNullable<TurnReveal["attempt"]>} field */
  showTry(field) {
    const heading = element("h1", {}, message("Try it: choose a start and a rate."));
    const parts = createAttemptField(field, this.ownAttempt, (attempt) => this.sendAnswer(attempt));
    this.show("try", [heading, ...parts]);
  }

  /**
   * How the own run ended, while the wall shows those of all.
   *
   * @param {NonNullable<TurnReveal["attempt"]>} field
   */
  showRun(field) {
    const attempt = this.ownAttempt;
    const heading = element("h1", {}, message("Look at the wall."));
    const verdict = element("p", { className: "aha verdict", hidden: true });
    const ring = element("p", { className: "gap ring", hidden: true });
    this.show("run", [heading, element("p", {}, attemptWords(attempt)), verdict, ring]);
    if (attempt) this.run.ask(field.link, attempt);
    this.updateRun();
  }

  /** Write what is known of the own run, and say it once it has changed. */
  updateRun() {
    const texts = {
      ".verdict": this.ownAttempt ? this.run.sentence : "",
      ".ring": ringWords(this.face?.lit ?? [], this.number),
    };
    for (const [place, text] of Object.entries(texts)) {
      const node = this.main.querySelector(place);
      if (!(node instanceof HTMLElement) || node.textContent === text) continue;
      node.textContent = text;
      node.hidden = !text;
      if (text) this.say(text);
    }
  }

  /** The place that this phone has given in this round. */
  get ownPlace() {
    const own = this.pending ?? this.own;
    return Array.isArray(own) ? own : null;
  }

  /** @param {Question} question */
  showWaiting(question) {
    const heading = element("h1", {}, message("Look at the wall."));
    const talk = message("Tell your neighbour why.");
    this.show("show", [heading, element("p", {}, this.ownWords(question)), element("p", {}, talk)]);
  }

  /**
   * What this phone has answered, in a sentence.
   *
   * @param {Question} question
   */
  ownWords({ choices }) {
    const { own } = this;
    if (own === null) return message("You have not answered.");
    if (typeof own !== "number") return message("Your answer: ({u}, {v}).", placeWords(own));
    return message("Your answer: {letter}. {text}", { letter: letterOf(own), text: plainText(choices[own]) });
  }

  /**
   * @param {Question} question
   * @param {TurnReveal} reveal
   */
  showReveal(question, reveal) {
    const { own } = this;
    const right = own !== null && own === reveal.correct;
    /** @type {HTMLElement[]} */
    const content = [element("h1", { className: right ? "right" : "" }, this.truthWords(question, reveal))];
    if (!right) content.push(element("p", {}, this.ownWords(question)));
    if (question.map && reveal.target) {
      const view = new SmallMapView(question.map);
      const place = this.ownPlace;
      view.mark({ own: place, target: reveal.target });
      content.push(view.root);
      if (place) {
        const far = formatNumber(distance(place, reveal.target));
        content.push(element("p", { className: "gap" }, message("You were {far} away.", { far })));
      }
    }
    const aha = element("p", { className: "aha" }, reveal.conclusion);
    content.push(richElement("div", reveal.explanation), aha);
    const isOpen = this.face?.beat === "explore";
    if (isOpen) {
      const href = `../${this.exploreLink(question, reveal)}`;
      content.push(richElement("div", reveal.suggestion));
      content.push(element("a", { href, className: "big dark" }, message("Explore")));
    }
    const filled = content.filter((node) => node.textContent || node.children.length);
    this.show(isOpen ? "explore" : "reveal", filled);
  }

  /**
   * @param {Question} question
   * @param {TurnReveal} reveal
   */
  truthWords({ choices }, { correct, target }) {
    if (correct === null) return message("It is at ({u}, {v}).", placeWords(target ?? [0, 0]));
    const words = { letter: letterOf(correct), text: plainText(choices[correct]) };
    return this.own === correct
      ? message("Right: {letter}. {text}", words)
      : message("It is {letter}. {text}", words);
  }

  /**
   * The link to the lab, with this phone's answer where the turn was a lesson.
   *
   * @param {Question} question
   * @param {TurnReveal} reveal
   */
  exploreLink({ choices }, reveal) {
    const { attempt, correct } = reveal;
    const tried = this.ownAttempt;
    const link = tried && attempt ? linkOfRun(attempt.link, tried) : reveal.link;
    if (!new URLSearchParams(link).has("s")) return link || "./";
    const answer = this.own ?? (choices.length ? correct : null);
    return answer === null ? link : `${link}&a=${answer}`;
  }

  /** Say whether the answer is in, beside the buttons that gave it. */
  updateAnswer() {
    const given = this.pending ?? this.own;
    this.main.querySelectorAll(".choice").forEach((button, i) => {
      button.setAttribute("aria-pressed", String(given === i));
    });
    if (!this.note || this.trouble.sentence || !this.isAsking) return;
    const isIn = this.pending === null && this.asked !== null;
    const words = isIn ? message("Your answer is in. You can change it until the teacher goes on.") : "";
    if (this.note.textContent !== words) this.note.textContent = words;
    if (isIn) this.say(words);
  }

  writeTrouble() {
    const { sentence } = this.trouble;
    if (this.note) {
      this.note.textContent = sentence;
      this.note.classList.toggle("wrong", Boolean(sentence));
    }
    if (sentence) this.say(sentence);
    else this.updateAnswer();
  }

  /**
   * Say something to a screen reader.
   *
   * @param {string} sentence
   */
  say(sentence) {
    const status = byId("phone-status");
    if (status.textContent !== sentence) status.textContent = sentence;
  }
}

const notInWords = () => message("Your answer is not in yet. This page keeps trying.");

/**
 * A link with another start and rate.
 *
 * @param {string} link
 * @param {Attempt} attempt
 */
function linkOfRun(link, { start, rate }) {
  const query = new URLSearchParams(link);
  query.set("start", start.join(","));
  query.set("rate", String(rate));
  return `?${query}`;
}

/** @param {Place} place */
const placeWords = ([u, v]) => ({ u: formatNumber(u), v: formatNumber(v) });

/** The code of the class in an address. @param {string} path */
const codeIn = (path) => path.split("/").filter(Boolean).pop() ?? "";

if (globalThis.document) {
  const code = codeIn(location.pathname);
  addEventListener("hashchange", () => location.reload());
  (location.hash === REMOTE_HASH ? new Remote(code) : new Phone(code)).start();
}
