// Texts of lessons: the server has rendered their Markdown and made it harmless (app/i18n/markdown.py).

import { element } from "./dom.mjs";

/** @import { Properties } from "../types.js" */

/**
 * Create an element with a rendered text.
 *
 * @template {keyof HTMLElementTagNameMap} Tag
 * @param {Tag} tag
 * @param {string} html
 * @param {Properties<Tag>} [properties]
 */
export function richElement(tag, html, properties = /** @type {Properties<Tag>} */ ({})) {
  const created = element(tag, properties);
  created.innerHTML = html;
  return created;
}

/**
 * A rendered text without its markup, for a place that shows none.
 *
 * @param {string} html
 */
export function plainText(html) {
  const template = document.createElement("template");
  template.innerHTML = html;
  return (template.content.textContent ?? "").trim();
}
