"""Outcomes: how a run ended, by stated rules, each with a sentence and its remedy."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from losses.arrays import Array
from losses.certificate import Certificate, certify
from losses.optimizer import Optimizer
from losses.problem import DataProblem, Problem
from losses.rules import CONVERGED, DIVERGED, NO_MINIMUM, OSCILLATING, PLATEAU, RUNNING, verdicts
from losses.words import num


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
        return Outcome(DIVERGED, "The loss at the start is beyond numbers. Start elsewhere."), None
    best = certify(problem)
    name, settled_at = DIVERGED, None
    if not escaped:
        names, settled = verdicts(problem, best, path[None], loss[None], slopes[None])
        name, settled_at = str(names[0]), int(settled[0]) if settled[0] >= 0 else None
    says: dict[str, Callable[[], str]] = {
        CONVERGED: lambda: _say_converged(best, settled_at or 0, loss),
        RUNNING: lambda: _say_running(best, loss),
        OSCILLATING: lambda: _say_oscillating(best, loss),
        DIVERGED: lambda: _say_diverged(rule, best, rate, loss, escaped),
        PLATEAU: lambda: _say_plateau(loss, slopes),
        NO_MINIMUM: lambda: _say_no_minimum(problem, loss),
    }
    with np.errstate(over="ignore"):
        return Outcome(name, says[name]()), settled_at


def _steps(count: int) -> str:
    return "1 step" if count == 1 else f"{count} steps"


def _against_best(best: Certificate) -> str:
    return "" if best.loss is None else f", best possible {num(best.loss)}"


def _say_converged(best: Certificate, settled_at: int, loss: Array) -> str:
    reached = f"Converged in {_steps(settled_at)}: loss {num(loss[-1])}"
    if best.loss is None:
        return f"{reached}."
    above = max(float(loss[-1]) - best.loss, 0.0)
    if above > 1e-3 * max(float(loss[0]) - best.loss, 0.0):
        return (
            f"{reached}, a minimum but not the lowest, which is {num(best.loss)}. Start elsewhere to find it."
        )
    return f"{reached}, {num(above, 1)} above the optimum." if above else f"{reached}, the optimum."


def _say_diverged(rule: Optimizer, best: Certificate, rate: float, loss: Array, escaped: bool) -> str:
    end = "left the finite numbers" if escaped else f"reached {num(loss[-1])} and is rising"
    if rule.key == "gd" and best.critical_rate and rate > best.critical_rate:
        times = num(rate / best.critical_rate)
        sure = "the largest stable one" if best.scope != "bound" else "the largest that is surely stable"
        return f"Diverging: the rate is {times} times {sure}, {num(best.critical_rate)}. Lower it below that."
    return f"Diverging: after {_steps(len(loss) - 1)} the loss {end}. Lower the rate."


def _say_no_minimum(problem: Problem, loss: Array) -> str:
    why = "the classes can be told apart, so " if isinstance(problem, DataProblem) else ""
    return f"No minimum exists: {why}the loss falls for ever as the parameters grow. It is {num(loss[-1])} after {_steps(len(loss) - 1)}."


def _say_oscillating(best: Certificate, loss: Array) -> str:
    return (
        f"Jumping to and fro around loss {num(loss[-1])}{_against_best(best)}. "
        f"A smaller rate makes the jumps smaller."
    )


def _say_plateau(loss: Array, slopes: Array) -> str:
    slope = num(float(np.linalg.norm(slopes[-1])), 2)
    return (
        f"On a plateau: loss {num(loss[-1])}, slope only {slope}, and no minimum here. "
        f"Start elsewhere, or choose a loss with a slope."
    )


def _say_running(best: Certificate, loss: Array) -> str:
    return (
        f"Not there after {_steps(len(loss) - 1)}: loss {num(loss[-1])}{_against_best(best)}. "
        f"Give it more steps or a larger rate."
    )
