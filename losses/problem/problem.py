"""Define problems: the mean loss of a model on a dataset, as a function of its parameters."""

from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import Any, Final

import numpy as np
from numpy.typing import ArrayLike

from losses.core.arrays import Array, as_float_array, as_points, check_bool, frozen, mean_last_axis
from losses.core.checkpoint import checkpoint
from losses.core.hyperparameter import Setting, resolve_settings
from losses.core.lazy import cached_property
from losses.core.messages import message
from losses.core.records import describe_names
from losses.data.catalogue import DATASETS
from losses.data.dataset import Dataset
from losses.data.standardization import fit_standardization, standardized_data
from losses.loss.base import MULTICLASS, PREDICTION, Loss
from losses.loss.catalogue import LOSSES
from losses.model.base import Model, Role
from losses.model.catalogue import MODELS
from losses.model.output_activation import IDENTITY_KEY
from losses.problem.compatibility import Incompatible, lookup, why_not_loss, why_not_model
from losses.problem.loss_of_score import LossOfScore, compose
from losses.problem.plane import Plane, coordinate_plane, rounded_box

OVERFLOW_SCALE: Final = 2.0**-600
"""A power of two with which parameters are multiplied where a score would be a difference of infinities."""
LARGEST_SHARED_INPUT: Final = 10.0
"""Inputs that exceed it make the weights' units much smaller than the intercept's."""
MAX_BLOCK_SCORES: Final = 30_000
"""Scores that are evaluated at once; more would not fit the cache of a processor."""


class Problem(ABC):
    """A function of ``dim`` parameters with its derivatives, evaluated at batches of points ``(..., d)``.

    Problems are compared and hashed by identity.
    """

    key: str
    """The key of a test function, or those of dataset, model and loss."""
    name: str
    """The name in a sentence."""
    parameters: tuple[str, ...]
    """The names of the parameters in code."""
    labels: tuple[str, ...]
    """The names of the parameters at axes."""
    roles: tuple[Role, ...]
    """What each parameter does in the model."""
    quadratic: bool
    """Whether the function is certainly quadratic."""
    convex: bool
    """Whether the function is certainly convex."""
    smooth: bool
    """Whether the function certainly has no kinks."""

    def __repr__(self) -> str:
        parameters = describe_names(getattr(self, "parameters", ()), "parameters")
        return f"<problem {getattr(self, 'key', '?')}: {getattr(self, 'name', '?')}; {parameters}>"

    @property
    def shares_scale(self) -> bool:
        """Whether the parameters have comparable units, so that a step is as long in one as in another."""
        return True

    @cached_property
    def dim(self) -> int:
        """The number d of parameters."""
        return len(self.parameters)

    @property
    @abstractmethod
    def plane(self) -> Plane:
        """The plane and window in which the problem is drawn by default."""

    @property
    @abstractmethod
    def reach(self) -> Array:
        """Half the width of a window along each parameter, ``(d,)``."""

    @property
    @abstractmethod
    def start(self) -> Array:
        """The default start of a descent, ``(d,)``."""

    @abstractmethod
    def value(self, theta: ArrayLike) -> Array:
        """Return the values at points, ``(..., d) -> (...)``."""

    @abstractmethod
    def gradient(self, theta: ArrayLike) -> Array:
        """Return the gradients at points, ``(..., d) -> (..., d)``."""

    @abstractmethod
    def hessian(self, theta: ArrayLike) -> Array:
        """Return the Hessians at points, ``(..., d) -> (..., d, d)``."""

    def value_and_gradient(self, theta: ArrayLike) -> tuple[Array, Array]:
        """Return values and gradients, which may cost less together than one after the other."""
        return self.value(theta), self.gradient(theta)


