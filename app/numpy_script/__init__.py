"""This run as a script: a state becomes Python that needs NumPy alone and prints the page's digits."""

import re
from collections.abc import Mapping, Sequence
from typing import Final

import losses
from losses.optimizer.base import MemoryArray
from losses.optimizer.rule_line import OLD, THETA

from ..experiment.run import descent
from ..narration import sentences
from ..url_state.state import State
from .benchmark_function import of_function
from .data_section import examples
from .objective import of_data
from .source import literal, uses

WIDEST: Final = 4
"""So many parameters are printed beside the loss."""
_SIGMOID: Final = ("", "", "def sigmoid(z):", "    return np.exp(-np.logaddexp(0, -z))", "", "")


def script(state: State, link: str = "") -> str:
    """Python source that prints step, loss and, where they are few, the parameters."""
    problem, run = state.problem, descent(state)
    uses_hessian = losses.OPTIMIZERS[state.opt].uses_hessian
    if isinstance(problem, losses.DataProblem):
        of = "theta, X, y" if _draws(problem, state) else "theta"
        lines = [*examples(problem), *of_data(problem, uses_hessian, of)]
    else:
        assert isinstance(problem, losses.TestFunction)
        lines = of_function(problem, uses_hessian)
    lines += ["", "", *_walk(problem, state, run)]
    helpers = _SIGMOID if any("sigmoid(" in line for line in lines) else ("",)
    head = [f"# {sentences.title(state)}.", *([f"# {link}"] if link else [])]
    text = "\n".join([*head, "import numpy as np", *helpers, *lines])
    return re.sub(r"\n{3,}", "\n\n\n", text) + "\n"


def _walk(problem: losses.Problem, state: State, run: losses.Descent) -> list[str]:
    rule, plan = losses.OPTIMIZERS[state.opt], losses.SCHEDULES[state.schedule]
    given = {key: f"({value!r})" if value < 0 else repr(value) for key, value in state.settings}
    lines = [f"theta = {literal(run.theta[0])}"]
    lines += [f"{array.name} = {_initial(array)}" for array in rule.memory]
    if "steps" in plan.code:
        lines.append(f"steps = {state.steps}")
    rate = f"rate = {plan.code.format(rate=repr(state.rate))}"
    steady = not uses("k", rate)
    loop, ask = [] if steady else [rate], "gradient(theta)"
    if _draws(problem, state):
        assert isinstance(problem, losses.DataProblem)
        size = min(int(dict(state.settings)["batch"]), len(problem.y))
        lines.append(f"rng = np.random.Generator(np.random.PCG64({state.seed}))")
        loop.append(f"rows = rng.permutation(len(y))[:{size}]")
        ask = "gradient(theta, X[rows], y[rows])"
    copies, step = rule_lines(rule, given)
    step = [*copies, *rule.code.split("\n"), *step]
    loop += [f"g = {ask}", *step] if needs_gradient_first(step) else _inlined("g", ask, step)
    shown = f'print(k, f"{{loss(theta):.10g}}"{_parameters(problem.parameters)})'
    head = [*lines, rate] if steady else lines
    return [*head, f"for k in range({len(run.theta)}):", *(f"    {line}" for line in (shown, *loop) if line)]


def _draws(problem: losses.Problem, state: State) -> bool:
    """Whether each step looks at a few rows only."""
    return losses.OPTIMIZERS[state.opt].stochastic and isinstance(problem, losses.DataProblem)


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
    return sum(uses("g", line) for line in step[: moved + 1]) != 1 or any(
        uses("g", line) for line in step[moved + 1 :]
    )


def _inlined(name: str, expression: str, lines: Sequence[str]) -> list[str]:
    return [re.sub(rf"\b{name}\b", expression, line) for line in lines]


def _parameters(names: Sequence[str]) -> str:
    return ', *(f"{t:.10g}" for t in theta)' if len(names) <= WIDEST else ""
