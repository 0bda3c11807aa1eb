"""Hypothesis strategies for datasets that break careless arithmetic.

Inputs are drawn as small integers or random numbers and then made wild: columns that are copies in single
precision or nearly depend on each other, units that are far off or tiny, ties, one heavy outlier, classes
that are nearly or exactly separable, full and deficient rank. Small examples shrink to small datasets.
"""

import numpy as np
from hypothesis import strategies as st

import losses

SEEDS = st.integers(0, 2**32 - 1)
KINDS = ("plain", "integers", "copy", "nearly", "deficient", "outlier", "units", "far", "ties", "few")


def _base_inputs(rng, kind, n, k):
    if kind in ("integers", "ties", "deficient"):
        return rng.integers(-3, 4, size=(n, k)).astype(float)
    return rng.normal(size=(n, k))


def _wild_inputs(rng, kind, x):
    """Return inputs ``(n, k)`` of a kind, made of plain ones."""
    n, k = x.shape
    if kind == "copy" and k > 1:
        x[:, 1] = x[:, 0].astype(np.float32)
    if kind == "nearly" and k > 1:
        x[:, 1] = x[:, 0] + 10.0 ** rng.uniform(-14, -3) * rng.normal(size=n)
    if kind == "deficient" and k > 1:
        x[:, 1] = 2.0 * x[:, 0] - 1.0
    if kind == "outlier":
        x[rng.integers(n), rng.integers(k)] = 10.0 ** rng.uniform(2, 9)
    if kind == "units":
        x = x * 10.0 ** rng.integers(-9, 10, size=k)
    if kind == "far":
        x = x + 10.0 ** rng.uniform(2, 9, size=k)
    return x


def varying(x):
    """Return inputs whose constant columns have a first entry that differs."""
    x = x.copy()
    for column in np.flatnonzero(np.ptp(x, axis=0) <= 1e-9 * np.abs(x).max(axis=0)):
        x[0, column] += 1.0 + abs(x[0, column])
    return x


@st.composite
def inputs(draw, max_inputs=3):
    """Draw a kind, a random generator and inputs ``(n, k)`` of that kind that vary in each column."""
    kind, rng = draw(st.sampled_from(KINDS)), np.random.default_rng(draw(SEEDS))
    k = draw(st.integers(1, max_inputs))
    n = draw(st.integers(2, k + 1)) if kind == "few" else draw(st.integers(k + 2, 14))
    return kind, rng, varying(_wild_inputs(rng, kind, _base_inputs(rng, kind, n, k)))


@st.composite
def regressions(draw, max_inputs=3):
    """Draw a dataset of a regression; the targets may be far off, tiny, tied, exact or hold an outlier."""
    kind, rng, x = draw(inputs(max_inputs))
    n = len(x)
    size = np.abs(x - x.mean(axis=0)).max(axis=0)
    y = (x - x.mean(axis=0)) / size @ rng.normal(size=x.shape[1]) + rng.normal(size=n)
    if kind in ("integers", "ties", "deficient"):
        y = np.round(3.0 * y)
    target = draw(st.sampled_from(("plain", "plain", "outlier", "units", "far", "exact")))
    if target == "outlier":
        y[rng.integers(n)] += 10.0 ** rng.uniform(2, 7)
    if target == "units":
        y = y * 10.0 ** rng.integers(-6, 7)
    if target == "far":
        y = y + 10.0 ** rng.integers(2, 7)
    if target == "exact":
        y = x[:, 0] / size[0]
    return losses.Dataset("wild", x, y, "regression")


@st.composite
def binaries(draw, max_inputs=3):
    """Draw a dataset of two classes: mixed, nearly separable, touching or separable."""
    kind, rng, x = draw(inputs(max_inputs))
    size = np.abs(x - x.mean(axis=0)).max(axis=0)
    noise = draw(st.sampled_from((0.0, 0.1, 0.3, 1.0, 3.0)))
    z = (x - np.median(x, axis=0)) / size @ rng.normal(size=x.shape[1])
    if kind in ("integers", "ties", "deficient"):
        z = (x - np.median(x, axis=0)) @ np.sign(rng.normal(size=x.shape[1]))
    y = (z + noise * rng.normal(size=len(x)) > 0).astype(float)
    y[z == 0] = rng.integers(0, 2, size=int((z == 0).sum()))
    if np.ptp(y) == 0:
        y[rng.integers(len(y))] = 1.0 - y[0]
    if kind == "nearly" and x.shape[1] > 1 and draw(st.booleans()):
        x[:, 1] = x[:, 0] + 10.0 ** rng.uniform(-14, -3) * y
    return losses.Dataset("wild", varying(x), y, "binary")


@st.composite
def classes(draw, max_inputs=2):
    """Draw a dataset of three classes."""
    kind, rng, x = draw(inputs(max_inputs))
    while len(x) < 4:
        x = np.concatenate([x, x + rng.normal(size=x.shape)])
    scores = (x - x.mean(axis=0)) / np.abs(x).max(axis=0) @ rng.normal(size=(x.shape[1], 3))
    y = (scores + draw(st.sampled_from((0.0, 0.3, 1.0))) * rng.normal(size=scores.shape)).argmax(axis=1)
    y[:3] = [0, 1, 2]
    return losses.Dataset("wild", varying(x), y.astype(float), "multiclass")


PENALTIES = st.sampled_from(
    ({}, {}, {}, {"l2": 0.1}, {"l1": 0.1}, {"l2": 1e-6}, {"l1": 1e-6}, {"l1": 0.01, "l2": 0.01})
)
