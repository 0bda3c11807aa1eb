"""Certify problems: choose the proof that a problem's model, loss and penalty allow."""

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
from losses.core.ternary import NO, UNKNOWN, YES
from losses.loss.base import REGRESSION
from losses.loss.regression import ABSOLUTE_ERROR
from losses.problem.benchmark_functions import TestFunction
from losses.problem.problem import DataProblem, Problem
from losses.problem.standardized_coordinates import StandardizedProblem

GRADIENT_TOLERANCE: Final = 1e-9
"""Largest gradient of a proved minimum, relative to the terms that it is a sum of."""

_certificates: WeakKeyDictionary[Problem, Certificate] = WeakKeyDictionary()


def certify(problem: Problem, start: Any = None) -> Certificate:
    """Return the certificate of a problem; it is cached as long as the problem exists.

    With a ``start (d,)`` it is that of the optimum that Newton's method finds from there, or an unknown one.
    Raises ValueError if the start is not d finite numbers, or if the problem has kinks.
    """
    check_type(problem, Problem, "problem")
    if start is not None:
        return _certify_from_start(problem, as_point(start, problem.dim, "start"))
    certificate = _certificates.get(problem)
    if certificate is None:
        certificate = _certificates[problem] = _certify(problem)
    return certificate


def _certify_from_start(problem: Problem, start: Array) -> Certificate:
    if not problem.smooth:
        raise ValueError(f"a start needs curvature to go by, which {problem.name} lacks")
    with np.errstate(over="ignore", invalid="ignore"):
        optimum = newton(problem, start, parameter_scales(problem))
    if optimum is None:
        return unknown_certificate()
    return certificate_at(problem, optimum, SCOPE_EXACT if problem.quadratic else SCOPE_LOCAL)


def _certify(problem: Problem) -> Certificate:
    if isinstance(problem, TestFunction):
        return _certify_test_function(problem)
    if not isinstance(problem, DataProblem):
        return certify_local(problem) if problem.smooth else unknown_certificate()
    if problem.quadratic:
        return certificate_at(problem, _quadratic_minimizer(problem), SCOPE_EXACT)
    certificate, separation = certify_classification(problem)
    if certificate is not None:
        return _add_start_curvature(problem, certificate)
    if not problem.smooth:
        return _certify_nonsmooth(problem)
    if problem.convex and problem.model.linear:
        minimum_exists = separation.exists is NO and problem.loss.attains_minimum
        return _certify_convex(problem, minimum_exists)
    return certify_local(problem)


def _certify_test_function(problem: TestFunction) -> Certificate:
    """Return the certificate of the known minimum nearest to the start, or that there is none."""
    if not problem.bounded:
        return Certificate(None, None, exists=NO, unique=NO, scope=SCOPE_NONE)
    nearest = min(problem.minima, key=lambda m: float(np.square(problem.start - m).sum()))
    certificate = certificate_at(
        problem, np.array(nearest), SCOPE_EXACT if problem.quadratic else SCOPE_LOCAL
    )
    # The value computed at the minimizer, whose coordinates are rounded, is a rounding error.
    return replace(certificate, loss=problem.lowest, lowest=YES)


def _certify_nonsmooth(problem: DataProblem) -> Certificate:
    if problem.convex:
        return certify_nonsmooth_convex(problem)
    if problem.dim > MAX_MULTISTART_PARAMETERS or problem.loss.counts_mistakes:
        return unknown_certificate()
    optimum = nonsmooth_local_minimum(problem)
    if optimum is None:
        return unknown_certificate()
    loss = float(problem.value(optimum))
    return Certificate(frozen(optimum), loss, exists=YES, unique=UNKNOWN, scope=SCOPE_NONE)


def _add_start_curvature(problem: DataProblem, certificate: Certificate) -> Certificate:
    """Add the curvature at the start to a certificate without curvature, if the problem is smooth."""
    if certificate.scope != SCOPE_NONE or not problem.smooth or (top := sharpness(problem)) is None:
        return certificate
    return replace(certificate, scope=SCOPE_START, lipschitz=top, critical_rate=2.0 / top)


def _quadratic_minimizer(problem: DataProblem) -> Array:
    """Return the minimizer ``(d,)``: least squares by QR, or with a penalty by Newton's method.

    One Newton step would do for a quadratic; the second corrects rounding errors.
    """
    if not problem.l2:
        return least_squares(problem.x, problem.y)
    standardized = StandardizedProblem.from_problem(problem)
    phi = np.zeros(standardized.dim)
    for _ in range(2):
        phi = phi - np.linalg.solve(standardized.hessian(phi), standardized.gradient(phi))
    return np.asarray(standardized.matrix @ phi)


def _certify_convex(problem: DataProblem, minimum_exists: bool) -> Certificate:
    """Return the certificate of a smooth convex problem of a linear model.

    If it is known that a minimum exists, any stationary point is one; otherwise only a point of positive
    curvature is accepted.
    """
    if problem.dim <= MAX_PARAMETERS:
        standardized = StandardizedProblem.from_problem(problem)
        unit = np.ones(standardized.dim)
        for start in _start_points(problem):
            with np.errstate(over="ignore", invalid="ignore"):
                phi = newton(standardized, standardized.to_local(start), unit, allow_flat=minimum_exists)
            if phi is not None and _is_stationary(standardized, phi):
                optimum = np.asarray(standardized.matrix @ phi)
                return certificate_at(problem, optimum, SCOPE_LOCAL, shift_free_basis(problem))
    return certificate_without_optimum(problem, YES if minimum_exists else UNKNOWN)


def _is_stationary(standardized: StandardizedProblem, phi: Array) -> bool:
    """Return whether the gradient is zero up to rounding errors, of its terms or of the scores."""
    magnitude_at_zero = standardized.gradient_magnitude(np.zeros_like(phi))
    magnitude = np.maximum(standardized.gradient_magnitude(phi), magnitude_at_zero)
    from_scores = np.abs(standardized.hessian(phi)) @ np.abs(phi)
    tolerance = GRADIENT_TOLERANCE * magnitude + 4e-15 * from_scores
    return bool((np.abs(standardized.gradient(phi)) <= tolerance).all())


def _start_points(problem: DataProblem) -> Iterator[Array]:
    """Yield starts near the minimum of a convex problem: for regressions the minimizers of other losses."""
    if problem.data.task != REGRESSION:
        yield np.zeros(problem.dim)
        return
    yield least_squares(problem.x, problem.y)
    is_standardized = problem.scaling is not None
    absolute = PiecewiseLinearTerms.from_problem(
        DataProblem(problem.data, problem.model, ABSOLUTE_ERROR, standardize=is_standardized)
    )
    robust = minimize_interior_point(absolute) if absolute else None
    if robust is not None:
        yield robust[0]
