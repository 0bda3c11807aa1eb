"""Sweeps over the learning rate, alone and with momentum: the steps to converge from the current start."""

from typing import Any

import numpy as np

import losses
from losses.certificate.certificate import SCOPE_BOUND, SCOPE_EXACT, SCOPE_LOCAL
from losses.core.arrays import Array
from losses.core.messages import message
from losses.optimizer.catalogue import DEFAULT_OPTIMIZER, HEAVY_BALL

from ...common.cache import cached
from ...problem_setup.build import SettingValues
from ...problem_setup.learning_rate import rate_range
from ...problem_setup.price import VIEW, Price, batch_price, view_sweep
from ...protocol.figures import FigureSpec, PlotlyObject
from ..array_codec import to_plotly_array
from ..plot_base import BASE_TRACE, axis, hover_template, layout_2d, log_ticks
from ..step_slices import moving_trace

LIMIT_LABELS = {
    SCOPE_EXACT: message("2/L"),
    SCOPE_BOUND: message("2/L, with a bound for L"),
    SCOPE_LOCAL: message("2/L at the minimum"),
}
"""What is written beside the line at 2/L, by what is known of L; there is no line for anything else."""
RATE_COUNTS = (48, 24, 12, 8, 4, 2)
"""Numbers of rates, of which the first is taken that is within the budget of a view."""
PREVIEW_POINTS = 60
"""The trajectory of a previewed rate is drawn with about this many points."""
BETAS = np.linspace(0.0, 0.98, 15)
BETA_RATE_COUNTS = (32, 16, 8, 4, 2, 1)
"""Numbers of rates in a map of rates and β, of which the first within the budget is taken."""
MAX_STEPS = 200
"""Limit of the steps in a map of rates and β."""
CHEAP_EVALUATIONS = 5e6
"""A map of rates and β may evaluate this many examples, even if the run itself is shorter."""
DIVERGED_HEIGHT = 1.08
"""Rates that diverge are drawn at this multiple of the number of steps of the run."""


def swept_rates(problem: losses.Problem, count: int = RATE_COUNTS[0]) -> Array:
    """Return ``count`` rates in geometric progression over the range of the rate's slider."""
    return np.geomspace(*rate_range(problem), count)


def _rate_axis(problem: losses.Problem) -> PlotlyObject:
    ends = np.log10(swept_rates(problem)[[0, -1]])
    padding = 0.03 * float(np.ptp(ends))
    low, high = float(ends[0]) - padding, float(ends[1]) + padding
    return axis(message("learning rate"), (low, high), type="log", **log_ticks(low, high))


def figure(problem: losses.Problem, certificate: losses.Certificate) -> FigureSpec:
    """Return the steps to converge over the rate.

    Above the curve, circles mark rates whose runs have not converged yet, and crosses those that diverge.
    A dotted line marks 2/L, unless the certificate is without it because it does not hold for the optimizer.
    """
    base = BASE_TRACE | {"hovertemplate": hover_template(message("rate %{x:,.2~r}, steps: %{y}"))}
    converged = {"name": "steps", "mode": "lines+markers", "line": {"color": "var(--ink)", "width": 2}}
    running = {
        "name": "running",
        "mode": "markers",
        "marker": {"symbol": "circle-open", "color": "var(--ink-soft)"},
    }
    diverged = {"name": "diverged", "mode": "markers", "marker": {"symbol": "x", "color": "var(--bad)"}}
    no_hover = {"hovertemplate": None, "hoverinfo": "skip"}
    y = axis(message("steps to arrive"), rangemode="tozero")
    return FigureSpec(
        data=[],
        moving=[
            moving_trace(
                "row",
                base | converged | {"marker": {"size": 5, "color": "var(--ink)"}},
                x="rate_x",
                y="rate_steps",
            ),
            moving_trace(
                "row",
                base
                | running
                | {"hovertemplate": hover_template(message("rate %{x:,.2~r}: has not arrived"))},
                x="rate_x",
                y="rate_running",
            ),
            moving_trace(
                "row",
                base | diverged | {"hovertemplate": hover_template(message("rate %{x:,.2~r}: flies apart"))},
                x="rate_x",
                y="rate_diverged",
            ),
            moving_trace("row", BASE_TRACE | _current_marker() | no_hover, x="rate_now", y="rate_now_y"),
        ],
        layout=layout_2d(_rate_axis(problem), y, shapes=_stability_limit_line(certificate), hoverdistance=-1),
    )


def _current_marker() -> PlotlyObject:
    edge = {"color": "var(--card)", "width": 2}
    return {"name": "chosen", "mode": "markers", "marker": {"size": 12, "color": "var(--now)", "line": edge}}


