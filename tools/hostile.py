"""Send malformed requests from a fixed seed to a real server; ``make hostile``.

Half of them come from hand-written generators, half from hypothesis. The status of every answer must be 2xx,
3xx or 4xx, or 503 with ``Retry-After``. No answer may reveal the software behind it, no worker may die, and
the memory of the server may grow by a factor of ``MAX_GROWTH`` at most.
"""

import argparse
import asyncio
import json
import random
import re
import sys
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote

import hypothesis
from hypothesis import strategies as st

from app.lessons.lesson import Lesson
from app.lessons.lesson_link import pack_lesson
from app.server import create_app
from app.url_state.url_parameters import FIELDS
from tools.support import wild_links
from tools.support.http_client import BROKEN, Answer, Caller, callback_body, run_in_thread
from tools.support.server_processes import Server, answers, gunicorn

SOFTWARE_NAMES = re.compile(
    rb"Traceback|File \"|werkzeug|flask|gunicorn/|waitress/|numpy|site-packages|Python/|line \d+, in", re.I
)
"""Texts that reveal the software behind the page."""
MAX_GROWTH = 1.05
CALLBACK = "/_dash-update-component"

RawRequest = bytes
Generator = Callable[[random.Random], RawRequest]


def raw_request(method: str, path: str, body: bytes = b"", /, **headers: str) -> RawRequest:
    """Return an HTTP request as bytes; underscores in names of headers stand for hyphens."""
    lines = {"Host": "localhost", "Accept-Encoding": "identity", "Content-Length": str(len(body))} | headers
    head = "".join(f"{name.replace('_', '-')}: {text}\r\n" for name, text in lines.items())
    return f"{method} {path} HTTP/1.1\r\n{head}\r\n".encode("utf-8", "surrogateescape") + body


def callback_request(value: object) -> RawRequest:
    """Return the request of the page's callback with any JSON value as its input."""
    return raw_request(
        "POST", CALLBACK, json.dumps(callback_body(value)).encode(), Content_Type="application/json"
    )


TEXTS = (
    "", "nan", "NaN", "-inf", "1e999", "-0", "1e-320", "9" * 400, "0x10", "1_0", "٣", "−1", "1,2,3",
    "," * 60, "../../etc/passwd", "<script>alert(1)</script>", "{{7*7}}", "%00", "\x00", "\ud800", "é" * 30,
    "🦆", "null", "true", "' OR 1=1 --", "${jndi:ldap://x}", "\r\nSet-Cookie: a=b", "mse", "digits",
    "newton", "1", "60", "0.1",
)  # fmt: skip
PATHS = (
    "/nowhere", "/..", "/../app/server.py", "/assets/../../etc/passwd", "/assets/%2e%2e/%2e%2e/etc/passwd",
    "/assets/x/js/main.mjs", "/assets//", "/static/plotly.min.js", "/static/", "/.env", "/.git/config",
    "/admin", "/_dash-component-suites/dash/x.js", "/_dash-component-suites/os/environ.py",
    "/_dash-component-suites/%3Cb%3E/x", "/_dash-layout/x", "/_reload-hash", "/_favicon.ico", "/%ff%fe",
    "/" + "a" * 3000, "//evil.example/", "/healthz/", "/metrics?x=1", "/readyz%00", "/;/",
    "/?" + "a=b&" * 3000, "/?link=" + "x" * 5000,
)  # fmt: skip
HEADERS = (
    "Host", "Accept-Encoding", "If-None-Match", "X-Request-ID", "Cookie", "Range", "Content-Encoding",
    "X-Forwarded-For", "X-Forwarded-Proto", "Referer", "Content-Length", "Expect", "Connection",
)  # fmt: skip


def random_text(r: random.Random) -> str:
    """Return one of ``TEXTS``, or characters at random."""
    if r.random() < 0.8:
        return r.choice(TEXTS)
    return "".join(chr(r.randrange(1, 0x2FF)) for _ in range(r.randrange(30)))


def random_json(r: random.Random, depth: int = 3) -> object:
    """Return a JSON value of any type, nested up to ``depth`` deep."""
    kind = r.randrange(9 if depth else 6)
    if kind >= 6:
        children = [random_json(r, depth - 1) for _ in range(r.randrange(4))]
        return children if kind == 6 else {random_text(r): child for child in children}
    return (None, True, r.randrange(-(2**70), 2**70), r.gauss(0, 1e9), float("nan"), random_text(r))[kind]


def random_link(r: random.Random) -> str:
    pairs = [
        f"{r.choice(FIELDS).key}={quote(random_text(r), errors='replace')}" for _ in range(r.randrange(1, 6))
    ]
    return "?" + "&".join(pairs)


def hostile_link(r: random.Random) -> RawRequest:
    return raw_request("GET", "/" + random_link(r))


def hostile_change(r: random.Random) -> RawRequest:
    changes = {
        r.choice(FIELDS).key if r.random() < 0.9 else random_text(r): random_text(r)
        for _ in range(r.randrange(1, 4))
    }
    return callback_request({"link": random_link(r), "changes": changes, "knownFigures": []})


