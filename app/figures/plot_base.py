"""A way to show a moment: when it fits a problem, its figure, and what of it moves with a run."""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Final, Literal

import numpy as np

import losses
from losses.core.arrays import Array
from losses.core.messages import FormattedNumber, format_number, joined

from .probability_grid import TraceArray
from .step_slices import Figure

Run = losses.Descent
BASE_TRACE: Figure = {"type": "scatter", "hoverinfo": "skip", "showlegend": False, "mode": "lines"}
NUMBER_SEPARATORS: Final = FormattedNumber(".\u202f")
"""Decimal mark and thousands of the numbers that Plotly writes."""
MAX_TICKS: Final = 5
MIN_TICKS: Final = 3


def hover_template(text: str) -> str:
    """What a place of a trace says, without the trace's name."""
    return joined("", (text, "<extra></extra>"))


def _empty_figure(*_: Any) -> Figure:
    nothing = {"visible": False, "fixedrange": True}
    return {"data": [], "moving": [], "layout": layout_2d(nothing, nothing)}


def _empty_dict(*_: Any) -> dict[str, Any]:
    return {}


@dataclass(frozen=True)
class View:
    """One way to show a problem and a run of it.

    ``figure`` stands still while a run moves, ``arrays`` are what its moving
    traces name, ``layout`` is the part of its layout that follows the run.
    """

    key: str
    name: str
    hint: str
    applies_to: Callable[[Any], bool]
    figure: Callable[[Any, losses.Certificate], Figure] = _empty_figure
    arrays: Callable[[Any, Run], Mapping[str, TraceArray]] = _empty_dict
    layout: Callable[[Run, losses.Certificate], Figure] = _empty_dict
    reveals_outcome: bool = False
    """Whether it tells how runs will end, which nobody sees in the fog."""
    shows_loss_by_step: bool = False
    """Whether competitors are drawn on it, and a compared run on a second axis."""
    compares_losses: bool = False
    """Whether it also draws the loss of a comparison that differs in the loss alone."""
    shows_rule: bool = False
    """Whether the update rule of the optimizer stands above its table."""
    shows_model: bool = False
    """Of a data view: whether it draws the predictions of the current step."""
    edits: Literal["", "value", "class"] = ""
    """Of a data view: what can be dragged or clicked to change an example's target."""
    points: Literal["examples", "steps", "runs", "settings"] = "examples"
    """What its points are, which decides what the browser does when one is hovered or clicked."""
    click_sets: tuple[tuple[str, Literal["x", "y"]], ...] = ()
    """Link keys that a click sets to a coordinate of the clicked point."""
    click_sets_fixed: tuple[tuple[str, str], ...] = ()
    """Link keys that the same click sets to a fixed value."""
    table: Callable[[Any, Sequence[int]], Any] | None = None
    """``table(experiment, steps)`` makes the table of a view without a picture: a list with one for each step."""
    table_kind: Literal["facts", "update", "runs"] = "facts"
    """How the browser draws its table: pairs of name and value, an update rule filled in, or a row for each run."""
    one_table: bool = False
    """Whether ``table`` makes a single table for all steps instead."""


def layout_2d(x: Figure, y: Figure, left_margin: int = 52, **more: Any) -> Figure:
    """The layout of a small flat plot with the two axes."""
    return {
        "margin": {"l": left_margin, "r": 12, "t": 6, "b": 42},
        "separators": NUMBER_SEPARATORS,
        "showlegend": False,
        "dragmode": False,
        "xaxis": x,
        "yaxis": {"automargin": "left", **y},
        **more,
    }


def axis(title: str, box: tuple[float, float] | None = None, **settings: object) -> Figure:
    """A quiet axis of a flat plot."""
    fixed = {"range": list(box)} if box else {}
    return {
        "title": {"text": title, "standoff": 6},
        "color": "var(--ink-soft)",
        "gridcolor": "var(--grid)",
        "zeroline": False,
        "fixedrange": True,
        "nticks": 6,
        "exponentformat": "power",
        "minexponent": 5,
        "separatethousands": True,
        "ticks": "outside",
        "ticklen": 4,
        "tickcolor": "var(--grid)",
        **fixed,
        **settings,
    }


def linear_ticks(low: float, high: float, count: int = MAX_TICKS) -> list[float]:
    """Round numbers evenly apart."""
    rough = (high - low) / count
    size = 10.0 ** math.floor(math.log10(rough))
    step = size * next(nice for nice in (1, 2, 2.5, 5, 10) if nice * size >= rough * (1 - 1e-9))
    return [step * i for i in range(math.ceil(low / step), math.floor(high / step) + 1)]


def tick_labels(values: Sequence[float], digits: int = 0) -> list[str]:
    """Numbers as the page says them, with as many digits as tell them apart."""
    apart = min((b - a for a, b in pairwise(values)), default=1.0)
    finest = math.ceil(math.log10(max(map(abs, values), default=1.0) / apart + 1)) + 1
    return [format_number(value, digits or max(3, finest)) for value in values]


def log_ticks(low: float, high: float) -> Figure:
    """Ticks of a logarithmic axis between two exponents, in figures as the page says them.

    Plotly's own are larger than all other letters, and small twos and fives crowd between them.
    """
    each = max(1, math.ceil((high - low) / MAX_TICKS))
    powers = [10.0**e for e in range(math.ceil(low), math.floor(high) + 1) if e % each == 0]
    if len(powers) < MIN_TICKS:
        powers = [m * 10.0**e for e in range(math.floor(low), math.floor(high) + 1) for m in (1, 2, 5)]
        powers = [value for value in powers if low <= math.log10(value) <= high]
    if len(powers) < MIN_TICKS:
        return {"tickmode": "auto"}
    return {"tickmode": "array", "tickvals": powers, "ticktext": [format_number(value) for value in powers]}


def padded_range(values: Array, margin_share: float) -> tuple[float, float]:
    """The range of values with a margin on both sides, ``margin_share`` of it wide."""
    margin = margin_share * float(np.ptp(values))
    return float(values.min()) - margin, float(values.max()) + margin
