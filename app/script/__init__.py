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

PLACE: Final = re.compile(r"\{(\w+)\}")
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
    saved, rule_lines = numpy_lines(rule.lines, given)
    step = [*saved, *rule.code.split("\n"), *rule_lines]
    once = sum(uses("g", line) for line in step) == 1
    loop += [re.sub(r"\bg\b", ask, line) for line in step] if once else [f"g = {ask}", *step]
    shown = f'print(k, f"{{loss(theta):.10g}}"{_parameters(problem.parameters)})'
    head = [*lines, rate] if steady else lines
    return [*head, f"for k in range({len(run.theta)}):", *(f"    {line}" for line in (shown, *loop) if line)]


def _draws(problem: losses.Problem, state: State) -> bool:
    """Whether each step looks at a few rows only."""
    return losses.OPTIMIZERS[state.opt].stochastic and isinstance(problem, losses.DataProblem)


def numpy_lines(lines: Sequence[str], given: Mapping[str, str]) -> tuple[list[str], list[str]]:
    """The lines of a rule as Python statements, and the statements that go before them.

    A value from before the step has the same Python name as the one after it,
    until the name is assigned. Where a line asks for the old value later than
    that, the first list keeps a copy of it.
    """
    assigned, saved, made = set[str](), list[str](), list[str]()
    for line in lines:
        target = PLACE.match(line)
        assert target
        stale = {place: _python_name(place) for place in PLACE.findall(line) if _is_stale(place, assigned)}
        saved += [f"{name}_old = {name}" for name in stale.values()]
        made.append(in_numpy(line, {**given, **{place: f"{name}_old" for place, name in stale.items()}}))
        assigned.add(_python_name(target[1]))
    return list(dict.fromkeys(saved)), made


def _is_stale(place: str, assigned: set[str]) -> bool:
    """Whether a place asks for an old value whose Python name already has the new one."""
    return place != "new" and _python_name(place) != place and _python_name(place) in assigned


def _python_name(place: str) -> str:
    return "theta" if place in ("new", "old") else place.removesuffix("0")


def in_numpy(line: str, given: Mapping[str, str]) -> str:
    """A line of a rule as Python; ``given`` are the places that stand for something else than their name."""
    for sign, python in (("^{k}", " ** (k + 1)"), ("√(", "np.sqrt("), ("²", "**2"), ("×", "*"), ("−", "-")):
        line = line.replace(sign, python)
    line = re.sub(r"√\{(\w+)\}", r"np.sqrt({\1})", line)
    return PLACE.sub(lambda found: given.get(found[1], _python_name(found[1])), line)


def _parameters(names: Sequence[str]) -> str:
    return ', *(f"{t:.10g}" for t in theta)' if len(names) <= WIDEST else ""
