"""The TeX and the NumPy source of formulas: brackets, numbers and cases as one would write them."""

import numpy as np
import pytest

from losses.core.special import sigmoid
from losses.expression.autodiff import evaluate
from losses.expression.parser import parse_formula
from losses.expression.printers import numpy_source, tex

VALUES = {"r": np.array([-1.25, 0.5, 3.0]), "p": np.array([0.75, -2.0, 1.5]), "y": np.array([2.0, 1.0, -0.5])}
PRINTED = (
    ("(r+1)*p", r"(r + 1)\,p", "(r + 1) * p"),
    ("r+p*y", r"r + p\,y", "r + p * y"),
    ("2*r+1", r"2\,r + 1", "2 * r + 1"),
    ("r-p-y", "r - p - y", "r - p - y"),
    ("r-(p-y)", "r - (p - y)", "r - (p - y)"),
    ("r-(p+y)", "r - (p + y)", "r - (p + y)"),
    ("r+(p+y)", "r + p + y", "r + (p + y)"),
    ("(r*p)*y", r"r\,p\,y", "r * p * y"),
    ("r*(p*y)", r"r\,p\,y", "r * (p * y)"),
    ("p-r*(y-1)", r"p - r\,(y - 1)", "p - r * (y - 1)"),
    ("-(r+p)", "-(r + p)", "-(r + p)"),
    ("-r*p", r"-(r\,p)", "-(r * p)"),
    ("-r**2", "-r^{2}", "-r**2"),
    ("(-r)**2", "{(-r)}^{2}", "(-r)**2"),
    ("r/p/y", r"\frac{\frac{r}{p}}{y}", "r / p / y"),
    ("r/(p/y)", r"\frac{r}{\frac{p}{y}}", "r / (p / y)"),
    ("r*(p/y)", r"r\,\frac{p}{y}", "r * (p / y)"),
    ("(r+1)/p", r"\frac{r + 1}{p}", "(r + 1) / p"),
    ("(r/p)**2", r"{(\frac{r}{p})}^{2}", "(r / p)**2"),
    ("(r*p)**2", r"{(r\,p)}^{2}", "(r * p)**2"),
    ("-(2*r)**2", r"-{(2\,r)}^{2}", "-(2 * r)**2"),
    ("r**-2", "r^{-2}", "r**-2"),
    ("abs(r)**1.23456", "|r|^{1.23456}", "np.abs(r)**1.23456"),
    ("(r**2+1)**0.5", r"\sqrt{r^{2} + 1}", "(r**2 + 1)**0.5"),
    ("exp(r)**2", "{(e^{r})}^{2}", "np.exp(r)**2"),
    ("exp(r+1)*p", r"e^{r + 1}\,p", "np.exp(r + 1) * p"),
    ("abs(r-1)**3", "|r - 1|^{3}", "np.abs(r - 1)**3"),
    ("2*sigmoid(r)", r"2\,\sigma(r)", "2 * sigmoid(r)"),
    ("softplus(-r)", r"\log(1 + e^{-r})", "np.logaddexp(0, -r)"),
    ("min(r+1,2*r)", r"\min(r + 1, 2\,r)", "np.minimum(r + 1, 2 * r)"),
    ("max(r,-r,p)", r"\max(\max(r, -r), p)", "np.maximum(np.maximum(r, -r), p)"),
    ("(r>0)*r", r"{[r > 0]}\,r", "1.0 * (r > 0) * r"),
    ("(r>0)**2", "{[r > 0]}^{2}", "(1.0 * (r > 0))**2"),
    ("(r==0)-(p!=y)", r"{[r = 0]} - {[p \ne y]}", "1.0 * (r == 0) - 1.0 * (p != y)"),
    ("r+1<=2*p", r"{[r + 1 \le 2\,p]}", "1.0 * (r + 1 <= 2 * p)"),
    (
        "where(r>0,r,p)**2",
        r"{(\begin{cases} r & r > 0 \\ p & \text{else} \end{cases})}^{2}",
        "np.where(r > 0, r, p)**2",
    ),
    (
        "where((r>0)*(p<1),r,y)",
        r"\begin{cases} r & {[r > 0]}\,{[p < 1]} \ne 0 \\ y & \text{else} \end{cases}",
        "np.where(1.0 * (r > 0) * (1.0 * (p < 1)) != 0, r, y)",
    ),
    (
        "where(r+1,p,y)+1",
        r"(\begin{cases} p & r + 1 \ne 0 \\ y & \text{else} \end{cases}) + 1",
        "np.where(r + 1 != 0, p, y) + 1",
    ),
    ("-3*r", r"-3\,r", "-3 * r"),
    ("0.5**2*r", r"0.5^{2}\,r", "0.5**2 * r"),
    ("(-0.5)**2*r", r"{(-0.5)}^{2}\,r", "(-0.5)**2 * r"),
    ("(-0.001)*r", r"-0.001\,r", "-0.001 * r"),
    ("123456789*r", r"123456789\,r", "123456789 * r"),
    ("1e20*r", r"1\cdot 10^{20}\,r", "1e+20 * r"),
    ("abs(r)**1.99999", "|r|^{1.99999}", "np.abs(r)**1.99999"),
    ("1.0000001*r", r"1.0000001\,r", "1.0000001 * r"),
    ("abs(r)**(1/3)/3", r"\frac{|r|^{\frac{1}{3}}}{3}", "np.abs(r)**0.3333333333333333 / 3"),
    ("(1/3)**2*r", r"{(\frac{1}{3})}^{2}\,r", "0.3333333333333333**2 * r"),
    ("3*1e-4*r-pi", r"0.0003\,r - \pi", "0.00030000000000000003 * r - 3.141592653589793"),
    ("r*2**2", r"r \cdot 2^{2}", "r * 2.0**2"),
    ("abs(r*abs(p)*y)", r"|(r\,|p|\,y)|", "np.abs(r * np.abs(p) * y)"),
    ("abs(r)*p*abs(y)", r"|r|\,p\,|y|", "np.abs(r) * p * np.abs(y)"),
    (
        "where(r>0,(r<2)*r,p)*y",
        r"(\begin{cases} {[r < 2]}\,r & r > 0 \\ p & \text{else} \end{cases})\,y",
        "np.where(r > 0, 1.0 * (r < 2) * r, p) * y",
    ),
    ("1e-300*r", r"1\cdot 10^{-300}\,r", "1e-300 * r"),
    ("r-1e16", r"r - 1\cdot 10^{16}", "r - 1e+16"),
)


