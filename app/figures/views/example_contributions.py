"""What each example contributes: its share of the loss, and its term in the gradient."""

import numpy as np

import losses
from losses.core.arrays import Array
from losses.core.messages import message

from ...protocol.figures import FigureSpec, PlotlyObject
from ..plot_base import BASE_TRACE, MIN_POSITIVE, axis, hover_template, layout_2d
from ..step_slices import moving_trace

MAX_BARS = 40
MAX_ARROWS = 150
"""The gradient is not drawn as a sum if there are more examples: their arrows would be too small to see."""


def loss_shares_figure(problem: losses.DataProblem, certificate: losses.Certificate) -> FigureSpec:
    """Return bars with the shares of the examples in the loss, up to ``MAX_BARS`` of them, largest first.

    While an example costs less than 0 there are none, which a text says.
    """
    count = min(MAX_BARS, len(problem.y))
    bars = {
        "type": "bar",
        "meta": "examples",
        "showlegend": False,
        "hovertemplate": hover_template(message("example %{customdata:d}: %{y:.3~g} % of the loss")),
        "marker": {"color": ["var(--now)"] + ["var(--now-pale)"] * (count - 1)},
    }
    note: PlotlyObject = {"mode": "text", "text": [message("Costs below 0 have no shares.")]}
    note["textfont"] = {"color": "var(--ink-soft)"}
    return FigureSpec(
        data=[],
        moving=[
            moving_trace("row", bars, x="rank", y="share", customdata="example_rows"),
            moving_trace("row", BASE_TRACE | note, x="no_share_x", y="no_share_y"),
        ],
        layout=layout_2d(
            axis(message("examples, most costly first"), (0.2, count + 0.8)),
            axis(message("share of the loss, %"), rangemode="tozero"),
            bargap=0.15,
        ),
    )


def loss_shares_arrays(problem: losses.DataProblem, run: losses.Descent) -> dict[str, Array]:
    """Return the largest shares in percent at each step and the rows of their examples, ``(k + 1, bars)``.

    A penalty is part of the loss, too, so that the shares add up to less with it. They are NaN where the
    cost of some example is negative; ``no_share_x, no_share_y`` is where a text says so, NaN elsewhere.
    """
    cost, count = problem.example_losses(run.theta), len(problem.y)
    rows = np.argsort(-cost, axis=-1, kind="stable")[:, :MAX_BARS]
    has_shares = (cost >= 0.0).all(axis=-1, keepdims=True)
    penalty = np.broadcast_to(problem.penalty(run.theta), len(cost))[:, None]
    total = np.maximum(cost.sum(axis=-1, keepdims=True) + count * penalty, MIN_POSITIVE)
    share = np.take_along_axis(cost, rows, axis=-1) / total
    middle = np.where(has_shares, np.nan, 0.5 * (rows.shape[1] + 1))
    return {
        "rank": np.arange(1.0, rows.shape[1] + 1),
        "share": np.where(has_shares, 100.0 * share, np.nan),
        "example_rows": rows,
        "no_share_x": middle,
        "no_share_y": np.where(has_shares, np.nan, 50.0),
    }


def example_descent_directions(problem: losses.DataProblem, theta: Array) -> Array:
    """Return minus the term of each example in the gradient at points ``theta (m, d)``, shape ``(m, n, d)``.

    The sum over the examples is minus the gradient.
    """
    count = len(problem.y)
    return -np.stack([problem.gradient_on(theta, [i]) for i in range(count)], axis=1) / count


def gradient_sum_figure(problem: losses.DataProblem, certificate: losses.Certificate) -> FigureSpec:
    """Return the examples' terms of −∇ as a chain of arrows, and their sum −∇ as a bold one."""
    names = (message("pull on {name}", name=name) for name in problem.plane.labels)
    arrow: PlotlyObject = {"mode": "lines+markers", "marker": {"symbol": "arrow", "angleref": "previous"}}
    terms = BASE_TRACE | arrow | {"line": {"color": "var(--ink-faint)", "width": 1}}
    terms["marker"] = arrow["marker"] | {"size": 5, "color": "var(--ink-soft)"}
    total = BASE_TRACE | arrow | {"line": {"color": "var(--now)", "width": 3}}
    total["marker"] = arrow["marker"] | {"size": 12, "color": "var(--now)"}
    x_axis, y_axis = (axis(name, zeroline=True, zerolinecolor="var(--grid)") for name in names)
    return FigureSpec(
        data=[],
        moving=[
            moving_trace("row", terms, x="chain_u", y="chain_v"),
            moving_trace("row", total, x="sum_u", y="sum_v"),
        ],
        layout=layout_2d(x_axis, y_axis),
    )


def gradient_sum_arrays(problem: losses.DataProblem, run: losses.Descent) -> dict[str, Array]:
    """Return the chain of the examples' terms of −∇, ``(k + 1, n + 1)``, and its two ends, ``(k + 1, 2)``.

    The terms are sorted by direction, so that the chain does not cross itself.
    """
    arrows = example_descent_directions(problem, run.theta)
    order = np.argsort(np.arctan2(arrows[..., 1], arrows[..., 0]), axis=1, kind="stable")
    arrows = np.take_along_axis(arrows, order[..., None], axis=1)
    chain = np.concatenate([np.zeros_like(arrows[:, :1]), np.cumsum(arrows, axis=1)], axis=1)
    ends = chain[:, [0, -1]]
    return {
        "chain_u": chain[..., 0],
        "chain_v": chain[..., 1],
        "sum_u": ends[..., 0],
        "sum_v": ends[..., 1],
    }
