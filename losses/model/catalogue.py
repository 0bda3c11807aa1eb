"""The catalogue of models.

To add a model, write its entry in one of the modules imported here and append it to
``MODELS``; every other module reads the catalogue.
"""

from typing import Final

from losses.core.registry import Registry
from losses.model.base import Model
from losses.model.curves import NEURON, POWER, SATURATION
from losses.model.linear import LINE, LINEAR, LOGISTIC, SOFTMAX_CLASSIFIER
from losses.model.mlp import MLP

MODELS: Final[Registry[Model]] = Registry(
    "model", (LINE, LINEAR, SATURATION, POWER, NEURON, LOGISTIC, SOFTMAX_CLASSIFIER, MLP)
)
