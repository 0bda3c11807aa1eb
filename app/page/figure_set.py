"""The figures of everyone on a stage: what stands still, with a name, and the arrays of what moves."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from hashlib import blake2s

import numpy as np

import losses

from ..common import ids
from ..experiment import basin_tiles
from ..experiment.comparison import ComparedRun
from ..experiment.experiment import Experiment
from ..experiment.run import PreparedProblem
from ..figures import comparison_overlay
from ..figures.contour_map import contour_map
from ..figures.data_card_views import MORAL_ANNOTATION, data_view_for
from ..figures.detail_card_views import DETAIL_VIEWS
from ..figures.probability_grid import TraceArray
from ..figures.step_slices import Figure
from ..figures.surface_3d import CAMERA_DISTANCE, CAMERA_DISTANCE_NARROW, surface_3d
from ..figures.trajectory import arrays, polyline
from ..lessons import guess_and_target
from ..url_state.state import State

MakeFigure = Callable[[], Figure]


def figure_set(experiment: Experiment) -> dict[str, tuple[str, MakeFigure]]:
    """For each view a name of its figure, and how to make it: all that stands still while a run moves."""
    state, here, best, beside = (
        experiment.state,
        experiment.prepared,
        experiment.certificate,
        experiment.comparison,
    )
    ball = losses.OPTIMIZERS[state.optimizer].has_inertia
    marked = [(rival.key, rival.name, rival.style_index) for rival in experiment.competitors]
    second = (beside.key, beside.name, beside.prepared.key) if beside else ()
    guess = guess_and_target(state.lesson, state.answer, experiment.lesson_moment)
    made: dict[str, tuple[object, MakeFigure]] = {
        ids.LANDSCAPE: (
            (ball, marked, bool(beside)),
            partial(
                _surface_3d_figure,
                here,
                best,
                state,
                marked,
                CAMERA_DISTANCE_NARROW if beside else CAMERA_DISTANCE,
            ),
        ),
        ids.MAP: (
            (ball, marked, basin_tiles.picture_key(state), guess),
            partial(_map_figure, here, best, state, marked, guess),
        ),
        ids.DATA: (second, partial(_data_figure, here, best, beside)),
        ids.DETAIL: (
            (state.active_detail, marked, second),
            partial(_detail_figure, here, best, state.active_detail, marked, beside),
        ),
    }
    named = {
        view: (
            content_hash(view, here.key, state.in_fog, state.awaiting_answer, state.asks_for_place, own),
            make,
        )
        for view, (own, make) in made.items()
    }
    if beside:
        named |= _comparison_figures(beside, experiment.visible_certificate(beside.prepared), state)
    seen = (
        fog
        if state.in_fog
        else hide_future_keep_gradient
        if state.asks_for_place
        else hide_future
        if state.awaiting_answer
        else show_all
    )
    return {view: (name, partial(_apply_visibility, seen, make)) for view, (name, make) in named.items()}


def _comparison_figures(
    comparison: ComparedRun, certificate: losses.Certificate, state: State
) -> dict[str, tuple[str, MakeFigure]]:
    """The second ground of a comparison: the same figures with the arrays of the second run."""
    there = comparison.prepared
    made: dict[str, MakeFigure] = {
        ids.LANDSCAPE_2: partial(
            _surface_3d_figure, there, certificate, comparison.state, [], CAMERA_DISTANCE_NARROW
        ),
        ids.MAP_2: partial(_map_figure, there, certificate, comparison.state, []),
    }
    own = basin_tiles.picture_key(comparison.state)
    return {
        view: (
            content_hash(view, there.key, state.in_fog, state.awaiting_answer, state.asks_for_place, own),
            partial(_with_competitor_arrays, make, comparison.key),
        )
        for view, make in made.items()
    }


def _with_competitor_arrays(make: MakeFigure, key: str) -> Figure:
    return comparison_overlay.with_competitor_arrays(make(), key)


def _apply_visibility(visibility: Callable[[Figure], Figure], make: MakeFigure) -> Figure:
    return visibility(make())


def _add_moving(figure: Figure, more: list[Figure]) -> Figure:
    return figure | {"moving": [*more, *figure["moving"]]}


CompetitorMarks = list[tuple[str, str, int]]
PointPair = tuple[tuple[float, ...], ...]


def _surface_3d_figure(
    prepared: PreparedProblem,
    certificate: losses.Certificate,
    state: State,
    competitors: CompetitorMarks,
    camera_distance: float,
) -> Figure:
    ball = losses.OPTIMIZERS[state.optimizer].has_inertia
    home = f"{state.data} {state.model} {state.standardize:d} {state.plane} {camera_distance:g}"
    figure = surface_3d(
        prepared.surface,
        prepared.z_scale,
        certificate,
        state.start,
        has_inertia=ball,
        camera_distance=camera_distance,
        camera_key=home,
    )
    axes = {"x": "u", "y": "v", "z": "h"}
    return _add_moving(
        figure,
        [
            part
            for one in competitors
            for part in comparison_overlay.competitor_trajectory("scatter3d", *one, axes)
        ],
    )


def _map_figure(
    prepared: PreparedProblem,
    certificate: losses.Certificate,
    state: State,
    competitors: CompetitorMarks,
    guess: PointPair = (),
) -> Figure:
    ball = losses.OPTIMIZERS[state.optimizer].has_inertia
    painted = basin_tiles.basin_traces(state, prepared)
    figure = contour_map(
        prepared.surface, prepared.z_scale, certificate, has_inertia=ball, basin_traces=painted
    )
    if guess:
        figure["data"] += comparison_overlay.guess_traces(*guess)
    axes, figure = {"x": "u", "y": "v"}, figure | basin_tiles.remaining_tiles(state, prepared)
    return _add_moving(
        figure,
        [
            part
            for one in competitors
            for part in comparison_overlay.competitor_trajectory("scatter", *one, axes)
        ],
    )


def _data_figure(
    prepared: PreparedProblem, certificate: losses.Certificate, comparison: ComparedRun | None
) -> Figure:
    figure = data_view_for(prepared.problem).figure(prepared.problem, certificate)
    if not comparison:
        return figure
    figure = comparison_overlay.with_compared_examples(figure, prepared.problem, comparison.prepared.problem)
    return _add_moving(
        figure,
        comparison_overlay.competitor_predictions(prepared.problem, comparison.key, comparison.name, 0),
    )


def _detail_figure(
    prepared: PreparedProblem,
    certificate: losses.Certificate,
    key: str,
    competitors: CompetitorMarks,
    comparison: ComparedRun | None,
) -> Figure:
    view = DETAIL_VIEWS[key]
    figure = view.figure(prepared.problem, certificate)
    if view.compares_losses and comparison and _differs_by_loss_only(prepared, comparison):
        return comparison_overlay.competitor_example_losses(figure, comparison.state.loss, comparison.key)
    if not view.shows_loss_by_step:
        return figure
    more = [part for one in competitors for part in comparison_overlay.competitor_loss_curve(*one)]
    if not comparison:
        return _add_moving(figure, more)
    second = comparison_overlay.competitor_loss_curve(comparison.key, comparison.name, 0, second_axis=True)
    return _add_moving(
        figure | {"layout": comparison_overlay.with_second_y_axis(figure["layout"])}, [*more, *second]
    )


def _differs_by_loss_only(prepared: PreparedProblem, comparison: ComparedRun) -> bool:
    """Whether what stands beside it differs by the loss alone, so that one lens shows both."""
    own, other = prepared.problem, comparison.prepared.problem
    return isinstance(own, losses.DataProblem) and own.data is other.data and own.loss is not other.loss  # type: ignore[attr-defined]


def show_all(figure: Figure) -> Figure:
    """A figure without the compass: the ground tells the way."""
    return _drop_traces(figure, ("compass",))


def hide_future(figure: Figure) -> Figure:
    """A figure without what lies ahead."""
    return _drop_traces(hide_future_keep_gradient(figure), ("compass",))


def hide_future_keep_gradient(figure: Figure) -> Figure:
    """A figure without what lies ahead but a compass."""
    layout = figure["layout"]
    notes = [note for note in layout.get("annotations", ()) if note.get("name") != MORAL_ANNOTATION]
    seen = _drop_traces(_cut_whole_runs(figure), ("future", "next", "step", "slope"))
    return seen | {"layout": layout | {"annotations": notes}}


def _drop_traces(figure: Figure, names: tuple[str, ...]) -> Figure:
    """A figure without some of its traces."""
    return figure | {"moving": [part for part in figure["moving"] if part["trace"].get("name") not in names]}


def _cut_whole_runs(figure: Figure) -> Figure:
    """A figure with whole runs only as far as they have come."""
    shown = [
        part | {"slice": "past"} if part["trace"].get("meta") == comparison_overlay.WHOLE_RUN else part
        for part in figure["moving"]
    ]
    return figure | {"moving": shown}


def fog(figure: Figure) -> Figure:
    """A figure without what lies ahead but a compass, and the walk in ink: there is no ground under it."""
    inked: Figure = {"past": {"line": {"color": "var(--ink)"}}, "first": {"marker": {"color": "var(--ink)"}}}
    figure = _drop_traces(_cut_whole_runs(figure), ("future",))
    shown = [
        part | {"trace": _merge_nested(part["trace"], inked.get(part["trace"].get("name"), {}))}
        for part in figure["moving"]
    ]
    return figure | {"moving": shown}


def _merge_nested(trace: Figure, changes: Figure) -> Figure:
    """A trace with changes, some of them to a part of a part."""
    parts = {k: trace[k] | v if isinstance(v, dict) and k in trace else v for k, v in changes.items()}
    return trace | parts


def content_hash(*parts: object) -> str:
    return blake2s(repr(parts).encode(), digest_size=8).hexdigest()


def run_arrays(experiment: Experiment, k: int | None = None) -> dict[str, TraceArray]:
    """Every array that a moving trace names; a detail's only while it is open.

    With ``k`` the data view's hold that step alone.
    """
    felt, view = (
        experiment.state.in_fog or experiment.state.asks_for_place,
        DETAIL_VIEWS[experiment.state.active_detail],
    )
    own = _arrays_of_run(experiment.prepared, experiment.run, k, felt)
    with np.errstate(over="ignore", invalid="ignore"):
        own |= view.arrays(experiment.prepared.problem, experiment.run)
    if (
        view.compares_losses
        and experiment.comparison
        and _differs_by_loss_only(experiment.prepared, experiment.comparison)
    ):
        second = view.arrays(experiment.comparison.prepared.problem, experiment.comparison.run)
        own |= comparison_overlay.with_key_prefix(second, experiment.comparison.key)
    for rival in experiment.competitors:
        own |= comparison_overlay.with_key_prefix(
            polyline(rival.run, rival.prepared.surface.plane, rival.prepared.z_scale), rival.key
        )
    if experiment.comparison:
        own |= comparison_overlay.with_key_prefix(
            _arrays_of_run(experiment.comparison.prepared, experiment.comparison.run, k, felt),
            experiment.comparison.key,
        )
    return own


def _arrays_of_run(
    prepared: PreparedProblem, run: losses.Descent, k: int | None, descent_arrow: bool
) -> dict[str, TraceArray]:
    shown = run if k is None else _single_step(run, min(k, len(run.theta) - 1))
    with np.errstate(over="ignore", invalid="ignore"):
        data = data_view_for(prepared.problem).arrays(prepared.problem, shown)
    return {**arrays(run, prepared.surface.plane, prepared.z_scale, descent_arrow=descent_arrow), **data}


def _single_step(run: losses.Descent, k: int) -> losses.Descent:
    """A run's step ``k`` alone."""
    return replace(run, **{part: getattr(run, part)[k : k + 1] for part in ("theta", "loss", "gradient")})
