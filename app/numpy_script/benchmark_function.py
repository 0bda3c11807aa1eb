"""The part of a script that defines a benchmark function with its derivatives."""

import losses
from losses.expression.autodiff import derivative
from losses.expression.node import Node
from losses.expression.parser import parse_formula
from losses.expression.printers import numpy_source

from .source import function_source


def derivative_by(node: Node, *names: str) -> Node:
    """Return the partial derivative of a formula by one variable after the other."""
    for name in names:
        node = derivative(node, frozenset((name,)))
    return node


def benchmark_source(problem: losses.TestFunction, with_hessian: bool) -> list[str]:
    """Return the lines of ``loss``, ``gradient`` and, if asked for, ``hessian`` of a benchmark function."""
    f, names = parse_formula(problem.expression, problem.parameters), problem.parameters
    unpacking = f"{', '.join(names)} = theta"
    gradient = ", ".join(numpy_source(derivative_by(f, name)) for name in names)
    rows = [", ".join(numpy_source(derivative_by(f, row, column)) for column in names) for row in names]
    hessian = "], [".join(rows)
    lines = function_source("loss(theta)", unpacking, f"return {numpy_source(f)}")
    lines += function_source("gradient(theta)", unpacking, f"return np.array([{gradient}])")
    if with_hessian:
        lines += function_source("hessian(theta)", unpacking, f"return np.array([[{hessian}]])")
    return lines
