"""Cut formulas of one variable into pieces without cases, and prove shapes piece by piece.

Huber's loss as ``where(abs(r) < 1, r**2/2, abs(r) - 0.5)`` is convex since each of its three pieces is convex
where it applies, and value and slope do not fall where two of them meet (R. T. Rockafellar, Convex Analysis,
1970, section 24: a function is convex if its right derivative does not decrease).
"""

import math
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Final

import numpy as np

from losses.expression.autodiff import (
    bounds_within,
    derivative,
    evaluate,
    evaluate_in,
    is_smooth_within,
    may_jump,
)
from losses.expression.exact import exact_value
from losses.expression.intervals import Bounds
from losses.expression.node import (
    NAME,
    NUMBER,
    POWER,
    Node,
    apply_operation,
    equals_number,
    number_node,
    power_node,
    subexpressions,
    variables_of,
    with_parts,
)
from losses.expression.operations import OPERATIONS
from losses.expression.shape import MAX_BREAKS, linear_breaks, shape_of

ROUNDING: Final = 64 * float(np.finfo(np.longdouble).eps)
"""Values in extended precision that differ by less, relative to their size, may be equal."""
MAX_HIDDEN: Final = 1e-6
"""Rounding may be so large beside the differences of nearby values that a formula is still said to meet."""
SMALLEST: Final = float(np.finfo(np.float64).smallest_subnormal)
UNITS: Final = 4
"""Constants of a formula, and the points at which its pieces meet, may be off by so many roundings."""


@dataclass(frozen=True)
class Piece:
    """A formula without cases and the bounds of the variable between which it applies."""

    node: Node
    within: Bounds
    as_written: Node
    """The same formula before its numbers are combined: 10¹⁶ − 2 stays a difference."""

    def differentiated(self, variable: str) -> "Piece":
        """Return the derivative of the piece."""
        node, as_written = (derivative(n, frozenset((variable,))) for n in (self.node, self.as_written))
        return Piece(node, self.within, as_written)


@dataclass(frozen=True)
class PiecewiseShape:
    """What is proved of a continuous formula of one variable."""

    convex: bool
    smooth: bool
    lower_bound: float
    slope_bounds: Bounds
    curvature_bounds: Bounds
    """Bounds of the curvature of all pieces; they say nothing of kinks."""
    kinks: tuple[tuple[float, float], ...]
    """Where the slope rises, and by how much."""


@np.errstate(all="ignore")  # constants may be beyond float64
def piecewise_shape(node: Node, variable: str) -> PiecewiseShape | None:
    """Return what is proved of a formula of one variable; None if it has no pieces or may jump."""
    pieces = pieces_of(node, variable)
    if pieces is None or len(pieces) < 2:
        return None
    variables = frozenset((variable,))
    slopes = [piece.differentiated(variable) for piece in pieces]
    curvatures = [piece.differentiated(variable) for piece in slopes]
    if any(_jumps(pieces, variable)):
        return None
    jumps, breaks = _jumps(slopes, variable), tuple(piece.within[1] for piece in pieces[:-1])
    if not np.isfinite(jumps).all():
        return None
    of_curvature = [_bounds(piece, variable) for piece in curvatures]
    has_slope = [is_smooth_within(piece.node, {variable: piece.within}) for piece in pieces]
    is_convex = [
        (low >= 0.0 and is_smooth) or shape_of(piece.node, variables).convex
        for (low, _), is_smooth, piece in zip(of_curvature, has_slope, pieces, strict=True)
    ]
    is_smooth_inside = [
        is_smooth or all(map(np.isfinite, ends))
        for is_smooth, ends in zip(has_slope, of_curvature, strict=True)
    ]
    return PiecewiseShape(
        convex=all(is_convex) and min(jumps) >= 0.0,
        smooth=all(is_smooth_inside) and not any(jumps),
        lower_bound=_union([_bounds(piece, variable) for piece in pieces])[0],
        slope_bounds=_union([_bounds(piece, variable) for piece in slopes]),
        curvature_bounds=_union(of_curvature),
        kinks=tuple((b, jump) for b, jump in zip(breaks, jumps, strict=True) if jump),
    )


def _jumps(pieces: list[Piece], variable: str) -> list[float]:
    """Return by how much the value rises from each piece to the next; 0 for rounding errors."""
    return [
        _rise(left.as_written, right.as_written, variable, left.within[1]) for left, right in pairwise(pieces)
    ]


def _value_at(node: Node, variable: str, at: float) -> float:
    return float(evaluate(node, {variable: at}))


def _rise(before: Node, after: Node, variable: str, at: float) -> float:
    """Return by how much one formula is above another at a point; 0 if rounding may be the reason.

    Rounded are the point and constants such as 1.345²/2. Each is changed by a unit in its last place, in both
    formulas at once: 10¹⁶ − r and 10¹⁶ − 2 differ by as much as −r and −2, however near they seem. A zero
    is exact. NaN if the rise is not known; one too small for float64 keeps its sign.
    """
    with np.errstate(all="ignore"):  # as in piecewise_shape
        pairs = [(before, after, at)]
        pairs += [(before, after, float(np.nextafter(at, np.inf)))] if at else []
        parts = {part for node in (before, after) for part in subexpressions(node)}
        for number in {part.number for part in parts if part.op == NUMBER and part.number}:
            pairs.append((_with_next_number(before, number), _with_next_number(after, number), at))
        rises, rounding = _exact_rises(pairs, variable), 0
        if rises is None:
            rises, rounding = _rises(pairs, variable)
        rise = rises[0]
        if abs(rise) <= rounding + UNITS * sum(abs(other - rise) for other in rises[1:]):
            return 0.0
        return _as_float(rise) or float(np.copysign(SMALLEST, 1 if rise > 0 else -1))


