"""What runs beside the run of a state: another problem, other optimizers, the ghost of a run before."""

from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np

import losses
from losses.core.messages import Said, num, say

from ..problem_setup.learning_rate import swept_rate
from ..url_state.comparison_options import comparable
from ..url_state.race_entries import Racer, unusual
from ..url_state.state import State, change, to_query
from ..url_state.url_parameters import FIELDS
from .run import Ground, descent, ground


@dataclass(frozen=True, eq=False)
class Rival:
    """A run beside the first: where it runs, what it is called, and its place in the order of marks."""

    key: str
    name: str
    state: State
    run: losses.Descent
    here: Ground
    mark: int


def other(state: State) -> Rival | None:
    """The same moment with one thing changed."""
    second = beside(state)
    if second is None:
        return None
    return Rival("vs", called(state, second), second, descent(second), ground(second), 0)


def beside(state: State) -> State | None:
    """The state that is put beside it: one thing changed, all else the same where it means the same."""
    if not state.vs:
        return None
    key = comparable(state.values)[state.vs]
    given = {
        field.key: field.write(state.values[field.key]) for field in FIELDS if field.key in ("rate", "start")
    }
    spelled = {"loss": state.vs, "data": state.vs, "standardize": "0" if state.standardize else "1"}[key]
    same = {} if key == "standardize" else given
    alone = dict.fromkeys(("vs", "race", "ghost", "s", "a", *(("edit",) if key == "data" else ())), "")
    return change(to_query(state), {**same, **alone, key: spelled}, state.points or "")[0]


def called(state: State, second: State) -> str:
    """The thing by which a second state differs."""
    if second.loss != state.loss:
        return losses.LOSSES[second.loss].name
    if second.data != state.data:
        return losses.DATASETS[second.data].name
    return say("standardized") if second.standardize else say("in raw units")


def rivals(state: State, here: Ground) -> list[Rival]:
    """All that runs on the same ground: the racers, then the ghost."""
    first = 1 if state.vs else 0  # what stands beside it has the first mark
    racers = [_racer(state, here, racer, mark) for mark, racer in enumerate(state.race, first)]
    return [*racers, *_ghost(state, here)]


def _racer(state: State, here: Ground, racer: Racer, mark: int) -> Rival:
    """An optimizer at its own best rate, at a rate of its own, or at the same as all."""
    rate = racer.rate or state.rate
    if state.fair:
        start = tuple(state.window.plane.points(*np.array(state.start)))
        rate = swept_rate(here.problem, racer.key, start, state.steps, state.schedule, racer.settings)
    settings = tuple({**dict(state.settings), **dict(racer.settings)}.items())
    own = replace(state, opt=racer.key, rate=rate, settings=settings)
    return Rival(racer.key, racer.name, own, descent(own), here, mark)


def _ghost(state: State, here: Ground) -> list[Rival]:
    if not state.ghost:
        return []
    rate, *start = state.ghost
    before = replace(state, rate=rate, start=(start[0], start[1]))
    name = say("the run before, at rate {rate}", rate=num(rate))
    return [Rival("ghost", name, before, descent(before), here, -1)]


def race_table(state: State, run: losses.Descent, racers: list[Rival]) -> dict[str, Any]:
    """Who took how many steps, at which rate; the first is the one with the player."""
    first = {"name": unusual(state.opt, dict(state.settings)).name, "mark": "now", "said": _result(run)}
    others = [
        {"name": rival.name, "mark": str(rival.mark), "said": _result(rival.run)}
        for rival in racers
        if rival.key != "ghost"
    ]
    heads = ["", say("outcome"), say("loss"), say("rate")]
    return {"heads": heads, "rows": [first, *others], "note": _rules(state)}


def _rules(state: State) -> Said:
    """How long a race is, and at which rates."""
    if not state.race:
        return say("Choose rivals behind the optimizer.")
    if state.fair:
        return say("A race of {steps}, each at the best rate of a sweep.", steps=counted(state.steps))
    if any(racer.rate for racer in state.race):
        return say("A race of {steps}, some at a rate of their own.", steps=counted(state.steps))
    return say("A race of {steps}, all at the same rate.", steps=counted(state.steps))


def counted(steps: int) -> Said:
    return say("1 step") if steps == 1 else say("{n} steps", n=steps)


OUTCOMES: Final = {
    "CONVERGED": say("converged"),
    "RUNNING": say("on its way"),
    "OSCILLATING": say("swings"),
    "DIVERGED": say("diverges"),
    "PLATEAU": say("on a plateau"),
    "NO_MINIMUM": say("no minimum"),
}


def result(run: losses.Descent) -> tuple[Said, Said, str]:
    """How a run ended, after how many steps, and at which loss."""
    steps = len(run.theta) - 1 if run.settled_at is None else run.settled_at
    return OUTCOMES[run.outcome.name], counted(steps), num(float(run.loss[-1]))


def _result(run: losses.Descent) -> list[str]:
    said = OUTCOMES[run.outcome.name] if run.settled_at is None else counted(run.settled_at)
    return [said, num(float(run.loss[-1]), 2), num(run.rate, 2)]
