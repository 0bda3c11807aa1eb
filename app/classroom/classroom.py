"""The live classes of one application: their store, the pace of their phones, and what is swept away when."""

import atexit
import threading
import time
from typing import Final

import flask

from ..common.environment import CLASSES, TEACHERS
from .codes import GuessBudget
from .pace import Pace
from .sqlite_store import SqliteStore
from .store import ClassStore, StoreAway

EXTENSION: Final = "losslab.classroom"
OFF: Final = "off"
ON: Final = "on"
SWEEP_SECONDS: Final = 300.0
"""Seconds between two sweeps without a request."""


class Classroom:
    """What the routes of one application share."""

    def __init__(self, store: ClassStore, word: str = "") -> None:
        self.store, self.word = store, word
        self.budget, self.pace = GuessBudget(), Pace()
        self._sweep_at, self._sweeper = 0.0, threading.Event()
        self._has_sweeper = False

    def sweep(self, now: float | None = None) -> None:
        """Delete the classes whose time is up, if it is time to look for them."""
        now = time.time() if now is None else now
        if now < self._sweep_at:
            return
        try:
            self._sweep_at = self.store.sweep(now)
        except StoreAway:
            self._sweep_at = now + SWEEP_SECONDS

    def watch(self) -> None:
        """Sweep from now on without a request, too, and look at the store again at the next one."""
        self._sweep_at = 0.0
        if not self._has_sweeper:
            self._has_sweeper = True
            threading.Thread(target=self._sweep_again, daemon=True, name="classes").start()

    def close(self) -> None:
        """Delete what has expired, and let go of the store."""
        self._sweep_at = 0.0
        self.sweep()
        self.store.close()

    def _sweep_again(self) -> None:
        while not self._sweeper.wait(SWEEP_SECONDS):
            self._sweep_at = 0.0
            self.sweep()


def install(server: flask.Flask) -> None:
    """Give an application live classes, unless the environment switches them off."""
    place = CLASSES.read()
    if place == OFF:
        return
    store = SqliteStore("" if place == ON else place)
    classroom = Classroom(store, TEACHERS.read())
    server.extensions[EXTENSION] = classroom

    @server.before_request
    def sweep() -> None:
        classroom.sweep()

    atexit.register(classroom.close)
