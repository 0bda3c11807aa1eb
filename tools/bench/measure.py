"""Measure the processor time of functions on one thread."""

import time
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

Work = Callable[[], object]


@dataclass(frozen=True)
class Row:
    """A measured ratio and what it should be.

    ``bound`` is the largest value if ``most`` is true, else the smallest; ``note`` has the numbers behind the
    ratio.
    """

    name: str
    value: float
    bound: float
    most: bool = False
    note: str = ""

    @property
    def is_met(self) -> bool:
        """Whether the value is within its bound."""
        return self.value <= self.bound if self.most else self.value >= self.bound

    def cells(self) -> tuple[str, str, str]:
        """Return name, measured ratio and bound, as the table in ``docs/run/performance.md`` shows them."""
        return self.name, f"{self.value:.3g}×", f"{'at most' if self.most else 'at least'} {self.bound:.3g}×"


def quickest(*functions: Work, min_seconds: float = 0.6) -> list[float]:
    """Return the shortest processor time of each function, in seconds.

    The functions are called in turns, so that a change of the machine's speed affects all of them, until they
    have taken ``min_seconds`` together and each has had three turns.
    """
    times: list[list[float]] = [[] for _ in functions]
    total = 0.0
    while total < min_seconds or len(times[0]) < 3:
        for function, times_of_function in zip(functions, times, strict=True):
            turn = 0.0
            while turn < min_seconds / 20:
                begin = time.process_time()
                function()
                times_of_function.append(time.process_time() - begin)
                turn += times_of_function[-1]
            total += turn
    return [min(times_of_function) for times_of_function in times]


def machine() -> dict[str, float]:
    """Return operations per second of this machine on one thread.

    They are flops of a product of matrices, copied bytes, numbers added up in cells, divisions and tanh.
    """
    a, b, product = np.ones((512, 512)), np.ones((512, 512)), np.empty((512, 512))
    long, copy = np.ones(8_000_000), np.empty(8_000_000)
    short, result = np.linspace(0.1, 3.0, 20_000), np.empty(20_000)
    cells = np.arange(len(short)) % 100
    functions = {
        "sums": (float(len(short)), lambda: np.bincount(cells, short)),
        "flops": (2.0 * 512**3, lambda: np.matmul(a, b, out=product)),
        "bytes": (16.0 * len(long), lambda: np.copyto(copy, long)),
        "divisions": (float(len(short)), lambda: np.reciprocal(short, out=result)),
        "tanh": (float(len(short)), lambda: np.tanh(short, out=result)),
    }
    return {
        name: count / quickest(function, min_seconds=0.1)[0] for name, (count, function) in functions.items()
    }
