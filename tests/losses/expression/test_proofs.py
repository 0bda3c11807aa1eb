"""What is proved of formulas: shapes by rules of composition, bounds by intervals, continuous slopes."""

import math

import pytest

from losses.expression.autodiff import bounds, bounds_within, derivative, is_smooth
from losses.expression.parser import parse_formula
from losses.expression.shape import shape_of, strict_sign

VARIABLES = ("r", "p", "y")
INF = math.inf
CONVEX = (
    *("sqrt((r-1)**2+2*p**2+3)", "sqrt(r**2+y**2)", "sqrt(y**2*r**2)", "sqrt(r**2/4)", "(r**2+1)**0.75"),
    *("(1+abs(r))**1.5", "log(exp(r)*cosh(r))", "log(2*exp(r)+3)", "log(exp(abs(r)))", "log1p(exp(r))"),
    *("log(exp(r)+(1+y**2))", "log(cosh(2*r+1)+exp(-r))", "exp(abs(r))", "softplus(r**2)", "r**2+p-y"),
    *("(2+sin(y))*r**2", "r**2*(2+sin(y))", "r**2*y**2", "r**2/(1+y**2)", "(-1-y**2)*sqrt(r)", "-(-r**2)"),
    *("max(r,r**2)", "-min(r,2*r)", "exp(r)-min(r,0)", "cosh(r)+r", "abs(exp(r))", "abs(-exp(r))"),
    *("abs(2*r-1)", "exp(r)**2.5", "abs(r)**3", "abs(r)**1.5+exp(r)", "max(0,r)**1.5", "cosh(3-2*r)"),
)
CONCAVE = (
    "sqrt(r)",
    "log(r)",
    "log1p(r)",
    "-(r**2)",
    "min(r,2*r)",
    "log(r)-exp(r)",
    "-cosh(r)",
)
AFFINE = ("r*y", "r/y", "2*r-p", "(r-1)/(2+y**2)", "exp(y)*r+log(y)", "-(r+p)/2")
NEITHER = (
    *("sqrt(r**2-1)", "sqrt(r**2+y)", "sqrt(4/r**2)", "sqrt(r**2*p**2)", "sqrt(r**3+1)", "(r**2+1)**0.25"),
    *("(1+abs(r))**0.5", "(abs(r)-1)**1.5", "log(exp(r)-1)", "log(exp(r)+sinh(r))", "log(exp(r**2)+y)"),
    *("log(cosh(r**2))", "log(exp(-r**2)+1)", "exp(-abs(r))", "softplus(-r**2)", "(y-1)*r**2"),
    *("(1+y**2)/r**2", "max(r,-r**2)", "min(r,r**2)", "r**2-exp(r)", "cosh(exp(r)-1)", "abs(r**2-1)"),
    *("exp(r)**0.5", "(1+exp(r))**-1", "(2-exp(r))**3", "r**3", "1/(1+r**2)", "sinh(r)", "tanh(r)", "r*p"),
    *("r**2*p**2", "r/p", "sign(r)", "sigmoid(r)", "sin(r)", "where(r>0,r**2,0)", "max(min(r,1),-r)"),
)


