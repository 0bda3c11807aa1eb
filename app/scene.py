"""From a state to all that the page shows: the one seam to the mathematics."""

from collections.abc import Callable
from functools import partial
from hashlib import blake2s

import numpy as np

import losses
from app import ids, painting, words
from app.cast import Cast
from app.controls import controls
from app.described import described
from app.figures import overlay
from app.figures.contour import contour_map
from app.figures.details import DETAILS
from app.figures.examples import way
from app.figures.landscape import landscape
from app.figures.moment import Figure, typed
from app.figures.path import arrays
from app.ground import Ground
from app.lessons import card, guessed
from app.menus import typeset
from app.problems import paintable
from app.rivals import Rival, race_table
from app.state import State, to_query
from app.tables import known_table, step_table
from losses.arrays import Array

Make = Callable[[], Figure]


def figures(cast: Cast) -> dict[str, tuple[str, Make]]:
    """For each view a name of its figure, and how to make it: all that stands still while a run moves."""
    state, here, best, beside = cast.state, cast.here, cast.best, cast.beside
    ball = losses.OPTIMIZERS[state.opt].inertia
    marked = [(rival.key, rival.name, rival.mark) for rival in cast.rivals]
    second = (beside.key, beside.name, beside.here.key) if beside else ()
    guess = guessed(state.s, state.a, cast)
    made: dict[str, tuple[object, Make]] = {
        ids.LANDSCAPE: ((ball, marked, bool(beside)), partial(_landscape, here, best, state, marked)),
        ids.MAP: (
            (ball, marked, painting.name(state), guess),
            partial(_map, here, best, state, marked, guess),
        ),
        ids.DATA: (second, partial(_data, here, best, beside)),
        ids.DETAIL: ((state.card, marked, second), partial(_detail, here, best, state.card, marked, beside)),
    }
    named = {
        view: (_name(view, here.key, state.foggy, state.asking, own), make)
        for view, (own, make) in made.items()
    }
    if beside:
        named |= _beside(beside, state)
    seen = in_fog if state.foggy else unforeseen if state.asking else dict
    return {view: (name, partial(_seen, seen, make)) for view, (name, make) in named.items()}


def _beside(beside: Rival, state: State) -> dict[str, tuple[str, Make]]:
    """The second ground of a comparison: the same figures with the arrays of the second run."""
    there = beside.here
    made: dict[str, Make] = {
        ids.LANDSCAPE_2: partial(_landscape, there, there.best, beside.state, []),
        ids.MAP_2: partial(_map, there, there.best, beside.state, []),
    }
    own = painting.name(beside.state)
    return {
        view: (_name(view, there.key, state.foggy, state.asking, own), partial(_of_rival, make, beside.key))
        for view, make in made.items()
    }


def _of_rival(make: Make, key: str) -> Figure:
    return overlay.of_rival(make(), key)


def _seen(through: Callable[[Figure], Figure], make: Make) -> Figure:
    return through(make())


def _with(figure: Figure, more: list[Figure]) -> Figure:
    return figure | {"moving": [*more, *figure["moving"]]}


Marked = list[tuple[str, str, int]]
Places = tuple[tuple[float, ...], ...]


def _landscape(here: Ground, best: losses.Certificate, state: State, marked: Marked) -> Figure:
    ball = losses.OPTIMIZERS[state.opt].inertia
    figure = landscape(here.surface, here.height, best, state.start, ball=ball)
    axes = {"x": "u", "y": "v", "z": "h"}
    return _with(figure, [part for one in marked for part in overlay.on_ground("scatter3d", *one, axes)])


def _map(here: Ground, best: losses.Certificate, state: State, marked: Marked, guess: Places = ()) -> Figure:
    ball = losses.OPTIMIZERS[state.opt].inertia
    painted = painting.traces(state, here)
    figure = contour_map(here.surface, here.height, best, ball=ball, painted=painted)
    if guess:
        figure["data"] += overlay.guess(*guess)
    axes, figure = {"x": "u", "y": "v"}, figure | painting.unfinished(state, here)
    return _with(figure, [part for one in marked for part in overlay.on_ground("scatter", *one, axes)])


def _data(here: Ground, best: losses.Certificate, beside: Rival | None) -> Figure:
    figure = way(here.problem).figure(here.problem, best)
    if not beside:
        return figure
    figure = overlay.with_examples(figure, here.problem, beside.here.problem)
    return _with(figure, overlay.on_data(here.problem, beside.key, beside.name, 0))


def _detail(
    here: Ground, best: losses.Certificate, view: str, marked: Marked, beside: Rival | None
) -> Figure:
    figure = DETAILS[view].figure(here.problem, best)
    if view != "curve":
        return figure
    more = [part for one in marked for part in overlay.on_curve(*one)]
    if not beside:
        return _with(figure, more)
    second = overlay.on_curve(beside.key, beside.name, 0, second_axis=True)
    return _with(figure | {"layout": overlay.two_scales(figure["layout"])}, [*more, *second])


