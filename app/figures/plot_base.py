"""Describe a view of a card, and build the axes, ticks and layouts that flat figures share."""

import html
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Final, Literal

import numpy as np

import losses
from losses.core.arrays import Array
from losses.core.messages import FormattedNumber, Message, format_number, joined

from ..problem_setup.price import Price
from ..protocol.figures import FigureSpec, LineHandles, MovingTrace, PlotlyObject
from ..protocol.narration import Table
from .probability_grid import TraceArray

Run = losses.Descent
BASE_TRACE: PlotlyObject = {"type": "scatter", "hoverinfo": "skip", "showlegend": False, "mode": "lines"}
"""A flat line without legend and hover text, from which other traces are derived with ``|``."""
NUMBER_SEPARATORS: Final = FormattedNumber(".\u202f")
"""Decimal and thousands separator of the numbers that Plotly formats (``layout.separators``)."""
MIN_POSITIVE: Final = 1e-300
"""Differences below this count as none."""
MAX_END: Final = 4e307
"""The largest end of an axis; the difference of two ends is then within float64."""
MAX_LOG_END: Final = math.log10(MAX_END)
FOG_SIZE: Final = 33
"""Points along a side of the fog."""
FOG_COLORS: Final = [[0.0, "var(--fog-thick)"], [1.0, "var(--fog-thin)"]]
MAX_TICKS: Final = 5
MIN_TICKS: Final = 3
"""Logarithmic axes with fewer powers of ten get ticks at 1, 2 and 5, too."""
MOST_FINE_TICKS: Final = 7
"""Logarithmic axes with more ticks at 1, 2 and 5 get them at 1 and 3 instead."""


def hover_template(text: str) -> str:
    """Return a hover template that shows ``text`` only, without the box with the trace's name."""
    return joined("", (text, "<extra></extra>"))


def hover_example(data: losses.Dataset) -> PlotlyObject:
    """Return the attributes of the examples' trace that name input and target where one is hovered."""
    names = [_in_template(label_text(name)) for name in (data.input_names[0], data.target_name)]
    target, texts = "%{y:,.4~r}", {}
    if data.classes:
        target, texts = "%{text}", {"text": [label_text(data.classes[int(y)]) for y in data.y]}
    lines = [joined(": ", pair) for pair in zip(names, ("%{x:,.4~r}", target), strict=True)]
    return texts | {"mode": "markers", "hovertemplate": hover_template(joined("<br>", lines))}


def _in_template(name: str) -> str:
    """Return a name as a hover template shows it; a name without ``%{`` stays translatable."""
    return name.replace("%{", "%&#123;") if "%{" in name else name


def label_text(name: str) -> str:
    """Return the name of a column or class as Plotly shows it; Plotly takes ``<`` and ``&`` for markup.

    Names of shipped datasets are messages without markup, which stay translatable.
    """
    return name if isinstance(name, Message) else html.escape(name, quote=False)


def _empty_figure(*_: Any) -> FigureSpec:
    hidden_axis = {"visible": False, "fixedrange": True}
    return FigureSpec(data=[], moving=[], layout=layout_2d(hidden_axis, hidden_axis))


def _empty_dict(*_: Any) -> dict[str, Any]:
    return {}


@dataclass(frozen=True)
class CompetitorStyle:
    """How a competitor is drawn.

    ``symbol3d`` must not be Plotly's ``x``: in 3-d it is a character that some fonts do not have.
    """

    color: str
    dash: str
    symbol: str
    symbol3d: str


def _no_traces(problem: Any, key: str, name: str, style: CompetitorStyle) -> list[MovingTrace]:
    return []


def _free(problem: Any, optimizer: str, steps: int) -> Price:
    return Price()


def _no_handles(problem: Any, plane: losses.Plane) -> None:
    return None


