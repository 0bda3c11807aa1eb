"""Draw competitors and compared runs over the figures of a run.

Each has its own color, dash and marker symbol, so that it can be recognized without seeing colors.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np
from msgspec import structs

import losses
from losses.core.arrays import Array
from losses.core.messages import format_number, joined, message

from ..protocol.figures import FigureSpec, MovingTrace, PlotlyObject
from .array_codec import to_plotly_array
from .plot_base import BASE_TRACE, MAX_END, MAX_LOG_END, CompetitorStyle, hover_example, log_ticks
from .probability_grid import TraceArray
from .step_slices import moving_trace
from .trajectory import TAIL_MARKS_ARRAY
from .trajectory_traces import THIN_3D, pale_style, path_axes
from .views.data_card_views import data_view_for

COMPETITOR_STYLES: Final[Sequence[CompetitorStyle]] = (
    CompetitorStyle("var(--rival-1)", "dash", "square", "square"),
    CompetitorStyle("var(--rival-2)", "dot", "diamond", "diamond"),
    CompetitorStyle("var(--rival-3)", "dashdot", "triangle-up", "square-open"),
    CompetitorStyle("var(--rival-4)", "longdash", "pentagon", "diamond-open"),
    CompetitorStyle("var(--rival-5)", "longdashdot", "star", "circle-open"),
)
LEAST_WAY_LEFT: Final = 1e-4
"""The least percentage of its way that a run is drawn to have left; what is less counts as this."""
WHOLE_RUN: Final = "whole"
"""``meta`` of a trace that shows all steps of a run at every step."""
RIVAL_PAST: Final = 0.85
"""Opacity of a competitor's path before its tail: its color is paler than that of the run."""
MAX_TITLE_CHARACTERS: Final = 26
"""Longest title of an axis that two datasets share."""
GHOST_STYLE: Final = CompetitorStyle("var(--ghost)", "solid", "circle", "circle")


def style_for(style_index: int) -> CompetitorStyle:
    """Return the style with the given index; a negative index stands for the ghost."""
    return GHOST_STYLE if style_index < 0 else COMPETITOR_STYLES[style_index]


def with_key_prefix(arrays: Mapping[str, TraceArray], key: str) -> dict[str, TraceArray]:
    """Return the arrays of a competitor, named ``key:name``."""
    return {f"{key}:{name}": values for name, values in arrays.items()}


def with_competitor_arrays(figure: FigureSpec, key: str) -> FigureSpec:
    """Return the figure with moving traces that name the arrays of the competitor ``key``."""
    moving = [
        structs.replace(part, arrays={attribute: f"{key}:{name}" for attribute, name in part.arrays.items()})
        for part in figure.moving
    ]
    return structs.replace(figure, moving=moving)


def in_competitor_color(figure: FigureSpec, style_index: int = 0) -> FigureSpec:
    """Return a figure of one run whose current point has the color of a competitor."""
    colors = {"var(--now)": style_for(style_index).color, "var(--now-pale)": style_for(style_index).color}
    moving = [structs.replace(part, trace=_recolored(part.trace, colors)) for part in figure.moving]
    return structs.replace(figure, moving=moving)


def _recolored(value: Any, colors: Mapping[str, str]) -> Any:
    """Return a trace, or a part of one, with other colors."""
    if isinstance(value, dict):
        return {name: _recolored(part, colors) for name, part in value.items()}
    return colors.get(value, value) if isinstance(value, str) else value


def competitor_trajectory(
    trace_type: str, key: str, name: str, style_index: int, axes: Mapping[str, str]
) -> list[MovingTrace]:
    """Return the trajectory of a competitor, with a marker at its current point and its tail before it.

    ``trace_type`` is ``scatter`` or ``scatter3d``; ``axes`` are the names of the arrays by axis, without key.
    """
    style, is_3d = style_for(style_index), trace_type == "scatter3d"
    base: PlotlyObject = {"type": trace_type, "hoverinfo": "skip", "showlegend": False}
    path = {axis: f"{key}:{array}" for axis, array in (path_axes(axes) if is_3d else axes).items()}
    line = {"color": style.color, "width": 5 if is_3d else 2.5, "dash": style.dash}
    symbol = style.symbol3d if is_3d else style.symbol
    marker = {"size": 6 if is_3d else 12, "symbol": symbol, "color": style.color}
    edge = {"color": "var(--halo)", "width": 1.5}
    tail = {"name": joined(", ", (name, "tail")), "mode": "lines", "line": line}
    past = tail | {"name": joined(", ", (name, "path"))} | pale_style(trace_type, RIVAL_PAST)
    if is_3d:
        past["line"] = line | {"width": THIN_3D}
    current = {"name": name, "mode": "markers", "marker": marker | {"line": edge}}
    future = past | {"name": joined(", ", (name, "future"))} | pale_style(trace_type)
    return [
        moving_trace("future", base | future, **path, while_playing="nothing"),
        moving_trace("past", base | past, **path),
        moving_trace(
            "tail", base | tail, **path, marks=f"{key}:{TAIL_MARKS_ARRAY}", while_playing="tailMoving"
        ),
        moving_trace("now", base | current, **path, while_playing="nowMoving"),
    ]


