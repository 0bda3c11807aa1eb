"""Define classic test functions of optimization: two parameters, no data, known minima."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import ClassVar, Final

import numpy as np
from numpy.typing import ArrayLike

from losses.core.arrays import Array, as_points, frozen
from losses.core.messages import message
from losses.core.records import CatalogueEntry
from losses.core.registry import Registry, UnknownKey
from losses.expression.autodiff import evaluate
from losses.expression.parser import parse_formula
from losses.model.base import Role, separate_roles
from losses.problem.plane import Box, Plane, coordinate_plane
from losses.problem.problem import Problem

SecondDerivatives = tuple[Array, Array, Array]
"""The derivatives ∂²f/∂x², ∂²f/∂x∂y and ∂²f/∂y²."""


@dataclass(frozen=True, eq=False, repr=False)
class TestFunction(Problem, CatalogueEntry):
    """A problem without data: a function of two parameters x and y."""

    __test__ = False
    """Not a test case, whatever pytest makes of the name."""

    concept: ClassVar[str] = "test function"

    key: str
    name: str
    formula: str
    """The function as it is shown."""
    expression: str
    """The function in the language of ``losses.expression``."""
    box: Box
    """The window of its plane."""
    start_point: tuple[float, float]
    """The default start of a descent."""
    f: Callable[[Array, Array], Array] = field(repr=False)
    """The function of arrays x and y."""
    df: Callable[[Array, Array], tuple[Array, Array]] = field(repr=False)
    """Its derivatives ∂f/∂x and ∂f/∂y."""
    ddf: Callable[[Array, Array], SecondDerivatives] = field(repr=False)
    """Its second derivatives."""
    minima: tuple[tuple[float, float], ...] = ()
    """The known global minimizers."""
    lowest: float = 0.0
    """The value at every one of ``minima``."""
    quadratic: bool = False
    convex: bool = False
    smooth: bool = True
    bounded: bool = True
    """Whether the function is bounded below."""
    when: str = ""
    """A sentence for students on what the function shows."""
    parameters: tuple[str, ...] = ("x", "y")
    labels: tuple[str, ...] = ("x", "y")
    roles: tuple[Role, ...] = separate_roles(2)

    @property
    def plane(self) -> Plane:
        return coordinate_plane(np.zeros(2), self.box, self.labels)

    @property
    def reach(self) -> Array:
        return np.array([0.5 * (high - low) for low, high in self.box])

    @property
    def start(self) -> Array:
        return frozen(self.start_point)

    @np.errstate(all="ignore")
    def value(self, theta: ArrayLike) -> Array:
        point = as_points(theta, 2)
        value = np.asarray(self.f(point[..., 0], point[..., 1]))
        if not np.isfinite(value).all():  # perhaps a difference of terms that are infinite in float64 only
            node = parse_formula(self.expression, self.parameters)
            again = evaluate(node, {"x": point[..., 0], "y": point[..., 1]})
            value = np.where(np.isfinite(value) | np.isnan(again), value, again)
        return value

    @np.errstate(all="ignore")
    def gradient(self, theta: ArrayLike) -> Array:
        point = as_points(theta, 2)
        columns = np.empty((2, *point.shape[:-1]))
        columns[0], columns[1] = self.df(point[..., 0], point[..., 1])
        return columns.transpose(*range(1, columns.ndim), 0)

    @np.errstate(all="ignore")
    def hessian(self, theta: ArrayLike) -> Array:
        point = as_points(theta, 2)
        columns = np.empty((2, 2, *point.shape[:-1]))
        columns[0, 0], columns[0, 1], columns[1, 1] = self.ddf(point[..., 0], point[..., 1])
        columns[1, 0] = columns[0, 1]
        return columns.transpose(*range(2, columns.ndim), 0, 1)


def _rosenbrock_hessian(x: Array, y: Array) -> SecondDerivatives:
    return 1200.0 * x**2 - 400.0 * y + 2.0, -400.0 * x, 200.0 + 0.0 * y


def _beale_residuals(x: Array, y: Array) -> tuple[tuple[Array, Array, Array], ...]:
    """Return for n = 1, 2, 3 the residual c − x + x yⁿ and its derivatives −1 + yⁿ and x n yⁿ⁻¹."""
    powers = 1.0 + 0.0 * y, y, y * y, y * y * y  # ``**`` takes ten times as long
    return tuple(
        (c - x + x * powers[n], powers[n] - 1.0 + 0.0 * x, x * n * powers[n - 1])
        for n, c in ((1, 1.5), (2, 2.25), (3, 2.625))
    )


def _beale(x: Array, y: Array) -> Array:
    first, second, third = y - 1.0, y * y - 1.0, y * y * y - 1.0
    return np.square(1.5 + x * first) + np.square(2.25 + x * second) + np.square(2.625 + x * third)


def _beale_gradient(x: Array, y: Array) -> tuple[Array, Array]:
    residuals = _beale_residuals(x, y)
    return sum(2 * r * rx for r, rx, _ in residuals), sum(2 * r * ry for r, _, ry in residuals)  # type: ignore[return-value]


def _beale_hessian(x: Array, y: Array) -> SecondDerivatives:
    xx = xy = yy = 0.0 * x * y
    for n, (r, rx, ry) in enumerate(_beale_residuals(x, y), start=1):
        xx = xx + 2 * rx * rx
        xy = xy + 2 * (rx * ry + r * n * y ** (n - 1))
        yy = yy + 2 * (ry * ry + r * x * n * (n - 1) * y ** max(n - 2, 0))
    return xx, xy, yy


TAU: Final = 2.0 * np.pi


def _turn(x: Array) -> Array:
    """Return the angle 2πx less whole turns, which keeps its digits at large x."""
    return np.asarray(TAU * (x - np.rint(x)))


TEST_FUNCTIONS: Final[Registry[TestFunction]] = Registry(
    "test function",
    (
        TestFunction(
            key="bowl",
            name=message("a round bowl"),
            formula="x² + y²",
            expression="x**2 + y**2",
            box=((-3.0, 3.0), (-3.0, 3.0)),
            start_point=(-2.2, 1.6),
            f=lambda x, y: x**2 + y**2,
            df=lambda x, y: (2 * x, 2 * y),
            ddf=lambda x, y: (2.0 + 0 * x, 0 * x, 2.0 + 0 * y),
            minima=((0.0, 0.0),),
            quadratic=True,
            convex=True,
            when=message("Every step points straight at the minimum."),
        ),
        TestFunction(
            key="ravine",
            name=message("a ravine"),
            formula="½ (x² + 50 y²)",
            expression="0.5*(x**2 + 50*y**2)",
            box=((-3.0, 3.0), (-1.5, 1.5)),
            start_point=(-2.5, 1.0),
            f=lambda x, y: 0.5 * (x**2 + 50 * y**2),
            df=lambda x, y: (x, 50 * y),
            ddf=lambda x, y: (1.0 + 0 * x, 0 * x, 50.0 + 0 * y),
            minima=((0.0, 0.0),),
            quadratic=True,
            convex=True,
            when=message(
                "Fifty times steeper across than along. Gradient descent zigzags for long; momentum gets "
                "through sooner."
            ),
        ),
        TestFunction(
            key="saddle",
            name=message("a saddle"),
            formula="x² − y²",
            expression="x**2 - y**2",
            box=((-2.0, 2.0), (-2.0, 2.0)),
            start_point=(-1.5, 0.001),
            f=lambda x, y: x**2 - y**2,
            df=lambda x, y: (2 * x, -2 * y),
            ddf=lambda x, y: (2.0 + 0 * x, 0 * x, -2.0 + 0 * y),
            quadratic=True,
            bounded=False,
            when=message("Flat is not low: down one way, up the other, and no minimum at all."),
        ),
        TestFunction(
            key="monkey_saddle",
            name=message("a monkey saddle"),
            formula="x³ − 3 x y²",
            expression="x**3 - 3*x*y**2",
            box=((-1.5, 1.5), (-1.5, 1.5)),
            start_point=(1.2, 0.05),
            f=lambda x, y: x**3 - 3 * x * y**2,
            df=lambda x, y: (3 * x**2 - 3 * y**2, -6 * x * y),
            ddf=lambda x, y: (6 * x, -6 * y, -6 * x),
            bounded=False,
            when=message(
                "Three ways down, one of them for the tail: even the curvature vanishes in the middle."
            ),
        ),
        TestFunction(
            key="rosenbrock",
            name=message("Rosenbrock's banana"),
            formula="(1 − x)² + 100 (y − x²)²",
            expression="(1 - x)**2 + 100*(y - x**2)**2",
            box=((-2.0, 2.0), (-1.0, 3.0)),
            start_point=(-1.2, 1.0),
            f=lambda x, y: (1 - x) ** 2 + 100 * (y - x**2) ** 2,
            df=lambda x, y: (-2 * (1 - x) - 400 * x * (y - x**2), 200 * (y - x**2)),
            ddf=_rosenbrock_hessian,
            minima=((1.0, 1.0),),
            when=message("A bent valley: easy to find, hard to follow (Rosenbrock 1960)."),
        ),
        TestFunction(
            key="himmelblau",
            name=message("Himmelblau's function"),
            formula="(x² + y − 11)² + (x + y² − 7)²",
            expression="(x**2 + y - 11)**2 + (x + y**2 - 7)**2",
            box=((-6.0, 6.0), (-6.0, 6.0)),
            start_point=(-0.5, -1.0),
            f=lambda x, y: (x**2 + y - 11) ** 2 + (x + y**2 - 7) ** 2,
            df=lambda x, y: (
                4 * x * (x**2 + y - 11) + 2 * (x + y**2 - 7),
                2 * (x**2 + y - 11) + 4 * y * (x + y**2 - 7),
            ),
            ddf=lambda x, y: (12 * x**2 + 4 * y - 42, 4 * x + 4 * y, 12 * y**2 + 4 * x - 26),
            minima=(
                (3.0, 2.0),
                (-2.805118086952745, 3.131312518250573),
                (-3.779310253377747, -3.283185991286170),
                (3.584428340330492, -1.848126526964404),
            ),
            when=message("Four valleys: the start decides which one is found (Himmelblau 1972)."),
        ),
        TestFunction(
            key="beale",
            name=message("Beale's function"),
            formula="(1.5 − x + x y)² + (2.25 − x + x y²)² + (2.625 − x + x y³)²",
            expression="(1.5 - x + x*y)**2 + (2.25 - x + x*y**2)**2 + (2.625 - x + x*y**3)**2",
            box=((-4.5, 4.5), (-4.5, 4.5)),
            start_point=(1.0, 1.5),
            f=_beale,
            df=_beale_gradient,
            ddf=_beale_hessian,
            minima=((3.0, 0.5),),
            when=message("Plains between cliffs: no one rate suits both (Beale 1958)."),
        ),
        TestFunction(
            key="rastrigin",
            name=message("Rastrigin's egg box"),
            formula="20 + x² − 10 cos 2πx + y² − 10 cos 2πy",
            expression="20 + x**2 - 10*cos(2*pi*x) + y**2 - 10*cos(2*pi*y)",
            box=((-3.0, 3.0), (-3.0, 3.0)),
            start_point=(2.3, 1.6),
            f=lambda x, y: 20 + x**2 - 10 * np.cos(_turn(x)) + y**2 - 10 * np.cos(_turn(y)),
            df=lambda x, y: (2 * x + 10 * TAU * np.sin(_turn(x)), 2 * y + 10 * TAU * np.sin(_turn(y))),
            ddf=lambda x, y: (
                2 + 10 * TAU**2 * np.cos(_turn(x)),
                0 * x,
                2 + 10 * TAU**2 * np.cos(_turn(y)),
            ),
            minima=((0.0, 0.0),),
            when=message("A pit in every box and only one deepest (Rastrigin 1974)."),
        ),
    ),
)


def test_function(key: str) -> TestFunction:
    """Return the test function of a key; raises ``UnknownKey``, which lists those that exist."""
    if key not in TEST_FUNCTIONS:  # a lookup refuses an unhashable key with TypeError
        raise UnknownKey(TEST_FUNCTIONS.concept, key, tuple(TEST_FUNCTIONS))
    return TEST_FUNCTIONS[key]


# Keep pytest from collecting the function as a test.
test_function.__test__ = False  # type: ignore[attr-defined]
