// The buttons of the page that switch something on or off, and those of the camera.

import { byId, connectFullscreenButton, makeDismissible } from "../core/dom.mjs";
import { connectLanguageMenu, message } from "../core/i18n.mjs";
import { SeldomMenu } from "./seldom_menu.mjs";

/** @import { How } from "../net/scene_store.mjs" */
/** @import { FigureView } from "../plot/figure_view.mjs" */
/** @import { Scene } from "../protocol.js" */

/**
 * What the buttons read and do on the page.
 *
 * @typedef {object} SwitchedPage
 * @property {Scene} scene
 * @property {() => string} spellRun
 * @property {(changes: Record<string, string>, how?: How) => void} request
 */

/** Eyes of the camera that look from above and from the side. */
const EYE_ABOVE = { x: 0, y: -0.01, z: 2.1 };
const EYE_BESIDE = { x: 0, y: -2.1, z: 0.25 };

export class PageButtons {
  /** @param {SwitchedPage} page */
  constructor(page) {
    const otherTheme = () => (document.documentElement.dataset.theme === "dark" ? "light" : "dark");
    byId("theme").onclick = () => page.request({ theme: otherTheme() });
    byId("fog").onclick = () => page.request({ fog: page.scene.fog ? "0" : "1" }, "push");
    byId("scale").onclick = () => page.request({ scale: page.scene.sameScale ? "0" : "1" }, "push");
    byId("basins").onclick = () => {
      if (page.scene.basins !== null) page.request({ basins: page.scene.basins ? "0" : "1" }, "push");
    };
    byId("ghost").onclick = () => page.request({ ghost: page.scene.ghost ? "" : page.spellRun() }, "push");
    this.basinsTitle = byId("basins").title;
    connectLanguageMenu(byId("language"), (lang) => page.request({ lang }, "push"));
    connectFullscreenButton(byId("full"));
    new SeldomMenu(byId("seldom"));
    const /** @type {NodeListOf<HTMLDetailsElement>} */ keys = document.querySelectorAll("details.legend");
    keys.forEach(makeDismissible);
  }

  /**
   * Say of the buttons what is on, and why one cannot be pressed.
   *
   * @param {Scene} scene
   */
  show(scene) {
    byId("fog").textContent = scene.fog ? message("Lift fog") : message("Fog");
    const keys = /** @type {const} */ (["fog", "basins", "ghost"]);
    for (const key of keys) byId(key).ariaPressed = String(Boolean(scene[key]));
    byId("scale").ariaPressed = String(Boolean(scene.sameScale));
    byId("scale").hidden = scene.sameScale === null;
    const basins = byId("basins");
    const why = scene.basins === null ? message("Basins need two parameters and a loss without kinks.") : "";
    // Not `disabled`: then the reason could not be reached by keyboard.
    basins.ariaDisabled = String(Boolean(why));
    basins.title = why || this.basinsTitle;
    byId("why-no-basins").textContent = why;
  }
}

/**
 * Connect the buttons of the landscape's camera.
 *
 * @param {FigureView} landscape
 */
export function connectCameraButtons(landscape) {
  byId("top").onclick = () => landscape.camera.lookFrom(EYE_ABOVE);
  byId("side").onclick = () => landscape.camera.lookFrom(EYE_BESIDE);
  byId("home").onclick = () => landscape.camera.lookFrom(null);
}
