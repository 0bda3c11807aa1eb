"""Send malformed requests from fixed seeds to a real server; ``make hostile``.

Half of them come from hand-written generators, half from hypothesis. Many are well-formed: links with
formulas and settings at their limits, lessons, exports, runs of a class, and a class itself. The status of
every answer must be 2xx, 3xx or 4xx, or 503 with ``Retry-After``. No answer may reveal the software behind
it, no worker may die, and the memory of the server may grow by a factor of ``MAX_GROWTH`` at most.
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
from typing import Any
from urllib.parse import quote

import hypothesis
from hypothesis import strategies as st

from app.lessons.lesson import Lesson
from app.lessons.lesson_link import pack_lesson
from app.server import create_app
from app.url_state.url_parameters import FIELDS
from tools.support import wild_links
from tools.support.class_simulation import CODE, KEY
from tools.support.http_client import BROKEN, Answer, Caller, callback_body, run_in_thread
from tools.support.server_processes import Server, answers, gunicorn

SOFTWARE_NAMES = re.compile(
    rb"Traceback|File \"|werkzeug|flask|gunicorn/|waitress/|numpy|site-packages|Python/|line \d+, in", re.I
)
"""Texts that reveal the software behind the page."""
MAX_GROWTH = 1.05
CALLBACK = "/_dash-update-component"
PIECE = 5_000
"""Requests that are generated from one seed."""
GENERATED_OF_PIECE = 500
"""Those of a piece that hypothesis generates, at most; each takes 10 ms and is sent several times."""

MAX_REPORTED = 4_000
"""Reported bytes of a request that caused a fault: nearly all have fewer and can be sent again."""

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
    """Return a request for a well-formed link at its limits: the page, a preview or an export."""
    return raw_request("GET", r.choice(wild_links.PAGES) + wild_links.link(r))


def wild_change(r: random.Random) -> RawRequest:
    """Return what the page asks for when a control is moved, an example dragged or a tile of basins shown."""
    link, changes = wild_links.link(r), wild_links.optional_parameters(r)
    keys = r.sample(list(changes), r.randrange(3))
    value = {"link": link, "changes": {key: changes[key] for key in keys}, "knownFigures": []}
    extra: tuple[dict[str, Any], ...] = (
        {},
        {"keptAxes": r.choice((link, wild_links.link(r)))},
        {"tile": r.randrange(5)},
    )
    value |= r.choice(extra)
    return callback_request(value)


def wild_lesson(r: random.Random) -> RawRequest:
    """Return a request about a lesson on a well-formed link: page, slip, package, draft or file."""
    texts: dict[str, Any] = {
        "title": "T",
        "question": "Q {steps}",
        "text": "{best_w} $w^2$",
        "reveal": "{rate}",
    }
    links = [wild_links.link(r)[1:400] for _ in range(r.randrange(1, 4))]
    lessons = [Lesson(key="k", block=0, link=link, choices=("a", "{b}"), **texts) for link in links]
    words = [pack_lesson(lesson) for lesson in lessons]
    kind = r.randrange(5)
    if kind == 0:
        asked = "&".join(f"did={quote(f's={word}&a=1&seed={r.randrange(9)}')}" for word in words)
        return raw_request("GET", f"/slip?{asked}")
    if kind == 1:
        return raw_request("GET", f"/scorm/{','.join(words)}.zip?lang={r.choice(('es', 'xx'))}")
    if kind == 2:
        return raw_request(
            "GET", f"/?s={words[0]}&a=1&seed={r.randrange(9)}&rate={10 ** r.uniform(-9, 9):.3g}"
        )
    place = r.choice(("", "best_u,best_v", "1e300,nan", "x"))
    draft = {"link": f"?{links[0]}", "title": "T", "question": "Q {steps}", "place": place}
    body = json.dumps(draft | {"choices": [] if place else ["a", "b"]}).encode()
    return raw_request(
        "POST", f"/lesson/{r.choice(('preview', 'file'))}", body, Content_Type="application/json"
    )


def wild_cloud(r: random.Random) -> RawRequest:
    """Return a request of the runs of a class, some from far away and some with any rate."""
    count = r.choice((1, 3, 40, 500))
    starts = [[wild_links.size(r, r.choice((9.0, 1e300))) for _ in range(2)] for _ in range(count)]
    order = {"link": wild_links.link(r), "starts": starts, "rates": [10 ** r.uniform(-300, 9)] * count}
    return raw_request("POST", "/cloud", json.dumps(order).encode(), Content_Type="application/json")


SEEN = "@seen@"
"""Stands for the tag of the latest face of the class in a request; the sender puts it in."""


def wild_class(r: random.Random) -> RawRequest:
    """Return a request of a teacher's screen or of a phone in one class, in any order."""
    token, number = f"{r.randrange(9):032x}", r.choice((0, 1, 2, 3, 100, 10**30))
    place = [wild_links.size(r), wild_links.size(r, 1e300)]
    value = r.choice((0, 3, place, {"start": place, "rate": 10 ** r.uniform(-300, 300)}, random_json(r)))
    link = r.choice((wild_links.link(r), "?s=walk", "?s=landing"))
    beat = r.choice(("lobby", "ask", "show", "reveal", "try", "run", "explore", random_text(r)))
    press = {"turn": number, "link": link, "beat": beat, "round": r.randrange(4), "lit": [1] * r.randrange(5)}
    start = {"key": KEY, "link": link, "word": random_text(r)}
    answer = {"token": token, "turn": number, "round": 1, "value": value}
    switches = {"door": r.random() < 0.9, "paused": r.random() < 0.1, "live": True}
    name, method, body = r.choice(
        [
            ("", "POST", start),
            (f"{CODE}/me", "PUT", {"token": token}),
            *[(f"{CODE}/answer", "PUT", answer)] * 3,
            *[(f"{CODE}/turn", "PUT", press)] * 3,
            (f"{CODE}/settings", "PUT", switches),
            (f"{CODE}/remote", "POST", {"token": token}),
            (f"{CODE}/remote", "PUT", {"digits": f"{r.randrange(10_000):04d}"}),
            *[(f"{CODE}/{what}", "GET", None) for what in ("face", "board", "tallies", "remote", "")],
            (f"{CODE}/question?turn={r.choice((number, random_text(r)))!s:.60}&lang=de", "GET", None),
            (f"{quote(random_text(r), errors='replace')}/face", "GET", None),
        ]
    )
    if r.random() < 0.01:
        name, method, body = CODE, "DELETE", None
    headers = {"Authorization": f"Bearer {r.choice((KEY, KEY, token))}", "If-Match": SEEN}
    content = b"" if body is None else json.dumps(body).encode()
    path = quote(f"/class/{name}", safe="/?=&%", errors="replace")
    return raw_request(method, path, content, Content_Type="application/json", **headers)


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