def hostile_value(r: random.Random) -> RawRequest:
    value: dict[str, object] = {"link": "", "changes": {}, "knownFigures": []}
    value[r.choice([*value, random_text(r)])] = random_json(r)
    return callback_request(value if r.random() < 0.8 else random_json(r))


def hostile_body(r: random.Random) -> RawRequest:
    body = dict(callback_body({"link": ""}))
    body[r.choice([*body, "state", "background", random_text(r)])] = random_json(r)
    return raw_request("POST", CALLBACK, json.dumps(body).encode(), Content_Type="application/json")


def hostile_bytes(r: random.Random) -> RawRequest:
    valid = json.dumps(callback_body({"link": ""})).encode()
    bodies = (
        b"", b"{", b"null", b"[]", b"NaN", b"[" * r.randrange(1, 60_000), b'{"a":' * r.randrange(1, 9000),
        b"1" * 5000, valid[: r.randrange(len(valid))], r.randbytes(200), b"\xff\xfe" + valid, b"a=b",
        b"x" * 70_000, valid.replace(b"response", b"\x00"),
    )  # fmt: skip
    content_type = r.choice(
        ["application/json", "text/plain", "application/x-www-form-urlencoded", "multipart/form-data", "*"]
    )
    path = CALLBACK + r.choice(["", "", "?job=1", "?cacheKey=x"])
    return raw_request("POST", path, r.choice(bodies), Content_Type=content_type)


def hostile_method(r: random.Random) -> RawRequest:
    method = r.choice(["POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "PROPFIND", "GET", "HEADER"])
    return raw_request(
        method, r.choice(["/", CALLBACK, "/healthz", "/assets/x", "/nowhere", "/_dash-layout"])
    )


def hostile_path(r: random.Random) -> RawRequest:
    return raw_request("GET", r.choice(PATHS))


def hostile_header(r: random.Random) -> RawRequest:
    name = r.choice(HEADERS)
    value = re.sub(r"[\r\n\x00]", "", random_text(r)).encode("utf-8", "replace").decode("latin-1")
    return raw_request("GET", r.choice(["/", "/healthz", "/_dash-layout"]), **{name: value})


def hostile_lesson(r: random.Random) -> RawRequest:
    """Return a request with a lesson in a link or a draft of one, well packed or not."""
    target = r.choice([(), ("end_u", "end_v"), (r.choice(["x", "nan", "1e999", "best_w"]), "1")])
    texts = [random_text(r).encode("utf-8", "replace").decode() for _ in range(4)]
    lesson = Lesson(
        key="k",
        block=0,
        title=texts[0][:80] or "T",
        question=texts[1][:200] or "Q",
        text="{" + texts[2][:50] + "} $" + texts[3][:50] + "$",
        link=random_link(r)[1:400].encode("ascii", "ignore").decode(),
        choices=() if target else ("A", "{steps}"),
        target=target,
    )
    word = pack_lesson(lesson)
    if r.random() < 0.3:
        word = word[: r.randrange(len(word))] + r.choice(["", "-", "A", "%2e"])
    if r.random() < 0.5:
        return raw_request("GET", f"/?s={word}" + r.choice(["", "&a=0", "&a=1,2", f"&k={r.randrange(9)}"]))
    draft = {
        "link": random_link(r),
        "title": random_text(r),
        "question": random_text(r),
        "choices": ["a", "b"],
    }
    draft[r.choice(["place", "text", "rows", "right", random_text(r)])] = random_text(r)
    body = json.dumps(draft).encode() if r.random() < 0.8 else f"?s={word}".encode()
    name = r.choice(["preview", "file", "import"])
    return raw_request("POST", f"/lesson/{name}", body, Content_Type="application/json")


def wild_link(r: random.Random) -> RawRequest:
    """Return a request for a well-formed link at its limits: the page, a preview, an export or a tile."""
    if r.random() < 0.1:
        return callback_request(
            {"link": wild_links.link(r), "changes": {}, "knownFigures": [], "tile": r.randrange(4)}
        )
    return raw_request("GET", r.choice(wild_links.PAGES) + wild_links.link(r))


def hypothesis_requests(count: int, seed: int) -> list[RawRequest]:
    """Return requests that hypothesis generates: any JSON as the callback's input, any text as a value."""
    anything = st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=40),
        lambda child: st.lists(child, max_size=4) | st.dictionaries(st.text(max_size=8), child, max_size=4),
        max_leaves=12,
    )
    keys = st.sampled_from([field.key for field in FIELDS])
    changes = st.dictionaries(keys, st.text(max_size=20) | st.floats().map(str), max_size=4)
    requests: list[RawRequest] = []

    @hypothesis.seed(seed)
    @hypothesis.settings(
        max_examples=count, database=None, deadline=None, phases=[hypothesis.Phase.generate],
        suppress_health_check=list(hypothesis.HealthCheck),
    )  # fmt: skip
    @hypothesis.given(st.one_of(anything, changes.map(lambda set_: {"link": "", "changes": set_})))
    def collect(value: object) -> None:
        requests.append(callback_request(value))

    collect()
    return requests


