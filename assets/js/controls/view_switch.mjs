// The switch between views: which one is shown largest, or, on a phone, which one is in sight.

import { buttonElement } from "../core/dom.mjs";
import { message } from "../core/i18n.mjs";

/** @import { Arrangement } from "../core/arrangement.mjs" */

/** @returns {Record<string, string>} */
const names = () => ({ landscape: message("3-D"), map: message("Map"), data: message("Data") });

export class ViewSwitch {
  /** What is shown, as text. */
  shown = "";
  /** The hero that was last brought into sight. */
  hero = "";
  /** @type {HTMLElement[]} */
  buttons = [];

  /**
   * @param {HTMLElement} box its parent has the cards and can be swiped on a phone
   * @param {(view: string) => void} onChoose
   */
  constructor(box, onChoose) {
    this.box = box;
    this.onChoose = onChoose;
    this.strip = /** @type {HTMLElement} */ (box.parentElement);
    this.strip.addEventListener("scroll", () => this.markInSight(), { passive: true });
    const tellWidth = () => this.strip.style.setProperty("--switch-width", `${box.offsetWidth + 16}px`);
    new ResizeObserver(tellWidth).observe(box);
  }

  /**
   * Show a button for each view that can be chosen.
   *
   * @param {Arrangement} arrangement
   * @param {string} detail the name of the view in the detail card
   */
  show({ choices, roles }, detail) {
    const hero = choices.find((name) => roles[name] === "hero") ?? "";
    const content = JSON.stringify([choices, detail]);
    if (content !== this.shown) {
      this.shown = content;
      this.buttons = choices.map((name) => this.createButton(name, names()[name] ?? detail));
      this.box.replaceChildren(...this.buttons);
    }
    const isPair = `${hero}-2` in roles;
    for (const button of this.buttons) {
      const name = button.dataset.chooses ?? "";
      button.classList.toggle("beside-pair", isPair && roles[name] === "side" && !(`${name}-2` in roles));
    }
    this.bringIntoSight(hero);
    this.mark(hero);
    if (this.isSwiped) this.markInSight();
  }

  /**
   * Show another hero, the first view of the strip: the browser would keep the one that was in sight.
   *
   * @param {string} hero
   */
  bringIntoSight(hero) {
    if (hero !== this.hero) this.strip.scrollTo({ left: 0, behavior: "instant" });
    this.hero = hero;
  }

  /**
   * @param {string} name
   * @param {string} text
   */
  createButton(name, text) {
    const button = buttonElement(text, () => this.choose(name));
    button.dataset.chooses = name;
    return button;
  }

  /** Whether one view is in sight at a time, and the others beside it. */
  get isSwiped() {
    return this.strip.scrollWidth > this.strip.clientWidth + 1;
  }

  /** @param {string} name */
  choose(name) {
    if (!this.isSwiped) return this.onChoose(name);
    const card = this.strip.querySelector(`[data-view="${name}"]`);
    card?.scrollIntoView({ inline: "start", block: "nearest" });
    return undefined;
  }

  /** Mark the view that was swiped into sight. */
  markInSight() {
    const { left, width } = this.strip.getBoundingClientRect();
    const /** @type {NodeListOf<HTMLElement>} */ cards = this.strip.querySelectorAll(".view[data-role]");
    const isInSight = (/** @type {HTMLElement} */ card) =>
      Math.abs(card.getBoundingClientRect().left - left) < width / 2;
    const inSight = [...cards].find(isInSight);
    if (inSight) this.mark((inSight.dataset.view ?? "").replace("-2", ""));
  }

  /** @param {string} name */
  mark(name) {
    for (const button of this.buttons) button.ariaPressed = String(button.dataset.chooses === name);
  }
}
