"""Catalogue of kernels: fast evaluations of a surface, equal to the direct one up to rounding."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from losses.core.arrays import Array
from losses.core.registry import Registry
from losses.surface.kernels import exponentials, mlp, piecewise_quadratic
from losses.surface.kernels.grid import Grid


@dataclass(frozen=True)
class Kernel:
    """A fast evaluation of the mean loss on the grids that it ``serves``.

    ``means(grid)`` are the mean losses ``(rows, columns)`` without the penalty.
    ``magnitude`` is a lower bound of the terms they are computed from. Means
    that are much smaller than it, or than the largest mean, are inaccurate
    through cancellation and have to be computed directly; None if there is no
    cancellation.
    """

    key: str
    name: str
    serves: Callable[[Grid], bool] = field(repr=False)
    means: Callable[[Grid], Array] = field(repr=False)
    magnitude: float | None = None


KERNELS: Final[Registry[Kernel]] = Registry(
    "kernel",
    (
        Kernel(
            "statistics",
            "six sufficient statistics",
            piecewise_quadratic.is_quadratic,
            piecewise_quadratic.quadratic_means,
            magnitude=0.0,
        ),
        Kernel(
            "breaks",
            "sums between breaks",
            piecewise_quadratic.is_piecewise_quadratic,
            piecewise_quadratic.piecewise_quadratic_means,
            magnitude=0.0,
        ),
        Kernel(
            "logs",
            "logarithms of products",
            exponentials.is_softplus_loss,
            exponentials.softplus_means,
            magnitude=1.0,
        ),
        Kernel(
            "product", "one product of matrices", exponentials.is_exponential, exponentials.exponential_means
        ),
        Kernel(
            "sigmoid",
            "an exponential for each line",
            exponentials.is_sigmoid_error,
            exponentials.sigmoid_error_means,
        ),
        Kernel(
            "classes",
            "a product of matrices for each example",
            exponentials.is_categorical_cross_entropy,
            exponentials.categorical_cross_entropy_means,
            magnitude=1.0,
        ),
        Kernel("layers", "the first layer multiplied once", mlp.is_mlp, mlp.mlp_means),
    ),
)


def find_kernel(grid: Grid) -> Kernel | None:
    """Return the first kernel that serves a grid, or None."""
    return next((kernel for kernel in KERNELS.values() if kernel.serves(grid)), None)
