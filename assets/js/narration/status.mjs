// What the page says about a step: on screen at once, to screen readers only when it rests. And notices about
// the page.

import { buttonElement, byId, element } from "../core/dom.mjs";
import { message } from "../core/i18n.mjs";
import { urlOf } from "../core/link.mjs";

/** @import { ComparedText, Moment } from "../protocol.js" */

/**
 * Milliseconds after which a text is given to screen readers, which would otherwise read every step of a run.
 */
const ANNOUNCE_DELAY = 200;

export class Status {
  timer = 0;

  constructor() {
    this.verdict = byId("verdict");
    this.numbers = byId("numbers");
    this.update = byId("update");
    this.beside = byId("beside");
    this.status = byId("status");
    this.alert = byId("alert");
  }

  /**
   * Show the texts of a step.
   *
   * @param {Moment} moment
   */
  show(moment) {
    this.verdict.textContent = moment.verdict;
    this.verdict.dataset.tone = moment.tone;
    this.numbers.textContent = moment.numbers;
    this.update.textContent = moment.update;
    const createLine = (/** @type {ComparedText} */ { styleIndex, text, numbers }) => {
      const line = element("p", {}, text, element("span", { className: "numbers" }, numbers));
      line.dataset.mark = String(styleIndex);
      return line;
    };
    this.beside.replaceChildren(...moment.compared.map(createLine));
    this.atRest(() => {
      this.status.textContent = moment.status;
      const warning = moment.tone === "diverged" ? moment.verdict : "";
      if (this.alert.textContent !== warning) this.alert.textContent = warning;
    });
  }

  /**
   * Announce a text. The status is emptied first, so that the same text is announced again.
   *
   * @param {string} text
   */
  announce(text) {
    this.status.textContent = "";
    this.atRest(() => (this.status.textContent = text));
  }

  /** @param {() => void} action */
  atRest(action) {
    clearTimeout(this.timer);
    this.timer = window.setTimeout(action, ANNOUNCE_DELAY);
  }
}

/**
 * Show sentences about what is wrong with a link, with a button that copies the corrected link if there is
 * one; hide without any sentence.
 *
 * @param {HTMLElement} box
 * @param {string[]} sentences
 * @param {string | null} link
 */
export function showNotice(box, sentences, link) {
  box.hidden = sentences.length === 0;
  if (box.hidden) return;
  const text = element("div", {}, ...sentences.map((sentence) => element("p", {}, sentence)));
  const close = buttonElement(message("Close"), () => (box.hidden = true));
  const buttons = link === null ? [close] : [copyButton(link), close];
  box.replaceChildren(text, element("div", { className: "tools" }, ...buttons));
}

/**
 * A button that copies the corrected link.
 *
 * @param {string} link
 */
function copyButton(link) {
  const corrected = urlOf(link);
  const confirm = () => (button.textContent = message("Copied"));
  const writeLink = () => navigator.clipboard?.writeText(corrected).then(confirm);
  const button = buttonElement(message("Copy corrected link"), writeLink);
  return button;
}

/**
 * Show a notice while the connection to the server is lost, and hide it when the server is back.
 *
 * @param {HTMLElement} box
 * @param {boolean} lost
 * @param {string} link
 */
export function showConnection(box, lost, link) {
  if (lost) {
    const sentence = message(
      "The server does not answer right now. Playing, the camera and the link still work. Nothing is lost: the page asks again by itself.",
    );
    showNotice(box, [sentence], link);
  } else if (box.dataset.lost) box.hidden = true;
  box.dataset.lost = lost ? "true" : "";
}
