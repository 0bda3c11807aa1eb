"""The loss by step: a curve with the current step marked."""

from collections.abc import Sequence

import numpy as np

import losses
from losses.core.arrays import Array
from losses.core.messages import message

from ...protocol.figures import FigureSpec, PlotlyObject
from ..plot_base import MAX_END, MAX_LOG_END, axis, hover_template, layout_2d, log_ticks
from ..step_slices import moving_trace
from ..trajectory_traces import arrival_trace

LOG_SCALE_RATIO = 100.0
"""The axis is logarithmic if the highest loss exceeds this multiple of the lowest."""
READABLE_LOSS = "readable_loss"
"""The array of the losses without rounding errors."""
PADDING = 0.07
"""Room beyond both ends of the axis, as a share of its length."""
NEGLIGIBLE_RATIO = 1e-6
"""An optimum below this fraction of the lowest loss of the run does not extend a logarithmic axis."""
RELATIVE_ROUNDING = 1e-15
"""Losses of competitors below this fraction of the highest loss are treated as rounding errors of zero."""


def loss_curve(problem: losses.Problem, certificate: losses.Certificate) -> FigureSpec:
    """Return the curve of the run's loss: dark up to the current step, then faint; a flag marks arrival.

    A hovered point tells the loss as the texts do, also on an axis of another quantity.
    """
    line = {"type": "scatter", "mode": "lines", "hoverinfo": "none", "showlegend": False}
    hover = {"hoverinfo": "x+y", "hovertemplate": hover_template(message("loss %{customdata:.3~g}"))}
    return FigureSpec(
        data=[],
        moving=[
            moving_trace(
                "future",
                line | hover | {"name": "future", "line": {"color": "var(--ink-faint)", "width": 2}},
                x="step",
                y="loss",
                customdata=READABLE_LOSS,
                while_playing="nothing",
            ),
            moving_trace(
                "past",
                line | {"line": {"color": "var(--ink)", "width": 2.5}},
                x="step",
                y="loss",
                while_playing="pastMoving",
            ),
            moving_trace(
                "now",
                line
                | {
                    "mode": "markers",
                    "marker": {
                        "size": 12,
                        "color": "var(--now)",
                        "line": {"color": "var(--card)", "width": 2},
                    },
                },
                x="step",
                y="loss",
                while_playing="nowMoving",
            ),
            arrival_trace(x="flag_x", y="flag_y"),
        ],
        layout=layout_2d(axis(message("step")), axis(message("loss")), 48, hovermode="x"),
    )


def loss_curve_ranges(
    run: losses.Descent, certificate: losses.Certificate, competitor_losses: Sequence[Array] = ()
) -> PlotlyObject:
    """Return what of the layout depends on the run: ranges, scale, and a dotted line at the optimal loss.

    The axis also contains the losses of ``competitor_losses``, unless these are so low that they are
    rounding errors.
    """
    last_step = len(run.loss) - 1
    low, high, log = _y_axis_ends(_range_losses(run.loss, competitor_losses), certificate.loss)
    padding = PADDING * max(high - low, 1e-6 * abs(high), 1e-300)
    if high - low <= 1e-6 * abs(high):  # a single loss is seen from 0: nothing else gives it a scale
        low = min(low, 0.0)
        padding = PADDING * (high - low) or 0.1 * abs(high) or 1.0
    bottom, top = float(low - padding), float(high + padding)
    layout: PlotlyObject = {
        "xaxis.range": [-0.02 * last_step - 0.3, last_step * 1.02 + 0.3],
        "yaxis.type": "log" if log else "linear",
        "yaxis.range": [bottom, top],
        "shapes": [],
    }
    ticks = log_ticks(bottom, top) if log else {"tickmode": "auto"}
    layout |= {f"yaxis.{name}": value for name, value in ticks.items()}
    if certificate.loss is not None:
        layout["shapes"] = [_optimal_loss_line(float(certificate.loss))]
    return layout


def end_at_window(layout: PlotlyObject, lowest: float) -> PlotlyObject:
    """Return ranges that end at the lowest height of the window, for a loss that falls for ever.

    A run that has left the window downward would flatten all that comes before.
    """
    low, high = layout["yaxis.range"]
    if layout["yaxis.type"] == "log" or not low < lowest < high:
        return layout
    highest = high - PADDING / (1 + 2 * PADDING) * (high - low)
    padding = PADDING * (highest - lowest)
    return layout | {"yaxis.range": [lowest - padding, highest + padding]}


def _range_losses(loss: Array, competitor_losses: Sequence[Array]) -> Array:
    """Return the finite losses that the axis must contain; a zero if there are none."""
    finite = loss[np.isfinite(loss)]
    minima = [float(other[np.isfinite(other)].min(initial=np.inf)) for other in competitor_losses]
    if len(finite) and 0 <= min(minima, default=np.inf) < finite.min():
        finite = np.append(finite, max(min(minima), RELATIVE_ROUNDING * float(finite.max())))
    return finite if len(finite) else np.zeros(1)


def _y_axis_ends(finite: Array, optimal_loss: float | None) -> tuple[float, float, bool]:
    """Return both ends of the loss axis and whether it is logarithmic; the ends are exponents then."""
    lowest, highest = float(finite.min()), float(finite.max())
    floor = lowest if optimal_loss is None else min(float(optimal_loss), lowest)
    log = floor > 0 and highest > LOG_SCALE_RATIO * floor
    if floor < NEGLIGIBLE_RATIO * lowest:  # a zero with rounding errors would stretch the logarithmic axis
        log = lowest > 0 and highest > LOG_SCALE_RATIO * lowest
        floor = lowest if log else floor
    if log:
        return np.log10(floor), min(np.log10(highest), MAX_LOG_END), True
    return max(floor, -MAX_END), min(highest, MAX_END), False


def _optimal_loss_line(loss: float) -> PlotlyObject:
    return {
        "type": "line",
        "xref": "paper",
        "x0": 0,
        "x1": 1,
        "y0": loss,
        "y1": loss,
        "line": {"color": "var(--ink-faint)", "width": 1, "dash": "dot"},
    }
