"""Simulate a class of 300 and 1,000 first visits within a minute; ``make load``.

Response times are measured by a client on the same machine, against gunicorn as
``deploy/gunicorn.conf.py`` starts it, and written to ``tools/capacity.json``, from which
``make generate`` makes the table in ``docs/run/capacity.md``. Every drag of the rate counts as a
request. Exits with 1 if an answer is wrong or if the class waits longer than a quarter of a second.
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
from pathlib import Path

import losses
from app.problem_setup.registry import SUBJECTS
from tools.support.http_client import Answer, Caller
from tools.support.server_processes import Server, gunicorn

LIMIT_MS = 250.0
FOUND = Path(__file__).with_name("capacity.json")
PACE = 0.5
"""Actions of a student per second."""
WEIGHTS = [0.25 if key == "digits" else 1.0 for key in SUBJECTS]
"""Students choose the digits, by far the most expensive dataset, less often."""


@dataclass
class Tally:
    """Response times in milliseconds and the number of wrong answers by status."""

    milliseconds: list[float] = field(default_factory=list)
    wrong: dict[int, int] = field(default_factory=dict)

    def note(self, answer: Answer, seconds: float) -> None:
        self.milliseconds.append(1e3 * seconds)
        if answer.status != 200:
            self.wrong[answer.status] = self.wrong.get(answer.status, 0) + 1

    def percentile(self, share: float) -> float:
        ordered = sorted(self.milliseconds)
        return ordered[min(len(ordered) - 1, int(share * len(ordered)))]

    def found(self, workers: int, cpu: float) -> dict[str, float]:
        """Return the row of the table: response times in ms, and processor time of a worker for each answer."""
        count = len(self.milliseconds)
        said = {f"p{100 * q:g}": round(self.percentile(q)) for q in (0.5, 0.95, 0.99)}
        wrong = sum(self.wrong.values())
        spent = {"cpu_ms": round(1e3 * cpu / count, 1)}
        return {"answers": count, "wrong": wrong, **said, **spent, "workers": workers, "cores": cores()}

    def row(self, name: str, seconds: float) -> str:
        said = " ".join(f"p{100 * q:g} {self.percentile(q):.0f} ms" for q in (0.5, 0.95, 0.99))
        wrong = f"wrong {self.wrong}" if self.wrong else "no error"
        return f"{name}: {len(self.milliseconds)} in {seconds:.0f} s, {said}, {wrong}"


class Student:
    """A simulated student, who mostly changes the rate and the start and sometimes the data or the loss."""

    def __init__(self, caller: Caller, seed: int) -> None:
        self.caller, self.random = caller, random.Random(seed)
        self.link, self.known = "", list[str]()
        self.box = [-1.0, 1.0, -1.0, 1.0]

    def change(self) -> dict[str, str]:
        r = self.random
        turned = r.random()
        if turned < 0.5:
            return {"rate": f"{10 ** r.uniform(-2.5, 0.3):.4g}"}
        if turned < 0.75:
            return {"start": f"{r.uniform(*self.box[:2]):.6g},{r.uniform(*self.box[2:]):.6g}"}
        if turned < 0.83:
            return {"loss": r.choice(list(losses.LOSSES))}
        if turned < 0.9:
            return {"data": r.choices(list(SUBJECTS), WEIGHTS)[0]}
        if turned < 0.95:
            return {"opt": r.choice(list(losses.OPTIMIZERS))}
        return {"steps": r.choice(["20", "60", "100", "200"])}

    async def act(self) -> Answer:
        value = {"link": self.link, "set": self.change(), "known": self.known[-40:]}
        answer = await self.caller.ask(value)
        if answer.status == 200:
            text = gzip.decompress(answer.body).decode()
            self.link = re.search(r'"link":\s*"([^"]*)"', text)[1]
            self.known += re.findall(r'"name":\s*"([0-9a-f]{16})"', text)
            ends = re.findall(r'"key":\s*"start".*?"low":\s*([^,]+),\s*"high":\s*([^,]+),', text)
            self.box = [float(edge) for side in ends for edge in side]
        return answer

    async def play(self, tally: Tally, until: float) -> None:
        await asyncio.sleep(self.random.uniform(0, 1 / PACE))
        while (due := time.perf_counter()) < until:
            tally.note(await self.act(), time.perf_counter() - due)
            await asyncio.sleep(max(0.0, self.random.uniform(0.5, 1.5) / PACE - (time.perf_counter() - due)))
        self.caller.close()


async def klass(port: int, students: int, seconds: float, seed: int = 0) -> Tally:
    """Simulate students who act every two seconds, for a number of seconds."""
    tally, until = Tally(), time.perf_counter() + seconds
    crowd = [Student(Caller("127.0.0.1", port), seed + i) for i in range(students)]
    await asyncio.gather(*(one.play(tally, until) for one in crowd))
    return tally


async def files_of(port: int) -> list[str]:
    """Return the paths that a browser requests on a first visit."""
    caller = Caller("127.0.0.1", port)
    page = gzip.decompress((await caller.get("/")).body).decode()
    linked = re.findall(r'(?:src|href)="(/[^"#]+)"', page)
    return [*linked, "/_dash-layout", "/_dash-dependencies"]


async def opening(port: int, files: list[str], link: str, wait: float, tally: Tally) -> None:
    """Measure one first visit over one connection: the page and all its files."""
    await asyncio.sleep(wait)
    begin, caller = time.perf_counter(), Caller("127.0.0.1", port)
    answers = [await caller.get(path) for path in (f"/{link}", *files)]
    caller.close()
    worst = next((answer for answer in answers if answer.status != 200), answers[0])
    tally.note(worst, time.perf_counter() - begin)


async def rush(port: int, visitors: int, seconds: float, seed: int = 0) -> Tally:
    """Simulate first visits spread over a number of seconds; four of five open the same link."""
    files, tally, luck = await files_of(port), Tally(), random.Random(seed)
    links = [
        "?loss=huber&data=outlier&k=12" if luck.random() < 0.8 else f"?seed={i}" for i in range(visitors)
    ]
    await asyncio.gather(*(opening(port, files, link, luck.uniform(0, seconds), tally) for link in links))
    return tally


def cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def cpu(server: Server) -> float:
    """Return the processor time of all workers, in seconds."""
    stats = (Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split() for pid in server.workers())
    return sum(int(stat[11]) + int(stat[12]) for stat in stats) / os.sysconf("SC_CLK_TCK")


def measured(name: str, server: Server, run) -> Tally:  # type: ignore[no-untyped-def]
    begin, before = time.perf_counter(), cpu(server)
    tally: Tally = asyncio.run(run)
    spent = cpu(server) - before
    each = f", {1e3 * spent / len(tally.milliseconds):.1f} ms of a core each"
    print(tally.row(name, time.perf_counter() - begin) + each, flush=True)
    known = json.loads(FOUND.read_text()) if FOUND.exists() else {}
    known[name] = tally.found(len(server.workers()), spent)
    FOUND.write_text(json.dumps(known, indent=1) + "\n")
    return tally


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--students", type=int, nargs="+", default=[300])
    parser.add_argument("--visitors", type=int, default=1000)
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--workers", type=int, default=2)
    options = parser.parse_args()
    FOUND.unlink(missing_ok=True)
    faults = []
    for students in options.students:
        with gunicorn(options.workers) as server:
            seen = measured(f"{students} students", server, klass(server.port, students, options.seconds))
        if seen.wrong or seen.percentile(0.95) > LIMIT_MS:
            faults.append(f"{students} students were not served well")
    if options.visitors:
        with gunicorn(options.workers) as server:
            seen = measured(
                f"{options.visitors} first openings",
                server,
                rush(server.port, options.visitors, options.seconds),
            )
        if seen.wrong:
            faults.append("first openings failed")
    sys.exit("; ".join(faults) or 0)


if __name__ == "__main__":
    main()
