"""Shelves: what was computed is kept up to a number of bytes, the longest unused goes first."""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock
from typing import Any, Final, TypeVar, cast

import numpy as np

T = TypeVar("T")
OVERHEAD: Final = 2_000
"""What a kept thing takes besides its arrays."""


def kept(most: int) -> Callable[[Callable[..., T]], Callable[..., T]]:
    """A decorator as ``lru_cache`` is, bounded by the bytes of arguments and answers together.

    The answer just made is always kept. Two threads that ask for the same
    thing at once may both make it.
    """

    def wrap(make: Callable[..., T]) -> Callable[..., T]:
        return cast("Callable[..., T]", Shelf(make, most))

    return wrap


class Shelf:
    """The answers of a function ``make`` by its arguments, of ``most`` bytes at most."""

    def __init__(self, make: Callable[..., Any], most: int) -> None:
        self.make, self.most = make, most
        self.things: OrderedDict[Hashable, tuple[Any, int]] = OrderedDict()
        self.bytes = 0
        self.lock = Lock()

    def __call__(self, *given: Hashable) -> Any:
        with self.lock:
            if given in self.things:
                self.things.move_to_end(given)
                return self.things[given][0]
        thing = self.make(*given)
        size = OVERHEAD + weight((given, thing))
        with self.lock:
            if given not in self.things:
                self.things[given] = thing, size
                self.bytes += size
            while self.bytes > self.most and len(self.things) > 1:
                _, (_, gone) = self.things.popitem(last=False)
                self.bytes -= gone
        return thing

    def forget(self) -> None:
        """Empty the shelf."""
        with self.lock:
            self.things.clear()
            self.bytes = 0


def weight(thing: Any) -> int:
    """Bytes of the arrays that a thing holds, each counted once."""
    seen: set[int] = set()
    waiting, total = [thing], 0
    while waiting:
        part = waiting.pop()
        if id(part) in seen:
            continue
        seen.add(id(part))
        if isinstance(part, np.ndarray):
            total += part.nbytes if part.base is None else 0
            waiting.append(part.base)
        elif isinstance(part, dict):
            waiting.extend(part.values())
        elif isinstance(part, tuple | list):
            waiting.extend(part)
        elif type(part).__module__.partition(".")[0] in ("losses", "app"):
            waiting.extend(vars(part).values() if hasattr(part, "__dict__") else ())
    return total
