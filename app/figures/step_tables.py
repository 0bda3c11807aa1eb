"""What stands in words and numbers instead of a picture: the step filled in, and what is known."""

import math
import re
from typing import Any

import numpy as np

import losses
from losses.core.messages import FormattedNumber, format_number, joined, message, with_subscripts
from losses.optimizer.rule_line import OLD, THETA, RuleLine

from .trajectory import MAX_PARAMETERS, shown_parameters

PLACEHOLDER = re.compile(r"\{(\w+)\}")
COLOR_ROLES = {"g": "slope", "step": "step", THETA: "step"}
"""The class that colors a number like its arrow; arrays of a memory have the class of their ``role``."""

SUPERSCRIPTS = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
RELATIVE_ROUNDING = 1e-12
"""What is this small beside the largest coordinate of an optimum is rounding."""

TextPiece = dict[str, str]


def step_table(run: losses.Descent, replay: losses.Replay, k: int) -> list[dict[str, Any]]:
    """The step from k to k + 1, a block for each parameter: its name and the rule's lines as pieces of text."""
    if k >= len(replay.rates):
        return []
    rule = losses.OPTIMIZERS[run.optimizer]
    roles = COLOR_ROLES | {array.name: array.role for array in rule.memory}
    printed = {array.name: array.printed for array in rule.memory}
    return [
        {
            "name": name,
            "lines": [
                _fill_line(line, rule_values(run, replay, k, i), printed | {THETA: name}, roles)
                for line in rule.lines
            ],
        }
        for i in shown_parameters(run)
        for name in [with_subscripts(run.problem.parameters[i])]
    ]


def rule_values(run: losses.Descent, replay: losses.Replay, k: int, i: int) -> dict[str, float]:
    """Every number that a rule's line may name, of parameter ``i`` in the step from ``k`` to ``k + 1``."""
    rule = losses.OPTIMIZERS[run.optimizer]
    slope, step = replay.pull[k], run.theta[k + 1] - run.theta[k]
    steep = float(np.linalg.norm(slope))
    remembered = {
        array.name + suffix: float(replay.memory[at, place, i])
        for place, array in enumerate(rule.memory)
        for suffix, at in ((OLD, k), ("", k + 1))
    }
    numbers = {
        **run.settings,
        **remembered,
        THETA + OLD: float(run.theta[k, i]),
        THETA: float(run.theta[k + 1, i]),
        "g": float(slope[i]),
        "rate": float(replay.rates[k]),
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


def _fill_line(
    rule_line: RuleLine, numbers: dict[str, float], printed: dict[str, str], roles: dict[str, str]
) -> list[TextPiece]:
    """A line as pieces of text, each with the role that colors it; negative factors stand in brackets.

    It begins with what it is about: an array of the memory or the parameter, as ``printed``.
    """
    about, line = rule_line.target, rule_line.template
    pieces: list[TextPiece] = [
        {"text": printed.get(about, about), "role": roles.get(about, "")},
        {"text": ": "},
    ]
    at = 0
    for place in PLACEHOLDER.finditer(line):
        name, before = place[1], line[at : place.start()]
        text = format_number(numbers[name])
        if before.endswith("^"):
            before, text = before[:-1], FormattedNumber(text.translate(SUPERSCRIPTS))
        bracket = numbers[name] < 0 and (
            before.endswith(("× ", "+ ", "− ")) or line[place.end() :][:1] == "²"
        )
        pieces += [
            {"text": before},
            {"text": FormattedNumber(f"({text})") if bracket else text, "role": roles.get(name, "")},
        ]
        at = place.end()
    return [piece for piece in (*pieces, {"text": line[at:]}) if piece["text"]]


def certificate_table(
    problem: losses.Problem, run: losses.Descent, certificate: losses.Certificate, k: int
) -> list[tuple[str, str]]:
    """The certificate beside the step: the optimum and how far it is, the slope, curvature and rates."""
    scope = {
        "exact": message("for this bowl"),
        "bound": message("a bound that holds everywhere"),
        "local": message("local, at the optimum"),
        "start": message("local, at the usual start"),
    }
    rows: list[tuple[str, float | None]] = [
        (_loss_label(certificate), certificate.loss),
        (message("Above it by"), None if certificate.loss is None else float(run.loss[k]) - certificate.loss),
        (message("Slope underfoot"), math.hypot(*run.gradient[k])),
        (message("Largest curvature L"), certificate.lipschitz),
        (message("Smallest curvature μ"), certificate.strong_convexity),
        (message("Condition κ = L/μ"), certificate.condition),
        (message("Best rate"), certificate.best_rate),
        (message("Largest stable rate 2/L"), certificate.critical_rate),
    ]
    said = [(name, message("not known") if value is None else format_number(value)) for name, value in rows]
    return [
        *_optimum_rows(problem, run, certificate, k),
        *said,
        (message("These are"), scope.get(certificate.scope, message("not known here"))),
    ]


def _loss_label(certificate: losses.Certificate) -> str:
    if certificate.exists is False:
        return message("Falls towards")
    return (
        message("Lowest loss")
        if certificate.lowest or certificate.loss is None
        else message("Lowest loss found")
    )


def _optimum_rows(
    problem: losses.Problem, run: losses.Descent, certificate: losses.Certificate, k: int
) -> list[tuple[str, str]]:
    if certificate.exists is False:
        return [(message("Optimum"), message("there is none: the loss falls for ever"))]
    if certificate.optimum is None:
        there = message("there is one; where is not known") if certificate.exists else message("not known")
        return [(message("Optimum"), there)]
    names = zip(problem.parameters[:MAX_PARAMETERS], certificate.optimum, strict=False)
    least = RELATIVE_ROUNDING * float(np.abs(certificate.optimum).max())
    place = [
        joined(" = ", (with_subscripts(name), format_number(float(value) if abs(value) > least else 0.0)))
        for name, value in names
    ]
    rest = ["…"] if problem.dim > MAX_PARAMETERS else []
    away = float(np.linalg.norm(run.theta[k] - certificate.optimum))
    what = message("Optimum") if certificate.lowest else message("Best minimum found")
    return [(what, joined(", ", [*place, *rest])), (message("Distance to it"), format_number(away))]
