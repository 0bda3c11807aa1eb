// What the page asks before it begins, and two cameras tied together.

import { at } from "./dom.mjs";

/** Whether this browser draws in three dimensions. */
export function webgl() {
  const canvas = document.createElement("canvas");
  const context = canvas.getContext("webgl2") ?? canvas.getContext("webgl");
  context?.getExtension("WEBGL_lose_context")?.loseContext();
  return Boolean(context);
}

/** The shell is drawn by Dash; wait until it is there. */
export function shell() {
  return new Promise((ready) => {
    const look = () => at("losslab") && (watch.disconnect(), ready());
    const watch = new MutationObserver(look);
    watch.observe(document.body, { childList: true, subtree: true });
    look();
  });
}

/** What one landscape's camera does, the other's does too. */
export function turnTogether(...views) {
  for (const view of views) {
    const [twin] = views.filter((other) => other !== view);
    let turning = false;
    const follow = () => {
      if (twin.drawn && view.drawn) twin.take(view.scene.getCamera());
      if (turning) requestAnimationFrame(follow);
    };
    view.element.addEventListener("pointerdown", () => { turning = true; follow(); });
    addEventListener("pointerup", () => (turning = false));
    view.turned = () => twin.drawn && twin.take(view.scene.getCamera());
  }
}
