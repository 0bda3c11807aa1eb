// The address bar: shows the link of the current scene and step, written no more often than a browser allows.

import { byId } from "../core/dom.mjs";
import { urlOf, valueIn, withValues } from "../core/link.mjs";

/** @import { How } from "./scene_store.mjs" */

/** Milliseconds between two changes of the address while playing or dragging. */
const WRITE_DELAY = 400;

/** Each entry of the history remembers the link from which its changes started: `begun`. */
export class AddressBar {
  writeTimer = 0;
  /**
   * The link that differs from `begun` in nothing, as the server writes it.
   *
   * @type {string | null}
   */
  unchangedLink = null;

  /** @param {(link: string) => void} onOpen called to show another link */
  constructor(onOpen) {
    this.onOpen = onOpen;
    /** @type {string} */
    this.begun = history.state?.begun ?? location.search;
    byId("again").onclick = () => this.open(this.begun);
    addEventListener("popstate", (event) => {
      clearTimeout(this.writeTimer);
      this.begun = event.state?.begun ?? location.search;
      onOpen(location.search);
    });
  }

  /**
   * Open a link and make it the one that the "Back to the link" button returns to.
   *
   * @param {string} link
   */
  open(link) {
    clearTimeout(this.writeTimer);
    this.begun = link;
    history.pushState({ begun: link }, "", urlOf(link));
    this.onOpen(link);
  }

  /**
   * Load the page again at a link, in another language or from a new server.
   *
   * @param {string} link
   * @param {boolean} [push] whether the link is a new entry of the history
   */
  reload(link, push = false) {
    clearTimeout(this.writeTimer);
    const [state, url] = [{ begun: this.begun }, urlOf(link)];
    if (push && link !== location.search) history.pushState(state, "", url);
    else history.replaceState(state, "", url);
    location.reload();
  }

  /**
   * Write a lesson's own key into links that name it by an older one.
   *
   * @param {string} key
   */
  renameLesson(key) {
    if ([null, key].includes(valueIn(location.search, "s"))) return;
    const link = withValues(location.search, { s: key });
    if (this.begun === location.search) this.begun = link;
    history.replaceState({ begun: this.begun }, "", urlOf(link));
  }

  /**
   * Write a link: as a new entry of the history ("push"), into the present one ("replace"), or not at all
   * ("none").
   *
   * @param {string} link
   * @param {How} how
   */
  write(link, how) {
    clearTimeout(this.writeTimer);
    if (how === "none") this.unchangedLink = this.begun === location.search ? link : null;
    byId("again").hidden = link === this.unchangedLink;
    const [state, url] = [{ begun: this.begun }, urlOf(link)];
    if (how === "push" && link !== location.search) history.pushState(state, "", url);
    else if (how === "replace") {
      const replace = () => link !== location.search && history.replaceState(state, "", url);
      this.writeTimer = window.setTimeout(replace, WRITE_DELAY);
    }
  }
}
