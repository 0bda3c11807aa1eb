"""Losses from formulas: parsing, derivatives, proved properties, and safety against hostile texts."""

import math
import warnings

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

import losses
from losses.expression.autodiff import bounds, derivative, evaluate, is_smooth
from losses.expression.custom_loss import PREDICTION_VARIABLES, VARIABLES
from losses.expression.operations import ALL_OPERATIONS, FUNCTIONS
from losses.expression.parser import MAX_CHARACTERS, FormulaError, parse_formula
from losses.expression.printers import numpy_source
from tests.support.difference_quotients import derivative as quotient

FORMULAS_OF_LOSSES = {
    "mse": "r**2",
    "mae": "abs(r)",
    "huber": "where(abs(r) <= 1, r**2/2, abs(r) - 0.5)",
    "logcosh": "log(cosh(r))",
    "quantile": "max(-0.9*r, 0.1*r)",
}
Z = np.linspace(-4.017, 4.013, 101)


@pytest.mark.parametrize(("key", "text"), FORMULAS_OF_LOSSES.items())
def test_formula_of_a_catalogue_loss_equals_that_loss(key, text):
    known, custom = losses.LOSSES[key], losses.own_loss(text)
    y = np.array([0.0, -1.3, 2.2])[:, None]
    for part in ("value", "slope", "curvature"):
        assert getattr(custom, part)(Z, y) == pytest.approx(getattr(known, part)(Z, y), abs=1e-12), part


def test_formula_of_cross_entropy_in_probabilities_equals_bce():
    custom, known = losses.own_loss("-(y*log(p) + (1 - y)*log(1 - p))"), losses.LOSSES["bce"]
    z = np.linspace(-5, 5, 21)
    for y in (0.0, 1.0):
        assert custom.value(1 / (1 + np.exp(-z)), y) == pytest.approx(known.value(z, y), rel=1e-12)
    assert custom.tasks == ("binary", "multiclass")
    assert custom.value(np.array([0.0, 1.0]), np.array([0.0, 1.0])).tolist() == [0.0, 0.0], "0 log 0 is 0"


# Derivatives of every operation.

ARGUMENTS = {1: ("1.5 + p", "2.3 - r/4"), 2: ("p", "r/2 + 1.1"), 3: ("r > 0.2", "p**3", "r*y")}
CALLS = [
    f"{key}({', '.join(ARGUMENTS[op.arity] if op.arity > 1 else (argument,))})"
    for key, op in FUNCTIONS.items()
    for argument in ARGUMENTS[1][: 2 if op.arity == 1 else 1]
]
SIGNS = [
    "p*r*y + r/p - -r",
    "r**3 + abs(r)**1.5 + (p + 3)**-2 + p**0",
    "(r > 1)*r - (p <= y) + (r != 0)*p",
    "pi*r*r*r/(1 + p*p)",
]


@pytest.mark.parametrize("text", CALLS + SIGNS)
def test_first_and_second_derivative_equal_difference_quotients(text):
    node, y = parse_formula(text, VARIABLES), 0.37
    points = np.linspace(0.11, 1.46, 23)

    def value_at(node, p):
        return evaluate(node, {"p": p, "y": np.float64(y), "r": p - y})

    is_near_kink = np.abs(points[:, None] - np.array([0.37, 0.57, 1.37, 0.74, 1.83])).min(axis=1) < 0.01
    points = points[~is_near_kink]
    slope = derivative(node, PREDICTION_VARIABLES)
    assert value_at(slope, points) == pytest.approx(quotient(lambda p: value_at(node, p), points), abs=1e-7)
    curvature = derivative(slope, PREDICTION_VARIABLES)
    assert value_at(curvature, points) == pytest.approx(
        quotient(lambda p: value_at(slope, p), points), abs=1e-7
    )


@pytest.mark.parametrize("text", CALLS + SIGNS)
def test_numpy_source_evaluates_to_the_value_of_the_expression(text):
    sigmoid = lambda u: 1 / (1 + np.exp(-u))  # noqa: E731
    p, y = np.linspace(0.11, 1.46, 23), np.float64(0.37)
    values = {"p": p, "y": y, "r": p - y}
    for node in (
        parse_formula(text, VARIABLES),
        derivative(parse_formula(text, VARIABLES), PREDICTION_VARIABLES),
    ):
        result = eval(numpy_source(node), {"np": np, "sigmoid": sigmoid}, values)
        assert result + 0 * p == pytest.approx(evaluate(node, values), rel=1e-12)


