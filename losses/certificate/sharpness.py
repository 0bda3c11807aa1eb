"""The largest curvature where a problem starts, for problems of which no optimum is known."""

from typing import Final

import numpy as np

from losses.certificate.certificate import MOST_PARAMETERS
from losses.problem.problem import DataProblem, Problem

STEPS: Final = 40
CLOSE: Final = 1e-4
"""What may be left of an eigenvector, as a share of its eigenvalue."""
NUDGE: Final = 1e-5
MOST_WORK: Final = 3e8


def sharpness(problem: Problem) -> float | None:
    """The largest eigenvalue of the Hessian at the problem's start; None where none is positive, or it is dear.

    Of many parameters by C. Lanczos's iteration (1950), each product with the
    Hessian from the gradients on both sides, to four digits or not at all.
    """
    with np.errstate(over="ignore", invalid="ignore"):  # a start may lie where a loss is beyond numbers
        if problem.dim <= MOST_PARAMETERS:
            hessian = problem.hessian(problem.start)
            top = float(np.linalg.eigvalsh(hessian)[-1]) if np.isfinite(hessian).all() else 0.0
            return top if top > 0.0 else None
        size = len(problem.y) * problem.dim if isinstance(problem, DataProblem) else problem.dim
        return _by_lanczos(problem) if 4 * STEPS * size <= MOST_WORK else None


def _by_lanczos(problem: Problem) -> float | None:
    at, d = problem.start, problem.dim
    nudge = NUDGE * max(1.0, float(np.abs(at).max()))
    ways = np.empty((STEPS + 1, d))
    ways[0] = np.random.Generator(np.random.PCG64(0)).normal(size=d)
    ways[0] /= np.linalg.norm(ways[0])
    table = np.zeros((STEPS, STEPS))
    for k in range(STEPS):
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
        if rest * abs(float(vectors[-1, -1])) <= CLOSE * abs(top):
            return top if top > 0.0 else None
        ways[k + 1] = product / rest
    return None
