"""Simulate a class of 300 students, one beside attacks, and 1,000 first visits in a minute; ``make load``.

A client on the same machine measures the response times of gunicorn with ``deploy/gunicorn.conf.py`` and
writes them to ``tools/capacity.json``, from which ``make generate`` makes the table in
``docs/run/capacity.md``. Each change of a control counts as a request. Exits with 1 if an answer is wrong, or
if the 95th percentile of the class, alone or beside the attacks, exceeds ``LIMIT_MS``.
"""

import argparse
import asyncio
import gzip
import json
import os
import random
import re
import sys
import time
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any

import losses
from app.problem_setup.registry import SUBJECTS
from tools.support.http_client import Answer, Caller
from tools.support.provenance import provenance
from tools.support.server_processes import Server, gunicorn, losslab

LIMIT_MS = 250.0
BOMBS = (
    "?data=digits&model=mlp&width=32&race=newton",
    "bend?n=500&vs=mae&model=mlp&width=32",
    "?n=500&steps=1000&loss=logcosh&race=line_search",
    "?n=500&steps=1000&opt=line_search&loss=logcosh&race=newton,adam,nesterov,sgd",
    "?steps=1000&loss=logcosh&race=line_search,newton,adam,sgd",
    "?view=betas&loss=logcosh",
    "?view=rates&data=moons&model=mlp",
    "?data=moons&model=mlp&width=32&n=500&vs=mse&race=adam,momentum&view=rates",
)
"""The dearest links that were found, eight of one client at once."""
CAPACITY = Path(__file__).with_name("capacity.json")
SLOW_BODIES = 8
"""Requests whose body never arrives, sent beside them."""
ACTIONS_PER_SECOND = 0.5
"""Mean number of actions of one student."""
WEIGHTS = [0.25 if key == "digits" else 1.0 for key in SUBJECTS]
"""Students choose the digits, by far the most expensive dataset, less often."""


@dataclass
class Tally:
    """Response times in milliseconds and the number of wrong answers by status."""

    milliseconds: list[float] = field(default_factory=list)
    wrong: dict[int, int] = field(default_factory=dict)

    def add(self, answer: Answer, seconds: float) -> None:
        """Count an answer and its response time."""
        self.milliseconds.append(1e3 * seconds)
        if answer.status != 200:
            self.wrong[answer.status] = self.wrong.get(answer.status, 0) + 1

    def quantile(self, q: float) -> float:
        """Return a quantile of the response times, in ms; ``q`` is from 0 to 1."""
        ordered = sorted(self.milliseconds)
        return ordered[min(len(ordered) - 1, int(q * len(ordered)))]

    def summary(self, workers: int, cpu: float) -> dict[str, float]:
        """Return a row of the table; ``cpu`` is the processor time of all workers, in seconds."""
        count = len(self.milliseconds)
        quantiles = {f"p{100 * q:g}": round(self.quantile(q)) for q in (0.5, 0.95, 0.99)}
        return {
            "answers": count,
            "wrong": sum(self.wrong.values()),
            **quantiles,
            "cpu_ms": round(1e3 * cpu / count, 1),
            "workers": workers,
            "cores": cores(),
        }

    def line(self, name: str, seconds: float) -> str:
        """Return the result as a line of text."""
        quantiles = " ".join(f"p{100 * q:g} {self.quantile(q):.0f} ms" for q in (0.5, 0.95, 0.99))
        errors = f"wrong {self.wrong}" if self.wrong else "no error"
        return f"{name}: {len(self.milliseconds)} in {seconds:.0f} s, {quantiles}, {errors}"


