"""How many requests compute at a time, how many wait, and what the next one is told."""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import BoundedSemaphore

from app import limits


class Full(Exception):
    """There is no room for another request just now."""


class Room:
    """``computing`` seats and ``waiting`` places before them. Who has a place gets a seat."""

    def __init__(self, computing: int = limits.COMPUTING, waiting: int = limits.WAITING) -> None:
        self._places = BoundedSemaphore(computing + waiting)
        self._seats = BoundedSemaphore(computing)

    @contextmanager
    def seat(self) -> Iterator[None]:
        """Raises Full, at once, where even the waiting places are taken."""
        if not self._places.acquire(blocking=False):
            raise Full
        try:
            with self._seats:
                yield
        finally:
            self._places.release()
