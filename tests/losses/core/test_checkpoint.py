"""Whoever computes can stop a long computation between its steps; other threads are not stopped."""

from collections.abc import Callable
from threading import Thread

import numpy as np
import pytest

import losses
from losses.core.checkpoint import checked_by, checkpoint


class Stopped(Exception):
    """What the checks of these tests raise."""


def stop_at(count: int) -> Callable[[], None]:
    """Return a check that raises Stopped when it is called for the ``count``-th time."""
    calls = iter(range(count - 1))

    def check() -> None:
        if next(calls, None) is None:
            raise Stopped

    return check


WORK: dict[str, Callable[[], object]] = {
    "a run": lambda: losses.descend(losses.test_function("himmelblau"), rate=1e-3, steps=50),
    "a run of a quadratic": lambda: losses.descend(losses.test_function("bowl"), rate=1e-3, steps=50),
    "a batch": lambda: losses.descend_many(
        losses.test_function("himmelblau"), rates=np.array([1e-3, 1e-4]), steps=50
    ),
    "a line search": lambda: losses.descend(
        losses.problem("moons", "mlp", "bce"), "line_search", rate=1.0, steps=9
    ),
    "Newton's method": lambda: losses.descend(
        losses.problem("moons", "mlp", "bce"), "newton", rate=1.0, steps=9
    ),
    "basins": lambda: losses.basins(
        losses.test_function("himmelblau"), starts=np.ones((30, 2)), rate=1e-3, steps=50
    ),
    "a surface": lambda: losses.surface(losses.problem("scaling", "power", "logcosh"), size=301),
    "a smooth certificate": lambda: losses.certify(losses.problem("spam", "logistic", "bce", l2=0.3)),
    "a certificate with kinks": lambda: losses.certify(losses.problem("outlier", "line", "quantile", l1=0.3)),
    "a separation": lambda: losses.certify(losses.problem("iris", "softmax", "cce")),
}


@pytest.mark.parametrize("name", WORK)
def test_a_computation_is_stopped_between_its_steps(name: str) -> None:
    with pytest.raises(Stopped), checked_by(stop_at(4)):
        WORK[name]()
    WORK[name]()  # nothing half done was kept, and nobody checks any more


def test_the_checks_of_two_threads_are_their_own() -> None:
    ended = list[str]()

    def compute() -> None:
        WORK["a run"]()
        ended.append("not stopped")

    with checked_by(stop_at(1)):
        thread = Thread(target=compute)
        thread.start()
        thread.join()
        with pytest.raises(Stopped):
            checkpoint()
    assert ended == ["not stopped"]


def test_a_check_is_called_only_as_often_as_asked() -> None:
    with checked_by(stop_at(1), every=1000.0):
        WORK["a run"]()