class Student:
    """A simulated student, who mostly changes the rate and the start and sometimes the data or the loss."""

    def __init__(self, caller: Caller, seed: int) -> None:
        self.caller, self.random = caller, random.Random(seed)
        self.link, self.known_names = "", list[str]()
        self.start_range = [-1.0, 1.0, -1.0, 1.0]
        """Lowest and highest value of the first and of the second coordinate of the start."""

    def random_change(self) -> dict[str, str]:
        """Return a change of one control; half of them are rates."""
        r = self.random
        share = r.random()
        if share < 0.5:
            return {"rate": f"{10 ** r.uniform(-2.5, 0.3):.4g}"}
        if share < 0.75:
            low_x, high_x, low_y, high_y = self.start_range
            return {"start": f"{r.uniform(low_x, high_x):.6g},{r.uniform(low_y, high_y):.6g}"}
        if share < 0.83:
            return {"loss": r.choice(list(losses.LOSSES))}
        if share < 0.9:
            return {"data": r.choices(list(SUBJECTS), WEIGHTS)[0]}
        if share < 0.95:
            return {"opt": r.choice(list(losses.OPTIMIZERS))}
        return {"steps": r.choice(["20", "60", "100", "200"])}

    async def act(self) -> Answer:
        """Change a control and read from the answer what the next request needs, as the page does."""
        value = {"link": self.link, "changes": self.random_change(), "knownFigures": self.known_names[-40:]}
        answer = await self.caller.ask(value)
        if answer.status == 200:
            text = gzip.decompress(answer.body).decode()
            [self.link] = re.findall(r'"link":\s*"([^"]*)"', text)[:1]
            self.known_names += re.findall(r'"name":\s*"([0-9a-f]{16})"', text)
            ranges = re.findall(r'"key":\s*"start".*?"low":\s*([^,]+),\s*"high":\s*([^,]+),', text)
            self.start_range = [float(end) for low_high in ranges for end in low_high]
        return answer

    async def play(self, tally: Tally, end: float) -> None:
        """Act at random intervals until ``end``, a time of ``perf_counter``."""
        await asyncio.sleep(self.random.uniform(0, 1 / ACTIONS_PER_SECOND))
        while (sent_at := time.perf_counter()) < end:
            tally.add(await self.act(), time.perf_counter() - sent_at)
            interval = self.random.uniform(0.5, 1.5) / ACTIONS_PER_SECOND
            await asyncio.sleep(max(0.0, interval - (time.perf_counter() - sent_at)))
        self.caller.close()


async def simulate_class(port: int, students: int, seconds: float, seed: int = 0) -> Tally:
    """Simulate students who act every two seconds, for a number of seconds."""
    tally, end = Tally(), time.perf_counter() + seconds
    everyone = [Student(Caller("127.0.0.1", port), seed + i) for i in range(students)]
    await asyncio.gather(*(student.play(tally, end) for student in everyone))
    return tally


async def files_of_page(port: int) -> list[str]:
    """Return the paths that a browser requests on a first visit."""
    caller = Caller("127.0.0.1", port)
    page = gzip.decompress((await caller.get("/")).body).decode()
    linked = re.findall(r'(?:src|href)="(/[^"#]+)"', page)
    return [*linked, "/_dash-layout", "/_dash-dependencies"]


async def first_visit(port: int, files: list[str], link: str, delay: float, tally: Tally) -> None:
    """Measure one first visit over one connection, after ``delay`` seconds: the page and all its files."""
    await asyncio.sleep(delay)
    begin, caller = time.perf_counter(), Caller("127.0.0.1", port)
    answers = [await caller.get(path) for path in (f"/{link}", *files)]
    caller.close()
    worst = next((answer for answer in answers if answer.status != 200), answers[0])
    tally.add(worst, time.perf_counter() - begin)


async def simulate_first_visits(port: int, visitors: int, seconds: float, seed: int = 0) -> Tally:
    """Simulate first visits spread over a number of seconds; four of five open the same link."""
    files, tally, r = await files_of_page(port), Tally(), random.Random(seed)
    links = ["?loss=huber&data=outlier&k=12" if r.random() < 0.8 else f"?seed={i}" for i in range(visitors)]
    await asyncio.gather(*(first_visit(port, files, link, r.uniform(0, seconds), tally) for link in links))
    return tally


