// Requests to the server: one that it did not answer is repeated once, after that the connection counts as
// lost; one that it refused is not asked again.

import { delay } from "../core/timing.mjs";

/** Milliseconds before a request is repeated, where the server does not say. */
const RETRY_DELAY = 400;
/** Milliseconds after which a request counts as lost. */
const TIMEOUT = 20_000;
/** First and longest pause between two checks whether the server is back, in milliseconds. */
const [FIRST_CHECK, LONGEST_CHECK] = [2_000, 15_000];
const CHECK_GROWTH = 1.5;

/** @import { Request, Scene, TileAnswer } from "../protocol.js" */

/** Statuses of a server that cannot answer just now: no server behind a proxy, an overload, a time-out. */
const UNREACHABLE = [502, 503, 504];
/** Characters of a sentence; a longer text is a page of some proxy. */
const MAX_SENTENCE = 300;

/**
 * An answer: a `scene`; `refused`, the server's sentence, where it refused or failed; or `lost`, where it did
 * not answer.
 *
 * @typedef {object} Answer
 * @property {Scene | TileAnswer} [scene]
 * @property {string} [refused]
 * @property {boolean} [lost]
 * @property {boolean} [outdated] whether the server is of another version than the page
 * @property {Response | null} [response]
 */

/** @returns {string} */
const pathPrefix = () =>
  JSON.parse(document.getElementById("_dash-config")?.textContent ?? "{}").requests_pathname_prefix;

/**
 * Add up to a half: browsers that lost the server at the same moment must not all come back at the same
 * moment.
 *
 * @param {number} milliseconds
 */
const withJitter = (milliseconds) => milliseconds * (1 + Math.random() / 2);

/**
 * Milliseconds until the retry, as the `Retry-After` header says.
 *
 * @param {Response | null} [response]
 */
function retryDelay(response) {
  const requested = 1000 * Number(response?.headers.get("Retry-After") ?? 0);
  return withJitter(requested || RETRY_DELAY);
}

/** Where the version of the page is in the address of its script, as `assets_version` in Python makes it. */
const VERSION_IN_ADDRESS = /assets\/([^/]+)\//;
/** Where a tab notes when it was loaded again for a new version. */
const RELOADED_AT = "losslab-reloaded";
/** Milliseconds within which a page is not loaded again: while replicas are replaced, two versions answer. */
const RELOAD_INTERVAL = 60_000;

/** The version of this page; empty if it is not known. */
const pageVersion = () => {
  const script = document.querySelector?.('script[type="module"]');
  return VERSION_IN_ADDRESS.exec(script?.getAttribute("src") ?? "")?.[1] ?? "";
};

/**
 * Whether a response comes from a server of another version, for which the page was not just loaded again.
 *
 * @param {Response} response
 */
function isOutdated(response) {
  const [own, theirs] = [pageVersion(), response.headers.get("X-Losslab-Version")];
  if (!own || !theirs || own === theirs) return false;
  try {
    if (Date.now() - Number(sessionStorage.getItem(RELOADED_AT)) < RELOAD_INTERVAL) return false;
    sessionStorage.setItem(RELOADED_AT, String(Date.now()));
  } catch {
    return false; // without storage nothing would end a series of reloads
  }
  return true;
}

/**
 * The sentence of a refusal; empty if what came is no sentence, such as the HTML of a proxy.
 *
 * @param {Response} response
 */
async function sentenceOf(response) {
  const isText = response.headers.get("Content-Type")?.startsWith("text/plain");
  const text = isText ? await response.text().catch(() => "") : "";
  return text.length <= MAX_SENTENCE ? text.trim() : "";
}

/**
 * One attempt, which has its own time limit.
 *
 * @param {RequestInit} options
 * @returns {Promise<Answer>}
 */
async function attempt(options) {
  const limited = { ...options, signal: AbortSignal.timeout(TIMEOUT) };
  const response = await fetch(`${pathPrefix()}_dash-update-component`, limited).catch(() => null);
  if (!response || UNREACHABLE.includes(response.status)) return { lost: true, response };
  if (isOutdated(response)) return { outdated: true };
  if (!response.ok) return { refused: await sentenceOf(response) };
  const answer = await response.json().catch(() => null);
  return answer?.response ? { scene: answer.response.answer.value } : { lost: true };
}

/**
 * Call the page's Dash callback with a value. Dash's own renderer hides from the page whether and why a
 * request failed (docs/adr/0037).
 *
 * @param {Request} value
 * @returns {Promise<Answer>}
 */
export async function callServer(value) {
  const inputs = [{ id: "request", property: "value", value }];
  const outputs = { id: "answer", property: "value" };
  const body = JSON.stringify({ output: "answer.value", outputs, inputs, changedPropIds: ["request.value"] });
  const headers = { "Content-Type": "application/json" };
  const options = { method: "POST", headers, body };
  const first = await attempt(options);
  if (!first.lost) return first;
  await delay(retryDelay(first.response));
  return attempt(options);
}

/**
 * Define the function that Dash calls with each answer; see `app/page/callbacks.py`.
 *
 * @param {(answer: Scene | TileAnswer) => void} draw
 */
export function defineDraw(draw) {
  window.dash_clientside = Object.assign(window.dash_clientside ?? {}, { losslab: { draw } });
}

/**
 * Hand an answer to Dash, as its renderer does with the answer to a callback.
 *
 * @param {Scene | TileAnswer} answer
 */
export const publishAnswer = (answer) => window.dash_clientside.set_props("answer", { value: answer });

/**
 * Wait until the server answers again, at least as long as `attempts` that failed before ask for.
 *
 * @param {number} [attempts]
 */
export async function serverIsBack(attempts = 0) {
  const first = Math.min(FIRST_CHECK * 2 ** attempts, LONGEST_CHECK);
  for (let pause = first; ; pause = Math.min(CHECK_GROWTH * pause, LONGEST_CHECK)) {
    await delay(withJitter(pause));
    const response = await fetch(`${pathPrefix()}healthz`, { cache: "no-store" }).catch(() => null);
    if (response?.ok) return;
  }
}
