"""Numbers and sentences of the page."""

import math
from dataclasses import dataclass
from typing import Final

import numpy as np

import losses
from losses.core.arrays import Array
from losses.core.messages import MINUS, capital, listed, num, say, small, subscripted
from losses.descent.convergence import Flags

from ..experiment import basin_tiles
from ..experiment.comparison import Rival, result
from ..figures.step_tables import told
from ..lessons import LESSONS
from ..url_state.state import State
from .step_text import Telling, Told


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


def telling(
    problem: losses.Problem,
    run: losses.Descent,
    best: losses.Certificate,
    on_slice: Array | None = None,
    *,
    veiled: bool = False,
) -> Telling:
    """What is said at each step: a tone, a verdict, the numbers, the update filled in, a status.

    In the fog (``veiled``) nothing is said that is not felt underfoot.
    """
    i = told(run)[0]
    name: str = run.outcome.name
    outcome = np.zeros(len(run.loss), dtype=bool) if veiled else _tells(run)
    change = _changes(run.loss)
    columns = {
        "loss": run.loss,
        "steep": np.hypot.reduce(run.gradient, axis=-1),
        "theta": run.theta[:, i],
        "slope": run.gradient[:, i],
    }
    kinds = {
        "tone": Told((name.lower(), "running"), ~outcome),
        "verdict": Told((run.outcome.sentence, *ON_THE_WAY), np.where(outcome, 0, 1 + _way(change))),
        "numbers": Told((_numbers(best, on_slice is not None),)),
        "update": Told(*_update(run, columns["slope"])),
        "status": Told(STATUS, _status(change)),
    }
    said = {"name": subscripted(problem.parameters[i]), "rate": num(run.rate)}
    said |= {} if best.loss is None else {"best": num(best.loss)}
    return Telling(
        len(run.loss) - 1, kinds, columns | ({} if on_slice is None else {"below": on_slice}), said
    )


def _tells(run: losses.Descent) -> Flags:
    """At which steps the outcome of the whole run is already the truth."""
    k, last = np.arange(len(run.loss)), len(run.loss) - 1
    if run.outcome.name == "DIVERGED":
        return k >= min(1, last)
    if run.outcome.name == "CONVERGED" and run.settled_at is not None:
        return np.greater_equal(k, run.settled_at)
    return np.equal(k, last)


ON_THE_WAY: Final = (
    say("At the start of 1 step."),
    say("At the start of {last} steps."),
    say("Step {k} of {last} — the loss stays as it is."),
    say("Step {k} of {last} — it overshot: the loss went up."),
    say("Step {k} of {last} — still going down."),
)


def _way(change: Array) -> Array:
    """How the last step went, as one of ``ON_THE_WAY``."""
    way = np.where(change == 0, 2, np.where(change > 0, 3, 4))
    way[0] = 0 if len(change) == 2 else 1
    return way


def _changes(loss: Array) -> Array:
    """By how much the loss rose in the step that led to each place; nothing at the start."""
    change = np.full(len(loss), np.nan)
    with np.errstate(invalid="ignore"):
        np.subtract(loss[1:], loss[:-1], out=change[1:])
    return change


def _numbers(best: losses.Certificate, sliced: bool) -> str:
    """The loss, what the slice has there, the best possible or the lowest known, and the slope."""
    if best.loss is None:
        if sliced:
            return say("Loss {loss} (the slice below it is at {below}). Slope underfoot {steep}.")
        return say("Loss {loss}. Slope underfoot {steep}.")
    if not best.lowest:
        if sliced:
            return say(
                "Loss {loss} (the slice below it is at {below}), lowest known {best}. Slope underfoot {steep}."
            )
        return say("Loss {loss}, lowest known {best}. Slope underfoot {steep}.")
    if sliced:
        return say(
            "Loss {loss} (the slice below it is at {below}), best possible {best}. Slope underfoot {steep}."
        )
    return say("Loss {loss}, best possible {best}. Slope underfoot {steep}.")


def _update(run: losses.Descent, slope: Array) -> tuple[tuple[str, ...], Array]:
    """The step that led here in one parameter, with its numbers: ``w: 0.32 = 0.21 − 0.08 × (−1.38)``."""
    plain = (
        losses.OPTIMIZERS[run.optimizer].is_gradient_descent and losses.SCHEDULES[run.schedule].is_constant
    )
    how = (
        f"{{theta_before}} {MINUS} {{rate}} × {{slope_factor}}" if plain else "{theta_before} + {theta_step}"
    )
    return ("{name}: {theta}", f"{{name}}: {{theta}} = {how}"), np.minimum(np.arange(len(slope)), 1)


STATUS: Final = (
    say("Step {k} of {last}. Loss {loss}."),
    say("Step {k} of {last}. Loss {loss}, down {loss_change}."),
    say("Step {k} of {last}. Loss {loss}, up {loss_change}."),
)


def _status(change: Array) -> Array:
    """What a screen reader hears when the playhead comes to rest, as one of ``STATUS``."""
    way = np.where(change <= 0, 1, 2)
    way[0] = 0
    return way


@dataclass(frozen=True)
class Line:
    """What is said of a rival, and the number of its mark; the ghost's is −1."""

    mark: int
    told: Telling


def lines(state: State, beside: Rival | None, racers: list[Rival], last: int) -> list[Line]:
    """A line for each that runs beside the run with the player, which takes ``last`` steps."""
    others = [*([beside] if beside else []), *racers]
    return [Line(rival.mark, _line(state, rival, last)) for rival in others]


def _line(state: State, rival: Rival, last: int) -> Telling:
    name, run, own = capital(rival.name), rival.run, len(rival.run.loss) - 1
    at = np.minimum(np.arange(last + 1), own)
    if state.veiled:
        foggy = say("{name}: loss {loss}.")
        return Telling(own, {"text": Told((foggy,))}, {"loss": run.loss[at]}, {"name": name})
    outcome, steps, loss = result(run)
    slope = num(math.hypot(*run.gradient[-1].tolist()), 2)
    said = {"outcome": outcome, "steps": steps, "loss": loss, "slope": slope}
    ended = say("{name}: {outcome} after {steps}, loss {loss}, slope {slope}.", name=name, **said)
    over = np.arange(last + 1) > own
    which = np.where(over | _tells(run)[at], 0, 1 + _way(_changes(run.loss))[at])
    texts = (ended, *(listed(": ", (name, small(text))) for text in ON_THE_WAY))
    return Telling(own, {"text": Told(texts, which)}, {})


def captions(state: State, note: str, beside: str = "") -> dict[str, str]:
    """What stands beside the titles of the views; ``note`` says what a slice is."""
    second = {"landscape-2": beside, "map-2": beside} if beside else {}
    place = say("drag the ring to start elsewhere")
    if state.s and LESSONS[state.s].target:
        place = say("★ your guess") if state.a else say("click where you think it lands")
    if not note:
        return second | {
            "landscape": _heights(state),
            "map": basin_tiles.said(state) or ("" if "start" in state.hide else place),
        }
    return second | {
        "landscape": say("a slice through {n} parameters", n=state.problem.dim),
        "map": note,
    }


def _heights(state: State) -> str:
    """What a place of the landscape is."""
    if state.data in losses.TEST_FUNCTIONS:
        return say("its height is the value of the function")
    return say("each place {model}, its height the loss", model=losses.MODELS[state.model].name)
