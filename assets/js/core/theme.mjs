// Apply the theme of a link and what the link hides.

import { byId } from "./dom.mjs";

const root = document.documentElement;

/** Media query for a dark color scheme of the system. */
export const prefersDark = matchMedia("(prefers-color-scheme: dark)");

/** Apply a theme, where "auto" follows the system; return whether the page looks different now. */
export function applyTheme(theme) {
  const wanted = theme === "auto" ? (prefersDark.matches ? "dark" : "light") : theme;
  const changed = root.dataset.theme !== wanted;
  root.dataset.theme = wanted;
  return changed;
}

/** Hide what the link hides, and, when embedded, everything around the experiment. */
export function applyLinkOptions({ hide, embed, detail }) {
  Object.assign(root.dataset, { hide: hide.join(" "), view: detail.view });
  root.classList.toggle("embed", embed);
  byId("brand").target = embed ? "_blank" : "";
}