@pytest.mark.parametrize(
    ("texts", "shape"),
    [(CONVEX, (True, False)), (CONCAVE, (False, True)), (AFFINE, (True, True)), (NEITHER, (False, False))],
)
def test_shapes_follow_from_the_rules_of_composition(texts, shape):
    for text in texts:
        assert shape_of(parse_formula(text, VARIABLES), frozenset(("r", "p"))) == shape, text


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        *(("2", 2.0, 2.0), ("r**2", 0.0, INF), ("r**3", -INF, INF), ("r*0.5", -INF, INF), ("1/r", -INF, INF)),
        *(("sin(r)+2", 1.0, 3.0), ("cos(r)*3", -3.0, 3.0), ("exp(r)-1", -1.0, INF), ("-exp(r)", -INF, 0.0)),
        *(("exp(-abs(r))", 0.0, 1.0), ("1/(1+r**2)", 0.0, 1.0), ("4*sigmoid(r)-1", -1.0, 3.0)),
        *(
            ("tanh(r)/2", -0.5, 0.5),
            ("abs(r)-3", -3.0, INF),
            ("max(r,2)", 2.0, INF),
            ("sqrt(4+r**2)", 2.0, INF),
        ),
        *(("min(abs(r),5)", 0.0, 5.0), ("where(r>0,2,-3)", -3.0, 2.0), ("2*sign(r)", -2.0, 2.0)),
        *(
            ("cosh(r)", 1.0, INF),
            ("sinh(r)", -INF, INF),
            ("log(1+r**2)", 0.0, INF),
            ("softplus(r)", 0.0, INF),
        ),
        *(("log1p(abs(r))", 0.0, INF), ("r**-2", 0.0, INF), ("(1+r**2)**-0.5", 0.0, 1.0), ("r-r", -INF, INF)),
        *(("exp(sin(r))", 1.0 / math.e, math.e), ("5*(r>0)", 0.0, 5.0), ("sign(-1-r**2)", -1.0, -1.0)),
        *(("abs(sin(r)+3)", 2.0, 4.0), ("abs(-2-cosh(r))", 3.0, INF), ("max(sin(r),3)", 3.0, 3.0)),
        *(("1/(2+sin(r))", 1.0 / 3.0, 1.0), ("1/(-3+sin(r))", -0.5, -0.25), ("abs(r)**1.5", 0.0, INF)),
        *(("(sin(r)-3)*(sin(p)+2)", -12.0, -2.0), ("(sin(r)+2)**-3", 1.0 / 27.0, 1.0), ("log(r)", -INF, INF)),
        *(
            ("(sin(r)-2)**3", -27.0, -1.0),
            ("(sin(r)-2)**2", 1.0, 9.0),
            ("tanh(2+sin(r))**2", math.tanh(1.0) ** 2, math.tanh(3.0) ** 2),
        ),
    ],
)
def test_bounds_are_those_of_the_function_but_for_rounding(text, low, high):
    found = bounds(parse_formula(text, VARIABLES))
    assert found[0] <= low
    assert found[1] >= high
    assert found == pytest.approx((low, high), rel=1e-14, abs=1e-300)


@pytest.mark.parametrize(
    ("text", "within", "low", "high"),
    [
        *(
            ("r**2", (-1.0, 3.0), 0.0, 9.0),
            ("r**2", (-3.0, -2.0), 4.0, 9.0),
            ("r**3", (-2.0, 1.0), -8.0, 1.0),
        ),
        *(("exp(r)", (0.0, 1.0), 1.0, math.e), ("log(r)", (1.0, 4.0), 0.0, math.log(4.0))),
        *(
            ("1/r", (2.0, 4.0), 0.25, 0.5),
            ("1/r", (-4.0, -2.0), -0.5, -0.25),
            ("1/r", (-1.0, 2.0), -INF, INF),
        ),
        *(("log(r)", (-1.0, 4.0), -INF, math.log(4.0)), ("abs(r-1)", (0.0, 3.0), 0.0, 2.0)),
        *(
            ("2-3*r", (1.0, 2.0), -4.0, -1.0),
            ("r*(r-3)", (1.0, 2.0), -4.0, -1.0),
            ("7", (1.0, 2.0), 7.0, 7.0),
        ),
        *(("cosh(r)", (-1.0, 0.5), 1.0, math.cosh(1.0)), ("sinh(r)", (-1.0, 0.0), -math.sinh(1.0), 0.0)),
    ],
)
def test_bounds_within_a_range_are_those_on_it(text, within, low, high):
    found = bounds_within(parse_formula(text, VARIABLES), {"r": within})
    assert found[0] <= low
    assert found[1] >= high
    assert found == pytest.approx((low, high), rel=1e-14, abs=1e-14)


