"""This run as a script: a state becomes Python that needs NumPy alone and prints the page's digits."""

import re
from collections.abc import Mapping, Sequence
from typing import Final

import losses
from app import words
from app.ground import descent
from app.script.examples import examples
from app.script.function import of_function
from app.script.problem import of_data
from app.script.text import literal, uses
from app.state import State

WIDEST: Final = 4
"""So many parameters are printed beside the loss."""
_SIGMOID: Final = ("", "", "def sigmoid(z):", "    return np.exp(-np.logaddexp(0, -z))", "", "")


def script(state: State, link: str = "") -> str:
    """Python source that prints step, loss and, where they are few, the parameters."""
    problem, run = state.problem, descent(state)
    if isinstance(problem, losses.DataProblem):
        of = "theta, X, y" if _draws(problem, state) else "theta"
        lines = [*examples(problem), *of_data(problem, state.opt == "newton", of)]
    else:
        assert isinstance(problem, losses.TestFunction)
        lines = of_function(problem, state.opt == "newton")
    lines += ["", "", *_walk(problem, state, run)]
    helpers = _SIGMOID if any("sigmoid(" in line for line in lines) else ("",)
    head = [f"# {words.title(state)}.", *([f"# {link}"] if link else [])]
    text = "\n".join([*head, "import numpy as np", *helpers, *lines])
    return re.sub(r"\n{3,}", "\n\n\n", text) + "\n"


def _walk(problem: losses.Problem, state: State, run: losses.Descent) -> list[str]:
    rule, plan = losses.OPTIMIZERS[state.opt], losses.SCHEDULES[state.schedule]
    given = {key: repr(value) for key, value in state.settings}
    lines = [f"theta = {literal(run.theta[0])}"]
    lines += [f"{one} = np.zeros_like(theta)" for one in rule.memory]
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
    step = [*rule.code.split("\n"), *(in_numpy(line, given) for line in rule.lines)]
    once = sum(uses("g", line) for line in step) == 1
    loop += [re.sub(r"\bg\b", ask, line) for line in step] if once else [f"g = {ask}", *step]
    shown = f'print(k, f"{{loss(theta):.10g}}"{_parameters(problem.parameters)})'
    head = [*lines, rate] if steady else lines
    return [*head, f"for k in range({len(run.theta)}):", *(f"    {line}" for line in (shown, *loop) if line)]


def _draws(problem: losses.Problem, state: State) -> bool:
    """Whether each step looks at a few rows only."""
    return losses.OPTIMIZERS[state.opt].stochastic and isinstance(problem, losses.DataProblem)


def in_numpy(line: str, given: Mapping[str, str]) -> str:
    """A line of a rule as Python: names for what it knows, numbers for its settings."""
    for sign, python in (("^{k}", " ** (k + 1)"), ("√(", "np.sqrt("), ("²", "**2"), ("×", "*"), ("−", "-")):
        line = line.replace(sign, python)
    line = re.sub(r"√\{(\w+)\}", r"np.sqrt({\1})", line)
    names = {"new": "theta", "old": "theta", **given}
    return re.sub(r"\{(\w+?)(0?)\}", lambda found: names.get(found[1] + found[2], found[1]), line)


def _parameters(names: Sequence[str]) -> str:
    return ', *(f"{t:.10g}" for t in theta)' if len(names) <= WIDEST else ""
