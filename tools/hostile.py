"""Send malformed requests from a fixed seed to a real server; ``make hostile``.

Half of them come from hand-written generators, half from hypothesis. Every answer must be 2xx, 3xx or 4xx, or 503 with
``Retry-After``; none may reveal the software behind it, and the server's memory must not grow by more than ``GROWTH``.
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

from app.url_state.url_parameters import FIELDS
from tools.support.http_client import BROKEN, Answer, Caller, finish, question
from tools.support.server_processes import Server, answers, gunicorn

TELLS = re.compile(
    rb"Traceback|File \"|werkzeug|flask|gunicorn/|waitress/|numpy|site-packages|Python/|line \d+, in", re.I
)
"""Texts that reveal the software behind the page."""
GROWTH = 1.05
JSON = {"Content-Type": "application/json"}
ASK = "/_dash-update-component"

Wire = bytes
Maker = Callable[[random.Random], Wire]


def wire(method: str, path: str, body: bytes = b"", **headers: str) -> Wire:
    lines = {"Host": "localhost", "Accept-Encoding": "identity", "Content-Length": str(len(body))} | headers
    head = "".join(f"{name.replace('_', '-')}: {text}\r\n" for name, text in lines.items())
    return f"{method} {path} HTTP/1.1\r\n{head}\r\n".encode("utf-8", "surrogateescape") + body


def ask(value: object) -> Wire:
    return wire("POST", ASK, json.dumps(question(value)).encode(), Content_Type="application/json")


TEXTS = (
    "", "nan", "NaN", "-inf", "1e999", "-0", "1e-320", "9" * 400, "0x10", "1_0", "٣", "−1", "1,2,3", "," * 60,
    "../../etc/passwd", "<script>alert(1)</script>", "{{7*7}}", "%00", "\x00", "\ud800", "é" * 30, "🦆", "null",
    "true", "' OR 1=1 --", "${jndi:ldap://x}", "\r\nSet-Cookie: a=b", "mse", "digits", "newton", "1", "60", "0.1",
)  # fmt: skip
PATHS = (
    "/nowhere", "/..", "/../app/server.py", "/assets/../../etc/passwd", "/assets/%2e%2e/%2e%2e/etc/passwd",
    "/assets/x/js/main.mjs", "/assets//", "/static/plotly.min.js", "/static/", "/.env", "/.git/config", "/admin",
    "/_dash-component-suites/dash/x.js", "/_dash-component-suites/os/environ.py", "/_dash-component-suites/%3Cb%3E/x",
    "/_dash-layout/x", "/_reload-hash", "/_favicon.ico", "/%ff%fe", "/" + "a" * 3000, "//evil.example/", "/healthz/",
    "/metrics?x=1", "/readyz%00", "/;/", "/?" + "a=b&" * 3000, "/?link=" + "x" * 5000,
)  # fmt: skip


def text(r: random.Random) -> str:
    return (
        r.choice(TEXTS)
        if r.random() < 0.8
        else "".join(chr(r.randrange(1, 0x2FF)) for _ in range(r.randrange(30)))
    )


def thing(r: random.Random, depth: int = 3) -> object:
    """A JSON value of any kind."""
    kind = r.randrange(9 if depth else 6)
    if kind >= 6:
        inner = [thing(r, depth - 1) for _ in range(r.randrange(4))]
        return inner if kind == 6 else {text(r): part for part in inner}
    return (None, True, r.randrange(-(2**70), 2**70), r.gauss(0, 1e9), float("nan"), text(r))[kind]


def link(r: random.Random) -> str:
    pairs = [f"{r.choice(FIELDS).key}={quote(text(r), errors='replace')}" for _ in range(r.randrange(1, 6))]
    return "?" + "&".join(pairs)


def hostile_link(r: random.Random) -> Wire:
    return wire("GET", "/" + link(r))


def hostile_turn(r: random.Random) -> Wire:
    turned = {
        r.choice(FIELDS).key if r.random() < 0.9 else text(r): text(r) for _ in range(r.randrange(1, 4))
    }
    return ask({"link": link(r), "set": turned, "known": []})


def hostile_value(r: random.Random) -> Wire:
    value = {"link": "", "set": {}, "known": []}
    value[r.choice([*value, text(r)])] = thing(r)
    return ask(value if r.random() < 0.8 else thing(r))


def hostile_body(r: random.Random) -> Wire:
    body = dict(question({"link": ""}))
    body[r.choice([*body, "state", "background", text(r)])] = thing(r)
    return wire("POST", ASK, json.dumps(body).encode(), Content_Type="application/json")


def hostile_bytes(r: random.Random) -> Wire:
    whole = json.dumps(question({"link": ""})).encode()
    bodies = (
        b"", b"{", b"null", b"[]", b"NaN", b"[" * r.randrange(1, 60_000), b'{"a":' * r.randrange(1, 9000),
        b"1" * 5000, whole[: r.randrange(len(whole))], r.randbytes(200), b"\xff\xfe" + whole, b"a=b", b"x" * 70_000,
        whole.replace(b"response", b"\x00"),
    )  # fmt: skip
    kind = r.choice(
        ["application/json", "text/plain", "application/x-www-form-urlencoded", "multipart/form-data", "*"]
    )
    return wire(
        "POST", ASK + r.choice(["", "", "?job=1", "?cacheKey=x"]), r.choice(bodies), Content_Type=kind
    )


def hostile_method(r: random.Random) -> Wire:
    method = r.choice(["POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "PROPFIND", "GET", "HEADER"])
    return wire(method, r.choice(["/", ASK, "/healthz", "/assets/x", "/nowhere", "/_dash-layout"]))


def hostile_path(r: random.Random) -> Wire:
    return wire("GET", r.choice(PATHS))


def hostile_header(r: random.Random) -> Wire:
    name = r.choice(["Host", "Accept-Encoding", "If-None-Match", "X-Request-ID", "Cookie", "Range", "Content-Encoding",
                     "X-Forwarded-For", "X-Forwarded-Proto", "Referer", "Content-Length", "Expect", "Connection"])  # fmt: skip
    said = re.sub(r"[\r\n\x00]", "", text(r)).encode("utf-8", "replace").decode("latin-1")
    return wire("GET", r.choice(["/", "/healthz", "/_dash-layout"]), **{name: said})


def by_hypothesis(count: int, seed: int) -> list[Wire]:
    """Requests that hypothesis thinks of: any JSON for the page's question, any text for its link."""
    anything = st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=40),
        lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
        max_leaves=12,
    )
    keys = st.sampled_from([field.key for field in FIELDS])
    turns = st.dictionaries(keys, st.text(max_size=20) | st.floats().map(str), max_size=4)
    made: list[Wire] = []

    @hypothesis.seed(seed)
    @hypothesis.settings(
        max_examples=count, database=None, deadline=None, phases=[hypothesis.Phase.generate],
        suppress_health_check=list(hypothesis.HealthCheck),
    )  # fmt: skip
    @hypothesis.given(st.one_of(anything, turns.map(lambda set_: {"link": "", "set": set_})))
    def collect(value: object) -> None:
        made.append(ask(value))

    collect()
    return made


