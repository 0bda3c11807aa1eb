"""The mean loss of a model on data: its value, gradient and, for Newton's method, Hessian."""

from dataclasses import dataclass

import losses
from losses.core.messages import capitalized, message
from losses.expression.autodiff import derivative
from losses.expression.node import Node, apply_operation, name_node, substitute
from losses.expression.parser import CONSTANTS, parse_formula
from losses.expression.printers import numpy_source
from losses.loss.base import LOG_SUM_EXP, MULTICLASS, PREDICTION
from losses.model.output_activation import IDENTITY_KEY

from .benchmark_function import derivative_by
from .source import function_source, inline_score


class NoFormula(ValueError):
    """Of a model or a loss that is not known as text; the message is a sentence for the page."""


@dataclass(frozen=True)
class ModelSource:
    """A model: functions that it needs, the score of examples, and a sum over them of ``{g}`` times its slope."""

    functions: tuple[str, ...]
    score: str
    pullback: str


@dataclass(frozen=True)
class LossSource:
    """A loss of the score z: what is computed first, then value, slope and curvature."""

    setup: tuple[str, ...]
    value: str
    slope: str
    curvature: str = ""


def objective_source(
    problem: losses.DataProblem, hessian: bool, gradient_arguments: str = "theta"
) -> list[str]:
    """Its functions; ``gradient_arguments`` is what the gradient is a function of."""
    model = _model_source(problem) if problem.model.linear or problem.model.expression else _written(problem)
    costs = _loss_of_class_scores(problem) if problem.data.task == MULTICLASS else _loss_of_score(problem)
    add = _penalty_terms(problem)
    score = model.score.format(theta="theta")
    pull = model.pullback.format(theta="theta", g=costs.slope)
    value, slope = f"return np.mean({costs.value}){add[0]}", f"return {pull} / len(y){add[1]}"
    lines = list(model.functions)
    lines += function_source("loss(theta)", *inline_score(score, *costs.setup, value))
    lines += function_source(f"gradient({gradient_arguments})", *inline_score(score, *costs.setup, slope))
    if hessian:
        lines += function_source("hessian(theta)", *_hessian_source(problem, model, costs, score, add[2]))
    return lines


def _model_source(problem: losses.DataProblem) -> ModelSource:
    model = problem.model
    if model.expression:
        return _curve_source(problem)
    if problem.data.task == MULTICLASS:
        return ModelSource((), "X @ {theta}.reshape(-1, X.shape[1]).T", "(({g}).T @ X).ravel()")
    return ModelSource((), "X @ {theta}", "X.T @ ({g})")


def _curve_source(problem: losses.DataProblem) -> ModelSource:
    """A curve of two parameters, differentiated as a formula."""
    names = problem.parameters
    f = substitute(parse_formula(problem.model.expression, (*names, "x"), {}), (("x", name_node("X")),))
    unpacked = f"{', '.join(names)} = theta"
    slopes = ", ".join(f"np.sum(g * ({numpy_source(derivative_by(f, one))}))" for one in names)
    return ModelSource(
        (
            *function_source("score(theta, X)", unpacked, f"return {numpy_source(f)}"),
            *function_source("pullback(theta, X, g)", unpacked, f"return np.array([{slopes}])"),
        ),
        "score({theta}, X)",
        "pullback({theta}, X, {g})",
    )


def _written(problem: losses.DataProblem) -> ModelSource:
    """A model that brings its own NumPy."""
    if problem.model.code is None:
        raise NoFormula(
            message("{name} has no formula to write a script with.", name=capitalized(problem.model.name))
        )
    score, pullback = problem.model.code()
    functions = (
        *function_source("score(theta, X)", *score),
        *function_source("pullback(theta, X, g)", *pullback),
    )
    return ModelSource(functions, "score({theta}, X)", "pullback({theta}, X, {g})")


def _loss_formula(problem: losses.DataProblem) -> Node:
    """The loss as a formula of r, p, y or z, with its settings filled in."""
    if not problem.loss.expression:
        raise NoFormula(
            message("{name} has no formula to write a script with.", name=capitalized(problem.loss.name))
        )
    given = CONSTANTS | {setting.name: setting.default for setting in problem.loss.settings}
    return parse_formula(problem.loss.expression, ("r", "p", "y", "z"), given)


def _loss_of_score(problem: losses.DataProblem) -> LossSource:
    formula, z = _loss_formula(problem), name_node("z")
    lead: tuple[str, ...] = ("r = z - y",)
    of = frozenset(("z", "r"))
    if problem.loss.space == PREDICTION and problem.link.key == IDENTITY_KEY:
        formula = substitute(formula, (("p", z),))
    else:
        said = apply_operation("sigmoid", z)
        formula = substitute(formula, (("p", said), ("r", said - name_node("y"))))
        lead, of = (), frozenset("z")
    slope = derivative(formula, of)
    return LossSource(
        lead, numpy_source(formula), _per_example_source(slope), _per_example_source(derivative(slope, of))
    )


def _per_example_source(node: Node) -> str:
    """A formula that has a value for each example even where it is a number."""
    return numpy_source(node) if node.parts else f"np.full(len(y), {numpy_source(node)}.0)"


def _loss_of_class_scores(problem: losses.DataProblem) -> LossSource:
    """The same for the scores of several classes, through a softmax."""
    lead = (
        "e = np.exp(z - z.max(axis=1, keepdims=True))",
        "P = e / e.sum(axis=1, keepdims=True)",
        f"Y = np.eye({len(problem.data.classes)})[y.astype(int)]",
    )
    if problem.loss.closed_form == LOG_SUM_EXP:
        value = "np.log(e.sum(axis=1)) - np.log(e[np.arange(len(y)), y.astype(int)])"
        return LossSource(lead, value, "P - Y")
    p, y = name_node("P"), name_node("Y")
    formula = substitute(_loss_formula(problem), (("r", p - y), ("p", p), ("y", y)))
    slope = f"G = {numpy_source(derivative_by(formula, 'P'))}"
    return LossSource(
        (*lead, slope),
        f"({numpy_source(formula)}).sum(axis=1)",
        "P * (G - (G * P).sum(axis=1, keepdims=True))",
    )


def _penalty_terms(problem: losses.DataProblem) -> tuple[str, str, str]:
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


def _hessian_source(
    problem: losses.DataProblem, model: ModelSource, costs: LossSource, score: str, penalty: str
) -> list[str]:
    """Second derivatives; where there is no formula by complex steps, exact to rounding.

    W. Squire and G. Trapp, Using complex variables to estimate derivatives of real functions, 1998.
    """
    if problem.data.task == MULTICLASS:
        column = "gradient(theta + 1e-20j * e).imag / 1e-20"
        return [f"return np.array([{column} for e in np.eye(len(theta))])"]
    bend = f"h = {costs.curvature}"
    if problem.model.linear:
        return inline_score(score, *costs.setup, bend, f"return (X.T * h) @ X / len(y){penalty}")
    return inline_score(
        score,
        *costs.setup,
        bend,
        f"g = {costs.slope}",
        "near = [theta + 1e-20j * e for e in np.eye(len(theta))]",
        "J = np.array([score(t, X).imag for t in near]) / 1e-20",
        "bent = np.array([pullback(t, X, g).imag for t in near]) / 1e-20",
        f"return ((J * h) @ J.T + bent) / len(y){penalty}",
    )
