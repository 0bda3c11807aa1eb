"""What runs beside a run, drawn over its views: told apart by color, line and mark at once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import losses
from losses.core.messages import joined, message

from .array_codec import to_typed_array
from .data_card_views import data_view_for
from .decision_boundary import HALF_CONTOUR
from .plot_base import BASE_TRACE
from .probability_grid import TraceArray
from .step_slices import Figure, moving_trace


@dataclass(frozen=True)
class CompetitorStyle:
    """How a rival looks; in space only symbols that every font has."""

    color: str
    dash: str
    symbol: str
    symbol3d: str


COMPETITOR_STYLES: Final[Sequence[CompetitorStyle]] = (
    CompetitorStyle("var(--rival-1)", "dash", "square", "square"),
    CompetitorStyle("var(--rival-2)", "dot", "diamond", "diamond"),
    CompetitorStyle("var(--rival-3)", "dashdot", "triangle-up", "square-open"),
    CompetitorStyle("var(--rival-4)", "longdash", "pentagon", "diamond-open"),
    CompetitorStyle("var(--rival-5)", "longdashdot", "star", "circle-open"),
)
WHOLE_RUN: Final = "whole"
"""Marks a line that shows a run from its start to its end."""
MAX_TITLE_CHARACTERS: Final = 26
"""Characters of an axis title."""
GHOST_STYLE: Final = CompetitorStyle("var(--ghost)", "solid", "circle", "circle")


def style_for(style_index: int) -> CompetitorStyle:
    return GHOST_STYLE if style_index < 0 else COMPETITOR_STYLES[style_index]


def with_key_prefix(arrays: Mapping[str, TraceArray], key: str) -> dict[str, TraceArray]:
    """The arrays of a rival, under its own names."""
    return {f"{key}:{name}": values for name, values in arrays.items()}


def with_competitor_arrays(figure: Figure, key: str) -> Figure:
    """A figure whose moving traces name the arrays of the rival ``key``."""
    shown = [
        part | {"arrays": {axis: f"{key}:{name}" for axis, name in part["arrays"].items()}}
        for part in figure["moving"]
    ]
    return figure | {"moving": shown}


def competitor_trajectory(
    trace_type: str, key: str, name: str, style_index: int, axes: Mapping[str, str]
) -> list[Figure]:
    """The path of a rival on a map or a landscape, its mark where it is now."""
    look, solid = style_for(style_index), trace_type == "scatter3d"
    quiet: dict[str, Any] = {"type": trace_type, "hoverinfo": "skip", "showlegend": False}
    named = {axis: f"{key}:{array}" for axis, array in axes.items()}
    line = {"color": look.color, "width": 5 if solid else 2.5, "dash": look.dash}
    symbol = look.symbol3d if solid else look.symbol
    dot = {"size": 6 if solid else 12, "symbol": symbol, "color": look.color}
    edge = {"color": "var(--halo)", "width": 1.5}
    halo = {"color": "var(--halo)", "width": 8 if solid else 5}
    return [
        moving_trace(
            "past", quiet | {"name": joined(", ", (name, "halo")), "mode": "lines", "line": halo}, **named
        ),
        moving_trace(
            "past", quiet | {"name": joined(", ", (name, "path")), "mode": "lines", "line": line}, **named
        ),
        moving_trace(
            "held", quiet | {"name": name, "mode": "markers", "marker": dot | {"line": edge}}, **named
        ),
    ]


def guess_traces(guessed: tuple[float, ...], target: tuple[float, ...]) -> list[Figure]:
    """A star where someone thought that it would be, and a dotted way from there to where it is."""
    (u, v), (there_u, there_v) = guessed, target
    way = {"name": "gap", "mode": "lines", "line": {"color": "var(--halo)", "width": 2.5, "dash": "dot"}}
    edge = {"color": "var(--path)", "width": 1.5}

    def mark(name: str, symbol: str, size: float, at: tuple[float, float]) -> Figure:
        marker = {"symbol": symbol, "size": size, "color": "var(--halo)", "line": edge}
        return BASE_TRACE | {"name": name, "mode": "markers", "marker": marker, "x": [at[0]], "y": [at[1]]}

    return [
        BASE_TRACE | way | {"x": [u, there_u], "y": [v, there_v]},
        mark("truth", "circle-cross", 12, (there_u, there_v)),
        mark("guess", "star", 18, (u, v)),
    ]


def competitor_loss_curve(key: str, name: str, style_index: int, second_axis: bool = False) -> list[Figure]:
    """The loss of a rival by step; beside another loss on its own scale."""
    look = style_for(style_index)
    line = BASE_TRACE | {"name": name, "hoverinfo": "name", "hoverlabel": {"namelength": -1}}
    axis = {"yaxis": "y2"} if second_axis else {}
    named = {"x": f"{key}:step", "y": f"{key}:loss"}
    drawn = {"meta": WHOLE_RUN, "line": {"color": look.color, "width": 2, "dash": look.dash}}
    dot = {"mode": "markers", "marker": {"size": 9, "symbol": look.symbol, "color": look.color}}
    return [
        moving_trace("row", line | axis | drawn, **named),
        moving_trace("held", line | axis | dot, **named),
    ]


def competitor_example_losses(figure: Figure, loss: str, key: str) -> Figure:
    """A loss lens in which another loss that fits here stands out, with the examples of its run on it."""
    look, moves = style_for(0), []
    for part in figure["moving"]:
        trace = part["trace"]
        if part["arrays"].get("y") == f"lens_{loss}":
            trace = trace | {"line": {"color": look.color, "width": 2.5, "dash": look.dash}}
        moves.append(part | {"trace": trace})
    marker = {"size": 7, "symbol": f"{look.symbol}-open", "color": look.color}
    dots = moving_trace(
        "row", BASE_TRACE | {"mode": "markers", "marker": marker}, x=f"{key}:dot_x", y=f"{key}:dot_y"
    )
    return figure | {"moving": [dots, *moves]}


def competitor_fit(problem: losses.Problem, key: str, name: str, style_index: int) -> list[Figure]:
    """The model of a rival over the examples, where these can be drawn."""
    look, drawn = style_for(style_index), data_view_for(problem).key
    if drawn == "fitted":
        line = {"name": name, "line": {"color": look.color, "width": 2.5, "dash": look.dash}}
        return [moving_trace("row", BASE_TRACE | line, x=f"{key}:grid", y=f"{key}:fit")]
    if drawn == "border":
        edge = {
            "type": "contour",
            "hoverinfo": "skip",
            "showscale": False,
            "autocontour": False,
            "contours": HALF_CONTOUR,
            "line": {"color": look.color, "width": 2.5, "dash": look.dash},
        }
        return [moving_trace("row", edge, x=f"{key}:across", y=f"{key}:up", z=f"{key}:chance")]
    if drawn == "said":
        axis = "true" if problem.data.task == "regression" else "example"  # type: ignore[attr-defined]
        dots = {
            "name": name,
            "mode": "markers",
            "marker": {"size": 6, "symbol": f"{look.symbol}-open", "color": look.color},
        }
        return [moving_trace("row", BASE_TRACE | dots, x=f"{key}:{axis}", y=f"{key}:said")]
    return []


def with_compared_examples(figure: Figure, problem: Any, other: Any) -> Figure:
    """A figure of examples with those of other data among them, on axes that hold both."""
    if data_view_for(problem).key != "fitted" or other.data.key == problem.data.key:
        return figure
    look, theirs = COMPETITOR_STYLES[0], data_view_for(other).figure(other, losses.certify(other))["layout"]
    dots = {"mode": "markers", "hoverinfo": "x+y"}
    marker = {"marker": {"size": 6, "symbol": f"{look.symbol}-open", "color": look.color}}
    points = (
        BASE_TRACE
        | {"x": to_typed_array(other.data.inputs[:, 0]), "y": to_typed_array(other.data.y)}
        | dots
        | marker
    )
    layout = {name: _joint_axis(figure["layout"][name], theirs[name]) for name in ("xaxis", "yaxis")}
    return figure | {"data": [*figure["data"], points], "layout": figure["layout"] | layout}


def _joint_axis(axis: Figure, other: Figure) -> Figure:
    """An axis that holds what another does, and says what both measure."""
    low, high = zip(axis["range"], other["range"], strict=True)
    both = joined(" / ", dict.fromkeys((axis["title"]["text"], other["title"]["text"])))
    said = both if len(both) <= MAX_TITLE_CHARACTERS else message("each in its own units")
    return axis | {"range": [min(low), max(high)], "title": axis["title"] | {"text": said}}


def with_second_y_axis(layout: Figure) -> Figure:
    """A layout with a second scale on the right, in the color of what is measured on it."""
    right = layout["yaxis"] | {
        "overlaying": "y",
        "side": "right",
        "automargin": "right",
        "showgrid": False,
        "tickmode": "auto",
        "exponentformat": "SI",  # a power would not fit beside the card's edge
        "title": {"text": ""},
    }
    return layout | {
        "margin": layout["margin"] | {"r": 48},
        "yaxis2": right | {"color": COMPETITOR_STYLES[0].color},
    }
