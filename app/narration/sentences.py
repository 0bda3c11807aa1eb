"""Numbers and sentences of the page."""

import math
from dataclasses import dataclass
from typing import Final

import numpy as np

import losses
from losses.core.arrays import Array
from losses.core.messages import (
    MINUS_SIGN,
    capitalized,
    format_number,
    joined,
    lowercased,
    message,
    with_subscripts,
)
from losses.descent.convergence import BoolArray

from ..experiment import basin_tiles
from ..experiment.comparison import ComparedRun, outcome_summary
from ..figures.trajectory import shown_parameters
from ..lessons import LESSONS
from ..url_state.state import State
from .step_text import StepText, TextByStep


def state_title(state: State) -> str:
    """The state read aloud; also the page's title and the link's."""
    optimizer: str = losses.OPTIMIZERS[state.optimizer].name
    if state.race:
        racers = joined(", ", (racer.name for racer in state.race))
        optimizer = message("{optimizer} against {racers}", optimizer=optimizer, racers=racers)
    if state.dataset is None:
        data: str = losses.TEST_FUNCTIONS[state.data].name
        return message("On {data}, walk downhill by {optimizer}", data=data, optimizer=optimizer)
    loss, data = state.loss_function.name, state.dataset.name
    if state.compare_with in losses.LOSSES:
        loss = message("{this} beside {that}", this=loss, that=losses.LOSSES[state.compare_with].name)
    elif state.compare_with:
        record = losses.DATASETS.get(state.compare_with)
        data = message("{this} beside {that}", this=data, that=record.name if record else state.compare_with)
    return message(
        "Fit {model} to {data}, score it by {loss}, walk downhill by {optimizer}",
        model=losses.MODELS[state.model].name,
        data=data,
        loss=loss,
        optimizer=optimizer,
    )


def step_text(
    problem: losses.Problem,
    run: losses.Descent,
    certificate: losses.Certificate,
    slice_heights: Array | None = None,
    *,
    outcome_hidden: bool = False,
) -> StepText:
    """What is said at each step: a tone, a verdict, the numbers, the update filled in, a status.

    In the fog (``outcome_hidden``) nothing is said that is not felt underfoot.
    """
    i = shown_parameters(run)[0]
    name: str = run.outcome.name
    outcome = np.zeros(len(run.loss), dtype=bool) if outcome_hidden else _outcome_is_known(run)
    change = _loss_changes(run.loss)
    columns = {
        "loss": run.loss,
        "steep": np.hypot.reduce(run.gradient, axis=-1),
        "theta": run.theta[:, i],
        "slope": run.gradient[:, i],
    }
    kinds = {
        "tone": TextByStep((name.lower(), "running"), ~outcome),
        "verdict": TextByStep(
            (run.outcome.sentence, *PROGRESS_TEXTS), np.where(outcome, 0, 1 + _progress_index(change))
        ),
        "numbers": TextByStep((_numbers_text(certificate, slice_heights is not None),)),
        "update": TextByStep(*_update_text(run, columns["slope"])),
        "status": TextByStep(STATUS_TEXTS, _status_index(change)),
    }
    said = {"name": with_subscripts(problem.parameters[i]), "rate": format_number(run.rate)}
    said |= {} if certificate.loss is None else {"best": format_number(certificate.loss)}
    return StepText(
        len(run.loss) - 1, kinds, columns | ({} if slice_heights is None else {"below": slice_heights}), said
    )


def _outcome_is_known(run: losses.Descent) -> BoolArray:
    """At which steps the outcome of the whole run is already the truth."""
    k, last = np.arange(len(run.loss)), len(run.loss) - 1
    if run.outcome.name == "DIVERGED":
        return k >= min(1, last)
    if run.outcome.name == "CONVERGED" and run.settled_at is not None:
        return np.greater_equal(k, run.settled_at)
    return np.equal(k, last)


PROGRESS_TEXTS: Final = (
    message("At the start of 1 step."),
    message("At the start of {last} steps."),
    message("Step {k} of {last} — the loss stays as it is."),
    message("Step {k} of {last} — it overshot: the loss went up."),
    message("Step {k} of {last} — still going down."),
)


def _progress_index(change: Array) -> Array:
    """How the last step went, as one of ``PROGRESS_TEXTS``."""
    way = np.where(change == 0, 2, np.where(change > 0, 3, 4))
    way[0] = 0 if len(change) == 2 else 1
    return way


def _loss_changes(loss: Array) -> Array:
    """By how much the loss rose in the step that led to each place; nothing at the start."""
    change = np.full(len(loss), np.nan)
    with np.errstate(invalid="ignore"):
        np.subtract(loss[1:], loss[:-1], out=change[1:])
    return change


