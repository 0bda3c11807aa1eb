"""Surfaces by kernels, compared with NumPy broadcasting: 101 × 101 points, 500 examples, one thread."""

from collections.abc import Iterator

import numpy as np

import losses
from losses.surface.kernels.catalogue import find_kernel
from losses.surface.kernels.grid import Grid
from tools.bench.measure import Row, quickest

SIZE, COUNT = 101, 500
POINTS = SIZE * SIZE
ASKED = {
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
LEAST_WORK = {
    "statistics": ("bytes", lambda n: 8 * POINTS),
    "breaks": ("bytes", lambda n: 8 * (SIZE * n + 3 * POINTS)),
    "logs": ("flops", lambda n: 17 * POINTS * n / 3),
    "product": ("flops", lambda n: 2 * POINTS * n),
    "sigmoid": ("divisions", lambda n: POINTS * n),
}
"""What a kernel cannot do without: an answer to write, heights of breaks to hold, products, divisions."""


def data() -> dict[str, losses.Dataset]:
    rng = np.random.default_rng(0)
    x = rng.normal(size=COUNT)
    y = 0.8 * x + 0.3 + 0.4 * rng.standard_t(3, size=COUNT)
    yes = (rng.random(COUNT) < 1 / (1 + np.exp(-2 * x))).astype(float)
    return {
        "line": losses.Dataset("five hundred", x, y, "regression"),
        "logistic": losses.Dataset("five hundred", x, yes, "binary"),
    }


def broadcast(problem: losses.DataProblem, s: losses.Surface) -> np.ndarray:
    """The surface in one breath of NumPy."""
    z = s.u[None, :, None] * problem.x[:, 0] + s.v[:, None, None]
    return problem.of_score.value(z).mean(axis=-1)


def rows(limits: dict[str, float]) -> Iterator[Row]:
    sets = data()
    for (model, loss), asked in ASKED.items():
        problem = losses.problem(sets[model], model, loss)
        s = losses.surface(problem, size=SIZE)
        kernel = find_kernel(Grid(problem, s.plane, s.u, s.v))
        away = np.abs(broadcast(problem, s) - s.z).max() / s.z.max()
        assert away <= 1e-9, (loss, away)
        plain, ours = quickest(
            lambda p=problem, s=s: broadcast(p, s), lambda p=problem: losses.surface(p, size=SIZE)
        )
        unit, work = LEAST_WORK[kernel.key]
        share = work(COUNT) / limits[unit] / ours
        note = f"{1e3 * plain:.1f} ms / {1e3 * ours:.2f} ms; {100 * share:.0f} % of the machine's {unit}"
        name = f"surface, {losses.LOSSES[loss].name} of {losses.MODELS[model].name}"
        yield Row(name, plain / ours, asked, note=note)
    yield from growth(sets)


def growth(sets: dict[str, losses.Dataset]) -> Iterator[Row]:
    """Eight times the examples, and four times the points, must not cost much more than that."""
    few = sets["line"]
    many = losses.Dataset("four thousand", np.tile(few.x, 8), np.tile(few.y, 8), "regression")
    small, large = (losses.problem(d, "line", "huber") for d in (few, many))
    once, more = quickest(lambda: losses.surface(small), lambda: losses.surface(large))
    bound = 8 * np.log(len(many.y)) / np.log(len(few.y))
    yield Row("surface, Huber loss: eight times the examples", more / once, bound, most=True)
    once, more = quickest(lambda: losses.surface(small, size=101), lambda: losses.surface(small, size=201))
    yield Row("surface, Huber loss: four times the points", more / once, 4.0, most=True)
