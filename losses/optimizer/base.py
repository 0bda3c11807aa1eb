"""The definition of an optimizer: its update rule as functions and as text, and its properties."""

import ast
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import Any, ClassVar, Final, Literal, Protocol

import numpy as np

from losses.core.arrays import Array
from losses.core.cost import EvaluationCost
from losses.core.hyperparameter import Setting
from losses.core.lazy import cached_property
from losses.core.records import CatalogueEntry
from losses.optimizer.rule_line import (
    FUNCTIONS,
    GRADIENT,
    OLD_SUFFIX,
    THETA,
    RuleLine,
    parse_line,
    tex_symbol,
)

Memory = Any
"""What an optimizer keeps from step to step: an array, or a tuple of arrays and numbers."""
RateMeaning = Literal["gradient_multiple", "step_length", "newton_fraction", "upper_bound"]

BUILTIN_NAMES: Final = frozenset((THETA + OLD_SUFFIX, GRADIENT, "rate", "k"))
"""The names that every rule may use.

They are the point before the step, the gradient, the rate, and the number of the step from 1.
"""
CODE_NAMES: Final = frozenset(("step", "length"))
"""The names that a rule may use if its ``code`` assigns them.

They are the step, and its length as a multiple of the gradient.
"""
_SCRIPT_NAMES: Final = (
    *("np", "x", "y", "X", "rows", "rng", "steps"),
    *("loss", "gradient", "hessian", "sigmoid", "score", "pullback"),
)
RESERVED_NAMES: Final = frozenset((THETA, GRADIENT, "rate", "k", *CODE_NAMES, *FUNCTIONS, *_SCRIPT_NAMES))
"""The names with a meaning in rules or in exported scripts; arrays of a rule must have other names."""


class Objective(Protocol):
    """The methods of a problem that an update rule may call in addition to being given the gradient."""

    def value(self, theta: Array) -> Array: ...
    def hessian(self, theta: Array) -> Array: ...


@dataclass(frozen=True)
class StepContext:
    """The point ``theta`` of a step and the problem, for rules that need more than the gradient."""

    theta: Array
    problem: Objective


@dataclass(frozen=True)
class MemoryArray:
    """An array of an optimizer's memory, with one number for each parameter."""

    name: str
    """Its name in the lines of the rule and in exported scripts."""
    symbol: str = ""
    """Its symbol in formulas and in the step table; the name if empty."""
    role: Literal["memory", "slope", "step"] = "memory"
    """What kind of quantity it is; decides its color in the step table."""
    initial: float = 0.0
    """Its value before the first step, the same for all parameters."""

    @property
    def printed(self) -> str:
        """Its symbol in formulas and in the step table."""
        return self.symbol or self.name


def _is_forbidden(name: str) -> bool:
    return name in RESERVED_NAMES or name.endswith(OLD_SUFFIX) or not name.isidentifier()


def initial_memory(arrays: tuple[MemoryArray, ...], theta: Array) -> Memory:
    """Return the memory before the first step: one array, or a tuple of several, shaped as ``theta``."""
    memory = tuple(np.full_like(theta, array.initial) for array in arrays)
    return memory[0] if len(memory) == 1 else memory


def cost_of_gradient(cost: EvaluationCost) -> float:
    """Return the multiplications of a step that needs one gradient and arithmetic for each parameter."""
    return cost.gradient + 10.0 * cost.dim


