// What the share dialog offers as evidence of the work: a package of lessons for a learning platform.

import { buttonElement, element } from "../core/dom.mjs";
import { message } from "../core/i18n.mjs";
import { valueIn } from "../core/link.mjs";

/** Keys of a link that a package keeps. */
const PACKAGE_KEYS = ["hide", "theme", "lang"];

/**
 * The address of the package of some lessons.
 *
 * @param {string} lessons their keys, or `all`
 * @param {string} link
 */
function packageAddress(lessons, link) {
  const kept = PACKAGE_KEYS.map((key) => [key, valueIn(link, key) ?? ""]).filter(([, value]) => value);
  const values = new URLSearchParams({ lang: document.documentElement.lang, ...Object.fromEntries(kept) });
  return `scorm/${encodeURIComponent(lessons)}.zip?${values}`;
}

/**
 * The children of the section on learning platforms.
 *
 * @param {() => { link: string, lesson: { key: string } | null }} getContent
 */
export function createPackageButtons(getContent) {
  const download = (/** @type {string} */ lessons) => () => {
    element("a", { href: packageAddress(lessons, getContent().link), download: "" }).click();
  };
  const one = buttonElement(message("This lesson"), () => download(getContent().lesson?.key ?? "all")());
  const all = buttonElement(message("All lessons"), download("all"));
  const words = message(
    "A SCORM 1.2 package for Moodle, Canvas and others. It shows the lessons from this server and records in the platform which were answered, and how many of them right.",
  );
  const framed = document.documentElement.dataset.frames;
  const limit = message("This server lets only these sites show it in a frame: {sites}.", {
    sites: framed ?? "",
  });
  const row = element("div", { className: "ends" }, one, all);
  const update = () => {
    one.hidden = !getContent().lesson;
  };
  const fine = framed ? [element("p", { className: "fine" }, limit)] : [];
  return { children: [element("p", {}, words), row, ...fine], update };
}
