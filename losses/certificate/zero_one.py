"""Minimize the share of mistakes of a linear rule for two classes, by counting the mistakes of all rules."""

from dataclasses import dataclass
from fractions import Fraction
from functools import cmp_to_key
from itertools import pairwise
from typing import Final, Self

import numpy as np
from numpy.typing import NDArray

from losses.certificate.nonsmooth.interior_point import minimize_interior_point
from losses.certificate.nonsmooth.piecewise_linear import PiecewiseLinearTerms
from losses.core.arrays import Array
from losses.core.least_squares import design_matrix
from losses.loss.binary import HINGE, ZERO_ONE
from losses.problem.problem import DataProblem

IntArray = NDArray[np.intp]

MAX_EXAMPLES_IN_PLANE: Final = 700
"""Number of examples up to which all lines are counted."""
MAX_CANDIDATES: Final = 8
"""Number of best rules that are evaluated, as rounding errors may spoil some of them."""
ANGLE_TOLERANCE: Final = 1e-12
"""Angles that differ by less may be equal, as those of inputs on one line, or in another order.

Those of an input that is near the pivot, beside the size of both, are less exact in proportion.
"""
BOUNDARY_TOLERANCE: Final = 1e-9
"""Scores below this share of the sum of their absolute terms may be 0."""
WEIGHT_SCALE: Final = 3.0
"""Size of a rule's weights on standardized inputs; only their direction matters."""


def minimize_zero_one_loss(problem: DataProblem) -> tuple[Array, float, bool] | None:
    """Return the parameters ``(d,)`` of a linear rule, its share of mistakes, and whether that is the least.

    Returns None if no rule was found. The rule predicts class 1 where w·x + b > 0. With one input the
    mistakes of all thresholds are counted. With two, a best line can be moved as near as one likes to an
    example, so it suffices to count the mistakes of the lines near each example in all directions. With more
    inputs the problem is hard (D. Johnson and F. Preparata, The densest hemisphere problem, 1978): the rule
    of least hinge loss is returned, which is known to be best only if it makes no mistake.
    """
    mean, scale = problem.x.mean(axis=0), problem.x.std(axis=0)
    scale = np.where(scale > 0.0, scale, 1.0)
    z, lower_bound = (problem.x - mean) / scale, 0.0
    if z.shape[1] > 2 or (z.shape[1] == 2 and len(z) > MAX_EXAMPLES_IN_PLANE):
        rules = _hinge_rule(problem)
    else:
        find_best = _best_thresholds if z.shape[1] == 1 else _best_lines
        lower_bound, standardized_rules = find_best(_distinct_inputs(z, problem.data.inputs, problem.y))
        rules = np.array([_to_input_units(rule, mean, scale) for rule in standardized_rules])
    if not len(rules):
        return None
    shares = ZERO_ONE.value(problem.score(rules), problem.y).mean(axis=-1)
    best = int(np.argmin(shares))
    return rules[best], float(shares[best]), bool(shares[best] * len(z) <= lower_bound + 0.5)


def _to_input_units(rule: Array, mean: Array, scale: Array) -> Array:
    """Return a rule ``(k + 1,)`` on standardized inputs as a rule on the inputs."""
    w = rule[:-1] / scale
    return np.asarray(WEIGHT_SCALE * np.append(w, rule[-1] - w @ mean))


def _hinge_rule(problem: DataProblem) -> Array:
    """Return the rule of least hinge loss, ``(1, d)``, or no row if it is not found.

    If some rule makes no mistake, this one makes none. It is moved off the examples on its boundary, as
    beside a rule on which an example lies there is one with another share of mistakes.
    """
    is_standardized = problem.scaling is not None
    terms = PiecewiseLinearTerms.from_problem(
        DataProblem(problem.data, problem.model, HINGE, standardize=is_standardized)
    )
    result = minimize_interior_point(terms) if terms else None
    rule = None if result is None else _off_boundary(problem, result.theta)
    return np.empty((0, problem.dim)) if rule is None else rule[None]


def _off_boundary(problem: DataProblem, rule: Array) -> Array | None:
    """Return a rule on whose boundary no example lies, each on the side of most examples equal to it.

    The others stay on their sides. None if no such rule is found.
    """
    rows = design_matrix(problem.x)
    is_on_boundary = _is_on_boundary(rows, rule)
    if not is_on_boundary.any():
        return rule
    sides = np.where(problem.y > 0.5, 1.0, -1.0)
    touching = rows[is_on_boundary]
    votes = np.array([sides[(rows == row).all(axis=1)].sum() for row in touching])
    direction = np.linalg.lstsq(touching, np.where(votes < 0.0, -1.0, 1.0), rcond=None)[0]
    with np.errstate(divide="ignore"):
        room = np.abs(rows @ rule)[~is_on_boundary] / np.abs(rows @ direction)[~is_on_boundary]
    moved = rule + 0.5 * room.min(initial=1.0) * direction
    return None if _is_on_boundary(rows, moved).any() else np.asarray(moved)


