"""Cache the results of a function, bounded by the bytes of what is cached."""

from collections.abc import Callable, Hashable
from functools import wraps
from threading import Lock
from typing import Any, Final, TypeVar, TypeVarTuple

import numpy as np
from cachetools import LRUCache

Result = TypeVar("Result")
Arguments = TypeVarTuple("Arguments")

ENTRY_OVERHEAD: Final = 2_000
"""Bytes that an entry takes besides its arrays and long texts, unless its cache says otherwise."""
PROJECT_PACKAGES: Final = (__package__.partition(".")[0], "losses")
"""Packages whose objects may hold arrays in their attributes."""


def cached(
    max_bytes: int, entry_overhead: int = ENTRY_OVERHEAD
) -> Callable[[Callable[[*Arguments], Result]], Callable[[*Arguments], Result]]:
    """Return a decorator like ``functools.lru_cache`` that is bounded by bytes, not by a number of entries.

    An entry counts as the arrays of its arguments and of its result together, because the key keeps the
    arguments alive. The least recently used entries are discarded first. The latest result is always cached:
    one larger than ``max_bytes`` counts as ``max_bytes`` and discards all others. ``entry_overhead`` are the
    bytes that an entry is assumed to take besides its arrays and long texts, with all that is computed later.

    The decorated function takes hashable positional arguments only and may be called from several threads;
    two that ask for the same missing result may both compute it, and both get the first one. Its attribute
    ``cache`` is the ``cachetools.LRUCache`` and ``cache_clear()`` empties it.
    """

    def decorate(function: Callable[[*Arguments], Result]) -> Callable[[*Arguments], Result]:
        cache = LRUCache[Hashable, tuple[Result, int]](max_bytes, getsizeof=lambda entry: entry[1])
        lock = Lock()

        @wraps(function)
        def wrapper(*arguments: *Arguments) -> Result:
            with lock:
                try:
                    return cache[arguments][0]
                except KeyError:
                    pass
            result = function(*arguments)
            size = entry_overhead + size_in_bytes((arguments, result))
            with lock:
                return cache.setdefault(arguments, (result, min(size, max_bytes)))[0]

        def cache_clear() -> None:
            with lock:
                cache.clear()

        vars(wrapper).update(cache=cache, cache_clear=cache_clear)
        return wrapper

    return decorate


def size_in_bytes(value: Any) -> int:
    """Sum the bytes of all arrays and long texts that a value holds, each counted once.

    Follows tuples, lists, values of dicts and attributes of this project's objects. A view counts as the
    array whose memory it keeps alive.
    """
    visited: set[int] = set()
    pending, total = [value], 0
    while pending:
        part = pending.pop()
        if id(part) in visited:
            continue
        visited.add(id(part))
        if isinstance(part, np.ndarray):
            total += part.nbytes if part.base is None else 0
            pending.append(part.base)
        elif isinstance(part, str):
            total += len(part) if len(part) > ENTRY_OVERHEAD else 0
        elif isinstance(part, dict):
            pending.extend(part.values())
        elif isinstance(part, tuple | list):
            pending.extend(part)
        elif type(part).__module__.partition(".")[0] in PROJECT_PACKAGES:
            pending.extend(getattr(part, "__dict__", {}).values())
    return total
