"""Separation: whether a direction exists that makes no example's margin smaller and some larger."""

from typing import Final

import numpy as np

from losses.arrays import Array
from losses.frame import Frame
from losses.loss import MULTICLASS
from losses.problem import DataProblem
from losses.window import design

STEPS: Final = 80
LOOK: Final = 8
"""So often it is tried whether the iterates' way proves a separation."""
NOTHING: Final = 1e-10
"""Margins and singular values below this share of the largest are rounding."""


def separable(problem: DataProblem) -> bool | None:
    """For scores linear in theta, whether some direction lowers no margin and raises one; None where it is not seen.

    Then cross-entropy has no minimizer (A. Albert and J. Anderson, On the
    existence of maximum likelihood estimates in logistic regression models,
    1984). Newton's iterates run off along such a direction (D. Soudry et al.,
    The implicit bias of gradient descent on separable data, 2018), which is
    accepted only when the margins prove it; or they converge, which proves
    that there is none.
    """
    if not problem.model.linear:
        return False
    a = margins(problem)
    _, sizes, ways = np.linalg.svd(a, full_matrices=False)
    a = a @ ways[sizes > NOTHING * sizes[0]].T  # no margin knows of any other direction
    theta = step = np.zeros(a.shape[1])
    for k in range(STEPS):
        z = a @ theta
        if (k % LOOK == LOOK - 1 or (z > 0.0).all()) and (_proved(a, z, theta) or _proved(a, z, step)):
            return True
        p = 1.0 / (1.0 + np.exp(np.clip(z, -700, 700)))
        gradient, weight = -(p @ a), p * (1.0 - p)
        hessian = (a.T * weight) @ a + 1e-13 * len(a) * np.eye(len(theta))
        step = np.linalg.lstsq(hessian, -gradient, rcond=1e-15)[0]
        if np.abs(step).max() < 1e-9 * (1.0 + np.abs(theta).max()):
            return False
        theta = theta + step * min(1.0, 5.0 / np.abs(step).max())
    return None


def _proved(a: Array, z: Array, along: Array) -> bool:
    """Whether a way, less its part along the rows of smallest margin, lowers no margin: those rows it leaves as they are.

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
            return True
    return False


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
