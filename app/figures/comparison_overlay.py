"""What runs beside a run, drawn over its views: told apart by color, line and mark at once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import losses
from losses.core.messages import listed, say

from .array_codec import typed
from .data_card_views import way
from .decision_boundary import HALF
from .plot_base import QUIET
from .probability_grid import Table
from .step_slices import Figure, moving


@dataclass(frozen=True)
class Mark:
    """How a rival looks; in space only symbols that every font has."""

    color: str
    dash: str
    symbol: str
    symbol3d: str


MARKS: Final[Sequence[Mark]] = (
    Mark("var(--rival-1)", "dash", "square", "square"),
    Mark("var(--rival-2)", "dot", "diamond", "diamond"),
    Mark("var(--rival-3)", "dashdot", "triangle-up", "square-open"),
    Mark("var(--rival-4)", "longdash", "pentagon", "diamond-open"),
    Mark("var(--rival-5)", "longdashdot", "star", "circle-open"),
)
WHOLE: Final = "whole"
"""Marks a line that shows a run from its start to its end."""
LONGEST: Final = 26
"""Characters of an axis title."""
GHOST: Final = Mark("var(--ghost)", "solid", "circle", "circle")


def mark(place: int) -> Mark:
    return GHOST if place < 0 else MARKS[place]


def prefixed(arrays: Mapping[str, Table], key: str) -> dict[str, Table]:
    """The arrays of a rival, under its own names."""
    return {f"{key}:{name}": values for name, values in arrays.items()}


def of_rival(figure: Figure, key: str) -> Figure:
    """A figure whose moving traces name the arrays of the rival ``key``."""
    shown = [
        part | {"arrays": {axis: f"{key}:{name}" for axis, name in part["arrays"].items()}}
        for part in figure["moving"]
    ]
    return figure | {"moving": shown}


def on_ground(kind: str, key: str, name: str, place: int, axes: Mapping[str, str]) -> list[Figure]:
    """The path of a rival on a map or a landscape, its mark where it is now."""
    look, solid = mark(place), kind == "scatter3d"
    quiet: dict[str, Any] = {"type": kind, "hoverinfo": "skip", "showlegend": False}
    named = {axis: f"{key}:{array}" for axis, array in axes.items()}
    line = {"color": look.color, "width": 5 if solid else 2.5, "dash": look.dash}
    symbol = look.symbol3d if solid else look.symbol
    dot = {"size": 6 if solid else 12, "symbol": symbol, "color": look.color}
    edge = {"color": "var(--halo)", "width": 1.5}
    halo = {"color": "var(--halo)", "width": 8 if solid else 5}
    return [
        moving(
            "past", quiet | {"name": listed(", ", (name, "halo")), "mode": "lines", "line": halo}, **named
        ),
        moving(
            "past", quiet | {"name": listed(", ", (name, "path")), "mode": "lines", "line": line}, **named
        ),
        moving("held", quiet | {"name": name, "mode": "markers", "marker": dot | {"line": edge}}, **named),
    ]


def guess(said: tuple[float, ...], true: tuple[float, ...]) -> list[Figure]:
    """A star where someone thought that it would be, and a dotted way from there to where it is."""
    (u, v), (there_u, there_v) = said, true
    way = {"name": "gap", "mode": "lines", "line": {"color": "var(--halo)", "width": 2.5, "dash": "dot"}}
    edge = {"color": "var(--path)", "width": 1.5}

    def mark(name: str, symbol: str, size: float, at: tuple[float, float]) -> Figure:
        marker = {"symbol": symbol, "size": size, "color": "var(--halo)", "line": edge}
        return QUIET | {"name": name, "mode": "markers", "marker": marker, "x": [at[0]], "y": [at[1]]}

    return [
        QUIET | way | {"x": [u, there_u], "y": [v, there_v]},
        mark("truth", "circle-cross", 12, (there_u, there_v)),
        mark("guess", "star", 18, (u, v)),
    ]


def on_curve(key: str, name: str, place: int, second_axis: bool = False) -> list[Figure]:
    """The loss of a rival by step; beside another loss on its own scale."""
    look = mark(place)
    line = QUIET | {"name": name, "hoverinfo": "name", "hoverlabel": {"namelength": -1}}
    axis = {"yaxis": "y2"} if second_axis else {}
    named = {"x": f"{key}:step", "y": f"{key}:loss"}
    drawn = {"meta": WHOLE, "line": {"color": look.color, "width": 2, "dash": look.dash}}
    dot = {"mode": "markers", "marker": {"size": 9, "symbol": look.symbol, "color": look.color}}
    return [moving("row", line | axis | drawn, **named), moving("held", line | axis | dot, **named)]


def on_lens(figure: Figure, loss: str, key: str) -> Figure:
    """A loss lens in which another loss that fits here stands out, with the examples of its run on it."""
    look, moves = mark(0), []
    for part in figure["moving"]:
        trace = part["trace"]
        if part["arrays"].get("y") == f"lens_{loss}":
            trace = trace | {"line": {"color": look.color, "width": 2.5, "dash": look.dash}}
        moves.append(part | {"trace": trace})
    marker = {"size": 7, "symbol": f"{look.symbol}-open", "color": look.color}
    dots = moving("row", QUIET | {"mode": "markers", "marker": marker}, x=f"{key}:dot_x", y=f"{key}:dot_y")
    return figure | {"moving": [dots, *moves]}


def on_data(problem: losses.Problem, key: str, name: str, place: int) -> list[Figure]:
    """The model of a rival over the examples, where these can be drawn."""
    look, drawn = mark(place), way(problem).key
    if drawn == "fitted":
        line = {"name": name, "line": {"color": look.color, "width": 2.5, "dash": look.dash}}
        return [moving("row", QUIET | line, x=f"{key}:grid", y=f"{key}:fit")]
    if drawn == "border":
        edge = {
            "type": "contour",
            "hoverinfo": "skip",
            "showscale": False,
            "autocontour": False,
            "contours": HALF,
            "line": {"color": look.color, "width": 2.5, "dash": look.dash},
        }
        return [moving("row", edge, x=f"{key}:across", y=f"{key}:up", z=f"{key}:chance")]
    if drawn == "said":
        axis = "true" if problem.data.task == "regression" else "example"  # type: ignore[attr-defined]
        dots = {
            "name": name,
            "mode": "markers",
            "marker": {"size": 6, "symbol": f"{look.symbol}-open", "color": look.color},
        }
        return [moving("row", QUIET | dots, x=f"{key}:{axis}", y=f"{key}:said")]
    return []


def with_examples(figure: Figure, problem: Any, other: Any) -> Figure:
    """A figure of examples with those of other data among them, on axes that hold both."""
    if way(problem).key != "fitted" or other.data.key == problem.data.key:
        return figure
    look, theirs = MARKS[0], way(other).figure(other, losses.certify(other))["layout"]
    dots = {"mode": "markers", "hoverinfo": "x+y"}
    marker = {"marker": {"size": 6, "symbol": f"{look.symbol}-open", "color": look.color}}
    points = QUIET | {"x": typed(other.data.inputs[:, 0]), "y": typed(other.data.y)} | dots | marker
    layout = {name: _wider(figure["layout"][name], theirs[name]) for name in ("xaxis", "yaxis")}
    return figure | {"data": [*figure["data"], points], "layout": figure["layout"] | layout}


def _wider(axis: Figure, other: Figure) -> Figure:
    """An axis that holds what another does, and says what both measure."""
    low, high = zip(axis["range"], other["range"], strict=True)
    both = listed(" / ", dict.fromkeys((axis["title"]["text"], other["title"]["text"])))
    said = both if len(both) <= LONGEST else say("each in its own units")
    return axis | {"range": [min(low), max(high)], "title": axis["title"] | {"text": said}}


def two_scales(layout: Figure) -> Figure:
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
    return layout | {"margin": layout["margin"] | {"r": 48}, "yaxis2": right | {"color": MARKS[0].color}}
