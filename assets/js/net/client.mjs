// Requests to the server: one that fails is repeated once; after that the connection counts as lost.

/** Milliseconds before a request is repeated, where the server does not say. */
const RETRY_DELAY = 400;
/** Milliseconds after which a request counts as lost. */
const TIMEOUT = 20_000;
/** First and longest pause between two checks whether the server is back, in milliseconds. */
const [FIRST_CHECK, LONGEST_CHECK] = [2_000, 15_000];
const CHECK_GROWTH = 1.5;

/** @import { Request, Scene, TileAnswer } from "../protocol.js" */

/** @typedef {{ scene?: Scene | TileAnswer, lost?: boolean, response?: Response | null }} Answer */

/** @param {number} milliseconds */
const delay = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

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

/**
 * One attempt: `{scene}`, `{}` where the server refused the value, or `{lost, response}`.
 *
 * @param {RequestInit} options
 * @returns {Promise<Answer>}
 */
async function attempt(options) {
  const response = await fetch(`${pathPrefix()}_dash-update-component`, options).catch(() => null);
  if (!response || response.status >= 500) return { lost: true, response };
  if (!response.ok) return {};
  const answer = await response.json().catch(() => null);
  return answer ? { scene: answer.response.answer.value } : { lost: true };
}

/**
 * Call the page's Dash callback with a value: `{scene}`, `{}` if the value was refused, or `{lost}`.
 * Dash's own renderer hides from the page whether and why a request failed (docs/adr/0037).
 *
 * @param {Request} value
 * @returns {Promise<Answer>}
 */
export async function callServer(value) {
  const inputs = [{ id: "request", property: "value", value }];
  const outputs = { id: "answer", property: "value" };
  const body = JSON.stringify({ output: "answer.value", outputs, inputs, changedPropIds: ["request.value"] });
  const headers = { "Content-Type": "application/json" };
  const options = { method: "POST", headers, body, signal: AbortSignal.timeout(TIMEOUT) };
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

/** Wait until the server answers again. */
export async function serverIsBack() {
  for (let pause = FIRST_CHECK; ; pause = Math.min(CHECK_GROWTH * pause, LONGEST_CHECK)) {
    await delay(withJitter(pause));
    const response = await fetch(`${pathPrefix()}healthz`, { cache: "no-store" }).catch(() => null);
    if (response?.ok) return;
  }
}
