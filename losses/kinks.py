"""The lowest point of a convex problem with kinks, by an interior point method.

Each kink is a row: a number linear in the parameters that costs ``up`` a unit
above its target and ``down`` a unit below. What is not a kink is smooth.
"""

from dataclasses import dataclass
from typing import Final, Self

import numpy as np

from losses.arrays import Array
from losses.frame import Frame
from losses.loss import PREDICTION
from losses.problem import DataProblem
from losses.window import design

STEPS: Final = 80
GAP: Final = 1e-13
"""What may be left between the best loss and its lower bound, as a share of the loss."""


@dataclass(frozen=True, eq=False)
class Kinks:
    """Rows ``(m, d)`` with their targets and costs a unit ``(m,)``, beside what of the loss is smooth."""

    frame: Frame
    rows: Array
    target: Array
    up: Array
    down: Array
    curved: bool

    @classmethod
    def of(cls, problem: DataProblem) -> Self | None:
        """The kinks of a convex problem; None where its loss bends elsewhere, too, or they are not known."""
        frame, loss, n = Frame.of(problem), problem.loss, len(problem.y)
        d = problem.dim
        rows, target, up, down = np.empty((0, d)), np.empty(0), np.empty(0), np.empty(0)
        if not loss.smooth:
            if len(loss.kinks) != 1 or loss.breaks is None or loss.breaks() != loss.kinks:
                return None
            kink, y = loss.kinks[0], np.array([0.0 if loss.space == PREDICTION else 1.0])
            low, high = (float(loss.slope(np.array([kink + side]), y)[0]) for side in (-1.0, 1.0))
            sign = np.ones(n) if loss.space == PREDICTION else np.where(problem.y > 0.5, 1.0, -1.0)
            rows = design(frame.x) * sign[:, None]
            target = problem.y + kink if loss.space == PREDICTION else np.full(n, kink)
            up, down = np.full(n, high / n), np.full(n, -low / n)
        if problem.l1:
            some = frame.matrix[problem.penalized]
            rows, target = np.concatenate([rows, some]), np.append(target, np.zeros(len(some)))
            up, down = (np.append(cost, np.full(len(some), problem.l1)) for cost in (up, down))
        return cls(frame, rows, target, up, down, loss.smooth)

    def value(self, phi: Array) -> float:
        return float(self.smooth(phi) + self.cost(self.rows @ phi - self.target))

    def cost(self, r: Array) -> float:
        return float((np.maximum(self.up * r, -self.down * r)).sum())

    def smooth(self, phi: Array) -> float:
        return float(self.frame.value(phi) if self.curved else 0.5 * phi @ self.frame.bend @ phi)

    def gradient(self, phi: Array) -> Array:
        return self.frame.gradient(phi) if self.curved else self.frame.bend @ phi

    def hessian(self, phi: Array) -> Array:
        return self.frame.hessian(phi) if self.curved else self.frame.bend


def lowest(kinks: Kinks) -> tuple[Array, bool] | None:
    """A lowest θ and whether it is the only one; None where the method does not close its gap.

    Primal-dual Newton steps on the optimality conditions (R. Koenker and
    S. Portnoy, The Gaussian hare and the Laplacian tortoise, 1997; S. Wright,
    Primal-Dual Interior-Point Methods, 1997). The dual numbers are slopes
    between ``-down`` and ``up`` at each kink; they balance the smooth slope
    only at a minimum, which is the proof.
    """
    b, up, down = kinks.rows, kinks.up, kinks.down
    phi, s = np.zeros(b.shape[1]), 0.5 * (up - down)
    r = b @ phi - kinks.target
    size, begin = float(np.abs(r).mean()) or 1.0, kinks.value(phi)
    u, v = np.maximum(r, 0.0) + size, np.maximum(-r, 0.0) + size
    for _ in range(STEPS):
        over, under = up - s, down + s
        gap = float(u @ over + v @ under)
        off, tilt = b @ phi - kinks.target - u + v, kinks.gradient(phi) + b.T @ s
        if gap <= GAP * max(kinks.value(phi), 0.01 * begin) and np.abs(off).max() <= 1e-10 * size:
            return _polished(kinks, phi, s)
        aim = 0.1 * gap / (2 * len(u))
        weight = 1.0 / (u / over + v / under)
        q = off - (aim / over - u) + (aim / under - v)
        matrix = kinks.hessian(phi) + (b.T * weight) @ b
        step = np.linalg.lstsq(matrix, -tilt - b.T @ (weight * q), rcond=1e-15)[0]
        turn = weight * (b @ step + q)
        du, dv = (aim - u * over + u * turn) / over, (aim - v * under - v * turn) / under
        much = min(_room(u, du), _room(v, dv), _room(over, -turn), _room(under, turn))
        phi, s, u, v = phi + much * step, s + much * turn, u + much * du, v + much * dv
    return None


def _room(at: Array, step: Array) -> float:
    """How much of a step keeps positive numbers positive."""
    falls = step < 0.0
    return min(1.0, 0.99 * float((at[falls] / -step[falls]).min(initial=np.inf)))


def _polished(kinks: Kinks, phi: Array, s: Array) -> tuple[Array, bool]:
    """The corner or edge itself, where the kinks whose slope is strictly between its ends are met exactly."""
    inner = np.minimum(kinks.up - s, kinks.down + s) > 1e-6 * (kinks.up + kinks.down)
    at, d = kinks.rows[inner], len(phi)
    side = np.where(kinks.up - s < kinks.down + s, kinks.up, -kinks.down)
    rest, best = kinks.rows[~inner].T @ side[~inner], phi
    for _ in range(8):
        system = np.block([[kinks.hessian(phi), at.T], [at, np.zeros((len(at), len(at)))]])
        aim = np.append(-kinks.gradient(phi) - rest, kinks.target[inner] - at @ phi)
        phi = phi + np.linalg.lstsq(system, aim, rcond=1e-14)[0][:d]
        if not kinks.value(phi) < kinks.value(best) * (1.0 + 1e-12):
            break
        best = phi
    held = np.concatenate([at, kinks.hessian(best)])
    only = np.linalg.matrix_rank(held, tol=1e-9 * max(float(np.abs(held).max(initial=0.0)), 1e-300)) == d
    return kinks.frame.matrix @ best, bool(only)
