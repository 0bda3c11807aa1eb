// Custom data that are too long for a link: this tab keeps them, each under the check that its link carries.

import { valueIn } from "./link.mjs";

/** The beginning of the names of stored data; the check of the data follows. */
const PREFIX = "points ";
/** The key of a link with the check of its data, as `app/url_state/points_check.py` writes it. */
export const CHECK_KEY = "rows";

/**
 * All data of this page by their check, for browsers that deny storage; a reload loses them.
 *
 * @type {Map<string, string>}
 */
const inMemory = new Map();

/** Remove all stored data. */
function removeStored() {
  const names = Object.keys(sessionStorage).filter((name) => name.startsWith(PREFIX));
  for (const name of names) sessionStorage.removeItem(name);
}

/**
 * Keep data under their check; return whether they survive a reload. Where storage is full, other data go.
 *
 * @param {string} check
 * @param {string} points
 */
export function storePoints(check, points) {
  inMemory.set(check, points);
  for (const makeRoom of [() => {}, removeStored]) {
    try {
      makeRoom();
      sessionStorage.setItem(PREFIX + check, points);
      return true;
    } catch {
      // denied or full
    }
  }
  return false;
}

/**
 * The data that a link needs; empty if this tab does not have them.
 *
 * @param {string} link
 */
export function storedPoints(link) {
  const check = valueIn(link, CHECK_KEY) ?? "";
  try {
    return inMemory.get(check) ?? sessionStorage.getItem(PREFIX + check) ?? "";
  } catch {
    return inMemory.get(check) ?? "";
  }
}

/**
 * Whether a link that was asked for carries a check of other data than those that it opened.
 *
 * @param {string} asked
 * @param {string} opened
 */
export function lostData(asked, opened) {
  const check = valueIn(asked, CHECK_KEY);
  return check !== null && check !== valueIn(opened, CHECK_KEY);
}
