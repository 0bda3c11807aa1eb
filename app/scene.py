"""From a state to all that the page shows: the one seam to the mathematics, and the only cache."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

import losses
from app import ids, limits, meter, words
from app.controls import controls
from app.figures.contour import contour_map
from app.figures.curve import curve, curve_ranges
from app.figures.examples import examples, fits
from app.figures.height import Height, height_of
from app.figures.landscape import landscape
from app.figures.moment import Figure, typed
from app.figures.path import arrays
from app.problems import Window, own
from app.state import State, to_query
from losses.arrays import Array


@dataclass(frozen=True)
class Ground:
    """What stands still while a run moves: a problem, its surface and its certificate."""

    key: str
    problem: losses.Problem
    surface: losses.Surface
    height: Height
    best: losses.Certificate
    seen: Window


@lru_cache(maxsize=64)
def _ground(problem: losses.Problem, seen: Window, box: losses.Box, key: str) -> Ground:
    meter.MISSES.labels("ground").inc()
    with meter.kernel("surface"):
        surface = losses.surface(problem, size=grid_size(problem), box=box, plane=seen.plane)
    with meter.kernel("certificate"):
        best = losses.certify(problem)
    return Ground(key, problem, surface, height_of(surface.z), best, seen)


def grid_size(problem: losses.Problem) -> int:
    """How fine a grid an answer can afford."""
    if not isinstance(problem, losses.DataProblem) or problem.score(problem.start).size <= limits.HEAVY:
        return limits.GRID
    return limits.COARSE if problem.model.linear else limits.COARSEST


def ground(state: State) -> Ground:
    """The ground of a state. Its window is the problem's own, widened where the start lies outside."""
    problem = state.problem
    box = stretched(state.window.plane.box, state.start)
    spelled = ",".join(f"{edge:g}" for side in box for edge in side)
    taken = " ".join(f"{name}={value:g}" for name, value in state.settings)
    key = f"{state.data} {state.model} {state.loss} {state.standardize:d} {state.seed} {taken} {spelled} {state.plane} {state.tilt} {state.axis1} {state.axis2}"
    meter.LOOKUPS.labels("ground").inc()
    return _ground(problem, state.window, box, key)


def stretched(box: losses.Box, start: tuple[float, float]) -> losses.Box:
    """A box, widened to hold the start with a margin."""

    def side(low: float, high: float, at: float) -> tuple[float, float]:
        margin = 0.1 * (high - low)
        return (low if at >= low else at - margin), (high if at <= high else at + margin)

    return side(*box[0], start[0]), side(*box[1], start[1])


def descent(state: State) -> losses.Descent:
    u, v = np.array(state.start)
    start = state.window.plane.points(u, v)
    return losses.descend(
        state.problem,
        state.opt,
        start=start,
        rate=state.rate,
        steps=state.steps,
        schedule=state.schedule,
        seed=state.seed,
        **dict(own(losses.OPTIMIZERS[state.opt].settings, dict(state.settings))),
    )


def still(here: Ground, state: State) -> dict[str, Figure]:
    """The figures of a problem, without a run."""
    return {
        ids.LANDSCAPE: landscape(here.surface, here.height, here.best, state.start),
        ids.MAP: contour_map(here.surface, here.height, here.best),
        ids.DATA: examples(here.problem, here.best),
        ids.CURVE: curve(),
    }


def on_slice(here: Ground, run: losses.Descent) -> Array | None:
    """The slice's height under each iterate; None where the plane is the whole space."""
    plane = here.surface.plane
    if not plane.is_slice:
        return None
    u, v = plane.coordinates(run.theta).T
    return here.problem.value(plane.points(u, v))


def run_arrays(here: Ground, run: losses.Descent) -> dict[str, Array]:
    """Every array that a moving trace names."""
    return arrays(run, here.surface.plane, here.height) | fits(here.problem, run)


def scene(state: State, notices: tuple[str, ...] = (), known: tuple[str, ...] = ()) -> Figure:
    """All that the browser needs for a state, less the figures of grounds that it ``knows``."""
    here = ground(state)
    with meter.kernel("descent"):
        run = descent(state)
    return {
        "link": to_query(state, keep=("k",)),
        "plain": to_query(state),
        "step": min(state.k, len(run.theta) - 1),
        "title": words.title(state),
        "notices": list(notices),
        "theme": state.theme,
        "controls": controls(state, here.best, here.surface.plane),
        "ground": here.key,
        "captions": words.captions(state, here.seen.note),
        "start": state.start,
        "still": None if here.key in known else still(here, state),
        "run": {
            "arrays": {name: typed(values) for name, values in run_arrays(here, run).items()},
            "layout": {ids.CURVE: curve_ranges(run, here.best)},
            "moments": words.moments(here.problem, run, here.best, on_slice(here, run)),
        },
    }
