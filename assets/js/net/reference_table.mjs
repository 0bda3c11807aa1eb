// The table of reference values, fetched when its section is first opened.

import { byId } from "../core/dom.mjs";

/** Fetch the table when the section is opened; a failed request is repeated at the next opening. */
export function connectReferenceTable() {
  const /** @type {HTMLDetailsElement} */ section = byId("checked");
  const table = byId("published");
  section.addEventListener("toggle", async () => {
    if (!section.open || table.childElementCount) return;
    const response = await fetch(`published?lang=${document.documentElement.lang}`).catch(() => null);
    if (response?.ok) table.innerHTML = await response.text();
  });
}
