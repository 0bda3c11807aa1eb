"""Simulate a live class of 300 phones with 30 students who explore beside them; part of ``make load``.

The client on the same machine measures what docs/teach/live-class.md promises and writes it to
``tools/class_capacity.json``, from which ``make generate`` makes the table there. Exits with 1 if a promise
is broken or an answer is lost.
"""

import argparse
import asyncio
import json
import re
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from app.classroom.class_state import open_class, press
from app.classroom.sqlite_store import SqliteStore
from app.classroom.store import Ballot, TurnContent
from app.protocol.classroom import Press
from tools.load import Student, Tally, cores, cpu
from tools.support.class_simulation import CODE, Phone, Room, send
from tools.support.http_client import Caller
from tools.support.provenance import provenance
from tools.support.replicas import replicas
from tools.support.server_processes import Server, gunicorn

RESULTS: Final = Path(__file__).with_name("class_capacity.json")
JOIN_SECONDS: Final = 10.0
"""Seconds within which all phones open the page."""
THINK_SECONDS: Final = 6.0
"""Seconds within which all phones answer."""
PROMISES: Final = {
    "answer → projector, 95 %": (1.3, "s"),
    "press → phones, 95 %": (2.3, "s"),
    "press → phones, longest": (3.5, "s"),
    "joining, longest": (3.0, "s"),
    "page of a phone": (60.0, "kB"),
    "a phone in a minute": (25.0, "kB"),
    "processor time of a phone": (0.15, "% of a core"),
    "a class of 300": (100.0, "kB"),
    "lost, double or late answers": (0.0, ""),
}
"""What is promised, at most."""


