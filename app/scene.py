"""From a state to all that the page shows: the one seam to the mathematics."""

from collections.abc import Sequence

import losses
from app import ids, words
from app.cast import Cast
from app.controls import controls
from app.described import described
from app.figures.details import DETAILS
from app.figures.examples import way
from app.figures.moment import Figure, typed
from app.ground import Ground
from app.lessons import card
from app.menus import typeset
from app.problems import paintable
from app.rivals import race_table
from app.state import State, to_query
from app.tables import known_table, step_table
from app.views import figures, name_of, run_arrays
from losses.arrays import Array


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
        "lang": state.lang,
        "rate": state.rate,
        "hide": state.hide,
        "embed": state.embed,
        "view": state.card,
        "fog": state.foggy,
        "lesson": card(state.s, state.a, cast) if state.s else None,
        "basins": state.basins if paintable(here.problem) else None,
        "ghost": bool(state.ghost),
        "ground": name_of(here.key),
        "examples": examples(here.problem),
        "rule": typeset(losses.OPTIMIZERS[state.opt].formula) if state.card == "step" else "",
        "controls": controls(state, here.best, here.surface.plane, known),
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


def on_slice(here: Ground, run: losses.Descent) -> Array | None:
    """The slice's height under each iterate; None where the plane is the whole space."""
    plane = here.surface.plane
    if not plane.is_slice:
        return None
    u, v = plane.coordinates(run.theta).T
    return here.problem.value(plane.points(u, v))


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


def moments(cast: Cast, steps: Sequence[int] | None = None) -> list[Figure]:
    """What is said at each step, or at some of them; the tables only while they are open."""
    state, here, run = cast.state, cast.here, cast.run
    steps = range(len(run.theta)) if steps is None else steps
    seen = on_slice(here, run)
    said: list[Figure] = list(
        words.moments(here.problem, run, cast.best, seen, steps=steps, veiled=state.foggy or state.asking)
    )
    again = losses.replay(run) if state.card == "step" else None
    raced = race_table(state, run, cast.rivals) if state.card == "race" else None
    lines = words.lines(state, cast.beside, cast.rivals)
    for k, moment in zip(steps, said, strict=True):
        moment["beside"] = [{"mark": line["mark"], "text": line["text"](k)} for line in lines]
        if again:
            moment["step"] = step_table(run, again, k)
        elif raced:
            moment["race"] = raced
        elif state.card == "known":
            moment["known"] = known_table(here.problem, run, cast.best, k)
    return said
