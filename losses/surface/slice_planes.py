"""Slice planes: planes in a space of many parameters on which the loss is plotted."""

from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from losses.core.arrays import Array, as_point, check_bool, check_type, frozen, make_rng
from losses.core.messages import message
from losses.descent.descent import Descent
from losses.model.base import Role
from losses.problem.plane import Plane, coordinate_plane, rounded_box
from losses.problem.problem import Problem

MAX_MAGNITUDE: Final = 1e150
"""Iterates with larger parameters are left out of a path's plane; their squares leave float64."""


@dataclass(frozen=True, eq=False)
class PathPlane:
    """A plane through a path's start and the fraction of the path's variance that it explains, 0 to 1."""

    plane: Plane
    explained: float


def path_plane(run: Descent, *, from_start: bool = False) -> PathPlane:
    """Return the plane through the start along the two principal components of the path.

    They are the leading right singular vectors of the iterates minus their mean
    (H. Li et al., Visualizing the loss landscape of neural nets, 2018,
    section 7), or with ``from_start`` of the displacements from the start,
    which give the approach as much weight as the movement near the end. Each
    points towards the last iterate. Iterates beyond ``MAX_MAGNITUDE`` are left
    out. Raises ValueError for one parameter.
    """
    check_type(run, Descent, "run")
    check_bool(from_start, "from_start")
    if run.theta.shape[1] < 2:
        raise ValueError("a plane needs at least 2 parameters")
    is_near = np.abs(run.theta).max(axis=1) <= MAX_MAGNITUDE
    theta = run.theta[is_near] if is_near[0] else run.theta[:1]
    displacements, centered = theta - theta[0], theta - theta.mean(axis=0)
    _, _, directions = np.linalg.svd(
        displacements if from_start else centered, full_matrices=len(displacements) < 3
    )
    signs = np.sign(directions[:2] @ displacements[-1])
    directions = directions[:2] * np.where(signs == 0, 1.0, signs)[:, None]
    variance = float(np.square(centered).sum())
    explained = float(np.square(centered @ directions.T).sum()) / variance if variance > 0.0 else 1.0
    return PathPlane(_plane_around_path(run.theta[0], directions, displacements), min(explained, 1.0))


def _plane_around_path(origin: Array, directions: Array, displacements: Array) -> Plane:
    """Return the plane with a box around the path's projection, no side below 3/5 of the other."""
    coordinates = displacements @ directions.T
    low, high = coordinates.min(axis=0), coordinates.max(axis=0)
    largest_extent = float((high - low).max()) or 1.0
    half_width = np.maximum(0.75 * (high - low), 0.45 * largest_extent)
    middle = (low + high) / 2
    box = tuple((float(m - h), float(m + h)) for m, h in zip(middle, half_width, strict=True))
    return Plane(
        frozen(origin),
        frozen(directions),
        (box[0], box[1]),
        (message("along the path"), message("across it")),
    )


def parameter_plane(problem: Problem, axes: Any) -> Plane:
    """Return the plane of the two parameters at positions ``axes``; the others stay at the problem's start.

    Raises ValueError unless ``axes`` are two different positions in 0 .. d-1.
    """
    check_type(problem, Problem, "problem")
    try:
        first, second = axes
    except (TypeError, ValueError):
        first = second = None
    if not (_is_axis(first, problem.dim) and _is_axis(second, problem.dim)) or first == second:
        raise ValueError(f"axes must be two different positions from 0 to {problem.dim - 1}; not {axes!r}")
    positions = [int(first), int(second)]
    box = rounded_box(problem.start[positions], problem.reach[positions])
    return coordinate_plane(problem.start, box, problem.labels, (positions[0], positions[1]))


def _is_axis(value: Any, dim: int) -> bool:
    return isinstance(value, int | np.integer) and not isinstance(value, bool) and 0 <= int(value) < dim


def random_plane(problem: Problem, at: Any, seed: int = 0) -> Plane:
    """Return a plane through ``at (d,)`` along two random directions with filter normalization.

    The entries of a direction for the weights of one neuron have the norm of
    that neuron's weights at ``at``, and those for biases are zero (H. Li et
    al., Visualizing the loss landscape of neural nets, 2018, section 4). So the
    plot does not change if layers are rescaled against each other. The box
    extends one such norm to each side.
    """
    center = as_point(at, check_type(problem, Problem, "problem").dim, "at")
    rng = make_rng(seed)
    directions = rng.normal(size=(2, problem.dim))
    is_weight = np.zeros(problem.dim, dtype=bool)
    for group in neuron_groups(problem.roles):
        is_weight[group] = True
        norms = np.linalg.norm(directions[:, group], axis=1, keepdims=True)
        size = float(np.abs(center[group]).max()) or 1.0  # the squares of huge weights would overflow
        directions[:, group] *= size * (np.linalg.norm(center[group] / size) / norms)
    directions[:, ~is_weight] = 0.0
    box = ((-1.0, 1.0), (-1.0, 1.0))
    return Plane(
        frozen(center),
        frozen(directions),
        box,
        (message("random direction 1"), message("random direction 2")),
    )


def neuron_groups(roles: tuple[Role, ...]) -> list[list[int]]:
    """Return the positions of the weights of each neuron, without biases."""
    groups: dict[tuple[int, int], list[int]] = {}
    for i, role in enumerate(roles):
        if not role.is_bias:
            groups.setdefault((role.layer, role.unit), []).append(i)
    return list(groups.values())
