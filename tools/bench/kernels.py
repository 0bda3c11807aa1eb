"""Surfaces by kernels, compared with NumPy broadcasting: 101 × 101 points, 500 examples, one thread."""

from collections.abc import Iterator
from functools import partial

import numpy as np

import losses
from losses.surface.kernels.catalogue import find_kernel
from losses.surface.kernels.grid import Grid
from tools.bench.measure import Row, quickest

SIZE, EXAMPLES = 101, 500
POINTS = SIZE * SIZE
MIN_RATIOS = {
    ("line", "mse"): 100,
    ("line", "mae"): 10,
    ("line", "quantile"): 10,
    ("line", "huber"): 12,
    ("line", "logcosh"): 8,
    ("logistic", "hinge"): 14,
    ("logistic", "squared_hinge"): 14,
    ("logistic", "bce"): 8,
    ("logistic", "exponential"): 8,
    ("logistic", "mse"): 5,
    ("logistic", "mae"): 5,
}
"""How many times faster a surface must be, by model and loss."""
MIN_WORK: dict[str, tuple[str, float]] = {
    "statistics": ("bytes", 8 * POINTS),
    "breaks": ("sums", 2 * SIZE * EXAMPLES),
    "logs": ("flops", 16 * POINTS * EXAMPLES / 3),
    "product": ("flops", 2 * POINTS * EXAMPLES),
    "sigmoid": ("divisions", POINTS * EXAMPLES),
}
"""The unit of ``measure.machine`` and the least number of operations of each kernel.

They are the bytes of the result, the changes of value and slope at the one breakpoint of an example that are
added up, floating-point operations and divisions.
"""


def datasets() -> dict[str, losses.Dataset]:
    """Return a dataset of ``EXAMPLES`` examples for each model."""
    rng = np.random.default_rng(0)
    x = rng.normal(size=EXAMPLES)
    y = 0.8 * x + 0.3 + 0.4 * rng.standard_t(3, size=EXAMPLES)
    labels = (rng.random(EXAMPLES) < 1 / (1 + np.exp(-2 * x))).astype(float)
    return {
        "line": losses.Dataset("five hundred", x, y, "regression"),
        "logistic": losses.Dataset("five hundred", x, labels, "binary"),
    }


def broadcast(problem: losses.DataProblem, s: losses.Surface) -> np.ndarray:
    """Compute a surface of shape (SIZE, SIZE) directly, from all scores in one array."""
    z = s.u[None, :, None] * problem.x[:, 0] + s.v[:, None, None]
    mean: np.ndarray = problem.of_score.value(z).mean(axis=-1)
    return mean


def rows(limits: dict[str, float]) -> Iterator[Row]:
    """Measure the surface of each pair of model and loss, and how its time grows."""
    by_model = datasets()
    for (model, loss), min_ratio in MIN_RATIOS.items():
        problem = losses.problem(by_model[model], model, loss)
        s = losses.surface(problem, size=SIZE)
        kernel = find_kernel(Grid(problem, s.plane, s.u, s.v))
        assert kernel, loss
        error = np.abs(broadcast(problem, s) - s.z).max() / s.z.max()
        assert error <= 1e-9, (loss, error)
        direct, ours, means = quickest(
            partial(broadcast, problem, s),
            partial(losses.surface, problem, size=SIZE),
            partial(kernel.means, Grid(problem, s.plane, s.u, s.v)),
        )
        unit, work = MIN_WORK[kernel.key]
        distance = means * limits[unit] / work
        note = f"{1e3 * direct:.1f} ms / {1e3 * ours:.2f} ms; kernel {1e3 * means:.2f} ms, {distance:.1f} × "
        note += f"the time of its {unit}"
        name = f"surface, {losses.LOSSES[loss].name} of {losses.MODELS[model].name}"
        yield Row(name, direct / ours, min_ratio, note=note)
    yield from growth(by_model["line"])


def growth(few: losses.Dataset) -> Iterator[Row]:
    """Measure how the time grows with eight times the examples and with four times the points."""
    many = losses.Dataset("four thousand", np.tile(few.x, 8), np.tile(few.y, 8), "regression")
    small, large = (losses.problem(d, "line", "huber") for d in (few, many))
    base, larger = quickest(lambda: losses.surface(small), lambda: losses.surface(large))
    bound = 8 * np.log(len(many.y)) / np.log(len(few.y))
    yield Row("surface, Huber loss: eight times the examples", larger / base, bound, most=True)
    base, larger = quickest(lambda: losses.surface(small, size=101), lambda: losses.surface(small, size=201))
    yield Row("surface, Huber loss: four times the points", larger / base, 4.0, most=True)
