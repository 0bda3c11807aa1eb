"""What runs beside the run of a state: another problem, other optimizers, the ghost of a run before."""

from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np

import losses
from losses.core.messages import Message, format_number, message

from ..problem_setup.learning_rate import best_swept_rate
from ..url_state.comparison_options import comparison_options
from ..url_state.race_entries import RaceEntry, race_entry
from ..url_state.state import State, apply_changes, to_query
from ..url_state.url_parameters import FIELDS
from .run import PreparedProblem, prepare, run_descent


@dataclass(frozen=True, eq=False)
class ComparedRun:
    """A run beside the first: where it runs, what it is called, and its place in the order of marks."""

    key: str
    name: str
    state: State
    run: losses.Descent
    prepared: PreparedProblem
    style_index: int


def comparison_run(state: State) -> ComparedRun | None:
    """The same moment with one thing changed."""
    second = comparison_state(state)
    if second is None:
        return None
    return ComparedRun("vs", difference_name(state, second), second, run_descent(second), prepare(second), 0)


def comparison_state(state: State) -> State | None:
    """The state that is put beside it: one thing changed, all else the same where it means the same."""
    if not state.compare_with:
        return None
    key = comparison_options(state.values)[state.compare_with]
    given = {
        field.key: field.format(state.values[field.key]) for field in FIELDS if field.key in ("rate", "start")
    }
    spelled = {
        "loss": state.compare_with,
        "data": state.compare_with,
        "standardize": "0" if state.standardize else "1",
    }[key]
    same = {} if key == "standardize" else given
    alone = dict.fromkeys(("vs", "race", "ghost", "s", "a", *(("edit",) if key == "data" else ())), "")
    return apply_changes(to_query(state), {**same, **alone, key: spelled}, state.points or "")[0]


def difference_name(state: State, other: State) -> str:
    """The thing by which a second state differs."""
    if other.loss != state.loss:
        return losses.LOSSES[other.loss].name
    if other.data != state.data:
        return losses.DATASETS[other.data].name
    return message("standardized") if other.standardize else message("in raw units")


def competing_runs(state: State, prepared: PreparedProblem) -> list[ComparedRun]:
    """All that runs on the same ground: the racers, then the ghost."""
    first = 1 if state.compare_with else 0  # what stands beside it has the first mark
    racers = [_race_entry_run(state, prepared, racer, mark) for mark, racer in enumerate(state.race, first)]
    return [*racers, *_ghost_run(state, prepared)]


def _race_entry_run(
    state: State, prepared: PreparedProblem, entry: RaceEntry, style_index: int
) -> ComparedRun:
    """An optimizer at its own best rate, at a rate of its own, or at the same as all."""
    rate = entry.rate or state.rate
    if state.fair:
        start = tuple(state.view_plane.plane.points(*np.array(state.start)))
        rate = best_swept_rate(
            prepared.problem, entry.key, start, state.steps, state.schedule, entry.settings
        )
    settings = tuple({**dict(state.settings), **dict(entry.settings)}.items())
    own = replace(state, optimizer=entry.key, rate=rate, settings=settings)
    return ComparedRun(entry.key, entry.name, own, run_descent(own), prepared, style_index)


def _ghost_run(state: State, prepared: PreparedProblem) -> list[ComparedRun]:
    if not state.ghost:
        return []
    rate, *start = state.ghost
    before = replace(state, rate=rate, start=(start[0], start[1]))
    name = message("the run before, at rate {rate}", rate=format_number(rate))
    return [ComparedRun("ghost", name, before, run_descent(before), prepared, -1)]


def race_table(state: State, run: losses.Descent, competitors: list[ComparedRun]) -> dict[str, Any]:
    """Who took how many steps, at which rate; the first is the one with the player."""
    first = {
        "name": race_entry(state.optimizer, dict(state.settings)).name,
        "mark": "now",
        "said": _race_result(run),
    }
    others = [
        {"name": rival.name, "mark": str(rival.style_index), "said": _race_result(rival.run)}
        for rival in competitors
        if rival.key != "ghost"
    ]
    heads = ["", message("outcome"), message("loss"), message("rate")]
    return {"heads": heads, "rows": [first, *others], "note": _race_rules(state)}


def _race_rules(state: State) -> Message:
    """How long a race is, and at which rates."""
    if not state.race:
        return message("Choose rivals behind the optimizer.")
    if state.fair:
        return message(
            "A race of {steps}, each at the best rate of a sweep.", steps=step_count_text(state.steps)
        )
    if any(racer.rate for racer in state.race):
        return message("A race of {steps}, some at a rate of their own.", steps=step_count_text(state.steps))
    return message("A race of {steps}, all at the same rate.", steps=step_count_text(state.steps))


def step_count_text(steps: int) -> Message:
    return message("1 step") if steps == 1 else message("{n} steps", n=steps)


OUTCOME_NAMES: Final = {
    "CONVERGED": message("converged"),
    "RUNNING": message("on its way"),
    "OSCILLATING": message("swings"),
    "DIVERGED": message("diverges"),
    "PLATEAU": message("on a plateau"),
    "NO_MINIMUM": message("no minimum"),
}


def outcome_summary(run: losses.Descent) -> tuple[Message, Message, str]:
    """How a run ended, after how many steps, and at which loss."""
    steps = len(run.theta) - 1 if run.settled_at is None else run.settled_at
    return OUTCOME_NAMES[run.outcome.name], step_count_text(steps), format_number(float(run.loss[-1]))


def _race_result(run: losses.Descent) -> list[str]:
    said = OUTCOME_NAMES[run.outcome.name] if run.settled_at is None else step_count_text(run.settled_at)
    return [said, format_number(float(run.loss[-1]), 2), format_number(run.rate, 2)]
