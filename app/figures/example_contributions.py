"""Who is pulling: what each example costs, and the gradient as the sum of what each one asks for."""

import numpy as np

import losses
from losses.core.arrays import Array
from losses.core.messages import message

from .plot_base import BASE_TRACE, axis, hover_template, layout_2d
from .step_slices import Figure, moving_trace

MAX_BARS = 40
MAX_ARROWS = 150
"""With more examples than this their arrows would be dust."""


def loss_shares_figure(problem: losses.DataProblem, certificate: losses.Certificate) -> Figure:
    """The share of each example in the loss, the greatest first."""
    count = min(MAX_BARS, len(problem.y))
    bars = {
        "type": "bar",
        "meta": "examples",
        "showlegend": False,
        "hovertemplate": hover_template(message("example %{customdata:d}: %{y:.3~g} % of the loss")),
        "marker": {"color": ["var(--now)"] + ["var(--now-pale)"] * (count - 1)},
    }
    return {
        "data": [],
        "moving": [moving_trace("row", bars, x="rank", y="share", customdata="who")],
        "layout": layout_2d(
            axis(message("examples, the dearest first"), (0.2, count + 0.8)),
            axis(message("share of the loss, %"), rangemode="tozero"),
            bargap=0.15,
        ),
    }


def loss_shares_arrays(problem: losses.DataProblem, run: losses.Descent) -> dict[str, Array]:
    """Shares in percent of the costliest examples of each step, and their rows."""
    cost = problem.example_losses(run.theta)
    who = np.argsort(-cost, axis=-1, kind="stable")[:, :MAX_BARS]
    share = (
        100.0 * np.take_along_axis(cost, who, axis=-1) / np.maximum(cost.sum(axis=-1, keepdims=True), 1e-300)
    )
    return {"rank": np.arange(1.0, who.shape[1] + 1), "share": share, "who": who}


def example_descent_directions(problem: losses.DataProblem, theta: Array) -> Array:
    """What each example asks for at points ``theta (m, d)``: minus its part of the gradient, ``(m, n, d)``.

    Their sum over the examples is minus the gradient.
    """
    count = len(problem.y)
    return -np.stack([problem.gradient_on(theta, [i]) for i in range(count)], axis=1) / count


def gradient_sum_figure(problem: losses.DataProblem, certificate: losses.Certificate) -> Figure:
    """The pull of every example as an arrow, one after another; where the chain ends is minus the gradient."""
    names = (message("pull on {name}", name=name) for name in problem.plane.labels)
    tips: Figure = {"mode": "lines+markers", "marker": {"symbol": "arrow", "angleref": "previous"}}
    one = BASE_TRACE | tips | {"line": {"color": "var(--ink-faint)", "width": 1}}
    one["marker"] = tips["marker"] | {"size": 5, "color": "var(--ink-soft)"}
    whole = BASE_TRACE | tips | {"line": {"color": "var(--now)", "width": 3}}
    whole["marker"] = tips["marker"] | {"size": 12, "color": "var(--now)"}
    across, up = (axis(name, zeroline=True, zerolinecolor="var(--grid)") for name in names)
    return {
        "data": [],
        "moving": [
            moving_trace("row", one, x="chain_u", y="chain_v"),
            moving_trace("row", whole, x="whole_u", y="whole_v"),
        ],
        "layout": layout_2d(across, up),
    }


def gradient_sum_arrays(problem: losses.DataProblem, run: losses.Descent) -> dict[str, Array]:
    """Corners of the chain of pulls, sorted by direction so that it does not tangle, and its two ends."""
    arrows = example_descent_directions(problem, run.theta)
    turn = np.argsort(np.arctan2(arrows[..., 1], arrows[..., 0]), axis=1, kind="stable")
    arrows = np.take_along_axis(arrows, turn[..., None], axis=1)
    chain = np.concatenate([np.zeros_like(arrows[:, :1]), np.cumsum(arrows, axis=1)], axis=1)
    ends = chain[:, [0, -1]]
    return {
        "chain_u": chain[..., 0],
        "chain_v": chain[..., 1],
        "whole_u": ends[..., 0],
        "whole_v": ends[..., 1],
    }
