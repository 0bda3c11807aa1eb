"""The MathML of formulas, read by a reader that knows nothing of their source."""

import math

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st
from latex2mathml.converter import convert

from losses.expression.autodiff import evaluate
from losses.expression.custom_loss import VARIABLES
from losses.expression.operations import FUNCTIONS
from losses.expression.parser import FormulaError, parse_formula
from losses.expression.printers import tex
from tests.support.mathml_reader import UndefinedError, value_of_mathml

ATOMS = ("r", "p", "y", "2", "0.5", "1234567", "1.0000001", "(1/3)", "pi", "(-2)", "0.125")
EXPONENTS = ("2", "3", "0.5", "-1", "1.99999", "(1/3)", "pi")
UNARY = sorted(key for key, operation in FUNCTIONS.items() if operation.arity == 1)
COMPARISONS = ("<", "<=", ">", ">=", "==", "!=")


def _larger(inner):
    comparison = st.builds("({}{}{})".format, inner, st.sampled_from(COMPARISONS), inner)
    return st.one_of(
        st.builds("{}{}{}".format, inner, st.sampled_from("+-*/"), inner),
        st.builds("({}{}{})".format, inner, st.sampled_from("+-*/"), inner),
        st.builds("-{}".format, inner),
        st.builds("({})**{}".format, inner, st.sampled_from(EXPONENTS)),
        st.builds("{}({})".format, st.sampled_from([*UNARY, "abs", "abs"]), inner),
        st.builds("{}({},{})".format, st.sampled_from(("max", "min")), inner, inner),
        comparison,
        st.builds("where({},{},{})".format, st.one_of(inner, comparison), inner, inner),
    )


FORMULAS = st.recursive(st.sampled_from(ATOMS), _larger, max_leaves=8)
NUMBER = st.floats(-3.0, 3.0).map(lambda x: round(x, 2))


@given(FORMULAS, NUMBER, NUMBER)
@example("where(r>1,(r>0)*r,0)", 2.0, 0.0)
@example("where(r>0,r,p)*y", 1.0, 2.0)
@example("where(where(r>0,r,p)<2,r,p)", 1.0, 2.0)
@example("where(where(r>0,r,p),r,p)", 1.0, 2.0)
@example("abs(r*abs(p)*y)", -1.0, 2.0)
@example("2*2**2*r", -1.0, 2.0)
@example("1e-6*r*1e20**2", -1.0, 2.0)
@example("abs(r)**1.99999+pi", -3.0, 2.0)
def test_a_formula_reads_as_what_is_computed(text, p, y):
    values = {"p": p, "y": y, "r": p - y}
    try:
        node = parse_formula(text, VARIABLES)
        read = value_of_mathml(convert(tex(node)), values)
    except (FormulaError, UndefinedError):  # too long, too deep, or outside the domain
        assume(False)
        raise
    computed = float(evaluate(node, values))
    if math.isfinite(computed) and math.isfinite(read) and max(abs(computed), abs(read)) < 1e9:
        assert read == pytest.approx(computed, rel=1e-6, abs=1e-6)