@dataclass(frozen=True)
class View:
    """One way to show a problem and a run of it in a card: as a figure or as a table.

    The type of a problem is Any here: each function takes the kind of problem that its view applies to.
    """

    key: str
    name: str
    """The name in the menu of the card."""
    hint: str
    """A sentence that explains the view."""
    applies_to: Callable[[Any], bool]
    """``applies_to(problem)``: whether the view is possible for a problem."""
    figure: Callable[[Any, losses.Certificate], FigureSpec] = _empty_figure
    """``figure(problem, certificate)``: the figure, which is the same for every run."""
    arrays: Callable[[Any, Run], Mapping[str, TraceArray]] | None = None
    """``arrays(problem, run)``: the arrays that the figure's moving traces name; None if there are none."""
    layout: Callable[[Run, losses.Certificate], PlotlyObject] = _empty_dict
    """``layout(run, certificate)``: the attributes of the layout that depend on the run."""
    price: Callable[[Any, str, int], Price] = _free
    """``price(problem, optimizer, steps)``: what its arrays cost besides those of the run itself."""
    reveals_outcome: bool = False
    """Whether it shows how runs end; such a view is not offered in the fog."""
    shows_loss_by_step: bool = False
    """Whether competitors are drawn on it, and a compared run on a second axis."""
    compares_losses: bool = False
    """Whether it also draws the loss of a comparison, if only the loss differs."""
    shows_rule: bool = False
    """Whether the update rule of the optimizer is shown above its table."""
    shows_model: bool = False
    """Whether it draws the predictions of the current step (data views only)."""
    shows_target_by_input: bool = False
    """Whether its axes are one input and the target, so that it can show examples of two datasets."""
    competitor: Callable[[Any, str, str, CompetitorStyle], list[MovingTrace]] = _no_traces
    """``competitor(problem, key, name, style)``: traces of a competitor's predictions (data views only)."""
    handles: Callable[[Any, losses.Plane], LineHandles | None] = _no_handles
    """``handles(problem, plane)``: what handles on its line need, None without one (data views only)."""
    place_arrays: Callable[[Any, Array], Mapping[str, Array]] = _empty_dict
    """``place_arrays(problem, theta)``: the arrays that show the predictions of any parameters ``(d,)``."""
    edits: Literal["", "value", "class"] = ""
    """How targets can be changed: by dragging the value or clicking the class (data views only)."""
    points: Literal["examples", "steps", "runs", "settings"] = "examples"
    """What its points are; this decides what the browser does when one is hovered or clicked."""
    click_sets: tuple[tuple[str, Literal["x", "y"]], ...] = ()
    """Link keys that a click sets to a coordinate of the clicked point."""
    click_sets_fixed: tuple[tuple[str, str], ...] = ()
    """Link keys that the same click sets to a fixed value."""
    tables: Callable[[Any, Sequence[int]], list[Table]] | None = None
    """``tables(experiment, steps)``: for a view without a figure, a table for each step or one for all."""


def fog_thickness() -> Array:
    """Return the thickness of fog on a grid, 0 to 1: a few waves, the same everywhere and at all times."""
    x = np.linspace(0.0, 1.0, FOG_SIZE)
    rng = np.random.default_rng(FOG_SIZE)
    waves = np.zeros((FOG_SIZE, FOG_SIZE))
    for scale in (2.0, 4.0, 7.0, 11.0):
        a, b, phase = rng.normal(scale=scale), rng.normal(scale=scale), rng.uniform(0.0, 6.3)
        waves += np.sin(a * x[None, :] * 3.0 + b * x[:, None] * 3.0 + phase) / scale**0.5
    spread: Array = (waves - waves.min()) / np.ptp(waves)
    return spread


def layout_2d(x: PlotlyObject, y: PlotlyObject, left_margin: int = 52, **more: Any) -> PlotlyObject:
    """Return the layout of a small flat figure with the given axes; margins are in pixels."""
    return {
        "margin": {"l": left_margin, "r": 12, "t": 6, "b": 42},
        "separators": NUMBER_SEPARATORS,
        "showlegend": False,
        "dragmode": False,
        "xaxis": x,
        "yaxis": {"automargin": "left", **y},
        **more,
    }


