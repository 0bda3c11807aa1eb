// Links as text: every edit that the browser makes by itself. A link is "" or "?key=value&…", as
// app/url_state/state.py writes it; whatever is not edited stays as it is written.

/** Keys of a link that stay when another lesson is opened. */
const LASTING_KEYS = ["hide", "embed", "theme", "lang"];
/** The value of the key `points` while custom data are kept in the browser's tab. */
export const IN_BROWSER = "browser";

/** @param {string} link */
const pairs = (link) => link.replace(/^\?/, "").split("&").filter(Boolean);

/** @param {string} pair */
const keyOf = (pair) => pair.split("=", 1)[0];

/** @param {string[]} parts */
const join = (parts) => (parts.length ? `?${parts.join("&")}` : "");

/** Escape a value as the server does: commas, colons, stars and equals signs stay readable. */
const escape = (/** @type {string | number} */ value) =>
  encodeURIComponent(value).replace(/%2C|%3A|%3D/g, decodeURIComponent);

/**
 * The whole address of the page with a link. Relative ones fail where the path begins with two slashes.
 *
 * @param {string} link
 */
export const urlOf = (link) => `${location.origin}${location.pathname}${link}`;

/**
 * The value of a key; null if the link does not have it.
 *
 * @param {string} link
 * @param {string} key
 */
export const valueIn = (link, key) => new URLSearchParams(link).get(key);

/**
 * A link without some of its keys.
 *
 * @param {string} link
 * @param {...string} keys
 */
export const withoutKeys = (link, ...keys) => join(pairs(link).filter((pair) => !keys.includes(keyOf(pair))));

/**
 * A link with other values: a key that it has is changed in its place, others are appended, but
 * before custom data: these stay last, so that a link which is cut loses of them first.
 *
 * @param {string} link
 * @param {Record<string, string | number>} values
 */
export function withValues(link, values) {
  const rest = { ...values };
  const changed = pairs(link).map((pair) => {
    const key = keyOf(pair);
    if (!(key in values)) return pair;
    delete rest[key];
    return `${key}=${escape(values[key])}`;
  });
  const added = Object.entries(rest).map(([key, value]) => `${key}=${escape(value)}`);
  const points = changed.filter((pair) => keyOf(pair) === "points");
  return join([...changed.filter((pair) => keyOf(pair) !== "points"), ...added, ...points]);
}

/**
 * The link of a scene at step k. `link` always has a step; `shortLink` is the link without what has
 * its default, written as long as the step is the scene's own.
 *
 * @param {{ link: string, shortLink: string }} scene
 * @param {number} k
 */
export function linkAt({ link, shortLink }, k) {
  const atStep = withValues(link, { k });
  return atStep === link ? shortLink : atStep;
}

/**
 * A link without what it hides and without its embedding.
 *
 * @param {string} link
 */
export const withoutHideAndEmbed = (link) => withoutKeys(link, "hide", "embed");

/**
 * The link of a lesson; theme, language and hidden parts stay as in the present link.
 *
 * @param {string} lesson
 * @param {string} present
 */
export function lessonLink(lesson, present) {
  const lasting = pairs(present).filter((pair) => LASTING_KEYS.includes(keyOf(pair)));
  return join([`s=${escape(lesson)}`, ...lasting]);
}

/**
 * Whether a link needs data that are kept in this tab.
 *
 * @param {string} link
 */
export const usesStoredPoints = (link) => valueIn(link, "points") === IN_BROWSER;

/**
 * The value of the key `edit` with another target of an example. The value lists changed targets as
 * `row:target`.
 *
 * @param {string} edits
 * @param {number} row
 * @param {number} target
 */
export function withEdit(edits, row, target) {
  const others = edits.split(",").filter((part) => part && Number(part.split(":")[0]) !== row);
  return [...others, `${row}:${toFourDigits(target)}`].join(",");
}

/**
 * Round to four significant digits, which is finer than a pointer can set.
 *
 * @param {number | string} value
 */
export const toFourDigits = (value) => Number(Number(value).toPrecision(4));

/**
 * The number of a slider as a link spells it: at most four digits, many trailing zeros as an exponent.
 *
 * @param {number | string} value
 */
export const spellSliderValue = (value) =>
  String(toFourDigits(value)).replace(/0{6,}$/, (zeros) => `e${zeros.length}`);

/**
 * A list of numbers as a link spells it, with six significant digits.
 *
 * @param {readonly number[]} values
 */
export const spellNumbers = (values) => values.map((value) => String(Number(value.toPrecision(6)))).join(",");
