"""Outcomes: how a run ended, each with a sentence that gives its numbers and, where it is known, a remedy."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np

from losses.core.arrays import Array
from losses.core.messages import (
    Message,
    format_number,
    format_number_down,
    joined,
    message,
    step_count,
    without_rounding_errors,
)
from losses.core.ternary import NO, YES
from losses.descent.advice import RunFacts, advice, rate_advice
from losses.descent.arrival import LOSS_TOLERANCE, ArrivalFacts, arrival_facts
from losses.descent.convergence import (
    CONVERGED,
    DIVERGED,
    NO_MINIMUM,
    OSCILLATING,
    PLATEAU,
    RUNNING,
    classify_runs,
)
from losses.descent.stationary import NEGLIGIBLE_STEP, ROUNDING_SHARE, SETTLED_STEP
from losses.optimizer.base import Optimizer
from losses.problem.problem import DataProblem, Problem

NEAR_THE_BOTTOM: Final = 1e-2
"""A run is near the bottom, or almost there, if this share of the default start's loss is left to lose."""
NEAR_STATIONARY: Final = 0.05
"""A run is near a maximum or a saddle if Newton's step to it is this share of half the window."""
GREATEST_STEP_RATIO: Final = 0.6
"""Newton's steps to a stationary point shrink at least so; by half where the curvature vanishes."""
MAX_NEWTON_STEPS: Final = 14
FLAT_SHARE: Final = 1e-6
"""A curvature of at most this share of the largest may be 0: it tells no maximum from a saddle."""


@dataclass(frozen=True)
class Outcome:
    """The name of an outcome, one of ``OUTCOMES``, and a sentence for the page."""

    name: str
    sentence: str


def outcome_of_infinite_start() -> Outcome:
    """Return the outcome of a run whose loss at the start is beyond float64."""
    return Outcome(DIVERGED, message("The loss at the start is too large to compute. Start elsewhere."))


def determine_outcome(
    problem: Problem,
    optimizer: Optimizer,
    rate: float,
    path: Array,
    loss: Array,
    gradients: Array,
    escaped: bool,
    has_constant_rate: bool,
) -> tuple[Outcome, int | None]:
    """Return the outcome of a run and the first step from which it has arrived, or None.

    ``path`` and ``gradients`` are ``(k + 1, d)``, ``loss`` is ``(k + 1,)``; ``escaped`` says whether a
    further iterate or loss was not finite.
    """
    if not np.isfinite(loss[0]):
        return outcome_of_infinite_start(), None
    facts = arrival_facts(problem)
    run = RunFacts(problem, optimizer, rate, has_constant_rate, path, loss, gradients)
    name, settled_at = DIVERGED, None
    if not escaped:
        names, arrivals = classify_runs(problem, optimizer, path[None], loss[None], gradients[None])
        name, settled_at = str(names[0]), int(arrivals[0]) if arrivals[0] >= 0 else None
    sentences: dict[str, Callable[[], str]] = {
        CONVERGED: lambda: _converged_sentence(facts, settled_at or 0, loss),
        RUNNING: lambda: _with_advice(_running_sentence(facts, run), advice(run)),
        OSCILLATING: lambda: _with_advice(_oscillating_sentence(facts, loss), _oscillation_advice(run)),
        DIVERGED: lambda: _diverged_sentence(facts, run, escaped),
        PLATEAU: lambda: _plateau_sentence(facts, run),
        NO_MINIMUM: lambda: _no_minimum_sentence(facts, loss),
    }
    with np.errstate(all="ignore"):
        return Outcome(name, sentences[name]()), settled_at


def _with_advice(sentence: Message, remedy: Message | None) -> str:
    return sentence if remedy is None else joined(" ", (sentence, remedy))


def _height(facts: ArrivalFacts) -> float:
    """Return the loss of the default start above the certified one."""
    c = facts.certificate
    return float(facts.height(facts.lowest_known_loss if c.loss is None else c.loss))


def _loss_for_reading(facts: ArrivalFacts, loss: Array) -> float:
    """Return the last loss, or 0 if it is a rounding error beside the height of the default start."""
    return float(without_rounding_errors(loss[-1], _height(facts)))


def _share_left(facts: ArrivalFacts, loss: Array) -> float | None:
    """Return the share of the default start's loss that is left to lose, or None if the lowest is unknown."""
    c = facts.certificate
    if c.lowest is not YES or c.loss is None:
        return None
    height = _height(facts)
    return (float(loss[-1]) - c.loss) / height if height > 0.0 else 0.0


