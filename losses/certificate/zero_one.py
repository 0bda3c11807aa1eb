"""Minimize the share of mistakes of a linear rule for two classes, by counting the mistakes of all rules."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from losses.certificate.nonsmooth.interior_point import minimize_interior_point
from losses.certificate.nonsmooth.piecewise_linear import PiecewiseLinearTerms
from losses.core.arrays import Array
from losses.loss.binary import HINGE, ZERO_ONE
from losses.problem.problem import DataProblem

IntArray = NDArray[np.intp]

MAX_EXAMPLES: Final = 700
"""Number of examples up to which all lines are counted."""
MAX_CANDIDATES: Final = 8
"""Number of best rules that are evaluated, as rounding errors may spoil some of them."""
ANGLE_TOLERANCE: Final = 1e-12
"""Directions to other inputs that differ by less are the same, as those of inputs on one line."""
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
    if z.shape[1] > 2 or len(z) > MAX_EXAMPLES:
        rules = _hinge_rule(problem)
    else:
        find_best = _best_thresholds if z.shape[1] == 1 else _best_lines
        lower_bound, standardized_rules = find_best(*_distinct_inputs(z, problem.y))
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

    If some rule makes no mistake, this one makes none.
    """
    is_standardized = problem.scaling is not None
    terms = PiecewiseLinearTerms.from_problem(
        DataProblem(problem.data, problem.model, HINGE, standardize=is_standardized)
    )
    result = minimize_interior_point(terms) if terms else None
    return np.empty((0, problem.dim)) if result is None else result[0][None]


def _distinct_inputs(z: Array, y: Array) -> tuple[Array, IntArray]:
    """Return the m different inputs ``(m, k)``, sorted, and the number of each class there, ``(m, 2)``."""
    order = np.lexsort(z.T[::-1])
    z, is_positive = z[order], y[order] > 0.5
    is_new = np.append(True, (np.diff(z, axis=0) != 0.0).any(axis=1))
    group = np.cumsum(is_new) - 1
    counts = np.zeros((group[-1] + 1, 2), dtype=np.intp)
    np.add.at(counts, (group, is_positive.astype(np.intp)), 1)
    return z[is_new], counts


def _best_thresholds(inputs: Array, counts: IntArray) -> tuple[float, list[Array]]:
    """Return the fewest mistakes of a threshold, and rules ``(w, b)`` that make them.

    Rules whose threshold is in the middle of the inputs come first.
    """
    x = inputs[:, 0]
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


def _best_lines(inputs: Array, counts: IntArray) -> tuple[float, list[Array]]:
    """Return the fewest mistakes of a line in the plane, and rules ``(w1, w2, b)`` that make them.

    A line turns about each input by half a turn; class 1 is predicted on its left. Another input changes
    sides when the line passes it: from then on its other examples are mistakes. The pivot itself is put on
    its better side.
    """
    fewest = np.inf
    rules: list[Array] = []
    for pivot in range(len(inputs)):
        mistakes_by_side, edges = _mistakes_of_turning_line(inputs, counts, pivot)
        for side, mistakes in enumerate(mistakes_by_side):
            k = int(mistakes.argmin())
            if mistakes[k] < fewest:
                fewest, rules = float(mistakes[k]), []
            if mistakes[k] == fewest and len(rules) < MAX_CANDIDATES:
                angle = 0.5 * (edges[k] + edges[k + 1]) + side * np.pi
                rules.append(_line_near_point(inputs, counts, pivot, angle))
    return fewest, rules


def _mistakes_of_turning_line(
    inputs: Array, counts: IntArray, pivot: int
) -> tuple[tuple[Array, Array], Array]:
    """Return the mistakes of the line through an input between the angles at which it passes another.

    They are those of the line and of the reversed line, ``(m,)`` each, and the m + 1 angles from 0 to π.
    Between two angles that are equal up to rounding the mistakes are infinite.
    """
    others = np.delete(np.arange(len(inputs)), pivot)
    offset = inputs[others] - inputs[pivot]
    angle = np.arctan2(offset[:, 1], offset[:, 0]) % (2.0 * np.pi)
    is_left = angle < np.pi  # at the beginning, when the line has the direction of the x axis
    negatives, positives = counts[others, 0], counts[others, 1]
    passing_angle = np.where(is_left, angle, angle - np.pi)
    order = np.argsort(passing_angle)
    initial_mistakes = np.where(is_left, negatives, positives).sum()
    change = np.where(is_left, positives - negatives, negatives - positives)[order]
    mistakes = initial_mistakes + np.append(0, np.cumsum(change))
    edges = np.concatenate([[0.0], passing_angle[order], [np.pi]])
    is_wide, pivot_mistakes = np.diff(edges) > ANGLE_TOLERANCE, counts[pivot].min()
    reversed_mistakes = (negatives + positives).sum() - mistakes
    return (
        np.where(is_wide, mistakes + pivot_mistakes, np.inf),
        np.where(is_wide, reversed_mistakes + pivot_mistakes, np.inf),
    ), edges


def _line_near_point(inputs: Array, counts: IntArray, pivot: int, angle: float) -> Array:
    """Return the rule of the line in a direction that has an input just on its better side."""
    normal = np.array([-np.sin(angle), np.cos(angle)])
    distances = np.delete((inputs - inputs[pivot]) @ normal, pivot)
    better_side = 1.0 if counts[pivot, 1] > counts[pivot, 0] else -1.0
    gap = 0.5 * np.abs(distances).min(initial=1.0) * better_side
    return np.append(normal, gap - normal @ inputs[pivot])
