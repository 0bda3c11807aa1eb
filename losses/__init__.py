"""Losses, models, data and descents in pure NumPy.

>>> import losses
>>> p = losses.problem(data="norris", model="line", loss="mse")
>>> round(float(losses.certify(p).loss), 6)
0.739372
"""

from losses.certificate.certificate import Certificate
from losses.certificate.certify import certify
from losses.core.arrays import frozen
from losses.core.hyperparameter import Setting
from losses.core.registry import Registry, UnknownKey
from losses.data.catalogue import DATASETS
from losses.data.dataset import Dataset
from losses.descent.basins import Basins, basins
from losses.descent.batch import Descents, descend_many
from losses.descent.convergence import OUTCOMES
from losses.descent.descent import Descent, Replay, descend, replay
from losses.descent.outcome import Outcome
from losses.descent.sweep import Sweep, sweep
from losses.expression.custom_loss import own_loss
from losses.expression.parser import FormulaError
from losses.loss.base import Loss
from losses.loss.catalogue import LOSSES
from losses.model.base import Model
from losses.model.catalogue import MODELS
from losses.optimizer.base import Optimizer
from losses.optimizer.catalogue import OPTIMIZERS
from losses.optimizer.schedule import SCHEDULES, Schedule
from losses.problem.benchmark_functions import TEST_FUNCTIONS, TestFunction, test_function
from losses.problem.compatibility import (
    Incompatible,
    allowed_losses,
    allowed_models,
    why_not_loss,
    why_not_model,
)
from losses.problem.plane import Box, Plane
from losses.problem.problem import PENALTIES, DataProblem, Problem, problem
from losses.surface.slice_planes import PathPlane, parameter_plane, path_plane, random_plane
from losses.surface.surface import Surface, heights, surface

__all__ = [
    "DATASETS",
    "LOSSES",
    "MODELS",
    "OPTIMIZERS",
    "OUTCOMES",
    "PENALTIES",
    "SCHEDULES",
    "TEST_FUNCTIONS",
    "Basins",
    "Box",
    "Certificate",
    "DataProblem",
    "Dataset",
    "Descent",
    "Descents",
    "FormulaError",
    "Incompatible",
    "Loss",
    "Model",
    "Optimizer",
    "Outcome",
    "PathPlane",
    "Plane",
    "Problem",
    "Registry",
    "Replay",
    "Schedule",
    "Setting",
    "Surface",
    "Sweep",
    "TestFunction",
    "UnknownKey",
    "allowed_losses",
    "allowed_models",
    "basins",
    "certify",
    "descend",
    "descend_many",
    "frozen",
    "heights",
    "own_loss",
    "parameter_plane",
    "path_plane",
    "problem",
    "random_plane",
    "replay",
    "surface",
    "sweep",
    "test_function",
    "why_not_loss",
    "why_not_model",
]
