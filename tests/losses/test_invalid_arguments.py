"""Public functions accept an argument or raise an error whose message names the argument."""

from itertools import product

import numpy as np
import pytest

import losses
from losses.problem.plane import coordinate_plane

HOUSES = losses.problem("houses", "line", "mse", standardize=True)
HIMMELBLAU = losses.test_function("himmelblau")
OWN = {"key": "own", "x": [1.0, 2.0, 3.0], "y": [0, 1, 1], "task": "binary"}

ODD_VALUES = [
    None, -1, 1.5, np.nan, np.inf, 10**400, 1j, "", "a", b"x", [], {}, set(), [None], [1, "a"], [[1], [1, 2]],
    object(), float, np.empty(0), np.empty((0, 2)), np.array(3.0), np.datetime64("2020-01-01"),
]  # fmt: skip

REJECTED_ALWAYS = {
    "data": [
        lambda odd: losses.problem(odd, "line", "mse"),
        lambda odd: losses.allowed_models(odd),
        lambda odd: losses.allowed_losses(odd, "line"),
        lambda odd: losses.why_not_model(odd, "line"),
        lambda odd: losses.why_not_loss(odd, "line", "mse"),
    ],
    "model": [
        lambda odd: losses.problem("houses", odd, "mse"),
        lambda odd: losses.allowed_losses("houses", odd),
        lambda odd: losses.why_not_model("houses", odd),
        lambda odd: losses.why_not_loss("houses", odd, "mse"),
    ],
    "loss": [
        lambda odd: losses.problem("houses", "line", odd),
        lambda odd: losses.why_not_loss("houses", "line", odd),
    ],
    "test function": [losses.test_function],
    "problem": [
        losses.certify,
        losses.surface,
        lambda odd: losses.descend(odd, rate=0.1, steps=2),
        lambda odd: losses.descend_many(odd, rates=0.1, steps=2),
        lambda odd: losses.sweep(odd, rates=[0.1], steps=2),
        lambda odd: losses.basins(odd, starts=[(1.0, 1.0)], rate=0.1, steps=2),
        lambda odd: losses.heights(odd, HOUSES.plane, [1.0], [1.0]),
        lambda odd: losses.parameter_plane(odd, (0, 1)),
        lambda odd: losses.random_plane(odd, [1.0, 1.0]),
    ],
    "optimizer": [
        lambda odd: losses.descend(HOUSES, odd, rate=0.1, steps=2),
        lambda odd: losses.descend_many(HOUSES, odd, rates=0.1, steps=2),
        lambda odd: losses.basins(HIMMELBLAU, odd, starts=[(1.0, 1.0)], rate=0.1, steps=2),
    ],
    "schedule": [
        lambda odd: losses.descend(HOUSES, rate=0.1, steps=2, schedule=odd),
        lambda odd: losses.descend_many(HOUSES, rates=0.1, steps=2, schedule=odd),
        lambda odd: losses.basins(HIMMELBLAU, starts=[(1.0, 1.0)], rate=0.1, steps=2, schedule=odd),
    ],
    "run": [losses.path_plane, losses.replay],
    "plane": [lambda odd: losses.heights(HOUSES, odd, [1.0], [1.0])],
    "at": [lambda odd: losses.random_plane(HOUSES, odd)],
    "box": [
        lambda odd: losses.surface(HOUSES, size=3, box=((0, 1), odd)),
        lambda odd: losses.surface(HOUSES, size=3, box=((odd, odd), (0, 1))),
    ],
    "key": [lambda odd: losses.Dataset(**{**OWN, "key": odd})],
    "task": [lambda odd: losses.Dataset(**{**OWN, "task": odd})],
    "classes": [lambda odd: losses.Dataset(**{**OWN, "classes": [odd, odd]})],
    "input_names": [lambda odd: losses.Dataset(**{**OWN, "input_names": [odd]})],
}
"""Arguments by name, with calls that reject every odd value."""

REJECTED_SOMETIMES = {
    "theta": [HOUSES.plane.coordinates, HOUSES.value],
    "text": [losses.own_loss],
    "start": [
        lambda odd: losses.certify(HIMMELBLAU, start=odd),
        lambda odd: losses.certify(HIMMELBLAU, start=(odd, 0.0)),
        lambda odd: losses.descend(HOUSES, start=odd, rate=0.1, steps=2),
    ],
    "rate": [
        lambda odd: losses.descend(HOUSES, rate=odd, steps=2),
        lambda odd: losses.descend_many(HOUSES, rates=odd, steps=2),
    ],
    "steps": [lambda odd: losses.descend(HOUSES, rate=0.1, steps=odd)],
    "momentum": [
        lambda odd: losses.descend(HOUSES, "momentum", rate=0.1, steps=2, momentum=odd),
        lambda odd: losses.descend_many(HOUSES, "momentum", rates=0.1, steps=2, momentum=odd),
    ],
    "batch": [lambda odd: losses.descend_many(HOUSES, "sgd", rates=0.1, steps=2, batch=odd)],
    "plane": [lambda odd: losses.surface(HOUSES, size=3, plane=odd)],
    "u": [
        lambda odd: HOUSES.plane.points(odd, 1.0),
        lambda odd: losses.heights(HOUSES, HOUSES.plane, odd, 1),
    ],
    "x": [lambda odd: HOUSES.predict(HOUSES.start, odd), lambda odd: losses.Dataset(**{**OWN, "x": odd})],
    "y": [lambda odd: losses.Dataset(**{**OWN, "y": odd})],
    "name": [lambda odd: losses.Dataset(**{**OWN, "name": odd})],
    "target_name": [lambda odd: losses.Dataset(**{**OWN, "target_name": odd})],
    "classes": [lambda odd: losses.Dataset(**{**OWN, "classes": odd})],
    "input_names": [lambda odd: losses.Dataset(**{**OWN, "input_names": odd})],
}
"""Arguments by name, with calls for which some of the odd values are valid."""


