"""What an own loss states of itself, against closed forms."""

import math

import numpy as np
import pytest

import losses
from losses.expression.attained_floor import attained_floor
from losses.expression.autodiff import evaluate
from losses.expression.cancellation import without_cancellation
from losses.expression.parser import parse_formula
from losses.expression.piecewise import pieces_of

INF = math.inf
HUBER = "where(abs(r) < 1, r**2/2, abs(r) - 0.5)"
LINES_AND_PARABOLA = "where(r>1, 3*r-2, where(r<-1, -2*r-1, r**2))"


@pytest.mark.parametrize(
    ("text", "lowest", "greatest_curvature"),
    [
        *(("r**2", 0.0, 2.0), ("3*r**2 - r", None, 6.0), ("r**4", 0.0, None), ("abs(r)", 0.0, None)),
        *((HUBER, 0.0, 1.0), ("max(0,r)**2", 0.0, 2.0), ("exp(r)", 0.0, None), ("cosh(r)", 1.0, None)),
        *(("max(abs(r),2)+1", 3.0, None), ("2-min(abs(r),1)", 1.0, None), ("sin(r)+2", 1.0, 1.0)),
        *(("max(2*r,-r)", 0.0, None), ("where(r>0,2*r,-r)", 0.0, None), (LINES_AND_PARABOLA, 0.0, None)),
        *(("p**2", 0.0, 2.0), ("r", None, 0.0), ("exp(abs(r))+max(r-1,0)", 1.0, None)),
    ],
)
def test_bounds_of_value_and_curvature(text, lowest, greatest_curvature):
    loss = losses.own_loss(text)
    assert (loss.lower_bound, loss.greatest_curvature) == (lowest, greatest_curvature)


@pytest.mark.parametrize(
    ("text", "kinks", "jumps"),
    [
        ("abs(r) + r**2", (0.0,), (2.0,)),
        ("exp(abs(r)) + max(r-1, 0)", (0.0, 1.0), (2.0, 1.0)),
        (LINES_AND_PARABOLA, (1.0,), (1.0,)),
        ("where(r>0, 2*r, -r)", (0.0,), (3.0,)),
        ("abs(r-2) + 3*abs(r+1) + r**2", (-1.0, 2.0), (6.0, 2.0)),
        (HUBER, (), ()),
        ("max(0, r)**2", (), ()),
    ],
)
def test_the_slope_jumps_where_lines_or_curves_meet(text, kinks, jumps):
    loss = losses.own_loss(text)
    assert loss.kinks == kinks
    assert loss.slope_jumps == pytest.approx(jumps)
    for kink, jump in zip(kinks, jumps, strict=True):
        rise = loss.slope(kink + 1e-9, 0.0) - loss.slope(kink - 1e-9, 0.0)
        assert rise == pytest.approx(jump, abs=1e-6)


@pytest.mark.parametrize(
    ("text", "attains"),
    [
        *(("r**2", True), ("exp(r)-r", True), ("cosh(r)", True), ("softplus(r)-0.5*r", True)),
        *(
            ("sqrt(1+r**2)-0.99*r", True),
            ("abs(r)-0.5*r", True),
            ("max(abs(r)-1e4,0)", True),
            ("abs(r-1e6)", True),
        ),
        *(("max(0,r-1e4)", False), ("max(0,1e4-r)", False), ("abs(r)-r", False), ("softplus(-r)", False)),
        *(("sqrt(1+r**2)-r", False), ("p**2", False), ("r**2+y", False), ("r", False), ("sin(r)", False)),
    ],
)
def test_a_convex_loss_attains_its_minimum_if_it_rises_on_both_sides(text, attains):
    assert losses.own_loss(text).attains_minimum is attains


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        *(("r**4", 0.0, 48.0), ("r**3", -6.0, 12.0), ("r**2", 2.0, 2.0), ("abs(r)", 0.0, 0.0)),
        *(("exp(r)", math.exp(-1.0), math.exp(2.0)), ("cosh(r)", 1.0, math.cosh(2.0)), (HUBER, 0.0, 1.0)),
    ],
)
def test_curvature_between_two_residuals(text, low, high):
    assert losses.own_loss(text).curvature_bounds((-1.0, 2.0)) == pytest.approx((low, high), rel=1e-12)


