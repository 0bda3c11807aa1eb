"""What an optimizer is: an update rule as functions and as text, and the facts that other modules need of it."""

import ast
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property, partial
from typing import Any, Final, Literal, Protocol

import numpy as np

from losses.core.arrays import Array
from losses.core.hyperparameter import Setting
from losses.optimizer.rule_line import FUNCTIONS, GRADIENT, OLD, THETA, RuleLine, read_line, tex_symbol

Memory = Any
RateMeaning = Literal["gradient_multiple", "step_length", "newton_fraction", "upper_bound"]

GIVEN: Final = frozenset((THETA + OLD, GRADIENT, "rate", "k"))
"""Names that every rule may use: the point before the step, the gradient, the rate and the step's number from 1."""
FROM_CODE: Final = frozenset(("step", "length"))
"""Names that a rule may use if its ``code`` assigns them: the step, and its length as a multiple of the gradient."""
_OF_SCRIPTS: Final = (
    *("np", "x", "y", "X", "rows", "rng", "steps"),
    *("loss", "gradient", "hessian", "sigmoid", "score", "pullback"),
)
RESERVED: Final = frozenset((THETA, GRADIENT, "rate", "k", *FROM_CODE, *FUNCTIONS, *_OF_SCRIPTS))
"""Names with a meaning in rules or in exported scripts: no other array of a rule may have one."""


class Objective(Protocol):
    """What a rule may ask of a problem in addition to the gradient."""

    def value(self, theta: Any) -> Array: ...
    def hessian(self, theta: Any) -> Array: ...


@dataclass(frozen=True)
class StepContext:
    """The point of a step and the problem, for rules that need more than the gradient."""

    theta: Array
    problem: Objective


@dataclass(frozen=True)
class MemoryArray:
    """An array with a number for each parameter that a rule keeps from step to step."""

    name: str
    """Its name in the lines of the rule and in exported scripts."""
    symbol: str = ""
    """What formulas and the step table call it; the name if empty."""
    role: Literal["memory", "slope", "step"] = "memory"
    """What its numbers are, which decides their color in the step table."""
    initial: float = 0.0
    """The value of all its numbers before the first step."""

    @property
    def printed(self) -> str:
        """What formulas and the step table call it."""
        return self.symbol or self.name


def _is_taken(name: str) -> bool:
    return name in RESERVED or name.endswith(OLD) or not name.isidentifier()


def initial_memory(arrays: tuple[MemoryArray, ...], theta: Array) -> Memory:
    """The arrays before the first step, each shaped as ``theta``: one array alone, or a tuple."""
    made = tuple(np.full_like(theta, array.initial) for array in arrays)
    return made[0] if len(made) == 1 else made


