"""From a state to all that the page shows: the one seam to the mathematics, and the only cache."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import lru_cache, partial
from hashlib import blake2s

import numpy as np

import losses
from app import ids, limits, meter, words
from app.controls import controls, typeset
from app.figures.contour import contour_map
from app.figures.details import DETAILS
from app.figures.examples import way
from app.figures.height import Height, height_of
from app.figures.landscape import landscape
from app.figures.moment import Figure, typed
from app.figures.path import arrays
from app.problems import Window, own
from app.state import State, to_query
from app.tables import known_table, step_table
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
    key = f"{state.data} {state.model} {state.loss} {state.standardize:d} {state.seed} {state.edit} {taken} {spelled} {state.plane} {state.tilt} {state.axis1} {state.axis2}"
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


def figures(here: Ground, state: State) -> dict[str, tuple[str, Callable[[], Figure]]]:
    """For each view a name of its figure, and how to make it: all that stands still while a run moves."""
    ball, fog, detail = losses.OPTIMIZERS[state.opt].inertia, state.fog, DETAILS[state.view]
    best = without_hints(here.best) if fog else here.best
    made: dict[str, tuple[object, Callable[[], Figure]]] = {
        ids.LANDSCAPE: (ball, lambda: landscape(here.surface, here.height, best, state.start, ball=ball)),
        ids.MAP: (ball, lambda: contour_map(here.surface, here.height, best, ball=ball)),
        ids.DATA: ("", lambda: way(here.problem).figure(here.problem, best)),
        ids.DETAIL: (state.view, lambda: detail.figure(here.problem, best)),
    }
    seen = in_fog if fog else dict
    return {
        view: (_name(view, here.key, fog, own), partial(_seen, seen, make))
        for view, (own, make) in made.items()
    }


def _seen(through: Callable[[Figure], Figure], make: Callable[[], Figure]) -> Figure:
    return through(make())


def in_fog(figure: Figure) -> Figure:
    """A figure without what lies ahead, with a compass instead."""
    traces = [part for part in figure["moving"] if part["trace"].get("name") != "future"]
    shown = [
        part | {"trace": part["trace"] | {"visible": True}}
        if part["trace"].get("name") == "compass"
        else part
        for part in traces
    ]
    return figure | {"moving": shown}


def without_hints(best: losses.Certificate) -> losses.Certificate:
    """What may be shown in the fog: nothing of where the lowest point is."""
    return replace(best, optimum=None, loss=None)


def _name(*parts: object) -> str:
    return blake2s(repr(parts).encode(), digest_size=8).hexdigest()


def on_slice(here: Ground, run: losses.Descent) -> Array | None:
    """The slice's height under each iterate; None where the plane is the whole space."""
    plane = here.surface.plane
    if not plane.is_slice:
        return None
    u, v = plane.coordinates(run.theta).T
    return here.problem.value(plane.points(u, v))


def run_arrays(here: Ground, run: losses.Descent, view: str) -> dict[str, Array]:
    """Every array that a moving trace names; a detail's only while it is open."""
    with np.errstate(over="ignore", invalid="ignore"):
        data = way(here.problem).arrays(here.problem, run)
        detail = DETAILS[view].arrays(here.problem, run)
    return {**arrays(run, here.surface.plane, here.height), **data, **detail}


def scene(state: State, notices: tuple[str, ...] = (), known: tuple[str, ...] = ()) -> Figure:
    """All that the browser needs for a state, less the figures that it has ``known`` before."""
    here = ground(state)
    with meter.kernel("descent"):
        run = descent(state)
    best = without_hints(here.best) if state.fog else here.best
    return {
        "link": to_query(state, keep=("k",)),
        "plain": to_query(state),
        "step": min(state.k, len(run.theta) - 1),
        "title": words.title(state),
        "notices": list(notices),
        "theme": state.theme,
        "view": state.view,
        "fog": state.fog,
        "ground": _name(here.key),
        "examples": examples(here.problem),
        "rule": typeset(losses.OPTIMIZERS[state.opt].formula) if state.view == "step" else "",
        "controls": controls(state, here.best, here.surface.plane),
        "captions": words.captions(state, here.seen.note),
        "start": state.start,
        "figures": {
            view: {"name": name, "figure": None if name in known else make()}
            for view, (name, make) in figures(here, state).items()
        },
        "run": {
            "arrays": {name: typed(values) for name, values in run_arrays(here, run, state.view).items()},
            "layout": {ids.DETAIL: DETAILS[state.view].layout(run, best)},
            "moments": moments(here, run, best, state),
        },
    }


def examples(problem: losses.Problem) -> Figure:
    """What of the examples in the data view may be changed by hand: values, classes, or nothing."""
    drawn = way(problem).key
    kind = {"fitted": "value", "border": "class"}.get(drawn, "")
    if not isinstance(problem, losses.DataProblem) or not kind:
        return {"kind": ""}
    said = list(problem.data.classes)
    return {"kind": "class" if said else kind, "targets": problem.data.y.tolist(), "said": said}


def moments(here: Ground, run: losses.Descent, best: losses.Certificate, state: State) -> list[Figure]:
    """What is said at each step; the tables only while they are open."""
    said: list[Figure] = list(words.moments(here.problem, run, best, on_slice(here, run), veiled=state.fog))
    again = losses.replay(run) if state.view == "step" else None
    for k, moment in enumerate(said):
        if again:
            moment["step"] = step_table(run, again, k)
        elif state.view == "known":
            moment["known"] = known_table(here.problem, run, best, k)
    return said
