"""Losses, models, data and descents in pure NumPy.

>>> import losses
>>> p = losses.problem(data="norris", model="line", loss="mse")
>>> round(float(losses.certify(p).loss), 6)
0.739372
"""

from losses.arrays import frozen
from losses.basins import Basins, basins
from losses.certificate import Certificate, certify
from losses.dataset import Dataset
from losses.datasets import DATASETS
from losses.descent import Descent, descend
from losses.descents import Descents, descend_many
from losses.formula import FormulaError, own_loss
from losses.loss import LOSSES, Loss
from losses.model import MODELS, Model
from losses.optimizer import OPTIMIZERS, Optimizer
from losses.outcome import Outcome
from losses.pairing import Incompatible, allowed_losses, allowed_models, why_not_loss, why_not_model
from losses.plane import Box, Plane
from losses.problem import PENALTIES, DataProblem, Problem, problem
from losses.registry import Registry, UnknownKey
from losses.replay import Replay, replay
from losses.rules import OUTCOMES
from losses.schedule import SCHEDULES, Schedule
from losses.setting import Setting
from losses.slice import PathPlane, parameter_plane, path_plane, random_plane
from losses.surface import Surface, heights, surface
from losses.sweep import Sweep, sweep
from losses.test_functions import TEST_FUNCTIONS, TestFunction, test_function

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
