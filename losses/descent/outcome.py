"""Outcomes: how a run ended, each with a sentence that gives its numbers and a remedy."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from losses.certificate.certificate import SCOPE_START, Certificate
from losses.core.arrays import Array
from losses.core.messages import Message, format_number, message
from losses.core.ternary import NO, YES
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
    """The name of an outcome, one of ``OUTCOMES``, and a sentence for the page."""

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
    """Return the outcome of a run and the first step from which it is converged, or None.

    ``path`` and ``gradients`` are ``(k + 1, d)``, ``loss`` is ``(k + 1,)``;
    ``escaped`` says whether a further iterate or loss was not finite.
    """
    if not np.isfinite(loss[0]):
        return Outcome(DIVERGED, message("The loss at the start is beyond numbers. Start elsewhere.")), None
    certificate = convergence_facts(problem).certificate
    name, settled_at = DIVERGED, None
    if not escaped:
        names, settled = classify_runs(problem, certificate, path[None], loss[None], gradients[None])
        name, settled_at = str(names[0]), int(settled[0]) if settled[0] >= 0 else None
    sentences: dict[str, Callable[[], Message]] = {
        CONVERGED: lambda: _converged_sentence(certificate, settled_at or 0, loss),
        RUNNING: lambda: _running_sentence(certificate, loss),
        OSCILLATING: lambda: _oscillating_sentence(certificate, loss),
        DIVERGED: lambda: _diverged_sentence(optimizer, certificate, rate, loss, escaped),
        PLATEAU: lambda: _plateau_sentence(loss, gradients),
        NO_MINIMUM: lambda: _no_minimum_sentence(problem, certificate, loss),
    }
    with np.errstate(over="ignore"):
        return Outcome(name, sentences[name]()), settled_at


def _step_count(count: int) -> Message:
    return message("1 step") if count == 1 else message("{n} steps", n=count)


def _loss_summary(certificate: Certificate, loss: Array) -> Message:
    if certificate.loss is None:
        return message("loss {loss}", loss=format_number(loss[-1]))
    values = {"loss": format_number(loss[-1]), "best": format_number(certificate.loss)}
    if certificate.lowest is YES:
        return message("loss {loss}, best possible {best}", **values)
    return message("loss {loss}, lowest known {best}", **values)


def _converged_sentence(certificate: Certificate, settled_at: int, loss: Array) -> Message:
    values = {"steps": _step_count(settled_at), "loss": format_number(loss[-1])}
    if certificate.loss is None:
        return message("Converged in {steps}: loss {loss}.", **values)
    above = float(loss[-1]) - certificate.loss
    tolerance = max(1e-3 * (float(loss[0]) - certificate.loss), LOSS_TOLERANCE * abs(certificate.loss))
    if above > tolerance:
        return message(
            "Converged in {steps}: loss {loss}, a minimum but not the lowest, which is {best}. "
            "Start elsewhere to find it."
            if certificate.lowest is YES
            else "Converged in {steps}: loss {loss}, a minimum but not the lowest: another is {best}. "
            "Start elsewhere to find it.",
            **values,
            best=format_number(certificate.loss),
        )
    if certificate.lowest is not YES and above < -tolerance:
        return message("Converged in {steps}: loss {loss}, a minimum.", **values)
    if certificate.lowest is not YES:
        return message("Converged in {steps}: loss {loss}, the lowest minimum that is known.", **values)
    if above > 0.0:
        return message(
            "Converged in {steps}: loss {loss}, {above} above the optimum.",
            **values,
            above=format_number(above, 1),
        )
    return message("Converged in {steps}: loss {loss}, the optimum.", **values)


def _diverged_sentence(
    optimizer: Optimizer, certificate: Certificate, rate: float, loss: Array, escaped: bool
) -> Message:
    # a limit that was computed at the start need not hold where the run went
    limit = certificate.critical_rate if certificate.scope != SCOPE_START else None
    if optimizer.is_gradient_descent and limit and rate > limit:
        values = {"times": format_number(rate / limit), "limit": format_number(limit)}
        return message(
            "Diverging: the rate is {times} times the largest that is surely stable, {limit}. "
            "Lower it below that."
            if certificate.scope == "bound"
            else "Diverging: the rate is {times} times the largest stable one, {limit}. Lower it below that.",
            **values,
        )
    steps = _step_count(len(loss) - 1)
    if escaped and certificate.exists is NO and loss[-1] < loss[0]:
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


def _no_minimum_sentence(problem: Problem, certificate: Certificate, loss: Array) -> Message:
    values = {"loss": format_number(loss[-1]), "steps": _step_count(len(loss) - 1)}
    if certificate.loss:
        return message(
            "No minimum exists: the loss falls towards {least} for ever as the parameters grow. "
            "It is {loss} after {steps}.",
            **values,
            least=format_number(certificate.loss),
        )
    if not isinstance(problem, DataProblem) or (certificate.loss is None and problem.loss.error_power == 1):
        return message(
            "No minimum exists: the loss falls for ever as the parameters grow. It is {loss} after {steps}.",
            **values,
        )
    if certificate.loss is None:
        return message(
            "No minimum exists: the classes can be told apart in part, so the loss falls for ever as some "
            "parameters grow. It is {loss} after {steps}.",
            **values,
        )
    return message(
        "No minimum exists: the classes can be told apart, so the loss falls for ever as the parameters "
        "grow. It is {loss} after {steps}.",
        **values,
    )


def _oscillating_sentence(certificate: Certificate, loss: Array) -> Message:
    return message(
        "Jumping to and fro around {here}. A smaller rate makes the jumps smaller.",
        here=_loss_summary(certificate, loss),
    )


def _plateau_sentence(loss: Array, gradients: Array) -> Message:
    return message(
        "On a plateau: loss {loss}, slope only {slope}, and no minimum here. "
        "Start elsewhere, or choose a loss with a slope.",
        loss=format_number(loss[-1]),
        slope=format_number(float(np.linalg.norm(gradients[-1])), 2),
    )


def _running_sentence(certificate: Certificate, loss: Array) -> Message:
    return message(
        "Not there after {steps}: {here}. Give it more steps or a larger rate.",
        steps=_step_count(len(loss) - 1),
        here=_loss_summary(certificate, loss),
    )
