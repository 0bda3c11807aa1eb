"""The catalogue of models. One entry in its tuple adds one everywhere."""

from typing import Final

from losses.core.registry import Registry
from losses.model.base import Model, Role
from losses.model.curves import NEURON, POWER, SATURATION
from losses.model.linear import LINE, LINEAR, LOGISTIC, SOFTMAX_CLASSIFIER
from losses.model.mlp import MLP

MODELS: Final[Registry[Model]] = Registry(
    "model", (LINE, LINEAR, SATURATION, POWER, NEURON, LOGISTIC, SOFTMAX_CLASSIFIER, MLP)
)

__all__ = ["MODELS", "Model", "Role"]
