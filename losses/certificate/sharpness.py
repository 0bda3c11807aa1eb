"""The largest curvature where a problem starts, for problems of which no optimum is known."""

from typing import Final

import numpy as np

from losses.certificate.certificate import MAX_PARAMETERS
from losses.problem.problem import DataProblem, Problem

MAX_LANCZOS_STEPS: Final = 40
RESIDUAL_TOLERANCE: Final = 1e-4
"""What may be left of an eigenvector, as a share of its eigenvalue."""
DIFFERENCE_STEP: Final = 1e-5
MAX_MULTIPLICATIONS: Final = 3e8


def sharpness(problem: Problem) -> float | None:
    """The largest eigenvalue of the Hessian at the problem's start; None where none is positive, or it is dear.

    Of many parameters by C. Lanczos's iteration (1950), each product with the
    Hessian from the gradients on both sides, to four digits or not at all.
    """
    with np.errstate(over="ignore", invalid="ignore"):  # a start may lie where a loss is beyond numbers
        if problem.dim <= MAX_PARAMETERS:
            hessian = problem.hessian(problem.start)
            top = float(np.linalg.eigvalsh(hessian)[-1]) if np.isfinite(hessian).all() else 0.0
            return top if top > 0.0 else None
        size = len(problem.y) * problem.dim if isinstance(problem, DataProblem) else problem.dim
        return _by_lanczos(problem) if 4 * MAX_LANCZOS_STEPS * size <= MAX_MULTIPLICATIONS else None


def _by_lanczos(problem: Problem) -> float | None:
    at, d = problem.start, problem.dim
    nudge = DIFFERENCE_STEP * max(1.0, float(np.abs(at).max()))
    ways = np.empty((MAX_LANCZOS_STEPS + 1, d))
    ways[0] = np.random.Generator(np.random.PCG64(0)).normal(size=d)
    ways[0] /= np.linalg.norm(ways[0])
    table = np.zeros((MAX_LANCZOS_STEPS, MAX_LANCZOS_STEPS))
    for k in range(MAX_LANCZOS_STEPS):
        ahead, behind = problem.gradient(np.stack([at + nudge * ways[k], at - nudge * ways[k]]))
        product = (ahead - behind) / (2.0 * nudge)
        if not np.isfinite(product).all():
            return None
        table[k, : k + 1] = table[: k + 1, k] = ways[: k + 1] @ product
        for _ in range(2):  # what rounding has left of earlier ways would come back as false eigenvalues
            product = product - ways[: k + 1].T @ (ways[: k + 1] @ product)
        rest = float(np.linalg.norm(product))
        values, vectors = np.linalg.eigh(table[: k + 1, : k + 1])
        top = float(values[-1])
        if rest * abs(float(vectors[-1, -1])) <= RESIDUAL_TOLERANCE * abs(top):
            return top if top > 0.0 else None
        ways[k + 1] = product / rest
    return None
