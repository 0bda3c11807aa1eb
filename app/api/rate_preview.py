"""The fan of rates: what follows the rate, at every stop of its slider, so that dragging it asks for nothing more."""

from collections.abc import Sequence
from typing import Any, Final

import flask
import numpy as np

import losses

from ..common import limits
from ..experiment.experiment import Cast
from ..experiment.run import descents
from ..figures.array_codec import sent
from ..figures.probability_grid import Sigmoids, Table
from ..figures.step_slices import Figure, Values
from ..i18n.translation import spoken
from ..page.figure_set import run_arrays
from ..problem_setup.learning_rate import marked, reach
from ..url_state.state import State, parse
from ..url_state.value_types import six_digits
from .start_preview import at_step, seen

PATH: Final = "fan"
STOPS, FEWEST = 48, 16
"""Stops of a fan, the marked ones apart; of long runs there are fewer, and of very long ones no fan."""
FINE: Final = 4
"""Digits of a stop, but for the marked ones, which have all that a link has."""
STEPS: Final = 5_760
"""Steps of all the runs of a fan, or it would be heavier than 120 kB."""


def register(server: flask.Flask, prefix: str) -> None:
    server.add_url_rule(f"{prefix}{PATH}", PATH, asked)


def asked() -> Figure:
    """The fan of the link that is asked for; its rate does not matter."""
    state, _ = parse(flask.request.query_string.decode("utf-8", "replace"))
    said: Figure = spoken(state.lang).of(fan(state))
    return said


def fan(state: State) -> Figure:
    """What is drawn and said at step ``k`` of the runs at every stop; each run whole where a path is drawn.

    There are no stops where that would cost too much, or tell what a lesson asks for.
    """
    if state.asking or state.foggy or state.race or _count(state) < FEWEST or _cost(state) > limits.FAN:
        return {"stops": []}
    cast, rates = Cast(state), stops(state)
    casts = [cast.at_rate(run) for run in descents(state, rates)]
    steps = [min(state.k, len(cast.run.theta) - 1) for cast in casts]
    drawn = [run_arrays(cast, k) for cast, k in zip(casts, steps, strict=True)]
    return {
        "stops": rates,
        "seen": [seen(cast, k) for cast, k in zip(casts, steps, strict=True)],
        "arrays": {name: sent(values) for name, values in _that_follow(drawn, steps).items()},
    }


def stops(state: State) -> list[float]:
    """The rates of the slider, evenly set on its scale, and the marked ones, none of these above what it marks."""
    low, high = reach(state.problem, state.window.plane, state.opt)
    best = losses.certify(state.problem)
    known = [rate for rate in marked(best, state.opt) if rate and low <= rate <= high]
    even = {float(f"{rate:.{FINE}g}") for rate in np.geomspace(low, high, _count(state))}
    return sorted(even | {_below(rate) for rate in known})


def _below(rate: float) -> float:
    """A rate as a link spells it, not above what it is."""
    spelled = six_digits(rate)
    return spelled if spelled <= rate else six_digits(rate * (1 - 1e-6))


def _count(state: State) -> int:
    runs = 2 if state.vs else 1
    return min(STOPS, STEPS // (runs * max(state.steps, 1)))


def _cost(state: State) -> float:
    rows = len(state.problem.y) if isinstance(state.problem, losses.DataProblem) else 1
    return _count(state) * state.steps * losses.OPTIMIZERS[state.opt].work(rows, state.problem.dim)


def _that_follow(drawn: Sequence[dict[str, Table]], steps: Sequence[int]) -> dict[str, Table]:
    """Of each array that differs from stop to stop one row a stop: all its steps, or of a table's the one at ``k``."""
    found = dict[str, Table]()
    for name, first in drawn[0].items():
        every: Sequence[Any] = [arrays[name] for arrays in drawn]
        if isinstance(first, Sigmoids):
            found[name] = first.one_of_each(every, steps)
            continue
        if name.endswith("step") or all(_same(first, values) for values in every):
            continue
        found[name] = _table([at_step(values, k) for values, k in zip(every, steps, strict=True)])
    return found


def _same(one: Values, other: Values) -> bool:
    return np.array_equal(one, other, equal_nan=one.dtype.kind == "f")


def _table(rows: Sequence[Values]) -> Values:
    """Rows under one another, the shorter ones filled up with what is no number."""
    longest = max(map(len, rows))
    if all(len(row) == longest for row in rows):
        return np.stack(rows)
    table = np.full((len(rows), longest), np.nan)
    for place, row in zip(table, rows, strict=True):
        place[: len(row)] = row
    return table
