"""Python source as text: literals, function definitions and the replacement of variables.

Sources are complete statements in ASCII, given as single lines or joined by line breaks.
"""

import ast
import textwrap
from collections.abc import Sequence

import numpy as np

from losses.core.arrays import Array


def number_literal(value: float) -> str:
    """Return a number as exact Python source; a whole number below 1e15 has no decimal point."""
    return repr(int(value)) if value == int(value) and abs(value) < 1e15 else repr(float(value))


def array_literal(values: Array) -> str:
    """Return ``np.array([…])`` of exact numbers, wrapped if it is long; the array has one or two axes."""
    rows = [
        f"[{', '.join(map(number_literal, row))}]" if np.ndim(row) else number_literal(row)
        for row in values.tolist()
    ]
    text = ", ".join(rows)
    if len(text) < 90:
        return f"np.array([{text}])"
    wrapped = textwrap.fill(
        text, 100, initial_indent="    ", subsequent_indent="    ", break_long_words=False
    )
    return f"np.array([\n{wrapped}\n])"


def function_source(signature: str, *body: str) -> list[str]:
    """Return the lines of a function, with two blank lines before and after."""
    return ["", "", f"def {signature}:", *(f"    {line}" for line in body), "", ""]


def count_uses(name: str, lines: Sequence[str]) -> int:
    """Return how often statements mention a variable, assignments to it included."""
    return len(_mentions(name, lines))


def replace_variable(name: str, expression: str, lines: Sequence[str]) -> list[str]:
    """Return statements in which an expression stands wherever a variable was; brackets are not added."""
    replaced = list(lines)
    last_first = sorted(_mentions(name, lines), key=lambda node: (node.lineno, node.col_offset), reverse=True)
    for node in last_first:  # so that the positions of those before stay valid
        line = replaced[node.lineno - 1]
        replaced[node.lineno - 1] = line[: node.col_offset] + expression + line[node.end_col_offset :]
    return replaced


def drop_unused(lines: Sequence[str]) -> list[str]:
    """Return the statements of a function without assignments to variables that no later line mentions."""
    used = list[str]()
    for line in reversed(lines):
        name = _assigned_variable(line)
        if not name or count_uses(name, used):
            used.insert(0, line)
    return used


def _assigned_variable(line: str) -> str:
    """Return the name that a statement assigns to, ``""`` if it is no assignment to one name."""
    match ast.parse(line).body:
        case [ast.Assign(targets=[ast.Name(id=name)])]:
            return name
    return ""


def inline_score(score: str, *lines: str) -> list[str]:
    """Return the statements of a function that use the score ``z``, completed by the expression for it.

    If z is used once, the expression takes its place; otherwise ``z = …`` is the first line. Assignments that
    are then unused are dropped. For the score ``X @ theta``:

    =====================================  ============================================
    lines                                  result
    =====================================  ============================================
    ``r = z - y``, ``return r``            ``r = X @ theta - y``, ``return r``
    ``r = z - y``, ``return -z``           ``return -(X @ theta)``
    ``r = z - y``, ``return z * r``        ``z = X @ theta``, ``r = z - y``, ``return z * r``
    =====================================  ============================================
    """
    used = drop_unused(lines)
    if count_uses("z", used) != 1:
        return drop_unused([f"z = {score}", *used])
    needs_no_brackets = any("(z)" in line or "= z - y" in line for line in used)
    return replace_variable("z", score if needs_no_brackets else f"({score})", used)


def _mentions(name: str, lines: Sequence[str]) -> list[ast.Name]:
    """Return the places of a variable in the syntax tree; ``lineno`` counts the lines from 1."""
    tree = ast.parse("\n".join(lines))
    return [node for node in ast.walk(tree) if isinstance(node, ast.Name) and node.id == name]
