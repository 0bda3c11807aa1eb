"""Problems: the mean loss of a model on a dataset, as a function of its parameters."""

from abc import ABC, abstractmethod
from collections.abc import Callable
from functools import cached_property
from typing import Any, Final

import numpy as np

from losses.core.arrays import Array, as_float_array, as_points, frozen
from losses.core.hyperparameter import Setting, resolve_settings
from losses.core.messages import message
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

MAX_BLOCK_SCORES: Final = 30_000
"""How many scores are looked at together."""


class Problem(ABC):
    """A function of ``dim`` parameters, each with a name and a role, with derivatives, batched along leading axes.

    ``value: (..., d) -> (...)``, ``gradient: (..., d) -> (..., d)``, ``hessian: (..., d) -> (..., d, d)``.
    ``quadratic``, ``convex`` and ``smooth`` are what is known of it for certain. Problems are compared and hashed by
    identity.
    """

    key: str
    name: str
    parameters: tuple[str, ...]
    labels: tuple[str, ...]
    roles: tuple[Role, ...]
    quadratic: bool
    convex: bool
    smooth: bool

    @cached_property
    def dim(self) -> int:
        """The number of parameters."""
        return len(self.parameters)

    @property
    @abstractmethod
    def plane(self) -> Plane:
        """The window in which the problem is drawn unless told otherwise."""

    @property
    @abstractmethod
    def reach(self) -> Array:
        """How far each parameter is worth looking at, ``(d,)``: half the window's widths."""

    @property
    @abstractmethod
    def start(self) -> Array:
        """Where a descent begins unless told otherwise, ``(d,)``."""

    @abstractmethod
    def value(self, theta: Any) -> Array: ...

    @abstractmethod
    def gradient(self, theta: Any) -> Array: ...

    @abstractmethod
    def hessian(self, theta: Any) -> Array: ...

    def value_and_gradient(self, theta: Any) -> tuple[Array, Array]:
        """Both at once, which may cost less than one after the other."""
        return self.value(theta), self.gradient(theta)


