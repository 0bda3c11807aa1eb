"""Find the best line of a loss of two straight lines by trying all lines through two examples at their kink.

Some minimizer is such a vertex (the fundamental theorem of linear programming); for absolute errors a best
line passes through two of the points. Floating point tells which vertices may be lowest, fractions tell which
of these are: every floating-point number is one.
"""

from dataclasses import dataclass
from fractions import Fraction
from typing import Final, Self

import numpy as np
from numpy.typing import NDArray

from losses.certificate.certificate import SCOPE_NONE, Certificate
from losses.certificate.nonsmooth.piecewise_linear import costs_of_kinks
from losses.certificate.separability import is_separable
from losses.core.arrays import Array, frozen
from losses.core.ternary import NO, UNKNOWN, YES
from losses.loss.base import SCORE
from losses.problem.problem import DataProblem

SCORE_ROUNDING: Final = 8 * np.finfo(np.float64).eps
"""A computed score may be off by this share of the terms that it is a sum of."""
ROUNDING_TOLERANCE: Final = 3e-8
"""Largest change of the lowest loss by rounding the parameters and scores, relative to it."""
LOSS_FLOOR: Final = 1e-14
"""A loss below this share of that of a constant prediction is a rounding error."""
NEAR_TIE: Final = Fraction(1, 10**12)
"""Losses that differ by less, relative to them, may be equal but for rounding of settings such as τ = 0.9."""
MAX_PAIRS: Final = 20_000
"""Pairs of examples up to which every vertex is tried."""
MAX_EXACT_LINES: Final = 50
"""Different lines that may be lowest up to which they are told apart."""

IntArray = NDArray[np.intp]
Line = tuple[Fraction, Fraction]
"""Slope and intercept."""


def certify_best_line(problem: DataProblem) -> Certificate | None:
    """Return the certificate of the lowest line, or None if it need not be a vertex.

    The loss of an example must be two straight lines that meet at its kink and a minimum must exist; there
    must be one input and no penalty.
    """
    vertices = _Vertices.from_problem(problem)
    if vertices is None or len(problem.y) ** 2 > 2 * MAX_PAIRS:
        return None
    lines = vertices.lowest_lines()
    if not lines:
        return None
    (lowest, line), *others = lines
    optimum = np.array([float(part) for part in line])
    loss, constant = float(problem.value(optimum)), np.array([0.0, float(np.median(vertices.target))])
    lowest_loss = float(lowest) + vertices.offset
    tolerance = ROUNDING_TOLERANCE * abs(lowest_loss) + LOSS_FLOOR * abs(float(problem.value(constant)))
    is_tied = any(loss == lowest for loss, _ in others)
    is_nearly_tied = any(loss - lowest <= NEAR_TIE * lowest for loss, _ in others)
    # If the data are separable, a ray of minimizers may start at the only lowest vertex.
    is_bounded = problem.loss.space != SCORE or is_separable(problem) is NO
    return Certificate(
        optimum=frozen(optimum),
        loss=loss,
        exists=YES,
        unique=NO if is_tied else YES if is_bounded and not is_nearly_tied else UNKNOWN,
        scope=SCOPE_NONE,
        lowest=YES if abs(loss - lowest_loss) <= tolerance else UNKNOWN,
    )


@dataclass(frozen=True, eq=False)
class _Vertices:
    """The lines through two of n examples, each at its kink: the score z of an example equals its target.

    The loss of an example is ``above · (z − target)`` above its target and ``below · (target − z)`` below it,
    plus ``offset``; with two classes these are interchanged for the second.
    """

    x: Array
    target: Array
    above: Array
    below: Array
    offset: float

    @classmethod
    def from_problem(cls, problem: DataProblem) -> Self | None:
        """Return the vertices of a problem; None if a minimizer need not be one."""
        loss = problem.loss
        is_two_lines = (
            loss.breakpoints is not None and len(loss.kinks) == 1 and loss.breakpoints() == loss.kinks
        )
        if problem.dim != 2 or problem.l1 or problem.l2 or not (is_two_lines and loss.attains_minimum):
            return None
        (above, below), offset = costs_of_kinks(loss)
        kink, is_first = loss.kinks[0], problem.y > 0.5
        if loss.space == SCORE:
            target = np.where(is_first, kink, -kink)
            above, below = np.where(is_first, above, below), np.where(is_first, below, above)
        else:
            target = problem.y + kink
            above, below = np.broadcast_to(above, target.shape), np.broadcast_to(below, target.shape)
        return cls(problem.x[:, 0], target, above, below, offset)

    def lowest_lines(self) -> list[tuple[Fraction, Line]]:
        """Return the exact losses, without the offset, and the lines that may be lowest, best first.

        None are returned if there are too many.
        """
        x, target = (list(map(Fraction, values.tolist())) for values in (self.x, self.target))
        above, below = (list(map(Fraction, values.tolist())) for values in (self.above, self.below))
        pairs = self._possibly_lowest()
        found: list[tuple[Fraction, Line]] = []
        while len(pairs):
            if len(found) == MAX_EXACT_LINES:
                return []
            i, j = pairs[0]
            slope = (target[j] - target[i]) / (x[j] - x[i])
            intercept = target[i] - slope * x[i]
            r = [slope * a + intercept - t for a, t in zip(x, target, strict=True)]
            total = sum(max(a * e, -b * e) for a, b, e in zip(above, below, r, strict=True))
            found.append((Fraction(total) / len(r), (slope, intercept)))
            is_on_line = np.array([e == 0 for e in r])
            pairs = pairs[~is_on_line[pairs].all(axis=1)]
        return sorted(found)

    def _possibly_lowest(self) -> IntArray:
        """Return the pairs of examples ``(m, 2)`` whose lines may be lowest, so far as rounding tells.

        Inputs and targets are measured from their medians, which keeps rounding errors small.
        """
        x, t = self.x - np.median(self.x), self.target - np.median(self.target)
        i, j = np.triu_indices(len(t), 1)
        i, j = i[x[i] != x[j]], j[x[i] != x[j]]
        slope = (t[j] - t[i]) / (x[j] - x[i])
        r = slope[:, None] * (x - x[i][:, None]) + t[i][:, None] - t
        loss = np.maximum(self.above * r, -self.below * r).mean(axis=-1)
        slope_error = np.abs(slope) + (np.abs(t[i]) + np.abs(t[j])) / np.abs(x[j] - x[i])
        score_error = slope_error * (np.abs(x).mean() + np.abs(x[i])) + np.abs(t[i]) + np.abs(t).mean()
        error = SCORE_ROUNDING * max(self.above.max(), self.below.max()) * score_error
        may_be_lowest = loss - error <= (loss + error).min()
        return np.stack([i[may_be_lowest], j[may_be_lowest]], axis=-1)
