"""Outcomes: how a run ended, by stated rules, each with a sentence and its remedy."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from losses.certificate.certificate import START, Certificate
from losses.certificate.certify import certify
from losses.core.arrays import Array
from losses.core.messages import Said, num, say
from losses.descent.convergence import (
    CONVERGED,
    DIVERGED,
    NO_MINIMUM,
    OSCILLATING,
    PLATEAU,
    RUNNING,
    TOLERANCE,
    verdicts,
)
from losses.optimizer.base import Optimizer
from losses.problem.problem import DataProblem, Problem


@dataclass(frozen=True)
class Outcome:
    """One of ``OUTCOMES`` and the sentence that says it with its numbers."""

    name: str
    sentence: str


def judge(
    problem: Problem,
    rule: Optimizer,
    rate: float,
    path: Array,
    loss: Array,
    slopes: Array,
    escaped: bool,
) -> tuple[Outcome, int | None]:
    """The outcome of a run and the first step from which it is converged, if it is."""
    if not np.isfinite(loss[0]):
        return Outcome(DIVERGED, say("The loss at the start is beyond numbers. Start elsewhere.")), None
    best = certify(problem)
    name, settled_at = DIVERGED, None
    if not escaped:
        names, settled = verdicts(problem, best, path[None], loss[None], slopes[None])
        name, settled_at = str(names[0]), int(settled[0]) if settled[0] >= 0 else None
    says: dict[str, Callable[[], Said]] = {
        CONVERGED: lambda: _say_converged(best, settled_at or 0, loss),
        RUNNING: lambda: _say_running(best, loss),
        OSCILLATING: lambda: _say_oscillating(best, loss),
        DIVERGED: lambda: _say_diverged(rule, best, rate, loss, escaped),
        PLATEAU: lambda: _say_plateau(loss, slopes),
        NO_MINIMUM: lambda: _say_no_minimum(problem, best, loss),
    }
    with np.errstate(over="ignore"):
        return Outcome(name, says[name]()), settled_at


def _steps(count: int) -> Said:
    return say("1 step") if count == 1 else say("{n} steps", n=count)


def _stands_at(best: Certificate, loss: Array) -> Said:
    if best.loss is None:
        return say("loss {loss}", loss=num(loss[-1]))
    said = {"loss": num(loss[-1]), "best": num(best.loss)}
    if best.lowest:
        return say("loss {loss}, best possible {best}", **said)
    return say("loss {loss}, lowest known {best}", **said)


def _say_converged(best: Certificate, settled_at: int, loss: Array) -> Said:
    said = {"steps": _steps(settled_at), "loss": num(loss[-1])}
    if best.loss is None:
        return say("Converged in {steps}: loss {loss}.", **said)
    above, enough = (
        float(loss[-1]) - best.loss,
        max(1e-3 * (float(loss[0]) - best.loss), TOLERANCE * abs(best.loss)),
    )
    if above > enough:
        return say(
            "Converged in {steps}: loss {loss}, a minimum but not the lowest, which is {best}. "
            "Start elsewhere to find it."
            if best.lowest
            else "Converged in {steps}: loss {loss}, a minimum but not the lowest: another is {best}. "
            "Start elsewhere to find it.",
            **said,
            best=num(best.loss),
        )
    if not best.lowest and above < -enough:
        return say("Converged in {steps}: loss {loss}, a minimum.", **said)
    if not best.lowest:
        return say("Converged in {steps}: loss {loss}, the lowest minimum that is known.", **said)
    if above > 0.0:
        return say(
            "Converged in {steps}: loss {loss}, {above} above the optimum.", **said, above=num(above, 1)
        )
    return say("Converged in {steps}: loss {loss}, the optimum.", **said)


def _say_diverged(rule: Optimizer, best: Certificate, rate: float, loss: Array, escaped: bool) -> Said:
    known = best.critical_rate if best.scope != START else None  # which says nothing of where the run went
    if rule.is_gradient_descent and known and rate > known:
        said = {"times": num(rate / known), "limit": num(known)}
        return say(
            "Diverging: the rate is {times} times the largest that is surely stable, {limit}. Lower it below that."
            if best.scope == "bound"
            else "Diverging: the rate is {times} times the largest stable one, {limit}. Lower it below that.",
            **said,
        )
    steps = _steps(len(loss) - 1)
    if escaped and best.exists is False and loss[-1] < loss[0]:
        return say(
            "Diverging: no minimum exists, and after {steps} the loss fell out of the finite numbers.",
            steps=steps,
        )
    if escaped:
        return say("Diverging: after {steps} the loss left the finite numbers. Lower the rate.", steps=steps)
    return say(
        "Diverging: after {steps} the loss reached {loss} and is rising. Lower the rate.",
        steps=steps,
        loss=num(loss[-1]),
    )


def _say_no_minimum(problem: Problem, best: Certificate, loss: Array) -> Said:
    said = {"loss": num(loss[-1]), "steps": _steps(len(loss) - 1)}
    if best.loss:
        return say(
            "No minimum exists: the loss falls towards {least} for ever as the parameters grow. "
            "It is {loss} after {steps}.",
            **said,
            least=num(best.loss),
        )
    if not isinstance(problem, DataProblem) or (best.loss is None and problem.loss.error_power == 1):
        return say(
            "No minimum exists: the loss falls for ever as the parameters grow. It is {loss} after {steps}.",
            **said,
        )
    if best.loss is None:
        return say(
            "No minimum exists: the classes can be told apart in part, so the loss falls for ever as some "
            "parameters grow. It is {loss} after {steps}.",
            **said,
        )
    return say(
        "No minimum exists: the classes can be told apart, so the loss falls for ever as the parameters grow. "
        "It is {loss} after {steps}.",
        **said,
    )


def _say_oscillating(best: Certificate, loss: Array) -> Said:
    return say(
        "Jumping to and fro around {here}. A smaller rate makes the jumps smaller.",
        here=_stands_at(best, loss),
    )


def _say_plateau(loss: Array, slopes: Array) -> Said:
    return say(
        "On a plateau: loss {loss}, slope only {slope}, and no minimum here. "
        "Start elsewhere, or choose a loss with a slope.",
        loss=num(loss[-1]),
        slope=num(float(np.linalg.norm(slopes[-1])), 2),
    )


def _say_running(best: Certificate, loss: Array) -> Said:
    return say(
        "Not there after {steps}: {here}. Give it more steps or a larger rate.",
        steps=_steps(len(loss) - 1),
        here=_stands_at(best, loss),
    )