def _is_on_boundary(rows: Array, rule: Array) -> NDArray[np.bool_]:
    """Return on which examples, rows ``(n, d)``, the score of a rule is 0 but for rounding."""
    return np.asarray(np.abs(rows @ rule) <= BOUNDARY_TOLERANCE * (np.abs(rows) @ np.abs(rule)))


@dataclass(frozen=True, eq=False)
class _Distinct:
    """The m different inputs of a problem, sorted."""

    inputs: Array
    """Standardized, ``(m, k)``; those of different inputs may be equal, by rounding."""
    stored: Array
    """As they are stored, ``(m, k)``."""
    counts: IntArray
    """The number of examples of each class, ``(m, 2)``."""


def _distinct_inputs(z: Array, x: Array, y: Array) -> _Distinct:
    """Return the different rows of inputs ``x (n, k)``, which are standardized as ``z (n, k)``."""
    order = np.lexsort(x.T[::-1])
    z, x, is_positive = z[order], x[order], y[order] > 0.5
    is_new = np.append(True, (np.diff(x, axis=0) != 0.0).any(axis=1))
    group = np.cumsum(is_new) - 1
    counts = np.zeros((group[-1] + 1, 2), dtype=np.intp)
    np.add.at(counts, (group, is_positive.astype(np.intp)), 1)
    return _Distinct(z[is_new], x[is_new], counts)


def _best_thresholds(distinct: _Distinct) -> tuple[float, list[Array]]:
    """Return the fewest mistakes of a threshold, and rules ``(w, b)`` that make them.

    Rules whose threshold is in the middle of the inputs come first.
    """
    x, counts = distinct.inputs[:, 0], distinct.counts
    thresholds = np.concatenate([[x[0] - 1.0], (x[1:] + x[:-1]) / 2.0, [x[-1] + 1.0]])
    left = np.concatenate([[[0, 0]], np.cumsum(counts, axis=0)])
    # A rule with w > 0 is wrong about class 1 on the left of the threshold and class 0 on its right.
    mistakes_of_rising = left[:, 1] + counts[:, 0].sum() - left[:, 0]
    mistakes = np.stack([mistakes_of_rising, counts.sum() - mistakes_of_rising])
    fewest = int(mistakes.min())
    is_falling, index = np.nonzero(mistakes == fewest)
    chosen = np.argsort(np.abs(index - len(x) / 2.0))[:MAX_CANDIDATES]
    return fewest, [
        np.array([1.0, -thresholds[j]]) * (-1.0 if falling else 1.0)
        for falling, j in zip(is_falling[chosen], index[chosen], strict=True)
    ]


def _best_lines(distinct: _Distinct) -> tuple[float, list[Array]]:
    """Return a lower bound of the mistakes of all lines in the plane, and good rules ``(w1, w2, b)``.

    A line turns about each input by half a turn; class 1 is predicted on its left. Another input changes
    sides when the line passes it: from then on its other examples are mistakes. The pivot itself is put on
    its better side. Between two angles that may be equal but for rounding no rule is taken. The bound counts
    the mistakes there, too, with the angles in their exact order.
    """
    inputs, counts = distinct.inputs, distinct.counts
    fewest = lower_bound = np.inf
    rules: list[Array] = []
    for pivot in range(len(inputs)):
        turn = _TurningLine.about(distinct, pivot)
        for side, mistakes in enumerate(turn.errors):
            wide = np.where(turn.is_wide, mistakes, np.inf)
            k = int(wide.argmin())
            if wide[k] < fewest:
                fewest, rules = float(wide[k]), []
            if wide[k] == fewest and len(rules) < MAX_CANDIDATES:
                angle = 0.5 * (turn.edges[k] + turn.edges[k + 1]) + side * np.pi
                rules.append(_line_near_point(inputs, counts, pivot, angle))
        lower_bound = min(lower_bound, turn.least_mistakes_between(min(fewest, lower_bound)))
    return lower_bound, rules


