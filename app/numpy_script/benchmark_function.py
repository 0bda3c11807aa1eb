"""A test function: its formula and the formula's slopes."""

import losses
from losses.expression.autodiff import derivative
from losses.expression.node import Node
from losses.expression.parser import read
from losses.expression.printers import numpy_source

from .source import defined


def by(node: Node, *names: str) -> Node:
    """The derivative of a formula by one name after the other."""
    for one in names:
        node = derivative(node, frozenset((one,)))
    return node


def of_function(problem: losses.TestFunction, hessian: bool) -> list[str]:
    f, (x, y) = read(problem.expression, problem.parameters), problem.parameters
    unpacked = f"{x}, {y} = theta"
    first = ", ".join(numpy_source(by(f, one)) for one in (x, y))
    second = "], [".join(", ".join(numpy_source(by(f, a, b)) for b in (x, y)) for a in (x, y))
    lines = defined("loss(theta)", unpacked, f"return {numpy_source(f)}")
    lines += defined("gradient(theta)", unpacked, f"return np.array([{first}])")
    if hessian:
        lines += defined("hessian(theta)", unpacked, f"return np.array([[{second}]])")
    return lines
