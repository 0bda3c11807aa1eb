"""Certificates: what can be known of a problem, and how surely."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any, Final
from weakref import WeakKeyDictionary

import numpy as np

from losses.certificate.certificate import (
    MAX_PARAMETERS,
    SCOPE_EXACT,
    SCOPE_LOCAL,
    SCOPE_NONE,
    SCOPE_START,
    Certificate,
    certificate_at,
    certificate_without_optimum,
    unknown_certificate,
)
from losses.certificate.classification import certify_classification
from losses.certificate.local_minimum import MAX_MULTISTART_PARAMETERS, certify_local, shift_free_basis
from losses.certificate.newton import newton, parameter_scales
from losses.certificate.nonsmooth.convex import certify_nonsmooth_convex
from losses.certificate.nonsmooth.interior_point import minimize_interior_point
from losses.certificate.nonsmooth.nonconvex import nonsmooth_local_minimum
from losses.certificate.nonsmooth.piecewise_linear import PiecewiseLinearTerms
from losses.certificate.sharpness import sharpness
from losses.core.arrays import Array, as_point, check_type, frozen
from losses.core.least_squares import least_squares
from losses.loss.base import REGRESSION
from losses.loss.regression import ABSOLUTE_ERROR
from losses.problem.benchmark_functions import TestFunction
from losses.problem.problem import DataProblem, Problem
from losses.problem.standardized_coordinates import StandardizedProblem

GRADIENT_TOLERANCE: Final = 1e-9

_certificates: WeakKeyDictionary[Problem, Certificate] = WeakKeyDictionary()


def certify(problem: Problem, start: Any = None) -> Certificate:
    """What is known of ``problem``; computed once for each, and kept as long as it is.

    With a ``start (d,)`` it is what Newton's method finds from there alone, in
    a smooth problem: an optimum that is proved as any other, or nothing.
    Raises ValueError for what is not d finite numbers, or a problem with kinks.
    """
    check_type(problem, Problem, "problem")
    if start is not None:
        return _certify_from_start(problem, as_point(start, problem.dim, "start"))
    found = _certificates.get(problem)
    if found is None:
        found = _certificates[problem] = _certify(problem)
    return found


def _certify_from_start(problem: Problem, start: Array) -> Certificate:
    if not problem.smooth:
        raise ValueError(f"a start needs curvature to go by, which {problem.name} lacks")
    with np.errstate(over="ignore", invalid="ignore"):
        best = newton(problem, start, parameter_scales(problem))
    return (
        unknown_certificate()
        if best is None
        else certificate_at(problem, best, SCOPE_EXACT if problem.quadratic else SCOPE_LOCAL)
    )


def _certify(problem: Problem) -> Certificate:
    if isinstance(problem, TestFunction):
        return _certify_test_function(problem)
    if not isinstance(problem, DataProblem):
        return certify_local(problem) if problem.smooth else unknown_certificate()
    if problem.quadratic:
        return certificate_at(problem, _quadratic_minimizer(problem), SCOPE_EXACT)
    known, apart = certify_classification(problem)
    if known is not None:
        return _add_start_curvature(problem, known)
    if not problem.smooth:
        return _certify_nonsmooth(problem)
    if problem.convex and problem.model.linear:
        surely = apart.exists is False and problem.loss.attains_minimum
        return _certify_convex(problem, surely)
    return certify_local(problem)


def _certify_test_function(problem: TestFunction) -> Certificate:
    if not problem.bounded:
        return Certificate(None, None, exists=False, unique=False, scope=SCOPE_NONE)
    near = min(problem.minima, key=lambda m: float(np.square(problem.start - m).sum()))
    found = certificate_at(problem, np.array(near), SCOPE_EXACT if problem.quadratic else SCOPE_LOCAL)
    return replace(found, loss=problem.lowest, lowest=True)  # computed at a rounded minimizer it is rounding


def _certify_nonsmooth(problem: DataProblem) -> Certificate:
    if problem.convex:
        return certify_nonsmooth_convex(problem)
    if problem.dim > MAX_MULTISTART_PARAMETERS or problem.loss.counts_mistakes:
        return unknown_certificate()
    best = nonsmooth_local_minimum(problem)
    if best is None:
        return unknown_certificate()
    return Certificate(frozen(best), float(problem.value(best)), exists=True, unique=False, scope=SCOPE_NONE)


def _add_start_curvature(problem: DataProblem, known: Certificate) -> Certificate:
    """The same with the curvature at the start, where the loss has one and nothing better is known."""
    if known.scope != SCOPE_NONE or not problem.smooth or (top := sharpness(problem)) is None:
        return known
    return replace(known, scope=SCOPE_START, lipschitz=top, critical_rate=2.0 / top)


def _quadratic_minimizer(problem: DataProblem) -> Array:
    """Least squares by QR; with a penalty the one Newton step that a quadratic needs."""
    if not problem.l2:
        return least_squares(problem.x, problem.y)
    frame = StandardizedProblem.from_problem(problem)
    phi = np.zeros(problem.dim)
    for _ in range(2):
        phi = phi - np.linalg.solve(frame.hessian(phi), frame.gradient(phi))
    return np.asarray(frame.matrix @ phi)


def _certify_convex(problem: DataProblem, minimum_exists: bool) -> Certificate:
    """A strict minimum of a convex problem, or a flat one where it is sure that there is one."""
    if problem.dim <= MAX_PARAMETERS:
        frame, unit = StandardizedProblem.from_problem(problem), np.ones(problem.dim)
        for start in _start_points(problem):
            with np.errstate(over="ignore", invalid="ignore"):
                best = newton(frame, frame.to_local(start), unit, allow_flat=minimum_exists)
            if best is not None and _is_stationary(frame, best):
                return certificate_at(
                    problem, np.asarray(frame.matrix @ best), SCOPE_LOCAL, shift_free_basis(problem)
                )
    return certificate_without_optimum(problem, True if minimum_exists else None)


def _is_stationary(frame: StandardizedProblem, phi: Array) -> bool:
    """Whether the gradient is next to nothing beside what it is a sum of, or what rounding scores makes of it."""
    most = np.maximum(frame.gradient_magnitude(phi), frame.gradient_magnitude(np.zeros_like(phi)))
    rounding = np.abs(frame.hessian(phi)) @ np.abs(phi)
    return bool((np.abs(frame.gradient(phi)) <= GRADIENT_TOLERANCE * most + 4e-15 * rounding).all())


def _start_points(problem: DataProblem) -> Iterator[Array]:
    """Where a convex problem's lowest place may be near: of a regression the lines of other losses."""
    if problem.data.task != REGRESSION:
        yield np.zeros(problem.dim)
        return
    yield least_squares(problem.x, problem.y)
    scaled = problem.scaling is not None
    absolute = PiecewiseLinearTerms.from_problem(
        DataProblem(problem.data, problem.model, ABSOLUTE_ERROR, standardize=scaled)
    )
    found = minimize_interior_point(absolute) if absolute else None
    if found is not None:
        yield found[0]
