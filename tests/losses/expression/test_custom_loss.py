"""A loss of one's own: read, differentiated, honest about itself, safe from anyone."""

import math
import warnings

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import losses
from losses.expression.autodiff import bounds, derivative, evaluate, is_smooth
from losses.expression.custom_loss import PREDICTION_VARIABLES, VARIABLES
from losses.expression.operations import ALL_OPERATIONS, FUNCTIONS
from losses.expression.parser import MAX_CHARACTERS, FormulaError, parse_formula
from losses.expression.printers import numpy_source
from tests.support.difference_quotients import derivative as quotient

TWINS = {
    "mse": "r**2",
    "mae": "abs(r)",
    "huber": "where(abs(r) <= 1, r**2/2, abs(r) - 0.5)",
    "logcosh": "log(cosh(r))",
    "quantile": "max(-0.9*r, 0.1*r)",
}
Z = np.linspace(-4.017, 4.013, 101)


@pytest.mark.parametrize(("key", "text"), TWINS.items())
def test_a_formula_of_a_known_loss_is_that_loss(key, text):
    known, own = losses.LOSSES[key], losses.own_loss(text)
    y = np.array([0.0, -1.3, 2.2])[:, None]
    for part in ("value", "slope", "curvature"):
        assert getattr(own, part)(Z, y) == pytest.approx(getattr(known, part)(Z, y), abs=1e-12), part


def test_cross_entropy_written_in_probabilities():
    own, known = losses.own_loss("-(y*log(p) + (1 - y)*log(1 - p))"), losses.LOSSES["bce"]
    z = np.linspace(-5, 5, 21)
    for y in (0.0, 1.0):
        assert own.value(1 / (1 + np.exp(-z)), y) == pytest.approx(known.value(z, y), rel=1e-12)
    assert own.tasks == ("binary", "multiclass")
    assert own.value(np.array([0.0, 1.0]), np.array([0.0, 1.0])).tolist() == [0.0, 0.0], "0 log 0 is 0"


# Every operation, differentiated twice.

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
def test_derivatives_are_those_of_the_values(text):
    node, y = parse_formula(text, VARIABLES), 0.37
    points = np.linspace(0.11, 1.46, 23)

    def at(tree, p):
        return evaluate(tree, {"p": p, "y": np.float64(y), "r": p - y})

    kinks = np.abs(points[:, None] - np.array([0.37, 0.57, 1.37, 0.74, 1.83])).min(axis=1) < 0.01
    points = points[~kinks]
    slope = derivative(node, PREDICTION_VARIABLES)
    assert at(slope, points) == pytest.approx(quotient(lambda p: at(node, p), points), abs=1e-7)
    bend = derivative(slope, PREDICTION_VARIABLES)
    assert at(bend, points) == pytest.approx(quotient(lambda p: at(slope, p), points), abs=1e-7)


@pytest.mark.parametrize("text", CALLS + SIGNS)
def test_what_is_written_in_numpy_is_the_formula(text):
    sigmoid = lambda u: 1 / (1 + np.exp(-u))  # noqa: E731
    p, y = np.linspace(0.11, 1.46, 23), np.float64(0.37)
    names = {"p": p, "y": y, "r": p - y}
    for tree in (
        parse_formula(text, VARIABLES),
        derivative(parse_formula(text, VARIABLES), PREDICTION_VARIABLES),
    ):
        said = eval(numpy_source(tree), {"np": np, "sigmoid": sigmoid}, names)
        assert said + 0 * p == pytest.approx(evaluate(tree, names), rel=1e-12)


# Claims.