def quantile(values: list[float], q: float) -> float:
    """Return a quantile; ``q`` is from 0 to 1."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(q * len(ordered)))]


async def files_of_page(port: int) -> tuple[list[str], float]:
    """Return the paths that a phone loads besides its page, and the kilobytes of all together."""
    caller = Caller("127.0.0.1", port)
    page = (await send(caller, "GET", f"/class/{CODE}"))[0]
    plain = caller.head("GET", f"/class/{CODE}").replace(b"Accept-Encoding: gzip\r\n", b"") + b"\r\n"
    html = (await caller.send(plain)).body.decode()
    files = re.findall(r'(?:src|href)="(/[^"#]+)"', html)
    sizes = [len((await send(caller, "GET", path))[0].body) for path in files]
    caller.close()
    return files, (len(page.body) + sum(sizes)) / 1000


async def explore(port: int, students: int, room: Room) -> Tally:
    """Let students use the lab until the class is over."""
    tally = Tally()

    async def use(student: Student) -> None:
        while not room.over:
            begin = time.perf_counter()
            tally.add(await student.act(), time.perf_counter() - begin)
            await asyncio.sleep(2)
        student.caller.close()

    await asyncio.gather(*(use(Student(Caller("127.0.0.1", port), seed)) for seed in range(students)))
    return tally


def cpu_of(servers: list[Server]) -> float:
    """Return the processor time of all workers of all servers, in seconds."""
    return sum(map(cpu, servers))


async def simulate(
    port: int, servers: list[Server], phones: int, explorers: int, seconds: float, pace: float = 1.0
) -> dict[str, float]:
    """Simulate a class for a turn and some seconds of looking; return what was measured.

    ``servers`` are those whose processor time counts. All think ``pace`` times as long as in a real class.
    """
    room = Room(port, phones)
    await room.open()
    files, page_size = await files_of_page(port)

    async def arrive(phone: Phone) -> None:
        await asyncio.sleep(phone.random.uniform(0, JOIN_SECONDS * min(1.0, phones / 300)))
        await phone.join(files)

    await asyncio.gather(*(arrive(phone) for phone in room.phones))
    living = [asyncio.create_task(phone.live(pace * THINK_SECONDS)) for phone in room.phones]
    watching = asyncio.create_task(room.watch())
    room.measured.bytes, cpu_before, began = 0, cpu_of(servers), time.perf_counter()
    await asyncio.sleep(seconds)
    looked, looking_cpu, bytes_of_all = (
        time.perf_counter() - began,
        cpu_of(servers) - cpu_before,
        room.measured.bytes,
    )
    exploring = asyncio.create_task(explore(port, explorers, room))
    await room.press(1, "ask")
    await asyncio.sleep(pace * THINK_SECONDS + 4)
    for beat in ("show", "reveal"):
        await room.press(1, beat)
        await asyncio.sleep(pace * 4)
    room.over = True
    await asyncio.gather(*living, watching, exploring)
    await room.press(1, "try")
    await asyncio.gather(*(phone.look() for phone in room.phones))
    await asyncio.gather(*(phone.attempt() for phone in room.phones))
    await room.press(1, "run")
    wall = asyncio.create_task(room.run_all())
    await asyncio.gather(*(phone.own_run() for phone in room.phones))
    runs = await wall
    board = await room.board()
    await room.close()
    counts = board["counts"][0] if board["counts"] else []
    lost = abs(phones - board["answered"]) + sum(
        abs(n - len(range(i, phones, 4))) for i, n in enumerate(counts)
    )
    lost += abs(phones - runs)
    measured = room.measured
    print(f"runs of all {measured.cloud:.2f} s, own run at most {max(measured.told):.2f} s", flush=True)
    print(f"{phones} phones, {explorers} exploring, wrong {measured.wrong or 'none'}", flush=True)
    return {
        "answer → projector, 95 %": quantile(measured.shown, 0.95),
        "press → phones, 95 %": quantile(measured.noticed, 0.95),
        "press → phones, longest": max(measured.noticed),
        "joining, longest": max(measured.joined),
        "page of a phone": page_size,
        "a phone in a minute": bytes_of_all / phones / looked * 60 / 1000,
        "processor time of a phone": 100 * looking_cpu / looked / phones,
        "a class of 300": class_size(),
        "lost, double or late answers": float(lost + sum(measured.wrong.values())),
    }


def class_size(students: int = 300) -> float:
    """Return the kilobytes that a class with answers of all takes in the store."""
    with tempfile.TemporaryDirectory() as folder:
        store, now = SqliteStore(folder), time.time()
        store.open(open_class(CODE, "d" * 32, "b" * 12, "", now), now)
        content = TurnContent(0, (-1, 1, -1, 1), {"en": (b"q" * 3000, b"q" * 4000)})
        store.change(CODE, None, lambda r: press(r, Press(turn=1, link="", beat="ask"), now), now, content)
        for number in range(students):
            store.join(CODE, f"{number:032x}", now)
            store.answer(CODE, Ballot(f"{number:032x}", 1, 1, (number / 1000, 0.123456)), now)
        store.sweep(now)
        with store._transaction(writes=False) as connection:
            [pages], [size] = (
                connection.execute(f"PRAGMA {name}").fetchone() for name in ("page_count", "page_size")
            )
        store.close()
    return float(pages * size) / 1000


def broken_promises(results: dict[str, float]) -> list[str]:
    """Return a sentence for each promise that is broken."""
    return [
        f"{name}: {results[name]:.2f} {unit} instead of {most:g}"
        for name, (most, unit) in PROMISES.items()
        if results[name] > most
    ]


@contextmanager
def serving(workers: int, *, replicated: bool) -> Iterator[tuple[int, list[Server]]]:
    """Start what is to be measured; yields the port that phones use, and the servers behind it."""
    if replicated:
        with replicas() as (proxy, servers, _):
            yield proxy.port, servers
    else:
        with gunicorn(workers) as server:
            yield server.port, [server]


def main() -> None:
    """Run the simulation against a new server, and exit with what is broken."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--phones", type=int, default=300)
    parser.add_argument("--explorers", type=int, default=30)
    parser.add_argument("--seconds", type=float, default=20.0)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument(
        "--replicas", action="store_true", help="two behind nginx with a Redis; stores nothing"
    )
    options = parser.parse_args()
    with serving(options.workers, replicated=options.replicas) as (port, servers):
        results = asyncio.run(simulate(port, servers, options.phones, options.explorers, options.seconds))
    for name, value in results.items():
        print(f"{name}: {value:.2f} {PROMISES[name][1]} (at most {PROMISES[name][0]:g})", flush=True)
    if options.replicas:
        sys.exit("; ".join(broken_promises(results)) or 0)
    stored: dict[str, Any] = {**provenance(), "phones": options.phones, "cores": cores(), "rows": results}
    RESULTS.write_text(json.dumps(stored, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    sys.exit("; ".join(broken_promises(results)) or 0)


if __name__ == "__main__":
    main()
