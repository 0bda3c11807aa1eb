"""Every figure in sentences made from its numbers, for who cannot see it."""

import math
from typing import Any

import numpy as np

import losses
from app import ids
from app.cast import Cast
from app.figures.details import DETAILS
from app.figures.examples import way
from app.ground import Ground
from losses.arrays import Array
from losses.words import num

MOST_NAMED = 6
"""Of more parameters the place of a minimum is not read out."""
ZERO = 1e-9
ROUND = 1.05
"""Level lines that are hardly longer than wide."""


def described(cast: Cast) -> dict[str, str]:
    """What each figure shows, by its id. In the fog and before an answer nothing of what lies ahead."""
    veiled = cast.state.foggy or cast.state.asking
    said = {
        ids.LANDSCAPE: surface(cast.here, cast.best, cast.run, veiled),
        ids.MAP: f"The same from above, in level lines. {way_taken(cast.here, cast.run, veiled)}",
        ids.DATA: examples(cast.here.problem),
        ids.DETAIL: detail(cast, veiled),
    }
    if cast.beside:
        here, run = cast.beside.here, cast.beside.run
        said |= {
            ids.LANDSCAPE_2: surface(here, here.best, run, veiled),
            ids.MAP_2: f"The same from above, in level lines. {way_taken(here, run, veiled)}",
        }
    return said


def surface(here: Ground, best: losses.Certificate, run: losses.Descent, veiled: bool) -> str:
    """Axes, minimum, shape of the valley and path of a loss surface."""
    plane, problem = here.surface.plane, here.problem
    sides = " and ".join(plane.labels)
    kind = f"A slice through {problem.dim} parameters, {sides}" if plane.is_slice else f"Over {sides}"
    parts = [f"{_name(problem)}. {kind}."]
    if not veiled:
        parts += [minimum(problem, best), "" if plane.is_slice else valley(best)]
    parts.append(path(run, veiled))
    return " ".join(part for part in parts if part)


def _name(problem: losses.Problem) -> str:
    if isinstance(problem, losses.DataProblem):
        return f"Loss surface of {problem.loss.name}"
    return f"Surface of {getattr(problem, 'name', '')}"


def minimum(problem: losses.Problem, best: losses.Certificate) -> str:
    if best.exists is False:
        return "It has no minimum: the loss falls for ever."
    if best.optimum is None or best.loss is None:
        return "Where it is lowest is not known."
    known = "One minimum" if best.unique else "The lowest minimum found"
    if problem.dim > MOST_NAMED:
        return f"{known}, {num(best.loss)}."
    return f"{known}, {num(best.loss if abs(best.loss) > ZERO else 0.0)}, at {place(problem.parameters, best.optimum)}."


def place(names: tuple[str, ...], at: Array) -> str:
    """Coordinates by name; what is left of a zero by rounding is said as zero."""
    least = ZERO * max(1.0, float(np.abs(at).max()))
    return ", ".join(
        f"{name} {num(value if abs(value) > least else 0.0)}" for name, value in zip(names, at, strict=True)
    )


def way_taken(here: Ground, run: losses.Descent, veiled: bool) -> str:
    """Where on the map the run begins and ends."""
    plane = here.surface.plane
    ends = [f"({', '.join(map(num, point))})" for point in plane.coordinates(run.theta[[0, -1]])]
    sides = " and ".join(plane.labels)
    if veiled or len(run.theta) == 1:
        return f"The path begins at {ends[0]}, in {sides}."
    return f"The path leads from {ends[0]} to {ends[1]}, in {sides}."


def valley(best: losses.Certificate) -> str:
    """How stretched the level lines are at the minimum: the ratio of an ellipse's axes is the root of κ."""
    if best.condition is None or not math.isfinite(best.condition):
        return ""
    longer = math.sqrt(best.condition)
    if longer < ROUND:
        return "Its level lines are circles."
    return f"Near it the level lines are {num(longer)} times longer than wide, as κ is {num(best.condition)}."


def path(run: losses.Descent, veiled: bool) -> str:
    begun = f"The path starts at a loss of {num(run.loss[0])}"
    last = len(run.theta) - 1
    if veiled or not last:
        return f"{begun}."
    return f"{begun} and after {last} steps is at {num(run.loss[-1])}."


def examples(problem: Any) -> str:
    """What the data view shows: how many examples of what, from where to where."""
    if not isinstance(problem, losses.DataProblem):
        return f"{problem.formula}. {problem.when}"
    data = problem.data
    inputs = data.inputs
    if data.image:
        seen = f"images of {data.image[0]} × {data.image[1]} points"
    elif inputs.shape[1] <= 2:
        seen = " and ".join(
            f"{name} from {num(low)} to {num(high)}"
            for name, low, high in zip(data.input_names, inputs.min(axis=0), inputs.max(axis=0), strict=True)
        )
    else:
        seen = f"{inputs.shape[1]} inputs"
    if not data.classes:
        reach = f"{data.target_name} from {num(data.y.min())} to {num(data.y.max())}"
    else:
        counts = np.bincount(data.y.astype(int), minlength=len(data.classes))
        reach = ", ".join(f"{count} are {name}" for name, count in zip(data.classes, counts, strict=True))
    drawn = " with the model of this step" if way(problem).key in ("fitted", "border") else ""
    return f"{len(data.y)} examples{drawn}: {seen}; {reach}."


def detail(cast: Cast, veiled: bool) -> str:
    view, run = DETAILS[cast.state.card], cast.run
    said = f"{view.name}: {view.hint}"
    last = len(run.theta) - 1
    if view.key != "curve" or veiled or not last:
        return said
    lowest = int(np.nanargmin(run.loss)) if np.isfinite(run.loss).any() else 0
    return f"{said} From {num(run.loss[0])} to {num(run.loss[-1])} in {last} steps, lowest {num(run.loss[lowest])} at step {lowest}."
