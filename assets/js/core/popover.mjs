// Popovers, also without the popover API (Safari before 17, Chrome before 114, Firefox before 125).

import { element } from "./dom.mjs";

/** @import { Properties } from "../types.js" */

/** An element above the page that closes by Escape and by a press elsewhere. */
export class Popover {
  isOpen = false;

  /**
   * @param {Properties<"div">} properties
   * @param {() => void} onClose
   */
  constructor(properties, onClose) {
    this.element = element("div", properties);
    this.onClose = onClose;
    this.isNative = "showPopover" in this.element;
    if (this.isNative) {
      this.element.popover = "auto";
      this.element.addEventListener("toggle", (event) => event.newState === "closed" && this.handleClose());
    } else this.closeByHand();
    document.body.append(this.element);
  }

  closeByHand() {
    addEventListener("keydown", ({ key }) => key === "Escape" && this.close());
    addEventListener("pointerdown", ({ target }) => {
      const node = /** @type {Node} */ (target);
      if (!this.element.contains(node) && !this.source?.contains(node)) this.close();
    });
  }

  /** It was closed, perhaps by the browser. */
  handleClose() {
    this.isOpen = false;
    this.element.classList.remove("open");
    this.onClose();
  }

  /**
   * Open it; `source` is the control that opens it.
   *
   * @param {HTMLElement} source
   */
  open(source) {
    this.source = source;
    this.isOpen = true;
    this.element.classList.add("open");
    if (this.isNative) this.element.showPopover({ source });
  }

  close() {
    if (!this.isOpen) return;
    if (this.isNative) this.element.hidePopover();
    else this.handleClose();
  }
}
