"""Compute the largest curvature at the start, for problems of which no optimum is known."""

from typing import Final

import numpy as np

from losses.certificate.certificate import MAX_PARAMETERS
from losses.problem.problem import DataProblem, Problem

MAX_LANCZOS_STEPS: Final = 40
RESIDUAL_TOLERANCE: Final = 1e-4
"""Largest residual of an eigenvector, relative to its eigenvalue."""
DIFFERENCE_STEP: Final = 1e-5
"""Step of the difference quotients, relative to the largest parameter or 1."""
MAX_MULTIPLICATIONS: Final = 3e8
"""Multiplications that Lanczos's iteration may take; for a larger problem it is not tried."""


def sharpness(problem: Problem) -> float | None:
    """Return the largest eigenvalue of the Hessian at the problem's start.

    For many parameters it is computed to four digits by Lanczos's iteration. Returns None if no eigenvalue is
    positive, if the Hessian is not finite, or if the iteration is too expensive or does not converge.
    """
    with np.errstate(over="ignore", invalid="ignore"):  # at the start a loss may overflow
        if problem.dim <= MAX_PARAMETERS:
            hessian = problem.hessian(problem.start)
            top = float(np.linalg.eigvalsh(hessian)[-1]) if np.isfinite(hessian).all() else 0.0
            return top if top > 0.0 else None
        size = len(problem.y) * problem.dim if isinstance(problem, DataProblem) else problem.dim
        return _by_lanczos(problem) if 4 * MAX_LANCZOS_STEPS * size <= MAX_MULTIPLICATIONS else None


def _by_lanczos(problem: Problem) -> float | None:
    """Return the largest eigenvalue by Lanczos's iteration, without computing the Hessian.

    Products of the Hessian with a vector are difference quotients of gradients. The columns q of Q are
    orthonormal and T = Qᵀ H Q (C. Lanczos, An iteration method for the solution of the eigenvalue problem,
    1950).
    """
    start, d = problem.start, problem.dim
    h = DIFFERENCE_STEP * max(1.0, float(np.abs(start).max()))
    q = np.empty((MAX_LANCZOS_STEPS + 1, d))  # Qᵀ
    q[0] = np.random.Generator(np.random.PCG64(0)).normal(size=d)
    q[0] /= np.linalg.norm(q[0])
    t = np.zeros((MAX_LANCZOS_STEPS, MAX_LANCZOS_STEPS))
    for k in range(MAX_LANCZOS_STEPS):
        ahead, behind = problem.gradient(np.stack([start + h * q[k], start - h * q[k]]))
        product = (ahead - behind) / (2.0 * h)
        if not np.isfinite(product).all():
            return None
        t[k, : k + 1] = t[: k + 1, k] = q[: k + 1] @ product
        # Twice, as rounding errors along earlier vectors would come back as false eigenvalues.
        for _ in range(2):
            product = product - q[: k + 1].T @ (q[: k + 1] @ product)
        beta = float(np.linalg.norm(product))
        values, vectors = np.linalg.eigh(t[: k + 1, : k + 1])
        top = float(values[-1])
        residual = beta * abs(float(vectors[-1, -1]))
        if residual <= RESIDUAL_TOLERANCE * abs(top):
            return top if top > 0.0 else None
        q[k + 1] = product / beta
    return None
