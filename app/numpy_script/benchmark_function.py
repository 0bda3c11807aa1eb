"""A test function: its formula and the formula's slopes."""

import losses
from losses.expression.autodiff import derivative
from losses.expression.node import Node
from losses.expression.parser import parse_formula
from losses.expression.printers import numpy_source

from .source import function_source


def derivative_by(node: Node, *names: str) -> Node:
    """The derivative of a formula by one name after the other."""
    for one in names:
        node = derivative(node, frozenset((one,)))
    return node


def benchmark_source(problem: losses.TestFunction, hessian: bool) -> list[str]:
    f, (x, y) = parse_formula(problem.expression, problem.parameters), problem.parameters
    unpacked = f"{x}, {y} = theta"
    first = ", ".join(numpy_source(derivative_by(f, one)) for one in (x, y))
    second = "], [".join(", ".join(numpy_source(derivative_by(f, a, b)) for b in (x, y)) for a in (x, y))
    lines = function_source("loss(theta)", unpacked, f"return {numpy_source(f)}")
    lines += function_source("gradient(theta)", unpacked, f"return np.array([{first}])")
    if hessian:
        lines += function_source("hessian(theta)", unpacked, f"return np.array([[{second}]])")
    return lines
