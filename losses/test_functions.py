"""Test functions: classic landscapes without data, with their known minima."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np

from losses.arrays import Array, frozen, points
from losses.plane import Box, Plane, coordinate_plane
from losses.problem import Problem
from losses.registry import Registry


@dataclass(frozen=True, eq=False)
class TestFunction(Problem):
    """A function of two parameters; ``minima`` are its known global minimizers, all of value ``lowest``."""

    __test__ = False

    key: str
    name: str
    formula: str
    box: Box
    begin: tuple[float, float]
    f: Callable[[Array, Array], Array] = field(repr=False)
    df: Callable[[Array, Array], tuple[Array, Array]] = field(repr=False)
    ddf: Callable[[Array, Array], tuple[Array, Array, Array]] = field(repr=False)
    minima: tuple[tuple[float, float], ...] = ()
    lowest: float = 0.0
    quadratic: bool = False
    convex: bool = False
    smooth: bool = True
    when: str = ""
    parameters: tuple[str, ...] = ("x", "y")
    labels: tuple[str, ...] = ("x", "y")

    @property
    def plane(self) -> Plane:
        return coordinate_plane(np.zeros(2), self.box, self.labels)

    @property
    def start(self) -> Array:
        return frozen(self.begin)

    def value(self, theta: Any) -> Array:
        at = points(theta, 2)
        return self.f(at[..., 0], at[..., 1])

    def gradient(self, theta: Any) -> Array:
        at = points(theta, 2)
        return np.stack(np.broadcast_arrays(*self.df(at[..., 0], at[..., 1])), axis=-1)

    def hessian(self, theta: Any) -> Array:
        at = points(theta, 2)
        xx, xy, yy = np.broadcast_arrays(at[..., 0], *self.ddf(at[..., 0], at[..., 1]))[1:]
        return np.stack([np.stack([xx, xy], axis=-1), np.stack([xy, yy], axis=-1)], axis=-2)


TEST_FUNCTIONS: Final[Registry[TestFunction]] = Registry(
    "test function",
    (
        TestFunction(
            key="bowl",
            name="a round bowl",
            formula="x^2 + y^2",
            box=((-3.0, 3.0), (-3.0, 3.0)),
            begin=(-2.2, 1.6),
            f=lambda x, y: x**2 + y**2,
            df=lambda x, y: (2 * x, 2 * y),
            ddf=lambda x, y: (2.0 + 0 * x, 0 * x, 2.0 + 0 * y),
            minima=((0.0, 0.0),),
            quadratic=True,
            convex=True,
            when="Every step points straight at the minimum.",
        ),
        TestFunction(
            key="himmelblau",
            name="Himmelblau's function",
            formula="(x^2 + y - 11)^2 + (x + y^2 - 7)^2",
            box=((-6.0, 6.0), (-6.0, 6.0)),
            begin=(-0.5, -1.0),
            f=lambda x, y: (x**2 + y - 11) ** 2 + (x + y**2 - 7) ** 2,
            df=lambda x, y: (
                4 * x * (x**2 + y - 11) + 2 * (x + y**2 - 7),
                2 * (x**2 + y - 11) + 4 * y * (x + y**2 - 7),
            ),
            ddf=lambda x, y: (
                12 * x**2 + 4 * y - 42,
                4 * x + 4 * y,
                12 * y**2 + 4 * x - 26,
            ),
            minima=(
                (3.0, 2.0),
                (-2.805118086952745, 3.131312518250573),
                (-3.779310253377747, -3.283185991286170),
                (3.584428340330492, -1.848126526964404),
            ),
            when="Four valleys: the start decides which one is found.",
        ),
    ),
)


def test_function(key: str) -> TestFunction:
    """The test function of that name; ``UnknownKey`` lists those that exist."""
    return TEST_FUNCTIONS[key]


test_function.__test__ = False  # type: ignore[attr-defined]