WILD: tuple[Generator, ...] = wild_link, wild_link, wild_change, wild_lesson, wild_cloud, wild_class
"""Generators of well-formed requests at the limits."""
GENERATORS: tuple[Generator, ...] = (
    hostile_link, hostile_change, hostile_value, hostile_body, hostile_bytes, hostile_method, hostile_path,
    hostile_header, hostile_lesson, *WILD,
)  # fmt: skip


def faults(request: RawRequest, answer: Answer) -> str:
    """Return what is wrong with the answer to a request, or an empty text."""
    is_overloaded = answer.status == 503 and "retry-after" in answer.headers
    if answer.status >= 500 and not is_overloaded:
        return f"{answer.status}: {request[:MAX_REPORTED]!r}"
    if answer.status != 200 and SOFTWARE_NAMES.search(answer.body):
        return f"reveals software: {request[:200]!r} -> {answer.body[:200]!r}"
    return "sets a cookie" if "set-cookie" in answer.headers else ""


class Seen:
    """The tag of the latest face of the class, without which a teacher cannot press."""

    def __init__(self) -> None:
        self.tag = b""

    def put_in(self, request: RawRequest) -> RawRequest:
        return request.replace(SEEN.encode(), self.tag)

    def look_at(self, answer: Answer) -> None:
        tag = answer.headers.get("etag", "").encode()
        self.tag = tag if b"-" in tag else self.tag


