"""The figures of an experiment: the fixed parts, each with a name, and the arrays of the moving traces."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from hashlib import blake2s

import numpy as np
from msgspec import structs

import losses
from losses.core.arrays import Array
from losses.descent.arrival import readable_losses

from ..common import ids
from ..experiment import basin_tiles
from ..experiment.comparison import ComparedRun
from ..experiment.experiment import Experiment
from ..experiment.prepared import PreparedProblem
from ..figures import comparison_overlay
from ..figures.contour_map import contour_map
from ..figures.probability_grid import TraceArray
from ..figures.surface_3d import surface_3d
from ..figures.trajectory import arrays, dense_path, polyline
from ..figures.trajectory_traces import PIN_DETAILS
from ..figures.views import fit_1d
from ..figures.views.data_card_views import MORAL_ANNOTATION
from ..figures.views.detail_card_views import DETAIL_VIEWS
from ..figures.views.loss_curve import READABLE_LOSS
from ..lessons import guess_and_target
from ..protocol.figures import FigureSpec, MovingTrace, PlotlyObject
from ..url_state.state import State

MakeFigure = Callable[[], FigureSpec]


def figure_set(experiment: Experiment) -> dict[str, tuple[str, MakeFigure]]:
    """Return by element id the name of each figure and a function that makes it.

    A figure has the fixed traces, the moving traces without their arrays, and the layout. Its name is a hash
    of everything that it depends on, so that the browser need not be sent a figure that it has.
    """
    state, prepared, certificate, comparison = (
        experiment.state,
        experiment.prepared,
        experiment.certificate,
        experiment.comparison,
    )
    has_inertia = losses.OPTIMIZERS[state.optimizer].has_inertia
    competitors = [(run.key, run.name, run.style_index) for run in experiment.competitors]
    second = (comparison.key, comparison.name, comparison.prepared.key) if comparison else ()
    # 2/L is the limit of gradient descent at a constant rate.
    is_constant = losses.SCHEDULES[state.schedule].is_constant
    has_limit = losses.OPTIMIZERS[state.optimizer].is_gradient_descent and is_constant
    of_rates = certificate if has_limit else replace(certificate, critical_rate=None)
    guess = guess_and_target(state.lesson, state.answer, experiment.lesson_moment) if state.answer else ()
    makers: dict[str, tuple[object, MakeFigure]] = {
        ids.LANDSCAPE: (
            (has_inertia, competitors, bool(comparison)),
            partial(_surface_3d_figure, prepared, certificate, state, competitors),
        ),
        ids.MAP: (
            (has_inertia, competitors, basin_tiles.picture_key(state) if state.basins else (), guess),
            partial(_map_figure, prepared, certificate, state, competitors, guess),
        ),
        ids.DATA: (
            (second, prepared.window.path[0].tolist()),
            partial(_data_figure, prepared, certificate, comparison, [row for row, _ in state.edit]),
        ),
        ids.DETAIL: (
            (state.active_detail, competitors, second, has_limit),
            partial(_detail_figure, prepared, of_rates, state.active_detail, competitors, comparison),
        ),
    }
    named = {
        view: (_figure_name(view, prepared, state, dependencies), make)
        for view, (dependencies, make) in makers.items()
    }
    if comparison:
        named |= _comparison_figures(comparison, experiment.visible_certificate(comparison.prepared), state)
    visibility = _visibility(state)
    return {
        view: (name, partial(_apply_visibility, visibility, make)) for view, (name, make) in named.items()
    }


def _figure_name(view: str, prepared: PreparedProblem, state: State, dependencies: object) -> str:
    """Return the name of a figure: a hash of all on which it depends."""
    return content_hash(
        view, prepared.key, state.in_fog, state.awaiting_answer, state.asks_for_place, dependencies
    )


def _visibility(state: State) -> Callable[[FigureSpec], FigureSpec]:
    """Return the function that hides what a figure may not show before the answer or in the fog."""
    if state.in_fog:
        return fog
    if state.asks_for_place:
        return hide_future_keep_gradient
    return hide_future if state.awaiting_answer else show_all


def _comparison_figures(
    comparison: ComparedRun, certificate: losses.Certificate, state: State
) -> dict[str, tuple[str, MakeFigure]]:
    """Return the surface and the map of a comparison, with the arrays of its run."""
    prepared = comparison.prepared
    makers: dict[str, MakeFigure] = {
        ids.LANDSCAPE_2: partial(_surface_3d_figure, prepared, certificate, comparison.state, []),
        ids.MAP_2: partial(_map_figure, prepared, certificate, comparison.state, []),
    }
    dependencies = basin_tiles.picture_key(comparison.state)
    return {
        view: (
            _figure_name(view, prepared, state, dependencies),
            partial(_with_competitor_arrays, make, comparison.key),
        )
        for view, make in makers.items()
    }


def _with_competitor_arrays(make: MakeFigure, key: str) -> FigureSpec:
    return comparison_overlay.in_competitor_color(comparison_overlay.with_competitor_arrays(make(), key))


def _apply_visibility(visibility: Callable[[FigureSpec], FigureSpec], make: MakeFigure) -> FigureSpec:
    return visibility(make())


def _add_moving(figure: FigureSpec, more: list[MovingTrace]) -> FigureSpec:
    return structs.replace(figure, moving=[*more, *figure.moving])


CompetitorMarks = list[tuple[str, str, int]]
PointPair = tuple[tuple[float, ...], ...]


def _surface_3d_figure(
    prepared: PreparedProblem,
    certificate: losses.Certificate,
    state: State,
    competitors: CompetitorMarks,
) -> FigureSpec:
    camera_key = f"{state.data} {state.model} {state.standardize:d} {state.plane}"
    figure = surface_3d(
        prepared.surface,
        prepared.z_scale,
        certificate,
        has_inertia=losses.OPTIMIZERS[state.optimizer].has_inertia,
        path=prepared.window.path,
        in_fog=state.in_fog,
        is_alone=not competitors,
        camera_key=camera_key,
    )
    return _add_moving(figure, _paths("scatter3d", competitors, {"x": "u", "y": "v", "z": "h"}))


def _map_figure(
    prepared: PreparedProblem,
    certificate: losses.Certificate,
    state: State,
    competitors: CompetitorMarks,
    guess: PointPair = (),
) -> FigureSpec:
    figure = contour_map(
        prepared.surface,
        prepared.z_scale,
        certificate,
        one_scale=prepared.window.one_scale,
        in_fog=state.in_fog,
        has_inertia=losses.OPTIMIZERS[state.optimizer].has_inertia,
        is_alone=not competitors,
        basin_traces=basin_tiles.basin_traces(state, prepared),
    )
    guess_traces = comparison_overlay.guess_traces(*guess) if guess else []
    figure = structs.replace(
        figure, data=[*figure.data, *guess_traces], basins=basin_tiles.remaining_tiles(state, prepared)
    )
    paths = _paths("scatter", competitors, {"x": "u", "y": "v"})
    points = next(i for i, part in enumerate(figure.moving) if part.trace.get("name") == "first")
    # Over the path of the run, which may zigzag, and below its points.
    return structs.replace(figure, moving=[*figure.moving[:points], *paths, *figure.moving[points:]])


def _paths(trace_type: str, competitors: CompetitorMarks, axes: dict[str, str]) -> list[MovingTrace]:
    """Return the traces of the trajectories of all competitors."""
    return [
        trace
        for competitor in competitors
        for trace in comparison_overlay.competitor_trajectory(trace_type, *competitor, axes)
    ]


def _data_figure(
    prepared: PreparedProblem,
    certificate: losses.Certificate,
    comparison: ComparedRun | None,
    changed_rows: list[int],
) -> FigureSpec:
    figure = _reaching_to_start(prepared.data_view.figure(prepared.problem, certificate), prepared)
    if changed_rows and prepared.data_view.shows_target_by_input:
        assert isinstance(prepared.problem, losses.DataProblem)
        rings = fit_1d.rings(prepared.problem.data, changed_rows)
        figure = structs.replace(figure, data=[*figure.data, rings])
    if not comparison:
        return figure
    figure = comparison_overlay.with_compared_examples(figure, prepared.problem, comparison.prepared.problem)
    return _add_moving(
        figure,
        comparison_overlay.competitor_predictions(prepared.problem, comparison.key, comparison.name, 0),
    )


def _reaching_to_start(figure: FigureSpec, prepared: PreparedProblem) -> FigureSpec:
    """Return the figure of examples with an axis that shows the model at the start of the window's run, too.

    The axis grows at each end by no more than its own length, so that the examples stay large.
    """
    view, plane = prepared.data_view, prepared.surface.plane
    if not view.shows_target_by_input:
        return figure
    start = plane.points(*prepared.window.path[0, :2])
    with np.errstate(all="ignore"):
        predicted = view.place_arrays(prepared.problem, start)["place_fit"]
    low, high = figure.layout["yaxis"]["range"]
    shown = np.clip(predicted[~np.isnan(predicted)], low - (high - low), high + (high - low))
    ends = [float(shown.min(initial=low)), float(shown.max(initial=high))]
    y_axis = figure.layout["yaxis"] | {"range": ends}
    return structs.replace(figure, layout=figure.layout | {"yaxis": y_axis})


def _detail_figure(
    prepared: PreparedProblem,
    certificate: losses.Certificate,
    key: str,
    competitors: CompetitorMarks,
    comparison: ComparedRun | None,
) -> FigureSpec:
    view = DETAIL_VIEWS[key]
    figure = view.figure(prepared.problem, certificate)
    if view.compares_losses and comparison and _differs_by_loss_only(prepared, comparison):
        return comparison_overlay.competitor_example_losses(figure, comparison.state.loss, comparison.key)
    if not view.shows_loss_by_step:
        return figure
    if comparison:
        figure = comparison_overlay.with_way_left(figure)
        competitors = [*competitors, (comparison.key, comparison.name, 0)]
    quantity = "way_left" if comparison else "loss"
    more = [
        trace
        for competitor in competitors
        for trace in comparison_overlay.competitor_loss_curve(*competitor, quantity)
    ]
    return _add_moving(figure, more)


def _differs_by_loss_only(prepared: PreparedProblem, comparison: ComparedRun) -> bool:
    """Whether a comparison differs in the loss alone, so that one figure of example losses shows both."""
    first, second = prepared.problem, comparison.prepared.problem
    if not isinstance(first, losses.DataProblem) or not isinstance(second, losses.DataProblem):
        return False
    return first.data is second.data and first.loss is not second.loss


def show_all(figure: FigureSpec) -> FigureSpec:
    """Return a figure without the −∇ arrow, as the surface shows the direction."""
    return _drop_traces(figure, ("descent_arrow", *PIN_DETAILS))


def hide_future(figure: FigureSpec) -> FigureSpec:
    """Return a figure without later steps and without the −∇ arrow."""
    return _drop_traces(hide_future_keep_gradient(figure), ("descent_arrow",))


def hide_future_keep_gradient(figure: FigureSpec) -> FigureSpec:
    """Return a figure without later steps, but with the −∇ arrow."""
    layout = figure.layout
    annotations = [note for note in layout.get("annotations", ()) if note.get("name") != MORAL_ANNOTATION]
    visible = _drop_traces(_without_future(figure), ("next", "step", "slope", *PIN_DETAILS))
    return structs.replace(visible, layout=layout | {"annotations": annotations})


def _drop_traces(figure: FigureSpec, names: tuple[str, ...]) -> FigureSpec:
    """Return a figure without the moving traces of these names."""
    kept = [moving for moving in figure.moving if moving.trace.get("name") not in names]
    return structs.replace(figure, moving=kept)


def _without_future(figure: FigureSpec) -> FigureSpec:
    """Return a figure without later steps; traces of whole runs end at the current step."""
    shown = [
        structs.replace(part, slice="past")
        if part.trace.get("meta") == comparison_overlay.WHOLE_RUN
        else part
        for part in figure.moving
        if part.slice != "future"
    ]
    return structs.replace(figure, moving=shown)


def fog(figure: FigureSpec) -> FigureSpec:
    """Return a figure without later steps, the trajectory in the color of text, as no surface is under it."""
    colors: PlotlyObject = {
        "past": {"line": {"color": "var(--ink)"}},
        "tail": {"line": {"color": "var(--ink)"}},
        "first": {"marker": {"color": "var(--ink)"}},
    }
    figure = _without_future(figure)
    shown = [
        structs.replace(part, trace=_merge_nested(part.trace, colors.get(part.trace.get("name", ""), {})))
        for part in figure.moving
    ]
    return structs.replace(figure, moving=shown)


def _merge_nested(trace: PlotlyObject, changes: PlotlyObject) -> PlotlyObject:
    """Return a trace with changes; changes that are dicts are merged into the trace's."""
    parts = {k: trace[k] | v if isinstance(v, dict) and k in trace else v for k, v in changes.items()}
    return trace | parts


