"""The fan of rates: what follows the rate, at every stop of its slider, so that dragging it asks for nothing more."""

from collections.abc import Sequence
from typing import Any, Final

import flask
import numpy as np

import losses

from ..common import limits
from ..experiment.experiment import Experiment
from ..experiment.run import run_at_rates
from ..figures.array_codec import encode_array
from ..figures.probability_grid import LogisticGrid, TraceArray
from ..figures.step_slices import AnyArray, Figure
from ..i18n.translation import resolve_language
from ..page.figure_set import run_arrays
from ..problem_setup.learning_rate import slider_marks, slider_range
from ..url_state.state import State, parse
from ..url_state.value_types import round_to_6_digits
from .start_preview import preview_of_step, row_at_step

PATH: Final = "fan"
MAX_STOPS, MIN_STOPS = 48, 16
"""Stops of a fan, the marked ones apart; of long runs there are fewer, and of very long ones no fan."""
STOP_DIGITS: Final = 4
"""Digits of a stop, but for the marked ones, which have all that a link has."""
MAX_TOTAL_STEPS: Final = 5_760
"""Steps of all the runs of a fan, or it would be heavier than 120 kB."""


def register(server: flask.Flask, prefix: str) -> None:
    server.add_url_rule(f"{prefix}{PATH}", PATH, rate_preview_response)


def rate_preview_response() -> Figure:
    """The fan of the link that is asked for; its rate does not matter."""
    state, _ = parse(flask.request.query_string.decode("utf-8", "replace"))
    said: Figure = resolve_language(state.lang).translate(rate_preview(state))
    return said


def rate_preview(state: State) -> Figure:
    """What is drawn and said at step ``k`` of the runs at every stop; each run whole where a path is drawn.

    There are no stops where that would cost too much, or tell what a lesson asks for.
    """
    if (
        state.awaiting_answer
        or state.in_fog
        or state.race
        or _stop_count(state) < MIN_STOPS
        or _operation_count(state) > limits.MAX_RATE_PREVIEW_OPERATIONS
    ):
        return {"stops": []}
    cast, rates = Experiment(state), slider_stops(state)
    casts = [cast.at_rate(run) for run in run_at_rates(state, rates)]
    steps = [min(state.step, len(cast.run.theta) - 1) for cast in casts]
    drawn = [run_arrays(cast, k) for cast, k in zip(casts, steps, strict=True)]
    return {
        "stops": rates,
        "seen": [preview_of_step(cast, k) for cast, k in zip(casts, steps, strict=True)],
        "arrays": {name: encode_array(values) for name, values in _arrays_that_vary(drawn, steps).items()},
    }


def slider_stops(state: State) -> list[float]:
    """The rates of the slider, evenly set on its scale, and the marked ones, none of these above what it marks."""
    low, high = slider_range(state.problem, state.view_plane.plane, state.optimizer)
    best = losses.certify(state.problem)
    known = [rate for rate in slider_marks(best, state.optimizer) if rate and low <= rate <= high]
    even = {float(f"{rate:.{STOP_DIGITS}g}") for rate in np.geomspace(low, high, _stop_count(state))}
    return sorted(even | {_round_down(rate) for rate in known})


def _round_down(rate: float) -> float:
    """A rate as a link spells it, not above what it is."""
    spelled = round_to_6_digits(rate)
    return spelled if spelled <= rate else round_to_6_digits(rate * (1 - 1e-6))


def _stop_count(state: State) -> int:
    runs = 2 if state.compare_with else 1
    return min(MAX_STOPS, MAX_TOTAL_STEPS // (runs * max(state.steps, 1)))


def _operation_count(state: State) -> float:
    rows = len(state.problem.y) if isinstance(state.problem, losses.DataProblem) else 1
    return (
        _stop_count(state)
        * state.steps
        * losses.OPTIMIZERS[state.optimizer].step_cost(rows, state.problem.dim)
    )


def _arrays_that_vary(drawn: Sequence[dict[str, TraceArray]], steps: Sequence[int]) -> dict[str, TraceArray]:
    """Of each array that differs from stop to stop one row a stop: all its steps, or of a table's the one at ``k``."""
    found = dict[str, TraceArray]()
    for name, first in drawn[0].items():
        every: Sequence[Any] = [arrays[name] for arrays in drawn]
        if isinstance(first, LogisticGrid):
            found[name] = first.stack_steps(every, steps)
            continue
        if name.endswith("step") or all(_equal(first, values) for values in every):
            continue
        found[name] = _stack_rows([row_at_step(values, k) for values, k in zip(every, steps, strict=True)])
    return found


def _equal(one: AnyArray, other: AnyArray) -> bool:
    return np.array_equal(one, other, equal_nan=one.dtype.kind == "f")


def _stack_rows(rows: Sequence[AnyArray]) -> AnyArray:
    """Rows under one another, the shorter ones filled up with what is no number."""
    longest = max(map(len, rows))
    if all(len(row) == longest for row in rows):
        return np.stack(rows)
    table = np.full((len(rows), longest), np.nan)
    for place, row in zip(table, rows, strict=True):
        place[: len(row)] = row
    return table