def _stability_limit_line(certificate: losses.Certificate) -> list[PlotlyObject]:
    """Return a vertical line at 2/L as a list, which is empty if L is not known of any minimum."""
    if not certificate.critical_rate or certificate.scope not in LIMIT_LABELS:
        return []
    rate = float(certificate.critical_rate)
    line = {"color": "var(--bad)", "width": 1.5, "dash": "dot"}
    color = {"font": {"color": "var(--bad)"}, "textangle": 0}
    label = {
        "text": LIMIT_LABELS[certificate.scope],
        "textposition": "start",
        "xanchor": "left",
        "yanchor": "bottom",
        **color,
    }
    shape = {"type": "line", "yref": "paper", "x0": rate, "x1": rate, "y0": 0, "y1": 1}
    return [shape | {"line": line, "label": label}]


def arrays(problem: losses.Problem, run: losses.Descent) -> dict[str, Array]:
    """Return the steps of every rate, the marks of those that do not converge, and their trajectories.

    The trajectories ``sweep_u, sweep_v`` are ``(rates, points)``, with no points if the problem does not have
    two parameters. The page previews them while the rate is dragged.
    """
    if not np.isfinite(run.loss[0]):
        return _arrays_without_start(swept_rates(problem), run)
    swept = _sweep_arrays(
        problem,
        run.optimizer,
        tuple(run.theta[0].tolist()),
        run.steps,
        run.schedule,
        run.seed,
        tuple(run.settings.items()),
    )
    max_steps = float(run.steps)
    steps_now = float(run.settled_at) if run.settled_at is not None else max_steps
    height = DIVERGED_HEIGHT * max_steps if run.outcome.name == "DIVERGED" else steps_now
    return {**swept, "rate_now": np.array([run.rate]), "rate_now_y": np.array([height])}


@cached(4_000_000)
def _sweep_arrays(
    problem: losses.Problem,
    optimizer: str,
    start: tuple[float, ...],
    steps: int,
    schedule: str,
    seed: int,
    settings: SettingValues,
) -> dict[str, Array]:
    """Return what does not depend on the rate of the run: a preview of many rates computes it once."""
    count, swept_steps = view_sweep(problem, optimizer, RATE_COUNTS, steps)
    rates, values = swept_rates(problem, count), dict[str, Any](settings)
    runs = losses.descend_many(
        problem,
        optimizer,
        starts=np.array(start),
        rates=rates,
        steps=swept_steps,
        schedule=losses.SCHEDULES[schedule].of_run(steps),
        seed=seed,
        **values,
    )
    diverged, converged = runs.outcome == "DIVERGED", runs.settled_at >= 0
    max_steps = float(steps)
    shown_steps = np.unique(np.linspace(0, swept_steps, min(swept_steps + 1, PREVIEW_POINTS)).astype(int))
    fan = runs.theta[:, shown_steps] if problem.dim == 2 else np.empty((len(rates), 0, 2))
    return {
        "rate_x": rates,
        "rate_steps": np.where(converged, runs.settled_at, np.nan),
        "rate_running": np.where(~converged & ~diverged, float(swept_steps), np.nan),
        "rate_diverged": np.where(diverged, DIVERGED_HEIGHT * max_steps, np.nan),
        "sweep_u": fan[..., 0].copy(),
        "sweep_v": fan[..., 1].copy(),
    }


def _arrays_without_start(rates: Array, run: losses.Descent) -> dict[str, Array]:
    """Return the same arrays if the loss at the start is not finite: every rate is shown as diverged."""
    diverged, none = np.full(len(rates), DIVERGED_HEIGHT * run.steps), np.full(len(rates), np.nan)
    marks = {"rate_steps": none, "rate_running": none, "rate_diverged": diverged, "rate_now_y": diverged[:1]}
    fan = np.empty((len(rates), 0))
    return {"rate_x": rates, "rate_now": np.array([run.rate]), "sweep_u": fan, "sweep_v": fan} | marks


def betas_figure(problem: losses.Problem, certificate: losses.Certificate) -> FigureSpec:
    """Return a heatmap of the steps to converge of gradient descent with momentum, over rate and β.

    Pale is fast. Cells whose runs do not converge are blank; a text says so if that is true of all.
    """
    heat = {
        "type": "heatmap",
        "colorscale": "Cividis",
        "reversescale": True,
        "showscale": False,
        "hovertemplate": hover_template(message("rate %{x:,.2~r}, β %{y:.2~g}, steps: %{z}")),
    }
    empty_note: PlotlyObject = {"mode": "text", "text": message("None of these runs arrives.")}
    empty_note["textfont"] = {"color": "var(--ink-soft)"}
    return FigureSpec(
        data=_heavy_ball_limit(certificate),
        moving=[
            moving_trace("row", heat, x="beta_x", y="beta_y", z="beta_z"),
            moving_trace("row", BASE_TRACE | empty_note, x="beta_none_x", y="beta_none_y"),
            moving_trace("row", BASE_TRACE | _current_marker(), x="rate_now", y="beta_now"),
        ],
        layout=layout_2d(_rate_axis(problem), axis(message("momentum β"))),
    )


