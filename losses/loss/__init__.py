"""The catalogue of losses. One entry in one of its tuples adds one everywhere."""

from typing import Final

from losses.loss.binary import BINARY_LOSSES
from losses.loss.multiclass import MULTICLASS_LOSSES
from losses.loss.record import BINARY, MULTICLASS, PREDICTION, REGRESSION, SCORE, Loss, sigmoid, softmax
from losses.loss.regression import REGRESSION_LOSSES
from losses.registry import Registry

LOSSES: Final[Registry[Loss]] = Registry("loss", (*REGRESSION_LOSSES, *BINARY_LOSSES, *MULTICLASS_LOSSES))

__all__ = [
    "BINARY",
    "LOSSES",
    "MULTICLASS",
    "PREDICTION",
    "REGRESSION",
    "SCORE",
    "Loss",
    "sigmoid",
    "softmax",
]
