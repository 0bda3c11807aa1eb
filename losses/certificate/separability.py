"""Separation: whether a direction exists that makes no example's margin smaller and some larger."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from losses.core.arrays import Array
from losses.core.least_squares import design_matrix
from losses.loss.base import MULTICLASS
from losses.problem.problem import DataProblem
from losses.problem.standardized_coordinates import StandardizedProblem

IndexArray = NDArray[np.intp]

MAX_NEWTON_STEPS: Final = 80
PROOF_INTERVAL: Final = 8
"""So often it is tried whether the iterates' way proves a separation."""
WEIGHT_TOLERANCE: Final = 1e-12
"""Rows whose weight is below this share of the largest are lost in rounding."""
MARGIN_TOLERANCE: Final = 1e-10
"""Margins and singular values below this share of the largest are rounding."""


@dataclass(frozen=True)
class Separation:
    """Whether some direction lowers no margin and raises one (``exists``), or raises ``complete``; None where it is not seen."""

    exists: bool | None
    complete: bool | None


def is_separable(problem: DataProblem) -> bool | None:
    """Whether the classes can be told apart, if only in part."""
    return classify_separation(problem).exists


def classify_separation(problem: DataProblem) -> Separation:
    """How the classes can be told apart by scores that are linear in theta.

    Where they can, cross-entropy has no minimizer (A. Albert and J. Anderson, On the
    existence of maximum likelihood estimates in logistic regression models,
    1984). Newton's iterates run off along such a direction (D. Soudry et al.,
    The implicit bias of gradient descent on separable data, 2018), which is
    accepted only when the margins prove it; or they converge, which proves
    that there is none.
    """
    if not problem.model.linear:
        return Separation(exists=False, complete=False)
    a, found = margin_matrix(problem), False
    while len(a):  # what one direction leaves as it is, another may raise
        left = _unseparated_rows(a)
        if left is None:
            return Separation(exists=found or None, complete=None)
        if len(left) == len(a):
            return Separation(exists=found, complete=False)
        a, found = a[left], True
    return Separation(exists=True, complete=True)


def _unseparated_rows(rows: Array) -> IndexArray | None:
    """The rows whose margins a direction that lowers none leaves as they are: all where there is no such direction."""
    a = rows
    _, sizes, ways = np.linalg.svd(a, full_matrices=False)
    a = a @ ways[sizes > MARGIN_TOLERANCE * sizes[0]].T  # no margin knows of any other direction
    theta = step = np.zeros(a.shape[1])
    for k in range(MAX_NEWTON_STEPS):
        z = a @ theta
        if (z > 0.0).all() or k % PROOF_INTERVAL == PROOF_INTERVAL - 1:
            for way in (theta, step):
                for margin in (z, np.abs(a @ way)):
                    if (left := _rows_on_boundary(a, margin, way)) is not None:
                        return left
        p = 1.0 / (1.0 + np.exp(np.clip(z, -700, 700)))
        gradient, weight = -(p @ a), p * (1.0 - p)
        hessian = (a.T * weight) @ a + 1e-13 * len(a) * np.eye(len(theta))
        step = np.linalg.lstsq(hessian, -gradient, rcond=1e-15)[0]
        if np.abs(step).max() < 1e-9 * (1.0 + np.abs(theta).max()):
            # What balances has no way out; of rows that are too faint to weigh in nothing is known.
            return np.arange(len(a)) if matrix_rank(a[p > WEIGHT_TOLERANCE * p.max()]) == a.shape[1] else None
        theta = theta + step * min(1.0, (5.0 + np.abs(theta).max()) / np.abs(step).max())
    return None


def _rows_on_boundary(a: Array, margins: Array, direction: Array) -> IndexArray | None:
    """The rows of smallest margin without which a way, less its part along them, raises all; None where there is no such.

    Rows in the order of their margins: as long as their rank stays, more of
    them cost nothing.
    """
    order, all_of_them = np.argsort(margins), matrix_rank(a)
    count = 0
    for r in range(all_of_them):
        low, high = count, len(a)
        while low < high:
            middle = (low + high + 1) // 2
            low, high = (middle, high) if matrix_rank(a[order[:middle]]) <= r else (low, middle - 1)
        count = low
        still = a[order[:count]]
        way = (
            direction
            if not count
            else direction - np.linalg.pinv(still, rcond=MARGIN_TOLERANCE) @ (still @ direction)
        )
        others = a[order[count:]] @ way
        if len(others) and others.min() > MARGIN_TOLERANCE * np.abs(a).max() * np.abs(direction).max():
            return order[:count]
    return None


def matrix_rank(a: Array) -> int:
    if not len(a):
        return 0
    sizes = np.linalg.svd(a, compute_uv=False)
    return int((sizes > MARGIN_TOLERANCE * sizes[0]).sum())


def margin_matrix(problem: DataProblem) -> Array:
    """Rows whose products with parameters are margins: signed scores, or the true class's less each other one's."""
    a = design_matrix(StandardizedProblem.from_problem(problem).x)
    if problem.data.task != MULTICLASS:
        return np.asarray(a * np.where(problem.y > 0.5, 1.0, -1.0)[:, None])
    eye = np.eye(len(problem.data.classes))
    apart = eye[problem.y.astype(int)][:, None, :] - eye[None, :, :]
    rows = np.einsum("nkc,ni->nkci", apart, a)
    return np.asarray(rows[apart.any(axis=-1)].reshape(-1, problem.dim))