GENERATORS: tuple[Generator, ...] = (
    hostile_link, hostile_change, hostile_value, hostile_body, hostile_bytes, hostile_method, hostile_path,
    hostile_header, hostile_lesson, wild_link, wild_link, wild_link,
)  # fmt: skip


def faults(request: RawRequest, answer: Answer) -> str:
    """Return what is wrong with the answer to a request, or an empty text."""
    is_overloaded = answer.status == 503 and "retry-after" in answer.headers
    if answer.status >= 500 and not is_overloaded:
        return f"{answer.status}: {request[:300]!r}"
    if answer.status != 200 and SOFTWARE_NAMES.search(answer.body):
        return f"reveals software: {request[:200]!r} -> {answer.body[:200]!r}"
    return "sets a cookie" if "set-cookie" in answer.headers else ""


async def attack(
    port: int, requests: list[RawRequest], connections: int = 8
) -> tuple[Counter[int], list[str]]:
    """Send all requests over several connections; return the number of answers by status, and the faults."""
    statuses, found, remaining = Counter[int](), list[str](), iter(requests)

    async def send_remaining() -> None:
        caller = Caller("127.0.0.1", port)
        for request in remaining:
            answer = await caller.send(request)
            statuses[answer.status] += 1
            if answer.status != BROKEN and (fault := faults(request, answer)):
                found.append(fault)
            if answer.status >= 400:
                caller.close()  # the server may not have read a rejected body
        caller.close()

    await asyncio.gather(*(send_remaining() for _ in range(connections)))
    return statuses, found


def memory(server: Server) -> int:
    """Return the private memory of all workers, in bytes."""
    rollup = (Path(f"/proc/{pid}/smaps_rollup").read_text() for pid in server.workers())
    return sum(1024 * int(kb) for text in rollup for kb in re.findall(r"^Private_\w+:\s+(\d+)", text, re.M))


def hostile_requests(count: int, seed: int) -> list[RawRequest]:
    """Return requests of the generators and of hypothesis in turns."""
    r = random.Random(seed)
    generated = hypothesis_requests(min(count // 2, 2000), seed)
    return [r.choice(GENERATORS)(r) if i % 2 else r.choice(generated) for i in range(count)]


def run(count: int, seed: int = 0, workers: int = 2, tries: int = 1) -> tuple[Counter[int], list[str]]:
    """Send ``count`` requests to a new server; return the number of answers by status, and the faults.

    The first half fills the server's caches; memory is compared before and after the second half. If
    ``count`` is small the caches are not full by then, so the second half is sent up to ``tries`` times until
    memory does not grow: caches grow once, a leak grows each time.
    """
    requests = hostile_requests(count, seed)
    half = len(requests) // 2
    with gunicorn(workers, LOSSLAB_RECYCLE="0") as server:
        first, found = run_in_thread(attack(server.port, requests[:half]))
        pids, has_grown = server.workers(), True
        while has_grown and tries > 0:
            before = memory(server)
            second, more = run_in_thread(attack(server.port, requests[half:]))
            after = memory(server)
            found, has_grown, tries = found + more, after > MAX_GROWTH * before, tries - 1
            print(f"memory {before / 1e6:.0f} MB, then {after / 1e6:.0f} MB", flush=True)
        if server.workers() != pids:
            found.append("a worker died")
        if not answers(server.home):
            found.append("no answer afterward")
        if has_grown:
            found.append(f"memory grew from {before / 1e6:.0f} to {after / 1e6:.0f} MB")
    return first + second, found


def run_in_process(count: int, seed: int) -> tuple[Counter[int], list[str]]:
    """Ask an application without a server for ``count`` wild links; return the statuses and the faults."""
    r, statuses, found = random.Random(seed), Counter[int](), list[str]()
    client = create_app().server.test_client()
    for _ in range(count):
        request = wild_link(r)
        head, _, body = request.partition(b"\r\n\r\n")
        method, path, _ = head.split(b"\r\n")[0].decode().split(" ")
        response = client.open(path, method=method, data=body, content_type="application/json")
        answer = Answer(response.status_code, dict(response.headers), response.get_data())
        statuses[answer.status] += 1
        if fault := faults(request, answer):
            found.append(fault)
            print(fault, flush=True)
    return statuses, found


def main() -> None:
    """Send the requests of the command line's seed and exit with the first faults."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--requests", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--in-process", action="store_true", help="ask for wild links only, without a server")
    options = parser.parse_args()
    attack_once = run_in_process if options.in_process else run
    statuses, found = attack_once(options.requests, options.seed)
    print(dict(sorted(statuses.items())))
    sys.exit("\n".join(found[:20]) or 0)


if __name__ == "__main__":
    main()