@pytest.mark.parametrize(("text", "in_tex", "in_numpy"), PRINTED)
def test_a_formula_is_printed_with_the_brackets_it_needs(text, in_tex, in_numpy):
    node = parse_formula(text, ("r", "p", "y"))
    assert (tex(node), numpy_source(node)) == (in_tex, in_numpy)
    printed = eval(in_numpy, {"np": np, "sigmoid": sigmoid}, VALUES)
    np.testing.assert_allclose(printed, evaluate(node, VALUES), rtol=1e-15)


@pytest.mark.parametrize(
    ("text", "source", "value"),
    [
        ("1/0", "1.0 / np.float64(0.0)", np.inf),
        ("1/(2-2)", "1.0 / np.float64(0.0)", np.inf),
        ("(-1.5)**0.5", "np.float64(-1.5)**0.5", np.nan),
        ("(1e300)**2", "np.float64(1e+300)**2", np.inf),
        ("(1e-300)**2", "np.float64(1e-300)**2", 0.0),
        ("(0*r)**-1", "np.float64(0.0)**-1", np.inf),
        ("(0*r)**2", "0.0**2", 0.0),
        ("1/sin(0)", "1 / np.float64(np.sin(0.0))", np.inf),
        ("max(2,3)", "np.maximum(2.0, 3.0)", 3.0),
        ("where(r>0,2,3)", "np.where(r > 0, 2.0, 3.0)", 3.0),
        ("where(r,2,3)", "np.where(r != 0, 2.0, 3.0)", 2.0),
    ],
)
def test_numbers_are_those_of_numpy_where_python_would_raise_or_wrap_around(text, source, value):
    node = parse_formula(text, ("r",))
    assert numpy_source(node) == source
    with np.errstate(all="ignore"):
        assert np.array_equal(eval(source, {"np": np, "r": -0.5}), value, equal_nan=True)