@dataclass(frozen=True, kw_only=True, repr=False)
class Optimizer(CatalogueEntry):
    r"""An optimizer: pure functions in the style of optax, and the same rule as text.

    :func:`losses.descend` accepts an optimizer or its key in ``OPTIMIZERS``, and
    the settings as keyword arguments:

    >>> import losses
    >>> p = losses.test_function("bowl")
    >>> losses.descend(p, "momentum", rate=0.1, steps=20, momentum=0.5).theta.shape
    (21, 2)

    ``init(theta)`` returns the memory before the first step; ``update(gradient,
    memory, rate, context, **settings)`` returns ``(delta, memory)``, and the next
    iterate is ``theta + delta``. Both work along leading batch axes ``(..., d)``;
    rate and settings are numbers or ``(..., 1)``. Without ``init`` the memory
    consists of the initial values of its arrays: one array, or a tuple of several.

    ``rule`` is the same step as lines of arithmetic in the order of computation,
    such as ``v = momentum * v_old + g`` and ``theta = theta_old - rate * v``. A
    name that ends in ``_old`` is the value before the step. A line may use the
    gradient ``g``, the ``rate``, the number ``k`` of the step from 1, the
    settings, all old values, and what earlier lines assign. The step table, the
    exported script and, by default, the formula are made from these lines; the
    tests compare them with ``update``.

    Raises ValueError for lines that are not arithmetic, use an unknown name, or
    do not assign theta and every array of the memory.

    >>> momentum = losses.OPTIMIZERS["momentum"]
    >>> momentum.rule
    ('v = momentum * v_old + g', 'theta = theta_old - rate * v')
    >>> momentum.formula
    'v \\leftarrow \\beta v + \\nabla L,\\quad \\theta \\leftarrow \\theta - \\alpha v'
    """

    concept: ClassVar[str] = "optimizer"

    key: str
    """Its key in ``OPTIMIZERS``."""
    name: str
    """Its name, for people."""
    when: str
    """A sentence on the idea of the optimizer."""
    update: Callable[..., tuple[Array, Memory]] = field(repr=False)
    """``update(gradient, memory, rate, context, **settings)`` returns the step and the memory after it."""
    init: Callable[[Array], Memory] = field(default=np.zeros_like, repr=False)
    """``init(theta)`` returns the memory before the first step."""
    settings: tuple[Setting, ...] = ()
    """The hyperparameters other than the learning rate, named as in PyTorch."""
    memory: tuple[MemoryArray, ...] = ()
    """The arrays of the memory; other parts of it, such as a count of the steps, follow them."""
    rule: tuple[str, ...] = ("theta = theta_old - rate * g",)
    code: str = ""
    """NumPy statements that assign ``step`` or ``length`` before ``rule`` uses it.

    They may use theta, g, rate, loss and hessian.
    """
    formula: str = ""
    """TeX of the step; made from ``rule`` if empty."""
    stochastic: bool = False
    """Whether it uses the gradient of a mini-batch, whose size is the setting ``batch``."""
    uses_hessian: bool = False
    """Whether a step needs second derivatives."""
    has_inertia: bool = False
    """Whether it may move where the gradient is zero."""
    rate_meaning: RateMeaning = "gradient_multiple"
    """What the learning rate is.

    - ``"gradient_multiple"``: the step is the rate times the gradient or an average of gradients;
    - ``"step_length"``: about the length of a step in each parameter;
    - ``"newton_fraction"``: the fraction of a Newton step;
    - ``"upper_bound"``: the largest multiple of the gradient that a line search tries.
    """
    momentum_setting: str = ""
    """The name of the setting that is the momentum β; empty if there is none."""
    step_cost: Callable[[EvaluationCost], float] = field(default=cost_of_gradient, repr=False)
    """``step_cost(cost)`` returns an upper estimate of the multiplications of a step.

    ``cost`` is what evaluations of the problem cost, an ``EvaluationCost``.
    """

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.memory and self.init is np.zeros_like:
            object.__setattr__(self, "init", partial(initial_memory, self.memory))
        self._check()
        if not self.formula:
            object.__setattr__(self, "formula", self._formula())

    @cached_property
    def lines(self) -> tuple[RuleLine, ...]:
        """The parsed lines of ``rule``."""
        return tuple(map(parse_line, self.rule))

    @cached_property
    def is_gradient_descent(self) -> bool:
        """Whether every step is minus the rate times the gradient over all examples."""
        rule_of_gradient_descent = Optimizer.rule
        return self.rule == rule_of_gradient_descent and not (self.stochastic or self.memory or self.code)

    @cached_property
    def follows_gradient(self) -> bool:
        """Whether every step is a negative multiple of the gradient over all examples."""
        rule_of_line_search = ("theta = theta_old - length * g",)
        return self.is_gradient_descent or (
            self.rule == rule_of_line_search and not (self.stochastic or self.memory)
        )

    def momentum(self, settings: Any) -> float:
        """Return the momentum β for these settings: 0 for gradient descent, NaN if there is no β."""
        if self.is_gradient_descent:
            return 0.0
        return float(settings[self.momentum_setting]) if self.momentum_setting else float("nan")

    def _check(self) -> None:
        arrays = [array.name for array in self.memory]
        known = (
            BUILTIN_NAMES
            | {name + OLD_SUFFIX for name in arrays}
            | {setting.name for setting in self.settings}
        )
        known |= CODE_NAMES & {
            node.id
            for node in ast.walk(ast.parse(self.code))
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
        }
        for name in arrays:
            if _is_forbidden(name):
                raise ValueError(f"{self.key}: an array of the memory cannot be called {name!r}")
        for line in self.lines:
            if unknown := [name for name in line.names if name not in known]:
                raise ValueError(
                    f"{self.key}: the rule {line.text!r} uses {unknown[0]!r}, which is not known there"
                )
            if line.target in known or (line.target != THETA and _is_forbidden(line.target)):
                raise ValueError(f"{self.key}: the rule assigns {line.target!r} again or may not assign it")
            known |= {line.target}
        if missing := {THETA, *arrays} - known:
            raise ValueError(f"{self.key}: the rule does not assign {min(missing)!r}")

    def _formula(self) -> str:
        squares_gradient = any(re.search(rf"\b{GRADIENT}\s*\*\*", line) for line in self.rule)
        symbols = {setting.name: tex_symbol(setting.symbol or setting.name) for setting in self.settings}
        symbols |= {
            "rate": r"\alpha",
            GRADIENT: GRADIENT if squares_gradient else r"\nabla L",
            THETA: r"\theta",
            "k": "k",
            "step": r"\Delta\theta",
            "length": r"\alpha_k",
        }
        symbols |= {array.name: tex_symbol(array.printed) for array in self.memory}
        symbols |= {line.target: tex_symbol(line.target) for line in self.lines if line.target not in symbols}
        formulas, assigned = [], set[str]()
        for line in self.lines:
            old_symbols = {
                name + OLD_SUFFIX: rf"{symbol}_{{\mathrm{{old}}}}" if name in assigned else symbol
                for name, symbol in symbols.items()
            }
            formulas.append(line.tex(symbols | old_symbols))
            assigned.add(line.target)
        return r",\quad ".join(formulas)
