"""The part of a script that defines the mean loss of a model: its value, gradient and Hessian.

Names in the script are ``X`` inputs, ``y`` targets, ``z`` scores, ``p`` predictions, ``r`` residuals and
``g`` the slope of the loss in the score.
"""

from dataclasses import dataclass

import losses
from losses.core.messages import capitalized, message
from losses.expression.autodiff import derivative
from losses.expression.node import Node, apply_operation, name_node, substitute, variables_of
from losses.expression.parser import CONSTANTS, parse_formula
from losses.expression.printers import numpy_source
from losses.loss.base import LOG_SUM_EXP, MULTICLASS, PREDICTION
from losses.model.output_activation import IDENTITY_KEY

from .benchmark_function import derivative_by
from .source import function_source, inline_score


class NoFormula(ValueError):
    """A model or loss cannot be written as a formula; the message is a sentence for the page."""


@dataclass(frozen=True)
class ModelSource:
    """A model as source."""

    functions: tuple[str, ...]
    """Lines of the functions that the expressions call."""
    score: str
    """The expression of the scores of all examples, with ``{theta}`` for the parameters."""
    pullback: str
    """The expression of the sum over examples of ``{g}`` times the derivative of the score by ``{theta}``."""


@dataclass(frozen=True)
class LossSource:
    """A loss of the score z as source, with a value for each example."""

    setup: tuple[str, ...]
    """Assignments that the expressions need; unused ones are dropped later."""
    value: str
    slope: str
    """The first derivative by z."""
    curvature: str = ""
    """The second derivative by z; empty for several classes."""


@dataclass(frozen=True)
class PenaltySource:
    """What the L1 and L2 penalties add to three expressions; empty without a penalty."""

    value: str = ""
    gradient: str = ""
    hessian: str = ""


def objective_source(
    problem: losses.DataProblem, with_hessian: bool, gradient_arguments: str = "theta"
) -> list[str]:
    """Return the lines of ``loss``, ``gradient`` and, if asked for, ``hessian``.

    ``gradient_arguments`` are the parameters of ``gradient``: with ``theta, X, y`` it can be asked for the
    gradient of a batch. Raise NoFormula if the model or the loss cannot be written as a formula.
    """
    model, penalty = _model_source(problem), _penalty_source(problem)
    is_multiclass = problem.data.task == MULTICLASS
    loss = _loss_of_class_scores(problem) if is_multiclass else _loss_of_score(problem)
    score = model.score.format(theta="theta")
    pullback = model.pullback.format(theta="theta", g=loss.slope)
    value_body = inline_score(score, *loss.setup, f"return np.mean({loss.value}){penalty.value}")
    gradient_body = inline_score(score, *loss.setup, f"return {pullback} / len(y){penalty.gradient}")
    lines = list(model.functions)
    lines += function_source("loss(theta)", *value_body)
    lines += function_source(f"gradient({gradient_arguments})", *gradient_body)
    if with_hessian:
        lines += function_source("hessian(theta)", *_hessian_body(problem, loss, score, penalty))
    return lines


def _model_source(problem: losses.DataProblem) -> ModelSource:
    if problem.model.expression:
        return _curve_source(problem)
    if not problem.model.linear:
        return _coded_model_source(problem)
    if problem.data.task == MULTICLASS:
        return ModelSource((), "X @ {theta}.reshape(-1, X.shape[1]).T", "(({g}).T @ X).ravel()")
    return ModelSource((), "X @ {theta}", "X.T @ ({g})")


def _curve_source(problem: losses.DataProblem) -> ModelSource:
    """Return the source of a model that is a formula of one input, differentiated symbolically."""
    names = problem.parameters
    f = substitute(parse_formula(problem.model.expression, (*names, "x"), {}), (("x", name_node("X")),))
    unpacking = f"{', '.join(names)} = theta"
    gradient = ", ".join(f"np.sum(g * ({numpy_source(derivative_by(f, name))}))" for name in names)
    return _source_of_functions(
        (unpacking, f"return {numpy_source(f)}"), (unpacking, f"return np.array([{gradient}])")
    )


def _coded_model_source(problem: losses.DataProblem) -> ModelSource:
    """Return the source of a model whose catalogue entry has its NumPy code."""
    if problem.model.code is None:
        raise NoFormula(
            message("{name} has no formula to write a script with.", name=capitalized(problem.model.name))
        )
    return _source_of_functions(*problem.model.code())


def _source_of_functions(score_body: tuple[str, ...], pullback_body: tuple[str, ...]) -> ModelSource:
    functions = (
        *function_source("score(theta, X)", *score_body),
        *function_source("pullback(theta, X, g)", *pullback_body),
    )
    return ModelSource(functions, "score({theta}, X)", "pullback({theta}, X, {g})")