GRAMMAR: tuple[Maker, ...] = (
    hostile_link, hostile_turn, hostile_value, hostile_body, hostile_bytes, hostile_method, hostile_path, hostile_header,
)  # fmt: skip


def faults(request: Wire, answer: Answer) -> str:
    """What is wrong with an answer, in a word."""
    full = answer.status == 503 and "retry-after" in answer.headers
    if answer.status >= 500 and not full:
        return f"{answer.status}: {request[:300]!r}"
    if answer.status != 200 and TELLS.search(answer.body):
        return f"tells: {request[:200]!r} -> {answer.body[:200]!r}"
    return "sets a cookie" if "set-cookie" in answer.headers else ""


async def attack(port: int, requests: list[Wire], hands: int = 8) -> tuple[Counter[int], list[str]]:
    """Sends everything, over as many connections as there are hands; statuses and faults."""
    statuses, wrong, left = Counter[int](), list[str](), iter(requests)

    async def hand() -> None:
        caller = Caller("127.0.0.1", port)
        for request in left:
            answer = await caller.send(request)
            statuses[answer.status] += 1
            if answer.status != BROKEN and (fault := faults(request, answer)):
                wrong.append(fault)
            if answer.status >= 400:
                caller.close()  # a refused body may be left unread
        caller.close()

    await asyncio.gather(*(hand() for _ in range(hands)))
    return statuses, wrong


def memory(server: Server) -> int:
    """Bytes that the workers hold for themselves."""
    rollup = (Path(f"/proc/{pid}/smaps_rollup").read_text() for pid in server.workers())
    return sum(1024 * int(kb) for text in rollup for kb in re.findall(r"^Private_\w+:\s+(\d+)", text, re.M))


def rubbish(count: int, seed: int) -> list[Wire]:
    luck = random.Random(seed)
    thought = by_hypothesis(min(count // 2, 2000), seed)
    return [luck.choice(GRAMMAR)(luck) if i % 2 else luck.choice(thought) for i in range(count)]


def run(count: int, seed: int = 0, workers: int = 2, tries: int = 1) -> tuple[Counter[int], list[str]]:
    """The whole attack on a fresh server, its caches filled by the first half; what was answered, what was wrong.

    A short one does not fill them, and has more ``tries`` at a second half in which memory stays as it is: what is
    kept is kept once, while a leak grows each time.
    """
    requests = rubbish(count, seed)
    warm = len(requests) // 2
    with gunicorn(workers, LOSSLAB_RECYCLE="0") as server:
        first, wrong = finish(attack(server.port, requests[:warm]))
        who, grown = server.workers(), True
        while grown and tries > 0:
            before = memory(server)
            second, more = finish(attack(server.port, requests[warm:]))
            after = memory(server)
            wrong, grown, tries = wrong + more, after > GROWTH * before, tries - 1
            print(f"memory {before / 1e6:.0f} MB, then {after / 1e6:.0f} MB", flush=True)
        if server.workers() != who:
            wrong.append("a worker died")
        if not answers(server.home):
            wrong.append("no answer afterward")
        if grown:
            wrong.append(f"memory grew from {before / 1e6:.0f} to {after / 1e6:.0f} MB")
    return first + second, wrong


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--requests", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    statuses, wrong = run(options.requests, options.seed)
    print(dict(sorted(statuses.items())))
    sys.exit("\n".join(wrong[:20]) or 0)


if __name__ == "__main__":
    main()
