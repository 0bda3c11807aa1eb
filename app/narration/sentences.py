"""Sentences of the page: the title of a state, the texts of each step, and the captions of figures."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

import losses
from losses.core.arrays import Array
from losses.core.messages import (
    MINUS_SIGN,
    Message,
    capitalized,
    format_number,
    joined,
    lowercased,
    message,
    plural,
    with_subscripts,
    without_rounding_errors,
)
from losses.descent.arrival import (
    BoolArray,
    readable_best,
    readable_losses,
    readable_points,
    readable_slopes,
    readable_slopes_along,
)

from ..common import limits
from ..experiment import basin_tiles
from ..experiment.comparison import ComparedRun, outcome_summary
from ..figures.trajectory import shown_parameters
from ..lessons import lesson_of
from ..url_state.state import State
from .step_text import StepText, TextByStep


def state_title(state: State) -> str:
    """Return a sentence that describes a state; it is also the title of the page and of shared links."""
    optimizer: str = losses.OPTIMIZERS[state.optimizer].name
    if state.race:
        racers = joined(", ", (entry.name for entry in state.race))
        optimizer = message("{optimizer} against {racers}", optimizer=optimizer, racers=racers)
    if state.dataset is None:
        data: str = losses.TEST_FUNCTIONS[state.data].name
        return message("On {data}, walk downhill by {optimizer}", data=data, optimizer=optimizer)
    loss, data = state.loss_function.name, state.dataset.name
    if state.compare_with in losses.LOSSES:
        loss = message("{this} compared with {that}", this=loss, that=losses.LOSSES[state.compare_with].name)
    elif state.compare_with in losses.DATASETS:
        other = losses.DATASETS[state.compare_with].name
        data = message("{this} compared with {that}", this=data, that=other)
    elif state.compare_with and state.standardize:
        data = message("{data}, standardized and in raw units", data=data)
    elif state.compare_with:
        data = message("{data}, in raw units and standardized", data=data)
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
    """Return the texts of every step of a run.

    Their kinds are ``tone`` (a word for the styling), ``verdict``, ``numbers``, ``update`` (the arithmetic of
    the step in one parameter) and ``status`` for screen readers. ``slice_heights``, shape ``(steps + 1,)``,
    are the losses of the shown slice below the trajectory. With ``outcome_hidden``, as in the fog, the texts
    contain only what is known at the step.
    """
    parameter = shown_parameters(run)[0]
    is_known = np.zeros(len(run.loss), dtype=bool) if outcome_hidden else _outcome_is_known(run)
    columns = {
        "loss": readable_losses(run.problem, run.loss, certificate),
        "steep": readable_slopes(run.problem, run.gradient),
        "theta": readable_points(problem, run.theta)[:, parameter],
        "slope": readable_slopes_along(run.problem, run.gradient, parameter),
    }
    texts = {
        "tone": TextByStep((run.outcome.name.lower(), "running"), ~is_known),
        "verdict": TextByStep(
            (run.outcome.sentence, *_progress_texts(run)), np.where(is_known, 0, 1 + _progress_index(run))
        ),
        "numbers": _numbers_by_step(run, certificate, slice_heights),
        "update": _update_text(run, parameter),
        "status": TextByStep(STATUS_TEXTS, _status_index(_loss_changes(columns["loss"]))),
    }
    constants = _best_loss(run, certificate) | {
        "name": with_subscripts(problem.parameters[parameter]),
        "rate": format_number(run.rate),
    }
    if slice_heights is not None:
        columns["below"] = slice_heights
    return StepText(len(run.loss) - 1, texts, columns, constants)


def _best_loss(run: losses.Descent, certificate: losses.Certificate) -> dict[str, str]:
    """Return what the placeholder ``{best}`` stands for; nothing if no lowest loss is known."""
    best = readable_best(run.problem, float(run.loss[0]), certificate)
    return {} if best is None else {"best": format_number(best)}


def _outcome_is_known(run: losses.Descent) -> BoolArray:
    """Return whether the outcome of the whole run already holds, for each step, shape ``(steps + 1,)``."""
    k, last_step = np.arange(len(run.loss)), len(run.loss) - 1
    if run.outcome.name == "DIVERGED":
        return k >= min(1, last_step)
    if run.outcome.name == "CONVERGED" and run.settled_at is not None:
        return np.greater_equal(k, run.settled_at)
    return np.equal(k, last_step)


THIRD_DIGIT: Final = 0.005
"""Numbers that differ by a smaller share are the same in three digits."""
PROGRESS_TEXTS: Final = (
    message("Step {k} of {last} — the loss stays as it is."),
    message("Step {k} of {last} — the loss went up."),
    message("Step {k} of {last} — it overshot: the loss went up."),
    message("Step {k} of {last} — it jumps across the valley, and comes lower."),
    message("Step {k} of {last} — still going down."),
)


def _progress_texts(run: losses.Descent) -> tuple[Message, ...]:
    """Return the texts of the steps before the outcome is known, the start's first."""
    return plural("Ready: {n} step to go.", "Ready: {n} steps to go.", n=len(run.loss) - 1), *PROGRESS_TEXTS


