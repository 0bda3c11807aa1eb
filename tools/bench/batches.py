"""Many descents in one batch, compared with single descents."""

from collections.abc import Iterator

import numpy as np

import losses
from tools.bench.measure import Row, quickest

RATES, STEPS = 48, 200


def fractions_of_critical_rate(problem: losses.Problem) -> np.ndarray:
    """Return rates from far below the largest stable one to a fifth above it."""
    critical_rate = losses.certify(problem).critical_rate
    assert critical_rate is not None
    return critical_rate * np.geomspace(0.003, 1.2, RATES)


def rows(limits: dict[str, float]) -> Iterator[Row]:
    """Measure batches over rates of a quadratic and of logistic regression, and basins."""
    quadratic = losses.problem("houses", "line", "mse", standardize=True)
    rates = fractions_of_critical_rate(quadratic)
    single, batch = quickest(
        lambda: losses.descend(quadratic, rate=float(rates[20]), steps=STEPS),
        lambda: losses.descend_many(quadratic, rates=rates, steps=STEPS),
    )
    name = f"{RATES} rates × {STEPS} steps on a quadratic loss, in single descents"
    yield Row(name, batch / single, 3.0, most=True)
    logistic = losses.problem("spam", "logistic", "bce", standardize=True)
    rates = fractions_of_critical_rate(logistic)
    all_single, batch = quickest(
        lambda: [losses.descend(logistic, rate=float(rate), steps=STEPS) for rate in rates],
        lambda: losses.descend_many(logistic, rates=rates, steps=STEPS),
    )
    yield Row(f"{RATES} rates × {STEPS} steps of logistic regression, one by one", all_single / batch, 3.0)
    f = losses.test_function("himmelblau")
    u = np.linspace(-6, 6, 100)
    starts = np.stack(np.meshgrid(u, u), axis=-1).reshape(-1, 2)
    gradients, all_basins = quickest(
        lambda: [f.gradient(starts) for _ in range(100)],
        lambda: losses.basins(f, starts=starts, rate=0.01, steps=100),
        min_seconds=2.0,
    )
    note = f"{1e3 * all_basins:.1f} ms for 10,000 starts × 100 steps"
    yield Row("basins of Himmelblau, in their gradients", all_basins / gradients, 12.0, most=True, note=note)
