// Find and create elements, and connect two kinds of native controls.

/** The element with an id. Tests check that every id written out in a call exists. */
export const byId = (id) => document.getElementById(id);

/** Create an element with `properties` and `children`. */
export function element(tag, properties = {}, ...children) {
  const created = Object.assign(document.createElement(tag), properties);
  created.append(...children);
  return created;
}

/** Close a dropdown `<details>` on Escape and on a press outside of it. */
export function makeDismissible(details) {
  addEventListener("pointerdown", ({ target }) => details.contains(target) || (details.open = false));
  addEventListener("keydown", ({ key }) => {
    if (key !== "Escape" || !details.open) return;
    details.open = false;
    details.querySelector("summary").focus();
  });
}

/** Let a button toggle full screen; hide it where the browser has none. */
export function connectFullscreenButton(button) {
  button.hidden = !document.fullscreenEnabled;
  button.onclick = () =>
    document.fullscreenElement ? document.exitFullscreen() : document.documentElement.requestFullscreen();
}
