"""The loss by step."""

from collections.abc import Sequence

import numpy as np

import losses
from losses.core.arrays import Array
from losses.core.messages import message

from .plot_base import axis, layout_2d, log_ticks
from .step_slices import Figure, moving_trace

LOG_SCALE_RATIO = 100.0
NEGLIGIBLE_RATIO = 1e-6
RELATIVE_ROUNDING = 1e-15


def loss_curve(problem: losses.Problem, certificate: losses.Certificate) -> Figure:
    """The loss of every step of the run: behind the playhead dark, ahead of it faint."""
    line = {"type": "scatter", "mode": "lines", "hoverinfo": "x+y", "showlegend": False}
    return {
        "data": [],
        "moving": [
            moving_trace(
                "future",
                line | {"name": "future", "line": {"color": "var(--ink-faint)", "width": 2}},
                x="step",
                y="loss",
            ),
            moving_trace("past", line | {"line": {"color": "var(--ink)", "width": 2.5}}, x="step", y="loss"),
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
            ),
        ],
        "layout": layout_2d(axis(message("step")), axis(message("loss")), 48, hovermode="x"),
    }


def loss_curve_ranges(
    run: losses.Descent, certificate: losses.Certificate, competitor_losses: Sequence[Array] = ()
) -> Figure:
    """The part of the layout that follows the run: ranges, scale, the floor as a dotted line.

    The losses of ``competitor_losses`` that run with it are held as far down as they are not rounding.
    """
    last = len(run.loss) - 1
    finite = run.loss[np.isfinite(run.loss)]
    depths = [float(other[np.isfinite(other)].min(initial=np.inf)) for other in competitor_losses]
    if len(finite) and 0 <= min(depths, default=np.inf) < finite.min():
        finite = np.append(finite, max(min(depths), RELATIVE_ROUNDING * float(finite.max())))
    if not len(finite):
        finite = np.zeros(1)
    lowest, top = float(finite.min()), float(finite.max())
    floor = lowest if certificate.loss is None else min(float(certificate.loss), lowest)
    log = floor > 0 and top > LOG_SCALE_RATIO * floor
    if (
        floor < NEGLIGIBLE_RATIO * lowest
    ):  # a zero that rounding has left would take all the room of a logarithm
        log = lowest > 0 and top > LOG_SCALE_RATIO * lowest
        floor = lowest if log else floor
    low, high = (np.log10(floor), np.log10(top)) if log else (floor, top)
    pad = 0.07 * max(high - low, 1e-6 * abs(high), 1e-300)
    if high - low <= 1e-6 * abs(high):
        pad = 0.1 * abs(high) or 1.0
    layout: Figure = {
        "xaxis.range": [-0.02 * last - 0.3, last * 1.02 + 0.3],
        "yaxis.type": "log" if log else "linear",
        "yaxis.range": [float(low - pad), float(high + pad)],
        "shapes": [],
    }
    ticks = log_ticks(low - pad, high + pad) if log else {"tickmode": "auto"}
    layout |= {f"yaxis.{name}": value for name, value in ticks.items()}
    if certificate.loss is not None:
        level = float(certificate.loss)
        layout["shapes"] = [
            {
                "type": "line",
                "xref": "paper",
                "x0": 0,
                "x1": 1,
                "y0": level,
                "y1": level,
                "line": {"color": "var(--ink-faint)", "width": 1, "dash": "dot"},
            }
        ]
    return layout
