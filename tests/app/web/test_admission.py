"""The queue of requests that compute: their order, how many run and wait, and long computations."""

import threading
import time

import pytest

from app.common import limits
from app.web.admission import AdmissionQueue, Overloaded

PATIENCE = 5
"""Seconds after which waiting for a thread fails."""


class Requests:
    """Requests to an admission queue, each in its own thread, that compute until they are told to finish."""

    def __init__(self, queue):
        self.queue, self.admitted, self.finish, self.threads = queue, [], {}, []

    def send(self, name):
        """Start a request and wait until it computes or is in the queue."""
        before = self.count()
        self.finish[name] = threading.Event()
        self.threads.append(threading.Thread(target=self._compute, args=(name,), daemon=True))
        self.threads[-1].start()
        self.wait_until(lambda: self.count() > before)

    def count(self):
        return len(self.queue._queue) + len(self.queue._running)

    def _compute(self, name):
        with self.queue.slot():
            self.admitted.append(name)
            self.finish[name].wait(2 * PATIENCE)

    def wait_until(self, condition):
        end = time.monotonic() + PATIENCE
        while not condition():
            assert time.monotonic() < end
            time.sleep(0.001)

    def finish_all(self):
        for event in self.finish.values():
            event.set()
        for thread in self.threads:
            thread.join(PATIENCE)

    def are_admitted(self, *names):
        """Wait until exactly these requests have been admitted, in this order."""
        self.wait_until(lambda: self.admitted == list(names))
        return True


def test_requests_are_admitted_in_order_and_rejected_if_the_queue_is_full():
    requests = Requests(AdmissionQueue(max_computing=2, max_waiting=2, clock=lambda: 0.0))
    for name in "abc":
        requests.send(name)
    assert requests.are_admitted("a")
    with pytest.raises(Overloaded), requests.queue.slot():
        pass
    for name, admitted in (("a", "ab"), ("b", "abc")):
        requests.finish[name].set()
        assert requests.are_admitted(*admitted)
    requests.finish["c"].set()
    for thread in requests.threads:
        thread.join(PATIENCE)
    with requests.queue.slot():
        assert len(requests.queue._running) == 1


def test_requests_do_not_wait_for_the_end_of_a_long_computation():
    now = [0.0]
    requests = Requests(AdmissionQueue(max_computing=2, max_waiting=9, clock=lambda: now[0]))
    requests.send("long")
    requests.send("a")
    assert requests.are_admitted("long")
    now[0] += 2 * limits.LONG_REQUEST_SECONDS
    # No request arrives or ends: the first of the queue checks the time itself.
    assert requests.are_admitted("long", "a")
    requests.send("b")
    now[0] += 2 * limits.LONG_REQUEST_SECONDS
    requests.send("c")
    assert len(requests.queue._queue) == 2  # two compute, which is the maximum
    requests.finish["a"].set()
    assert requests.are_admitted("long", "a", "b")
    requests.finish["b"].set()
    assert requests.are_admitted("long", "a", "b", "c")


def test_who_was_second_when_it_arrived_does_not_wait_for_the_end_either():
    now = [0.0]
    requests = Requests(AdmissionQueue(max_computing=3, max_waiting=9, clock=lambda: now[0]))
    for name in ("long", "a", "b"):
        requests.send(name)
    for names in (("long", "a"), ("long", "a", "b")):
        now[0] += 2 * limits.LONG_REQUEST_SECONDS
        assert requests.are_admitted(*names)
    requests.finish_all()


def test_a_request_that_waits_for_seconds_only_is_let_into_a_full_queue_and_gives_up():
    now = [0.0]
    requests = Requests(AdmissionQueue(max_computing=1, max_waiting=0, clock=lambda: now[0]))
    requests.send("a")
    with pytest.raises(Overloaded), requests.queue.slot():
        pass
    given_up = []

    def probe():
        try:
            with requests.queue.slot(4.0):
                pass
        except Overloaded:
            given_up.append(now[0])

    thread = threading.Thread(target=probe, daemon=True)
    thread.start()
    requests.wait_until(lambda: requests.queue._queue)
    now[0] = 3.9
    time.sleep(3 * limits.LONG_REQUEST_SECONDS)
    assert requests.queue._queue
    now[0] = 4.1
    thread.join(PATIENCE)
    assert given_up == [4.1]
    assert not requests.queue._queue
    requests.finish_all()
    with requests.queue.slot(4.0):
        assert len(requests.queue._running) == 1


def test_a_computation_is_long_only_after_the_limit(monkeypatch):
    monkeypatch.setattr(limits, "LONG_REQUEST_SECONDS", 0.25)
    now = [100.0]
    requests = Requests(AdmissionQueue(max_computing=3, max_waiting=9, clock=lambda: now[0]))
    requests.send("long")
    now[0] += 0.25
    requests.send("a")
    requests.send("b")
    assert len(requests.queue._queue) == 2
    now[0] += 0.125
    assert requests.are_admitted("long", "a")
    assert len(requests.queue._queue) == 1
    for name in ("long", "a", "b"):
        requests.finish[name].set()
    for thread in requests.threads:
        thread.join(PATIENCE)
    assert requests.admitted == ["long", "a", "b"]
    assert not requests.queue._running


def test_a_request_that_fails_makes_room_for_the_next():
    queue = AdmissionQueue(max_computing=1, max_waiting=0, clock=lambda: 0.0)
    for _ in range(3):
        with pytest.raises(KeyError), queue.slot():
            raise KeyError
    assert not queue._running


def test_a_rejected_request_leaves_the_queue():
    requests = Requests(AdmissionQueue(max_computing=1, max_waiting=1, clock=lambda: 0.0))
    requests.send("a")
    requests.send("b")
    waiting = list(requests.queue._queue)
    with pytest.raises(Overloaded), requests.queue.slot():
        pass
    assert list(requests.queue._queue) == waiting
    requests.finish["a"].set()
    assert requests.are_admitted("a", "b")
    requests.finish["b"].set()
