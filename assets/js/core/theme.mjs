// Apply the theme of a link and what the link hides.

import { byId } from "./dom.mjs";

/** @import { Scene } from "../protocol.js" */

/**
 * The value of a style sheet's custom property in the theme in force.
 *
 * @param {string} name
 */
export const themeValue = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

/** Media query for a dark color scheme of the system. */
const darkScheme = () => matchMedia("(prefers-color-scheme: dark)");

/**
 * Call `onChange` when the system changes between light and dark.
 *
 * @param {() => void} onChange
 */
export const onSchemeChange = (onChange) => darkScheme().addEventListener("change", onChange);

/**
 * Apply a theme, where "auto" follows the system; return whether the page looks different now.
 *
 * @param {string} theme
 */
export function applyTheme(theme) {
  const { dataset } = document.documentElement;
  const systemTheme = () => (darkScheme().matches ? "dark" : "light");
  const wanted = theme === "auto" ? systemTheme() : theme;
  const changed = dataset.theme !== wanted;
  dataset.theme = wanted;
  return changed;
}

/**
 * Hide what the link hides, and, when embedded, everything around the experiment.
 *
 * @param {Pick<Scene, "hide" | "embed" | "detail">} scene
 */
export function applyLinkOptions({ hide, embed, detail }) {
  const root = document.documentElement;
  Object.assign(root.dataset, { hide: hide.join(" "), detail: detail.view });
  root.classList.toggle("embed", embed);
  const /** @type {HTMLAnchorElement} */ brand = byId("brand");
  brand.target = embed ? "_blank" : "";
}
