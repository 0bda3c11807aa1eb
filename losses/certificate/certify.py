"""Certify problems: choose the proof that a problem's model, loss and penalty allow."""

from dataclasses import replace
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import ArrayLike

from losses.certificate.certificate import (
    SCOPE_EXACT,
    SCOPE_LOCAL,
    SCOPE_NONE,
    SCOPE_START,
    Certificate,
    certificate_at,
    certificate_without_optimum,
    finite_ratio,
    unknown_certificate,
)
from losses.certificate.classification import certify_classification
from losses.certificate.existence import existence_of_minimum
from losses.certificate.floor import certify_at_floor, infimum_at_floor
from losses.certificate.local_minimum import MAX_MULTISTART_PARAMETERS, certify_local
from losses.certificate.newton import newton, parameter_scales
from losses.certificate.nonsmooth.convex import certify_nonsmooth_convex
from losses.certificate.nonsmooth.nonconvex import nonsmooth_local_minimum
from losses.certificate.sharpness import sharpness
from losses.certificate.smooth_convex import (
    LOSS_FLOOR,
    ROUNDING_TOLERANCE,
    certify_quadratic,
    certify_smooth_convex,
)
from losses.core.arrays import Array, as_point, check_type, frozen
from losses.core.ternary import NO, UNKNOWN, YES
from losses.loss.base import PREDICTION
from losses.problem.benchmark_functions import TestFunction
from losses.problem.problem import DataProblem, Problem
from losses.problem.standardized_coordinates import StandardizedProblem

_certificates: WeakKeyDictionary[Problem, Certificate] = WeakKeyDictionary()


@np.errstate(all="ignore")
def certify(problem: Problem, start: ArrayLike | None = None) -> Certificate:
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
    lowest = YES if problem.convex else UNKNOWN
    return certificate_at(problem, optimum, SCOPE_EXACT if problem.quadratic else SCOPE_LOCAL, lowest)


def _certify(problem: Problem) -> Certificate:
    if isinstance(problem, TestFunction):
        return _certify_test_function(problem)
    if not isinstance(problem, DataProblem):
        return certify_local(problem) if problem.smooth else unknown_certificate()
    if problem.quadratic:
        return certify_quadratic(problem)
    exists = existence_of_minimum(problem)
    if exists is NO:
        certificate = certificate_without_optimum(problem, NO, infimum_at_floor(problem))
        return _add_start_curvature(problem, certificate)
    certificate = _certify_data_problem(problem)
    if certificate.loss is not None and not np.isfinite(certificate.loss):
        return certificate_without_optimum(problem, exists)  # nothing is compared beyond all numbers
    if certificate.lowest is YES and _is_lost_to_rounding(problem, certificate):
        certificate = replace(certificate, lowest=UNKNOWN)
    # What is found decides; what is not found may exist all the same.
    return replace(certificate, exists=exists) if certificate.exists is UNKNOWN else certificate


def _certify_data_problem(problem: DataProblem) -> Certificate:
    certificate, separation = certify_classification(problem)
    if certificate is not None:
        return _add_start_curvature(problem, certificate)
    at_floor = certify_at_floor(problem)
    if at_floor is not None:
        return at_floor
    minimum_exists = separation.exists is NO and problem.loss.attains_minimum
    if not problem.smooth:
        return _certify_nonsmooth(problem, minimum_exists)
    if problem.convex and problem.model.linear:
        return certify_smooth_convex(problem, minimum_exists)
    return certify_local(problem)


def _is_lost_to_rounding(problem: DataProblem, certificate: Certificate) -> bool:
    """Return whether rounding the steps of a formula may change the loss at the optimum more than a little.

    Beside the loss of a constant prediction even a large share of the loss may be little.
    """
    rounding_error, optimum = problem.loss.rounding_error, certificate.optimum
    if rounding_error is None or optimum is None or certificate.loss is None:
        return False
    score = problem.score(optimum)
    prediction = problem.link.value(score) if problem.loss.space == PREDICTION else score
    error = float(rounding_error(prediction, problem.y).mean())
    frame = StandardizedProblem.from_problem(problem)
    return error > ROUNDING_TOLERANCE * abs(certificate.loss) + LOSS_FLOOR * abs(frame.constant_loss)


def _certify_test_function(problem: TestFunction) -> Certificate:
    """Return the certificate of the known minimum nearest to the start, or that there is none."""
    if not problem.bounded:
        return Certificate(None, None, exists=NO, unique=NO, scope=SCOPE_NONE)
    nearest = min(problem.minima, key=lambda m: float(np.square(problem.start - m).sum()))
    scope = SCOPE_EXACT if problem.quadratic else SCOPE_LOCAL
    certificate = certificate_at(problem, np.array(nearest), scope, YES)
    unique = YES if len(problem.minima) == 1 else NO
    # The value computed at the minimizer, whose coordinates are rounded, is a rounding error.
    return replace(certificate, loss=problem.lowest, unique=unique)


def _certify_nonsmooth(problem: DataProblem, minimum_exists: bool) -> Certificate:
    if problem.convex and problem.model.linear:
        return certify_nonsmooth_convex(problem, minimum_exists)
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
    return replace(certificate, scope=SCOPE_START, lipschitz=top, critical_rate=finite_ratio(2.0, top))
