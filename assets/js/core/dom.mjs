// Find and create elements, and connect two kinds of native controls.

/** @import { Properties } from "../types.js" */

/**
 * The element with an id. Tests check that every id written out in a call exists.
 *
 * @template {HTMLElement} [Kind=HTMLElement]
 * @param {string} id
 * @returns {Kind}
 */
export const byId = (id) => /** @type {Kind} */ (document.getElementById(id));

/**
 * Create an element with `properties` and `children`.
 *
 * @template {keyof HTMLElementTagNameMap} Tag
 * @param {Tag} tag
 * @param {Properties<Tag>} [properties]
 * @param {...(Node | string)} children
 * @returns {HTMLElementTagNameMap[Tag]}
 */
export function element(tag, properties = {}, ...children) {
  const created = Object.assign(document.createElement(tag), properties);
  created.append(...children);
  return /** @type {HTMLElementTagNameMap[Tag]} */ (created);
}

/**
 * Create a button that calls `onclick`.
 *
 * @param {string} text
 * @param {() => unknown} onclick
 * @param {Properties<"button">} [properties]
 */
export const buttonElement = (text, onclick, properties = {}) =>
  element("button", { type: "button", onclick, ...properties }, text);

/**
 * Close a dropdown `<details>` on Escape, on a press outside of it and when the focus leaves it.
 *
 * @param {HTMLDetailsElement} details
 */
export function makeDismissible(details) {
  for (const name of ["pointerdown", "focusin"]) {
    addEventListener(name, ({ target }) => {
      if (!details.contains(/** @type {Node} */ (target))) details.open = false;
    });
  }
  addEventListener("keydown", ({ key }) => {
    if (key !== "Escape" || !details.open) return;
    details.open = false;
    details.querySelector("summary")?.focus();
  });
}

/**
 * Draw attention to a button until the page is first used.
 *
 * @param {HTMLElement} button
 */
export function inviteOnce(button) {
  button.classList.add("inviting");
  const stop = () => button.classList.remove("inviting");
  for (const name of ["pointerdown", "keydown"]) addEventListener(name, stop, { once: true });
}

/**
 * Let a button toggle full screen; hide it where the browser has none.
 *
 * @param {HTMLButtonElement} button
 */
export function connectFullscreenButton(button) {
  button.hidden = !document.fullscreenEnabled;
  button.onclick = () =>
    document.fullscreenElement ? document.exitFullscreen() : document.documentElement.requestFullscreen();
}