def test_curvature_between_residuals_is_that_of_a_loss_of_the_residual_alone():
    assert losses.own_loss("r**2 + p**2").curvature_bounds is None


@pytest.mark.parametrize(
    ("text", "far"),
    [
        *(("r**2", False), ("abs(r)**4", False), ("log(1+r**2)", False), ("1/(1+r**2)", False)),
        *(("exp(r)", True), ("r**8", True), ("log(cosh(r))", True), ("(1+r**2)**-2", True)),
        *(("sinh(r)", True), ("tanh(r)", False), ("softplus(r)", False), ("r**2*y", False)),
    ],
)
def test_steps_of_a_formula_may_leave_the_range_of_doubles(text, far):
    assert losses.own_loss(text).may_leave_range is far


@pytest.mark.parametrize(
    ("text", "operations"),
    [
        ("r**2", (2, 3, 1)),  # r, r²; 2, r, 2r; 2
        ("exp(r)", (2, 2, 2)),
        ("abs(r)", (2, 2, 1)),  # the slope is sign(r), the curvature 0
        ("y*exp(r)", (4, 4, 4)),
    ],
)
def test_operations_are_counted_once_however_often_they_occur(text, operations):
    assert losses.own_loss(text).operations == operations


def test_a_short_formula_is_named_and_a_long_one_is_not():
    text = "r**2+" + "+".join(["r"] * 12)
    assert losses.own_loss(text).name == f"the loss {text}"
    assert losses.own_loss(text + "+r").name == "a loss of our own"
    assert losses.own_loss("  r**2   +  p ").expression == "r**2 + p"


@pytest.mark.parametrize(
    ("text", "tasks"),
    [
        ("r**2", ("regression", "binary", "multiclass")),
        ("-y*log(p)-(1-y)*log(1-p)", ("binary", "multiclass")),
        ("1/(r**2-4)", ("binary", "multiclass")),
        ("sqrt(p)", ("binary", "multiclass")),
        ("log(11+p)", ("regression", "binary", "multiclass")),
    ],
)
def test_a_loss_fits_the_tasks_on_whose_predictions_it_is_finite(text, tasks):
    assert losses.own_loss(text).tasks == tasks


def test_the_example_is_that_of_a_prediction_of_a_half_and_a_target_of_1():
    assert losses.own_loss("r**2 + p + 10*y").example == (0.5, 1.0, 10.75)


@pytest.mark.parametrize(
    ("text", "floor"),
    [
        *(("r**2", 0.0), ("abs(r)-3", -3.0), ("max(abs(r),2)+1", 3.0), ("3+2*r**2", 3.0), ("p**2", 0.0)),
        *(
            ("max(0,abs(r)-0.5)**2", 0.0),
            ("exp(r)", None),
            ("r", None),
            ("softplus(r)", None),
            ("log(1+r**2)-r", None),
        ),
        *(("1/(1+r**2)", None), ("1-exp(-r**2)", None), ("sigmoid(r)", None), ("tanh(r)", None)),
    ],
)
def test_a_floor_is_known_only_if_no_value_is_rounded_to_it(text, floor):
    assert attained_floor(losses.own_loss(text)) == floor


def test_pieces_have_the_values_of_the_formula_and_meet_at_its_breaks():
    for text, ends in (
        ("abs(r-1) + max(r, 3)", (1.0, 3.0)),
        ("where(2*r < 5, r**2, 5*r - 6.25)", (2.5,)),
        ("max(r, 0)*abs(r - 4)", (0.0, 4.0)),
        ("(r >= -1)*(r + 1)**2", (-1.0,)),
        ("max(min(r, 1), -1)", (-1.0, 1.0)),
        ("max(2, 3)*abs(r - 1)", (1.0,)),
    ):
        pieces = pieces_of(parse_formula(text, ("r",)), "r")
        assert tuple(piece.within[1] for piece in pieces[:-1]) == pytest.approx(ends), text
        assert (pieces[0].within[0], pieces[-1].within[1]) == (-INF, INF)
        for piece in pieces:
            low, high = (min(max(end, -9.0), 9.0) for end in piece.within)
            r = np.linspace(low, high, 7)[1:-1]
            expected = losses.own_loss(text).value(r, 0.0)
            assert np.allclose(evaluate(piece.node, {"r": r}), expected), text