def _progress_index(run: losses.Descent) -> NDArray[np.intp]:
    """Return for each step the index of its text in ``_progress_texts``.

    A step overshot if it began downhill; not every step does, as that of a few examples, of momentum or
    toward a maximum. It jumped across a valley if it ends uphill, for then the loss was lower on its way.
    """
    change = _loss_changes(run.loss)
    began, ended = np.zeros(len(change)), np.zeros(len(change))
    with np.errstate(all="ignore"):
        steps = np.diff(run.theta, axis=0)
        began[1:] = (run.gradient[:-1] * steps).sum(axis=-1)
        ended[1:] = (run.gradient[1:] * steps).sum(axis=-1)
    rose = np.where(began < 0.0, 3, 2)
    index = np.where(change == 0, 1, np.where(change > 0, rose, np.where(ended > 0.0, 4, 5)))
    index[0] = 0
    return index


def _loss_changes(loss: Array) -> Array:
    """Return by how much the loss rose in the step before each iterate; NaN at the start."""
    change = np.full(len(loss), np.nan)
    with np.errstate(invalid="ignore"):
        np.subtract(loss[1:], loss[:-1], out=change[1:])
    return change


def _numbers_by_step(
    run: losses.Descent, certificate: losses.Certificate, slice_heights: Array | None
) -> TextByStep:
    """Return loss and slope at each step, and the height of the slice where that is another number."""
    text = _numbers_text(certificate)
    if slice_heights is None:
        return TextByStep((text,))
    with np.errstate(invalid="ignore"):
        is_other = ~(np.abs(slice_heights - run.loss) <= THIRD_DIGIT * np.abs(run.loss))
    of_slice = joined(" ", (text, message("On the slice shown it would be {below}.")))
    return TextByStep((text, of_slice), is_other.astype(int))


def _numbers_text(certificate: losses.Certificate) -> str:
    """Return the template with loss, slope and, where known, the lowest loss.

    The lowest loss is the lowest possible one if that is proved, otherwise the lowest known. Without a lowest
    point it is the loss that is never reached.
    """
    if certificate.loss is None:
        return message("Loss {loss}. Slope here {steep}.")
    if certificate.exists is losses.NO:
        return message("Loss {loss}, never quite {best}. Slope here {steep}.")
    if certificate.lowest is losses.YES:
        return message("Loss {loss}, lowest possible {best}. Slope here {steep}.")
    return message("Loss {loss}, lowest known {best}. Slope here {steep}.")


def _update_text(run: losses.Descent, parameter: int) -> TextByStep:
    """Return the arithmetic of the step before each iterate: ``w: 0.32 = 0.21 − 0.08 × (−1.38)``.

    The start has none, and a step that moves nothing has the value alone. Other methods than gradient descent
    show the step as one number.
    """
    is_rate_times_slope = (
        losses.OPTIMIZERS[run.optimizer].is_gradient_descent and losses.SCHEDULES[run.schedule].is_constant
    )
    arithmetic = (
        f"{{theta_before}} {MINUS_SIGN} {{rate}} × {{slope_factor}}"
        if is_rate_times_slope
        else "{theta_before} + {theta_step}"
    )
    templates = ("", "{name}: {theta}", f"{{name}}: {{theta}} = {arithmetic}")
    steps = np.diff(run.theta[:, parameter])
    moves = without_rounding_errors(steps, float(run.problem.reach[parameter])) != 0.0
    return TextByStep(templates, np.concatenate([[0], 1 + moves.astype(int)]))


STATUS_TEXTS: Final = (
    message("Step {k} of {last}. Loss {loss}."),
    message("Step {k} of {last}. Loss {loss}, down {loss_change}."),
    message("Step {k} of {last}. Loss {loss}, up {loss_change}."),
)


