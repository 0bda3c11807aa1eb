"""The figures of everyone on a stage: what stands still, with a name, and the arrays of what moves."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from hashlib import blake2s

import numpy as np

import losses

from ..common import ids
from ..experiment import basin_tiles
from ..experiment.comparison import Rival
from ..experiment.experiment import Cast
from ..experiment.run import Ground
from ..figures import comparison_overlay
from ..figures.contour_map import contour_map
from ..figures.data_card_views import MORAL, way
from ..figures.detail_card_views import DETAILS
from ..figures.probability_grid import Table
from ..figures.step_slices import Figure
from ..figures.surface_3d import FAR, FARTHER, landscape
from ..figures.trajectory import arrays, course
from ..lessons import guessed
from ..url_state.state import State

Make = Callable[[], Figure]


def figures(cast: Cast) -> dict[str, tuple[str, Make]]:
    """For each view a name of its figure, and how to make it: all that stands still while a run moves."""
    state, here, best, beside = cast.state, cast.here, cast.best, cast.beside
    ball = losses.OPTIMIZERS[state.opt].has_inertia
    marked = [(rival.key, rival.name, rival.mark) for rival in cast.rivals]
    second = (beside.key, beside.name, beside.here.key) if beside else ()
    guess = guessed(state.s, state.a, cast.asked)
    made: dict[str, tuple[object, Make]] = {
        ids.LANDSCAPE: (
            (ball, marked, bool(beside)),
            partial(_landscape, here, best, state, marked, FARTHER if beside else FAR),
        ),
        ids.MAP: (
            (ball, marked, basin_tiles.name(state), guess),
            partial(_map, here, best, state, marked, guess),
        ),
        ids.DATA: (second, partial(_data, here, best, beside)),
        ids.DETAIL: ((state.card, marked, second), partial(_detail, here, best, state.card, marked, beside)),
    }
    named = {
        view: (name_of(view, here.key, state.foggy, state.asking, state.pointed, own), make)
        for view, (own, make) in made.items()
    }
    if beside:
        named |= _beside(beside, cast.known(beside.here), state)
    seen = (
        in_fog if state.foggy else underfoot if state.pointed else unforeseen if state.asking else in_the_open
    )
    return {view: (name, partial(_seen, seen, make)) for view, (name, make) in named.items()}


def _beside(beside: Rival, best: losses.Certificate, state: State) -> dict[str, tuple[str, Make]]:
    """The second ground of a comparison: the same figures with the arrays of the second run."""
    there = beside.here
    made: dict[str, Make] = {
        ids.LANDSCAPE_2: partial(_landscape, there, best, beside.state, [], FARTHER),
        ids.MAP_2: partial(_map, there, best, beside.state, []),
    }
    own = basin_tiles.name(beside.state)
    return {
        view: (
            name_of(view, there.key, state.foggy, state.asking, state.pointed, own),
            partial(_of_rival, make, beside.key),
        )
        for view, make in made.items()
    }


def _of_rival(make: Make, key: str) -> Figure:
    return comparison_overlay.of_rival(make(), key)


def _seen(through: Callable[[Figure], Figure], make: Make) -> Figure:
    return through(make())


def _with(figure: Figure, more: list[Figure]) -> Figure:
    return figure | {"moving": [*more, *figure["moving"]]}


Marked = list[tuple[str, str, int]]
Places = tuple[tuple[float, ...], ...]


def _landscape(here: Ground, best: losses.Certificate, state: State, marked: Marked, away: float) -> Figure:
    ball = losses.OPTIMIZERS[state.opt].has_inertia
    home = f"{state.data} {state.model} {state.standardize:d} {state.plane} {away:g}"
    figure = landscape(here.surface, here.height, best, state.start, ball=ball, away=away, home=home)
    axes = {"x": "u", "y": "v", "z": "h"}
    return _with(
        figure, [part for one in marked for part in comparison_overlay.on_ground("scatter3d", *one, axes)]
    )


def _map(here: Ground, best: losses.Certificate, state: State, marked: Marked, guess: Places = ()) -> Figure:
    ball = losses.OPTIMIZERS[state.opt].has_inertia
    painted = basin_tiles.traces(state, here)
    figure = contour_map(here.surface, here.height, best, ball=ball, painted=painted)
    if guess:
        figure["data"] += comparison_overlay.guess(*guess)
    axes, figure = {"x": "u", "y": "v"}, figure | basin_tiles.unfinished(state, here)
    return _with(
        figure, [part for one in marked for part in comparison_overlay.on_ground("scatter", *one, axes)]
    )


def _data(here: Ground, best: losses.Certificate, beside: Rival | None) -> Figure:
    figure = way(here.problem).figure(here.problem, best)
    if not beside:
        return figure
    figure = comparison_overlay.with_examples(figure, here.problem, beside.here.problem)
    return _with(figure, comparison_overlay.on_data(here.problem, beside.key, beside.name, 0))


def _detail(here: Ground, best: losses.Certificate, key: str, marked: Marked, beside: Rival | None) -> Figure:
    view = DETAILS[key]
    figure = view.figure(here.problem, best)
    if view.compares_losses and beside and _same_examples(here, beside):
        return comparison_overlay.on_lens(figure, beside.state.loss, beside.key)
    if not view.shows_loss_by_step:
        return figure
    more = [part for one in marked for part in comparison_overlay.on_curve(*one)]
    if not beside:
        return _with(figure, more)
    second = comparison_overlay.on_curve(beside.key, beside.name, 0, second_axis=True)
    return _with(figure | {"layout": comparison_overlay.two_scales(figure["layout"])}, [*more, *second])


def _same_examples(here: Ground, beside: Rival) -> bool:
    """Whether what stands beside it differs by the loss alone, so that one lens shows both."""
    own, other = here.problem, beside.here.problem
    return isinstance(own, losses.DataProblem) and own.data is other.data and own.loss is not other.loss  # type: ignore[attr-defined]


def in_the_open(figure: Figure) -> Figure:
    """A figure without the compass: the ground tells the way."""
    return _without(figure, ("compass",))


def unforeseen(figure: Figure) -> Figure:
    """A figure without what lies ahead."""
    return _without(underfoot(figure), ("compass",))


def underfoot(figure: Figure) -> Figure:
    """A figure without what lies ahead but a compass."""
    layout = figure["layout"]
    notes = [note for note in layout.get("annotations", ()) if note.get("name") != MORAL]
    seen = _without(_so_far(figure), ("future", "next", "step", "slope"))
    return seen | {"layout": layout | {"annotations": notes}}


def _without(figure: Figure, names: tuple[str, ...]) -> Figure:
    """A figure without some of its traces."""
    return figure | {"moving": [part for part in figure["moving"] if part["trace"].get("name") not in names]}


def _so_far(figure: Figure) -> Figure:
    """A figure with whole runs only as far as they have come."""
    shown = [
        part | {"slice": "past"} if part["trace"].get("meta") == comparison_overlay.WHOLE else part
        for part in figure["moving"]
    ]
    return figure | {"moving": shown}


def in_fog(figure: Figure) -> Figure:
    """A figure without what lies ahead but a compass, and the walk in ink: there is no ground under it."""
    inked: Figure = {"past": {"line": {"color": "var(--ink)"}}, "first": {"marker": {"color": "var(--ink)"}}}
    figure = _without(_so_far(figure), ("future",))
    shown = [
        part | {"trace": _deeper(part["trace"], inked.get(part["trace"].get("name"), {}))}
        for part in figure["moving"]
    ]
    return figure | {"moving": shown}


def _deeper(trace: Figure, changes: Figure) -> Figure:
    """A trace with changes, some of them to a part of a part."""
    parts = {k: trace[k] | v if isinstance(v, dict) and k in trace else v for k, v in changes.items()}
    return trace | parts


def name_of(*parts: object) -> str:
    return blake2s(repr(parts).encode(), digest_size=8).hexdigest()


def run_arrays(cast: Cast, k: int | None = None) -> dict[str, Table]:
    """Every array that a moving trace names; a detail's only while it is open.

    With ``k`` the data view's hold that step alone.
    """
    felt, view = cast.state.foggy or cast.state.pointed, DETAILS[cast.state.card]
    own = _arrays_of(cast.here, cast.run, k, felt)
    with np.errstate(over="ignore", invalid="ignore"):
        own |= view.arrays(cast.here.problem, cast.run)
    if view.compares_losses and cast.beside and _same_examples(cast.here, cast.beside):
        second = view.arrays(cast.beside.here.problem, cast.beside.run)
        own |= comparison_overlay.prefixed(second, cast.beside.key)
    for rival in cast.rivals:
        own |= comparison_overlay.prefixed(
            course(rival.run, rival.here.surface.plane, rival.here.height), rival.key
        )
    if cast.beside:
        own |= comparison_overlay.prefixed(
            _arrays_of(cast.beside.here, cast.beside.run, k, felt), cast.beside.key
        )
    return own


def _arrays_of(here: Ground, run: losses.Descent, k: int | None, felt: bool) -> dict[str, Table]:
    shown = run if k is None else _standing(run, min(k, len(run.theta) - 1))
    with np.errstate(over="ignore", invalid="ignore"):
        data = way(here.problem).arrays(here.problem, shown)
    return {**arrays(run, here.surface.plane, here.height, compass=felt), **data}


def _standing(run: losses.Descent, k: int) -> losses.Descent:
    """A run's step ``k`` alone."""
    return replace(run, **{part: getattr(run, part)[k : k + 1] for part in ("theta", "loss", "gradient")})
