"""How a script writes numbers and functions."""

import textwrap

import numpy as np

from losses.arrays import Array


def number(value: float) -> str:
    return repr(int(value)) if value == int(value) and abs(value) < 1e15 else repr(float(value))


def literal(values: Array) -> str:
    """An array as Python writes it, wrapped; every number is exact."""
    rows = [f"[{', '.join(map(number, row))}]" if np.ndim(row) else number(row) for row in values.tolist()]
    text = ", ".join(rows)
    if len(text) < 90:
        return f"np.array([{text}])"
    wrapped = textwrap.fill(
        text, 100, initial_indent="    ", subsequent_indent="    ", break_long_words=False
    )
    return f"np.array([\n{wrapped}\n])"


def defined(head: str, *lines: str) -> list[str]:
    """A function and the blank lines around it."""
    return ["", "", f"def {head}:", *(f"    {line}" for line in lines), "", ""]