def _numbers_text(certificate: losses.Certificate, sliced: bool) -> str:
    """The loss, what the slice has there, the best possible or the lowest known, and the slope."""
    if certificate.loss is None:
        if sliced:
            return message("Loss {loss} (the slice below it is at {below}). Slope underfoot {steep}.")
        return message("Loss {loss}. Slope underfoot {steep}.")
    if not certificate.lowest:
        if sliced:
            return message(
                "Loss {loss} (the slice below it is at {below}), lowest known {best}. Slope underfoot {steep}."
            )
        return message("Loss {loss}, lowest known {best}. Slope underfoot {steep}.")
    if sliced:
        return message(
            "Loss {loss} (the slice below it is at {below}), best possible {best}. Slope underfoot {steep}."
        )
    return message("Loss {loss}, best possible {best}. Slope underfoot {steep}.")


def _update_text(run: losses.Descent, slope: Array) -> tuple[tuple[str, ...], Array]:
    """The step that led here in one parameter, with its numbers: ``w: 0.32 = 0.21 − 0.08 × (−1.38)``."""
    plain = (
        losses.OPTIMIZERS[run.optimizer].is_gradient_descent and losses.SCHEDULES[run.schedule].is_constant
    )
    how = (
        f"{{theta_before}} {MINUS_SIGN} {{rate}} × {{slope_factor}}"
        if plain
        else "{theta_before} + {theta_step}"
    )
    return ("{name}: {theta}", f"{{name}}: {{theta}} = {how}"), np.minimum(np.arange(len(slope)), 1)


STATUS_TEXTS: Final = (
    message("Step {k} of {last}. Loss {loss}."),
    message("Step {k} of {last}. Loss {loss}, down {loss_change}."),
    message("Step {k} of {last}. Loss {loss}, up {loss_change}."),
)


def _status_index(change: Array) -> Array:
    """What a screen reader hears when the playhead comes to rest, as one of ``STATUS_TEXTS``."""
    way = np.where(change <= 0, 1, 2)
    way[0] = 0
    return way


@dataclass(frozen=True)
class CompetitorLine:
    """What is said of a rival, and the number of its mark; the ghost's is −1."""

    style_index: int
    text: StepText


def competitor_lines(
    state: State, comparison: ComparedRun | None, competitors: list[ComparedRun], last_step: int
) -> list[CompetitorLine]:
    """A line for each that runs beside the run with the player, which takes ``last_step`` steps."""
    others = [*([comparison] if comparison else []), *competitors]
    return [CompetitorLine(rival.style_index, _competitor_text(state, rival, last_step)) for rival in others]


def _competitor_text(state: State, competitor: ComparedRun, last_step: int) -> StepText:
    name, run, own = capitalized(competitor.name), competitor.run, len(competitor.run.loss) - 1
    at = np.minimum(np.arange(last_step + 1), own)
    if state.outcome_hidden:
        foggy = message("{name}: loss {loss}.")
        return StepText(own, {"text": TextByStep((foggy,))}, {"loss": run.loss[at]}, {"name": name})
    outcome, steps, loss = outcome_summary(run)
    slope = format_number(math.hypot(*run.gradient[-1].tolist()), 2)
    said = {"outcome": outcome, "steps": steps, "loss": loss, "slope": slope}
    ended = message("{name}: {outcome} after {steps}, loss {loss}, slope {slope}.", name=name, **said)
    over = np.arange(last_step + 1) > own
    which = np.where(over | _outcome_is_known(run)[at], 0, 1 + _progress_index(_loss_changes(run.loss))[at])
    texts = (ended, *(joined(": ", (name, lowercased(text))) for text in PROGRESS_TEXTS))
    return StepText(own, {"text": TextByStep(texts, which)}, {})


def comparison_captions(comparison_name: str) -> dict[str, str]:
    """What stands beside the titles of the second problem's views."""
    return {"landscape-2": comparison_name, "map-2": comparison_name} if comparison_name else {}


def captions(state: State, note: str) -> dict[str, str]:
    """What stands beside the titles of the views; ``note`` says what a slice is."""
    place = message("drag the ring to start elsewhere")
    if state.lesson and LESSONS[state.lesson].target:
        place = message("★ your guess") if state.answer else message("click where you think it lands")
    if not note:
        return {
            "landscape": _surface_caption(state),
            "map": basin_tiles.basin_caption(state) or ("" if "start" in state.hide else place),
        }
    return {
        "landscape": message("a slice through {n} parameters", n=state.problem.dim),
        "map": note,
    }


def _surface_caption(state: State) -> str:
    """What a place of the landscape is."""
    if state.data in losses.TEST_FUNCTIONS:
        return message("its height is the value of the function")
    return message("each place {model}, its height the loss", model=losses.MODELS[state.model].name)
