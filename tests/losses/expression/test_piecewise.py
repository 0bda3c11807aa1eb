"""Formulas with cases are cut into pieces, and proved convex and smooth piece by piece."""

import numpy as np
import pytest

import losses
from losses.expression.parser import parse_formula
from losses.expression.piecewise import pieces_of, piecewise_shape
from losses.expression.printers import numpy_source

CONVEX_AND_SMOOTH = {
    "where(abs(r) < 1, r**2/2, abs(r) - 0.5)": (True, True),
    "where(abs(r) <= 0.3, r**2/2, 0.3*(abs(r) - 0.15))": (True, True),
    "where(r > 0, r**2, 0)": (True, True),
    "r**2*(r > 0)": (True, True),
    "where(abs(r) < 1, 0, (abs(r) - 1)**2)": (True, True),
    "where(abs(r) < 4.685, 1 - (1 - (r/4.685)**2)**3, 1)": (False, True),
    "where(r > 0, 2*r, -r)": (True, False),
    "where(r > 0, r, 2*r)": (False, False),
    "where(r > 0, r + r**2, -3*r)": (True, False),
    "where(r > 0, r + 1, -r)": (False, False),
    "where(r > 0, 1, 0) + r**2": (False, False),
    "where(r > 0, -r**2, r**2)": (False, True),
    "where(r == 0, 5, r**2)": (False, False),
    "where(r != 0.3, r**2, -1)": (False, False),
    "(abs(r - 1) > 0)*(abs(r) - 0.5)": (False, False),
    "where(r > 0, where(r == 2, -1, r**2), 0)": (False, False),
    "min(abs(r), 1)": (False, False),
    "where(r > p, r**2, 0)": (False, False),
    "abs(r)*sqrt(abs(r))": (False, False),
    # Slopes that fall by less than float64 holds, and than extended precision does.
    "(min(r, 1e-300))**8": (False, False),
    "((min(r, 1e-300))**8)**8": (False, False),
    "1e-200*(1e-200*min(r, 1))": (False, False),
    "r**2 + exp(-abs(r) - 400)": (False, False),
    "r**2 + exp(-1000*abs(r) - 1000)": (False, False),
    "max(r, 0)**8*1e-300": (True, True),
    # Poles: the curvature is positive on either side.
    "(min(r, 2))**-8": (False, False),
    "abs(r)**-1": (False, False),
    "where(r > 1, r**-2, 3 - 2*r)": (True, True),
    "where(r < 3, 1/r**2, 3)": (False, False),
    "where(r > 0, r**1.5, 0)": (True, True),
}


@pytest.mark.parametrize(("text", "expected"), CONVEX_AND_SMOOTH.items())
def test_shapes_of_formulas_with_cases(text, expected):
    loss = losses.own_loss(text)
    assert (loss.convex, loss.smooth) == expected


def test_pieces_meet_where_the_cases_change():
    pieces = pieces_of(parse_formula("where(abs(r) < 2, r**2, 4*abs(r) - 4)", ("r",)), "r")
    sources = [numpy_source(piece.node) for piece in pieces]
    assert [piece.within for piece in pieces] == [(-np.inf, -2.0), (-2.0, 2.0), (2.0, np.inf)]
    assert sources == ["-4 * r - 4", "r**2", "4 * r - 4"]


@pytest.mark.parametrize(
    "text",
    [
        "1e300 + where(r < 0.5, 0.5, 2)",
        "1e300 + exp(where(r < 0.5, 0.5, 2))",
        "(1e30 + where(r < 0.5, 0.5, 2))**2",
        "where(r < 1e200, r, r*r)",
        "where(r < 0, 1e30, 1e30 + exp(r))",
    ],
)
def test_a_step_beside_a_large_number_is_not_overlooked(text):
    assert piecewise_shape(parse_formula(text, ("r",)), "r") is None


def test_a_large_constant_changes_no_shape():
    shapes = [piecewise_shape(parse_formula(f"{c} + max(0, r)**2 + abs(r)", ("r",)), "r") for c in (0, 1e30)]
    assert [(shape.convex, shape.kinks) for shape in shapes] == [(True, ((0.0, 2.0),))] * 2


def test_kinks_have_the_jump_of_the_slope():
    shape = piecewise_shape(parse_formula("exp(abs(r)) + max(r - 1, 0)", ("r",)), "r")
    assert shape.kinks == ((0.0, 2.0), (1.0, pytest.approx(1.0)))
    assert shape.curvature_bounds[0] == 1.0


def test_hubers_loss_as_a_formula_is_that_of_the_catalogue():
    own = losses.own_loss("where(abs(r) < 1, r**2/2, abs(r) - 0.5)")
    ours, theirs = (losses.certify(losses.problem("norris", "line", loss)) for loss in (own, "huber"))
    assert ours.optimum == pytest.approx(theirs.optimum, rel=1e-9)
    assert (ours.lowest, ours.unique) == (theirs.lowest, theirs.unique) == (losses.YES, losses.YES)
    assert ours.lipschitz == pytest.approx(theirs.lipschitz)


def test_a_formula_with_thousands_of_cases_is_answered_at_once():
    text = "r"
    for k in range(10):
        text = f"abs({text}-{2 ** (10 - k)})"
    loss = losses.own_loss(text)
    assert (loss.kinks, loss.convex) == ((), False)
