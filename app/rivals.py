"""What runs beside the run of a state: another problem, other optimizers, the ghost of a run before."""

from dataclasses import dataclass, replace

import numpy as np

import losses
from app.ground import Ground, descent, ground
from app.problems import swept_rate
from app.state import State, beside
from losses.words import num


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


def called(state: State, second: State) -> str:
    """The thing by which a second state differs."""
    if second.loss != state.loss:
        return losses.LOSSES[second.loss].name
    if second.data != state.data:
        return losses.DATASETS[second.data].name
    return "standardized" if second.standardize else "in raw units"


def rivals(state: State, here: Ground) -> list[Rival]:
    """All that runs on the same ground: the racers, then the ghost."""
    racers = [_racer(state, here, key, mark) for mark, key in enumerate(state.race)]
    return [*racers, *_ghost(state, here)]


def _racer(state: State, here: Ground, key: str, mark: int) -> Rival:
    """An optimizer with its usual settings, at its own best rate or at the same."""
    usual = tuple((s.name, float(s.default)) for s in losses.OPTIMIZERS[key].settings)
    rate = state.rate
    if state.fair:
        start = tuple(state.window.plane.points(*np.array(state.start)))
        rate = swept_rate(here.problem, key, start, state.steps, state.schedule, usual)
    own = replace(state, opt=key, rate=rate, settings=(*_others(state, usual), *usual))
    return Rival(key, losses.OPTIMIZERS[key].name, own, descent(own), here, mark)


def _others(state: State, usual: tuple[tuple[str, float], ...]) -> tuple[tuple[str, float], ...]:
    names = {name for name, _ in usual}
    return tuple((name, value) for name, value in state.settings if name not in names)


def _ghost(state: State, here: Ground) -> list[Rival]:
    if not state.ghost:
        return []
    rate, *start = state.ghost
    before = replace(state, rate=rate, start=(start[0], start[1]))
    return [Rival("ghost", f"the run before, at rate {num(rate)}", before, descent(before), here, -1)]


def race_table(state: State, run: losses.Descent, racers: list[Rival]) -> list[tuple[str, str]]:
    """Who took how many steps, at which rate; the first is the one with the player."""
    first = (losses.OPTIMIZERS[state.opt].name, run)
    runs = [first, *((rival.name, rival.run) for rival in racers if rival.key != "ghost")]
    how = "each at the best rate of a sweep" if state.fair else "all at the same rate"
    return [
        *((name, _result(one)) for name, one in runs),
        ("Rates", how if state.race else "choose rivals behind the optimizer"),
    ]


def _result(run: losses.Descent) -> str:
    steps = f" in {run.settled_at} steps" if run.settled_at is not None else ""
    return f"rate {num(run.rate)}: {run.outcome.name.lower().replace('_', ' ')}{steps}, loss {num(float(run.loss[-1]))}"
