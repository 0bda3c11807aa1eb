"""Certificates: what can be known of a problem, and how surely."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any, Final
from weakref import WeakKeyDictionary

import numpy as np

from losses.certificate.certificate import (
    EXACT,
    LOCAL,
    MOST_PARAMETERS,
    NOTHING,
    START,
    Certificate,
    at,
    unknown,
    without_optimum,
)
from losses.certificate.classification import of_classes
from losses.certificate.local_minimum import MOST_SEARCHED, local, still
from losses.certificate.newton import newton, window_units
from losses.certificate.nonsmooth.convex import kinked
from losses.certificate.nonsmooth.interior_point import lowest
from losses.certificate.nonsmooth.nonconvex import bent_minimum
from losses.certificate.nonsmooth.piecewise_linear import Kinks
from losses.certificate.sharpness import sharpness
from losses.core.arrays import Array, frozen, of_kind, point
from losses.core.least_squares import least_squares
from losses.loss.base import REGRESSION
from losses.loss.regression import ABSOLUTE_ERROR
from losses.problem.benchmark_functions import TestFunction
from losses.problem.problem import DataProblem, Problem
from losses.problem.standardized_coordinates import Frame

BALANCE: Final = 1e-9

_known: WeakKeyDictionary[Problem, Certificate] = WeakKeyDictionary()


def certify(problem: Problem, start: Any = None) -> Certificate:
    """What is known of ``problem``; computed once for each, and kept as long as it is.

    With a ``start (d,)`` it is what Newton's method finds from there alone, in
    a smooth problem: an optimum that is proved as any other, or nothing.
    Raises ValueError for what is not d finite numbers, or a problem with kinks.
    """
    of_kind(problem, Problem, "problem")
    if start is not None:
        return _from(problem, point(start, problem.dim, "start"))
    found = _known.get(problem)
    if found is None:
        found = _known[problem] = _certified(problem)
    return found


def _from(problem: Problem, start: Array) -> Certificate:
    if not problem.smooth:
        raise ValueError(f"a start needs curvature to go by, which {problem.name} lacks")
    with np.errstate(over="ignore", invalid="ignore"):
        best = newton(problem, start, window_units(problem))
    return unknown() if best is None else at(problem, best, EXACT if problem.quadratic else LOCAL)


def _certified(problem: Problem) -> Certificate:
    if isinstance(problem, TestFunction):
        return _of_function(problem)
    if not isinstance(problem, DataProblem):
        return local(problem) if problem.smooth else unknown()
    if problem.quadratic:
        return at(problem, _lowest_of_bowl(problem), EXACT)
    known, apart = of_classes(problem)
    if known is not None:
        return _with_start(problem, known)
    if not problem.smooth:
        return _with_kinks(problem)
    if problem.convex and problem.model.linear:
        surely = apart.any is False and problem.loss.attains_minimum
        return _lowest_of_convex(problem, surely)
    return local(problem)


def _of_function(problem: TestFunction) -> Certificate:
    if not problem.bounded:
        return Certificate(None, None, exists=False, unique=False, scope=NOTHING)
    near = min(problem.minima, key=lambda m: float(np.square(problem.start - m).sum()))
    found = at(problem, np.array(near), EXACT if problem.quadratic else LOCAL)
    return replace(found, loss=problem.lowest, lowest=True)  # computed at a rounded minimizer it is rounding


def _with_kinks(problem: DataProblem) -> Certificate:
    if problem.convex:
        return kinked(problem)
    if problem.dim > MOST_SEARCHED or problem.loss.counts_mistakes:
        return unknown()
    best = bent_minimum(problem)
    if best is None:
        return unknown()
    return Certificate(frozen(best), float(problem.value(best)), exists=True, unique=False, scope=NOTHING)


def _with_start(problem: DataProblem, known: Certificate) -> Certificate:
    """The same with the curvature at the start, where the loss has one and nothing better is known."""
    if known.scope != NOTHING or not problem.smooth or (top := sharpness(problem)) is None:
        return known
    return replace(known, scope=START, lipschitz=top, critical_rate=2.0 / top)


def _lowest_of_bowl(problem: DataProblem) -> Array:
    """Least squares by QR; with a penalty the one Newton step that a quadratic needs."""
    if not problem.l2:
        return least_squares(problem.x, problem.y)
    frame = Frame.of(problem)
    phi = np.zeros(problem.dim)
    for _ in range(2):
        phi = phi - np.linalg.solve(frame.hessian(phi), frame.gradient(phi))
    return np.asarray(frame.matrix @ phi)


def _lowest_of_convex(problem: DataProblem, surely: bool) -> Certificate:
    """A strict minimum of a convex problem, or a flat one where it is sure that there is one."""
    if problem.dim <= MOST_PARAMETERS:
        frame, unit = Frame.of(problem), np.ones(problem.dim)
        for start in _near(problem):
            with np.errstate(over="ignore", invalid="ignore"):
                best = newton(frame, frame.within(start), unit, flat=surely)
            if best is not None and _balanced(frame, best):
                return at(problem, np.asarray(frame.matrix @ best), LOCAL, still(problem))
    return without_optimum(problem, True if surely else None)


def _balanced(frame: Frame, phi: Array) -> bool:
    """Whether the gradient is next to nothing beside what it is a sum of, or what rounding scores makes of it."""
    most = np.maximum(frame.pulls(phi), frame.pulls(np.zeros_like(phi)))
    rounding = np.abs(frame.hessian(phi)) @ np.abs(phi)
    return bool((np.abs(frame.gradient(phi)) <= BALANCE * most + 4e-15 * rounding).all())


def _near(problem: DataProblem) -> Iterator[Array]:
    """Where a convex problem's lowest place may be near: of a regression the lines of other losses."""
    if problem.data.task != REGRESSION:
        yield np.zeros(problem.dim)
        return
    yield least_squares(problem.x, problem.y)
    scaled = problem.scaling is not None
    absolute = Kinks.of(DataProblem(problem.data, problem.model, ABSOLUTE_ERROR, standardize=scaled))
    found = lowest(absolute) if absolute else None
    if found is not None:
        yield found[0]
