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
from losses.words import MINUS, num


def signed(value: float) -> str:
    """A factor in a product: negative ones stand in brackets."""
    return f"({num(value)})" if value < 0 else num(value)


def title(state: State) -> str:
    """The state read aloud; also the page's title and the link's."""
    downhill = f"walk downhill by {losses.OPTIMIZERS[state.opt].name}"
    against = [racer.name for racer in state.race]
    downhill += f" against {', '.join(against)}" if against else ""
    if state.data_record is None:
        return f"On {losses.TEST_FUNCTIONS[state.data].name}, {downhill}"
    loss, data = state.loss_record.name, state.data_record.name
    if state.vs in losses.LOSSES:
        loss += f" beside {losses.LOSSES[state.vs].name}"
    elif state.vs in losses.DATASETS:
        data += f" beside {losses.DATASETS[state.vs].name}"
    elif state.vs:
        data += f" beside {state.vs}"
    return f"Fit {losses.MODELS[state.model].name} to {data}, score it by {loss}, {downhill}"


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
        return f"At the start of {last} step{'s' if last != 1 else ''}."
    change = run.loss[k] - run.loss[k - 1]
    manner = "it overshot: the loss went up." if change > 0 else "still going down."
    if change == 0:
        manner = "the loss stays as it is."
    return f"Step {k} of {last} — {manner}"


def numbers(loss: float, gradient: list[float], best: losses.Certificate, below: float | None) -> str:
    """The loss, what the slice has there (``below``), the best possible, and the slope."""
    said = f"Loss {num(loss)}"
    if below is not None:
        said += f" (the slice below it is at {num(below)})"
    if best.loss is not None:
        said += f", best possible {num(best.loss)}"
    return f"{said}. Slope underfoot {num(math.hypot(*gradient))}."


class Line(TypedDict):
    """What is said of a rival at step k, and the number of its mark; the ghost's is −1."""

    mark: int
    text: Callable[[int], str]


def lines(state: State, beside: Rival | None, racers: list[Rival]) -> list[Line]:
    """A line for each that runs beside the run with the player."""
    others = [*([beside] if beside else []), *racers]
    return [{"mark": rival.mark, "text": partial(_line, state, rival)} for rival in others]


def _line(state: State, rival: Rival, k: int) -> str:
    name = f"{rival.name[:1].upper()}{rival.name[1:]}"
    at = min(k, len(rival.run.theta) - 1)
    if state.foggy:
        return f"{name}: loss {num(rival.run.loss[at])}."
    said = verdict(rival.run, at)
    return f"{name}: {said[:1].lower()}{said[1:]}" if at == k else f"{name}: {rival.run.outcome.sentence}"


def captions(state: State, note: str, beside: str = "") -> dict[str, str]:
    """What stands beside the titles of the views; ``note`` says what a slice is."""
    model = "a place" if state.data in losses.TEST_FUNCTIONS else losses.MODELS[state.model].name
    second = {"landscape-2": beside, "map-2": beside} if beside else {}
    place = "drag the ring to start elsewhere"
    if state.s and LESSONS[state.s].target:
        place = "★ your guess" if state.a else "click where you think it lands"
    if not note:
        return second | {
            "landscape": f"every place is {model}, its height is the loss",
            "map": painting.said(state) or ("" if "start" in state.hide else place),
        }
    return second | {"landscape": f"a slice through {state.problem.dim} parameters", "map": note}


def update(name: str, run: losses.Descent, k: int, theta: list[float], slope: list[float]) -> str:
    """The step that led here in one parameter, with its numbers: ``w: 0.32 = 0.21 − 0.08 × (−1.38)``."""
    here = num(theta[k])
    if k == 0:
        return f"{name}: {here}"
    before = theta[k - 1]
    if run.optimizer == "gd" and run.schedule == "constant":
        return f"{name}: {here} = {num(before)} {MINUS} {num(run.rate)} × {signed(slope[k - 1])}"
    return f"{name}: {here} = {num(before)} + {signed(theta[k] - before)}"


def status(loss: list[float], k: int) -> str:
    """What a screen reader hears when the playhead comes to rest."""
    last = len(loss) - 1
    said = f"Step {k} of {last}. Loss {num(loss[k])}"
    if k == 0:
        return said + "."
    fall = loss[k - 1] - loss[k]
    return f"{said}, {'down' if fall >= 0 else 'up'} {num(abs(fall))}."
