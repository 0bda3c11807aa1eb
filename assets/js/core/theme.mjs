// How the page is dressed: its theme, and what a link takes away from it.

import { at } from "./dom.mjs";

const root = document.documentElement;
export const dark = matchMedia("(prefers-color-scheme: dark)");

/** The theme that is drawn: the link's, or the system's. Whether it is another now. */
export function dress(theme) {
  const wanted = theme === "auto" ? (dark.matches ? "dark" : "light") : theme;
  const changed = root.dataset.theme !== wanted;
  root.dataset.theme = wanted;
  return changed;
}

/** Take away what the link hides, and in an embedding what is around the experiment. */
export function strip({ hide, embed, view }) {
  Object.assign(root.dataset, { hide: hide.join(" "), view });
  root.classList.toggle("embed", embed);
  at("brand").target = embed ? "_blank" : "";
}