@pytest.mark.parametrize(
    ("text", "convex", "smooth"),
    [
        ("r**2", True, True),
        ("r*r*r*r/4", True, True),
        ("abs(r)**1.5", True, True),
        ("max(0, r)**2", True, True),
        ("log(cosh(r))", True, True),
        ("exp(r) - r - 1", True, True),
        ("softplus(r)", True, True),
        ("1 - exp(-r**2)", False, True),
        ("log1p(r**2)", False, True),
        ("sin(r)", False, True),
        ("abs(r)", False, False),
        ("abs(r)**0.5", False, False),
        ("max(1, abs(r))**2", False, False),
        ("where(abs(r) <= 1, r**2/2, abs(r) - 0.5)", False, False),
        ("sign(r)*r", False, False),
        ("sqrt(r**2)", False, False),
    ],
)
def test_claims_are_proved_or_not_made(text, convex, smooth):
    loss = losses.own_loss(text)
    assert (loss.convex, loss.smooth) == (convex, smooth)


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
EVERYWHERE = np.concatenate([-np.geomspace(1e-6, 1e3, 40), [0.0], np.geomspace(1e-6, 1e3, 40)])


@given(EXPRESSION)
def test_bounds_hold_and_nothing_is_said_that_is_not_so(text):
    try:
        node = parse_formula(text, VARIABLES)
    except FormulaError:
        return
    p, y = np.meshgrid(EVERYWHERE, EVERYWHERE[::7])
    with np.errstate(all="ignore"):
        for tree in (node, derivative(node, PREDICTION_VARIABLES)):
            values = evaluate(tree, {"p": p, "y": y, "r": p - y})
            low, high = bounds(tree)
            slack = 1e-9 * np.abs(values)
            assert not ((values < low - slack) | (values > high + slack)).any()
    if is_smooth(node):
        slope = derivative(node, PREDICTION_VARIABLES)
        near, y = np.array([-2.0, 0.0, 1.0, 0.5]), np.array([[0.0], [1.0], [0.5]])
        jump = [evaluate(slope, {"p": near + e, "y": y, "r": near + e - y}) for e in (-1e-12, 1e-12)]
        size = 1.0 + np.abs(jump[0])
        whole = np.isfinite(jump[0]) & np.isfinite(jump[1]) & (size < 1e6)
        assert (np.abs(jump[0] - jump[1])[whole] <= 1e-3 * size[whole]).all()


def test_powers_and_reciprocals_of_one_thing_are_multiplied():
    """Simplifying once moved r past 1/r and back for ever."""
    own = losses.own_loss("(r**2 + 1)**-1 * y * (r**2 + 1)**2 * y")
    assert own.value(3.0, 2.0) == pytest.approx(8.0)
    cubed = losses.own_loss("((r)**-1)**3")
    assert cubed.slope(3.0, 1.0) == pytest.approx(-3 / 2**4)


# Used as any loss is.


def test_a_formula_is_scored_certified_and_judged_like_its_twin():
    own = losses.problem("houses", "line", losses.own_loss("r**2"), standardize=True)
    twin = losses.problem("houses", "line", "mse", standardize=True)
    mine, theirs = losses.certify(own), losses.certify(twin)
    assert mine.loss == pytest.approx(theirs.loss, rel=1e-12)
    assert mine.optimum == pytest.approx(theirs.optimum, rel=1e-9)
    assert mine.critical_rate == pytest.approx(theirs.critical_rate, rel=1e-12)
    assert (mine.scope, mine.unique) == ("bound", True)
    run = losses.descend(own, "gd", rate=0.3, steps=200)
    assert run.outcome.name == "CONVERGED"
    assert run.loss == pytest.approx(losses.descend(twin, "gd", rate=0.3, steps=200).loss)


def test_a_kinked_formula_is_certified_of_nothing_and_never_called_converged():
    own = losses.problem("houses", "line", losses.own_loss("abs(r)"), standardize=True)
    assert losses.certify(own).optimum is None
    assert losses.descend(own, "gd", rate=0.01, steps=500).outcome.name in ("RUNNING", "OSCILLATING")


def test_a_loss_that_flattens_has_a_local_certificate():
    own = losses.problem("outlier", "line", losses.own_loss("1 - exp(-r**2)"), standardize=True)
    c = losses.certify(own)
    assert (c.scope, c.unique) == ("local", False)
    assert np.abs(own.gradient(c.optimum)).max() < 1e-9


