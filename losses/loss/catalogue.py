"""The catalogue of losses.

To add a loss, append it to the tuple of its module; every other module reads the catalogue.
"""

from typing import Final

from losses.core.registry import Registry
from losses.loss.base import Loss
from losses.loss.binary import BINARY_LOSSES
from losses.loss.multiclass import MULTICLASS_LOSSES
from losses.loss.regression import REGRESSION_LOSSES

LOSSES: Final[Registry[Loss]] = Registry("loss", (*REGRESSION_LOSSES, *BINARY_LOSSES, *MULTICLASS_LOSSES))
