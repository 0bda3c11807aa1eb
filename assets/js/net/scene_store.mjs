// The queue of requests for scenes and the cache of figures: one request at a time, the latest wins.

import { callServer, serverIsBack } from "./client.mjs";

/** Figures and sentences that are cached, so that the server sends each only once. */
const CACHE_SIZE = 40;

/** Keep custom data that are too long for a link in this tab. */
export const storePoints = (points) => sessionStorage.setItem("points", points);

/** The custom data kept in this tab; empty if there are none. */
export const storedPoints = () => sessionStorage.getItem("points") ?? "";

/** Whether a link needs data that are kept in this tab. */
export const usesStoredPoints = (link) => link.includes("points=browser");

/**
 * Sends requests and hands on the answers. A request is `{link, set, how, opened}` for a scene: the
 * changes `set` to the keys of `link`, and `how` the address bar records it ("push", "replace", "none");
 * or `{link, part}` for a part of the basins.
 */
export class SceneStore {
  /**
   * `onScene(scene, how)` receives a scene, `onBasins(tile)` a part of the basins or null,
   * `onConnection(lost)` whether the connection is lost.
   */
  constructor(onScene, onBasins, onConnection) {
    Object.assign(this, { onScene, onBasins, onConnection });
    Object.assign(this, { waiting: null, sent: null, figures: new Map() });
  }

  /** Whether a request is under way or waiting. */
  get busy() {
    return Boolean(this.sent || this.waiting);
  }

  /** Request a change of keys of the link; changes that are still waiting are sent along. */
  request(link, changes, how = "replace") {
    const before = this.waiting?.set ? this.waiting : { set: {}, how: "replace" };
    this.waiting = {
      link: before.link ?? link,
      set: { ...before.set, ...changes },
      how: before.how === "push" || how === "push" ? "push" : how,
      opened: before.opened,
    };
    this.send();
  }

  /** If the opened link needs data of this tab, which the server did not have, request it again with them. */
  restore(link) {
    if (usesStoredPoints(link) && storedPoints()) this.open(link);
  }

  /** Request a part of the basins unless something else is requested; return whether it was requested. */
  requestBasins(link, part) {
    if (this.busy) return false;
    this.waiting = { link, part };
    this.send();
    return true;
  }

  /** Request another link instead of everything that waits. */
  open(link) {
    this.waiting = { link, set: {}, how: "none", opened: true };
    this.send();
  }

  /** Send the waiting request if none is under way. */
  async send() {
    if (this.sent || !this.waiting) return;
    this.sent = this.waiting;
    this.waiting = null;
    const { link, set = {}, how, part } = this.sent;
    const value = part
      ? { link, tile: part }
      : { link, changes: set, knownFigures: [...this.figures.keys()] };
    if (usesStoredPoints(`${link}&${new URLSearchParams(set)}`)) value.points = storedPoints();
    const { scene, lost } = await callServer(value);
    if (lost) await this.recover();
    this.sent = null;
    if (scene) this.handleAnswer(scene, how, part);
    this.send();
  }

  handleAnswer(answer, how, part) {
    this.onConnection(false);
    if (part) this.onBasins(answer.tile);
    else this.receive(answer, how);
    const followsScene = this.waiting?.set && !this.waiting.opened && !part;
    if (followsScene) this.waiting.link = answer.link; // what waits changes the scene that has just come
  }

  /** Cache the figures of a scene, add those that the server left out, and hand the scene on. */
  receive(scene, how) {
    const { sentence } = scene.controls;
    for (const { name, figure } of Object.values(scene.figures)) if (figure) this.figures.set(name, figure);
    if (sentence.parts) this.figures.set(sentence.name, sentence.parts);
    const complete = ([view, { name }]) => [view, { name, figure: this.figures.get(name) }];
    const figures = Object.fromEntries(Object.entries(scene.figures).map(complete));
    const parts = this.figures.get(sentence.name);
    const controls = { ...scene.controls, sentence: { name: sentence.name, parts } };
    while (this.figures.size > CACHE_SIZE) this.figures.delete(this.figures.keys().next().value);
    this.onScene({ ...scene, controls, figures }, how);
  }

  /** Wait until the server is back, then let the lost request wait again with all changes made since. */
  async recover() {
    this.onConnection(true);
    await serverIsBack();
    const lost = this.sent;
    const later = this.waiting ?? { set: {}, how: "replace" };
    if (lost.part) this.waiting ??= lost;
    else this.waiting = later.how === "none" ? later : { ...lost, set: { ...lost.set, ...later.set } };
  }
}