def axis(title: str, limits: tuple[float, float] | None = None, **settings: object) -> PlotlyObject:
    """Return an axis of a flat figure in subdued colors, with a fixed range if ``limits`` are given."""
    fixed_range = {"range": list(limits)} if limits else {}
    return {
        "title": {"text": title, "standoff": 6},
        "color": "var(--ink-soft)",
        "gridcolor": "var(--grid)",
        "zeroline": False,
        "fixedrange": True,
        "nticks": 8,
        "exponentformat": "power",
        "minexponent": 5,
        "separatethousands": True,
        "ticks": "outside",
        "ticklen": 4,
        "tickcolor": "var(--grid)",
        **fixed_range,
        **settings,
    }


def linear_ticks(low: float, high: float, count: int = MAX_TICKS) -> list[float]:
    """Return the multiples of a round step from ``low`` to ``high``, at most about ``count``.

    The step is 1, 2, 2.5 or 5 times a power of ten. There is one tick if both ends are the same number but
    for rounding.
    """
    min_step = high / count - low / count  # high − low may be beyond float64
    if not min_step > max(MIN_POSITIVE, 4.0 * math.ulp(max(abs(low), abs(high)))):
        return [low]
    power = 10.0 ** math.floor(math.log10(min_step))
    step = power * next(factor for factor in (1, 2, 2.5, 5, 10) if factor * power >= min_step * (1 - 1e-9))
    return [step * i for i in range(math.ceil(low / step), math.floor(high / step) + 1)]


def tick_labels(values: Sequence[float], digits: int = 0) -> list[str]:
    """Format increasing numbers as everywhere on the page.

    ``digits`` is the number of significant digits; 0 means enough to distinguish the values, at least 3.
    """
    spacing = min((b - a for a, b in pairwise(values)), default=1.0)
    digits_of_largest = min(max(map(abs, values), default=1.0) / max(spacing, MIN_POSITIVE), 1e16)
    distinguishing = math.ceil(math.log10(digits_of_largest + 1)) + 1
    return [format_number(value, digits or max(3, distinguishing)) for value in values]


def powers_of_ten(low: float, high: float) -> list[tuple[int, float]]:
    """Return the whole exponents from ``low``, rounded down, to ``high``, with their powers."""
    exponents = range(max(math.floor(low), -323), min(math.floor(high), 308) + 1)
    return [(e, 10.0**e) for e in exponents]


def log_ticks(low: float, high: float) -> PlotlyObject:
    """Return tick settings of a logarithmic axis from 10**low to 10**high.

    The labels are formatted as everywhere on the page: Plotly's powers of ten are larger than all other
    text, with small twos and fives crowded between them. Plotly chooses the ticks if there are fewer than
    ``MIN_TICKS``.
    """
    powers = [(e, power) for e, power in powers_of_ten(low, high) if e >= low]
    exponent_step = max(1, math.ceil((high - low) / MAX_TICKS))
    by_remainder = [
        [power for e, power in powers if e % exponent_step == remainder] for remainder in range(exponent_step)
    ]
    values = max(by_remainder, key=len)
    if len(values) < MIN_TICKS:
        within = [(m, m * power) for _, power in powers_of_ten(low, high) for m in (1, 2, 3, 5)]
        within = [(m, value) for m, value in within if low <= math.log10(value) <= high]
        values = [value for m, value in within if m != 3]
        if len(values) > MOST_FINE_TICKS:
            values = [value for m, value in within if m in (1, 3)]
    if len(values) < MIN_TICKS:
        return {"tickmode": "auto"}
    return {"tickmode": "array", "tickvals": values, "ticktext": [format_number(value) for value in values]}


def padded_range(values: Array, margin_share: float) -> tuple[float, float]:
    """Return the range of ``values`` with a margin of ``margin_share`` times its width at both ends."""
    margin = margin_share * float(np.ptp(values))
    return float(values.min()) - margin, float(values.max()) + margin