# Properties.


@pytest.mark.parametrize(
    ("text", "convex", "smooth"),
    [
        ("log(1 + exp(r))", True, True),
        ("log(exp(r) + exp(-r))", True, True),
        ("-log(sigmoid(r))", True, True),
        ("log(exp(-r**2) + 1)", False, True),
        ("(1 + r**2)**0.6", True, True),
        ("(1 + r**2)**0.4", False, True),
        ("r**2", True, True),
        ("r*r*r*r/4", True, True),
        ("abs(r)**1.5", True, True),
        ("exp(-0.5)*r**2", True, True),
        ("max(0, r)**2", True, True),
        ("log(cosh(r))", True, True),
        ("exp(r) - r - 1", True, True),
        ("softplus(r)", True, True),
        ("1 - exp(-r**2)", False, True),
        ("log1p(r**2)", False, True),
        ("sin(r)", False, True),
        ("abs(r)", True, False),
        ("max(-0.3*r, 0.7*r)", True, False),
        ("sqrt(1 + r**2) - 1", True, True),
        ("4*(sqrt(1 + (r/2)**2) - 1)", True, True),
        ("max(0, abs(r) - 0.3)", True, False),
        ("abs(r) + r**2", True, False),
        ("abs(abs(r) - 1)", False, False),
        ("min(abs(r), 1)", False, False),
        ("abs(r)**0.5", False, False),
        ("max(1, abs(r))**2", True, False),
        ("where(abs(r) <= 1, r**2/2, abs(r) - 0.5)", True, True),
        ("sign(r)*r", True, False),
        ("sqrt(r**2)", True, False),
    ],
)
def test_convex_and_smooth_are_true_only_if_proved(text, convex, smooth):
    loss = losses.own_loss(text)
    assert (loss.convex, loss.smooth) == (convex, smooth)


@pytest.mark.parametrize(
    ("text", "greatest"), [("r**2", 2.0), ("abs(r)**1.5", None), ("abs(r)", None), ("r**4", None)]
)
def test_the_greatest_curvature_is_that_of_a_smooth_loss_if_it_is_finite(text, greatest):
    assert losses.own_loss(text).greatest_curvature == greatest


@pytest.mark.parametrize(
    ("text", "attains"),
    [("r**2", True), ("abs(r)", True), ("softplus(r)", False), ("exp(r)", False), ("1 - exp(-r**2)", False)],
)
def test_a_minimum_is_attained_if_a_convex_loss_rises_on_both_sides(text, attains):
    assert losses.own_loss(text).attains_minimum is attains


EXPRESSION = st.recursive(
    st.sampled_from(["r", "p", "y", "2", "0.5", "(-1.5)"]),
    lambda inner: st.one_of(
        st.builds("({} {} {})".format, inner, st.sampled_from("+-*/"), inner),
        st.builds(
            "{}({})".format, st.sampled_from(sorted(k for k, f in FUNCTIONS.items() if f.arity == 1)), inner
        ),
        st.builds("{}({}, {})".format, st.sampled_from(["max", "min"]), inner, inner),
        st.builds("({})**{}".format, inner, st.sampled_from(["2", "3", "1.5", "-1", "0.5"])),
        st.builds("where({} > {}, {}, {})".format, inner, inner, inner, inner),
    ),
    max_leaves=6,
)
SAMPLE_POINTS = np.concatenate([-np.geomspace(1e-6, 1e3, 40), [0.0], np.geomspace(1e-6, 1e3, 40)])