async def simulate_class_beside_bombs(port: int, students: int, seconds: float) -> Tally:
    """Simulate a class while one client always has dear links and slow bodies under way.

    Only the class is counted.
    """
    bombs = [asyncio.create_task(send_bombs(port, link)) for link in BOMBS]
    bombs += [asyncio.create_task(send_slow_bodies(port)) for _ in range(SLOW_BODIES)]
    tally = await simulate_class(port, students, seconds)
    for bomb in bombs:
        bomb.cancel()
    await asyncio.gather(*bombs, return_exceptions=True)
    return tally


async def send_bombs(port: int, link: str) -> None:
    """Ask for a dear link again and again, each time for other data, so that no cache helps."""
    caller = Caller("127.0.0.1", port)
    for seed in count():
        await caller.get(f"/{link}&seed={seed % 10_000}")


async def send_slow_bodies(port: int) -> None:
    """Send a body of which most is missing again and again, each until the server gives it up."""
    while True:
        caller = Caller("127.0.0.1", port)
        head = caller.head("POST", "/export/run.py") + b"Content-Type: application/x-www-form-urlencoded\r\n"
        await caller.send(head + b"Content-Length: 1000\r\n\r\nrows=")
        caller.close()


def cores() -> int:
    """Return the number of cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def cpu(server: Server) -> float:
    """Return the processor time of all workers, in seconds."""
    processes = server.workers() or [server.process.pid]  # losslab is one process
    stats = (Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split() for pid in processes)
    return sum(int(stat[11]) + int(stat[12]) for stat in stats) / os.sysconf("SC_CLK_TCK")


def measured(name: str, server: Server, run) -> Tally:  # type: ignore[no-untyped-def]
    """Run a simulation, print its result and add it to ``CAPACITY`` under ``name``."""
    begin, cpu_before = time.perf_counter(), cpu(server)
    tally: Tally = asyncio.run(run)
    cpu_seconds = cpu(server) - cpu_before
    cpu_each = f", {1e3 * cpu_seconds / len(tally.milliseconds):.1f} ms of a core each"
    print(tally.line(name, time.perf_counter() - begin) + cpu_each, flush=True)
    results: dict[str, Any] = {**provenance(), "rows": {}}
    if CAPACITY.exists():
        results = json.loads(CAPACITY.read_text())
    results["rows"][name] = tally.summary(max(1, len(server.workers())), cpu_seconds)
    CAPACITY.write_text(json.dumps(results, indent=1) + "\n")
    return tally


def main() -> None:
    """Run both simulations, each against a new server, and exit with what failed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--students", type=int, nargs="+", default=[300])
    parser.add_argument("--visitors", type=int, default=1000)
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--workers", type=int, default=2)
    options = parser.parse_args()
    CAPACITY.unlink(missing_ok=True)
    faults = []
    for students in options.students:
        with gunicorn(options.workers) as server:
            simulation = simulate_class(server.port, students, options.seconds)
            tally = measured(f"{students} students", server, simulation)
        if tally.wrong or tally.quantile(0.95) > LIMIT_MS:
            faults.append(f"{students} students were not served well")
    students = options.students[0]
    with losslab() as server:
        simulation = simulate_class(server.port, students // 2, options.seconds)
        tally = measured(f"{students // 2} students, losslab alone", server, simulation)
    if tally.wrong:
        faults.append("losslab alone failed")
    with gunicorn(options.workers) as server:
        simulation = simulate_class_beside_bombs(server.port, students // 2, options.seconds)
        tally = measured(
            f"{students // 2} students beside {len(BOMBS)} dear links and slow bodies", server, simulation
        )
    if tally.wrong or tally.quantile(0.95) > LIMIT_MS:
        faults.append("dear links kept the class from being served")
    if options.visitors:
        with gunicorn(options.workers) as server:
            simulation = simulate_first_visits(server.port, options.visitors, options.seconds)
            tally = measured(f"{options.visitors} first openings", server, simulation)
        if tally.wrong:
            faults.append("first openings failed")
    sys.exit("; ".join(faults) or 0)


if __name__ == "__main__":
    main()
