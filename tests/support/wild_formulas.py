"""Own formulas with numbers over the whole range of float64, and their values by mpmath as an oracle."""

from dataclasses import dataclass
from random import Random

import mpmath
from hypothesis import strategies as st
from mpmath import mp

from losses.expression.node import NAME, NUMBER, POWER, Node, subexpressions
from losses.expression.operations import FUNCTIONS

NUMBERS = ("2", "0.5", "(-1.5)", "0", "1e-300", "1e300", "7e-12", "4e12", "pi", "800", "(-1e-5)", "1e16")
VALUES = (
    0.0,
    1.0,
    -1.0,
    0.5,
    40.0,
    -40.0,
    710.0,
    -745.2,
    800.0,
    -1e3,
    1e9,
    -1e16,
    1e154,
    -1e308,
    1e-9,
    1e-200,
)


def formulas(max_leaves: int = 7) -> st.SearchStrategy[str]:
    """Return formulas in r, p and y of every operation, without regard to their domains."""
    unary = sorted(key for key, operation in FUNCTIONS.items() if operation.arity == 1)
    return st.recursive(
        st.sampled_from(("r", "p", "y", "r", "p", *NUMBERS)),
        lambda inner: st.one_of(
            st.builds("({}{}{})".format, inner, st.sampled_from("+-*/"), inner),
            st.builds("{}({})".format, st.sampled_from(unary), inner),
            st.builds("{}({},{})".format, st.sampled_from(("max", "min")), inner, inner),
            st.builds("({})**{}".format, inner, st.sampled_from(("2", "3", "8", "1.5", "-1", "-8", "0.5"))),
            st.builds(
                "where({}{}{},{},{})".format,
                inner,
                st.sampled_from(("<", "<=", ">", ">=", "==", "!=")),
                inner,
                inner,
                inner,
            ),
        ),
        max_leaves=max_leaves,
    )


def numbers() -> st.SearchStrategy[float]:
    """Return floats: round ones, those at which exponentials leave float64, and any other."""
    any_float = st.floats(allow_nan=False, allow_infinity=False)
    return st.one_of(st.sampled_from(VALUES), st.floats(-50.0, 50.0), any_float)


def _multiply(a, b):
    """Multiply with 0 × ∞ = 0, as formulas do."""
    if (a == 0 and mpmath.isinf(b)) or (b == 0 and mpmath.isinf(a)):
        return mp.mpf(0)
    return a * b


def _divide(a, b):
    if b == 0:
        return mp.nan if a == 0 or mpmath.isnan(a) else mp.inf * mpmath.sign(a)
    return a / b


def _power(a, exponent):
    if a == 0:
        return mp.mpf(0) if exponent > 0 else mp.inf
    if mpmath.isinf(a) and exponent < 0:
        return mp.mpf(0)
    return mpmath.power(a, mp.mpf(exponent)) if exponent != int(exponent) else a ** int(exponent)


def _larger(a, b):
    return mp.nan if mpmath.isnan(a) or mpmath.isnan(b) else max(a, b)


def _sigmoid(u):
    return 1 / (1 + mpmath.exp(-u)) if u >= 0 else mpmath.exp(u) / (1 + mpmath.exp(u))


ORACLES = {
    "+": lambda a, b: a + b,
    "-": lambda a, b: a - b,
    "*": _multiply,
    "/": _divide,
    "negative": lambda a: -a,
    "abs": abs,
    "exp": mpmath.exp,
    "log": mpmath.log,
    "log1p": mpmath.log1p,
    "sqrt": mpmath.sqrt,
    "tanh": mpmath.tanh,
    "sin": mpmath.sin,
    "cos": mpmath.cos,
    "cosh": mpmath.cosh,
    "sinh": mpmath.sinh,
    "sign": mpmath.sign,
    "sigmoid": _sigmoid,
    "softplus": lambda u: _larger(u, mp.mpf(0)) + mpmath.log1p(mpmath.exp(-min(abs(u), MAX_ARGUMENT))),
    "max": _larger,
    "min": lambda a, b: -_larger(-a, -b),
    "where": lambda c, a, b: a if c != 0 else b,
    "<": lambda a, b: mp.mpf(a < b),
    "<=": lambda a, b: mp.mpf(a <= b),
    ">": lambda a, b: mp.mpf(a > b),
    ">=": lambda a, b: mp.mpf(a >= b),
    "==": lambda a, b: mp.mpf(a == b),
    "!=": lambda a, b: mp.mpf(a != b),
}
"""Each operation in mpmath, whose exponents are unlimited; a complex result stands for NaN."""
COMPARISONS = ("<", "<=", ">", ">=", "==", "!=")
EXACT_OPERATIONS = {NUMBER, NAME, "negative", "abs", "sign", "max", "min", "where", *COMPARISONS}
"""Their results are the same in float64 as in exact arithmetic."""
DOUBLE_SPACING = 2.0**-52
MAX_ARGUMENT = 1e14
"""Exponentials of larger arguments may have products beyond :mod:`losses.expression.scaled`."""


