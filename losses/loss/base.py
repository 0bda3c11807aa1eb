"""Losses: what a prediction costs against a target, with derivatives.

A loss lives either in the space of predictions (squared error of a price or
of a probability) or in the space of scores (cross-entropy, written in the
logit, where it is stable). ``Problem`` carries it through the model's link.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Final

import numpy as np

from losses.core.arrays import Array
from losses.core.hyperparameter import Setting, resolve_settings

LossFunction = Callable[..., Array]

REGRESSION: Final = "regression"
BINARY: Final = "binary"
MULTICLASS: Final = "multiclass"

PREDICTION: Final = "prediction"
SCORE: Final = "score"

LOG_1P_EXP: Final = "log_1p_exp"
"""log(1 + e^(−m)) of the margin m."""
EXP: Final = "exp"
"""e^(−m) of the margin m, as far as it is a number."""
LOG_COSH: Final = "log_cosh"
"""log cosh r of the error r."""
LOG_SUM_EXP: Final = "log_sum_exp"
"""log Σ_k e^(z_k − z_y) over the scores of all classes k, y being the true one."""


@dataclass(frozen=True)
class Loss:
    """A per-example penalty ``value(z, y)`` with ``slope`` and ``curvature`` in ``z``.

    All three broadcast ``z (..., n)`` against ``y (n,)``; ``space`` says
    whether ``z`` is a prediction or a score. ``convex``, ``smooth`` (the slope
    is continuous) and ``bounded_gradient`` are claims about ``value`` as a
    function of ``z``; the tests confirm or refute each. ``example`` is one
    worked case ``(z, y, value)``. For several classes ``z`` is ``(..., n, K)``,
    ``y`` holds class numbers, ``slope`` is ``(..., n, K)`` and ``curvature``
    ``(..., n, K, K)``.

    Further claims, with "not known" as their default, let certificates and
    kernels say more. Those about margins are made of the loss as a function
    of scores, carried through the link of a model (:func:`losses.problem.loss_of_score.compose`).
    The margin of a yes or no is the score times ±1, the sign of its target;
    of several classes there is one margin z_y − z_k for each class k other
    than the true one, y.
    """

    key: str
    name: str
    formula: str
    when: str
    tasks: tuple[str, ...]
    space: str
    value: LossFunction = field(repr=False)
    slope: LossFunction = field(repr=False)
    curvature: LossFunction = field(repr=False)
    convex: bool
    smooth: bool
    bounded_gradient: bool
    example: tuple[float | tuple[float, ...], float, float]
    settings: tuple[Setting, ...] = ()
    greatest_curvature: float | None = None
    """An upper bound of ``curvature`` over all z and settings; None where there is none."""
    expression: str = ""
    """The value as a formula of r, p, y or the score z, in the language of ``losses.expression``."""
    kinks: tuple[float, ...] = ()
    """Margins or errors at which the slope jumps."""
    breakpoints: Callable[..., tuple[float, ...]] | None = field(default=None, repr=False)
    """Margins or errors between which the loss is at most quadratic; None where it is not."""
    error_power: int | None = None
    """The p for which ``value(z, y)`` is exactly \\|z − y\\|^p, of a loss of predictions; None where there is none."""
    closed_form: str = ""
    """Which closed form ``value`` is exactly: ``LOG_1P_EXP``, ``EXP``, ``LOG_COSH``, ``LOG_SUM_EXP`` or none of them."""
    vanishes_for_large_margins: tuple[str, ...] = ()
    """The tasks of classes in which it is positive everywhere and tends to 0 as all margins of an example grow to ∞."""
    strictly_decreasing_in_margin: tuple[str, ...] = ()
    """The tasks of classes in which it strictly decreases everywhere as any one margin grows and no other shrinks."""
    zero_beyond_margin: float | None = None
    """The least m such that every yes or no with a margin above m costs exactly 0; None where there is none."""
    counts_mistakes: bool = False
    """It is exactly 1 for a yes or no whose margin is at most 0, and 0 for any other."""
    attains_minimum: bool = False
    """Its mean over examples has a minimizer over scores linear in theta, with or without penalties on weights.

    Except where it ``vanishes_for_large_margins`` and a direction exists that
    lowers no margin and raises one. It is claimed of convex losses only: of a
    regression they rise on both sides of the target, of classes they rise as
    margins fall, and do not fall below what they are at the largest margins.
    """
    of_true_probability: Callable[..., Array] | None = field(default=None, repr=False)
    """Of several classes: the cost as a function of the probability given to the true class; None where others count."""

    def with_settings(self, **values: float) -> "Loss":
        """This loss with some of its settings given, for example ``delta=2.0``."""
        checked = resolve_settings(self.name, self.settings, values)
        bound = tuple(replace(setting, default=checked[setting.name]) for setting in self.settings)
        return replace(
            self,
            value=partial(self.value, **checked),
            slope=partial(self.slope, **checked),
            curvature=partial(self.curvature, **checked),
            breakpoints=partial(self.breakpoints, **checked) if self.breakpoints else None,
            of_true_probability=partial(self.of_true_probability, **checked)
            if self.of_true_probability
            else None,
            settings=bound,
        )


def constant_breakpoints(*positions: float) -> Callable[..., tuple[float, ...]]:
    """Breaks at the same places whatever the settings."""
    return lambda **settings: positions


def constant_derivative(c: float) -> LossFunction:
    """A derivative that is the same everywhere."""
    return lambda z, y, **settings: np.full(np.broadcast_shapes(np.shape(z), np.shape(y)), c)
