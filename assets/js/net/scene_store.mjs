// The queue of requests for scenes and the cache of figures: one request at a time, the latest wins.

import { usesStoredPoints, withValues } from "../core/link.mjs";
import { storedPoints } from "../core/points_storage.mjs";
import { callServer, defineDraw, publishAnswer, serverIsBack } from "./client.mjs";

/** @import { BasinTile, FigureSpec, Request, Scene, SentencePart, TileAnswer } from "../protocol.js" */
/** @import { CompleteScene } from "../types.js" */

/** @typedef {"push" | "replace" | "none"} How how the address bar records a request */

/**
 * A request for a scene: the changes `set` to the keys of `link`; or for a part of the basins.
 *
 * @typedef {object} SceneRequest
 * @property {string} link
 * @property {Record<string, string>} [set]
 * @property {How} [how]
 * @property {boolean} [opened] whether another link was opened, so that nothing is changed
 * @property {number} [part]
 * @property {number} [recoveries] how often it was asked again after the server was away
 */

/** Times that the same request is asked again after the server was away, before it is dropped. */
const MAX_RECOVERIES = 3;

/** Figures and sentences that are cached, so that the server sends each only once. */
const CACHE_SIZE = 40;

/** Sends requests and hands on the answers. */
export class SceneStore {
  /**
   * The request that is sent next.
   *
   * @type {SceneRequest | null}
   */
  waiting = null;
  /**
   * The request that is under way.
   *
   * @type {SceneRequest | null}
   */
  sent = null;
  /**
   * Figures and sentences by name.
   *
   * @type {Map<string, FigureSpec | SentencePart[]>}
   */
  figures = new Map();

  /**
   * The link whose windows the next scenes keep; null for their own.
   *
   * @type {string | null}
   */
  keptAxes = null;
  /** Whether the scene that was requested last keeps the windows of another. */
  keepsAxes = false;

  /**
   * `onScene(scene, how)` receives a scene, `onBasins(tile)` a part of the basins or null,
   * `onConnection(lost)` whether the connection is lost, `onRefusal(sentence)` why a request was dropped; the
   * sentence may be empty. `onOutdated(link)` is called with the requested link if the server is of another
   * version than the page.
   *
   * @param {(scene: CompleteScene, how: How) => unknown} onScene
   * @param {(tile: BasinTile | null) => void} onBasins
   * @param {(lost: boolean) => void} onConnection
   * @param {(sentence: string) => void} onRefusal
   * @param {(link: string) => void} onOutdated
   */
  constructor(onScene, onBasins, onConnection, onRefusal, onOutdated) {
    this.onScene = onScene;
    this.onBasins = onBasins;
    this.onConnection = onConnection;
    this.onRefusal = onRefusal;
    this.onOutdated = onOutdated;
    defineDraw((answer) => this.take(answer));
  }

  /** Whether a request is under way or waiting. */
  get busy() {
    return Boolean(this.sent || this.waiting);
  }

  /**
   * Request a change of keys of the link; changes that are still waiting are sent along.
   *
   * @param {string} link
   * @param {Record<string, string>} changes
   * @param {How} [how]
   */
  request(link, changes, how = "replace") {
    /** @type {Partial<SceneRequest>} */
    const before = this.waiting?.set ? this.waiting : { set: {}, how: "replace" };
    this.waiting = {
      link: before.link ?? link,
      set: { ...before.set, ...changes },
      how: before.how === "push" || how === "push" ? "push" : how,
      opened: before.opened,
    };
    this.send();
  }

  /**
   * If the opened link needs data of this tab, which the server did not have, request it again with them.
   *
   * @param {string} link
   */
  restore(link) {
    if (usesStoredPoints(link) && storedPoints(link)) this.open(link);
  }

  /**
   * Request a part of the basins unless something else is requested; return whether it was requested.
   *
   * @param {string} link
   * @param {number} part
   */
  requestBasins(link, part) {
    if (this.busy) return false;
    this.waiting = { link, part };
    this.send();
    return true;
  }

