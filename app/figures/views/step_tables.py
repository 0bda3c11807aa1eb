"""Tables for views without a figure: the update rule with the numbers of a step, and the certificate."""

import re
from collections.abc import Callable, Sequence

import numpy as np

import losses
from losses.core.arrays import Array
from losses.core.messages import (
    FormattedNumber,
    format_number,
    format_number_down,
    joined,
    message,
    with_subscripts,
)
from losses.descent.arrival import readable_best, readable_heights, readable_points, readable_slopes
from losses.optimizer.rule_line import OLD_SUFFIX, THETA, RuleLine

from ...protocol.narration import FactsTable, TextPiece, UpdateBlock, UpdateTable
from ..trajectory import MAX_PARAMETERS, shown_parameters

PLACEHOLDER = re.compile(r"\{(\w+)\}")
COLOR_ROLES = {"g": "slope", "step": "step", THETA: "step"}
"""The CSS class of a number by its name in the rule: it is colored like the arrow in the figures.

Arrays of an optimizer's memory have their ``role`` as class.
"""

MAX_LINES = 7_000
"""Lines of the tables of all steps together; beyond it they show fewer parameters."""
SUPERSCRIPTS = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")


def step_table(run: losses.Descent, replay: losses.Replay, k: int) -> UpdateTable:
    """Return the step from ``k`` to ``k + 1``, a block for each shown parameter.

    A line is one line of the update rule with its numbers, as a list of pieces of text. The table is empty
    at the end of the run.
    """
    if k >= len(replay.rates):
        return UpdateTable(blocks=[])
    rule = losses.OPTIMIZERS[run.optimizer]
    roles = COLOR_ROLES | {array.name: array.role for array in rule.memory}
    printed = {array.name: array.printed for array in rule.memory}
    most = max(1, MAX_LINES // ((run.steps + 1) * len(rule.lines)))
    blocks = [
        UpdateBlock(
            name=name,
            lines=[_fill_line(line, values, printed | {THETA: name}, roles) for line in rule.lines],
        )
        for i in shown_parameters(run, most)
        for name, values in [
            (with_subscripts(run.problem.parameters[i]), rule_values(run, replay, k, i)),
        ]
    ]
    return UpdateTable(blocks=blocks)


def rule_values(run: losses.Descent, replay: losses.Replay, k: int, i: int) -> dict[str, float]:
    """Return the numbers that the rule may name, for parameter ``i`` in the step from ``k`` to ``k + 1``.

    These are the optimizer's settings, its memory, the parameter, gradient, rate and step, and every value
    that a line of the rule defines. ``length`` is the length of the step divided by that of the gradient.
    """
    rule = losses.OPTIMIZERS[run.optimizer]
    gradient, step = replay.pull[k], run.theta[k + 1] - run.theta[k]
    gradient_norm = float(np.linalg.norm(gradient))
    memory = {
        array.name + suffix: float(replay.memory[row, position, i])
        for position, array in enumerate(rule.memory)
        for suffix, row in ((OLD_SUFFIX, k), ("", k + 1))
    }
    numbers = {
        **run.settings,
        **memory,
        THETA + OLD_SUFFIX: float(run.theta[k, i]),
        THETA: float(run.theta[k + 1, i]),
        "g": float(gradient[i]),
        "rate": float(replay.rates[k]),
        "step": float(step[i]),
        "length": float(np.linalg.norm(step)) / gradient_norm if gradient_norm else 0.0,
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
    """Return a line of the rule with its numbers as pieces of text.

    It begins with the name of its target, an array of the memory or the parameter, as in ``printed``.
    Exponents become superscripts. A negative number in a sum, product or square is put in parentheses.
    """
    target, template = rule_line.target, rule_line.template
    pieces: list[TextPiece] = [
        TextPiece(text=printed.get(target, target), role=roles.get(target, "")),
        TextPiece(text=": "),
    ]
    end = 0
    for match in PLACEHOLDER.finditer(template):
        name, before = match[1], template[end : match.start()]
        end = match.end()
        text = format_number(numbers[name])
        if before.endswith("^"):
            before, text = before[:-1], FormattedNumber(text.translate(SUPERSCRIPTS))
        needs_parentheses = numbers[name] < 0 and (
            before.endswith(("× ", "+ ", "− ")) or template[end:][:1] == "²"
        )
        pieces += [
            TextPiece(text=before),
            TextPiece(
                text=FormattedNumber(f"({text})") if needs_parentheses else text, role=roles.get(name, "")
            ),
        ]
    return [piece for piece in (*pieces, TextPiece(text=template[end:])) if piece.text]


def certificate_tables(
    problem: losses.Problem,
    run: losses.Descent,
    certificate: losses.Certificate,
    convexity: losses.Convexity | None,
    steps: Sequence[int],
) -> list[FactsTable]:
    """Return for each step rows of name and value: optimum and distance, loss, slope, curvature and rates.

    ``convexity`` is None where it may not be shown.
    """
    best = readable_best(problem, float(run.loss[0]), certificate)
    heights = None if best is None else readable_heights(run.problem, run.loss, certificate)
    slopes = readable_slopes(run.problem, run.gradient)
    curvature_rows = _curvature_rows(certificate)
    is_convex = message("Is it convex?"), describe_convexity(problem, convexity)

    def table(k: int) -> FactsTable:
        rows = [
            (_loss_label(certificate), best),
            (message("Above it by"), None if heights is None else float(heights[k])),
            (message("Slope here"), float(slopes[k])),
        ]
        texts = [(name, _known_number(value)) for name, value in rows]
        return FactsTable(
            rows=[*_optimum_rows(problem, run, certificate, k), *texts, *curvature_rows, is_convex]
        )

    return [table(k) for k in steps]


def _known_number(value: float | None, written: Callable[[float], str] = format_number) -> str:
    return message("not known") if value is None else written(value)


def _curvature_rows(certificate: losses.Certificate) -> list[tuple[str, str]]:
    scope_names = {
        "exact": message("for this bowl"),
        "bound": message("a bound that holds everywhere"),
        "local": message("valid near the optimum"),
        "start": message("estimated at the usual start"),
    }
    rows = [
        (message("Largest curvature L"), certificate.lipschitz),
        (message("Smallest curvature μ"), certificate.strong_convexity),
        (message("Condition κ = L/μ"), certificate.condition),
    ]
    rates = [
        (message("Best rate"), certificate.best_rate),
        (message("Largest stable rate 2/L"), certificate.critical_rate),
    ]
    scope = scope_names.get(certificate.scope, message("not known here"))
    return [
        *((name, _known_number(value)) for name, value in rows),
        *((name, _known_number(rate, format_number_down)) for name, rate in rates),
        (message("These are"), scope),
    ]


def describe_convexity(problem: losses.Problem, convexity: losses.Convexity | None) -> str:
    """Return whether a problem is convex, in words, with two points that show it if it is not."""
    if convexity is None:
        return message("not known")
    if convexity.everywhere is losses.YES:
        return message("yes, everywhere")
    if convexity.witness is None:
        if convexity.in_window is losses.YES:
            return message("yes, in this window")
        return message("not known")
    if problem.dim > 2:
        return message("no: halfway between two points of this window the loss is above their mean")
    a, b = (_coordinates(point) for point in convexity.witness)
    return message("no: halfway between {a} and {b} the loss is above their mean", a=a, b=b)


def _coordinates(point: Array) -> str:
    return f"({', '.join(format_number(float(value), 3) for value in point)})"


def _loss_label(certificate: losses.Certificate) -> str:
    if certificate.exists is losses.NO:
        return message("Falls towards")
    return (
        message("Lowest loss")
        if certificate.lowest is losses.YES or certificate.loss is None
        else message("Lowest loss found")
    )


def _optimum_rows(
    problem: losses.Problem, run: losses.Descent, certificate: losses.Certificate, k: int
) -> list[tuple[str, str]]:
    if certificate.exists is losses.NO:
        return [(message("Optimum"), message("there is none: the loss can always fall further"))]
    if certificate.optimum is None:
        exists = certificate.exists is losses.YES
        text = message("there is one; where is not known") if exists else message("not known")
        return [(message("Optimum"), text)]
    optimum = readable_points(problem, certificate.optimum).tolist()
    coordinates = [
        joined(" = ", (with_subscripts(name), format_number(value)))
        for name, value in zip(problem.parameters[:MAX_PARAMETERS], optimum, strict=False)
    ]
    ellipsis = ["…"] if problem.dim > MAX_PARAMETERS else []
    distance = float(np.linalg.norm(readable_points(problem, run.theta[k] - certificate.optimum)))
    label = message("Optimum") if certificate.lowest is losses.YES else message("Best minimum found")
    return [
        (label, joined(", ", [*coordinates, *ellipsis])),
        (message("Distance to it"), format_number(distance)),
    ]
