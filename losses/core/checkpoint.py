"""Let whoever computes stop a long computation, between its steps."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from time import perf_counter

StopCheck = Callable[[], None]


@dataclass
class _Watch:
    """A check, the seconds between two calls of it, and when the next is due by ``perf_counter``."""

    check: StopCheck
    every: float
    due: float


_watch: ContextVar[_Watch | None] = ContextVar("watch", default=None)


@contextmanager
def checked_by(check: StopCheck, *, every: float = 0.0) -> Iterator[None]:
    """Call ``check`` between the steps of all computations of this thread within the context.

    It takes no argument and returns at once to go on; an exception that it raises ends the computation and
    reaches the caller, with nothing half done kept. ``every`` is the least number of seconds before the first
    call and between two of them. Computations of other threads have their own check.

    >>> import losses
    >>> from losses.core.checkpoint import checked_by
    >>> def stop():
    ...     raise TimeoutError
    >>> with checked_by(stop):
    ...     losses.descend(losses.test_function("bowl"), rate=0.1, steps=20)
    Traceback (most recent call last):
        ...
    TimeoutError
    """
    token = _watch.set(_Watch(check, every, perf_counter() + every))
    try:
        yield
    finally:
        _watch.reset(token)


def checkpoint() -> None:
    """Call the check of this context, if there is one and it is due; long loops do so in each turn."""
    watch = _watch.get()
    if watch is not None and (now := perf_counter()) >= watch.due:
        watch.due = now + watch.every
        watch.check()