@given(EXPRESSION)
@example("cosh(cosh(cosh(r)))")
def test_bounds_and_smoothness_hold_for_random_formulas(text):
    try:
        node = parse_formula(text, VARIABLES)
    except FormulaError:
        return
    p, y = np.meshgrid(SAMPLE_POINTS, SAMPLE_POINTS[::7])
    with np.errstate(all="ignore"):
        for root in (node, derivative(node, PREDICTION_VARIABLES)):
            values = evaluate(root, {"p": p, "y": y, "r": p - y})
            low, high = bounds(root)
            tolerance = 1e-9 * np.abs(values)
            assert not ((values < low - tolerance) | (values > high + tolerance)).any()
    if is_smooth(node):
        slope = derivative(node, PREDICTION_VARIABLES)
        p, y = np.array([-2.0, 0.0, 1.0, 0.5]), np.array([[0.0], [1.0], [0.5]])
        left, right = (evaluate(slope, {"p": p + e, "y": y, "r": p + e - y}) for e in (-1e-12, 1e-12))
        size = 1.0 + np.abs(left)
        comparable = np.isfinite(left) & np.isfinite(right) & (size < 1e6)
        assert (np.abs(left[comparable] - right[comparable]) <= 1e-3 * size[comparable]).all()


def test_products_of_powers_and_reciprocals_of_the_same_base_are_correct():
    """Regression test: simplification must not move r past 1/r and back forever."""
    loss = losses.own_loss("(r**2 + 1)**-1 * y * (r**2 + 1)**2 * y")
    assert loss.value(3.0, 2.0) == pytest.approx(8.0)
    cubed = losses.own_loss("((r)**-1)**3")
    assert cubed.slope(3.0, 1.0) == pytest.approx(-3 / 2**4)


@pytest.mark.parametrize(
    ("text", "same"),
    [("r^2", "r**2"), ("-r^2 + 2^3", "-r**2 + 2**3"), ("ln(1 + r^2)", "log(1 + r**2)"), ("r^-2", "r**-2")],
)
def test_ln_is_the_logarithm_and_a_caret_the_power(text, same):
    assert parse_formula(text, VARIABLES) is parse_formula(same, VARIABLES)


# In problems, certificates and runs.


def test_problem_with_a_formula_equals_that_with_the_catalogue_loss():
    custom = losses.problem("houses", "line", losses.own_loss("r**2"), standardize=True)
    known = losses.problem("houses", "line", "mse", standardize=True)
    certificate, expected = losses.certify(custom), losses.certify(known)
    assert certificate.loss == pytest.approx(expected.loss, rel=1e-12)
    assert certificate.optimum == pytest.approx(expected.optimum, rel=1e-9)
    assert certificate.critical_rate == pytest.approx(expected.critical_rate, rel=1e-12)
    assert (certificate.scope, certificate.unique) == ("bound", True)
    run = losses.descend(custom, "gd", rate=0.3, steps=200)
    assert run.outcome.name == "CONVERGED"
    assert run.loss == pytest.approx(losses.descend(known, "gd", rate=0.3, steps=200).loss)


def test_formula_with_a_kink_has_the_certificate_of_the_catalogue_loss():
    custom = losses.problem("houses", "line", losses.own_loss("abs(r)"), standardize=True)
    known = losses.problem("houses", "line", "mae", standardize=True)
    a, b = losses.certify(custom), losses.certify(known)
    assert a.optimum.tolist() == b.optimum.tolist()
    assert (a.exists, a.unique, a.lowest) == (b.exists, b.unique, b.lowest)
    assert losses.descend(custom, "gd", rate=0.01, steps=500).outcome.name in ("RUNNING", "OSCILLATING")


@pytest.mark.parametrize(
    ("text", "kinks"),
    [
        ("abs(r)", (0.0,)),
        ("max(-0.3*r, 0.7*r)", (0.0,)),
        ("max(0, abs(r) - 0.3)", (-0.3, 0.3)),
        ("abs(abs(r) - 1)", (-1.0, 0.0, 1.0)),
        ("max(r, 2*r) + abs(r - 1)", (0.0, 1.0)),
        ("max(r, r)", ()),
        ("max(r**2, abs(r))", ()),
        ("abs(r) + r**2", (0.0,)),
        ("abs(p)", ()),
        ("sign(r)*r", (0.0,)),
        ("min(abs(r), 1)", (-1.0, 0.0, 1.0)),
        ("max(0, r - 1e6)*1e305*1e5 + abs(r - 2e6)", ()),  # infinite at the second
    ],
)
def test_kinks_of_formulas(text, kinks):
    assert losses.own_loss(text).kinks == kinks


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("exp(r)", True),
        ("log(1 + exp(r))", True),
        ("1/(1 + exp(-r))", True),
        ("-p", True),
        ("tanh(r)", True),
        ("r + r**3", True),
        ("r**3", False),
        ("r**2", False),
        ("max(0, r)", False),
        ("y*r", False),
    ],
)
def test_slopes_of_one_sign_are_proved(text, expected):
    """The slope of r³ is 0 at 0, that of y r has the sign of the target."""
    assert losses.own_loss(text).one_signed_slope == expected


