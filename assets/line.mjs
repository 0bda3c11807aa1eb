// The line to the server: tries a question that was lost or found no room once more, then says that it is down.

const QUESTION = "_dash-update-component";
const PAUSE = 400;
const BUSY = 503;

const pause = (milliseconds) => new Promise((done) => setTimeout(done, milliseconds));

/** What came of a request; null where the connection broke. */
async function attempt(fetching, request) {
  try {
    return await fetching(...request);
  } catch {
    return null;
  }
}

/** Dash asks through `window.fetch` and keeps what goes wrong to itself, so the line listens there. */
export function listen(down) {
  const plain = window.fetch.bind(window);
  window.fetch = async (...request) => {
    if (!String(request[0]).includes(QUESTION)) return plain(...request);
    let answer = await attempt(plain, request);
    if (!answer?.ok && (!answer || answer.status >= 500)) {
      const wait = answer?.status === BUSY ? 1000 * Number(answer.headers.get("Retry-After") || 1) : PAUSE;
      await pause(wait * (1 + Math.random() / 2));
      answer = await attempt(plain, request);
    }
    if (!answer?.ok) down();
    return answer ?? new Response(null, { status: 204 });
  };
}

/** Whether the server is there again. */
export async function alive() {
  const answer = await attempt(fetch, [new URL("healthz", location.origin + home()), { cache: "no-store" }]);
  return Boolean(answer?.ok);
}

/** The path under which the page and all of its kind live. */
function home() {
  return JSON.parse(document.getElementById("_dash-config").textContent).requests_pathname_prefix;
}
