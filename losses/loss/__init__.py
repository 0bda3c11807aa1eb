"""The catalogue of losses. One entry in one of its tuples adds one everywhere."""

from typing import Final

from losses.loss.binary import BINARY_LOSSES, CROSS_ENTROPY, HINGE, ZERO_ONE
from losses.loss.multiclass import CATEGORICAL_CROSS_ENTROPY, MULTICLASS_LOSSES
from losses.loss.record import (
    BINARY,
    EXP,
    LOG_1P_EXP,
    LOG_COSH,
    LOG_SUM_EXP,
    MULTICLASS,
    PREDICTION,
    REGRESSION,
    SCORE,
    Loss,
    sigmoid,
    softmax,
)
from losses.loss.regression import ABSOLUTE_ERROR, REGRESSION_LOSSES
from losses.registry import Registry

LOSSES: Final[Registry[Loss]] = Registry("loss", (*REGRESSION_LOSSES, *BINARY_LOSSES, *MULTICLASS_LOSSES))

__all__ = [
    "ABSOLUTE_ERROR",
    "BINARY",
    "CATEGORICAL_CROSS_ENTROPY",
    "CROSS_ENTROPY",
    "EXP",
    "HINGE",
    "LOG_1P_EXP",
    "LOG_COSH",
    "LOG_SUM_EXP",
    "LOSSES",
    "MULTICLASS",
    "PREDICTION",
    "REGRESSION",
    "SCORE",
    "ZERO_ONE",
    "Loss",
    "sigmoid",
    "softmax",
]
