"""Separation: whether a direction exists that makes no example's margin smaller and some larger."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from losses.core.arrays import Array
from losses.core.least_squares import design
from losses.loss.base import MULTICLASS
from losses.problem.problem import DataProblem
from losses.problem.standardized_coordinates import Frame

Rows = NDArray[np.intp]

STEPS: Final = 80
LOOK: Final = 8
"""So often it is tried whether the iterates' way proves a separation."""
FAINT: Final = 1e-12
"""Rows whose weight is below this share of the largest are lost in rounding."""
NOTHING: Final = 1e-10
"""Margins and singular values below this share of the largest are rounding."""


@dataclass(frozen=True)
class Separation:
    """Whether some direction lowers no margin and raises one (``any``), or raises ``all``; None where it is not seen."""

    any: bool | None
    all: bool | None


def separable(problem: DataProblem) -> bool | None:
    """Whether the classes can be told apart, if only in part."""
    return separation(problem).any


def separation(problem: DataProblem) -> Separation:
    """How the classes can be told apart by scores that are linear in theta.

    Where they can, cross-entropy has no minimizer (A. Albert and J. Anderson, On the
    existence of maximum likelihood estimates in logistic regression models,
    1984). Newton's iterates run off along such a direction (D. Soudry et al.,
    The implicit bias of gradient descent on separable data, 2018), which is
    accepted only when the margins prove it; or they converge, which proves
    that there is none.
    """
    if not problem.model.linear:
        return Separation(any=False, all=False)
    a, found = margins(problem), False
    while len(a):  # what one direction leaves as it is, another may raise
        left = _left(a)
        if left is None:
            return Separation(any=found or None, all=None)
        if len(left) == len(a):
            return Separation(any=found, all=False)
        a, found = a[left], True
    return Separation(any=True, all=True)


def _left(rows: Array) -> Rows | None:
    """The rows whose margins a direction that lowers none leaves as they are: all where there is no such direction."""
    a = rows
    _, sizes, ways = np.linalg.svd(a, full_matrices=False)
    a = a @ ways[sizes > NOTHING * sizes[0]].T  # no margin knows of any other direction
    theta = step = np.zeros(a.shape[1])
    for k in range(STEPS):
        z = a @ theta
        if (z > 0.0).all() or k % LOOK == LOOK - 1:
            for way in (theta, step):
                for margin in (z, np.abs(a @ way)):
                    if (left := _proved(a, margin, way)) is not None:
                        return left
        p = 1.0 / (1.0 + np.exp(np.clip(z, -700, 700)))
        gradient, weight = -(p @ a), p * (1.0 - p)
        hessian = (a.T * weight) @ a + 1e-13 * len(a) * np.eye(len(theta))
        step = np.linalg.lstsq(hessian, -gradient, rcond=1e-15)[0]
        if np.abs(step).max() < 1e-9 * (1.0 + np.abs(theta).max()):
            # What balances has no way out; of rows that are too faint to weigh in nothing is known.
            return np.arange(len(a)) if rank(a[p > FAINT * p.max()]) == a.shape[1] else None
        theta = theta + step * min(1.0, (5.0 + np.abs(theta).max()) / np.abs(step).max())
    return None


def _proved(a: Array, z: Array, along: Array) -> Rows | None:
    """The rows of smallest margin without which a way, less its part along them, raises all; None where there is no such.

    Rows in the order of their margins: as long as their rank stays, more of
    them cost nothing.
    """
    order, all_of_them = np.argsort(z), rank(a)
    count = 0
    for r in range(all_of_them):
        low, high = count, len(a)
        while low < high:
            middle = (low + high + 1) // 2
            low, high = (middle, high) if rank(a[order[:middle]]) <= r else (low, middle - 1)
        count = low
        still = a[order[:count]]
        way = along if not count else along - np.linalg.pinv(still, rcond=NOTHING) @ (still @ along)
        others = a[order[count:]] @ way
        if len(others) and others.min() > NOTHING * np.abs(a).max() * np.abs(along).max():
            return order[:count]
    return None


def rank(a: Array) -> int:
    if not len(a):
        return 0
    sizes = np.linalg.svd(a, compute_uv=False)
    return int((sizes > NOTHING * sizes[0]).sum())


def margins(problem: DataProblem) -> Array:
    """Rows whose products with parameters are margins: signed scores, or the true class's less each other one's."""
    a = design(Frame.of(problem).x)
    if problem.data.task != MULTICLASS:
        return np.asarray(a * np.where(problem.y > 0.5, 1.0, -1.0)[:, None])
    eye = np.eye(len(problem.data.classes))
    apart = eye[problem.y.astype(int)][:, None, :] - eye[None, :, :]
    rows = np.einsum("nkc,ni->nkci", apart, a)
    return np.asarray(rows[apart.any(axis=-1)].reshape(-1, problem.dim))
