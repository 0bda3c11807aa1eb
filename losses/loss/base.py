"""The definition of a loss: its value with two derivatives, and properties that certificates rely on.

A loss is a function either of the prediction (such as the squared error of a
price or of a probability) or of the score (such as cross-entropy, which is
numerically stable as a function of the logit). A problem composes losses of
the prediction with the model's output activation.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any, ClassVar, Final

import numpy as np

from losses.core.arrays import Array, in_float64
from losses.core.hyperparameter import Setting, resolve_settings
from losses.core.records import CatalogueEntry

LossFunction = Callable[..., Array]

REGRESSION: Final = "regression"
BINARY: Final = "binary"
MULTICLASS: Final = "multiclass"

PREDICTION: Final = "prediction"
SCORE: Final = "score"

LOG_1P_EXP: Final = "log_1p_exp"
"""Closed form log(1 + e^(−m)) of the margin m."""
EXP: Final = "exp"
"""Closed form e^(−m) of the margin m, unless it overflows."""
LOG_COSH: Final = "log_cosh"
"""Closed form log cosh r of the residual r."""
LOG_SUM_EXP: Final = "log_sum_exp"
"""Closed form log Σ_k e^(z_k − z_y) over the scores z_k of all classes; y is the true class."""


_FUNCTION_FIELDS: Final = ("value", "slope", "curvature", "of_true_probability")
"""The fields of a loss that are functions of arrays."""


@dataclass(frozen=True, repr=False)
class Loss(CatalogueEntry):
    """A loss of one example, ``value(z, y)``, with its ``slope`` and ``curvature`` in ``z``.

    z is a prediction or a score, as ``space`` says. The three functions
    broadcast ``z (..., n)`` against ``y (n,)`` and accept the settings as
    keyword arguments. They compute in float64 and give inf beyond it, without a
    warning. With K classes, z is ``(..., n, K)``, y holds class
    numbers, the slope is ``(..., n, K)`` and the curvature ``(..., n, K, K)``.

    Take one from ``LOSSES``, or make one from a formula with :func:`losses.own_loss`:

    >>> import losses
    >>> huber = losses.LOSSES["huber"].with_settings(delta=2.0)
    >>> float(huber.value(3.0, 0.0)), float(huber.slope(3.0, 0.0)), float(huber.curvature(3.0, 0.0))
    (4.0, 2.0, 0.0)
    >>> huber.tasks, huber.convex, huber.smooth
    (('regression',), True, True)

    The other fields state properties. ``convex``, ``smooth`` (the slope is
    continuous) and ``bounded_gradient`` are those of ``value`` as a function of
    z; the tests check each of them, true or false, for every loss of the
    catalogue. All others default to "not known"; where they are stated,
    certificates prove more and surfaces are computed faster.

    Properties of margins are those of the loss as a function of the score: a loss
    of the prediction is composed with the model's output activation first
    (``losses.problem.loss_of_score.compose``). With two classes, the margin is
    the score times ±1, the sign of the target. With several classes, there is a
    margin z_y − z_k for every class k except the true class y.
    """

    concept: ClassVar[str] = "loss"

    key: str
    """Its key in ``LOSSES``."""
    name: str
    """Its name, for people."""
    formula: str
    """TeX of ``value``."""
    when: str
    """A sentence on when to use it."""
    tasks: tuple[str, ...]
    """The tasks it fits: ``"regression"``, ``"binary"``, ``"multiclass"``."""
    space: str
    """What z is: ``"prediction"`` or ``"score"``."""
    value: LossFunction = field(repr=False)
    slope: LossFunction = field(repr=False)
    curvature: LossFunction = field(repr=False)
    convex: bool
    smooth: bool
    """Whether the slope is continuous."""
    bounded_gradient: bool
    """Whether the slope is bounded over all z."""
    example: tuple[float | tuple[float, ...], float, float]
    """A worked example ``(z, y, value)``."""
    settings: tuple[Setting, ...] = ()
    """The hyperparameters; set them with :meth:`with_settings`."""
    greatest_curvature: float | None = None
    """An upper bound of ``curvature`` over all z and settings; None if there is none."""
    expression: str = ""
    """``value`` as a formula of r, p, y or the score z, as ``losses.expression.parser`` reads it."""
    kinks: tuple[float, ...] = ()
    """The residuals (``space`` prediction) or margins (``space`` score) at which the slope jumps."""
    smooth_of_probability: bool = False
    """Whether the slope is continuous at predictions strictly between 0 and 1 of the targets 0 and 1.

    That of the absolute error is: it has a kink only at the target.
    """
    slope_jumps: tuple[float, ...] = ()
    """By how much the slope rises at each of the ``kinks`` of a loss of the residual; empty if not known."""
    breakpoints: Callable[..., tuple[float, ...]] | None = field(default=None, repr=False)
    """Returns, for the settings, the residuals or margins between which the loss is at most quadratic.

    None if the loss is not piecewise quadratic.
    """
    error_power: int | None = None
    """The p for which ``value(z, y)`` equals \\|z − y\\|^p, z being the prediction; None if there is none."""
    closed_form: str = ""
    """The closed form that ``value`` equals: ``LOG_1P_EXP``, ``EXP``, ``LOG_COSH`` or ``LOG_SUM_EXP``.

    Empty if it equals none of them.
    """
    vanishes_for_large_margins: tuple[str, ...] = ()
    """The classification tasks in which it is positive everywhere and tends to 0 as all margins tend to ∞."""
    strictly_decreasing_in_margin: tuple[str, ...] = ()
    """The classification tasks in which it strictly decreases if one margin grows and no other shrinks."""
    zero_beyond_margin: float | None = None
    """The smallest m such that, with two classes, the loss is exactly 0 at every margin above m.

    None if there is none.
    """
    counts_mistakes: bool = False
    """Whether, with two classes, it is exactly 1 at margins up to 0 and exactly 0 above."""
    attains_minimum: bool = False
    """Whether the mean over examples has a minimizer if scores are linear in theta, penalized or not.

    There is one exception: the minimum may not be attained if the loss
    ``vanishes_for_large_margins`` and some direction lowers no margin and raises
    at least one. Only convex losses have this property. In a regression they
    grow on both sides of the target; with classes they grow as margins shrink
    and are bounded below by their limit at large margins.
    """
    lower_bound: float | None = None
    """A number that ``value`` is never below; None if none is known."""
    curvature_bounds: Callable[[tuple[float, float]], tuple[float, float]] | None = field(
        default=None, repr=False
    )
    """Maps bounds of the residual to bounds of ``curvature``; None if it depends on more, or is not known."""
    one_signed_slope: bool = False
    """Whether ``slope`` is positive for all z and y, or negative for all: then no z is best."""
    operations: tuple[float, float, float] = (3.0, 3.0, 3.0)
    """Arithmetic operations of ``value``, ``slope`` and ``curvature`` at one z, to estimate costs."""
    rounding_error: LossFunction | None = field(default=None, repr=False)
    """Estimates by how much rounding changes ``value``; None if it changes only its last digits."""
    may_leave_range: bool = False
    """Whether intermediate results may be beyond float64 where ``value`` is not, which costs more."""
    of_true_probability: Callable[..., Array] | None = field(default=None, repr=False)
    """With several classes, the loss as a function of the probability predicted for the true class.

    None if the other probabilities matter, too.
    """

    def __post_init__(self) -> None:
        super().__post_init__()
        for name in _FUNCTION_FIELDS:
            if (function := getattr(self, name)) is not None:
                object.__setattr__(self, name, in_float64(function))

    def with_settings(self, **values: float) -> "Loss":
        """Return this loss with the given settings, for example ``delta=2.0``.

        Settings that are not given keep their default. Raises ValueError for an
        unknown setting and for a value out of range.
        """
        checked = resolve_settings(self.name, self.settings, values)
        bound = tuple(replace(setting, default=checked[setting.name]) for setting in self.settings)
        functions: dict[str, Any] = {
            name: partial(getattr(self, name), **checked)
            for name in (*_FUNCTION_FIELDS, "breakpoints")
            if getattr(self, name) is not None
        }
        return replace(self, settings=bound, **functions)


def constant_breakpoints(*positions: float) -> Callable[..., tuple[float, ...]]:
    """Return breakpoints that do not depend on the settings."""
    return partial(_positions, positions)


def constant_derivative(c: float) -> LossFunction:
    """Return a slope or curvature that is ``c`` everywhere."""
    return partial(_constant, c)


def _positions(positions: tuple[float, ...], **settings: float) -> tuple[float, ...]:
    return positions


def _constant(c: float, z: Array, y: Array, **settings: float) -> Array:
    return np.full(np.broadcast_shapes(np.shape(z), np.shape(y)), c)
