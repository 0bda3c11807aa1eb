"""Outcomes: how a run ended, by stated rules, each with a sentence and its remedy."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from losses.certificate.certificate import SCOPE_START, Certificate
from losses.core.arrays import Array
from losses.core.messages import Message, format_number, message
from losses.descent.convergence import (
    CONVERGED,
    DIVERGED,
    LOSS_TOLERANCE,
    NO_MINIMUM,
    OSCILLATING,
    PLATEAU,
    RUNNING,
    classify_runs,
    convergence_facts,
)
from losses.optimizer.base import Optimizer
from losses.problem.problem import DataProblem, Problem


@dataclass(frozen=True)
class Outcome:
    """One of ``OUTCOMES`` and the sentence that says it with its numbers."""

    name: str
    sentence: str


def determine_outcome(
    problem: Problem,
    optimizer: Optimizer,
    rate: float,
    path: Array,
    loss: Array,
    gradients: Array,
    escaped: bool,
) -> tuple[Outcome, int | None]:
    """The outcome of a run and the first step from which it is converged, if it is."""
    if not np.isfinite(loss[0]):
        return Outcome(DIVERGED, message("The loss at the start is beyond numbers. Start elsewhere.")), None
    best = convergence_facts(problem).certificate
    name, settled_at = DIVERGED, None
    if not escaped:
        names, settled = classify_runs(problem, best, path[None], loss[None], gradients[None])
        name, settled_at = str(names[0]), int(settled[0]) if settled[0] >= 0 else None
    says: dict[str, Callable[[], Message]] = {
        CONVERGED: lambda: _converged_sentence(best, settled_at or 0, loss),
        RUNNING: lambda: _running_sentence(best, loss),
        OSCILLATING: lambda: _oscillating_sentence(best, loss),
        DIVERGED: lambda: _diverged_sentence(optimizer, best, rate, loss, escaped),
        PLATEAU: lambda: _plateau_sentence(loss, gradients),
        NO_MINIMUM: lambda: _no_minimum_sentence(problem, best, loss),
    }
    with np.errstate(over="ignore"):
        return Outcome(name, says[name]()), settled_at


def _step_count(count: int) -> Message:
    return message("1 step") if count == 1 else message("{n} steps", n=count)


def _loss_summary(best: Certificate, loss: Array) -> Message:
    if best.loss is None:
        return message("loss {loss}", loss=format_number(loss[-1]))
    said = {"loss": format_number(loss[-1]), "best": format_number(best.loss)}
    if best.lowest:
        return message("loss {loss}, best possible {best}", **said)
    return message("loss {loss}, lowest known {best}", **said)


def _converged_sentence(best: Certificate, settled_at: int, loss: Array) -> Message:
    said = {"steps": _step_count(settled_at), "loss": format_number(loss[-1])}
    if best.loss is None:
        return message("Converged in {steps}: loss {loss}.", **said)
    above, enough = (
        float(loss[-1]) - best.loss,
        max(1e-3 * (float(loss[0]) - best.loss), LOSS_TOLERANCE * abs(best.loss)),
    )
    if above > enough:
        return message(
            "Converged in {steps}: loss {loss}, a minimum but not the lowest, which is {best}. "
            "Start elsewhere to find it."
            if best.lowest
            else "Converged in {steps}: loss {loss}, a minimum but not the lowest: another is {best}. "
            "Start elsewhere to find it.",
            **said,
            best=format_number(best.loss),
        )
    if not best.lowest and above < -enough:
        return message("Converged in {steps}: loss {loss}, a minimum.", **said)
    if not best.lowest:
        return message("Converged in {steps}: loss {loss}, the lowest minimum that is known.", **said)
    if above > 0.0:
        return message(
            "Converged in {steps}: loss {loss}, {above} above the optimum.",
            **said,
            above=format_number(above, 1),
        )
    return message("Converged in {steps}: loss {loss}, the optimum.", **said)


def _diverged_sentence(
    optimizer: Optimizer, best: Certificate, rate: float, loss: Array, escaped: bool
) -> Message:
    known = (
        best.critical_rate if best.scope != SCOPE_START else None
    )  # which says nothing of where the run went
    if optimizer.is_gradient_descent and known and rate > known:
        said = {"times": format_number(rate / known), "limit": format_number(known)}
        return message(
            "Diverging: the rate is {times} times the largest that is surely stable, {limit}. Lower it below that."
            if best.scope == "bound"
            else "Diverging: the rate is {times} times the largest stable one, {limit}. Lower it below that.",
            **said,
        )
    steps = _step_count(len(loss) - 1)
    if escaped and best.exists is False and loss[-1] < loss[0]:
        return message(
            "Diverging: no minimum exists, and after {steps} the loss fell out of the finite numbers.",
            steps=steps,
        )
    if escaped:
        return message(
            "Diverging: after {steps} the loss left the finite numbers. Lower the rate.", steps=steps
        )
    return message(
        "Diverging: after {steps} the loss reached {loss} and is rising. Lower the rate.",
        steps=steps,
        loss=format_number(loss[-1]),
    )


def _no_minimum_sentence(problem: Problem, best: Certificate, loss: Array) -> Message:
    said = {"loss": format_number(loss[-1]), "steps": _step_count(len(loss) - 1)}
    if best.loss:
        return message(
            "No minimum exists: the loss falls towards {least} for ever as the parameters grow. "
            "It is {loss} after {steps}.",
            **said,
            least=format_number(best.loss),
        )
    if not isinstance(problem, DataProblem) or (best.loss is None and problem.loss.error_power == 1):
        return message(
            "No minimum exists: the loss falls for ever as the parameters grow. It is {loss} after {steps}.",
            **said,
        )
    if best.loss is None:
        return message(
            "No minimum exists: the classes can be told apart in part, so the loss falls for ever as some "
            "parameters grow. It is {loss} after {steps}.",
            **said,
        )
    return message(
        "No minimum exists: the classes can be told apart, so the loss falls for ever as the parameters grow. "
        "It is {loss} after {steps}.",
        **said,
    )


def _oscillating_sentence(best: Certificate, loss: Array) -> Message:
    return message(
        "Jumping to and fro around {here}. A smaller rate makes the jumps smaller.",
        here=_loss_summary(best, loss),
    )


def _plateau_sentence(loss: Array, gradients: Array) -> Message:
    return message(
        "On a plateau: loss {loss}, slope only {slope}, and no minimum here. "
        "Start elsewhere, or choose a loss with a slope.",
        loss=format_number(loss[-1]),
        slope=format_number(float(np.linalg.norm(gradients[-1])), 2),
    )


def _running_sentence(best: Certificate, loss: Array) -> Message:
    return message(
        "Not there after {steps}: {here}. Give it more steps or a larger rate.",
        steps=_step_count(len(loss) - 1),
        here=_loss_summary(best, loss),
    )