async def attack(
    port: int, requests: list[RawRequest], connections: int = 8
) -> tuple[Counter[int], list[str]]:
    """Send all requests over several connections; return the number of answers by status, and the faults."""
    statuses, found, remaining = Counter[int](), list[str](), iter(requests)
    seen = Seen()

    async def send_remaining() -> None:
        caller = Caller("127.0.0.1", port)
        for request in map(seen.put_in, remaining):
            answer = await caller.send(request)
            seen.look_at(answer)
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
    generated = hypothesis_requests(min(count // 2, GENERATED_OF_PIECE), seed)
    return [r.choice(GENERATORS)(r) if i % 2 else r.choice(generated) for i in range(count)]


def pieces(count: int, seed: int) -> list[list[RawRequest]]:
    """Return requests in an even number of pieces of ``PIECE`` or fewer, each of a seed of its own."""
    number = 2 * max(1, round(count / PIECE / 2))
    sizes = [count // number + (i < count % number) for i in range(number)]
    return [hostile_requests(size, 1000 * seed + i) for i, size in enumerate(sizes)]


def run(count: int, seed: int = 0, workers: int = 2, tries: int = 2) -> tuple[Counter[int], list[str]]:
    """Send ``count`` requests to a new server; return the number of answers by status, and the faults.

    The first half fills the server's caches; memory is compared before and after the second half. The caches
    may not be full by then, so the second half is sent up to ``tries`` times until memory does not grow:
    caches grow once, a leak grows each time.
    """
    requests, statuses, found = pieces(count, seed), Counter[int](), list[str]()
    half = len(requests) // 2

    def send(some: list[list[RawRequest]]) -> None:
        for piece in some:
            answered, more = run_in_thread(attack(server.port, piece))
            statuses.update(answered)
            found.extend(more)
            print(f"{statuses.total():,} sent, {len(found)} faults", *more[:5], sep="\n", flush=True)

    with gunicorn(workers, LOSSLAB_RECYCLE="0") as server:
        send(requests[:half])
        pids, has_grown = server.workers(), True
        while has_grown and tries > 0:
            before = memory(server)
            send(requests[half:])
            after = memory(server)
            has_grown, tries = after > MAX_GROWTH * before, tries - 1
            print(f"memory {before / 1e6:.0f} MB, then {after / 1e6:.0f} MB", flush=True)
        if server.workers() != pids:
            found.append("a worker died")
        if not answers(server.home):
            found.append("no answer afterward")
        if has_grown:
            found.append(f"memory grew from {before / 1e6:.0f} to {after / 1e6:.0f} MB")
    return statuses, found


def run_in_process(count: int, seed: int) -> tuple[Counter[int], list[str]]:
    """Send ``count`` well-formed requests to an application without a server; return statuses and faults."""
    r, statuses, found, seen = random.Random(seed), Counter[int](), list[str](), Seen()
    client = create_app().server.test_client()
    for _ in range(count):
        request = seen.put_in(r.choice(WILD)(r))
        head, _, body = request.partition(b"\r\n\r\n")
        first, *lines = head.decode().split("\r\n")
        method, path, _ = first.split(" ")
        response = client.open(
            path, method=method, data=body, headers=[line.split(": ", 1) for line in lines]
        )
        headers = {name.lower(): text for name, text in response.headers.items()}
        answer = Answer(response.status_code, headers, response.get_data())
        seen.look_at(answer)
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
    parser.add_argument("--in-process", action="store_true", help="well-formed ones only, without a server")
    options = parser.parse_args()
    attack_once = run_in_process if options.in_process else run
    statuses, found = attack_once(options.requests, options.seed)
    print(dict(sorted(statuses.items())))
    sys.exit("\n".join(found[:20]) or 0)


if __name__ == "__main__":
    main()