def guess_traces(guessed: tuple[float, ...], target: tuple[float, ...]) -> list[PlotlyObject]:
    """Return a star at the guessed point of the map, a circle at the true one and a dotted line between."""
    (u, v), (target_u, target_v) = guessed, target
    line = {"name": "gap", "mode": "lines", "line": {"color": "var(--halo)", "width": 2.5, "dash": "dot"}}
    return [
        BASE_TRACE | line | {"x": [u, target_u], "y": [v, target_v]},
        _guess_marker("truth", "circle-cross", 12, target_u, target_v),
        _guess_marker("guess", "star", 18, u, v),
    ]


def _guess_marker(name: str, symbol: str, size: float, u: float, v: float) -> PlotlyObject:
    edge = {"color": "var(--path)", "width": 1.5}
    marker = {"symbol": symbol, "size": size, "color": "var(--halo)", "line": edge}
    return BASE_TRACE | {"name": name, "mode": "markers", "marker": marker, "x": [u], "y": [v]}


def competitor_loss_curve(key: str, name: str, style_index: int, quantity: str = "loss") -> list[MovingTrace]:
    """Return the loss of a competitor by step, or another ``quantity`` that it has at each step."""
    style = style_for(style_index)
    base = BASE_TRACE | {"name": name, "hoverinfo": "name", "hoverlabel": {"namelength": -1}}
    array_names = {"x": f"{key}:step", "y": f"{key}:{quantity}"}
    curve = {"meta": WHOLE_RUN, "line": {"color": style.color, "width": 2, "dash": style.dash}}
    marker = {"mode": "markers", "marker": {"size": 9, "symbol": style.symbol, "color": style.color}}
    return [
        moving_trace("row", base | curve, **array_names, while_playing="pastMoving"),
        moving_trace("now", base | marker, **array_names, while_playing="nowMoving"),
    ]


def competitor_example_losses(figure: FigureSpec, loss: str, key: str) -> FigureSpec:
    """Return the per-example-loss figure with the curve of another ``loss`` emphasized.

    The examples of the compared run ``key`` are drawn on that curve.
    """
    style, moving = style_for(0), []
    for part in figure.moving:
        trace = part.trace
        if part.arrays.get("y") == f"lens_{loss}":
            trace = trace | {"line": {"color": style.color, "width": 2.5, "dash": style.dash}}
        moving.append(structs.replace(part, trace=trace))
    marker = {"size": 7, "symbol": f"{style.symbol}-open", "color": style.color}
    examples = moving_trace(
        "row", BASE_TRACE | {"mode": "markers", "marker": marker}, x=f"{key}:dot_x", y=f"{key}:dot_y"
    )
    return structs.replace(figure, moving=[examples, *moving])


def competitor_predictions(
    problem: losses.Problem, key: str, name: str, style_index: int
) -> list[MovingTrace]:
    """Return the moving traces of a competitor's predictions in the data view of a problem."""
    return data_view_for(problem).competitor(problem, key, name, style_for(style_index))


def with_compared_examples(figure: FigureSpec, problem: Any, other: Any) -> FigureSpec:
    """Return the figure of examples with those of another dataset added, on axes that contain both.

    Views whose axes are not input and target, and problems with the same data, are returned unchanged.
    """
    if not data_view_for(problem).shows_target_by_input or other.data.key == problem.data.key:
        return figure
    style = COMPETITOR_STYLES[0]
    other_layout = data_view_for(other).figure(other, losses.certify(other)).layout
    markers = hover_example(other.data) | {"hoverinfo": "x+y"}
    marker = {"marker": {"size": 6, "symbol": f"{style.symbol}-open", "color": style.color}}
    points = (
        BASE_TRACE
        | {"x": to_plotly_array(other.data.inputs[:, 0]), "y": to_plotly_array(other.data.y)}
        | markers
        | marker
    )
    layout = {name: _joint_axis(figure.layout[name], other_layout[name]) for name in ("xaxis", "yaxis")}
    return structs.replace(figure, data=[*figure.data, points], layout=figure.layout | layout)


