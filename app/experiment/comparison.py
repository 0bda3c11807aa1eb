"""The runs that are shown with the run of a state: a comparison, competitors of a race, an earlier run."""

from dataclasses import dataclass, replace
from typing import Final

import numpy as np

import losses
from losses.core.messages import Message, format_number, message, step_count
from losses.descent.arrival import readable_losses

from ..problem_setup.learning_rate import best_swept_rate
from ..problem_setup.price import SWEEPS, sweep_size
from ..protocol.narration import RunRow, RunsTable
from ..url_state.compared_state import comparison_state
from ..url_state.race_entries import RaceEntry, race_entry
from ..url_state.state import State
from .prepared import PreparedProblem, prepare


@dataclass(frozen=True, eq=False)
class ComparedRun:
    """A further run with its state, prepared problem and name.

    ``key`` begins the names of its arrays; ``style_index`` selects its color and marker, −1 for the ghost.
    """

    key: str
    name: str
    state: State
    run: losses.Descent
    prepared: PreparedProblem
    style_index: int


def comparison_run(state: State, kept: PreparedProblem | None = None) -> ComparedRun | None:
    """Run the comparison of a state, in the window of ``kept`` if given; None if it has none."""
    other = comparison_state(state)
    if other is None:
        return None
    return ComparedRun(
        "vs",
        difference_name(state, other),
        other,
        other.descend(),
        prepare(other, kept, beside=state),
        0,
    )


def difference_name(state: State, other: State) -> str:
    """Return the name of what a second state differs in: its loss, its dataset or its standardization."""
    if other.loss != state.loss:
        return other.loss_function.name
    if other.data != state.data:
        return other.dataset.name if other.dataset else losses.TEST_FUNCTIONS[other.data].name
    return message("standardized") if other.standardize else message("in raw units")


def competing_runs(state: State, prepared: PreparedProblem) -> list[ComparedRun]:
    """Run all competitors on the same problem: the entries of the race, then the ghost."""
    first_style = 1 if state.compare_with else 0  # a comparison has the first style
    entry_runs = [
        _race_entry_run(state, prepared, entry, style) for style, entry in enumerate(state.race, first_style)
    ]
    return [*entry_runs, *_ghost_run(state, prepared)]


def _race_entry_run(
    state: State, prepared: PreparedProblem, entry: RaceEntry, style_index: int
) -> ComparedRun:
    """Run an entry of a race: at the best rate of a sweep if fair, else at its own or the common rate."""
    rate = entry.rate or state.rate
    if state.fair:
        start = tuple(state.view_plane.plane.points(*np.array(state.start)))
        race = (state.optimizer, *(each.key for each in state.race))
        rate = best_swept_rate(
            prepared.problem, entry.key, start, state.steps, state.schedule, entry.settings, race
        )
    settings = tuple({**dict(state.settings), **dict(entry.settings)}.items())
    entry_state = replace(state, optimizer=entry.key, rate=rate, settings=settings)
    return ComparedRun(entry.key, entry.name, entry_state, entry_state.descend(), prepared, style_index)


def _ghost_run(state: State, prepared: PreparedProblem) -> list[ComparedRun]:
    if not state.ghost:
        return []
    rate, *start = state.ghost
    earlier = replace(state, rate=rate, start=(start[0], start[1]))
    name = message("the earlier run, at rate {rate}", rate=format_number(rate))
    return [ComparedRun("ghost", name, earlier, earlier.descend(), prepared, -1)]


def race_table(
    state: State, run: losses.Descent, certificate: losses.Certificate, competitors: list[ComparedRun]
) -> RunsTable:
    """Return the table of a race: outcome, loss and rate of each optimizer, the main run first."""
    name = race_entry(state.optimizer, dict(state.settings)).name
    first = RunRow(name=name, style_index=None, cells=_race_result(run, certificate))
    others = [
        RunRow(
            name=competitor.name,
            style_index=competitor.style_index,
            cells=_race_result(competitor.run, certificate),
        )
        for competitor in competitors
        if competitor.key != "ghost"
    ]
    heads = ["", message("arrives after"), message("loss"), message("rate")]
    return RunsTable(heads=heads, rows=[first, *others], note=_race_rules(state))


def _race_rules(state: State) -> Message:
    """Return a sentence on the steps and rates of a race, or on how to start one."""
    if not state.race:
        return message("Choose rivals in the menu of the optimizer.")
    steps = step_count(state.steps)
    if state.fair and state.rate != state.defaults["rate"]:
        return message(
            "A race of {steps}: the first at the rate that was set, the others at the best found for them.",
            steps=steps,
        )
    if state.fair:
        race = (state.optimizer, *(entry.key for entry in state.race))
        rates = min(sweep_size(state.problem, optimizer, state.steps, race)[0] for optimizer in race)
        if rates < SWEEPS[0][0]:
            return message(
                "A race of {steps}, each at the best of {n} rates: more would take too long.",
                steps=steps,
                n=rates,
            )
        return message(
            "A race of {steps}, each at the best rate found for it from starts near the ring.", steps=steps
        )
    if any(entry.rate for entry in state.race):
        return message("A race of {steps}, some at their own rate.", steps=steps)
    return message("A race of {steps}, all at the same rate.", steps=steps)


OUTCOME_NAMES: Final = {
    "CONVERGED": message("arrived"),
    "RUNNING": message("on its way"),
    "OSCILLATING": message("keeps jumping back and forth"),
    "DIVERGED": message("flies apart"),
    "PLATEAU": message("on a plateau"),
    "NO_MINIMUM": message("no lowest point"),
}


def outcome_summary(run: losses.Descent) -> tuple[Message, Message]:
    """Return the outcome of a run and the number of steps to convergence or to its end."""
    steps = len(run.theta) - 1 if run.settled_at is None else run.settled_at
    return OUTCOME_NAMES[run.outcome.name], step_count(steps)


def _race_result(run: losses.Descent, certificate: losses.Certificate) -> list[str]:
    outcome = OUTCOME_NAMES[run.outcome.name] if run.settled_at is None else step_count(run.settled_at)
    loss = float(readable_losses(run.problem, run.loss, certificate)[-1])
    return [outcome, format_number(loss, 2), format_number(run.rate, 2)]