class DataProblem(Problem):
    """The mean loss of ``model`` on ``data``, plus a penalty. Build it with :func:`problem`."""

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
        through_link = loss.space == PREDICTION and self.link.key != IDENTITY_KEY
        bowl = model.linear and not through_link
        self.quadratic = bowl and loss.error_power == 2 and not l1
        self.convex = bowl and loss.convex
        # The absolute value of a probability's error has no kink: a sigmoid never reaches 0 or 1.
        self.smooth = (loss.smooth or through_link) and model.smooth() and not l1
        self.of_score = compose(loss, self.link, self.y, data.task)
        self.roles = model.roles_of(data.inputs.shape[1], count)
        self.penalized = np.array([not role.is_bias for role in self.roles])

    def __repr__(self) -> str:
        return f"<problem: {self.name}>"

    def score(self, theta: Any) -> Array:
        """The model's score of each example, ``(..., n)`` or ``(..., n, K)``."""
        return self.model.score(as_points(theta, self.dim), self.x)

    def example_losses(self, theta: Any) -> Array:
        """What each example costs, ``(..., n)``, without the penalty."""
        return self.of_score.value(self.score(theta))

    def value(self, theta: Any) -> Array:
        (found,) = self._evaluate_in_blocks(
            lambda some: (self.value_of_score(self.score(some), some),), theta
        )
        return found

    def _evaluate_in_blocks(
        self, function: Callable[[Array], tuple[Array, ...]], theta: Any
    ) -> tuple[Array, ...]:
        """What a function says at points ``(..., d)``, a block at a time whose scores fit a processor's cache."""
        theta = as_points(theta, self.dim)
        rows = max(1, MAX_BLOCK_SCORES // (len(self.y) * max(1, len(self.data.classes))))
        if theta.size <= rows * self.dim:
            return function(theta)
        flat = theta.reshape(-1, self.dim)
        parts = zip(*(function(flat[i : i + rows]) for i in range(0, len(flat), rows)), strict=True)
        return tuple(np.concatenate(part).reshape(*theta.shape[:-1], *part[0].shape[1:]) for part in parts)

    def value_of_score(self, z: Array, theta: Any) -> Array:
        """The value where the score is known already; theta is asked for the penalty only."""
        return np.asarray(self.of_score.value(z).mean(axis=-1) + self.penalty(theta))

    def penalty(self, theta: Any) -> Array | float:
        """What the size of the weights costs, ``(...)``."""
        if not (self.l2 or self.l1):
            return 0.0
        weights = as_points(theta, self.dim)[..., self.penalized]
        cost = self.l2 * np.square(weights).sum(axis=-1) + self.l1 * np.abs(weights).sum(axis=-1)
        return np.asarray(cost)

    def gradient(self, theta: Any) -> Array:
        return self.gradient_on(theta, slice(None))

    def value_and_gradient(self, theta: Any) -> tuple[Array, Array]:
        """Both from one look at the scores."""

        def both(some: Array) -> tuple[Array, Array]:
            z = self.score(some)
            return self.value_of_score(z, some), self._add_penalty_gradient(
                self._data_gradient(some, z, slice(None)), some
            )

        value, gradient = self._evaluate_in_blocks(both, theta)
        return value, gradient

    def gradient_on(self, theta: Any, rows: Any) -> Array:
        """The gradient of the mean over some of the examples, as mini-batches use it."""
        theta = as_points(theta, self.dim)
        return self._add_penalty_gradient(
            self._data_gradient(theta, self.model.score(theta, self.x[rows]), rows), theta
        )

    def _data_gradient(self, theta: Array, z: Array, rows: Any) -> Array:
        x = self.x[rows]
        return self.model.pullback(theta, x, self._loss_on_rows(rows).slope(z)) / len(x)

    def _add_penalty_gradient(self, gradient: Array, theta: Array) -> Array:
        if not (self.l2 or self.l1):
            return gradient
        return np.asarray(gradient + (2.0 * self.l2 * theta + self.l1 * np.sign(theta)) * self.penalized)

    def _loss_on_rows(self, rows: Any) -> LossOfScore:
        if isinstance(rows, slice):
            return self.of_score
        return compose(self.loss, self.link, self.y[rows], self.data.task)

    def hessian(self, theta: Any) -> Array:
        theta = as_points(theta, self.dim)
        z = self.model.score(theta, self.x)
        slope, curvature = self.of_score.slope(z), self.of_score.curvature(z)
        bend = self.model.hessian(theta, self.x, slope, curvature) / len(self.y)
        return np.asarray(bend + 2.0 * self.l2 * np.diag(self.penalized)) if self.l2 else bend

    def predict(self, theta: Any, x: Any) -> Array:
        """Predictions ``(..., m)`` for inputs ``x (m,)`` or ``(m, k)``, both in the data's units.

        Raises ValueError for inputs of another shape. For a binary task the prediction is the probability of class 1, for
        several classes it is ``(..., m, K)``, a probability for each.
        """
        said = self.link.value(self.score_at(theta, x))
        return said if self.scaling is None else self.scaling.y_mean + self.scaling.y_scale * said

    def score_at(self, theta: Any, x: Any) -> Array:
        """The model's scores, shaped as :meth:`predict` shapes predictions, for inputs in the data's units."""
        return self.model.score(as_points(theta, self.dim), self._standardized_inputs(x))

    def hidden_at(self, theta: Any, x: Any) -> tuple[Array, Array, str] | None:
        """A network's ``Model.hidden`` for inputs in the data's units; None for other models."""
        hidden = self.model.hidden
        return hidden(as_points(theta, self.dim), self._standardized_inputs(x)) if hidden else None

    def _standardized_inputs(self, x: Any) -> Array:
        """Inputs ``(m, k)``, or ``(m,)`` of one, in the data's units, as the model takes them; ValueError for others."""
        inputs, count = as_float_array(x, "x"), self.data.inputs.shape[1]
        inputs = inputs[:, None] if inputs.ndim == count == 1 else inputs
        if inputs.ndim != 2 or inputs.shape[1] != count:
            raise ValueError(f"x must have shape {'(m,) or ' * (count == 1)}(m, {count}); not {inputs.shape}")
        return inputs if self.scaling is None else (inputs - self.scaling.x_mean) / self.scaling.x_scale

    @cached_property
    def plane(self) -> Plane:
        """A window that depends on data, model and scaling alone, not on the loss."""
        center, half = self.model.default_window(self.x, self.y)
        if self.model.initial_parameters is not None:
            center = self.model.initial_parameters(self.x, self.y, self.dim)
        return coordinate_plane(center, rounded_box(center[:2], half[:2]), self.labels)

    @cached_property
    def reach(self) -> Array:
        half = self.model.default_window(self.x, self.y)[1]
        # A network guesses from the targets how many classes there are, and is as wide in every direction.
        return frozen(half if len(half) == self.dim else np.full(self.dim, half.max()))

    @cached_property
    def start(self) -> Array:
        if self.model.initial_parameters is not None:
            return frozen(self.model.initial_parameters(self.x, self.y, self.dim))
        at = np.array(self.plane.origin)
        for axis, ((low, high), share) in enumerate(zip(self.plane.box, (0.1, 0.88), strict=True)):
            digits = 2 - int(np.floor(np.log10(high - low)))
            at[axis] = round(low + share * (high - low), digits)
        return frozen(at)


PENALTIES: Final = (
    Setting("l2", message("L2 penalty on the weights"), 0.0, 0.0, 1e6),
    Setting("l1", message("L1 penalty on the weights"), 0.0, 0.0, 1e6),
)


def problem(
    data: Dataset | str, model: Model | str, loss: Loss | str, *, standardize: bool = False, **settings: float
) -> DataProblem:
    """The mean loss of a model on a dataset; each given as a key or as a record.

    With ``standardize`` inputs and, in a regression, the target are measured
    in population standard deviations from their means (from zero, for models
    in which zero has a meaning). ``settings`` are those of the loss and of the
    model, such as ``delta=2.0`` or ``width=6``, and the penalties ``l2`` and
    ``l1``. Raises ``UnknownKey`` for a wrong key, ``Incompatible`` for a
    pairing that makes no sense, ValueError for a wrong setting.
    """
    d, m, c = lookup(DATASETS, data), lookup(MODELS, model), lookup(LOSSES, loss)
    against = why_not_model(d, m) or why_not_loss(d, m, c)
    if against:
        raise Incompatible(against)
    values = resolve_settings(f"{c.name} of {m.name}", (*c.settings, *m.settings, *PENALTIES), settings)
    own = [{s.name: values[s.name] for s in part} for part in (c.settings, m.settings, PENALTIES)]
    return DataProblem(
        d, m.with_settings(**own[1]), c.with_settings(**own[0]), standardize=standardize, **own[2]
    )
