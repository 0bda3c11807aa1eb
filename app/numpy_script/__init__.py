"""This run as a script: a state becomes Python that needs NumPy alone and prints the page's digits."""

import re
from collections.abc import Mapping, Sequence
from typing import Final

import losses
from losses.optimizer.base import MemoryArray
from losses.optimizer.rule_line import OLD, THETA

from ..experiment.run import run_descent
from ..narration import sentences
from ..url_state.state import State
from .benchmark_function import benchmark_source
from .data_section import data_section
from .objective import objective_source
from .source import array_literal, count_uses

MAX_PRINTED_PARAMETERS: Final = 4
"""So many parameters are printed beside the loss."""
_SIGMOID_SOURCE: Final = ("", "", "def sigmoid(z):", "    return np.exp(-np.logaddexp(0, -z))", "", "")


def numpy_script(state: State, link: str = "") -> str:
    """Python source that prints step, loss and, where they are few, the parameters."""
    problem, run = state.problem, run_descent(state)
    uses_hessian = losses.OPTIMIZERS[state.optimizer].uses_hessian
    if isinstance(problem, losses.DataProblem):
        of = "theta, X, y" if _uses_batches(problem, state) else "theta"
        lines = [*data_section(problem), *objective_source(problem, uses_hessian, of)]
    else:
        assert isinstance(problem, losses.TestFunction)
        lines = benchmark_source(problem, uses_hessian)
    lines += ["", "", *_descent_loop(problem, state, run)]
    helpers = _SIGMOID_SOURCE if any("sigmoid(" in line for line in lines) else ("",)
    head = [f"# {sentences.state_title(state)}.", *([f"# {link}"] if link else [])]
    text = "\n".join([*head, "import numpy as np", *helpers, *lines])
    return re.sub(r"\n{3,}", "\n\n\n", text) + "\n"


def _descent_loop(problem: losses.Problem, state: State, run: losses.Descent) -> list[str]:
    rule, plan = losses.OPTIMIZERS[state.optimizer], losses.SCHEDULES[state.schedule]
    given = {key: f"({value!r})" if value < 0 else repr(value) for key, value in state.settings}
    lines = [f"theta = {array_literal(run.theta[0])}"]
    lines += [f"{array.name} = {_initial(array)}" for array in rule.memory]
    if "steps" in plan.code:
        lines.append(f"steps = {state.steps}")
    rate = f"rate = {plan.code.format(rate=repr(state.rate))}"
    steady = not count_uses("k", rate)
    loop, ask = [] if steady else [rate], "gradient(theta)"
    if _uses_batches(problem, state):
        assert isinstance(problem, losses.DataProblem)
        size = min(int(dict(state.settings)["batch"]), len(problem.y))
        lines.append(f"rng = np.random.Generator(np.random.PCG64({state.seed}))")
        loop.append(f"rows = rng.permutation(len(y))[:{size}]")
        ask = "gradient(theta, X[rows], y[rows])"
    copies, step = rule_lines(rule, given)
    step = [*copies, *rule.code.split("\n"), *step]
    loop += [f"g = {ask}", *step] if needs_gradient_first(step) else _inlined("g", ask, step)
    shown = f'print(k, f"{{loss(theta):.10g}}"{_print_parameters(problem.parameters)})'
    head = [*lines, rate] if steady else lines
    return [*head, f"for k in range({len(run.theta)}):", *(f"    {line}" for line in (shown, *loop) if line)]


def _uses_batches(problem: losses.Problem, state: State) -> bool:
    """Whether each step looks at a few rows only."""
    return losses.OPTIMIZERS[state.optimizer].stochastic and isinstance(problem, losses.DataProblem)


def _initial(array: MemoryArray) -> str:
    return f"np.full_like(theta, {array.initial!r})" if array.initial else "np.zeros_like(theta)"


def rule_lines(rule: losses.Optimizer, given: Mapping[str, str]) -> tuple[list[str], list[str]]:
    """Copies of old values that the rule needs, and its lines as Python; ``given`` has the settings.

    A value before the step has the name of the one after it as long as that
    is not assigned. Only a rule that asks for the old value later needs a copy.
    """
    copies, statements, assigned = list[str](), list[str](), set[str]()
    for line in rule.lines:
        names = {**given, "k": "(k + 1)"}
        for old in (name for name in line.names if name.endswith(OLD)):
            name = old.removesuffix(OLD)
            if name in assigned:
                copies.append(f"{old} = {name}")
            else:
                names[old] = name
        statements.append(line.numpy(names))
        assigned.add(line.target)
    return list(dict.fromkeys(copies)), statements


def needs_gradient_first(step: Sequence[str]) -> bool:
    """Whether the gradient must have a name: it is used more than once, or after the point has moved."""
    moved = next(i for i, line in enumerate(step) if line.startswith(f"{THETA} = "))
    return sum(count_uses("g", line) for line in step[: moved + 1]) != 1 or any(
        count_uses("g", line) for line in step[moved + 1 :]
    )


def _inlined(name: str, expression: str, lines: Sequence[str]) -> list[str]:
    return [re.sub(rf"\b{name}\b", expression, line) for line in lines]


def _print_parameters(names: Sequence[str]) -> str:
    return ', *(f"{t:.10g}" for t in theta)' if len(names) <= MAX_PRINTED_PARAMETERS else ""
