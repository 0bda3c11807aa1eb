"""Let whoever computes stop a long computation, between its steps."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

StopCheck = Callable[[], None]

_check: ContextVar[StopCheck | None] = ContextVar("check", default=None)


@contextmanager
def checked_by(check: StopCheck) -> Iterator[None]:
    """Call ``check`` between the steps of all computations of this thread within the context.

    It takes no argument and returns at once to go on; an exception that it raises ends the computation and
    reaches the caller, with nothing half done kept. Computations of other threads have their own check.

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
    token = _check.set(check)
    try:
        yield
    finally:
        _check.reset(token)


def checkpoint() -> None:
    """Call the check of this context, if there is one; loops of long computations do so in each turn."""
    check = _check.get()
    if check is not None:
        check()
