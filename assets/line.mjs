// The line to the server: a question that was lost, or found no room, is asked once more; then the line is down.

const QUESTION = "_dash-update-component";
const PAUSE = 400;

const pause = (milliseconds) => new Promise((done) => setTimeout(done, milliseconds));

/** How long to wait before asking again: as the server says, a little apart from everyone else. */
function patience(answer) {
  const said = 1000 * Number(answer?.headers.get("Retry-After") ?? 0);
  return (said || PAUSE) * (1 + Math.random() / 2);
}

/** Dash asks through `window.fetch` and tells nobody what went wrong, so the line listens there. */
export function listen(down) {
  const plain = window.fetch.bind(window);
  const attempt = async (request) => {
    const answer = await plain(...request).catch(() => null);
    return answer?.status < 500 ? answer : { lost: true, answer };
  };
  window.fetch = async (...request) => {
    if (!String(request[0]).includes(QUESTION)) return plain(...request);
    let came = await attempt(request);
    if (came.lost) {
      await pause(patience(came.answer));
      came = await attempt(request);
    }
    if (!came.lost) return came;
    down();
    return new Response(null, { status: 204 });
  };
}

/** Resolves when the server is there again. */
export async function restored() {
  const home = JSON.parse(document.getElementById("_dash-config").textContent).requests_pathname_prefix;
  for (let wait = 2000; ; wait = Math.min(1.5 * wait, 15000)) {
    await pause(wait * (1 + Math.random() / 2));
    const answer = await fetch(`${home}healthz`, { cache: "no-store" }).catch(() => null);
    if (answer?.ok) return;
  }
}