def test_a_sum_of_both_infinities_has_no_bounds():
    node = parse_formula("r + 0**-1", VARIABLES)
    assert bounds(node) == bounds_within(node, {"r": (-INF, 1.0)}) == (-INF, INF)


SMOOTH = (
    *("r**2", "abs(-1-r**2)", "abs(r)**1.5", "max(0,r)**2", "max(r,0)**1.5", "(max(0,r)**2+0.5)**0.5"),
    *("(max(0,r)**2+0.5)**-1", "exp(r)**1.5", "(0.5+exp(r))**0.5", "log(0.5+exp(r))", "log1p(exp(r))"),
    *("log1p(exp(r)-0.5)", "sqrt(0.5+r**2)", "1/(0.5+r**2)", "1/(-0.5-r**2)", "sign(0.5+r**2)", "tanh(r)/2"),
    *("sign(-0.5-r**2)", "(0.5+r**2)**-0.5", "r**3*exp(-r)"),
)
NOT_SMOOTH = (
    *("abs(r)", "abs(r)**0.5", "abs(r)+1", "max(0,r)", "max(1,r)**2", "max(abs(r),0)**2", "r**2+max(0,r)"),
    *("abs(abs(r)-1)**2", "(abs(r)+1)**2", "r**0.5", "r**1.5", "r**-1", "exp(r)**-1", "log(r)", "log1p(r)"),
    *("log1p(exp(r)-1)", "sqrt(r)", "sqrt(r**2)", "1/r", "1/(1-r**2)", "sign(r)", "r>0", "sin(abs(r))"),
)


@pytest.mark.parametrize("text", [*SMOOTH, *NOT_SMOOTH])
def test_a_slope_is_called_continuous_where_no_operation_breaks_it(text):
    assert is_smooth(parse_formula(text, VARIABLES)) == (text in SMOOTH)


@pytest.mark.parametrize(
    ("texts", "sign"),
    [
        (
            (
                "exp(r)",
                "exp(r)+r**2",
                "r**2+exp(r)",
                "0.5+r**2",
                "1-sigmoid(r)",
                "1-tanh(r)**2",
                "exp(r)**0.5",
            ),
            1,
        ),
        (("sqrt(exp(r))", "-exp(r)*-softplus(r)", "exp(r)/cosh(r)", "sigmoid(r)*2"), 1),
        (("-exp(r)", "-0.5-r**2", "exp(r)*-softplus(r)", "-1/cosh(r)", "-(exp(r)+r**2)"), -1),
        (("r", "r**2", "exp(r)-1", "exp(r)+r", "r+exp(r)", "1-tanh(r)", "2-sigmoid(r)-1", "1-exp(r)"), 0),
        (("1-tanh(r)**3", "1-sin(r)**2", "r*exp(r)", "abs(r)", "sin(r)+1", "sigmoid(r)-1", "0*r"), 0),
        (("1-tanh(r)**-2", "1-tanh(r)**0"), 0),
    ],
)
def test_a_sign_is_proved_only_of_what_is_never_0(texts, sign):
    for text in texts:
        assert strict_sign(parse_formula(text, VARIABLES)) == sign, text


@pytest.mark.parametrize(
    ("text", "slope"),
    [
        *(("abs(r)**2", "2*r"), ("r**3", "3*r**2"), ("exp(2*r)", "2*exp(2*r)"), ("y*r", "y"), ("y**2", "0")),
        *(("r*p", "p+r"), ("3", "0"), ("abs(r)", "sign(r)"), ("log(r)", "1/r"), ("sin(r)", "cos(r)")),
        *(("r>0", "0"), ("where(r>0,r**2,p)", "where(r>0,2*r,1)"), ("-cos(r)", "sin(r)")),
    ],
)
def test_derivatives_are_written_as_short_as_by_hand(text, slope):
    """The residual and the prediction change at the same speed."""
    found = derivative(parse_formula(text, VARIABLES), frozenset(("r", "p")))
    assert found is parse_formula(slope, VARIABLES)