@dataclass(frozen=True, eq=False)
class _TurningLine:
    """The mistakes of a line that turns about one input, the pivot, by half a turn."""

    errors: tuple[Array, Array]
    """Those of the line and of the reversed line between one passage and the next, ``(m,)`` each."""
    edges: Array
    """The angles of the start, of the m − 1 passages in order, and of the end."""
    is_wide: NDArray[np.bool_]
    """Between which of them is surely room for a line, ``(m,)``."""
    change: Array
    """By how much each passage changes the mistakes of the line, ``(m − 1,)``."""
    passed: Array
    """The inputs in the order in which they are passed, as they are stored, ``(m − 1, 2)``."""
    pivot: Array
    """The pivot as it is stored, ``(2,)``."""
    sign: Array
    """1 for inputs that are passed ahead of the pivot, −1 for those behind it, ``(m − 1,)``."""

    @classmethod
    def about(cls, distinct: _Distinct, pivot: int) -> Self:
        """Turn a line about one of the inputs, from a direction in which it is far from passing another."""
        inputs, counts = distinct.inputs, distinct.counts
        others = np.delete(np.arange(len(inputs)), pivot)
        offset = inputs[others] - inputs[pivot]
        angle, start = np.arctan2(offset[:, 1], offset[:, 0]), 0.0
        if len(others):
            passing = np.sort(angle % np.pi)
            gaps = np.diff(np.append(passing, passing[0] + np.pi))
            start = float(passing[gaps.argmax()] + 0.5 * gaps.max())
        angle = (angle - start) % (2.0 * np.pi)
        is_left = angle < np.pi
        negatives, positives = counts[others, 0], counts[others, 1]
        passing_angle = np.where(is_left, angle, angle - np.pi)
        order = np.argsort(passing_angle)
        initial_mistakes = np.where(is_left, negatives, positives).sum()
        change = np.where(is_left, positives - negatives, negatives - positives)[order]
        mistakes = initial_mistakes + np.append(0, np.cumsum(change))
        edges = np.concatenate([[0.0], passing_angle[order], [np.pi]])
        error = _angle_errors(inputs[pivot], offset)[order]
        is_wide = np.diff(edges) > ANGLE_TOLERANCE + np.append(0.0, error) + np.append(error, 0.0)
        return cls(
            (
                mistakes + counts[pivot].min(),
                (negatives + positives).sum() - mistakes + counts[pivot].min(),
            ),
            edges + start,
            is_wide,
            change,
            distinct.stored[others[order]],
            distinct.stored[pivot],
            np.where(is_left, 1.0, -1.0)[order],
        )

    def least_mistakes_between(self, known: float) -> float:
        """Return the fewest mistakes of all angles, if they are fewer than ``known``."""
        fewest = min(float(np.where(self.is_wide, side, np.inf).min()) for side in self.errors)
        if not (self.is_wide[0] and self.is_wide[-1]):
            return 0.0  # an input seems to be at the pivot
        wide = np.flatnonzero(self.is_wide)
        is_cluster = np.diff(wide) > 1
        for first, last in zip(wide[:-1][is_cluster].tolist(), wide[1:][is_cluster].tolist(), strict=True):
            falls = np.minimum(self.change[first:last], 0).sum()
            rises = np.maximum(self.change[first:last], 0).sum()
            if min(self.errors[0][first] + falls, self.errors[1][first] - rises) < min(fewest, known):
                for change in self._exact_changes(first, last):
                    both = self.errors[0][first] + change, self.errors[1][first] - change
                    fewest = min(fewest, *map(float, both))
        return fewest

    def _exact_changes(self, first: int, last: int) -> list[int]:
        """Return how the mistakes have changed between the passages, in their exact order."""
        origin = [Fraction(v) for v in self.pivot.tolist()]

        def vector(i: int) -> tuple[Fraction, Fraction]:
            x, y = (Fraction(v) - o for v, o in zip(self.passed[i].tolist(), origin, strict=True))
            sign = int(self.sign[i])
            return sign * x, sign * y

        vectors = {i: vector(i) for i in range(first, last)}

        def compare(i: int, j: int) -> int:
            (a, b), (c, d) = vectors[i], vectors[j]
            return -1 if a * d > b * c else int(a * d < b * c)

        order = sorted(vectors, key=cmp_to_key(compare))
        changes, total = [], 0
        for i, following in pairwise(order):
            total += int(self.change[i])
            if compare(i, following):
                changes.append(total)
        return changes


def _angle_errors(pivot: Array, offset: Array) -> Array:
    """Return bounds of the errors of the angles of offsets ``(m, 2)`` from a pivot ``(2,)``."""
    size = np.abs(offset + pivot).max(axis=1, initial=0.0) + np.abs(pivot).max()
    with np.errstate(all="ignore"):
        error = ANGLE_TOLERANCE * size / np.linalg.norm(offset, axis=1)
    return np.where(np.isfinite(error), error, np.inf)


def _line_near_point(inputs: Array, counts: IntArray, pivot: int, angle: float) -> Array:
    """Return the rule of the line in a direction that has an input just on its better side."""
    normal = np.array([-np.sin(angle), np.cos(angle)])
    distances = np.delete((inputs - inputs[pivot]) @ normal, pivot)
    better_side = 1.0 if counts[pivot, 1] > counts[pivot, 0] else -1.0
    gap = 0.5 * np.abs(distances).min(initial=1.0) * better_side
    return np.append(normal, gap - normal @ inputs[pivot])
