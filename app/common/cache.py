"""Shelves: what was computed is kept up to a number of bytes, the longest unused goes first."""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock
from typing import Any, Final, TypeVar, cast

import numpy as np

T = TypeVar("T")
ENTRY_OVERHEAD: Final = 2_000
"""What a kept thing takes besides its arrays."""


def cached(max_bytes: int) -> Callable[[Callable[..., T]], Callable[..., T]]:
    """A decorator as ``lru_cache`` is, bounded by the bytes of arguments and answers together.

    The answer just made is always kept. Two threads that ask for the same
    thing at once may both make it.
    """

    def wrap(make: Callable[..., T]) -> Callable[..., T]:
        return cast("Callable[..., T]", ByteBoundedCache(make, max_bytes))

    return wrap


class ByteBoundedCache:
    """The answers of a function ``function`` by its arguments, of ``max_bytes`` bytes at most."""

    def __init__(self, function: Callable[..., Any], max_bytes: int) -> None:
        self.function, self.max_bytes = function, max_bytes
        self.entries: OrderedDict[Hashable, tuple[Any, int]] = OrderedDict()
        self.bytes = 0
        self.lock = Lock()

    def __call__(self, *arguments: Hashable) -> Any:
        with self.lock:
            if arguments in self.entries:
                self.entries.move_to_end(arguments)
                return self.entries[arguments][0]
        thing = self.function(*arguments)
        size = ENTRY_OVERHEAD + size_in_bytes((arguments, thing))
        with self.lock:
            if arguments not in self.entries:
                self.entries[arguments] = thing, size
                self.bytes += size
            while self.bytes > self.max_bytes and len(self.entries) > 1:
                _, (_, gone) = self.entries.popitem(last=False)
                self.bytes -= gone
        return thing

    def cache_clear(self) -> None:
        """Empty the shelf."""
        with self.lock:
            self.entries.clear()
            self.bytes = 0


def size_in_bytes(thing: Any) -> int:
    """Bytes of the arrays and long texts that a thing holds, each counted once."""
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
        elif isinstance(part, str):
            total += len(part) if len(part) > ENTRY_OVERHEAD else 0
        elif isinstance(part, dict):
            waiting.extend(part.values())
        elif isinstance(part, tuple | list):
            waiting.extend(part)
        elif type(part).__module__.partition(".")[0] in ("losses", "app"):
            waiting.extend(vars(part).values() if hasattr(part, "__dict__") else ())
    return total
