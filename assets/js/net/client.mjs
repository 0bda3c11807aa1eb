// The line to the server: a question that was lost, or found no room, is asked once more; then the line is down.

const PAUSE = 400;
const PATIENCE = 20000;

const pause = (milliseconds) => new Promise((done) => setTimeout(done, milliseconds));
const home = () => JSON.parse(document.getElementById("_dash-config").textContent).requests_pathname_prefix;

/** How long to wait before asking again: as the server says, a little apart from everyone else. */
function patience(answer) {
  const said = 1000 * Number(answer?.headers.get("Retry-After") ?? 0);
  return (said || PAUSE) * (1 + Math.random() / 2);
}

/**
 * What the page's one callback answers to a value: `{scene}`, nothing in it where the value was refused, or `{lost}`.
 * Dash's own renderer would ask the same and take ten times as long as the server to hand the answer on.
 */
export async function ask(value) {
  const inputs = [{ id: "request", property: "value", value }];
  const outputs = { id: "answer", property: "value" };
  const body = JSON.stringify({ output: "answer.value", outputs, inputs, changedPropIds: ["request.value"] });
  const asking = { method: "POST", headers: { "Content-Type": "application/json" }, body, signal: AbortSignal.timeout(PATIENCE) };
  const attempt = async () => {
    const answer = await fetch(`${home()}_dash-update-component`, asking).catch(() => null);
    if (!answer || answer.status >= 500) return { lost: true, answer };
    if (!answer.ok) return {};
    return answer.json().then(({ response }) => ({ scene: response.answer.value }), () => ({ lost: true }));
  };
  const came = await attempt();
  if (!came.lost) return came;
  await pause(patience(came.answer));
  return attempt();
}

/** Resolves when the server is there again. */
export async function restored() {
  for (let wait = 2000; ; wait = Math.min(1.5 * wait, 15000)) {
    await pause(wait * (1 + Math.random() / 2));
    const answer = await fetch(`${home()}healthz`, { cache: "no-store" }).catch(() => null);
    if (answer?.ok) return;
  }
}
