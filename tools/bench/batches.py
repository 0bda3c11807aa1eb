"""Many descents at once against one at a time."""

from collections.abc import Iterator

import numpy as np

import losses
from tools.bench.measure import Row, quickest

RATES, STEPS = 48, 200


def rows(limits: dict[str, float]) -> Iterator[Row]:
    bowl = losses.problem("houses", "line", "mse", standardize=True)
    rates = losses.certify(bowl).critical_rate * np.geomspace(0.003, 1.2, RATES)
    one, fan = quickest(
        lambda: losses.descend(bowl, rate=float(rates[20]), steps=STEPS),
        lambda: losses.descend_many(bowl, rates=rates, steps=STEPS),
    )
    yield Row(f"{RATES} rates × {STEPS} steps on a bowl, in single descents", fan / one, 3.0, most=True)
    bend = losses.problem("spam", "logistic", "bce", standardize=True)
    rates = losses.certify(bend).critical_rate * np.geomspace(0.003, 1.2, RATES)
    each, fan = quickest(
        lambda: [losses.descend(bend, rate=float(rate), steps=STEPS) for rate in rates],
        lambda: losses.descend_many(bend, rates=rates, steps=STEPS),
    )
    yield Row(f"{RATES} rates × {STEPS} steps of logistic regression, one by one", each / fan, 3.0)
    f = losses.test_function("himmelblau")
    u = np.linspace(-6, 6, 100)
    starts = np.stack(np.meshgrid(u, u), axis=-1).reshape(-1, 2)
    gradients, whole = quickest(
        lambda: [f.gradient(starts) for _ in range(100)],
        lambda: losses.basins(f, starts=starts, rate=0.01, steps=100),
        least=2.0,
    )
    note = f"{1e3 * whole:.1f} ms for 10,000 starts × 100 steps"
    yield Row("basins of Himmelblau, in their gradients", whole / gradients, 1.5, most=True, note=note)