def content_hash(*parts: object) -> str:
    """Return 16 hexadecimal digits that depend on the representations of all parts."""
    return blake2s(repr(parts).encode(), digest_size=8).hexdigest()


def run_arrays(experiment: Experiment, k: int | None = None) -> dict[str, TraceArray]:
    """Return every array that a moving trace names, those of the detail card only for its current view.

    With ``k`` the arrays of the data view have that step only.
    """
    view = DETAIL_VIEWS[experiment.state.active_detail]
    shows_arrow = experiment.state.in_fog or experiment.state.asks_for_place
    found = _arrays_of_run(experiment.prepared, experiment.run, k, shows_arrow)
    with np.errstate(over="ignore", invalid="ignore"):
        found |= view.arrays(experiment.prepared.problem, experiment.run) if view.arrays else {}
    if (
        view.compares_losses
        and view.arrays
        and experiment.comparison
        and _differs_by_loss_only(experiment.prepared, experiment.comparison)
    ):
        second = view.arrays(experiment.comparison.prepared.problem, experiment.comparison.run)
        found |= comparison_overlay.with_key_prefix(second, experiment.comparison.key)
    if view.shows_loss_by_step:
        run = experiment.run
        found[READABLE_LOSS] = readable_losses(run.problem, run.loss, experiment.certificate)
    for competitor in experiment.competitors:
        found |= comparison_overlay.with_key_prefix(
            _trajectory_of_competitor(competitor.prepared, competitor.run, is_whole=k is None),
            competitor.key,
        )
    if experiment.comparison:
        found |= comparison_overlay.with_key_prefix(
            _arrays_of_run(experiment.comparison.prepared, experiment.comparison.run, k, shows_arrow),
            experiment.comparison.key,
        )
        if view.shows_loss_by_step:
            found |= ways_left(experiment, found)
    return found