def _heavy_ball_limit(certificate: losses.Certificate) -> list[PlotlyObject]:
    """Return the line at 2(1 + β)/L as a list, which is empty if the loss is not quadratic.

    Source: B. Polyak, Some methods of speeding up the convergence of iteration methods, 1964.
    """
    if certificate.scope != SCOPE_EXACT or not certificate.lipschitz:
        return []
    line = {
        "x": to_plotly_array(2.0 * (1.0 + BETAS) / certificate.lipschitz),
        "y": to_plotly_array(BETAS),
        "line": {"color": "var(--bad)", "width": 1.5, "dash": "dot"},
        "hovertemplate": hover_template(message("rate %{x:,.2~r}, β %{y:.2~g}: the limit 2(1 + β)/L")),
    }
    return [BASE_TRACE | line]


def betas_arrays(problem: losses.Problem, run: losses.Descent) -> dict[str, Array]:
    """Return the steps to converge of each rate and β (NaN if not), and the rate and β of the run."""
    rates = swept_rates(problem, _beta_sweep(problem, run.steps)[0])
    x, y = np.meshgrid(rates, BETAS)
    beta = losses.OPTIMIZERS[run.optimizer].momentum(run.settings)
    axes = {"beta_x": x.ravel(), "beta_y": y.ravel()}
    axes |= {"rate_now": np.array([run.rate]), "beta_now": np.array([beta])}
    note_position = {"beta_none_x": np.sqrt(rates[:1] * rates[-1:]), "beta_none_y": np.array([0.5])}
    if not np.isfinite(run.loss[0]):
        return axes | note_position | {"beta_z": np.full(x.size, np.nan)}
    steps = _beta_sweep_result(problem, tuple(run.theta[0].tolist()), run.steps)
    if np.isfinite(steps).any():
        note_position = dict.fromkeys(note_position, np.empty(0))
    return axes | note_position | {"beta_z": steps}


@cached(2_000_000)
def _beta_sweep_result(problem: losses.Problem, start: tuple[float, ...], steps: int) -> Array:
    """Return the steps to converge, ``(cells,)``, β by β, which do not depend on the rate of the run."""
    count, swept_steps = _beta_sweep(problem, steps)
    sweep = losses.sweep(
        problem,
        HEAVY_BALL,
        start=np.array(start),
        rates=swept_rates(problem, count)[None, :],
        **{HEAVY_BALL.momentum_setting: BETAS[:, None]},
        steps=swept_steps,
    )
    return np.where(sweep.steps >= 0, sweep.steps, np.nan).ravel()


def _beta_sweep(problem: losses.Problem, steps: int) -> tuple[int, int]:
    """Return the number of rates and the steps: those of the run, or more if they are cheap."""
    examples = len(problem.y) if isinstance(problem, losses.DataProblem) else 1
    cheap_steps = int(CHEAP_EVALUATIONS / (examples * BETA_RATE_COUNTS[0] * len(BETAS)))
    counts = [count * len(BETAS) for count in BETA_RATE_COUNTS]
    runs, swept_steps = view_sweep(problem, HEAVY_BALL.key, counts, min(MAX_STEPS, max(steps, cheap_steps)))
    return runs // len(BETAS), swept_steps


def is_affordable(problem: losses.Problem) -> bool:
    """Whether a step at each of a few rates is within the budget of a view."""
    return batch_price(problem, DEFAULT_OPTIMIZER, RATE_COUNTS[-1], 1).fits(VIEW)


def has_affordable_betas(problem: losses.Problem) -> bool:
    """Whether a step with each β is within the budget of a view."""
    return batch_price(problem, HEAVY_BALL.key, BETA_RATE_COUNTS[-1] * len(BETAS), 1).fits(VIEW)


def price(problem: losses.Problem, optimizer: str, steps: int) -> Price:
    """Return the price of the sweep over rates."""
    return batch_price(problem, optimizer, *view_sweep(problem, optimizer, RATE_COUNTS, steps))


def betas_price(problem: losses.Problem, optimizer: str, steps: int) -> Price:
    """Return the price of the map of rates and β."""
    count, swept_steps = _beta_sweep(problem, steps)
    return batch_price(problem, HEAVY_BALL.key, count * len(BETAS), swept_steps)
