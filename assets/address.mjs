// The address bar: written from the server's spelling of the state, never faster than a browser allows.

const PAUSE = 400;

/** The link of a scene at step k: the server spells everything, the playhead is put in here. */
export function linkAt(scene, k) {
  const spelled = scene.link.replace(/([?&]k=)\d+/, `$1${k}`);
  return spelled === scene.link ? scene.plain : spelled;
}

export class Address {
  constructor(opened) {
    addEventListener("popstate", () => { clearTimeout(this.later); opened(location.search); });
  }

  write(link, how) {
    clearTimeout(this.later);
    const url = link || location.pathname;
    if (how === "push" && link !== location.search) history.pushState(null, "", url);
    else if (how === "replace") this.later = setTimeout(() => link !== location.search && history.replaceState(null, "", url), PAUSE);
  }
}
