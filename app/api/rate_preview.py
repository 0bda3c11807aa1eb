"""The preview while the rate is dragged: the runs at all stops of its slider, in one response.

Dragging then needs no further request.
"""

from collections.abc import Collection, Sequence
from typing import Any, Final

import flask
import numpy as np

import losses

from ..common import prometheus_metrics
from ..common.cache import cached
from ..common.routes import route
from ..experiment.experiment import Experiment
from ..figures.array_codec import encode_array
from ..figures.probability_grid import LogisticGrid, TraceArray
from ..figures.step_slices import AnyArray
from ..i18n.translation import resolve_language
from ..page.figure_set import run_arrays
from ..page.scene import RunTexts
from ..problem_setup.learning_rate import slider_marks, slider_range
from ..problem_setup.price import PREVIEWS, batch_price, run_price
from ..protocol.responses import json_response
from ..protocol.scene import RatePreview, StepsByRate
from ..url_state.compared_state import comparison_state
from ..url_state.state import State, parse
from ..url_state.value_types import round_to_6_digits
from .start_preview import row_at_step

MAX_STOPS: Final = 48
"""The number of evenly spaced stops; long runs have fewer."""
MIN_STOPS: Final = 16
"""If there were fewer stops than this, there is no preview."""
STOP_DIGITS: Final = 4
"""Significant digits of a stop; marked rates have the six of a link."""
ARRIVAL_RATES: Final = 48
"""The number of rates of the curve on the slider."""
MAX_TOTAL_STEPS: Final = 5_760
"""The largest number of steps of all runs together; it limits the response to 120 kB compressed."""


@route("fan", "fan", computes=True)
def rate_preview_response() -> flask.Response:
    """Return the preview of the link in the query as JSON; the rate of the link does not matter."""
    state, _ = parse(flask.request.query_string.decode("utf-8", "replace"))
    return json_response(rate_preview(state), resolve_language(state.lang))


def rate_preview(state: State) -> RatePreview:
    """Return trajectories, texts and all else that is drawn at the state's step, for each slider stop.

    ``arrays`` has a row for each stop. There are no stops in a race, where the preview would cost too much,
    where the loss at the start is beyond float64, and where it would reveal what a lesson asks for or the
    fog hides.
    """
    if (
        state.awaiting_answer
        or state.in_fog
        or state.race
        or _stop_count(state) < MIN_STOPS
        or not has_finite_start(state)
    ):
        return RatePreview(stops=[], moments=[], arrays={}, step_numbers={})
    experiment, rates = Experiment(state), slider_stops(state)
    experiments = [experiment.at_rate(run) for run in run_at_rates(state, rates)]
    steps = [min(state.step, len(at_stop.run.theta) - 1) for at_stop in experiments]
    arrays = [run_arrays(at_stop, k) for at_stop, k in zip(experiments, steps, strict=True)]
    varying = _arrays_that_vary(arrays, steps)
    return RatePreview(
        stops=rates,
        moments=[RunTexts(at_stop).moment(k) for at_stop, k in zip(experiments, steps, strict=True)],
        arrays={name: encode_array(values) for name, values in varying.items()},
        step_numbers={name: loss for name in arrays[0] if (loss := _loss_beside(name, varying))},
    )


@route("arrivals", "arrivals", computes=True)
def arrivals_response() -> flask.Response:
    """Return the steps to arrive by rate of the link in the query as JSON; its rate does not matter."""
    state, _ = parse(flask.request.query_string.decode("utf-8", "replace"))
    return json_response(steps_by_rate(state.without_run), resolve_language(state.lang))


@cached(1_000_000)
def steps_by_rate(state: State) -> StepsByRate:
    """Return the steps after which the run at each of ``ARRIVAL_RATES`` rates of the slider arrives.

    There are no rates where ``rate_preview`` has no stops.
    """
    if (
        state.outcome_hidden
        or not has_finite_start(state)
        or not batch_price(state.problem, state.optimizer, ARRIVAL_RATES, state.steps).fits(PREVIEWS)
    ):
        return StepsByRate(rates=[], steps=[], most=state.steps)
    low, high = slider_range(state.problem, state.view_plane.plane, state.optimizer)
    rates = np.geomspace(low, high, ARRIVAL_RATES).tolist()
    return StepsByRate(
        rates=rates, steps=[run.settled_at for run in run_at_rates(state, rates)], most=state.steps
    )


