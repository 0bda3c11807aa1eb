"""Loss surfaces and gradient descent in pure NumPy.

A problem joins data, a model and a loss into one function of the parameters. For
a problem, ``certify`` computes its optimum and curvature, ``surface`` its values
on a grid, and ``descend`` the iterates of an optimizer. What there is to choose
from is listed in ``DATASETS``, ``MODELS``, ``LOSSES``, ``OPTIMIZERS``,
``SCHEDULES`` and ``TEST_FUNCTIONS``; your own go in as :class:`Dataset`,
:func:`own_loss`, :class:`Loss`, :class:`Model` or a subclass of :class:`Problem`.

>>> import losses
>>> p = losses.problem(data="norris", model="line", loss="mse", standardize=True)
>>> losses.certify(p).critical_rate  # gradient descent is stable below this learning rate
1.0
>>> run = losses.descend(p, "gd", rate=0.1, steps=200)
>>> run.theta.shape, run.outcome.name
((201, 2), 'CONVERGED')
"""

from losses.certificate.certificate import Certificate
from losses.certificate.certify import certify
from losses.core.arrays import frozen
from losses.core.hyperparameter import Setting
from losses.core.registry import Registry, UnknownKey
from losses.core.ternary import NO, UNKNOWN, YES, Ternary, UnknownClaim
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
from losses.plot import plot
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
from losses.surface.convexity import Convexity, convexity
from losses.surface.slice_planes import PathPlane, parameter_plane, path_plane, random_plane
from losses.surface.surface import Surface, heights, surface

__version__ = "0.1.0"

__all__ = [
    "DATASETS",
    "LOSSES",
    "MODELS",
    "NO",
    "OPTIMIZERS",
    "OUTCOMES",
    "PENALTIES",
    "SCHEDULES",
    "TEST_FUNCTIONS",
    "UNKNOWN",
    "YES",
    "Basins",
    "Box",
    "Certificate",
    "Convexity",
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
    "Ternary",
    "TestFunction",
    "UnknownClaim",
    "UnknownKey",
    "allowed_losses",
    "allowed_models",
    "basins",
    "certify",
    "convexity",
    "descend",
    "descend_many",
    "frozen",
    "heights",
    "own_loss",
    "parameter_plane",
    "path_plane",
    "plot",
    "problem",
    "random_plane",
    "replay",
    "surface",
    "sweep",
    "test_function",
    "why_not_loss",
    "why_not_model",
]
