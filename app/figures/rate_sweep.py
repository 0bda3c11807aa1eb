"""Every rate at once: how many steps each takes, and the cliff beyond the largest stable one."""

import numpy as np

import losses
from losses.core.arrays import Array
from losses.core.messages import message
from losses.optimizer.catalogue import HEAVY_BALL

from ..problem_setup.learning_rate import rate_range
from .plot_base import BASE_TRACE, axis, hover_template, layout_2d, log_ticks
from .step_slices import Figure, moving_trace

RATE_COUNT = 48
PREVIEW_POINTS = 60
"""A previewed path is drawn with about this many points."""
BETAS = np.linspace(0.0, 0.98, 15)
MAX_STEPS = 200
CHEAP_EVALUATIONS = 5e6
"""Examples looked at for a map of rates and betas without a second thought."""


def swept_rates(problem: losses.Problem, count: int = RATE_COUNT) -> Array:
    return np.geomspace(*rate_range(problem), count)


def _rate_axis(problem: losses.Problem) -> Figure:
    ends = np.log10(swept_rates(problem)[[0, -1]])
    pad = 0.03 * float(np.ptp(ends))
    low, high = float(ends[0]) - pad, float(ends[1]) + pad
    return axis(message("learning rate"), (low, high), type="log", **log_ticks(low, high))


def figure(problem: losses.Problem, certificate: losses.Certificate) -> Figure:
    """Steps to converge over the rate; circles on the line above are still on their way, crosses are gone."""
    line = BASE_TRACE | {"hovertemplate": hover_template(message("rate %{x:,.2~r}: %{y} steps"))}
    good = {"name": "steps", "mode": "lines+markers", "line": {"color": "var(--ink)", "width": 2}}
    still = {
        "name": "still",
        "mode": "markers",
        "marker": {"symbol": "circle-open", "color": "var(--ink-soft)"},
    }
    gone = {"name": "gone", "mode": "markers", "marker": {"symbol": "x", "color": "var(--bad)"}}
    silent = {"hovertemplate": None, "hoverinfo": "skip"}
    up = axis(message("steps to converge"), rangemode="tozero")
    return {
        "data": [],
        "moving": [
            moving_trace(
                "row",
                line | good | {"marker": {"size": 5, "color": "var(--ink)"}},
                x="rate_x",
                y="rate_steps",
            ),
            moving_trace(
                "row",
                line | still | {"hovertemplate": hover_template(message("rate %{x:,.2~r}: not there yet"))},
                x="rate_x",
                y="rate_still",
            ),
            moving_trace(
                "row",
                line | gone | {"hovertemplate": hover_template(message("rate %{x:,.2~r}: diverges"))},
                x="rate_x",
                y="rate_gone",
            ),
            moving_trace("row", BASE_TRACE | _current_marker() | silent, x="rate_now", y="rate_now_y"),
        ],
        "layout": layout_2d(
            _rate_axis(problem), up, shapes=_stability_limit_line(certificate), hoverdistance=-1
        ),
    }


def _current_marker() -> Figure:
    edge = {"color": "var(--card)", "width": 2}
    return {"name": "chosen", "mode": "markers", "marker": {"size": 12, "color": "var(--now)", "line": edge}}


def _stability_limit_line(certificate: losses.Certificate) -> list[Figure]:
    if not certificate.critical_rate:
        return []
    at = float(certificate.critical_rate)
    line = {"color": "var(--bad)", "width": 1.5, "dash": "dot"}
    color = {"font": {"color": "var(--bad)"}, "textangle": 0}
    label = {"text": "2/L", "textposition": "start", "xanchor": "left", "yanchor": "bottom", **color}
    drawn = {"type": "line", "yref": "paper", "x0": at, "x1": at, "y0": 0, "y1": 1}
    return [drawn | {"line": line, "label": label}]