def run_at_rates(state: State, rates: Sequence[float]) -> list[losses.Descent]:
    """Run the optimizer of a state at each of the rates, in one batch."""
    with prometheus_metrics.KERNEL_SECONDS.labels("fan").time():
        runs = losses.descend_many(
            state.problem, state.optimizer, starts=state.start_parameters, rates=rates, **state.run_arguments
        )
        return [runs.run(i) for i in range(len(rates))]


def has_finite_start(state: State) -> bool:
    """Whether the loss at the start of a state is within float64."""
    return bool(np.isfinite(state.problem.value(state.start_parameters)))


def slider_stops(state: State) -> list[float]:
    """Return the rates at which the slider can stop, ascending: evenly spaced ones and the marked ones.

    The spacing is even on the slider's logarithmic scale. Marked rates are rounded down, so that a stop is
    never above the rate that it marks.
    """
    low, high = slider_range(state.problem, state.view_plane.plane, state.optimizer)
    certificate = losses.certify(state.problem)
    marked = [rate for rate in slider_marks(certificate, state.optimizer) if rate and low <= rate <= high]
    even = {float(f"{rate:.{STOP_DIGITS}g}") for rate in np.geomspace(low, high, _stop_count(state))}
    return sorted(even | {_round_down(rate) for rate in marked})


def _round_down(rate: float) -> float:
    """Return the rate with the six digits of a link, not above its value."""
    rounded = round_to_6_digits(rate)
    return rounded if rounded <= rate else round_to_6_digits(rate * (1 - 1e-6))


def _stop_count(state: State) -> int:
    """Return how many evenly spaced stops ``MAX_TOTAL_STEPS`` and the budget of previews allow."""
    other = comparison_state(state)
    count = min(MAX_STOPS, MAX_TOTAL_STEPS // ((2 if other else 1) * max(state.steps, 1)))
    price = batch_price(state.problem, state.optimizer, max(count, 1), state.steps)
    if other:
        price += run_price(other.problem, other.optimizer, other.steps) * max(count, 1)
    return int(count / max(1.0, price.share_of(PREVIEWS)))


def _arrays_that_vary(
    arrays_by_stop: Sequence[dict[str, TraceArray]], steps: Sequence[int]
) -> dict[str, TraceArray]:
    """Return the arrays that differ between stops, each with a row for each stop.

    The row is the array itself or, of an array with a row for each step, the row of the stop's step.
    """
    varying, names = dict[str, TraceArray](), arrays_by_stop[0].keys()
    for name, first in arrays_by_stop[0].items():
        by_stop: Sequence[Any] = [arrays[name] for arrays in arrays_by_stop]
        if isinstance(first, LogisticGrid):
            varying[name] = first.stack_steps(by_stop, steps)
        elif not _loss_beside(name, names) and not all(_equal(first, values) for values in by_stop):
            rows = [row_at_step(values, k) for values, k in zip(by_stop, steps, strict=True)]
            varying[name] = _stack_rows(rows)
    return varying


def _loss_beside(name: str, names: Collection[str]) -> str:
    """Return which of ``names`` are the losses at the steps that ``name`` counts; empty if it counts none."""
    loss = name.removesuffix("step") + "loss"
    return loss if name.endswith("step") and loss in names else ""


def _equal(one: AnyArray, other: AnyArray) -> bool:
    return np.array_equal(one, other, equal_nan=one.dtype.kind == "f")


def _stack_rows(rows: Sequence[AnyArray]) -> AnyArray:
    """Return rows of shape ``(m,)`` as one table; shorter ones are padded with NaN."""
    longest = max(map(len, rows))
    if all(len(row) == longest for row in rows):
        return np.stack(rows)
    table = np.full((len(rows), longest), np.nan)
    for padded, row in zip(table, rows, strict=True):
        padded[: len(row)] = row
    return table