def unforeseen(figure: Figure) -> Figure:
    """A figure without what lies ahead."""
    ahead = ("future", "next", "step", "slope")
    return figure | {"moving": [part for part in figure["moving"] if part["trace"].get("name") not in ahead]}


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


def _name(*parts: object) -> str:
    return blake2s(repr(parts).encode(), digest_size=8).hexdigest()


def on_slice(here: Ground, run: losses.Descent) -> Array | None:
    """The slice's height under each iterate; None where the plane is the whole space."""
    plane = here.surface.plane
    if not plane.is_slice:
        return None
    u, v = plane.coordinates(run.theta).T
    return here.problem.value(plane.points(u, v))


def run_arrays(cast: Cast) -> dict[str, Array]:
    """Every array that a moving trace names; a detail's only while it is open."""
    own = _arrays_of(cast.here, cast.run)
    with np.errstate(over="ignore", invalid="ignore"):
        own |= DETAILS[cast.state.card].arrays(cast.here.problem, cast.run)
    for rival in [*cast.rivals, *([cast.beside] if cast.beside else [])]:
        own |= overlay.prefixed(_arrays_of(rival.here, rival.run), rival.key)
    return own


def _arrays_of(here: Ground, run: losses.Descent) -> dict[str, Array]:
    with np.errstate(over="ignore", invalid="ignore"):
        data = way(here.problem).arrays(here.problem, run)
    return {**arrays(run, here.surface.plane, here.height), **data}


def scene(state: State, notices: tuple[str, ...] = (), known: tuple[str, ...] = ()) -> Figure:
    """All that the browser needs for a state, less the figures that it has ``known`` before."""
    cast = Cast(state)
    here, run, beside = cast.here, cast.run, cast.beside
    return {
        "link": to_query(state, keep=("k",)),
        "plain": to_query(state),
        "step": 0 if state.asking else min(state.k, len(run.theta) - 1),
        "title": words.title(state),
        "notices": list(notices),
        "theme": state.theme,
        "rate": state.rate,
        "hide": state.hide,
        "embed": state.embed,
        "view": state.card,
        "fog": state.foggy,
        "lesson": card(state.s, state.a, cast) if state.s else None,
        "basins": state.basins if paintable(here.problem) else None,
        "ghost": bool(state.ghost),
        "ground": _name(here.key),
        "examples": examples(here.problem),
        "rule": typeset(losses.OPTIMIZERS[state.opt].formula) if state.card == "step" else "",
        "controls": controls(state, here.best, here.surface.plane),
        "described": described(cast),
        "captions": words.captions(state, here.seen.note, beside.name if beside else ""),
        "start": state.start,
        "figures": {
            view: {"name": name, "figure": None if name in known else make()}
            for view, (name, make) in figures(cast).items()
        },
        "run": {
            "arrays": {name: typed(values) for name, values in run_arrays(cast).items()},
            "layout": {ids.DETAIL: layout(cast)},
            "moments": moments(cast),
        },
    }


def layout(cast: Cast) -> Figure:
    """The part of the changing card's layout that follows the runs."""
    view, beside = DETAILS[cast.state.card], cast.beside
    own = view.layout(cast.run, cast.best)
    if not beside or view.key != "curve":
        return own
    theirs = view.layout(beside.run, beside.here.best)
    return own | {key.replace("yaxis", "yaxis2"): value for key, value in theirs.items() if "yaxis" in key}


def examples(problem: losses.Problem) -> Figure:
    """What of the examples in the data view may be changed by hand: values, classes, or nothing."""
    drawn = way(problem).key
    kind = {"fitted": "value", "border": "class"}.get(drawn, "")
    if not isinstance(problem, losses.DataProblem) or not kind:
        return {"kind": ""}
    said = list(problem.data.classes)
    return {"kind": "class" if said else kind, "targets": problem.data.y.tolist(), "said": said}


def moments(cast: Cast) -> list[Figure]:
    """What is said at each step; the tables only while they are open."""
    state, here, run = cast.state, cast.here, cast.run
    seen = on_slice(here, run)
    said: list[Figure] = list(
        words.moments(here.problem, run, cast.best, seen, veiled=state.foggy or state.asking)
    )
    again = losses.replay(run) if state.card == "step" else None
    raced = race_table(state, run, cast.rivals) if state.card == "race" else None
    lines = words.lines(state, cast.beside, cast.rivals)
    for k, moment in enumerate(said):
        moment["beside"] = [{"mark": line["mark"], "text": line["text"](k)} for line in lines]
        if again:
            moment["step"] = step_table(run, again, k)
        elif raced:
            moment["race"] = raced
        elif state.card == "known":
            moment["known"] = known_table(here.problem, run, cast.best, k)
    return said