class DataProblem(Problem):
    """The mean loss of ``model`` on ``data`` plus a penalty; built by :func:`problem`.

    ``x (n, k)`` and ``y (n,)`` are the inputs and targets, standardized by ``scaling`` unless that is None;
    ``link`` is the output activation and ``of_score`` the loss as a function of the score. ``penalized (d,)``
    tells which parameters the penalties ``l2 Σθ²`` and ``l1 Σ|θ|`` sum over: all but biases.
    """

    def __init__(
        self, data: Dataset, model: Model, loss: Loss, *, standardize: bool, l2: float = 0.0, l1: float = 0.0
    ) -> None:
        self.data, self.model, self.loss, self.l2, self.l1 = data, model, loss, l2, l1
        self.link = model.output_activations[data.task]
        self.key = f"{data.key} {model.key} {loss.key}"
        self.name = message("{loss} of {model} on {data}", loss=loss.name, model=model.name, data=data.name)
        self.scaling = fit_standardization(data, model.centered) if standardize else None
        self.x, self.y = standardized_data(data, self.scaling)
        count = len(data.classes) if data.task == MULTICLASS else 1
        self.parameters = model.parameters(data.inputs.shape[1], count)
        self.labels = model.labels(data.inputs.shape[1], count)
        through_activation = loss.space == PREDICTION and self.link.key != IDENTITY_KEY
        linear_in_theta = model.linear and not through_activation
        self.quadratic = linear_in_theta and loss.error_power == 2 and not l1
        self.convex = linear_in_theta and loss.convex
        is_smooth = loss.smooth or (through_activation and loss.smooth_of_probability)
        self.smooth = is_smooth and model.smooth() and not l1
        self.of_score = compose(loss, self.link, self.y, data.task)
        self.roles = model.roles_of(data.inputs.shape[1], count)
        self.penalized = np.array([not role.is_bias for role in self.roles])

    def __repr__(self) -> str:
        facts = [f"{len(self.y)} examples", describe_names(self.parameters, "parameters")]
        facts += ["standardized"] * (self.scaling is not None)
        facts += [f"{name}={value:g}" for name, value in (("l2", self.l2), ("l1", self.l1)) if value]
        return f"<problem {self.key}: {self.name}; {', '.join(facts)}>"

    def __reduce__(self) -> tuple[Callable[..., Any], tuple[Any, ...]]:
        standardize = self.scaling is not None
        return _rebuilt, (type(self), self.data, self.model, self.loss, standardize, self.l2, self.l1)

    @cached_property
    def shares_scale(self) -> bool:
        """Whether the parameters have comparable units: the model says so, and inputs are near 1."""
        size = np.abs(self.x).max(axis=0)
        is_near_one = bool((size < LARGEST_SHARED_INPUT).all())
        return self.model.shares_scale and (self.scaling is not None or is_near_one)

    def score(self, theta: ArrayLike) -> Array:
        """Return the score of each example, ``(..., n)``, or ``(..., n, K)`` for K classes."""
        checkpoint()
        theta = as_points(theta, self.dim)
        score = self.model.score(theta, self.x)
        if self.model.linear and not np.isfinite(score).all():  # perhaps a sum of terms beyond float64
            with np.errstate(all="ignore"):
                score = self.model.score(theta * OVERFLOW_SCALE, self.x) / OVERFLOW_SCALE
        return score

    def example_losses(self, theta: ArrayLike) -> Array:
        """Return the loss of each example without the penalty, ``(..., n)``."""
        return self.of_score.value(self.score(theta))

    @np.errstate(all="ignore")
    def value(self, theta: ArrayLike) -> Array:
        (value,) = self._evaluate_in_blocks(
            lambda block: (self.value_of_score(self.score(block), block),), theta
        )
        return value

    def _evaluate_in_blocks(
        self, function: Callable[[Array], tuple[Array, ...]], theta: ArrayLike
    ) -> tuple[Array, ...]:
        """Evaluate a function with several results at points ``(..., d)``, ``MAX_BLOCK_SCORES`` at a time."""
        theta = as_points(theta, self.dim)
        block_size = max(1, MAX_BLOCK_SCORES // (len(self.y) * max(1, len(self.data.classes))))
        if theta.size <= block_size * self.dim:
            return function(theta)
        points = theta.reshape(-1, self.dim)
        blocks = (function(points[i : i + block_size]) for i in range(0, len(points), block_size))
        return tuple(
            np.concatenate(parts).reshape(*theta.shape[:-1], *parts[0].shape[1:])
            for parts in zip(*blocks, strict=True)
        )

    def value_of_score(self, z: Array, theta: ArrayLike) -> Array:
        """Return the value of known scores ``z``; ``theta`` is used for the penalty only."""
        return np.asarray(mean_last_axis(self.of_score.value(z)) + self.penalty(theta))

    def penalty(self, theta: ArrayLike) -> Array | float:
        """Return the penalty at points, ``(..., d) -> (...)``."""
        if not (self.l2 or self.l1):
            return 0.0
        weights = as_points(theta, self.dim)[..., self.penalized]
        with np.errstate(all="ignore"):
            penalty = np.square(weights).sum(axis=-1) * self.l2
            if not np.isfinite(penalty).all():
                penalty = np.square(np.sqrt(self.l2) * weights).sum(axis=-1)
            return np.asarray(penalty + self.l1 * np.abs(weights).sum(axis=-1) if self.l1 else penalty)

    def gradient(self, theta: ArrayLike) -> Array:
        return self.gradient_on(theta, slice(None))

    @np.errstate(all="ignore")
    def value_and_gradient(self, theta: ArrayLike) -> tuple[Array, Array]:
        """Return values and gradients; the scores are computed once for both."""

        def evaluate(block: Array) -> tuple[Array, Array]:
            z = self.score(block)
            gradient = self._data_gradient(block, z, slice(None))
            return self.value_of_score(z, block), self._add_penalty_gradient(gradient, block)

        value, gradient = self._evaluate_in_blocks(evaluate, theta)
        return value, gradient

    @np.errstate(all="ignore")
    def gradient_on(self, theta: ArrayLike, rows: Any) -> Array:
        """Return the gradient of the mean loss of the examples ``rows`` plus that of the penalty."""
        theta = as_points(theta, self.dim)
        z = self.model.score(theta, self.x[rows])
        return self._add_penalty_gradient(self._data_gradient(theta, z, rows), theta)

    def _data_gradient(self, theta: Array, z: Array, rows: Any) -> Array:
        x = self.x[rows]
        return self.model.pullback(theta, x, self._loss_on_rows(rows).slope(z)) / len(x)

    def _add_penalty_gradient(self, gradient: Array, theta: Array) -> Array:
        if not (self.l2 or self.l1):
            return gradient
        penalty_gradient = 2.0 * self.l2 * theta + self.l1 * np.sign(theta)
        return np.asarray(gradient + np.where(self.penalized, penalty_gradient, 0.0))

    def _loss_on_rows(self, rows: Any) -> LossOfScore:
        if isinstance(rows, slice):
            return self.of_score
        return compose(self.loss, self.link, self.y[rows], self.data.task)

    @np.errstate(all="ignore")
    def hessian(self, theta: ArrayLike) -> Array:
        checkpoint()
        theta = as_points(theta, self.dim)
        z = self.model.score(theta, self.x)
        slope, curvature = self.of_score.slope(z), self.of_score.curvature(z)
        hessian = self.model.hessian(theta, self.x, slope, curvature) / len(self.y)
        return np.asarray(hessian + 2.0 * self.l2 * np.diag(self.penalized)) if self.l2 else hessian

    @np.errstate(all="ignore")
    def predict(self, theta: ArrayLike, x: ArrayLike) -> Array:
        """Return predictions ``(..., m)`` for inputs ``x (m,)`` or ``(m, k)``, both in the units of the data.

        For a binary task the prediction is the probability of class 1; for several classes predictions are
        ``(..., m, K)``, a probability for each class. Raises ValueError for inputs of another shape.
        """
        prediction = self.link.value(self.score_at(theta, x))
        if self.scaling is None:
            return prediction
        return self.scaling.y_mean + self.scaling.y_scale * prediction

    def score_at(self, theta: ArrayLike, x: ArrayLike) -> Array:
        """Return scores in the shape of :meth:`predict` for inputs in the units of the data."""
        return self.model.score(as_points(theta, self.dim), self._standardized_inputs(x))

    def in_data_units(self, theta: ArrayLike) -> Array:
        """Return parameters that give the same predictions for data in their own units, ``(..., d)``.

        They are ``theta`` itself unless the problem is standardized.

        >>> import losses
        >>> p = losses.problem("norris", "line", "mse", standardize=True)
        >>> p.in_data_units(losses.certify(p).optimum).round(6)
        array([ 1.002117, -0.262323])

        Raises ValueError for a model of one's own that does not tell how its parameters change with the
        units, in :attr:`losses.Model.in_data_units`.
        """
        points, scaling = as_points(theta, self.dim), self.scaling
        if scaling is None:
            return np.array(points)
        return self.model.undo_standardization(
            points, scaling.x_mean, scaling.x_scale, scaling.y_mean, scaling.y_scale
        )

    def hidden_at(self, theta: ArrayLike, x: ArrayLike) -> tuple[Array, Array, str] | None:
        """Return ``Model.hidden`` of a network for inputs in the units of the data; None for other models."""
        hidden = self.model.hidden
        return hidden(as_points(theta, self.dim), self._standardized_inputs(x)) if hidden else None

    def _standardized_inputs(self, x: ArrayLike) -> Array:
        """Return inputs ``(m, k)``, or ``(m,)`` if k is 1, as the model takes them.

        ``x`` is in the units of the data. Raises ValueError for another shape.
        """
        inputs, count = as_float_array(x, "x"), self.data.inputs.shape[1]
        inputs = inputs[:, None] if inputs.ndim == count == 1 else inputs
        if inputs.ndim != 2 or inputs.shape[1] != count:
            raise ValueError(f"x must have shape {'(m,) or ' * (count == 1)}(m, {count}); not {inputs.shape}")
        return inputs if self.scaling is None else (inputs - self.scaling.x_mean) / self.scaling.x_scale

    @cached_property
    def plane(self) -> Plane:
        """The plane of the first two parameters; it depends on data, model and scaling, not on the loss."""
        center, half_widths = self.model.default_window(self.x, self.y)
        if self.model.initial_parameters is not None:
            center = self.model.initial_parameters(self.x, self.y, self.dim)
        return coordinate_plane(center, rounded_box(center[:2], half_widths[:2]), self.labels)

    @cached_property
    def reach(self) -> Array:
        half_widths = self.model.default_window(self.x, self.y)[1]
        # A network's window derives the number of classes from the targets, which may be wrong; as its half
        # widths are all equal, the length is easily corrected.
        return frozen(half_widths if len(half_widths) == self.dim else np.full(self.dim, half_widths.max()))

    @cached_property
    def start(self) -> Array:
        if self.model.initial_parameters is not None:
            return frozen(self.model.initial_parameters(self.x, self.y, self.dim))
        start = np.array(self.plane.origin)
        for axis, ((low, high), fraction) in enumerate(zip(self.plane.box, (0.1, 0.88), strict=True)):
            digits = 2 - int(np.floor(np.log10(high - low)))
            start[axis] = round(low + fraction * (high - low), digits)
        return frozen(start)


def _rebuilt(
    cls: type[DataProblem],
    data: Dataset,
    model: Model,
    loss: Loss,
    standardize: bool,
    l2: float,
    l1: float,
) -> DataProblem:
    return cls(data, model, loss, standardize=standardize, l2=l2, l1=l1)


PENALTIES: Final = (
    Setting("l2", message("L2 penalty on the weights"), 0.0, 0.0, 1e6),
    Setting("l1", message("L1 penalty on the weights"), 0.0, 0.0, 1e6),
)
"""The settings of every problem with data: penalties on the parameters that are not biases."""


def problem(
    data: Dataset | str, model: Model | str, loss: Loss | str, *, standardize: bool = False, **settings: float
) -> DataProblem:
    """Return the mean loss of a model on a dataset; each is a key or an entry of a catalogue.

    With ``standardize`` inputs and, in a regression, the target are measured in population standard
    deviations from their means (from 0, for models in which 0 has a meaning). ``settings`` are those of the
    loss and of the model, such as ``delta=2.0`` or ``width=6``, and the penalties ``l2`` and ``l1``.

    Raises ``UnknownKey`` for a wrong key, ``Incompatible`` if data, model and loss do not fit together,
    ValueError for a wrong setting, and TypeError unless ``standardize`` is True or False.
    """
    standardize = check_bool(standardize, "standardize")
    d, m, c = lookup(DATASETS, data), lookup(MODELS, model), lookup(LOSSES, loss)
    reason = why_not_model(d, m) or why_not_loss(d, m, c)
    if reason:
        raise Incompatible(reason)
    values = resolve_settings(f"{c.name} of {m.name}", (*c.settings, *m.settings, *PENALTIES), settings)
    for_loss, for_model, penalties = (
        {setting.name: values[setting.name] for setting in group}
        for group in (c.settings, m.settings, PENALTIES)
    )
    return DataProblem(
        d, m.with_settings(**for_model), c.with_settings(**for_loss), standardize=standardize, **penalties
    )
