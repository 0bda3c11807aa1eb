"""Measure processor time on one thread: the alternatives in turns, the shortest time of each."""

import time
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

Work = Callable[[], object]


@dataclass(frozen=True)
class Row:
    """A measured ratio with its bound; ``note`` gives the numbers behind it."""

    name: str
    value: float
    bound: float
    most: bool = False
    note: str = ""

    @property
    def kept(self) -> bool:
        return self.value <= self.bound if self.most else self.value >= self.bound

    def cells(self) -> tuple[str, str, str]:
        """Return name, measured ratio and bound, as the table in ``docs/run/performance.md`` shows them."""
        return self.name, f"{self.value:.3g}×", f"{'at most' if self.most else 'at least'} {self.bound:.3g}×"


def quickest(*works: Work, least: float = 0.6) -> list[float]:
    """Return the shortest processor time of each function, in seconds, measured in turns for ``least`` seconds."""
    times: list[list[float]] = [[] for _ in works]
    whole = 0.0
    while whole < least or len(times[0]) < 3:
        for work, taken in zip(works, times, strict=True):
            turn = 0.0
            while turn < least / 20:
                begin = time.process_time()
                work()
                taken.append(time.process_time() - begin)
                turn += taken[-1]
            whole += turn
    return [min(taken) for taken in times]


def machine() -> dict[str, float]:
    """Return operations per second of this machine on one thread: flops, bytes, divisions and tanh."""
    a, b, out = np.ones((512, 512)), np.ones((512, 512)), np.empty((512, 512))
    long, copy = np.ones(8_000_000), np.empty(8_000_000)
    some, there = np.linspace(0.1, 3.0, 20_000), np.empty(20_000)
    works = {
        "flops": (2.0 * 512**3, lambda: np.matmul(a, b, out=out)),
        "bytes": (16.0 * len(long), lambda: np.copyto(copy, long)),
        "divisions": (float(len(some)), lambda: np.reciprocal(some, out=there)),
        "tanh": (float(len(some)), lambda: np.tanh(some, out=there)),
    }
    return {name: count / quickest(work, least=0.1)[0] for name, (count, work) in works.items()}
