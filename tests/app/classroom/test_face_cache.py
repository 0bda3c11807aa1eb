"""The face cache: one request for many phones, for a moment only."""

import threading

import pytest

from app.classroom.class_state import open_class
from app.classroom.face_cache import KEPT_SECONDS, MAX_CODES, FaceCache
from app.classroom.store import ClassNotFound, StoreUnavailable

RECORD = open_class("GMRXQV", "d" * 32, "b1", "", 0.0)


class Finder:
    """A store that counts looks."""

    def __init__(self, outcome=RECORD):
        self.looks, self.outcome, self.now = 0, outcome, 0.0
        self.cache = FaceCache(self.find, clock=lambda: self.now)

    def find(self, code, now):
        self.looks += 1
        if isinstance(self.outcome, Exception):
            raise self.outcome
        return self.outcome


def test_of_many_who_look_at_once_one_asks_the_store():
    finder, release, results = Finder(), threading.Event(), []
    find = finder.find

    def slow(code, now):
        release.wait(20)
        return find(code, now)

    cache = FaceCache(slow, clock=lambda: 0.0)
    threads = [threading.Thread(target=lambda: results.append(cache.find("GMRXQV", 0.0))) for _ in range(30)]
    for thread in threads:
        thread.start()
    release.set()
    for thread in threads:
        thread.join(20)
    assert results == [RECORD] * 30
    assert finder.looks == 1


def test_after_a_moment_or_a_change_of_its_own_a_process_looks_again():
    finder = Finder()
    for now, looks in ((0.0, 1), (KEPT_SECONDS / 2, 1), (KEPT_SECONDS, 2), (1.5 * KEPT_SECONDS, 2)):
        finder.now = now
        finder.cache.find("GMRXQV", 0.0)
        assert finder.looks == looks
    finder.cache.invalidate("GMRXQV")
    finder.cache.find("GMRXQV", 0.0)
    assert finder.looks == 3


@pytest.mark.parametrize(
    ("error", "looks"),
    [
        pytest.param(StoreUnavailable(), 1, id="told for a moment"),
        pytest.param(ClassNotFound(), 5, id="may be opened"),
    ],
)
def test_how_long_it_is_told_that_nothing_was_found(error, looks):
    finder = Finder(error)
    for _ in range(5):
        with pytest.raises(type(error)):
            finder.cache.find("GMRXQV", 0.0)
    assert finder.looks == looks


def test_codes_of_those_who_guess_do_not_pile_up():
    finder = Finder(ClassNotFound())
    for n in range(3 * MAX_CODES):
        with pytest.raises(ClassNotFound):
            finder.cache.find(str(n), 0.0)
    assert len(finder.cache._looks) <= MAX_CODES
