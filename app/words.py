"""Numbers and sentences of the page."""

import math
from collections.abc import Callable, Sequence
from functools import partial
from typing import TypedDict

import losses
from app import painting
from app.lessons import LESSONS
from app.rivals import Rival
from app.state import State
from app.tables import told
from losses.arrays import Array
from losses.words import MINUS, Number, capital, listed, num, say, small


def signed(value: float) -> str:
    """A factor in a product: negative ones stand in brackets."""
    return Number(f"({num(value)})") if value < 0 else num(value)


def title(state: State) -> str:
    """The state read aloud; also the page's title and the link's."""
    optimizer: str = losses.OPTIMIZERS[state.opt].name
    if state.race:
        racers = listed(", ", (racer.name for racer in state.race))
        optimizer = say("{optimizer} against {racers}", optimizer=optimizer, racers=racers)
    if state.data_record is None:
        data: str = losses.TEST_FUNCTIONS[state.data].name
        return say("On {data}, walk downhill by {optimizer}", data=data, optimizer=optimizer)
    loss, data = state.loss_record.name, state.data_record.name
    if state.vs in losses.LOSSES:
        loss = say("{this} beside {that}", this=loss, that=losses.LOSSES[state.vs].name)
    elif state.vs:
        record = losses.DATASETS.get(state.vs)
        data = say("{this} beside {that}", this=data, that=record.name if record else state.vs)
    return say(
        "Fit {model} to {data}, score it by {loss}, walk downhill by {optimizer}",
        model=losses.MODELS[state.model].name,
        data=data,
        loss=loss,
        optimizer=optimizer,
    )


def moments(
    problem: losses.Problem,
    run: losses.Descent,
    best: losses.Certificate,
    on_slice: Array | None = None,
    *,
    steps: Sequence[int] | None = None,
    veiled: bool = False,
) -> list[dict[str, str]]:
    """What is said at each step, or at some: a verdict, the numbers, the update filled in, a status.

    In the fog (``veiled``) nothing is said that is not felt underfoot.
    """
    i = told(run)[0]
    name, loss = problem.parameters[i], run.loss.tolist()  # plain numbers are told several times faster
    theta, slope, gradient = run.theta[:, i].tolist(), run.gradient[:, i].tolist(), run.gradient.tolist()
    below = None if on_slice is None else on_slice.tolist()
    return [
        {
            "tone": "running" if veiled else tone(run, k),
            "verdict": on_the_way(run, k) if veiled else verdict(run, k),
            "numbers": numbers(loss[k], gradient[k], best, below and below[k]),
            "update": update(name, run, k, theta, slope),
            "status": status(loss, k),
        }
        for k in (range(len(loss)) if steps is None else steps)
    ]


def tone(run: losses.Descent, k: int) -> str:
    """The class of the verdict: where the run has arrived, or that it is still on its way."""
    name: str = run.outcome.name
    return name.lower() if _tells(run, k) else "running"


def _tells(run: losses.Descent, k: int) -> bool:
    """Whether the outcome of the whole run is already the truth about step ``k``."""
    if run.outcome.name == "DIVERGED":
        return k > 0 or len(run.theta) == 1
    if run.outcome.name == "CONVERGED" and run.settled_at is not None:
        return k >= run.settled_at
    return k == len(run.theta) - 1


def verdict(run: losses.Descent, k: int) -> str:
    return run.outcome.sentence if _tells(run, k) else on_the_way(run, k)


def on_the_way(run: losses.Descent, k: int) -> str:
    """How the last step went."""
    last = len(run.theta) - 1
    if k == 0:
        return say("At the start of 1 step.") if last == 1 else say("At the start of {n} steps.", n=last)
    change = run.loss[k] - run.loss[k - 1]
    if change == 0:
        return say("Step {k} of {last} — the loss stays as it is.", k=k, last=last)
    if change > 0:
        return say("Step {k} of {last} — it overshot: the loss went up.", k=k, last=last)
    return say("Step {k} of {last} — still going down.", k=k, last=last)


def numbers(loss: float, gradient: list[float], best: losses.Certificate, below: float | None) -> str:
    """The loss, what the slice has there (``below``), the best possible, and the slope."""
    here: str = num(loss)
    if below is not None:
        here = say("{loss} (the slice below it is at {below})", loss=here, below=num(below))
    slope = num(math.hypot(*gradient))
    if best.loss is None:
        return say("Loss {loss}. Slope underfoot {slope}.", loss=here, slope=slope)
    return say(
        "Loss {loss}, best possible {best}. Slope underfoot {slope}.",
        loss=here,
        best=num(best.loss),
        slope=slope,
    )


class Line(TypedDict):
    """What is said of a rival at step k, and the number of its mark; the ghost's is −1."""

    mark: int
    text: Callable[[int], str]


def lines(state: State, beside: Rival | None, racers: list[Rival]) -> list[Line]:
    """A line for each that runs beside the run with the player."""
    others = [*([beside] if beside else []), *racers]
    return [{"mark": rival.mark, "text": partial(_line, state, rival)} for rival in others]


def _line(state: State, rival: Rival, k: int) -> str:
    name, at = capital(rival.name), min(k, len(rival.run.theta) - 1)
    if state.foggy:
        return say("{name}: loss {loss}.", name=name, loss=num(rival.run.loss[at]))
    said = small(verdict(rival.run, at)) if at == k else rival.run.outcome.sentence
    return listed(": ", (name, said))


def captions(state: State, note: str, beside: str = "") -> dict[str, str]:
    """What stands beside the titles of the views; ``note`` says what a slice is."""
    second = {"landscape-2": beside, "map-2": beside} if beside else {}
    place = say("drag the ring to start elsewhere")
    if state.s and LESSONS[state.s].target:
        place = say("★ your guess") if state.a else say("click where you think it lands")
    if not note:
        return second | {
            "landscape": _heights(state),
            "map": painting.said(state) or ("" if "start" in state.hide else place),
        }
    return second | {
        "landscape": say("a slice through {n} parameters", n=state.problem.dim),
        "map": note,
    }


def _heights(state: State) -> str:
    """What a place of the landscape is."""
    if state.data in losses.TEST_FUNCTIONS:
        return say("every place is a place, its height is the loss")
    return say("every place is {model}, its height is the loss", model=losses.MODELS[state.model].name)


def update(name: str, run: losses.Descent, k: int, theta: list[float], slope: list[float]) -> str:
    """The step that led here in one parameter, with its numbers: ``w: 0.32 = 0.21 − 0.08 × (−1.38)``."""
    here = num(theta[k])
    if k == 0:
        return listed(": ", (name, here))
    before = theta[k - 1]
    if run.optimizer == "gd" and run.schedule == "constant":
        told = f"{here} = {num(before)} {MINUS} {num(run.rate)} × {signed(slope[k - 1])}"
    else:
        told = f"{here} = {num(before)} + {signed(theta[k] - before)}"
    return listed(": ", (name, Number(told)))


def status(loss: list[float], k: int) -> str:
    """What a screen reader hears when the playhead comes to rest."""
    said = {"k": k, "last": len(loss) - 1, "loss": num(loss[k])}
    if k == 0:
        return say("Step {k} of {last}. Loss {loss}.", **said)
    fall = loss[k - 1] - loss[k]
    return say(
        "Step {k} of {last}. Loss {loss}, down {change}."
        if fall >= 0
        else "Step {k} of {last}. Loss {loss}, up {change}.",
        **said,
        change=num(abs(fall)),
    )
