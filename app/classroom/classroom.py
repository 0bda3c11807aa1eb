"""The live classes of one application: their store, the pace of their phones, and what is swept away when."""

import atexit
import threading
import time
from typing import Final

import flask

from ..common.environment import CLASSES, TEACHERS
from .class_state import ClassRecord
from .codes import GuessBudget
from .face_cache import FaceCache
from .pace import Pace
from .sqlite_store import SqliteStore
from .store import ClassStore, StoreAway

EXTENSION: Final = "losslab.classroom"
OFF: Final = "off"
ON: Final = "on"
SERVERS: Final = ("redis://", "rediss://", "unix://", "valkey://", "valkeys://")
"""How the address of a Redis or Valkey server begins."""
NO_REDIS: Final = "LOSSLAB_CLASSES is the address of a Redis or Valkey server: pip install 'losslab[redis]'"
SWEEP_SECONDS: Final = 300.0
"""Seconds between two sweeps without a request."""


class Classroom:
    """What the routes of one application share; ``is_remote`` if their store is another server."""

    def __init__(self, store: ClassStore, word: str = "", *, is_remote: bool = False) -> None:
        self.store, self.word, self.is_remote = store, word, is_remote
        self._faces = FaceCache(store.find)
        self.budget, self.pace = GuessBudget(), Pace()
        self._sweep_at, self._sweeper = 0.0, threading.Event()
        self._has_sweeper = False

    def look(self, code: str, now: float) -> ClassRecord:
        """Return a class for its phones; from another server it may be what it was a moment ago."""
        return self._faces.find(code, now) if self.is_remote else self.store.find(code, now)

    def renew(self, code: str) -> None:
        """Take note that this process has changed a class."""
        self._faces.renew(code)

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
    is_remote = place.startswith(SERVERS)
    store = _redis_store(place) if is_remote else SqliteStore("" if place == ON else place)
    classroom = Classroom(store, TEACHERS.read(), is_remote=is_remote)
    server.extensions[EXTENSION] = classroom

    if not is_remote:  # there it would make a request of the lab wait for a server that is away

        @server.before_request
        def sweep() -> None:
            classroom.sweep()

    atexit.register(classroom.close)


def _redis_store(address: str) -> ClassStore:
    """Return the store of a Redis or Valkey server. Raises RuntimeError without the package for it."""
    try:
        from .redis_store import RedisStore
    except ModuleNotFoundError as error:
        raise RuntimeError(NO_REDIS) from error
    return RedisStore(address)