@pytest.mark.parametrize(
    ("text", "rewritten"),
    [
        ("sqrt(r**2+4)-2", "r**2/(sqrt(r**2+4)+2)"),
        ("(r**2+4)**0.5-2", "r**2/((r**2+4)**0.5+2)"),
        ("3*sqrt(r**2+4)-6", "3*(r**2/(sqrt(r**2+4)+2))"),
        ("cosh(r)-1", "2*sinh(r/2)**2"),
        ("cos(r)-1", "-2*sin(r/2)**2"),
        ("1-cosh(r)", "-(2*sinh(r/2)**2)"),
        ("sigmoid(r)-1", "-sigmoid(-r)"),
        ("tanh(r)-1", "-2*sigmoid(-2*r)"),
        ("exp(r)-1", "tanh(r/2)*(exp(r)+1)"),
        ("log(exp(r))", "r"),
        ("log(sigmoid(r))", "-softplus(-r)"),
        ("log(1+exp(r))", "softplus(r)"),
        ("log1p(exp(r))", "softplus(r)"),
        ("(r+p)-p", "r"),
        ("(r**2+p)-(p-y)", "r**2+y"),
        ("1-(1-r)", "r"),
        ("(1-r)-1", "-r"),
        ("exp(r)-2", "exp(r)-2"),
        ("cosh(r)-2", "cosh(r)-2"),
        ("sqrt(r**2+4)-3", "sqrt(r**2+4)-3"),
        ("sqrt(r**2+4)+2", "sqrt(r**2+4)+2"),
        ("log(tanh(r))", "log(tanh(r))"),
        ("log(p)-log(p)", "log(p)-log(p)"),
    ],
)
def test_differences_are_rewritten_as_in_the_books(text, rewritten):
    node, expected = (parse_formula(t, ("r", "p", "y")) for t in (text, rewritten))
    assert without_cancellation(node) is expected


@pytest.mark.parametrize(
    ("text", "same"),
    [
        ("abs(p-y)", "abs(r)"),
        ("abs(y-p)", "abs(-r)"),
        ("max(0.9*(y-p), 0.1*(p-y))", "max(-0.9*r, 0.1*r)"),
        ("max(0, abs(p-y)-0.3)", "max(0, abs(r)-0.3)"),
        ("where(abs(p-y) < 1, (p-y)**2, 2*abs(p-y)-1)", "where(abs(r) < 1, r**2, 2*abs(r)-1)"),
    ],
)
def test_as_much_is_known_of_a_formula_of_p_minus_y_as_of_one_of_r(text, same):
    written, of_residual = map(losses.own_loss, (text, same))
    facts = ("convex", "smooth", "kinks", "slope_jumps", "attains_minimum", "lower_bound", "bounded_gradient")
    for fact in (*facts, "greatest_curvature", "tasks"):
        assert getattr(written, fact) == getattr(of_residual, fact)
    z, y = np.linspace(-3.0, 3.0, 13), np.linspace(2.0, -2.0, 13)
    assert np.array_equal(written.value(z, y), of_residual.value(z, y))
    assert "p" in written.formula
    data = losses.Dataset("own", [0.0, 1.0, 2.0, 3.0, 4.0], [1.0, 3.0, 2.0, 5.0, 4.0], "regression")
    c, expected = (losses.certify(losses.problem(data, "line", loss)) for loss in (written, of_residual))
    assert (c.lowest, c.loss) == (losses.YES, expected.loss)


@pytest.mark.parametrize("text", ["abs(p-2*y)", "(p-y)*y", "p+y", "p*(p-y)"])
def test_a_formula_of_more_than_p_minus_y_stays_as_it_is(text):
    loss = losses.own_loss(text)
    z, y = np.array([0.5, -2.0, 3.0]), np.array([1.0, 0.5, -1.0])
    with_r = losses.own_loss(text.replace("p", "(r+y)"))
    assert loss.value(z, y) == pytest.approx(with_r.value(z, y))
    assert not loss.kinks
