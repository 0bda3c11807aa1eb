"""The definition of a model: the score from parameters and inputs, with derivatives and properties."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any, ClassVar

import numpy as np

from losses.core.arrays import Array, in_float64
from losses.core.hyperparameter import Setting, resolve_settings
from losses.core.records import CatalogueEntry
from losses.model.output_activation import OutputActivation

NameFunction = Callable[..., tuple[str, ...]]


@dataclass(frozen=True)
class Role:
    """The position and function of one parameter in its model; its name carries no meaning.

    A parameter multiplies the feature in ``column`` and contributes to ``unit``,
    a neuron or the score of a class, of ``layer``. In the output layer, the score
    of class c is the sum over columns of the parameter of unit c times the
    feature of that column; the features are the same for all classes.
    """

    layer: int = 0
    unit: int = 0
    column: int = 0
    is_bias: bool = False
    """Whether it multiplies the constant 1; biases are not penalized and stay fixed in random directions."""
    is_output: bool = False
    """Whether it is in the output layer; the score is linear in the parameters of that layer."""


Roles = Callable[..., tuple[Role, ...]]


def layer_roles(units: int, inputs: int, layer: int = 0, *, is_output: bool = False) -> tuple[Role, ...]:
    """Return the roles in a dense layer: for each unit the weights of all inputs, then the bias."""
    return tuple(
        Role(layer, unit, column, is_bias=column == inputs, is_output=is_output)
        for unit in range(units)
        for column in range(inputs + 1)
    )


def separate_roles(count: int) -> tuple[Role, ...]:
    """Return roles that state nothing: each parameter is a weight of a unit of its own."""
    return tuple(Role(unit=i) for i in range(count))


def is_always_smooth(**settings: float) -> bool:
    """Return True: the score has a continuous gradient for all settings."""
    return True


def affine_in_data_units(theta: Array, x_mean: Array, x_scale: Array, y_mean: float, y_scale: float) -> Array:
    """Return the parameters ``(..., d)`` of a linear model for inputs and targets in the units of the data.

    The parameters are the weights and the intercept of each score, score after score.
    """
    matrix = theta.reshape(*theta.shape[:-1], -1, len(x_mean) + 1)
    weights = y_scale * matrix[..., :-1] / x_scale
    intercepts = y_mean + y_scale * matrix[..., -1] - weights @ x_mean
    return np.concatenate([weights, intercepts[..., None]], axis=-1).reshape(theta.shape)


def zero_parameters(x: Array, y: Array, dim: int) -> Array:
    """Return zeros ``(dim,)`` as initial parameters, for convex problems."""
    return np.zeros(dim)


_FUNCTION_FIELDS = ("score", "pullback", "hessian")
"""The fields of a model that are functions of arrays."""


@dataclass(frozen=True, repr=False)
class Model(CatalogueEntry):
    """A model: the scores of n examples as a function of the parameters θ, with derivatives.

    For d parameters, n examples with k inputs, and K classes:

    - ``score(theta, x)`` maps ``theta (..., d)`` and ``x (n, k)`` to scores
      ``(..., n)``; with several classes to ``(..., n, K)``.
    - ``pullback(theta, x, g)`` is the vector-Jacobian product of the score:
      the sum over examples of g, shaped as the score, times the score's
      gradient, ``(..., d)``.
    - ``hessian(theta, x, g, h)`` is the sum over examples of h times the outer
      square of the score's gradient plus g times the score's Hessian,
      ``(..., d, d)``; h is ``(..., n)`` or ``(..., n, K, K)``. With g and h the
      slope and curvature of a loss, it is the Hessian of the summed loss.

    Every function also accepts the settings as keyword arguments. The three compute in
    float64 and give inf beyond it, without a warning. Take a model
    from ``MODELS``; :func:`losses.problem` accepts it or its key:

    >>> import losses
    >>> import numpy as np
    >>> losses.MODELS["line"].score(theta=np.array([2.0, 1.0]), x=np.array([[3.0]]))
    array([7.])
    >>> mlp = losses.MODELS["mlp"].with_settings(width=2)
    >>> mlp.parameters(1, 1)
    ('w1.1', 'b1', 'w2.1', 'b2', 'v0.1', 'v0.2', 'c0')
    >>> losses.problem("moons", mlp, "bce").dim
    9
    """

    concept: ClassVar[str] = "model"

    key: str
    """Its key in ``MODELS``."""
    name: str
    """Its name, for people."""
    when: str
    """A sentence on what the model does."""
    output_activations: Mapping[str, OutputActivation]
    """For each task that the model fits, the function from score to prediction."""
    reference_loss: Mapping[str, str]
    """For each task, the key of the default loss, which ``default_window`` is made for."""
    parameters: NameFunction = field(repr=False)
    """``parameters(k, K)`` returns the names of the d parameters for k inputs and K classes."""
    labels: NameFunction = field(repr=False)
    """``labels(k, K)`` returns names of the d parameters for people."""
    score: Callable[..., Array] = field(repr=False)
    pullback: Callable[..., Array] = field(repr=False)
    hessian: Callable[..., Array] = field(repr=False)
    default_window: Callable[..., tuple[Array, Array]] = field(repr=False)
    """``default_window(x, y)`` returns center and half widths, ``(d,)`` each, of the parameters to show."""
    linear: bool
    """Whether the score of each class is a weighted sum of the inputs plus an intercept.

    The parameters are then the weights and the intercept of each class, class
    after class. The score is linear in θ, so a problem is convex or smooth if its
    loss is. A model that is linear in θ in another way, such as a polynomial,
    must leave this False.
    """
    roles: Roles | None = field(default=None, repr=False)
    """``roles(k, K)`` returns the :class:`~losses.model.base.Role` of each parameter.

    None for those of :meth:`roles_of`.
    """
    inputs: int | None = None
    """The number of inputs that the model takes; None for any number."""
    centered: bool = True
    """Whether standardization may shift inputs and target; False if zero has a meaning for the model."""
    shares_scale: bool = True
    """Whether its parameters have comparable units if inputs and targets are of the order of 1."""
    named_for_one_input: bool = False
    """Whether its name says that there is one input, though it takes several: a line in space is a plane."""
    positive_inputs_only: bool = False
    """Whether the model is defined for positive inputs only."""
    smooth: Callable[..., bool] = field(default=is_always_smooth, repr=False)
    """Returns, for the settings, whether the score has a continuous gradient."""
    initial_parameters: Callable[..., Array] | None = field(default=None, repr=False)
    """``initial_parameters(x, y, d)`` returns where runs start, ``(d,)``; None for a corner of the window."""
    hidden: Callable[..., tuple[Array, Array, str]] | None = field(default=None, repr=False)
    """For a network with H hidden neurons, ``hidden(theta, x)`` returns three values.

    They are the pre-activations ``(..., n, H)``, the output weights with biases
    ``(..., K, H + 1)``, and the key of the activation in
    ``losses.model.mlp.ACTIVATIONS``. Both arrays are linear in θ; the score is the
    weighted sum of the activations plus the bias.
    """
    in_data_units: Callable[..., Array] | None = field(default=None, repr=False)
    """Undoes a standardization: parameters that give the same predictions for data in their own units.

    ``in_data_units(theta, x_mean, x_scale, y_mean, y_scale)`` takes parameters ``(..., d)`` of a model of
    standardized inputs ``(x - x_mean) / x_scale`` and targets ``(y - y_mean) / y_scale``; means are 0 unless
    the model is ``centered``. None if it is not known or, for a ``linear`` model, follows from that.
    """
    settings: tuple[Setting, ...] = ()
    """The hyperparameters; set them with :meth:`with_settings`."""
    expression: str = ""
    """For a curve, the score as a formula of its parameters and x, for ``losses.expression.parser``."""
    code: Callable[..., tuple[tuple[str, ...], tuple[str, ...]]] | None = field(default=None, repr=False)
    """For a model that is neither linear nor a curve, returns NumPy source for exported scripts.

    It returns the lines of the bodies of ``score(theta, X)`` and ``pullback(theta,
    X, g)`` for ``theta (d,)`` and ``X (n, k + 1)``, whose last column is ones.
    """

    def __post_init__(self) -> None:
        super().__post_init__()
        for name in _FUNCTION_FIELDS:
            object.__setattr__(self, name, in_float64(getattr(self, name)))

    @property
    def tasks(self) -> tuple[str, ...]:
        """The tasks that the model fits."""
        return tuple(self.output_activations)

    def roles_of(self, inputs: int, classes: int) -> tuple[Role, ...]:
        """Return the role of each parameter.

        Without ``roles`` they follow from ``linear``; for a model that is not
        linear no parameter then counts as a bias or as part of the output layer.
        """
        if self.roles is not None:
            return self.roles(inputs, classes)
        if self.linear:
            return layer_roles(classes, inputs, is_output=True)
        return separate_roles(len(self.parameters(inputs, classes)))

    def undo_standardization(
        self, theta: Array, x_mean: Array, x_scale: Array, y_mean: float, y_scale: float
    ) -> Array:
        """Return what ``in_data_units`` returns; raise ValueError if that is not known."""
        function = self.in_data_units or (affine_in_data_units if self.linear else None)
        if function is None:
            raise ValueError(f"theta of {self.name} cannot be told in the units of the data")
        return function(theta, x_mean, x_scale, y_mean, y_scale)

    def with_settings(self, **values: float) -> "Model":
        """Return this model with the given settings, for example ``width=6``.

        Settings that are not given keep their default. Raises ValueError for an
        unknown setting and for a value out of range.
        """
        checked = resolve_settings(self.name, self.settings, values)
        if not checked:
            return self
        names = (
            "parameters",
            "roles",
            "labels",
            *_FUNCTION_FIELDS,
            "default_window",
            "initial_parameters",
            "smooth",
            "hidden",
            "in_data_units",
            "code",
        )
        bound: dict[str, Any] = {
            name: partial(getattr(self, name), **checked) for name in names if getattr(self, name)
        }
        settings = tuple(replace(setting, default=checked[setting.name]) for setting in self.settings)
        return replace(self, settings=settings, **bound)