def arrays(problem: losses.Problem, run: losses.Descent) -> dict[str, Array]:
    """Steps of every rate, marks for those that do not converge, and the fan of their paths on the plane."""
    rates = swept_rates(problem)
    if not np.isfinite(run.loss[0]):
        return _arrays_without_start(rates, run)
    runs = losses.descend_many(
        problem,
        run.optimizer,
        starts=run.theta[0],
        rates=rates,
        steps=run.steps,
        schedule=run.schedule,
        seed=run.seed,
        **run.settings,
    )
    gone, there = runs.outcome == "DIVERGED", runs.settled_at >= 0
    top = float(run.steps)
    arrived = float(run.settled_at) if run.settled_at is not None else top
    thinned = np.unique(np.linspace(0, run.steps, min(run.steps + 1, PREVIEW_POINTS)).astype(int))
    fan = runs.theta[:, thinned] if problem.dim == 2 else np.empty((len(rates), 0, 2))
    return {
        "rate_x": rates,
        "rate_steps": np.where(there, runs.settled_at, np.nan),
        "rate_still": np.where(~there & ~gone, top, np.nan),
        "rate_gone": np.where(gone, 1.08 * top, np.nan),
        "rate_now": np.array([run.rate]),
        "rate_now_y": np.array([1.08 * top if run.outcome.name == "DIVERGED" else arrived]),
        "fan_u": fan[..., 0],
        "fan_v": fan[..., 1],
    }


def _arrays_without_start(rates: Array, run: losses.Descent) -> dict[str, Array]:
    """The same where the loss at the start is beyond numbers: no rate leads anywhere."""
    gone, none = np.full(len(rates), 1.08 * run.steps), np.full(len(rates), np.nan)
    marks = {"rate_steps": none, "rate_still": none, "rate_gone": gone, "rate_now_y": gone[:1]}
    fan = np.empty((len(rates), 0))
    return {"rate_x": rates, "rate_now": np.array([run.rate]), "fan_u": fan, "fan_v": fan} | marks


def betas_figure(problem: losses.Problem, certificate: losses.Certificate) -> Figure:
    """Momentum: steps to converge for every rate and every memory; pale is fast, blank never arrives."""
    heat = {
        "type": "heatmap",
        "colorscale": "Cividis",
        "reversescale": True,
        "showscale": False,
        "hovertemplate": hover_template(message("rate %{x:,.2~r}, β %{y:.2~g}: %{z} steps")),
    }
    none: Figure = {"mode": "text", "text": message("None arrives: take more steps.")}
    none["textfont"] = {"color": "var(--ink-soft)"}
    return {
        "data": [],
        "moving": [
            moving_trace("row", heat, x="beta_x", y="beta_y", z="beta_z"),
            moving_trace("row", BASE_TRACE | none, x="beta_none_x", y="beta_none_y"),
            moving_trace("row", BASE_TRACE | _current_marker(), x="rate_now", y="beta_now"),
        ],
        "layout": layout_2d(
            _rate_axis(problem), axis(message("momentum β")), shapes=_stability_limit_line(certificate)
        ),
    }


def betas_arrays(problem: losses.Problem, run: losses.Descent) -> dict[str, Array]:
    rates = swept_rates(problem, 32)
    across, up = np.meshgrid(rates, BETAS)
    beta = losses.OPTIMIZERS[run.optimizer].momentum(run.settings)
    map_of = {"beta_x": across.ravel(), "beta_y": up.ravel()}
    map_of |= {"rate_now": np.array([run.rate]), "beta_now": np.array([beta])}
    middle = {"beta_none_x": np.sqrt(rates[:1] * rates[-1:]), "beta_none_y": np.array([0.5])}
    if not np.isfinite(run.loss[0]):
        return map_of | middle | {"beta_z": np.full(across.size, np.nan)}
    found = losses.sweep(
        problem,
        HEAVY_BALL,
        start=run.theta[0],
        rates=rates[None, :],
        **{HEAVY_BALL.momentum_setting: BETAS[:, None]},
        steps=_beta_sweep_steps(problem, run.steps),
    )
    steps = np.where(found.steps >= 0, found.steps, np.nan)
    if (found.steps >= 0).any():
        middle = dict.fromkeys(middle, np.empty(0))
    return map_of | middle | {"beta_z": steps.ravel()}


def _beta_sweep_steps(problem: losses.Problem, steps: int) -> int:
    """As many steps as the run has, and all that may be where they cost little."""
    rows = len(problem.y) if isinstance(problem, losses.DataProblem) else 1
    return min(MAX_STEPS, max(steps, int(CHEAP_EVALUATIONS / (rows * 32 * len(BETAS)))))
