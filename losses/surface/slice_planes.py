"""Slices: planes through a space of many parameters, chosen to show something."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from losses.core.arrays import Array, as_point, check_type, frozen, make_rng
from losses.core.messages import message
from losses.descent.descent import Descent
from losses.model.base import Role
from losses.problem.plane import Plane, coordinate_plane, rounded_box
from losses.problem.problem import Problem


@dataclass(frozen=True, eq=False)
class PathPlane:
    """A plane through a path's start and the share of the path's variance that it explains, 0 to 1."""

    plane: Plane
    explained: float


def path_plane(run: Descent, *, from_start: bool = False) -> PathPlane:
    """The plane through the start along the two principal components of the path.

    These are the leading right singular vectors of the iterates less their
    mean (H. Li et al., Visualizing the loss landscape of neural nets, 2018,
    section 7), or with ``from_start`` of the displacements from the start, in
    which the way there weighs as much as the wandering at the end.
    """
    away = check_type(run, Descent, "run").theta - run.theta[0]
    if run.theta.shape[1] < 2:
        raise ValueError("a plane needs at least 2 parameters")
    spread = run.theta - run.theta.mean(axis=0)
    _, _, directions = np.linalg.svd(away if from_start else spread, full_matrices=len(away) < 3)
    signs = np.sign(directions[:2] @ away[-1])
    directions = directions[:2] * np.where(signs == 0, 1.0, signs)[:, None]
    variance = float(np.square(spread).sum())
    explained = float(np.square(spread @ directions.T).sum()) / variance if variance > 0.0 else 1.0
    return PathPlane(_plane_around_path(run.theta[0], directions, away), min(explained, 1.0))


def _plane_around_path(origin: Array, directions: Array, displacements: Array) -> Plane:
    """The plane with a box around the shadow of the path, never too narrow."""
    shadow = displacements @ directions.T
    low, high = shadow.min(axis=0), shadow.max(axis=0)
    reach = float((high - low).max()) or 1.0
    half = np.maximum(0.75 * (high - low), 0.45 * reach)
    middle = (low + high) / 2
    box = tuple((float(m - h), float(m + h)) for m, h in zip(middle, half, strict=True))
    return Plane(
        frozen(origin),
        frozen(directions),
        (box[0], box[1]),
        (message("along the path"), message("across it")),
    )


def parameter_plane(problem: Problem, axes: Any) -> Plane:
    """The plane in which the two parameters at positions ``axes`` vary and the others stay at the problem's start.

    Raises ValueError for what is not two positions, or for ones that are equal or outside 0 .. d-1.
    """
    check_type(problem, Problem, "problem")
    try:
        one, other = axes
    except (TypeError, ValueError):
        one = other = None
    if not (_is_axis(one, problem.dim) and _is_axis(other, problem.dim)) or one == other:
        raise ValueError(f"axes must be two different positions from 0 to {problem.dim - 1}; not {axes!r}")
    chosen = [int(one), int(other)]
    box = rounded_box(problem.start[chosen], problem.reach[chosen])
    return coordinate_plane(problem.start, box, problem.labels, (chosen[0], chosen[1]))


def _is_axis(given: Any, dim: int) -> bool:
    return isinstance(given, int | np.integer) and not isinstance(given, bool) and 0 <= int(given) < dim


def random_plane(problem: Problem, at: Any, seed: int = 0) -> Plane:
    """Two random directions through ``at (d,)`` with filter normalization (Li et al. 2018).

    Each neuron's part of a direction has the norm of that neuron's weights at
    ``at``; biases do not move. So layers may be rescaled against each other
    without changing the picture, which spans one such norm each way.
    """
    center = as_point(at, check_type(problem, Problem, "problem").dim, "at")
    rng = make_rng(seed)
    directions = rng.normal(size=(2, problem.dim))
    moved = np.zeros(problem.dim, dtype=bool)
    for group in neuron_groups(problem.roles):
        moved[group] = True
        norms = np.linalg.norm(directions[:, group], axis=1, keepdims=True)
        directions[:, group] *= np.linalg.norm(center[group]) / norms
    directions[:, ~moved] = 0.0
    box = ((-1.0, 1.0), (-1.0, 1.0))
    return Plane(
        frozen(center),
        frozen(directions),
        box,
        (message("random direction 1"), message("random direction 2")),
    )


def neuron_groups(roles: tuple[Role, ...]) -> list[list[int]]:
    """Positions of the weights of each neuron; biases belong to none."""
    groups: dict[tuple[int, int], list[int]] = {}
    for i, role in enumerate(roles):
        if not role.is_bias:
            groups.setdefault((role.layer, role.unit), []).append(i)
    return list(groups.values())