@dataclass(frozen=True, kw_only=True)
class Optimizer:
    """An update rule as a pair of pure functions, in the manner of optax, and as text.

    ``init(theta) -> memory`` and ``update(gradient, memory, rate, context,
    **settings) -> (delta, memory)``; the next iterate is ``theta + delta``.
    Both work along leading batch axes; rate and settings are numbers or
    ``(..., 1)``. A ``stochastic`` rule is given the gradient of a mini-batch.
    Without ``init`` the memory begins as its arrays say: one array alone, or a
    tuple in their order.

    ``rule`` is the same step as lines of Python arithmetic, in the order in
    which they are computed: ``v = momentum * v_old + g`` and
    ``theta = theta_old - rate * v``. A name that ends in ``_old`` is a value
    before the step, and may be used in any line. A line may use the
    gradient ``g``, the ``rate``, the number ``k`` of the step from 1, the
    settings, all old values, and what earlier lines assign. The numbers of the step
    table, the exported script and, unless it is written, the formula are made
    of these lines; the tests compare them with ``update``.

    Raises ValueError for lines that are not arithmetic, use an unknown name,
    or leave out theta or an array of the memory.
    """

    key: str
    name: str
    when: str
    """One sentence for the menu: the idea of the optimizer."""
    update: Callable[..., tuple[Array, Memory]] = field(repr=False)
    init: Callable[[Array], Memory] = field(default=np.zeros_like, repr=False)
    settings: tuple[Setting, ...] = ()
    memory: tuple[MemoryArray, ...] = ()
    """The arrays of the memory; further parts of it, such as a count of the steps, follow them."""
    rule: tuple[str, ...] = ("theta = theta_old - rate * g",)
    code: str = ""
    """NumPy for what ``rule`` takes as given: ``step`` or ``length``, from theta, g, rate, loss and hessian."""
    formula: str = ""
    """TeX of the step, where the usual way to write it is shorter than the rule; made from the rule if empty."""
    stochastic: bool = False
    """Whether a step is given the gradient of a few examples, as many as its setting ``batch``."""
    uses_hessian: bool = False
    """Whether a step needs the second derivatives, so that a script must define ``hessian``."""
    has_inertia: bool = False
    """Whether it keeps moving where the gradient is zero."""
    rate_meaning: RateMeaning = "gradient_multiple"
    """What the rate is: the step as a multiple of the gradient or of what replaces it, about the length of a step,
    the fraction of a Newton step, or the largest multiple of the gradient that a search tries."""
    momentum_setting: str = ""
    """The name of the setting that is the momentum β, if it has one."""
    step_cost: Callable[[int, int], float] = field(default=lambda rows, dim: rows * dim, repr=False)
    """Roughly how many multiplications a step takes for so many examples and parameters."""

    def __post_init__(self) -> None:
        if self.memory and self.init is np.zeros_like:
            object.__setattr__(self, "init", partial(initial_memory, self.memory))
        self._check()
        if not self.formula:
            object.__setattr__(self, "formula", self._formula())

    @cached_property
    def lines(self) -> tuple[RuleLine, ...]:
        """The lines of the rule."""
        return tuple(map(read_line, self.rule))

    @cached_property
    def is_gradient_descent(self) -> bool:
        """Whether every step is minus the rate times the gradient of all examples."""
        plain = Optimizer.rule
        return self.rule == plain and not (self.stochastic or self.memory or self.code)

    @cached_property
    def follows_gradient(self) -> bool:
        """Whether every step is against the gradient of all examples, of whatever length."""
        searched = ("theta = theta_old - length * g",)
        return self.is_gradient_descent or (self.rule == searched and not (self.stochastic or self.memory))

    def momentum(self, settings: Any) -> float:
        """The momentum β of a run with these settings: 0 for gradient descent, NaN where β has no meaning."""
        if self.is_gradient_descent:
            return 0.0
        return float(settings[self.momentum_setting]) if self.momentum_setting else float("nan")

    def _check(self) -> None:
        arrays = [array.name for array in self.memory]
        known = GIVEN | {name + OLD for name in arrays} | {setting.name for setting in self.settings}
        known |= FROM_CODE & {
            node.id
            for node in ast.walk(ast.parse(self.code))
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
        }
        for name in arrays:
            if _is_taken(name):
                raise ValueError(f"{self.key}: an array of the memory cannot be called {name!r}")
        for line in self.lines:
            if wrong := [name for name in line.names if name not in known]:
                raise ValueError(
                    f"{self.key}: the rule {line.text!r} uses {wrong[0]!r}, which is not known there"
                )
            if line.target in known or (line.target != THETA and _is_taken(line.target)):
                raise ValueError(f"{self.key}: the rule assigns {line.target!r} again or may not assign it")
            known |= {line.target}
        if missing := {THETA, *arrays} - known:
            raise ValueError(f"{self.key}: the rule does not assign {min(missing)!r}")

    def _formula(self) -> str:
        squared = any(re.search(rf"\b{GRADIENT}\s*\*\*", line) for line in self.rule)
        symbols = {setting.name: tex_symbol(setting.symbol or setting.name) for setting in self.settings}
        symbols |= {
            "rate": r"\alpha",
            GRADIENT: GRADIENT if squared else r"\nabla L",
            THETA: r"\theta",
            "k": "k",
            "step": r"\Delta\theta",
            "length": r"\alpha_k",
        }
        symbols |= {array.name: tex_symbol(array.printed) for array in self.memory}
        symbols |= {line.target: tex_symbol(line.target) for line in self.lines if line.target not in symbols}
        written, assigned = [], set[str]()
        for line in self.lines:
            old = {
                name + OLD: rf"{symbol}_{{\mathrm{{old}}}}" if name in assigned else symbol
                for name, symbol in symbols.items()
            }
            written.append(line.tex(symbols | old))
            assigned.add(line.target)
        return r",\quad ".join(written)
