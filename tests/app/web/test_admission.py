"""The queue of requests that compute: their order, how many run, pause and wait, and who is given up."""

import queue
import threading
import time

import pytest

from app.common import limits
from app.web import admission
from app.web.admission import AdmissionQueue, Overloaded, Ticket

PATIENCE = 5
"""Seconds after which waiting for a thread fails."""
FAIR_WAIT = limits.FAIR_WAIT_SECONDS / limits.LONG_REQUEST_SECONDS
LONG = 1000.0
"""Seconds of the queue's clock after which a request is long; far more than a test takes."""


@pytest.fixture(autouse=True)
def seconds(monkeypatch):
    """Let no request look again by itself while a test runs: it has to be woken."""
    monkeypatch.setattr(limits, "FAIR_WAIT_SECONDS", LONG * FAIR_WAIT)
    for name in ("LONG_REQUEST_SECONDS", "READER_CHECK_SECONDS"):
        monkeypatch.setattr(limits, name, LONG)


@pytest.fixture
def looking(monkeypatch):
    """Let those that wait for some seconds look again at once; the others have to be woken."""

    class Looking(threading.Event):
        def wait(self, seconds=None):
            return super().wait(seconds if seconds == threading.TIMEOUT_MAX else min(seconds, 0.005))

    monkeypatch.setattr(admission, "Event", Looking)


class Gone(Exception):
    """The reader of an answer has gone."""


class Requests:
    """Requests to an admission queue, each in its own thread, that do what they are told.

    ``log`` has what they did, in order: a name when it begins to compute or goes on after a checkpoint, and
    a name with the name of the error that ended it. ``now`` is the queue's clock, in seconds.
    """

    def __init__(self, **sizes):
        self.now = 0.0
        self.queue = AdmissionQueue(**{"max_running": 4, "max_waiting": 9} | sizes, clock=lambda: self.now)
        self.log, self.orders, self.threads, self.gone = [], {}, [], set()

    def send(self, *names):
        """Start requests, each when the one before computes or waits."""
        for name in names:
            before = self.count()
            self.orders[name] = queue.Queue()
            self.threads.append(threading.Thread(target=self._compute, args=(name,), daemon=True))
            self.threads[-1].start()
            self.wait_until(lambda before=before: self.count() > before)

    def count(self):
        return len(self.queue._waiting) + len(self.queue._running)

    def _compute(self, name):
        try:
            with self.queue.slot() as ticket:
                self.log.append(name)
                while self.orders[name].get(timeout=PATIENCE) == "checkpoint":
                    self.queue.give_way(ticket, lambda: self._check(name))
                    self.log.append(name)
        except (Overloaded, Gone) as error:
            self.log.append(f"{name}: {type(error).__name__}")

    def _check(self, name):
        if name in self.gone:
            raise Gone

    def reach_checkpoint(self, name):
        self.orders[name].put("checkpoint")

    def pause(self, name):
        """Let a running request reach a checkpoint and wait until it is paused."""
        self.reach_checkpoint(name)
        self.wait_until(lambda: any(ticket.ran for ticket in self.queue._waiting))

    def finish(self, *names):
        for name in names:
            self.orders[name].put("finish")

    def wait_until(self, condition):
        end = time.monotonic() + PATIENCE
        while not condition():
            assert time.monotonic() < end, self.log
            time.sleep(0.001)

    def is_log(self, *entries):
        """Wait until exactly this has happened."""
        self.wait_until(lambda: self.log == list(entries))
        return True

    def end(self):
        """Let all requests finish and see that none is left."""
        self.finish(*self.orders)
        for thread in self.threads:
            thread.join(PATIENCE)
        assert self.count() == 0


def test_requests_compute_in_order_one_at_a_time_and_are_rejected_if_too_many_wait():
    requests = Requests(max_waiting=2)
    requests.send("a", "b", "c")
    assert requests.is_log("a")
    with pytest.raises(Overloaded), requests.queue.slot():
        pass
    assert len(requests.queue._waiting) == 2
    requests.finish("a")
    assert requests.is_log("a", "b")
    requests.finish("b")
    assert requests.is_log("a", "b", "c")
    requests.end()
    with requests.queue.slot():
        assert len(requests.queue._running) == 1


@pytest.mark.usefixtures("looking")
def test_requests_do_not_wait_for_the_end_of_a_long_computation():
    requests = Requests(max_running=2)
    requests.send("long", "a")
    requests.now += LONG
    requests.send("b")
    assert len(requests.queue._waiting) == 2
    requests.now += 0.01 * LONG
    # No request arrives or ends: the first of those that wait looks at the time itself.
    assert requests.is_log("long", "a")
    requests.now += 2 * LONG
    requests.send("c")
    assert len(requests.queue._waiting) == 2  # two run, which is the maximum
    requests.finish("a")
    assert requests.is_log("long", "a", "b")
    requests.finish("b")
    assert requests.is_log("long", "a", "b", "c")
    requests.end()


@pytest.mark.usefixtures("looking")
def test_who_was_second_when_it_arrived_does_not_wait_for_the_end_either():
    requests = Requests()
    requests.send("long", "a", "b")
    for log in (("long", "a"), ("long", "a", "b")):
        requests.now += 2 * LONG
        assert requests.is_log(*log)
    requests.end()