class Unanswerable(ValueError):
    """The oracle cannot evaluate the expression: a tower of exponentials."""


def _evaluate_node(node: Node, parts, variables, saturates):
    if node.op == NUMBER:
        return mp.mpf(node.number)
    if node.op == NAME:
        return variables[node.name]
    if any(isinstance(part, mpmath.mpc) for part in parts):
        parts = [mp.nan if isinstance(part, mpmath.mpc) else part for part in parts]
    if node.op == POWER:
        return _power(parts[0], node.number)
    is_exponential = node.op in ("exp", "sinh", "cosh", "tanh", "sigmoid", "softplus", "sin", "cos")
    if is_exponential and mpmath.isfinite(parts[0]) and abs(parts[0]) > MAX_ARGUMENT:
        if node.op in ("sin", "cos") or not saturates:
            raise Unanswerable(node.op)
        parts = [mpmath.sign(parts[0]) * MAX_ARGUMENT] if node.op != "softplus" else parts
    return ORACLES[node.op](*parts)


def oracle(root: Node, values: dict[str, float], digits: int, *, saturates: bool = False, perturbation=None):
    """Return the value of an expression, computed by mpmath with ``digits`` at each step.

    The value is NaN outside the domain. Raises Unanswerable for towers of exponentials, unless those of
    arguments beyond ``MAX_ARGUMENT`` may be taken at that argument (``saturates``). A ``perturbation``, a
    random.Random, changes the result of each operation that rounds by at most the spacing of doubles.
    """
    with mp.workdps(digits):
        variables = {name: mp.mpf(value) for name, value in values.items()}
        computed = {}
        for node in subexpressions(root):
            value = _evaluate_node(node, [computed[part] for part in node.parts], variables, saturates)
            if perturbation is not None and node.op not in EXACT_OPERATIONS:
                value *= 1 + mp.mpf(perturbation.uniform(-DOUBLE_SPACING, DOUBLE_SPACING))
            computed[node] = value
        value = computed[root]
        return mp.nan if isinstance(value, mpmath.mpc) else +value


@dataclass(frozen=True)
class Oracle:
    """The exact value of an expression and how much rounding each step to a double's digits changes it."""

    value: mpmath.mpf
    rounding: mpmath.mpf


ROUGH_DIGITS = (15, 16, 17)
"""At one precision, steps that cancel may be rounded to the same number, and show no rounding."""
PERTURBATIONS = 4
"""Steps that are equal at every precision, as of a number divided by itself, differ when perturbed."""


def value_with_rounding(root: Node, values: dict[str, float]) -> Oracle:
    """Return the value with 400 digits, and its largest difference from those with rough steps.

    The exponents are unlimited in each of them. The source of perturbed steps: J. Vignes, "A
    stochastic arithmetic for reliable scientific computation", 1993.
    """
    exact = oracle(root, values, 400)
    generator = Random(0)
    rough = [oracle(root, values, digits) for digits in ROUGH_DIGITS]
    rough += [oracle(root, values, 17, perturbation=generator) for _ in range(PERTURBATIONS)]
    if any(map(mpmath.isnan, (exact, *rough))):
        return Oracle(exact, mp.mpf(0) if all(map(mpmath.isnan, (exact, *rough))) else mp.inf)
    return Oracle(exact, max(mp.mpf(0) if exact == value else abs(exact - value) for value in rough))
