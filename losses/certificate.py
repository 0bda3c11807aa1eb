"""Certificates: what can be known of a problem, and how surely."""

from dataclasses import dataclass, replace
from typing import Final
from weakref import WeakKeyDictionary

import numpy as np

from losses.arrays import Array, frozen
from losses.loss import SCORE
from losses.newton import minimize
from losses.problem import DataProblem, Problem
from losses.test_functions import TestFunction
from losses.window import design, least_squares

EXACT: Final = "exact"
BOUND: Final = "bound"
LOCAL: Final = "local"
NOTHING: Final = "none"

MOST_PAIRS: Final = 20_000
MOST_PARAMETERS: Final = 64
"""Beyond this many no optimum is searched for."""
MOST_SEARCHED: Final = 8
"""Beyond this many a loss that is not convex has too many valleys to search."""
MARGIN_LOSSES: Final = ("bce", "exponential", "focal")
"""Losses of the margin that fall for ever: separable data leave them without a minimum."""


@dataclass(frozen=True, eq=False)
class Certificate:
    """The optimum of a problem and its curvature.

    ``lipschitz`` (L) bounds the largest Hessian eigenvalue and
    ``critical_rate`` is 2/L, the largest stable learning rate of gradient
    descent. ``strong_convexity`` (mu) is the smallest eigenvalue and
    ``condition`` the ratio, both at the optimum; ``best_rate`` is 2/(L + mu).
    ``scope`` says how L is known: ``exact`` on a quadratic, a ``bound`` that
    holds everywhere, ``local`` at the optimum only, ``none`` where the loss
    has kinks. What is not known is None; ``exists`` is False where it is
    proved that there is no minimum.
    """

    optimum: Array | None
    loss: float | None
    exists: bool | None
    unique: bool
    scope: str
    lipschitz: float | None = None
    strong_convexity: float | None = None
    condition: float | None = None
    critical_rate: float | None = None
    best_rate: float | None = None


_known: WeakKeyDictionary[Problem, Certificate] = WeakKeyDictionary()


def certify(problem: Problem) -> Certificate:
    """What is known of ``problem``; computed once for each, and kept as long as it is."""
    found = _known.get(problem)
    if found is None:
        found = _known[problem] = _certified(problem)
    return found


def _certified(problem: Problem) -> Certificate:
    if isinstance(problem, DataProblem):
        if problem.quadratic:
            return _at(problem, _lowest_of_bowl(problem), EXACT)
        if not problem.smooth:
            return _kinked(problem)
        if problem.loss.key in MARGIN_LOSSES and not problem.l2 and separable(problem):
            return _without_minimum(problem)
        if problem.dim > (MOST_PARAMETERS if problem.convex else MOST_SEARCHED):
            return _of_many(problem)
    if isinstance(problem, TestFunction):
        if not problem.bounded:
            return Certificate(None, None, exists=False, unique=False, scope=NOTHING)
        near = min(problem.minima, key=lambda m: float(np.square(problem.start - m).sum()))
        found = _at(problem, np.array(near), EXACT if problem.quadratic else LOCAL)
        return replace(found, loss=problem.lowest)  # what is computed at a rounded minimizer is rounding
    best = minimize(problem)
    if best is None:
        return Certificate(None, None, exists=None, unique=False, scope=NOTHING)
    return _at(problem, best, LOCAL)


def _lowest_of_bowl(problem: DataProblem) -> Array:
    """Least squares by QR; with a penalty the one Newton step that a quadratic needs."""
    best = least_squares(problem.x, problem.y)
    if not problem.l2:
        return best
    return best - np.linalg.solve(problem.hessian(best), problem.gradient(best))


def _at(problem: Problem, optimum: Array, scope: str) -> Certificate:
    """The certificate of a known optimum: curvature there, or a bound that holds everywhere."""
    eigenvalues = np.linalg.eigvalsh(problem.hessian(optimum))
    top, bottom = float(eigenvalues[-1]), float(eigenvalues[0])
    positive = bottom > 1e-12 * top
    everywhere = bound(problem)
    if scope == LOCAL and everywhere is not None:
        scope, largest = BOUND, everywhere
    else:
        largest = top
    best = 2.0 / (top + bottom) if positive else None
    return Certificate(
        optimum=frozen(optimum),
        loss=float(problem.value(optimum)),
        exists=True,
        unique=problem.convex and positive,
        scope=scope,
        lipschitz=largest,
        strong_convexity=bottom if positive else 0.0,
        condition=top / bottom if positive else None,
        critical_rate=2.0 / largest,
        best_rate=best if best is not None and best < 2.0 / largest else None,
    )


