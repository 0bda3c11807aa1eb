"""What stands in words and numbers instead of a picture: the step filled in, and what is known."""

import math
import re
from typing import Any

import numpy as np

import losses
from losses.core.messages import Number, listed, num, say, subscripted
from losses.optimizer.rule_line import OLD, THETA, RuleLine

MOST_ROWS = 6
"""Of more parameters only the first few are written out."""
PLACE = re.compile(r"\{(\w+)\}")
ROLES = {"g": "slope", "step": "step", THETA: "step"}
"""The class that colors a number like its arrow; arrays of a memory have the class of their ``role``."""

RAISED = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
NOISE = 1e-12
"""What is this small beside the largest coordinate of an optimum is rounding."""

Piece = dict[str, str]


def step_table(run: losses.Descent, again: losses.Replay, k: int) -> list[dict[str, Any]]:
    """The step from k to k + 1, a block for each parameter: its name and the rule's lines as pieces of text."""
    if k >= len(again.rates):
        return []
    rule = losses.OPTIMIZERS[run.optimizer]
    roles = ROLES | {array.name: array.role for array in rule.memory}
    printed = {array.name: array.printed for array in rule.memory}
    return [
        {
            "name": name,
            "lines": [
                _filled(line, terms(run, again, k, i), printed | {THETA: name}, roles) for line in rule.lines
            ],
        }
        for i in told(run)
        for name in [subscripted(run.problem.parameters[i])]
    ]


def told(run: losses.Descent) -> list[int]:
    """The parameters that are written out: all, or of many those that moved farthest."""
    count = run.theta.shape[1]
    if count <= MOST_ROWS:
        return list(range(count))
    with np.errstate(over="ignore"):
        moved = np.abs(run.theta[-1] - run.theta[0])
    return [int(i) for i in np.argsort(-moved, kind="stable")[:MOST_ROWS]]


def terms(run: losses.Descent, again: losses.Replay, k: int, i: int) -> dict[str, float]:
    """Every number that a rule's line may name, of parameter ``i`` in the step from ``k`` to ``k + 1``."""
    rule = losses.OPTIMIZERS[run.optimizer]
    slope, step = again.pull[k], run.theta[k + 1] - run.theta[k]
    steep = float(np.linalg.norm(slope))
    remembered = {
        array.name + suffix: float(again.memory[at, place, i])
        for place, array in enumerate(rule.memory)
        for suffix, at in ((OLD, k), ("", k + 1))
    }
    numbers = {
        **run.settings,
        **remembered,
        THETA + OLD: float(run.theta[k, i]),
        THETA: float(run.theta[k + 1, i]),
        "g": float(slope[i]),
        "rate": float(again.rates[k]),
        "step": float(step[i]),
        "length": float(np.linalg.norm(step)) / steep if steep else 0.0,
        "k": float(k + 1),
    }
    with np.errstate(all="ignore"):
        for line in rule.lines:
            if line.target not in numbers:
                arrays = {name: np.float64(numbers[name]) for name in line.names}
                numbers[line.target] = float(line.evaluate(arrays))
    return numbers


def _filled(
    rule_line: RuleLine, numbers: dict[str, float], printed: dict[str, str], roles: dict[str, str]
) -> list[Piece]:
    """A line as pieces of text, each with the role that colors it; negative factors stand in brackets.

    It begins with what it is about: an array of the memory or the parameter, as ``printed``.
    """
    about, line = rule_line.target, rule_line.template
    pieces: list[Piece] = [
        {"text": printed.get(about, about), "role": roles.get(about, "")},
        {"text": ": "},
    ]
    at = 0
    for place in PLACE.finditer(line):
        name, before = place[1], line[at : place.start()]
        text = num(numbers[name])
        if before.endswith("^"):
            before, text = before[:-1], Number(text.translate(RAISED))
        bracket = numbers[name] < 0 and (
            before.endswith(("× ", "+ ", "− ")) or line[place.end() :][:1] == "²"
        )
        pieces += [
            {"text": before},
            {"text": Number(f"({text})") if bracket else text, "role": roles.get(name, "")},
        ]
        at = place.end()
    return [piece for piece in (*pieces, {"text": line[at:]}) if piece["text"]]


def known_table(
    problem: losses.Problem, run: losses.Descent, best: losses.Certificate, k: int
) -> list[tuple[str, str]]:
    """The certificate beside the step: the optimum and how far it is, the slope, curvature and rates."""
    scope = {
        "exact": say("for this bowl"),
        "bound": say("a bound that holds everywhere"),
        "local": say("local, at the optimum"),
        "start": say("local, at the usual start"),
    }
    rows: list[tuple[str, float | None]] = [
        (_name_of_loss(best), best.loss),
        (say("Above it by"), None if best.loss is None else float(run.loss[k]) - best.loss),
        (say("Slope underfoot"), math.hypot(*run.gradient[k])),
        (say("Largest curvature L"), best.lipschitz),
        (say("Smallest curvature μ"), best.strong_convexity),
        (say("Condition κ = L/μ"), best.condition),
        (say("Best rate"), best.best_rate),
        (say("Largest stable rate 2/L"), best.critical_rate),
    ]
    said = [(name, say("not known") if value is None else num(value)) for name, value in rows]
    return [
        *_place(problem, run, best, k),
        *said,
        (say("These are"), scope.get(best.scope, say("not known here"))),
    ]


def _name_of_loss(best: losses.Certificate) -> str:
    if best.exists is False:
        return say("Falls towards")
    return say("Lowest loss") if best.lowest or best.loss is None else say("Lowest loss found")


def _place(
    problem: losses.Problem, run: losses.Descent, best: losses.Certificate, k: int
) -> list[tuple[str, str]]:
    if best.exists is False:
        return [(say("Optimum"), say("there is none: the loss falls for ever"))]
    if best.optimum is None:
        there = say("there is one; where is not known") if best.exists else say("not known")
        return [(say("Optimum"), there)]
    names = zip(problem.parameters[:MOST_ROWS], best.optimum, strict=False)
    least = NOISE * float(np.abs(best.optimum).max())
    place = [
        listed(" = ", (subscripted(name), num(float(value) if abs(value) > least else 0.0)))
        for name, value in names
    ]
    rest = ["…"] if problem.dim > MOST_ROWS else []
    away = float(np.linalg.norm(run.theta[k] - best.optimum))
    what = say("Optimum") if best.lowest else say("Best minimum found")
    return [(what, listed(", ", [*place, *rest])), (say("Distance to it"), num(away))]
