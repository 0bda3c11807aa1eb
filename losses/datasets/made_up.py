"""Made-up data: drawn by seeded generators, and called made-up wherever it is shown."""

from typing import Any, Final

import numpy as np

from losses.arrays import Array
from losses.dataset import Dataset, Generator
from losses.loss import BINARY, REGRESSION, sigmoid
from losses.setting import Setting

SIZE: Final = Setting("n", "examples", 36, 8, 500, whole=True)


def _invented(generator: Generator, settings: tuple[Setting, ...], **fields: Any) -> Dataset:
    values = {setting.name: setting.default for setting in settings}
    x, y = generator(np.random.Generator(np.random.PCG64(0)), **values)
    return Dataset(
        x=x,
        y=y,
        source="made up by a seeded generator",
        licence="CC0",
        made_up=True,
        generator=generator,
        settings=settings,
        **fields,
    )


def _priced(rng: np.random.Generator, n: float, noise: float) -> tuple[Array, Array]:
    area: Array = np.round(np.sort(rng.uniform(40.0, 180.0, int(n)))).astype(np.float64)
    return area, np.round(60.0 + 2.1 * area + rng.normal(0.0, noise, int(n)), 1)


def houses(rng: np.random.Generator, n: float, noise: float) -> tuple[Array, Array]:
    """Prices that rise with the area, scattered by ``noise`` k€."""
    return _priced(rng, n, noise)


def outlier(rng: np.random.Generator, n: float, noise: float, outliers: float) -> tuple[Array, Array]:
    """The same kind of line, with the largest few houses typed in at a tenth of their price."""
    area, price = _priced(rng, n, noise)
    bad = min(int(outliers), len(price))
    price[len(price) - bad :] = np.round(price[len(price) - bad :] / 10.0, 1)
    return area, price


def spam(rng: np.random.Generator, n: float, noise: float) -> tuple[Array, Array]:
    """How loud a message is, and whether it was spam; louder ones are more often."""
    loudness = np.round(rng.uniform(0.0, 10.0, int(n)), 1)
    label = (rng.uniform(size=int(n)) < sigmoid((loudness - 5.0) / noise)).astype(np.float64)
    order = np.argsort(loudness, kind="stable")
    return loudness[order], label[order]


_PRICE: Final = {
    "task": REGRESSION,
    "input_names": ("area, m²",),
    "target_name": "price, k€",
    "standardize": True,
}

HOUSES: Final = _invented(
    houses,
    (SIZE, Setting("noise", "scatter, k€", 50.0, 0.0, 200.0)),
    key="houses",
    name="house prices",
    note="Made-up houses: what they cost against how large they are.",
    **_PRICE,
)

OUTLIER: Final = _invented(
    outlier,
    (
        SIZE,
        Setting("noise", "scatter, k€", 30.0, 0.0, 200.0),
        Setting("outliers", "bad points", 4, 0, 12, whole=True),
    ),
    key="outlier",
    name="prices with typing errors",
    note="Made-up houses, the largest few typed in at a tenth of their price.",
    **_PRICE,
)

SPAM: Final = _invented(
    spam,
    (
        Setting("n", "messages", 60, 12, 500, whole=True),
        Setting("noise", "blur between the classes", 1.2, 0.2, 5.0),
    ),
    key="spam",
    name="spam messages",
    task=BINARY,
    input_names=("loudness, 0 to 10",),
    target_name="spam?",
    classes=("not spam", "spam"),
    standardize=True,
    note="Made-up messages: how loud each shouts (capitals, exclamation marks), and whether it was spam.",
)
