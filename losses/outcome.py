"""Outcomes: how a run ended, by stated rules, each with a sentence and its remedy.

The rules are free of scale: multiplying the loss or the parameters by a
constant changes no outcome.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from losses.arrays import Array
from losses.certificate import MOST_PARAMETERS, Certificate, certify
from losses.optimizer import Optimizer
from losses.problem import DataProblem, Problem
from losses.words import num

CONVERGED: Final = "CONVERGED"
RUNNING: Final = "RUNNING"
OSCILLATING: Final = "OSCILLATING"
DIVERGED: Final = "DIVERGED"
PLATEAU: Final = "PLATEAU"
NO_MINIMUM: Final = "NO_MINIMUM"
OUTCOMES: Final = (CONVERGED, RUNNING, OSCILLATING, DIVERGED, PLATEAU, NO_MINIMUM)

TOLERANCE: Final = 1e-6
"""CONVERGED: what is left is at most this share of the loss itself ..."""
ROUNDING: Final = 1e-12
"""... or, where the best loss is nothing, this share of what the run has won."""
STRETCH: Final = 20
"""OSCILLATING and PLATEAU look at this many last steps, or half of a shorter run."""
GAIN: Final = 1e-3
"""OSCILLATING: the last stretch won at most this share of what the run has won."""
FLAT: Final = 0.1
"""PLATEAU: the slope across the whole window changes the loss by at most this share of it."""


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
    with np.errstate(over="ignore", invalid="ignore"):  # a run on its way out is still judged
        return _judge(problem, certify(problem), rule, rate, path, loss, slopes, escaped)


def _judge(
    problem: Problem,
    best: Certificate,
    rule: Optimizer,
    rate: float,
    path: Array,
    loss: Array,
    slopes: Array,
    escaped: bool,
) -> tuple[Outcome, int | None]:
    if not np.isfinite(loss[0]):
        return Outcome(DIVERGED, "The loss at the start is beyond numbers. Start elsewhere."), None
    if escaped or _diverged(loss):
        return Outcome(DIVERGED, _say_diverged(rule, best, rate, loss, escaped)), None
    if _plateau(problem, path, loss, slopes):
        return Outcome(PLATEAU, _say_plateau(loss, slopes)), None
    if best.exists is False:
        return Outcome(NO_MINIMUM, _say_no_minimum(problem, loss)), None
    settled_at = _settled_at(problem, path, loss, slopes)
    if settled_at is not None:
        return Outcome(CONVERGED, _say_converged(best, settled_at, loss)), settled_at
    if _oscillating(loss, path):
        return Outcome(OSCILLATING, _say_oscillating(best, loss)), None
    return Outcome(RUNNING, _say_running(best, loss)), None


def _diverged(loss: Array) -> bool:
    """The last loss is the highest of all, and still rising by more than rounding."""
    if len(loss) < 3:
        return False
    rises = np.diff(loss[-3:]) > 1e-12 * np.abs(loss[-2:])
    return bool(rises.all()) and bool(loss[-1] > loss[:-1].max())


def remainder(problem: Problem, path: Array, slopes: Array) -> Array:
    """Newton's estimate of the loss above the nearest minimum, inf where there is none near.

    Half the squared Newton decrement, ½ gᵀH⁻¹g (S. Boyd and L. Vandenberghe,
    Convex Optimization, 2004, 9.5), where the Hessian is positive definite.
    """
    hessian = problem.hessian(path)
    whole = np.asarray(np.isfinite(hessian).all(axis=(-2, -1)))
    hessian = np.where(whole[..., None, None], hessian, 0.0)
    values, vectors = np.linalg.eigh(hessian)
    along = np.einsum("...ji,...j->...i", vectors, slopes)
    strict = values[..., 0] > 1e-9 * values[..., -1]
    safe = np.where(strict[..., None], values, 1.0)
    return np.where(strict, 0.5 * (np.square(along) / safe).sum(axis=-1), np.inf)


def _settled_at(problem: Problem, path: Array, loss: Array, slopes: Array) -> int | None:
    """The first step from which the remainder is small to the end; None if it is not at the end."""
    if not problem.smooth or problem.dim > MOST_PARAMETERS:
        return None

    def small(steps: slice) -> NDArray[np.bool_]:
        won = np.maximum(loss[0] - loss[steps], 0.0)
        allowed = np.maximum(TOLERANCE * np.abs(loss[steps]), ROUNDING * won)
        return np.asarray(remainder(problem, path[steps], slopes[steps]) <= allowed)

    if not small(slice(-1, None))[0]:
        return None
    never = np.flatnonzero(~small(slice(None)))
    return int(never[-1]) + 1 if len(never) else 0


def _stretch(loss: Array) -> int:
    return min(STRETCH, (len(loss) - 1) // 2)


def _oscillating(loss: Array, path: Array) -> bool:
    """Still moving, often not falling, and the last stretch won next to nothing."""
    stretch = _stretch(loss)
    if stretch < 4:
        return False
    tail = loss[-stretch - 1 :]
    stays = np.diff(tail) >= -1e-12 * np.abs(tail[1:])
    moved = np.abs(np.diff(path[-stretch - 1 :], axis=0)).max()
    before, since = loss[:-stretch].min(), tail[1:].min()
    won = max(loss[0] - min(before, since), 0.0)
    return bool(
        stays.sum() >= stretch / 4 and before - since <= GAIN * won and moved > 1e-12 * np.abs(path[-1]).max()
    )


def _plateau(problem: Problem, path: Array, loss: Array, slopes: Array) -> bool:
    """No minimum, next to no slope and next to no progress: a saddle or a flat roof."""
    if problem.convex or problem.dim > MOST_PARAMETERS:
        return False
    stretch = max(1, _stretch(loss))
    scale = abs(float(loss[-1])) + float(np.ptp(loss))
    widths = np.array([high - low for low, high in problem.plane.box])
    across = np.abs(problem.plane.directions @ slopes[-1]) * widths
    won = float(loss[-min(stretch + 1, len(loss))] - loss[-1])
    hessian = problem.hessian(path[-1])
    if not np.isfinite(hessian).all():
        return False
    curvature = np.linalg.eigvalsh(hessian)
    flat = float(across.max()) <= FLAT * scale and won <= 0.01 * scale
    return flat and bool(curvature[0] <= 1e-9 * max(curvature[-1], 0.0))


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