def _joint_axis(axis: PlotlyObject, other: PlotlyObject) -> PlotlyObject:
    """Return an axis that contains the ranges of both and names both quantities, if their names fit."""
    low, high = zip(axis["range"], other["range"], strict=True)
    both = joined(" / ", dict.fromkeys((axis["title"]["text"], other["title"]["text"])))
    title = both if len(both) <= MAX_TITLE_CHARACTERS else message("each in its own units")
    return axis | {"range": [min(low), max(high)], "title": axis["title"] | {"text": title}}


def way_left_arrays(loss: Array, flag_loss: Array, best_loss: float | None) -> dict[str, Array]:
    """Return how much of its way down a run has still to go at each step, in percent of the whole way.

    ``way_left`` is 100 at the start and 0 at the best loss: ``best_loss`` or, where that is not known, the
    lowest loss of the run. It is above 100 where the loss is above that of the start. ``flag_way_left`` is
    the same of ``flag_loss``, the loss at the arrival flag. At and below ``LEAST_WAY_LEFT`` it says that.
    """
    finite = loss[np.isfinite(loss)]
    start = float(loss[0])
    best = best_loss if best_loss is not None else float(finite.min(initial=start))
    with np.errstate(over="ignore", invalid="ignore"):
        way = start - best if start > best else abs(start) or 1.0
        base = best if start > best else start - way
        left = {"way_left": loss, "flag_way_left": flag_loss}
        shares = {name: 100.0 * ((values - base) / way) for name, values in left.items()}
        return {name: np.maximum(values, LEAST_WAY_LEFT) for name, values in shares.items()}


def with_way_left(figure: FigureSpec) -> FigureSpec:
    """Return the loss curve of two problems on one axis: of each the way that it has still to go."""
    names = {"loss": "way_left", "flag_y": "flag_way_left"}
    colors = {"var(--ink)": "var(--now)", "var(--ink-faint)": "var(--now-pale)"}
    moving = [
        structs.replace(
            part,
            arrays={attribute: names.get(name, name) for attribute, name in part.arrays.items()},
            trace=_recolored(part.trace, colors),
        )
        for part in figure.moving
    ]
    title = figure.layout["yaxis"]["title"] | {"text": message("% of the way left")}
    layout = figure.layout | {"yaxis": figure.layout["yaxis"] | {"title": title}}
    return structs.replace(figure, moving=moving, layout=layout)


def way_left_ranges(ways: Sequence[Array], log: bool) -> PlotlyObject:
    """Return the range, scale and ticks of the axis of the arrays ``ways``.

    A linear axis contains 0 and 100, so that a slow run looks slow.
    """
    finite = np.concatenate([way[np.isfinite(way)] for way in ways])
    low, high = (float(finite.min()), float(finite.max())) if len(finite) else (0.0, 100.0)
    if not log:
        low, high = min(low, 0.0), max(min(high, MAX_END), 100.0)
        padding = 0.05 * (high - low)
        ends = [low - padding, high + padding]
        return {"yaxis.type": "linear", "yaxis.range": ends, "yaxis.tickmode": "auto"}
    bottom, top = np.log10(low), min(np.log10(high), MAX_LOG_END)
    padding = 0.05 * max(top - bottom, 0.3)
    ticks = log_ticks(bottom, top)
    if low <= LEAST_WAY_LEFT and "ticktext" in ticks:
        kept = [i for i, value in enumerate(ticks["tickvals"]) if value > LEAST_WAY_LEFT]
        at_end = joined("", ("≤ ", format_number(LEAST_WAY_LEFT)))
        ticks["tickvals"] = [LEAST_WAY_LEFT, *(ticks["tickvals"][i] for i in kept)]
        ticks["ticktext"] = [at_end, *(ticks["ticktext"][i] for i in kept)]
    scale = {"yaxis.type": "log", "yaxis.range": [float(bottom - padding), float(top + padding)]}
    return scale | {f"yaxis.{name}": value for name, value in ticks.items()}