  /**
   * Request another link instead of everything that waits.
   *
   * @param {string} link
   */
  open(link) {
    this.waiting = { link, set: {}, how: "none", opened: true };
    this.send();
  }

  /**
   * Send the waiting request if none is under way.
   *
   * @returns {Promise<void>}
   */
  async send() {
    if (this.sent || !this.waiting) return;
    const request = this.waiting;
    this.sent = request;
    this.waiting = null;
    const { scene, lost, refused, outdated } = await callServer(this.body(request));
    if (outdated) return this.onOutdated(withValues(request.link, request.set ?? {}));
    if (scene) return publishAnswer(scene); // Dash calls `take` with it
    if (lost) await this.recover(request);
    this.sent = null;
    if (refused !== undefined) this.drop(request, refused);
    return this.send();
  }

  /**
   * What is sent for a request.
   *
   * @param {SceneRequest} request
   * @returns {Request}
   */
  body({ link, set = {}, part }) {
    const wanted = part ? { tile: part } : { changes: set, knownFigures: [...this.figures.keys()] };
    const next = withValues(link, set);
    const points = usesStoredPoints(next) ? { points: storedPoints(next) } : {};
    if (part) return { link, ...wanted, ...points };
    this.keepsAxes = this.keptAxes !== null;
    return { link, ...wanted, ...points, ...(this.keepsAxes && { keptAxes: this.keptAxes || "?" }) };
  }

  /**
   * Take an answer from Dash: to the request under way, or to one that Dash has sent itself.
   *
   * @param {Scene | TileAnswer} answer
   */
  take(answer) {
    const request = this.sent ?? { link: "" };
    this.sent = null;
    this.handleAnswer(answer, request);
    this.send();
  }

  /**
   * @param {Scene | TileAnswer} answer
   * @param {SceneRequest} request what it answers
   */
  handleAnswer(answer, { how = "replace" }) {
    this.onConnection(false);
    if ("tile" in answer) return this.onBasins(answer.tile);
    this.receive(answer, how);
    // what waits changes the scene that has just come
    if (this.waiting?.set && !this.waiting.opened) this.waiting.link = answer.link;
  }

  /**
   * Cache the figures of a scene, add those that the server left out, and hand the scene on.
   *
   * @param {Scene} scene
   * @param {How} how
   */
  receive(scene, how) {
    const { sentence } = scene.controls;
    const views = Object.entries(scene.figures);
    for (const [, { name, figure }] of views) if (figure) this.figures.set(name, figure);
    if (sentence.parts) this.figures.set(sentence.name, sentence.parts);
    const figures = Object.fromEntries(
      views.map(([view, { name }]) => [view, { name, figure: this.figures.get(name) }]),
    );
    const complete = { name: sentence.name, parts: this.figures.get(sentence.name) };
    for (const name of this.figures.keys()) {
      if (this.figures.size <= CACHE_SIZE) break;
      this.figures.delete(name);
    }
    const controls = { ...scene.controls, sentence: complete };
    this.onScene(/** @type {CompleteScene} */ ({ ...scene, controls, figures }), how);
  }

  /**
   * Drop a request that the server refused; what was changed meanwhile is asked without it.
   *
   * @param {SceneRequest} request
   * @param {string} sentence
   */
  drop(request, sentence) {
    this.onConnection(false);
    if (request.part) this.onBasins(null);
    else this.onRefusal(sentence);
  }

  /**
   * Wait until the server is back, then let the lost request wait again with all changes made since. One that
   * was lost again and again is dropped: perhaps it is what the server cannot answer.
   *
   * @param {SceneRequest} lost
   */
  async recover(lost) {
    this.onConnection(true);
    const { recoveries = 0 } = lost;
    await serverIsBack(recoveries);
    if (recoveries >= MAX_RECOVERIES) return this.drop(lost, "");
    lost.recoveries = recoveries + 1;
    const later = this.waiting ?? { set: {}, how: "replace" };
    if (lost.part) this.waiting ??= lost;
    else if (later.how !== "none") this.waiting = { ...lost, set: { ...lost.set, ...later.set } };
  }
}
