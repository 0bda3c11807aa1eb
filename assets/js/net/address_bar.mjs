// The address bar: shows the link of the current scene and step, written no more often than a browser allows.

import { byId } from "../core/dom.mjs";

/** Milliseconds between two changes of the address while playing or dragging. */
const WRITE_DELAY = 400;

/** The link of a scene at step k. The server writes links; the step alone is inserted here. */
export function linkAt(scene, k) {
  const link = scene.link.replace(/([?&]k=)\d+/, `$1${k}`);
  return link === scene.link ? scene.shortLink : link;
}

/** Each entry of the history remembers the link from which its changes started: `begun`. */
export class AddressBar {
  /** `onOpen(link)` is called to show another link. */
  constructor(onOpen) {
    Object.assign(this, { onOpen, begun: history.state?.begun ?? location.search });
    byId("again").onclick = () => this.open(this.begun);
    addEventListener("popstate", (event) => {
      clearTimeout(this.timer);
      this.begun = event.state?.begun ?? location.search;
      onOpen(location.search);
    });
  }

  /** Open a link and make it the one that the "Back to the link" button returns to. */
  open(link) {
    clearTimeout(this.timer);
    this.begun = link;
    history.pushState({ begun: link }, "", link || location.pathname);
    this.onOpen(link);
  }

  /** Load the page again at a link in another language. */
  reload(link, how) {
    this.write(link, how);
    location.reload();
  }

  /**
   * Write a link: as a new entry of the history ("push"), into the present one ("replace"), or not at all
   * ("none").
   */
  write(link, how) {
    clearTimeout(this.timer);
    if (how === "none") this.unchangedLink = this.begun === location.search ? link : null;
    byId("again").hidden = link === this.unchangedLink;
    const [state, url] = [{ begun: this.begun }, link || location.pathname];
    if (how === "push" && link !== location.search) history.pushState(state, "", url);
    else if (how === "replace") {
      const replace = () => link !== location.search && history.replaceState(state, "", url);
      this.timer = setTimeout(replace, WRITE_DELAY);
    }
  }
}