def _status_index(change: Array) -> Array:
    """Return for each step the index of its text in ``STATUS_TEXTS``, read out when the player stops."""
    index = np.where(change < 0, 1, np.where(change > 0, 2, 0))
    index[0] = 0
    return index


@dataclass(frozen=True)
class CompetitorLine:
    """The text about a competitor or comparison at each step, and the style of its marks."""

    style_index: int
    """The place in the order of marker styles; −1 is the ghost's."""
    text: StepText


def competitor_lines(
    state: State, comparison: ComparedRun | None, competitors: list[ComparedRun], last_step: int
) -> list[CompetitorLine]:
    """Return a line for the comparison and for each competitor; ``last_step`` is that of the main run."""
    own_picture = [comparison] if comparison else []
    texts = [_competitor_text(state, run, last_step, has_numbers=True) for run in own_picture]
    texts += [_competitor_text(state, run, last_step) for run in competitors]
    runs = [*own_picture, *competitors]
    return [CompetitorLine(run.style_index, text) for run, text in zip(runs, texts, strict=True)]


def _competitor_text(
    state: State, competitor: ComparedRun, last_step: int, *, has_numbers: bool = False
) -> StepText:
    """Return what is said of a competitor at each step of the main run; after its own end, how it ended."""
    name, run = capitalized(competitor.name), competitor.run
    own_last_step = len(run.loss) - 1
    main_steps = np.arange(last_step + 1)
    own_steps = np.minimum(main_steps, own_last_step)
    if state.outcome_hidden:
        loss_text = TextByStep((message("{name}: loss {loss}."),))
        return StepText(own_last_step, {"text": loss_text}, {"loss": run.loss[own_steps]}, {"name": name})
    outcome, steps = outcome_summary(run)
    loss = format_number(float(readable_losses(run.problem, run.loss, competitor.prepared.certificate)[-1]))
    outcome_text = message(
        "{name}: {outcome} after {steps}, loss {loss}, slope {slope}.",
        name=name,
        outcome=outcome,
        steps=steps,
        loss=loss,
        slope=format_number(float(readable_slopes(run.problem, run.gradient)[-1]), 2),
    )
    has_ended = (main_steps > own_last_step) | _outcome_is_known(run)[own_steps]
    progress = _progress_index(run)[own_steps]
    templates = (outcome_text, *(joined(": ", (name, lowercased(text))) for text in _progress_texts(run)))
    texts = {"text": TextByStep(templates, np.where(has_ended, 0, 1 + progress))}
    if not has_numbers:
        return StepText(own_last_step, texts, {})
    certificate = competitor.prepared.certificate
    texts["numbers"] = TextByStep((_numbers_text(certificate), ""), has_ended)
    columns = {
        "loss": readable_losses(run.problem, run.loss, certificate)[own_steps],
        "steep": readable_slopes(run.problem, run.gradient)[own_steps],
    }
    return StepText(own_last_step, texts, columns, _best_loss(run, certificate))


def comparison_captions(first: str, second: str) -> dict[str, str]:
    """Return the captions of the figures of two problems, by figure id: how each differs from the other."""
    return {"landscape": first, "map": first, "landscape-2": second, "map-2": second}


def captions(state: State, note: str, grid: int) -> dict[str, str]:
    """Return the captions beside the titles of figures, by figure id.

    ``note`` describes the slice and is empty if the view plane is the whole space. ``grid`` are the points
    along a side of the surface.
    """
    if note:
        of_slice = plural(
            "a slice through {n} parameter", "a slice through {n} parameters", n=state.problem.dim
        )
        return {"landscape": _with_grid(of_slice, grid), "map": note}
    return {
        "landscape": _with_grid(_surface_caption(state), grid),
        "map": basin_tiles.basin_caption(state) or ("" if "start" in state.hide else _map_caption(state)),
    }


def _with_grid(caption: str, grid: int) -> str:
    """Return a caption that also tells the size of a grid that is coarser than usual, to save time."""
    if grid >= limits.GRID_SIZE:
        return caption
    return joined("; ", (caption, message("{n} × {n} points", n=grid)))


def _map_caption(state: State) -> str:
    """Return what a click or drag on the map does."""
    if state.lesson and lesson_of(state.lesson).target:
        return message("★ your guess") if state.answer else message("click where you think it lands")
    return message("drag the ring to start elsewhere")


def _surface_caption(state: State) -> str:
    """Return what a point of the surface stands for."""
    if state.data in losses.TEST_FUNCTIONS:
        return message("its height is the value of the function")
    return message("each place is {model}; its height is the loss", model=losses.MODELS[state.model].name)
