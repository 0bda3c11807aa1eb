"""The mean loss of a model on data: its value, gradient and, for Newton's method, Hessian."""

from dataclasses import dataclass

import losses
from losses.core.messages import capital, say
from losses.expression.autodiff import derivative
from losses.expression.node import Node, apply, name, replaced
from losses.expression.parser import CONSTANTS, read
from losses.expression.printers import numpy_source
from losses.loss.base import LOG_SUM_EXP, MULTICLASS, PREDICTION
from losses.model.output_activation import IDENTITY

from .benchmark_function import by
from .source import defined, scored


class NoFormula(ValueError):
    """Of a model or a loss that is not known as text; the message is a sentence for the page."""


@dataclass(frozen=True)
class Scored:
    """A model: functions that it needs, the score of examples, and a sum over them of ``{g}`` times its slope."""

    functions: tuple[str, ...]
    score: str
    pullback: str


@dataclass(frozen=True)
class Costs:
    """A loss of the score z: what is computed first, then value, slope and curvature."""

    lead: tuple[str, ...]
    value: str
    slope: str
    bend: str = ""


def of_data(problem: losses.DataProblem, hessian: bool, of: str = "theta") -> list[str]:
    """Its functions; ``of`` is what the gradient is a function of."""
    model = _plain(problem) if problem.model.linear or problem.model.expression else _written(problem)
    costs = _of_classes(problem) if problem.data.task == MULTICLASS else _of_score(problem)
    add = _penalty(problem)
    score = model.score.format(theta="theta")
    pull = model.pullback.format(theta="theta", g=costs.slope)
    value, slope = f"return np.mean({costs.value}){add[0]}", f"return {pull} / len(y){add[1]}"
    lines = list(model.functions)
    lines += defined("loss(theta)", *scored(score, *costs.lead, value))
    lines += defined(f"gradient({of})", *scored(score, *costs.lead, slope))
    if hessian:
        lines += defined("hessian(theta)", *_hessian(problem, model, costs, score, add[2]))
    return lines


def _plain(problem: losses.DataProblem) -> Scored:
    model = problem.model
    if model.expression:
        return _curve(problem)
    if problem.data.task == MULTICLASS:
        return Scored((), "X @ {theta}.reshape(-1, X.shape[1]).T", "(({g}).T @ X).ravel()")
    return Scored((), "X @ {theta}", "X.T @ ({g})")


def _curve(problem: losses.DataProblem) -> Scored:
    """A curve of two parameters, differentiated as a formula."""
    names = problem.parameters
    f = replaced(read(problem.model.expression, (*names, "x"), {}), (("x", name("X")),))
    unpacked = f"{', '.join(names)} = theta"
    slopes = ", ".join(f"np.sum(g * ({numpy_source(by(f, one))}))" for one in names)
    return Scored(
        (
            *defined("score(theta, X)", unpacked, f"return {numpy_source(f)}"),
            *defined("pullback(theta, X, g)", unpacked, f"return np.array([{slopes}])"),
        ),
        "score({theta}, X)",
        "pullback({theta}, X, {g})",
    )


def _written(problem: losses.DataProblem) -> Scored:
    """A model that brings its own NumPy."""
    if problem.model.code is None:
        raise NoFormula(
            say("{name} has no formula to write a script with.", name=capital(problem.model.name))
        )
    score, pullback = problem.model.code()
    functions = (*defined("score(theta, X)", *score), *defined("pullback(theta, X, g)", *pullback))
    return Scored(functions, "score({theta}, X)", "pullback({theta}, X, {g})")


def _formula(problem: losses.DataProblem) -> Node:
    """The loss as a formula of r, p, y or z, with its settings filled in."""
    if not problem.loss.expression:
        raise NoFormula(say("{name} has no formula to write a script with.", name=capital(problem.loss.name)))
    given = CONSTANTS | {setting.name: setting.default for setting in problem.loss.settings}
    return read(problem.loss.expression, ("r", "p", "y", "z"), given)


def _of_score(problem: losses.DataProblem) -> Costs:
    formula, z = _formula(problem), name("z")
    lead: tuple[str, ...] = ("r = z - y",)
    of = frozenset(("z", "r"))
    if problem.loss.space == PREDICTION and problem.link.key == IDENTITY:
        formula = replaced(formula, (("p", z),))
    else:
        said = apply("sigmoid", z)
        formula = replaced(formula, (("p", said), ("r", said - name("y"))))
        lead, of = (), frozenset("z")
    slope = derivative(formula, of)
    return Costs(lead, numpy_source(formula), _full(slope), _full(derivative(slope, of)))


def _full(node: Node) -> str:
    """A formula that has a value for each example even where it is a number."""
    return numpy_source(node) if node.parts else f"np.full(len(y), {numpy_source(node)}.0)"


def _of_classes(problem: losses.DataProblem) -> Costs:
    """The same for the scores of several classes, through a softmax."""
    lead = (
        "e = np.exp(z - z.max(axis=1, keepdims=True))",
        "P = e / e.sum(axis=1, keepdims=True)",
        f"Y = np.eye({len(problem.data.classes)})[y.astype(int)]",
    )
    if problem.loss.closed_form == LOG_SUM_EXP:
        value = "np.log(e.sum(axis=1)) - np.log(e[np.arange(len(y)), y.astype(int)])"
        return Costs(lead, value, "P - Y")
    p, y = name("P"), name("Y")
    formula = replaced(_formula(problem), (("r", p - y), ("p", p), ("y", y)))
    slope = f"G = {numpy_source(by(formula, 'P'))}"
    return Costs(
        (*lead, slope),
        f"({numpy_source(formula)}).sum(axis=1)",
        "P * (G - (G * P).sum(axis=1, keepdims=True))",
    )


def _penalty(problem: losses.DataProblem) -> tuple[str, str, str]:
    """What the penalties add to value, gradient and Hessian."""
    l2, l1 = problem.l2, problem.l1
    if not (l2 or l1):
        return "", "", ""
    mask = f"np.array({problem.penalized.astype(int).tolist()})"
    return (
        f" + np.sum({mask} * ({l2!r} * theta**2 + {l1!r} * np.abs(theta)))",
        f" + {mask} * ({2 * l2!r} * theta + {l1!r} * np.sign(theta))",
        f" + np.diag({2 * l2!r} * {mask})",
    )


def _hessian(problem: losses.DataProblem, model: Scored, costs: Costs, score: str, add: str) -> list[str]:
    """Second derivatives; where there is no formula by complex steps, exact to rounding.

    W. Squire and G. Trapp, Using complex variables to estimate derivatives of real functions, 1998.
    """
    if problem.data.task == MULTICLASS:
        column = "gradient(theta + 1e-20j * e).imag / 1e-20"
        return [f"return np.array([{column} for e in np.eye(len(theta))])"]
    bend = f"h = {costs.bend}"
    if problem.model.linear:
        return scored(score, *costs.lead, bend, f"return (X.T * h) @ X / len(y){add}")
    return scored(
        score,
        *costs.lead,
        bend,
        f"g = {costs.slope}",
        "near = [theta + 1e-20j * e for e in np.eye(len(theta))]",
        "J = np.array([score(t, X).imag for t in near]) / 1e-20",
        "bent = np.array([pullback(t, X, g).imag for t in near]) / 1e-20",
        f"return ((J * h) @ J.T + bent) / len(y){add}",
    )
