"""Models: how parameters and inputs make a score, and a link makes it a prediction."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

import numpy as np

from losses.core.arrays import Array
from losses.core.hyperparameter import Setting, resolve_settings
from losses.model.output_activation import OutputActivation

NameFunction = Callable[..., tuple[str, ...]]


@dataclass(frozen=True)
class Role:
    """What one parameter does in its model, whatever its name is.

    Parameters are numbered by the ``layer`` and the ``unit`` (neuron, or score of a class) whose input they weigh,
    and by the ``column``, the feature that they multiply. In the output layer the score of class c is the sum over
    columns of the parameter in unit c times a feature that is the same for every class.
    """

    layer: int = 0
    unit: int = 0
    column: int = 0
    is_bias: bool = False
    """It multiplies the constant 1: it is not penalized, and does not move in random directions."""
    is_output: bool = False
    """It belongs to the output layer, in whose parameters together the score is linear."""


Roles = Callable[..., tuple[Role, ...]]


def layer_roles(units: int, inputs: int, layer: int = 0, *, is_output: bool = False) -> tuple[Role, ...]:
    """Roles of a dense layer with biases: for each unit its weights, then its bias."""
    return tuple(
        Role(layer, unit, column, is_bias=column == inputs, is_output=is_output)
        for unit in range(units)
        for column in range(inputs + 1)
    )


def separate_roles(count: int) -> tuple[Role, ...]:
    """Roles where nothing is known: weights that have nothing to do with each other."""
    return tuple(Role(unit=i) for i in range(count))


def zero_parameters(x: Array, y: Array, dim: int) -> Array:
    """Where a convex problem of many parameters may as well begin."""
    return np.zeros(dim)


@dataclass(frozen=True)
class Model:
    """Scores of n examples, batched along the leading axes of theta.

    ``score(theta (..., d), x (n, k)) -> (..., n)``, or ``(..., n, K)`` for K
    classes; ``pullback(theta, x, g) -> (..., d)`` is the sum over examples of
    g (shaped as the score) times the score's gradient; ``hessian(theta, x, g,
    h) -> (..., d, d)`` is the same sum of h times the gradient's outer square
    plus g times the score's Hessian, h being ``(..., n)`` or ``(..., n, K, K)``.
    ``parameters(k, K)`` names the d parameters for k inputs and K classes, and
    ``labels(k, K)`` says the same in words. ``output_activations`` says for each task that
    the model fits how its score becomes a prediction.
    """

    key: str
    name: str
    when: str
    output_activations: Mapping[str, OutputActivation]
    reference_loss: Mapping[str, str]
    """For each task the loss that the page chooses first, and that the window is made for."""
    parameters: NameFunction = field(repr=False)
    labels: NameFunction = field(repr=False)
    score: Callable[..., Array] = field(repr=False)
    pullback: Callable[..., Array] = field(repr=False)
    hessian: Callable[..., Array] = field(repr=False)
    default_window: Callable[..., tuple[Array, Array]] = field(repr=False)
    """Center and half widths, ``(d,)`` each, of the parameters worth looking at for ``x (n, k), y (n,)``."""
    linear: bool
    """The score of each class is a weight for each input and an intercept, in this order, class after class.

    So it is linear in theta, and convexity and smoothness pass from loss to problem. A model that is linear in theta
    in another way, such as a polynomial, does not claim it.
    """
    roles: Roles | None = field(default=None, repr=False)
    """``roles(k, K)``: the :class:`Role` of each of the d parameters; None for what follows from ``linear`` alone."""
    inputs: int | None = None
    """How many inputs the model takes; None for any number."""
    centered: bool = True
    """Standardizing may move the zero of inputs and target; False where zero has a meaning."""
    positive_inputs_only: bool = False
    """The model is defined for positive inputs only."""
    smooth: Callable[..., bool] = field(default=lambda: True, repr=False)
    """Whether the score has a continuous gradient, with the settings given."""
    initial_parameters: Callable[..., Array] | None = field(default=None, repr=False)
    """Where a descent begins, ``(d,)``; None for a corner of the window."""
    hidden: Callable[..., tuple[Array, Array, str]] | None = field(default=None, repr=False)
    """Of a network, for ``theta, x``: what its H hidden neurons receive ``(..., n, H)``, the weights
    of their outputs with biases ``(..., K, H + 1)``, and what they make of it: a key of ``ACTIVATIONS``.
    Both arrays are linear in theta, and the score is the sum of the neurons' outputs by weight, plus the bias."""
    settings: tuple[Setting, ...] = ()
    expression: str = ""
    """Of a curve: its value as a formula of its parameters and x, in the language of ``losses.expression``."""
    code: Callable[..., tuple[tuple[str, ...], tuple[str, ...]]] | None = field(default=None, repr=False)
    """Of a model that is neither linear nor a curve: NumPy for the exported script, the lines of the bodies of
    ``score(theta, X)`` and ``pullback(theta, X, g)`` for one theta; ``X (n, k + 1)`` ends with a column of ones."""

    @property
    def tasks(self) -> tuple[str, ...]:
        return tuple(self.output_activations)

    def roles_of(self, inputs: int, classes: int) -> tuple[Role, ...]:
        """The role of each parameter; of a model that says nothing and is not linear none is a bias or an output."""
        if self.roles is not None:
            return self.roles(inputs, classes)
        if self.linear:
            return layer_roles(classes, inputs, is_output=True)
        return separate_roles(len(self.parameters(inputs, classes)))

    def with_settings(self, **values: float) -> "Model":
        """This model with its settings given, for example ``width=6``."""
        checked = resolve_settings(self.name, self.settings, values)
        if not checked:
            return self
        names = (
            "parameters",
            "roles",
            "labels",
            "score",
            "pullback",
            "hessian",
            "default_window",
            "initial_parameters",
            "smooth",
            "hidden",
            "code",
        )
        bound: dict[str, Any] = {
            name: partial(getattr(self, name), **checked) for name in names if getattr(self, name)
        }
        settings = tuple(replace(setting, default=checked[setting.name]) for setting in self.settings)
        return replace(self, settings=settings, **bound)
