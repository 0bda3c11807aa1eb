// Exports of a link: files that the server makes. Data kept in this tab are sent along.

import { element } from "../core/dom.mjs";
import { usesStoredPoints } from "../core/link.mjs";
import { storedPoints } from "../core/points_storage.mjs";

/**
 * @param {string} name
 * @param {string} link
 */
const exportUrl = (name, link) => `export/${name}${link}`;

/**
 * Download an export; a form sends the data of this tab where the link needs them.
 *
 * @param {string} name
 * @param {string} link
 */
export function downloadExport(name, link) {
  const action = exportUrl(name, link);
  if (!usesStoredPoints(link)) return element("a", { href: action, download: "" }).click();
  const rows = element("input", { type: "hidden", name: "rows", value: storedPoints(link) });
  const form = element("form", { method: "post", enctype: "multipart/form-data", action }, rows);
  document.body.append(form);
  form.submit();
  return form.remove();
}

/**
 * Fetch an export as text; null if the server does not answer.
 *
 * @param {string} name
 * @param {string} link
 */
export async function fetchExport(name, link) {
  const body = new FormData();
  body.append("rows", storedPoints(link));
  const options = usesStoredPoints(link) ? { method: "POST", body } : {};
  const response = await fetch(exportUrl(name, link), options).catch(() => null);
  return response?.ok ? response.text() : null;
}