def test_a_long_computation_pauses_at_its_checkpoint_until_short_ones_are_done():
    requests = Requests()
    requests.send("long")
    requests.now += 2 * LONG
    requests.reach_checkpoint("long")
    assert requests.is_log("long", "long")
    assert [ticket.ran for ticket in requests.queue._running] == [0.0]  # nobody else is there: no pause
    requests.send("a", "b")
    assert requests.is_log("long", "long", "a")
    requests.pause("long")
    requests.now += LONG
    requests.finish("a")
    assert requests.is_log("long", "long", "a", "b")
    requests.finish("b")
    assert requests.is_log("long", "long", "a", "b", "long")
    requests.end()


def test_a_short_computation_does_not_pause():
    requests = Requests()
    requests.send("a", "b")
    requests.now += LONG
    requests.reach_checkpoint("a")
    assert requests.is_log("a", "a")
    requests.end()


def test_of_paused_requests_the_one_that_has_run_for_the_least_time_goes_on_first():
    requests = Requests()
    requests.send("longest")
    requests.now += 20 * LONG
    requests.send("longer")
    requests.pause("longest")
    requests.now += 2 * LONG
    requests.send("short")
    requests.pause("longer")
    requests.wait_until(lambda: len(requests.queue._waiting) == 2)
    requests.finish("short")
    assert requests.is_log("longest", "longer", "short", "longer")
    requests.finish("longer")
    assert requests.is_log("longest", "longer", "short", "longer", "longest")
    requests.end()


@pytest.mark.parametrize(
    ("ran", "waited", "level"),
    [
        *((0, 0, 0), (0.99, 0, 0), (1.01, 0, 1), (3.99, 0, 1), (4.01, 0, 2), (16.01, 0, 3)),
        *((3.99, 2.9, 1), (3.99, 3.1, 0), (16.01, 2.9, 2), (16.01, 3.1, 1), (16.01, 15.1, 0)),
    ],
)
def test_running_sets_back_and_waiting_makes_up_for_it(ran, waited, level):
    """``ran`` is in units of ``LONG_REQUEST_SECONDS``, ``waited`` of ``FAIR_WAIT_SECONDS``."""
    now = 100.0 + ran * LONG + waited * limits.FAIR_WAIT_SECONDS
    ticket = Ticket(1, 100.0)
    ticket.ran = ran * LONG
    assert ticket.level(now) == level
    ticket.ran, ticket.started_at = 0.0, now - ran * LONG
    assert ticket.level(now) == level


def test_the_longest_of_too_many_paused_requests_is_given_up():
    requests = Requests(max_paused=2)
    for name, seconds in (("longest", 90 * LONG), ("longer", 2 * LONG), ("a", 0.0)):
        requests.send(name)
        requests.now += seconds
    for paused, name in enumerate(("longest", "longer"), 1):
        requests.reach_checkpoint(name)
        requests.wait_until(lambda paused=paused: len(requests.queue._waiting) == paused)
    requests.send("b")
    assert requests.is_log("longest", "longer", "a")
    requests.finish("a")
    requests.wait_until(lambda: set(requests.log[3:]) == {"b", "longest: Overloaded"})
    requests.finish("b")
    requests.wait_until(lambda: requests.log[-1] == "longer")
    requests.end()


def test_paused_requests_do_not_count_as_waiting():
    requests = Requests(max_waiting=1)
    requests.send("long")
    requests.now += 2 * LONG
    requests.send("a")
    requests.pause("long")
    requests.send("b")
    with pytest.raises(Overloaded), requests.queue.slot():
        pass
    assert requests.is_log("long", "a")
    requests.end()


@pytest.mark.usefixtures("looking")
def test_a_paused_request_whose_reader_has_gone_leaves_the_queue():
    requests = Requests()
    requests.send("long")
    requests.now += 2 * LONG
    requests.send("a")
    requests.pause("long")
    requests.gone.add("long")
    assert requests.is_log("long", "a", "long: Gone")
    assert requests.count() == 1
    requests.end()


@pytest.mark.usefixtures("looking")
def test_a_request_that_waits_for_seconds_only_is_let_into_a_full_queue_and_gives_up():
    requests = Requests(max_waiting=0)
    requests.send("a")
    with pytest.raises(Overloaded), requests.queue.slot():
        pass
    given_up = []

    def probe():
        try:
            with requests.queue.slot(0.9 * LONG):
                pass
        except Overloaded:
            given_up.append(requests.now)

    thread = threading.Thread(target=probe, daemon=True)
    thread.start()
    requests.wait_until(lambda: requests.queue._waiting)
    requests.now = 0.8 * LONG
    time.sleep(0.05)
    assert requests.queue._waiting
    requests.now = 0.95 * LONG
    thread.join(PATIENCE)
    assert given_up == [0.95 * LONG]
    assert not requests.queue._waiting
    requests.end()
    with requests.queue.slot(4.0):
        assert len(requests.queue._running) == 1


def test_a_request_that_fails_makes_room_for_the_next():
    requests = Requests(max_waiting=0)
    for _ in range(3):
        with pytest.raises(KeyError), requests.queue.slot():
            raise KeyError
    assert requests.count() == 0
