// Several servers without a shared store are noticed before a code is shown.

import assert from "node:assert/strict";
import { afterEach, test } from "node:test";

import { isShared } from "../../assets/js/classroom/class_home.mjs";

const { fetch } = globalThis;
afterEach(() => {
  globalThis.fetch = fetch;
});

/** Answer looks with these statuses in turn; returns the requests that were sent. */
function serve(...statuses) {
  const requests = [];
  globalThis.fetch = async (path, { method, headers }) => {
    requests.push([method, path, headers.Authorization]);
    return new Response("", { status: method === "GET" ? statuses[requests.length % statuses.length] : 200 });
  };
  return requests;
}

test("one server, or several that share, find the class every time", async () => {
  serve(200);
  assert.equal(await isShared("class/GMRXQV", {}), true);
});

test("of two servers that do not share one misses it, and the class is ended", async () => {
  const requests = serve(200, 404);
  assert.equal(await isShared("class/GMRXQV", { Authorization: "Bearer k" }), false);
  assert.deepEqual(requests.at(-1), ["DELETE", "class/GMRXQV", "Bearer k"]);
});

test("a server that is busy or away is no proof", async () => {
  serve(503, 500);
  assert.equal(await isShared("class/GMRXQV", {}), true);
});