def _converged_sentence(facts: ArrivalFacts, settled_at: int, loss: Array) -> Message:
    c = facts.certificate
    values = {"steps": step_count(settled_at), "loss": format_number(_loss_for_reading(facts, loss))}
    is_floor = facts.floor is not None and loss[-1] <= facts.floor
    is_lowest = c.lowest is YES and c.loss is not None
    share = _share_left(facts, loss)
    if facts.problem.convex or is_floor or (share is not None and share <= 2.0 * LOSS_TOLERANCE):
        return message("Arrived after {steps}. Loss {loss} – as low as it gets.", **values)
    if c.loss is None:
        return message("Arrived after {steps} at a minimum. Loss {loss}.", **values)
    above = float(loss[-1]) - c.loss
    tolerance = 2.0 * LOSS_TOLERANCE * _height(facts) + ROUNDING_SHARE * abs(c.loss)
    if is_lowest and c.exists is NO:
        return message(
            "Arrived after {steps} at a minimum, but not a lowest one: elsewhere the loss comes as near to "
            "{best} as you like. Here it is {loss}.",
            **values,
            best=format_number(c.loss),
        )
    if above > tolerance:
        template = (
            message(
                "Arrived after {steps} at a minimum, loss {loss}, but the lowest is {best}. "
                "Start elsewhere to find it."
            )
            if is_lowest
            else message(
                "Arrived after {steps} at a minimum, loss {loss}, but another is {best}. "
                "Start elsewhere to find it."
            )
        )
        return template.format(**values, best=format_number(c.loss))
    if above < -tolerance:
        return message("Arrived after {steps} at a minimum. Loss {loss}.", **values)
    return message("Arrived after {steps}. Loss {loss}, the lowest minimum that is known.", **values)


def _running_sentence(facts: ArrivalFacts, run: RunFacts) -> Message:
    c, share = facts.certificate, _share_left(facts, run.loss)
    values = {"steps": step_count(run.steps), "loss": format_number(run.loss[-1])}
    if c.loss is None:
        return message("Loss {loss} after {steps}; whether a minimum is near is not known.", **values)
    values["best"] = format_number(c.loss)
    if share is None:
        return message("Loss {loss} after {steps}; the lowest known is {best}.", **values)
    if share <= NEAR_THE_BOTTOM:
        return message("Almost there after {steps}: {loss}, and {best} is the lowest possible.", **values)
    return message("Not there after {steps}: loss {loss}, and {best} is the lowest possible.", **values)


def _oscillating_sentence(facts: ArrivalFacts, loss: Array) -> Message:
    c, share = facts.certificate, _share_left(facts, loss)
    values = {"loss": format_number(loss[-1])}
    if share is not None and share <= NEAR_THE_BOTTOM:
        return message("Jumping around near the bottom (loss {loss}).", **values)
    if c.loss is None:
        return message("Jumping to and fro (loss {loss}).", **values)
    values["best"] = format_number(c.loss)
    if share is None:
        return message("Jumping to and fro (loss {loss}; the lowest known is {best}).", **values)
    return message("Jumping to and fro (loss {loss}; {best} is the lowest possible).", **values)


def _oscillation_advice(run: RunFacts) -> Message:
    about_rate = rate_advice(run) if run.is_plain else None
    return about_rate or message("A smaller rate makes the jumps smaller.")


def _diverged_sentence(facts: ArrivalFacts, run: RunFacts, escaped: bool) -> Message:
    loss, steps = run.loss, step_count(run.steps)
    has_none = facts.certificate.exists is NO
    if escaped and has_none and loss[-1] < loss[0]:
        return message(
            "There is no lowest point: after {steps} the loss has fallen too far to compute.", steps=steps
        )
    limit, is_bound = run.limit()
    # Of several minima each has its own limit, and a run that flies apart is near none.
    if limit and run.rate > limit and (is_bound or facts.problem.convex):
        values = {"rate": format_number(run.rate), "limit": format_number_down(limit)}
        if is_bound:
            return message(
                "Flying apart: the rate {rate} is above {limit}, the largest that is guaranteed to be "
                "stable. Choose a smaller one.",
                **values,
            )
        if values["rate"] == values["limit"]:
            return message(
                "Flying apart: the rate is just above the limit, {limit}. Choose a smaller one.", **values
            )
        return message(
            "Flying apart: the rate {rate} is above the limit, {limit}. Choose a smaller one.", **values
        )
    if not escaped:
        values = {"steps": steps, "loss": format_number(loss[-1])}
        if has_none:
            return message("Flying apart: after {steps} the loss is {loss}.", **values)
        return message("Flying apart: after {steps} the loss is {loss}. Choose a smaller rate.", **values)
    if run.optimizer.rate_meaning == "gradient_multiple" and loss[-1] > loss[0] and not has_none:
        return message(
            "Flying apart: after {steps} the loss is too large to compute. Choose a smaller rate.",
            steps=steps,
        )
    return message(
        "After {steps} the next step leads too far to compute. Choose a smaller rate, or start elsewhere.",
        steps=steps,
    )