def test_nonconvex_formula_has_a_local_certificate():
    problem = losses.problem("outlier", "line", losses.own_loss("1 - exp(-r**2)"), standardize=True)
    certificate = losses.certify(problem)
    assert (certificate.scope, certificate.unique) == ("local", losses.UNKNOWN)
    assert np.abs(problem.gradient(certificate.optimum)).max() < 1e-9


@pytest.mark.parametrize("text", ["exp(r**2)", "cosh(r)**8", "abs(r)**1.5", "1/(1 + exp(-r))"])
def test_overflowing_runs_have_an_outcome_and_raise_no_warning(text):
    problem = losses.problem("norris", "line", losses.own_loss(text))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        losses.certify(problem)
        assert losses.surface(problem, size=7).z.shape == (7, 7)
        for rate in (1e-9, 1.0, 1e9):
            run = losses.descend(problem, "gd", rate=rate, steps=20)
            assert run.outcome.sentence.endswith(".")


def test_run_from_a_start_with_infinite_loss_has_diverged():
    problem = losses.problem("norris", "line", losses.own_loss("exp(r**2)"))
    run = losses.descend(problem, "gd", start=(0.0, 1e4), rate=1.0, steps=20)
    assert (run.outcome.name, len(run.theta)) == ("DIVERGED", 1)
    assert run.outcome.sentence == "The loss at the start is too large to compute. Start elsewhere."


@pytest.mark.slow
@given(
    EXPRESSION, st.sampled_from(["gd", "newton", "line_search", "adam"]), st.sampled_from([1e-3, 1.0, 1e9])
)
def test_every_valid_formula_can_be_certified_and_descended(text, optimizer, rate):
    loss = loss_or_error(text)
    if not isinstance(loss, losses.Loss):
        return
    data_and_model = {"regression": ("anscombe2", "line"), "binary": ("spam", "logistic")}
    for task in set(loss.tasks) & set(data_and_model):
        problem = losses.problem(*data_and_model[task], loss, standardize=task == "binary")
        losses.certify(problem)
        run = losses.descend(problem, optimizer, rate=rate, steps=12)
        assert len(run.theta) >= 1
        assert run.outcome.sentence.endswith(".")


def test_formula_of_squared_error_equals_mse_for_classes():
    loss = losses.own_loss("r**2")
    for data, model in (("spam", "logistic"), ("iris", "softmax")):
        theta = losses.problem(data, model, "mse").start + 0.3
        custom, known = losses.problem(data, model, loss), losses.problem(data, model, "mse")
        assert custom.value(theta) == pytest.approx(known.value(theta))
        assert custom.gradient(theta) == pytest.approx(known.gradient(theta))
        assert custom.hessian(theta) == pytest.approx(known.hessian(theta))


def test_formula_for_probabilities_does_not_fit_a_regression():
    with pytest.raises(losses.Incompatible, match="scores yes or no; house prices asks for a number"):
        losses.problem("houses", "line", losses.own_loss("-y*log(p) - (1-y)*log(1-p)"))


# Invalid formulas.