def ways_left(experiment: Experiment, found: Mapping[str, TraceArray]) -> dict[str, Array]:
    """Return the arrays of ``comparison_overlay.way_left_arrays`` of each run that the loss curve shows.

    ``found`` has the losses at the arrival flags, which only the run and the comparison have.
    """
    runs = [("", experiment.run, experiment.certificate)]
    runs += [(f"{one.key}:", one.run, experiment.certificate) for one in experiment.competitors]
    if other := experiment.comparison:
        runs.append((f"{other.key}:", other.run, experiment.visible_certificate(other.prepared)))
    arrays: dict[str, Array] = {}
    for prefix, run, certificate in runs:
        has_flag = f"{prefix}flag_y" in found
        flag = np.asarray(found.get(f"{prefix}flag_y", ()), dtype=float)
        ways = comparison_overlay.way_left_arrays(run.loss, flag, certificate.loss)
        named = {f"{prefix}{name}": values for name, values in ways.items()}
        arrays |= {name: values for name, values in named.items() if "flag" not in name or has_flag}
    return arrays


def _trajectory_of_competitor(
    prepared: PreparedProblem, run: losses.Descent, *, is_whole: bool
) -> dict[str, TraceArray]:
    line = polyline(run, prepared.surface.plane, prepared.z_scale)
    return {**line, **(_dense_path(prepared, run, line) if is_whole else {})}


def _dense_path(
    prepared: PreparedProblem, run: losses.Descent, line: Mapping[str, TraceArray]
) -> dict[str, Array]:
    return dense_path(prepared.problem, run, line, prepared.surface.plane, prepared.z_scale)


def _arrays_of_run(
    prepared: PreparedProblem, run: losses.Descent, k: int | None, descent_arrow: bool
) -> dict[str, TraceArray]:
    """Return the arrays of a run; with ``k`` without the points between iterates, which a preview lacks."""
    shown = run if k is None else _single_step(run, min(k, len(run.theta) - 1))
    with np.errstate(over="ignore", invalid="ignore"):
        data = prepared.data_view.arrays(prepared.problem, shown) if prepared.data_view.arrays else {}
    line = arrays(run, prepared.surface.plane, prepared.z_scale, descent_arrow=descent_arrow)
    path = _dense_path(prepared, run, line) if k is None else {}
    return {**line, **path, **data}


def _single_step(run: losses.Descent, k: int) -> losses.Descent:
    """Return a run of step ``k`` only."""
    return replace(run, **{part: getattr(run, part)[k : k + 1] for part in ("theta", "loss", "gradient")})