@pytest.mark.parametrize("text", ["exp(r**2)", "cosh(r)**8", "abs(r)**1.5", "1/(1 + exp(-r))"])
def test_a_run_beyond_numbers_is_judged_without_a_fault(text):
    own = losses.problem("norris", "line", losses.own_loss(text))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        losses.certify(own)
        assert losses.surface(own, size=7).z.shape == (7, 7)
        for rate in (1e-9, 1.0, 1e9):
            run = losses.descend(own, "gd", rate=rate, steps=20)
            assert run.outcome.sentence.endswith(".")


def test_a_start_beyond_numbers_is_said():
    own = losses.problem("norris", "line", losses.own_loss("exp(r**2)"))
    run = losses.descend(own, "gd", start=(0.0, 1e4), rate=1.0, steps=20)
    assert (run.outcome.name, len(run.theta)) == ("DIVERGED", 1)
    assert run.outcome.sentence == "The loss at the start is beyond numbers. Start elsewhere."


@pytest.mark.slow
@given(
    EXPRESSION, st.sampled_from(["gd", "newton", "line_search", "adam"]), st.sampled_from([1e-3, 1.0, 1e9])
)
def test_no_formula_breaks_a_certificate_or_a_run(text, optimizer, rate):
    said = answer(text)
    if not isinstance(said, losses.Loss):
        return
    pairs = {"regression": ("anscombe2", "line"), "binary": ("spam", "logistic")}
    for task in set(said.tasks) & set(pairs):
        own = losses.problem(*pairs[task], said, standardize=task == "binary")
        losses.certify(own)
        run = losses.descend(own, optimizer, rate=rate, steps=12)
        assert len(run.theta) >= 1
        assert run.outcome.sentence.endswith(".")


def test_a_formula_scores_classes():
    own, mse = losses.own_loss("r**2"), "mse"
    for data, model in (("spam", "logistic"), ("iris", "softmax")):
        theta = losses.problem(data, model, mse).start + 0.3
        mine, theirs = losses.problem(data, model, own), losses.problem(data, model, mse)
        assert mine.value(theta) == pytest.approx(theirs.value(theta))
        assert mine.gradient(theta) == pytest.approx(theirs.gradient(theta))
        assert mine.hessian(theta) == pytest.approx(theirs.hessian(theta))


def test_a_formula_of_chances_does_not_score_numbers():
    with pytest.raises(losses.Incompatible, match="scores yes or no; house prices asks for a number"):
        losses.problem("houses", "line", losses.own_loss("-y*log(p) - (1-y)*log(1-p)"))


# Refusals.


@pytest.mark.parametrize(
    ("text", "position", "sentence"),
    [
        ("", 1, "nothing is written here"),
        ("r^2", 2, "a power is written r**2"),
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
def test_refusals_name_the_place(text, position, sentence):
    with pytest.raises(FormulaError, match=r"^At position") as caught:
        losses.own_loss(text)
    assert sentence in str(caught.value)
    assert (caught.value.position, str(caught.value)[-1]) == (position, ".")


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
def test_hostile_formulas_are_refused(text):
    with pytest.raises(FormulaError):
        losses.own_loss(text)


def answer(text):
    try:
        return losses.own_loss(text)
    except FormulaError as refused:
        return refused


@given(st.text(max_size=MAX_CHARACTERS + 10) | st.text("rpy0123456789.*+-/()<>=!, eabsloxin_", max_size=40))
def test_no_text_does_anything_but_a_loss_or_a_sentence(text):
    said = answer(text)
    if isinstance(said, FormulaError):
        assert str(said).startswith("At position ")
        assert 1 <= said.position <= len(text) + 1
    else:
        assert math.isfinite(said.example[2])


def test_powers_of_powers_cost_nothing_and_overflow_is_refused():
    with pytest.raises(FormulaError, match="not a finite number"):
        losses.own_loss("((((((r+9)**8)**8)**8)**8)**8)**8")


def test_the_table_is_whole():
    for operation in ALL_OPERATIONS:
        assert len(operation.partials) == operation.arity
        assert operation.tex.count("{") >= operation.arity