def _exact_rises(pairs: list[tuple[Node, Node, float]], variable: str) -> list[Any] | None:
    """Return by how much the second formula of each pair is above the first, if all are fractions."""
    rises = []
    for before, after, at in pairs:
        low, high = (exact_value(node, variable, at) for node in (before, after))
        if low is None or high is None:
            return None
        rises.append(high - low)
    return rises


def _rises(pairs: list[tuple[Node, Node, float]], variable: str) -> tuple[list[Any], Any]:
    """Return the same in extended precision, and the rounding of the first.

    The first is NaN if a number is too small for extended precision, or if rounding is not small beside the
    differences between nearby values: a step of 1 beside 10³⁰⁰ is lost.
    """

    def value(node: Node, point: float) -> Any:
        return evaluate_in(np.longdouble, node, {variable: point})

    before, after, at = pairs[0]
    try:
        with np.errstate(under="raise"):
            values = [(value(low, point), value(high, point)) for low, high, point in pairs]
    except FloatingPointError:
        return [np.nan], 0.0
    low, high = values[0]
    rounding, apart = ROUNDING * (abs(low) + abs(high)), 1.0 + abs(at)
    nearby = max(abs(value(before, at - apart) - low), abs(value(after, at + apart) - high))
    is_hidden = rounding > MAX_HIDDEN * nearby
    return [np.nan if is_hidden else high - low, *(b - a for a, b in values[1:])], rounding


def _as_float(number: Any) -> float:
    try:
        return float(number)
    except OverflowError:
        return math.inf


def _with_next_number(node: Node, number: float) -> Node:
    """Return a formula with the next larger float in the place of a number."""
    if node.op in (NUMBER, NAME):
        return number_node(np.nextafter(number, np.inf)) if equals_number(node, number) else node
    return with_parts(node, *(_with_next_number(part, number) for part in node.parts))


def _bounds(piece: Piece, variable: str) -> Bounds:
    return bounds_within(piece.node, {variable: piece.within})


def _union(bounds: list[Bounds]) -> Bounds:
    return min(low for low, _ in bounds), max(high for _, high in bounds)


def pieces_of(node: Node, variable: str) -> list[Piece] | None:
    """Return the pieces of a formula in order, each with the values of the formula at its ends but for jumps.

    None if there are other variables, cases that are not linear, or a jump to a value and back.
    """
    if variables_of(node) != {variable}:
        return None
    breaks: set[float] = set()
    for part in subexpressions(node):
        inner = _choosing(part)
        if inner is None:
            continue
        found = _breaks_of_linear(inner, variable)
        if found is None:
            return None
        breaks.update(found)
        if len(breaks) > MAX_BREAKS:
            return None
    ordered = sorted(breaks)
    edges = [-np.inf, *ordered, np.inf]
    middles = [0.5 * (a + b) for a, b in pairwise(ordered)]
    middles = [ordered[0] - 1.0, *middles, ordered[-1] + 1.0] if ordered else [0.0]
    pieces: list[Piece] = []
    for (low, high), middle in zip(pairwise(edges), middles, strict=True):
        formula, start = _without_cases(node, variable, middle), float(low)
        as_written = _without_cases(node, variable, middle, simplify=False)
        at_end = _without_cases(node, variable, high, simplify=False)
        if np.isfinite(high) and _rise(as_written, at_end, variable, high):
            return None  # a value of its own at a single point
        if pieces and pieces[-1].node is formula:
            start = pieces.pop().within[0]
        pieces.append(Piece(formula, (start, float(high)), as_written))
    return pieces


def _choosing(node: Node) -> Node | None:
    """Return the formula on whose sign the choice of a node depends; None if it chooses nothing."""
    if node.op in ("abs", "sign"):
        return node.parts[0]
    is_comparison = node.op in OPERATIONS and OPERATIONS[node.op].precedence == 0
    return node.parts[0] - node.parts[1] if node.op in ("max", "min") or is_comparison else None


def _breaks_of_linear(inner: Node, variable: str) -> list[float] | None:
    """Return the points between which a formula is linear and has one sign; None if it is not so."""
    if variables_of(inner) != {variable} or any(map(may_jump, subexpressions(inner))):
        return None if variables_of(inner) else []
    variables = frozenset((variable,))
    if not equals_number(derivative(derivative(inner, variables), variables), 0.0):
        return None
    return linear_breaks(apply_operation("abs", inner), variable)


def _without_cases(node: Node, variable: str, at: float, *, simplify: bool = True) -> Node:
    """Return a formula with each choice made as it is at one value of the variable."""
    if node.op in (NUMBER, NAME):
        return node
    inner = _choosing(node)
    if node.op == "where":
        chosen = node.parts[1 if _value_at(node.parts[0], variable, at) else 2]
        return _without_cases(chosen, variable, at, simplify=simplify)
    parts = [_without_cases(part, variable, at, simplify=simplify) for part in node.parts]
    if inner is not None:
        return _chosen(node, parts, _value_at(inner, variable, at), variable, at)
    if not simplify:
        return with_parts(node, *parts)
    return power_node(parts[0], node.number) if node.op == POWER else apply_operation(node.op, *parts)


def _chosen(node: Node, parts: list[Node], sign: float, variable: str, at: float) -> Node:
    """Return what a node chooses of its parts where the formula that decides has this sign."""
    if node.op == "abs":
        return parts[0] if sign >= 0.0 else -parts[0]
    if node.op in ("max", "min"):
        return parts[0] if (sign >= 0.0) == (node.op == "max") else parts[1]
    return number_node(_value_at(node, variable, at))
