"""Evaluate the TeX of an update rule, by translating it to Python."""

import re

import numpy as np

from losses.optimizer import rule_line
from losses.optimizer.rule_line import tex_symbol

HATS = {r"\hat m": r"(m/(1 - beta1^k))", r"\hat v": r"(v/(1 - beta2^k))"}
"""Adam's bias-corrected estimates, as Python."""
FUNCTIONS = {name.removesuffix("imum"): getattr(np, name) for name in rule_line.FUNCTIONS}
"""The functions of rules, by their names in TeX."""


def theta_of_formula(formula, optimizer, values):
    """Return the next theta by a formula of assignments.

    ``values`` are all numbers of the step, before (``_old``) and after it.
    """
    symbols = {tex_symbol(s.symbol or s.name): s.name for s in optimizer.settings}
    symbols |= {tex_symbol(a.printed): a.name for a in optimizer.memory}
    symbols |= {tex_symbol(line.target): line.target for line in optimizer.lines if line.target != "theta"}
    statements = [part.split(r"\leftarrow") for part in formula.split(r",\quad ") if r"\leftarrow" in part]
    known = dict(values)
    for left, _ in statements:  # before its assignment a symbol means the old value
        name = symbols.get(left.strip(), left.strip().lstrip("\\"))
        known[name] = values.get(f"{name}_old", np.nan)
    for left, right in statements:
        name = symbols.get(left.strip(), left.strip().lstrip("\\"))
        known[name] = eval(python_of(right, symbols), {"__builtins__": {}, **FUNCTIONS}, known)
    return known["theta"]


def python_of(tex, symbols):
    """Return the TeX of an expression as Python; its products are written without a sign."""
    for symbol, expression in HATS.items():
        tex = tex.replace(symbol, expression)
    tex = re.sub(r"\\nabla L(_B)?(\(\\theta\))?", " g ", tex.replace(r"\,", " "))
    tex = re.sub(r"\\alpha\s+H\^\{-1\}\s+g", "(0 - step)", tex)
    tex = tex.replace(r"\Delta\theta", " step ").replace(r"\alpha_k", " length ")
    tex = re.sub(r"(\w)_\{\\mathrm\{old\}\}", r" \1_old ", tex)
    for symbol in sorted(symbols, key=len, reverse=True):
        tex = (
            re.sub(rf"{re.escape(symbol)}(?![a-zA-Z_])", f" {symbols[symbol]} ", tex)
            if symbol[0] == "\\"
            else tex
        )
    tex = re.sub(r"\\alpha(?![a-zA-Z])", " rate ", tex).replace(r"\theta", " theta ").replace(r"\cdot", " ")
    tex = re.sub(r"\\mathrm\{(\w+)\}\(", r" \1(", tex)
    tex = re.sub(r"\|([^|]*)\|", r" abs(\1)", tex)
    while r"\frac{" in tex or r"\sqrt{" in tex:
        tex = re.sub(r"\\sqrt\{([^{}]*)\}", r" sqrt(\1)", tex)
        tex = re.sub(r"\\frac\{([^{}]*)\}\{([^{}]*)\}", r"((\1)/(\2))", tex)
    tex = re.sub(r"\^(\w)|\^\{([^{}]*)\}", lambda power: f"**({power[1] or power[2]})", tex)
    tokens = re.findall(r"\*\*|\w+|\S", tex)
    python = ""
    for before, token in zip(["", *tokens], tokens, strict=False):
        product = re.match(r"[\w)]", before) and re.match(r"[\w(]", token) and before not in FUNCTIONS
        python += f"{'*' if product else ''}{token}"
    return python