@pytest.mark.parametrize(
    ("text", "position", "reason"),
    [
        ("", 1, "nothing is written here"),
        ("r^r", 3, "an exponent is a plain number"),
        (" r^2 + q^2", 8, "q is unknown"),
        ("r^^2", 3, "this cannot be read as a formula"),
        ("|r|", 1, "an absolute value is written abs(r)"),
        ("2r", 2, "a product is written 2*r"),
        ("1e-3*r + 3(r)", 11, "a product is written 2*r"),
        ("r +", 3, "this cannot be read"),
        ("(r", 1, "this cannot be read"),
        ("sinus(r)", 1, "the functions are abs, exp,"),
        ("r + x", 5, "x is unknown; there are r, p, y, pi"),
        ("2*sin", 3, "sin is a function, written sin(...)"),
        ("abs(r, 2)", 1, "abs takes one argument; not 2"),
        ("where(r > 0, r)", 1, "where takes 3 arguments; not 2"),
        ("r**r", 4, "an exponent is a plain number"),
        ("2**r", 4, "an exponent is a plain number"),
        ("r**2**3", 4, "an exponent is a plain number"),
        ("r**9", 4, "an exponent is at most 8"),
        ("0 < r < 1", 1, "only two things are compared"),
        ("1 + y", 1, "neither r nor p"),
        ("log(r)", 1, "not a finite number everywhere, for example at p = 0, y = 0, so r = 0"),
        ("9e999*r", 1, "this number is too large"),
        ("True*r", 1, "this is not a number"),
        ("r" + "+r" * 60, 121, "at most 120 characters"),
        (f"max({','.join('r' * 50)})", 103, "at most 50 parts"),
        ("-" * 25 + "r", 25, "at most 24 deep"),
        ("r" + "+r" * 25, 1, "at most 24 deep"),
    ],
)
def test_errors_name_the_reason_and_the_position(text, position, reason):
    with pytest.raises(FormulaError, match=r"^At position") as error:
        losses.own_loss(text)
    assert reason in str(error.value)
    assert (error.value.position, str(error.value)[-1]) == (position, ".")


@pytest.mark.parametrize(
    "text",
    [
        "__import__('os').system('true')",
        "().__class__",
        "r.__class__",
        "r.real",
        "abs.__call__(r)",
        "(lambda: r)()",
        "[r for r in r]",
        "r if r else p",
        "r and p",
        "not r",
        "~r",
        "r @ r",
        "r // 2",
        "f'{r}'",
        "'r'",
        "b'r'",
        "...",
        "None",
        "1j*r",
        "r := 2",
        "r; p",
        "r\n+p",
        "yield r",
        "await r",
        "abs(*r)",
        "abs(x=r)",
        "abs(**r)",
        "r[0]",
        "{r}",
        "r\x00",
        "ｒ",
        "exec(r)",
        "9**9**9*r",
        "-" * 119 + "r",
        "9" * 119 + "r",
        "r" + "**8" * 30,
        "0x_f*r",
    ],
)
def test_hostile_formulas_raise_formula_error(text):
    with pytest.raises(FormulaError):
        losses.own_loss(text)


def loss_or_error(text):
    try:
        return losses.own_loss(text)
    except FormulaError as error:
        return error


@given(st.text(max_size=MAX_CHARACTERS + 10) | st.text("rpy0123456789.*+-/()<>=!, eabsloxin_", max_size=40))
def test_any_text_gives_a_loss_or_a_formula_error(text):
    result = loss_or_error(text)
    if isinstance(result, FormulaError):
        assert str(result).startswith("At position ")
        assert 1 <= result.position <= len(text) + 1
    else:
        assert math.isfinite(result.example[2])


def test_overflow_of_nested_powers_raises_formula_error():
    with pytest.raises(FormulaError, match="not a finite number"):
        losses.own_loss("((((((r+9)**8)**8)**8)**8)**8)**8")


def test_every_operation_has_a_partial_derivative_and_a_placeholder_for_each_operand():
    for operation in ALL_OPERATIONS:
        assert operation.derivative or len(operation.partials) == operation.arity
        assert operation.tex.count("{") >= operation.arity


@pytest.mark.parametrize(("text", "lowest"), [("sin(r) + 2", 1.0), ("1 - exp(-r**2)", 0.0), ("r", None)])
def test_a_loss_is_never_below_its_lower_bound(text, lowest):
    assert losses.own_loss(text).lower_bound == lowest


@pytest.mark.parametrize(
    ("text", "convex"),
    [
        *(("cosh(exp(r))", True), ("cosh(-exp(r))", True), ("cosh(r**2 - 1)", False)),
        *(("r**4", True), ("r**3", False), ("exp(r)**3", True), ("(r**2 - 1)**2", False)),
    ],
)
def test_a_power_or_an_even_function_of_a_convex_one_is_convex_where_it_grows_with_it(text, convex):
    assert losses.own_loss(text).convex == convex