def _loss_formula(problem: losses.DataProblem) -> Node:
    """Return the loss as a formula of r, p, y or z, with numbers for its settings."""
    if not problem.loss.expression:
        raise NoFormula(
            message("{name} has no formula to write a script with.", name=capitalized(problem.loss.name))
        )
    constants = CONSTANTS | {setting.name: setting.default for setting in problem.loss.settings}
    return parse_formula(problem.loss.expression, ("r", "p", "y", "z"), constants)


def _loss_of_score(problem: losses.DataProblem) -> LossSource:
    """Return the loss of a single score, with p and, unless the prediction is the score, r replaced by z."""
    formula, z = _loss_formula(problem), name_node("z")
    if problem.loss.space == PREDICTION and problem.link.key == IDENTITY_KEY:
        setup: tuple[str, ...] = ("r = z - y",)
        variables = frozenset(("z", "r"))  # r grows with z, at the same rate
        formula = substitute(formula, (("p", z),))
    else:
        setup, variables = (), frozenset("z")
        prediction = apply_operation("sigmoid", z)
        formula = substitute(formula, (("p", prediction), ("r", prediction - name_node("y"))))
    slope = derivative(formula, variables)
    curvature = derivative(slope, variables)
    return LossSource(
        setup, numpy_source(formula), _per_example_source(slope), _per_example_source(curvature)
    )


def _per_example_source(node: Node) -> str:
    """Return an expression with a value for each example, also if the formula is a constant."""
    return numpy_source(node) if variables_of(node) else f"np.full(len(y), {float(node.number)!r})"


def _loss_of_class_scores(problem: losses.DataProblem) -> LossSource:
    """Return the loss of scores of shape ``(n, classes)`` through a softmax.

    ``P`` are the probabilities, ``Y`` the true classes as rows of the identity matrix and ``G`` the
    derivatives by P; the derivative of the softmax turns them into the slope P (G − Σ G P).
    """
    setup = (
        "d = z - z.max(axis=1, keepdims=True)",
        "e = np.exp(d)",
        "P = e / e.sum(axis=1, keepdims=True)",
        f"Y = np.eye({len(problem.data.classes)})[y.astype(int)]",
    )
    if problem.loss.closed_form == LOG_SUM_EXP:
        value = "np.log(e.sum(axis=1)) - d[np.arange(len(y)), y.astype(int)]"  # log(e) may be -inf
        return LossSource(setup, value, "P - Y")
    p, y = name_node("P"), name_node("Y")
    formula = substitute(_loss_formula(problem), (("r", p - y), ("p", p), ("y", y)))
    return LossSource(
        (*setup, f"G = {numpy_source(derivative_by(formula, 'P'))}"),
        f"({numpy_source(formula)}).sum(axis=1)",
        "P * (G - (G * P).sum(axis=1, keepdims=True))",
    )


def _penalty_source(problem: losses.DataProblem) -> PenaltySource:
    l2, l1 = problem.l2, problem.l1
    if not (l2 or l1):
        return PenaltySource()
    mask = f"np.array({problem.penalized.astype(int).tolist()})"
    return PenaltySource(
        f" + np.sum({mask} * ({l2!r} * theta**2 + {l1!r} * np.abs(theta)))",
        f" + {mask} * ({2 * l2!r} * theta + {l1!r} * np.sign(theta))",
        f" + np.diag({2 * l2!r} * {mask})",
    )


def _hessian_body(
    problem: losses.DataProblem, loss: LossSource, score: str, penalty: PenaltySource
) -> list[str]:
    """Return the body of ``hessian``; second derivatives of a model come from complex steps.

    The imaginary part of f(x + ih) / h is f′(x) up to rounding, without cancellation.
    W. Squire and G. Trapp, Using complex variables to estimate derivatives of real functions, 1998.
    """
    if problem.data.task == MULTICLASS:
        column = "gradient(theta + 1e-20j * e).imag / 1e-20"
        return [f"return np.array([{column} for e in np.eye(len(theta))])"]
    curvature = f"h = {loss.curvature}"
    if problem.model.linear:
        result = f"return (X.T * h) @ X / len(y){penalty.hessian}"
        return inline_score(score, *loss.setup, curvature, result)
    return inline_score(
        score,
        *loss.setup,
        curvature,
        f"g = {loss.slope}",
        "near = [theta + 1e-20j * e for e in np.eye(len(theta))]",
        "J = np.array([score(t, X).imag for t in near]) / 1e-20",
        "bent = np.array([pullback(t, X, g).imag for t in near]) / 1e-20",
        f"return ((J * h) @ J.T + bent) / len(y){penalty.hessian}",
    )
