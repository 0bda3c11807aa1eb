"""A run as a Python script that needs only NumPy and prints the numbers of the page."""

import re
from collections.abc import Mapping, Sequence
from typing import Final

import losses
from losses.optimizer.base import MemoryArray
from losses.optimizer.rule_line import GRADIENT, OLD_SUFFIX, THETA

from ..narration import sentences
from ..url_state.state import State
from .benchmark_function import benchmark_source
from .data_section import data_section
from .objective import objective_source
from .source import array_literal, count_uses, function_source, replace_variable

MAX_PRINTED_PARAMETERS: Final = 4
"""The largest number of parameters that the script prints beside the loss."""
_SIGMOID_SOURCE: Final = function_source(
    "sigmoid(z)", "e = np.exp(-np.abs(z))", "return np.where(z >= 0, 1, e) / (1 + e)"
)


def numpy_script(state: State, link: str = "") -> str:
    """Return the source of a script that repeats the run of a state.

    It prints step and loss of each iterate, and the parameters if there are few. A comment gives ``link``.
    Raise NoFormula if the model or the loss cannot be written as a formula.
    """
    problem, run = state.problem, state.descend()
    uses_hessian = losses.OPTIMIZERS[state.optimizer].uses_hessian
    if isinstance(problem, losses.DataProblem):
        gradient_arguments = "theta, X, y" if _uses_batches(problem, state) else "theta"
        lines = [*data_section(problem), *objective_source(problem, uses_hessian, gradient_arguments)]
    else:
        assert isinstance(problem, losses.TestFunction)
        lines = benchmark_source(problem, uses_hessian)
    lines += ["", "", *_descent_source(problem, state, run)]
    helpers = _SIGMOID_SOURCE if any("sigmoid(" in line for line in lines) else ("",)
    head = [f"# {sentences.state_title(state)}.", *([f"# {link}"] if link else [])]
    text = "\n".join([*head, "import numpy as np", *helpers, *lines])
    return re.sub(r"\n{3,}", "\n\n\n", text) + "\n"


def _descent_source(problem: losses.Problem, state: State, run: losses.Descent) -> list[str]:
    """Return the lines that set up the run and repeat its steps."""
    optimizer, schedule = losses.OPTIMIZERS[state.optimizer], losses.SCHEDULES[state.schedule]
    setup = [f"theta = {array_literal(run.theta[0])}"]
    setup += [f"{array.name} = {_initial_value(array)}" for array in optimizer.memory]
    if "steps" in schedule.code:
        setup.append(f"steps = {state.steps}")
    loop = [f'print(k, f"{{loss(theta):.10g}}"{_printed_parameters(problem)})']
    rate = f"rate = {schedule.code.format(rate=repr(state.rate))}"
    rate_changes = bool(count_uses("k", [rate]))
    if rate_changes:
        loop.append(rate)
    gradient = "gradient(theta)"
    if _uses_batches(problem, state):
        assert isinstance(problem, losses.DataProblem)
        size = min(int(dict(state.settings)["batch"]), len(problem.y))
        setup.append(f"rng = np.random.Generator(np.random.PCG64({state.seed}))")
        loop.append(f"rows = rng.permutation(len(y))[:{size}]")
        gradient = "gradient(theta, X[rows], y[rows])"
    if not rate_changes:
        setup.append(rate)
    loop += _step_source(optimizer, state, gradient)
    return [*setup, f"for k in range({len(run.theta)}):", *(f"    {line}" for line in loop if line)]


def _step_source(optimizer: losses.Optimizer, state: State, gradient: str) -> list[str]:
    """Return the lines of one step; the expression ``gradient`` is inlined if it is used once."""
    settings = {key: f"({value!r})" if value < 0 else repr(value) for key, value in state.settings}
    copies, rule = rule_lines(optimizer, settings)
    step = [*copies, *optimizer.code.split("\n"), *rule]
    if needs_gradient_first(step):
        return [f"{GRADIENT} = {gradient}", *step]
    return replace_variable(GRADIENT, gradient, step)


def _uses_batches(problem: losses.Problem, state: State) -> bool:
    """Return whether each step uses the gradient of a few examples only."""
    return losses.OPTIMIZERS[state.optimizer].stochastic and isinstance(problem, losses.DataProblem)


def _initial_value(array: MemoryArray) -> str:
    return f"np.full_like(theta, {array.initial!r})" if array.initial else "np.zeros_like(theta)"


def rule_lines(rule: losses.Optimizer, settings: Mapping[str, str]) -> tuple[list[str], list[str]]:
    """Return copies of old values that the rule of an optimizer needs, and its lines, as NumPy statements.

    ``settings`` has the source of each setting's value. The script overwrites variables: until ``v`` is
    assigned, the old value ``v_old`` is still called ``v``. It is copied first only if a line uses it later.
    """
    copies, statements, assigned = list[str](), list[str](), set[str]()
    for line in rule.lines:
        names = {**settings, "k": "(k + 1)"}
        for old_name in (name for name in line.names if name.endswith(OLD_SUFFIX)):
            name = old_name.removesuffix(OLD_SUFFIX)
            if name in assigned:
                copies.append(f"{old_name} = {name}")
            else:
                names[old_name] = name
        statements.append(line.numpy(names))
        assigned.add(line.target)
    return list(dict.fromkeys(copies)), statements


def needs_gradient_first(step: Sequence[str]) -> bool:
    """Return whether the gradient must be computed into a variable before the lines of a step.

    It must if it is used more than once, or after theta has been overwritten.
    """
    moving = next(i for i, line in enumerate(step) if line.startswith(f"{THETA} = "))
    return count_uses(GRADIENT, step[: moving + 1]) != 1 or bool(count_uses(GRADIENT, step[moving + 1 :]))


def _printed_parameters(problem: losses.Problem) -> str:
    """Return the further argument of ``print`` that shows the parameters."""
    return ', *(f"{t:.10g}" for t in theta)' if len(problem.parameters) <= MAX_PRINTED_PARAMETERS else ""