def bound(problem: Problem) -> float | None:
    """A bound of the largest Hessian eigenvalue that holds everywhere, if one is known.

    The greatest curvature of the loss in the score times the largest
    eigenvalue of the inputs' second moments; for cross-entropy a quarter of
    it (D. Böhning, Multinomial logistic regression algorithm, 1992).
    """
    if not isinstance(problem, DataProblem) or not problem.convex:
        return None
    greatest = problem.loss.greatest_curvature
    if (
        greatest is None
        or not problem.model.linear
        or (problem.loss.space != SCORE and problem.link.key != "identity")
    ):
        return None
    a = design(problem.x)
    return greatest * float(np.linalg.eigvalsh(a.T @ a / len(a))[-1]) + 2.0 * problem.l2


def _kinked(problem: DataProblem) -> Certificate:
    """A piecewise linear bowl in two parameters: some optimum lies where two examples have their kink.

    That is the fundamental theorem of linear programming; for absolute
    deviations it says that a best line passes through two of the points.
    """
    count = len(problem.y)
    bowl = problem.convex and problem.dim == 2 and not problem.l1 and not problem.l2
    if not bowl or not problem.loss.kinks or count * count > 2 * MOST_PAIRS:
        return Certificate(None, None, exists=None, unique=False, scope=NOTHING)
    kink = problem.loss.kinks[0]
    signs = np.where(problem.y > 0.5, 1.0, -1.0)
    scores = signs * kink if problem.loss.space == SCORE else problem.y + kink
    x = problem.x[:, 0]
    i, j = np.triu_indices(count, 1)
    i, j = i[x[i] != x[j]], j[x[i] != x[j]]
    slope = (scores[j] - scores[i]) / (x[j] - x[i])
    corners = np.stack([slope, scores[i] - slope * x[i]], axis=-1)
    costs = problem.value(corners)
    best = corners[np.argmin(costs)]
    ties = corners[costs <= costs.min() * (1 + 1e-12)]
    return Certificate(
        optimum=frozen(best),
        loss=float(costs.min()),
        exists=True,
        unique=bool(np.ptp(ties, axis=0).max() <= 1e-9 * (1 + np.abs(best).max())),
        scope=NOTHING,
    )


def separable(problem: DataProblem) -> bool:
    """For a score linear in theta, whether some direction lowers no example's margin: then cross-entropy has no minimizer.

    Newton's iterates on separable data run off along such a direction
    (D. Soudry et al., The implicit bias of gradient descent on separable
    data, 2018); it is accepted only when the margins prove it.
    """
    if not problem.model.linear:
        return False
    a = design(problem.x) * np.where(problem.y > 0.5, 1.0, -1.0)[:, None]
    scale = np.abs(a).max(axis=0)
    a = a / scale
    theta = np.zeros(a.shape[1])
    for _ in range(60):
        z = a @ theta
        p = 1.0 / (1.0 + np.exp(np.clip(z, -700, 700)))
        gradient, weight = -(p @ a), p * (1.0 - p)
        if (z > -1e-9 * np.abs(theta).max()).all() and theta.any():
            return True
        hessian = (a.T * weight) @ a + 1e-10 * weight.max() * np.eye(len(theta))
        step = np.linalg.solve(hessian, -gradient)
        if np.abs(step).max() < 1e-10 * (1.0 + np.abs(theta).max()):
            return False
        theta = theta + step * min(1.0, 5.0 / np.abs(step).max())
    return False


def _of_many(problem: DataProblem) -> Certificate:
    """Of a problem with many parameters only a bound of its curvature is known, if that."""
    largest = bound(problem)
    return Certificate(
        None,
        None,
        exists=None,
        unique=False,
        scope=BOUND if largest else NOTHING,
        lipschitz=largest,
        critical_rate=2.0 / largest if largest else None,
    )


def _without_minimum(problem: DataProblem) -> Certificate:
    largest = bound(problem)
    return Certificate(
        None,
        0.0,
        exists=False,
        unique=False,
        scope=BOUND,
        lipschitz=largest,
        critical_rate=2.0 / largest if largest else None,
    )
