// The table of published values, fetched when it is first looked at.

import { at } from "../core/dom.mjs";

export function published() {
  const [fold, table] = [at("checked"), at("published")];
  fold.addEventListener("toggle", async () => {
    if (!fold.open || table.childElementCount) return;
    const answer = await fetch(`published?lang=${document.documentElement.lang}`).catch(() => null);
    if (answer?.ok) table.innerHTML = await answer.text();
  });
}
