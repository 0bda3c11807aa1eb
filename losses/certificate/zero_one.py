"""The fewest mistakes that a line between two classes can make, by counting them all."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from losses.certificate.nonsmooth.interior_point import minimize_interior_point
from losses.certificate.nonsmooth.piecewise_linear import PiecewiseLinearTerms
from losses.core.arrays import Array
from losses.loss.binary import HINGE, ZERO_ONE
from losses.problem.problem import DataProblem

IntArray = NDArray[np.intp]

MAX_DISTINCT_INPUTS: Final = 700
"""Of more different inputs in a plane the lines are too many to count."""
MAX_CANDIDATES: Final = 8
"""So many of the best lines are drawn, lest rounding spoils one."""
ANGLE_TOLERANCE: Final = 1e-12
"""Directions nearer than this, in standard deviations, are the same: those of examples in a line."""
WEIGHT_SCALE: Final = 3.0
"""How large the weights of a rule are, in standard deviations of its input; only their direction matters."""


def minimize_zero_one_loss(problem: DataProblem) -> tuple[Array, float, bool] | None:
    """Parameters of a linear rule, the share of its mistakes, and whether no rule makes fewer; None without a rule.

    Of one input every threshold is counted. Of two, some best line passes as
    near as one likes to an example, so all ways through each example are
    counted as the line turns about it. With more inputs it is a hard problem
    (D. Johnson and F. Preparata, The densest hemisphere problem, 1978): the
    rule of least hinge loss is tried, and known to be the best if it makes no
    mistake.
    """
    mean, scale = problem.x.mean(axis=0), problem.x.std(axis=0)
    scale = np.where(scale > 0.0, scale, 1.0)
    z, least = (problem.x - mean) / scale, 0.0
    if z.shape[1] > 2 or len(z) > MAX_DISTINCT_INPUTS:
        rules = _hinge_rule(problem)
    else:
        least, found = (_best_thresholds if z.shape[1] == 1 else _best_lines)(*_distinct_inputs(z, problem.y))
        rules = np.array([_to_input_units(rule, mean, scale) for rule in found])
    if not len(rules):
        return None
    made = ZERO_ONE.value(problem.score(rules), problem.y).mean(axis=-1)
    best = int(np.argmin(made))
    return rules[best], float(made[best]), bool(made[best] * len(z) <= least + 0.5)


def _to_input_units(rule: Array, mean: Array, scale: Array) -> Array:
    """A rule on standardized inputs as one on the inputs."""
    w = rule[:-1] / scale
    return np.asarray(WEIGHT_SCALE * np.append(w, rule[-1] - w @ mean))


def _hinge_rule(problem: DataProblem) -> Array:
    """The rule of least hinge loss, which makes no mistake where none need be made, ``(1, d)``; no row where it is not found."""
    scaled = problem.scaling is not None
    kinks = PiecewiseLinearTerms.from_problem(
        DataProblem(problem.data, problem.model, HINGE, standardize=scaled)
    )
    found = minimize_interior_point(kinks) if kinks else None
    return np.empty((0, problem.dim)) if found is None else found[0][None]


def _distinct_inputs(z: Array, y: Array) -> tuple[Array, IntArray]:
    """The different inputs ``(m, k)``, sorted, and how many examples of either class each has, ``(m, 2)``."""
    order = np.lexsort(z.T[::-1])
    z, yes = z[order], y[order] > 0.5
    new = np.append(True, (np.diff(z, axis=0) != 0.0).any(axis=1))
    group = np.cumsum(new) - 1
    hits = np.zeros((group[-1] + 1, 2), dtype=np.intp)
    np.add.at(hits, (group, yes.astype(np.intp)), 1)
    return z[new], hits


def _best_thresholds(places: Array, hits: IntArray) -> tuple[float, list[Array]]:
    """The fewest mistakes of a threshold, and those that make them as ``(w, b)``."""
    at = places[:, 0]
    cuts = np.concatenate([[at[0] - 1.0], (at[1:] + at[:-1]) / 2.0, [at[-1] + 1.0]])
    left = np.concatenate([[[0, 0]], np.cumsum(hits, axis=0)])
    rising = left[:, 1] + hits[:, 0].sum() - left[:, 0]  # yes on the left and no on the right are wrong
    made = np.stack([rising, hits.sum() - rising])
    least = int(made.min())
    signs, where = np.nonzero(made == least)
    middle = np.argsort(np.abs(where - len(at) / 2.0))[:MAX_CANDIDATES]
    return least, [
        np.array([1.0, -cuts[j]]) * (-1.0 if i else 1.0)
        for i, j in zip(signs[middle], where[middle], strict=True)
    ]


def _best_lines(places: Array, hits: IntArray) -> tuple[float, list[Array]]:
    """The fewest mistakes of a line in the plane, and some that make them as ``(w1, w2, b)``.

    The line turns about each place by half a turn; yes is on its left. An
    example is passed once, and what was right of it is wrong from then on. At
    the place itself the line keeps to the better side.
    """
    m, own = len(places), hits.min(axis=1)
    least = np.inf
    found: list[Array] = []
    for i in range(m):
        others = np.delete(np.arange(m), i)
        away = places[others] - places[i]
        angle = np.arctan2(away[:, 1], away[:, 0]) % (2.0 * np.pi)
        ahead = angle < np.pi
        no, yes = hits[others, 0], hits[others, 1]
        turn = np.where(ahead, angle, angle - np.pi)
        order = np.argsort(turn)
        turn = turn[order]
        begin = np.where(ahead, no, yes).sum()
        change = np.where(ahead, yes - no, no - yes)[order]
        wrong = begin + np.append(0, np.cumsum(change))
        edges = np.concatenate([[0.0], turn, [np.pi]])
        for side, made in enumerate((wrong, (no + yes).sum() - wrong)):
            made = np.where(np.diff(edges) > ANGLE_TOLERANCE, made + own[i], np.inf)
            k = int(made.argmin())
            if made[k] < least:
                least, found = float(made[k]), []
            if made[k] == least and len(found) < MAX_CANDIDATES:
                found.append(
                    _line_near_point(places, hits, i, 0.5 * (edges[k] + edges[k + 1]) + side * np.pi)
                )
    return least, found


def _line_near_point(places: Array, hits: IntArray, i: int, angle: float) -> Array:
    """The line in a direction near a place, on the better side of it."""
    normal = np.array([-np.sin(angle), np.cos(angle)])
    away = np.delete((places - places[i]) @ normal, i)
    gap = 0.5 * np.abs(away).min(initial=1.0) * (1.0 if hits[i, 1] > hits[i, 0] else -1.0)
    return np.append(normal, gap - normal @ places[i])
