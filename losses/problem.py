"""Problems: the mean loss of a model on a dataset, as a function of its parameters."""

from abc import ABC, abstractmethod
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from losses.arrays import Array, frozen, points
from losses.dataset import Dataset
from losses.datasets import DATASETS
from losses.loss import LOSSES, PREDICTION, REGRESSION, Loss
from losses.model import IDENTITY, MODELS, Model
from losses.pairing import Incompatible, record, why_not_loss, why_not_model
from losses.plane import Plane, coordinate_plane, tidy_box


class Problem(ABC):
    """A function of ``dim`` parameters, with derivatives, batched along leading axes.

    ``value: (..., d) -> (...)``, ``gradient: (..., d) -> (..., d)``,
    ``hessian: (..., d) -> (..., d, d)``. ``quadratic``, ``convex`` and
    ``smooth`` are what is known of it for certain. Problems are compared and
    hashed by identity.
    """

    key: str
    name: str
    parameters: tuple[str, ...]
    labels: tuple[str, ...]
    quadratic: bool
    convex: bool
    smooth: bool

    @property
    def dim(self) -> int:
        return len(self.parameters)

    @property
    @abstractmethod
    def plane(self) -> Plane:
        """The window in which the problem is drawn unless told otherwise."""

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


@dataclass(frozen=True)
class Scaling:
    """Means and population standard deviations by which data were standardized."""

    x_mean: Array
    x_scale: Array
    y_mean: float = 0.0
    y_scale: float = 1.0


class DataProblem(Problem):
    """The mean loss of ``model`` on ``data``. Build it with :func:`problem`."""

    def __init__(self, data: Dataset, model: Model, loss: Loss, standardize: bool) -> None:
        self.data, self.model, self.loss = data, model, loss
        self.scaling = scaling_of(data) if standardize else None
        self.key = f"{data.key} {model.key} {loss.key}"
        self.name = f"{loss.name} of {model.name} on {data.name}"
        count = data.inputs.shape[1]
        self.parameters, self.labels = model.parameters(count), model.labels(count)
        flat = model.linear and (model.link.key == IDENTITY or loss.space != PREDICTION)
        self.quadratic = flat and loss.key == "mse"
        self.convex = flat and loss.convex
        # The absolute value of a probability's error has no kink: a sigmoid never reaches 0 or 1.
        self.smooth = loss.smooth or (model.link.key != IDENTITY and loss.space == PREDICTION)
        scaling = self.scaling
        self.x = data.inputs if scaling is None else frozen((data.inputs - scaling.x_mean) / scaling.x_scale)
        self.y = data.y if scaling is None else frozen((data.y - scaling.y_mean) / scaling.y_scale)

    def __repr__(self) -> str:
        return f"<problem: {self.name}>"

    def value(self, theta: Any) -> Array:
        return np.asarray(self.example_losses(theta).mean(axis=-1))

    def example_losses(self, theta: Any) -> Array:
        """What each example costs, ``(..., n)``."""
        z = self.model.score(points(theta, self.dim), self.x)
        return self.loss.value(self._loss_argument(z), self.y)

    def gradient(self, theta: Any) -> Array:
        theta = points(theta, self.dim)
        slope = self._slope(self.model.score(theta, self.x))
        return self.model.pullback(theta, self.x, slope) / len(self.y)

    def hessian(self, theta: Any) -> Array:
        theta = points(theta, self.dim)
        z = self.model.score(theta, self.x)
        slope, curvature = self._slope(z), self._curvature(z)
        return self.model.hessian(theta, self.x, slope, curvature) / len(self.y)

    def predict(self, theta: Any, x: Any) -> Array:
        """Predictions ``(..., m)`` for inputs ``x (m,)`` or ``(m, k)``, both in the data's units.

        For a binary task the prediction is the probability of class 1.
        """
        inputs = np.asarray(x, dtype=np.float64).reshape(len(x), -1)
        if self.scaling is not None:
            inputs = (inputs - self.scaling.x_mean) / self.scaling.x_scale
        said = self.model.link.value(self.model.score(points(theta, self.dim), inputs))
        return said if self.scaling is None else self.scaling.y_mean + self.scaling.y_scale * said

    def _loss_argument(self, z: Array) -> Array:
        return self.model.link.value(z) if self._through_link else z

    @property
    def _through_link(self) -> bool:
        return self.loss.space == PREDICTION and self.model.link.key != IDENTITY

    def _slope(self, z: Array) -> Array:
        """d loss / d score of each example."""
        if not self._through_link:
            return self.loss.slope(z, self.y)
        link = self.model.link
        return self.loss.slope(link.value(z), self.y) * link.slope(z)

    def _curvature(self, z: Array) -> Array:
        if not self._through_link:
            return self.loss.curvature(z, self.y)
        link = self.model.link
        said, steep = link.value(z), link.slope(z)
        bend = self.loss.slope(said, self.y) * link.curvature(z)
        return self.loss.curvature(said, self.y) * np.square(steep) + bend

    @cached_property
    def plane(self) -> Plane:
        """A window that depends on data, model and scaling alone, not on the loss."""
        center, half = self.model.window(self.x, self.y)
        box = tidy_box(center[:2], half[:2])
        return coordinate_plane(center, box, self.labels)

    @cached_property
    def start(self) -> Array:
        (left, right), (low, high) = self.plane.box
        at = np.array(self.plane.origin)
        at[:2] = [left + 0.1 * (right - left), low + 0.88 * (high - low)]
        digits = [2 - int(np.floor(np.log10(right - left))), 2 - int(np.floor(np.log10(high - low)))]
        at[:2] = [round(float(at[i]), digits[i]) for i in range(2)]
        return frozen(at)


def scaling_of(data: Dataset) -> Scaling:
    """Population moments of the inputs and, in a regression, of the target."""
    inputs = data.inputs
    if data.task != REGRESSION:
        return Scaling(frozen(inputs.mean(axis=0)), frozen(inputs.std(axis=0)))
    spread = float(data.y.std())
    return Scaling(
        frozen(inputs.mean(axis=0)), frozen(inputs.std(axis=0)), float(data.y.mean()), spread or 1.0
    )


def problem(
    data: Dataset | str, model: Model | str, loss: Loss | str, *, standardize: bool = False
) -> DataProblem:
    """The mean loss of a model on a dataset; each given as a key or as a record.

    With ``standardize`` inputs and, in a regression, the target are measured
    in population standard deviations from their means. Raises ``UnknownKey``
    for a wrong key and ``Incompatible`` for a pairing that makes no sense.
    """
    chosen = record(DATASETS, data), record(MODELS, model), record(LOSSES, loss)
    against = why_not_model(*chosen[:2]) or why_not_loss(*chosen)
    if against:
        raise Incompatible(against)
    return DataProblem(*chosen, standardize=standardize)
