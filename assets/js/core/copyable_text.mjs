// A text with a button that copies it.

import { buttonElement, element } from "./dom.mjs";
import { message } from "./i18n.mjs";

/**
 * A text with a button that copies it: `{row, show(text), copyButton}`.
 *
 * @param {string} id
 * @param {string} ariaLabel
 */
export function createCopyableText(id, ariaLabel) {
  const code = element("code", { id, tabIndex: 0 });
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(code.textContent ?? "");
      copyButton.textContent = message("Copied");
    } catch {
      getSelection()?.selectAllChildren(code); // there is no clipboard without HTTPS
      copyButton.textContent = message("Press Ctrl+C");
    }
  };
  const copyButton = buttonElement(message("Copy"), copy, { className: "dark", ariaLabel });
  const show = (/** @type {string} */ text) => {
    code.textContent = text;
    copyButton.textContent = message("Copy");
  };
  return { row: element("div", { className: "copied" }, code, copyButton), show, copyButton };
}
