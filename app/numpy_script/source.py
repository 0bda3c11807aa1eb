"""How a script writes numbers and functions."""

import re
import textwrap

import numpy as np

from losses.core.arrays import Array


def number_literal(value: float) -> str:
    return repr(int(value)) if value == int(value) and abs(value) < 1e15 else repr(float(value))


def array_literal(values: Array) -> str:
    """An array as Python writes it, wrapped; every number is exact."""
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


def function_source(head: str, *lines: str) -> list[str]:
    """A function and the blank lines around it."""
    return ["", "", f"def {head}:", *(f"    {line}" for line in lines), "", ""]


def count_uses(name: str, text: str) -> int:
    """How often a name occurs in a text."""
    return len(re.findall(rf"\b{name}\b", text))


def drop_unused(*lines: str) -> list[str]:
    """The lines of a function less those that name what no later line asks for."""
    kept = list[str]()
    for line in reversed(lines):
        named = re.match(r"(\w+) = ", line)
        if not named or any(count_uses(named[1], later) for later in kept):
            kept.insert(0, line)
    return kept


def inline_score(score: str, *lines: str) -> list[str]:
    """Lines that ask for the score z: it stands where it is asked for once, and has a line of its own otherwise."""
    kept = drop_unused(*lines)
    if sum(count_uses("z", line) for line in kept) != 1:
        return drop_unused(f"z = {score}", *kept)
    bare = [line.replace("= z - y", f"= {score} - y").replace("(z)", f"({score})") for line in kept]
    return [re.sub(r"\bz\b", f"({score})", line) for line in bare]
