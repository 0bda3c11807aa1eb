"""Every rate at once: how many steps each takes, and the cliff beyond the largest stable one."""

import numpy as np

import losses
from losses.core.arrays import Array
from losses.core.messages import say
from losses.optimizer.catalogue import HEAVY_BALL

from ..problem_setup.learning_rate import rate_range
from .plot_base import QUIET, axis, decades, flat_layout, hover
from .step_slices import Figure, moving

TRIED = 48
POINTS = 60
"""A previewed path is drawn with about this many points."""
BETAS = np.linspace(0.0, 0.98, 15)
MOST_STEPS = 200
CHEAP = 5e6
"""Examples looked at for a map of rates and betas without a second thought."""


def tried(problem: losses.Problem, count: int = TRIED) -> Array:
    return np.geomspace(*rate_range(problem), count)


def _rate_axis(problem: losses.Problem) -> Figure:
    ends = np.log10(tried(problem)[[0, -1]])
    pad = 0.03 * float(np.ptp(ends))
    low, high = float(ends[0]) - pad, float(ends[1]) + pad
    return axis(say("learning rate"), (low, high), type="log", **decades(low, high))


def figure(problem: losses.Problem, best: losses.Certificate) -> Figure:
    """Steps to converge over the rate; circles on the line above are still on their way, crosses are gone."""
    line = QUIET | {"hovertemplate": hover(say("rate %{x:,.2~r}: %{y} steps"))}
    good = {"name": "steps", "mode": "lines+markers", "line": {"color": "var(--ink)", "width": 2}}
    still = {
        "name": "still",
        "mode": "markers",
        "marker": {"symbol": "circle-open", "color": "var(--ink-soft)"},
    }
    gone = {"name": "gone", "mode": "markers", "marker": {"symbol": "x", "color": "var(--bad)"}}
    silent = {"hovertemplate": None, "hoverinfo": "skip"}
    up = axis(say("steps to converge"), rangemode="tozero")
    return {
        "data": [],
        "moving": [
            moving(
                "row",
                line | good | {"marker": {"size": 5, "color": "var(--ink)"}},
                x="rate_x",
                y="rate_steps",
            ),
            moving(
                "row",
                line | still | {"hovertemplate": hover(say("rate %{x:,.2~r}: not there yet"))},
                x="rate_x",
                y="rate_still",
            ),
            moving(
                "row",
                line | gone | {"hovertemplate": hover(say("rate %{x:,.2~r}: diverges"))},
                x="rate_x",
                y="rate_gone",
            ),
            moving("row", QUIET | _now() | silent, x="rate_now", y="rate_now_y"),
        ],
        "layout": flat_layout(_rate_axis(problem), up, shapes=_limit(best), hoverdistance=-1),
    }


def _now() -> Figure:
    edge = {"color": "var(--card)", "width": 2}
    return {"name": "chosen", "mode": "markers", "marker": {"size": 12, "color": "var(--now)", "line": edge}}


def _limit(best: losses.Certificate) -> list[Figure]:
    if not best.critical_rate:
        return []
    at = float(best.critical_rate)
    line = {"color": "var(--bad)", "width": 1.5, "dash": "dot"}
    color = {"font": {"color": "var(--bad)"}, "textangle": 0}
    label = {"text": "2/L", "textposition": "start", "xanchor": "left", "yanchor": "bottom", **color}
    drawn = {"type": "line", "yref": "paper", "x0": at, "x1": at, "y0": 0, "y1": 1}
    return [drawn | {"line": line, "label": label}]


def arrays(problem: losses.Problem, run: losses.Descent) -> dict[str, Array]:
    """Steps of every rate, marks for those that do not converge, and the fan of their paths on the plane."""
    rates = tried(problem)
    if not np.isfinite(run.loss[0]):
        return _nowhere(rates, run)
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
    thinned = np.unique(np.linspace(0, run.steps, min(run.steps + 1, POINTS)).astype(int))
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


def _nowhere(rates: Array, run: losses.Descent) -> dict[str, Array]:
    """The same where the loss at the start is beyond numbers: no rate leads anywhere."""
    gone, none = np.full(len(rates), 1.08 * run.steps), np.full(len(rates), np.nan)
    marks = {"rate_steps": none, "rate_still": none, "rate_gone": gone, "rate_now_y": gone[:1]}
    fan = np.empty((len(rates), 0))
    return {"rate_x": rates, "rate_now": np.array([run.rate]), "fan_u": fan, "fan_v": fan} | marks


def betas_figure(problem: losses.Problem, best: losses.Certificate) -> Figure:
    """Momentum: steps to converge for every rate and every memory; pale is fast, blank never arrives."""
    heat = {
        "type": "heatmap",
        "colorscale": "Cividis",
        "reversescale": True,
        "showscale": False,
        "hovertemplate": hover(say("rate %{x:,.2~r}, β %{y:.2~g}: %{z} steps")),
    }
    none: Figure = {"mode": "text", "text": say("None arrives: take more steps.")}
    none["textfont"] = {"color": "var(--ink-soft)"}
    return {
        "data": [],
        "moving": [
            moving("row", heat, x="beta_x", y="beta_y", z="beta_z"),
            moving("row", QUIET | none, x="beta_none_x", y="beta_none_y"),
            moving("row", QUIET | _now(), x="rate_now", y="beta_now"),
        ],
        "layout": flat_layout(_rate_axis(problem), axis(say("momentum β")), shapes=_limit(best)),
    }


def betas_arrays(problem: losses.Problem, run: losses.Descent) -> dict[str, Array]:
    rates = tried(problem, 32)
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
        steps=_steps_of_map(problem, run.steps),
    )
    steps = np.where(found.steps >= 0, found.steps, np.nan)
    if (found.steps >= 0).any():
        middle = dict.fromkeys(middle, np.empty(0))
    return map_of | middle | {"beta_z": steps.ravel()}


def _steps_of_map(problem: losses.Problem, steps: int) -> int:
    """As many steps as the run has, and all that may be where they cost little."""
    rows = len(problem.y) if isinstance(problem, losses.DataProblem) else 1
    return min(MOST_STEPS, max(steps, int(CHEAP / (rows * 32 * len(BETAS)))))
