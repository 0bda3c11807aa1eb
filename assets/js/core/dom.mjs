// Finding and making elements.

export const at = (name) => document.getElementById(name);

export function element(tag, properties = {}, ...children) {
  const made = Object.assign(document.createElement(tag), properties);
  made.append(...children);
  return made;
}

/** Closes a list that hangs from its summary on Escape and on a press elsewhere. */
export function hangs(details) {
  addEventListener("pointerdown", ({ target }) => details.contains(target) || (details.open = false));
  addEventListener("keydown", ({ key }) => {
    if (key !== "Escape" || !details.open) return;
    details.open = false;
    details.querySelector("summary").focus();
  });
}

/** A button that makes the page as large as the screen, where that can be done. */
export function fillsScreen(button) {
  button.hidden = !document.fullscreenEnabled;
  button.onclick = () => (document.fullscreenElement ? document.exitFullscreen() : document.documentElement.requestFullscreen());
}
