"""The live classes of one application: their store, the pace of their phones, and what is swept away when."""

import atexit
import os
import sys
import threading
import time
from contextlib import suppress
from typing import Final
from weakref import WeakMethod

import flask

from ..common.environment import CLASSES, TEACHERS
from .class_state import ClassRecord
from .codes import GuessBudget
from .face_cache import FaceCache
from .pace import Pace
from .sqlite_store import SqliteStore
from .store import ClassStore, StoreUnavailable

EXTENSION: Final = "losslab.classroom"
OFF: Final = "off"
ON: Final = "on"
SERVERS: Final = ("redis://", "rediss://", "unix://", "valkey://", "valkeys://")
"""How the address of a Redis or Valkey server begins."""
NO_REDIS: Final = "LOSSLAB_CLASSES is the address of a Redis or Valkey server: pip install 'losslab[redis]'"
MAX_SWEEP_SECONDS: Final = 300.0
"""Most seconds between two sweeps of a process: another one may have opened a class meanwhile."""
MIN_SWEEP_SECONDS: Final = 1.0


class Classroom:
    """What the routes of one application share; ``is_remote`` if their store is another server."""

    def __init__(self, store: ClassStore, teacher_word: str = "", *, is_remote: bool = False) -> None:
        self.store, self.teacher_word, self.is_remote = store, teacher_word, is_remote
        self._faces = FaceCache(store.find)
        self.budget, self.pace = GuessBudget(), Pace()
        self._has_changed, self._sweeping_process = threading.Event(), 0

    def look(self, code: str, now: float) -> ClassRecord:
        """Return a class for its phones; from another server it may be what it was a moment ago."""
        return self._faces.find(code, now) if self.is_remote else self.store.find(code, now)

    def invalidate(self, code: str) -> None:
        """Look a class up anew next time: this process has changed it."""
        self._faces.invalidate(code)

    def watch(self) -> None:
        """Sweep now and whenever the time of a class is up, by a thread of this process."""
        self._has_changed.set()
        if self._sweeping_process != os.getpid():
            self._sweeping_process = os.getpid()
            threading.Thread(target=self._sweep_for_ever, daemon=True, name="classes").start()

    def close(self) -> None:
        """Delete what has expired, and let go of the store."""
        with suppress(StoreUnavailable):
            self.store.sweep(time.time())
        self.store.close()

    def _sweep_for_ever(self) -> None:
        while True:
            self._has_changed.clear()
            seconds = MAX_SWEEP_SECONDS
            with suppress(StoreUnavailable):
                seconds = self.store.sweep(time.time()) - time.time()
            self._has_changed.wait(min(max(seconds, MIN_SWEEP_SECONDS), MAX_SWEEP_SECONDS))


def install(server: flask.Flask) -> None:
    """Give an application live classes, unless the environment switches them off."""
    place = CLASSES.read()
    if place == OFF:
        return
    is_remote = place.startswith(SERVERS)
    store = _redis_store(place) if is_remote else SqliteStore("" if place == ON else place)
    classroom = Classroom(store, TEACHERS.read(), is_remote=is_remote)
    server.extensions[EXTENSION] = classroom

    atexit.register(classroom.close)
    if isinstance(store, SqliteStore) and store.exists:
        classroom.watch()
    watch = WeakMethod(classroom.watch)

    def watch_in_worker() -> None:
        if (method := watch()) is not None:
            method()

    if sys.platform != "win32":
        os.register_at_fork(after_in_child=watch_in_worker)


def _redis_store(address: str) -> ClassStore:
    """Return the store of a Redis or Valkey server. Raises RuntimeError without the package for it."""
    try:
        from .redis_store import RedisStore
    except ModuleNotFoundError as error:
        raise RuntimeError(NO_REDIS) from error
    return RedisStore(address)
