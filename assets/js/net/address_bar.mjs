// The address bar: written from the server's spelling of the state, never faster than a browser allows.

import { at } from "../core/dom.mjs";

const PAUSE = 400;

/** The link of a scene at step k: the server spells everything, the playhead is put in here. */
export function linkAt(scene, k) {
  const spelled = scene.link.replace(/([?&]k=)\d+/, `$1${k}`);
  return spelled === scene.link ? scene.plain : spelled;
}

export class Address {
  /** `opened` shows another link. Each entry of the history remembers the link with which it all `begun`. */
  constructor(opened) {
    Object.assign(this, { opened, begun: history.state?.begun ?? location.search });
    at("again").onclick = () => this.show(this.begun);
    addEventListener("popstate", (event) => {
      clearTimeout(this.later);
      this.begun = event.state?.begun ?? location.search;
      opened(location.search);
    });
  }

  /** Open a link, to which the way back leads from now on. */
  show(link) {
    clearTimeout(this.later);
    this.begun = link;
    history.pushState({ begun: link }, "", link || location.pathname);
    this.opened(link);
  }

  /** Load the page anew at this link: it is in another language. */
  reload(link, how) {
    this.write(link, how);
    location.reload();
  }

  write(link, how) {
    clearTimeout(this.later);
    const [url, state] = [link || location.pathname, { begun: this.begun }];
    if (how === "none") this.spelled = this.begun === location.search ? link : null;
    at("again").hidden = link === this.spelled;
    if (how === "push" && link !== location.search) history.pushState(state, "", url);
    else if (how === "replace") this.later = setTimeout(() => link !== location.search && history.replaceState(state, "", url), PAUSE);
  }
}