def is_valid(argument, odd):
    """Whether the odd value is a valid text for the argument."""
    return isinstance(odd, str) and (
        argument in ("classes", "input_names") or (argument == "key" and odd != "")
    )


def error_message(call, odd):
    """Return the message of the error that the call raises; empty if it raises none."""
    try:
        call(odd)
    except (ValueError, TypeError, KeyError) as error:
        return str(error)
    return ""


@pytest.mark.parametrize("argument", REJECTED_ALWAYS)
@pytest.mark.filterwarnings("ignore::RuntimeWarning")
def test_every_odd_value_is_rejected_with_the_name_of_the_argument(argument):
    for call, odd in product(REJECTED_ALWAYS[argument], ODD_VALUES):
        assert is_valid(argument, odd) or error_message(call, odd).startswith(f"{argument} must "), repr(odd)


@pytest.mark.parametrize("argument", REJECTED_SOMETIMES)
@pytest.mark.filterwarnings("ignore::RuntimeWarning")
def test_rejected_odd_values_are_reported_with_the_name_of_the_argument(argument):
    prefixes = f"{argument} must ", f"{argument}s must ", "all runs of", "batch axes must", "At position"
    for call, odd in product(REJECTED_SOMETIMES[argument], ODD_VALUES):
        text = error_message(call, odd)
        assert not text or text.startswith(prefixes), repr(odd)


def test_names_may_be_given_in_an_array():
    data = losses.Dataset(**OWN, classes=np.array(["no", "yes"]), input_names=np.array(["age"]))
    assert (data.classes, data.input_names) == (("no", "yes"), ("age",))


def test_run_of_a_batch_needs_an_index_for_each_batch_axis():
    batch = losses.descend_many(HOUSES, rates=[[0.1], [0.2]], steps=2)
    for index in ((), (1,), (0, 0, 0)):
        with pytest.raises(IndexError, match="run takes 2 positions, one for each batch axis; not"):
            batch.run(*index)


class CustomProblem(losses.Problem):
    """(x − 1)² + (y + 2)² + z^power, where the power is 2 or 4."""

    key, name = "own", "a bowl of our own"
    parameters = labels = ("x", "y", "z")
    convex = smooth = True
    minimizer = np.array([1.0, -2.0, 0.0])

    def __init__(self, power):
        self.power, self.quadratic = np.array([2, 2, power]), power == 2

    plane = coordinate_plane(np.zeros(3), ((-3.0, 3.0), (-4.0, 4.0)), ("x", "y", "z"))
    reach = np.array([3.0, 4.0, 1.0])
    start = np.array([2.0, 1.0, 0.5])

    def value(self, theta):
        return ((theta - self.minimizer) ** self.power).sum(axis=-1)

    def gradient(self, theta):
        return self.power * (theta - self.minimizer) ** (self.power - 1)

    def hessian(self, theta):
        curvature = self.power * (self.power - 1) * (theta - self.minimizer) ** (self.power - 2)
        return curvature[..., None] * np.eye(3)


def test_a_custom_problem_can_be_certified_and_descended():
    quadratic, quartic = CustomProblem(2), CustomProblem(4)
    certificate = losses.certify(quadratic)
    assert certificate.optimum == pytest.approx(quadratic.minimizer, abs=1e-9)
    assert (certificate.scope, certificate.unique) == ("exact", True)
    assert certificate.critical_rate == pytest.approx(1.0)
    assert losses.descend(quadratic, rate=0.3, steps=60).outcome.name == "CONVERGED"
    assert losses.descend(quadratic, rate=1.1, steps=60).outcome.name == "DIVERGED"
    assert losses.certify(quartic).unique is not losses.YES
    assert losses.descend(quartic, rate=0.3, steps=3).outcome.name == "RUNNING"
    nonsmooth = CustomProblem(2)
    nonsmooth.smooth = nonsmooth.quadratic = False
    assert losses.certify(nonsmooth).optimum is None