def _plateau_sentence(facts: ArrivalFacts, run: RunFacts) -> str:
    theta, gradient = run.path[-1], run.gradients[-1]
    values = {"loss": format_number(run.loss[-1]), "slope": format_number(float(np.linalg.norm(gradient)), 2)}
    kind = _stationary_kind(facts, theta)
    if kind is not None:
        template = (
            message("Near a maximum: loss {loss}, and the surface curves down on all sides.")
            if kind == "maximum"
            else message("Near a saddle: loss {loss}, slope only {slope}, but it goes down to the sides.")
        )
        sentence = template.format(**values)
        if run.optimizer.uses_hessian:
            why = message("Newton's method goes wherever the slope vanishes, up as well as down.")
            return joined(" ", (sentence, why, message("Start elsewhere, or take another optimizer.")))
        return joined(" ", (sentence, message("Start elsewhere.")))
    lowest = facts.lowest_known_loss
    if run.loss[-1] - lowest > NEAR_THE_BOTTOM * max(run.loss[0] - lowest, _height(facts)):
        values["best"] = format_number(lowest)
        sentence = message(
            "On a plateau: loss {loss}, slope only {slope}, though the loss can be as low as {best}.",
            **values,
        )
    else:
        sentence = message(
            "On a plateau: loss {loss}, slope only {slope}, though farther on the loss falls.", **values
        )
    remedy = (
        message("Start elsewhere, or choose a loss with a slope.")
        if isinstance(facts.problem, DataProblem)
        else message("Start elsewhere.")
    )
    return joined(" ", (sentence, remedy))


def _stationary_kind(facts: ArrivalFacts, theta: Array) -> str | None:
    """Return ``"maximum"`` or ``"saddle"`` if Newton's method converges to one near by, or None.

    A short step shows nothing: on a tail that falls off exponentially all steps are equally short. So each
    step must be at most ``GREATEST_STEP_RATIO`` times as long as the one before, until they are settled, and
    the loss must curve down in as many directions at each point.
    """
    problem, scale = facts.problem, facts.half_window
    if not problem.smooth:
        return None
    point, sizes, downward = theta, list[float](), set[int]()
    for _ in range(MAX_NEWTON_STEPS):
        hessian = problem.hessian(point) * np.outer(scale, scale)
        if not np.isfinite(hessian).all():
            return None
        values, vectors = np.linalg.eigh(hessian)
        if np.abs(values).min() <= FLAT_SHARE * np.abs(values).max():
            return None
        step = vectors @ ((vectors.T @ (problem.gradient(point) * scale)) / values)
        sizes.append(float(np.abs(step).max()))
        downward.add(int((values < 0.0).sum()))
        if 0 in downward or len(downward) > 1 or not _shrinks(sizes):
            return None
        if sizes[-1] <= max(NEGLIGIBLE_STEP, SETTLED_STEP * sizes[0]):
            return "maximum" if values[-1] < 0.0 else "saddle"
        point = point - step * scale
    return None


def _shrinks(sizes: list[float]) -> bool:
    """Whether the first step is short, or the last one clearly shorter than the one before."""
    if len(sizes) == 1:
        return sizes[0] <= NEAR_STATIONARY
    return sizes[-1] <= max(NEGLIGIBLE_STEP, GREATEST_STEP_RATIO * sizes[-2])


def _no_minimum_sentence(facts: ArrivalFacts, loss: Array) -> Message:
    problem, c = facts.problem, facts.certificate
    values = {"loss": format_number(loss[-1]), "steps": step_count(len(loss) - 1)}
    if c.loss is not None:
        return message(
            "There is no lowest point: the loss can come as near to {least} as you like, but never arrive. "
            "After {steps}: {loss}.",
            **values,
            least=format_number(c.loss),
        )
    if not isinstance(problem, DataProblem):
        return message(
            "There is no lowest point: the loss falls without end. After {steps}: {loss}.", **values
        )
    if problem.convex and problem.data.task in problem.loss.strictly_decreasing_in_margin:
        return message(
            "There is no lowest point: the classes can be told apart in part, so some weights can grow for "
            "ever and lower the loss. After {steps}: {loss}.",
            **values,
        )
    return message(
        "There is no lowest point: the loss can always fall a little further. After {steps}: {loss}.",
        **values,
    )
