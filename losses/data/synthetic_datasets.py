"""Synthetic datasets, drawn by seeded generators; their notes call them made-up.

A generator takes a random generator and its settings: the number ``n`` of
examples, a scale ``noise`` of the random part, and others.
"""

from typing import Any, Final

import numpy as np

from losses.core.arrays import Array
from losses.core.hyperparameter import Setting
from losses.core.messages import message
from losses.core.special import sigmoid
from losses.data.dataset import DataGenerator, Dataset
from losses.loss.base import BINARY, MULTICLASS, REGRESSION

SAMPLE_SIZE: Final = Setting("n", message("examples"), 36, 8, 500, whole=True)


def _synthetic_dataset(generator: DataGenerator, settings: tuple[Setting, ...], **fields: Any) -> Dataset:
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


def _house_prices(rng: np.random.Generator, n: float, noise: float) -> tuple[Array, Array]:
    area: Array = np.round(np.sort(rng.uniform(40.0, 180.0, int(n)))).astype(np.float64)
    return area, np.round(60.0 + 2.1 * area + rng.normal(0.0, noise, int(n)), 1)


def houses(rng: np.random.Generator, n: float, noise: float) -> tuple[Array, Array]:
    """Draw areas in m² and prices in k€ that rise linearly with the area, plus noise in k€."""
    return _house_prices(rng, n, noise)


def outlier(rng: np.random.Generator, n: float, noise: float, outliers: float) -> tuple[Array, Array]:
    """Draw house prices as ``houses`` does, and divide those of the largest few houses by ten."""
    area, price = _house_prices(rng, n, noise)
    count = min(int(outliers), len(price))
    price[len(price) - count :] = np.round(price[len(price) - count :] / 10.0, 1)
    return area, price


def ice_cream(rng: np.random.Generator, n: float, noise: float) -> tuple[Array, Array]:
    """Draw temperatures and ice cream sales that rise linearly with them, both relative to the average."""
    warmth: Array = np.round(np.linspace(-2.0, 2.0, int(n)) + rng.uniform(-0.05, 0.05, int(n)), 2)
    return warmth, np.round(0.3 + 1.5 * warmth + rng.normal(0.0, noise, int(n)), 2)


def spam(rng: np.random.Generator, n: float, noise: float) -> tuple[Array, Array]:
    """Draw the loudness of messages, from 0 to 10, and whether each is spam.

    The probability of spam is a logistic function of the loudness, 1/2 at 5.
    """
    loudness = np.round(rng.uniform(0.0, 10.0, int(n)), 1)
    label = (rng.uniform(size=int(n)) < sigmoid((loudness - 5.0) / noise)).astype(np.float64)
    order = np.argsort(loudness, kind="stable")
    return loudness[order], label[order]


_HOUSE_FIELDS: Final = {
    "task": REGRESSION,
    "input_names": (message("area, m²"),),
    "target_name": message("price, k€"),
    "standardize": True,
}

HOUSES: Final = _synthetic_dataset(
    houses,
    (SAMPLE_SIZE, Setting("noise", message("scatter, k€"), 50.0, 0.0, 200.0)),
    key="houses",
    name=message("house prices"),
    note=message("Made-up houses: what they cost, by how large they are."),
    **_HOUSE_FIELDS,
)

OUTLIER: Final = _synthetic_dataset(
    outlier,
    (
        SAMPLE_SIZE,
        Setting("noise", message("scatter, k€"), 30.0, 0.0, 200.0),
        Setting("outliers", message("bad points"), 4, 0, 12, whole=True),
    ),
    key="outlier",
    name=message("prices with typing errors"),
    note=message("Made-up houses, the largest few typed in at a tenth of their price."),
    **_HOUSE_FIELDS,
)

ICE_CREAM: Final = _synthetic_dataset(
    ice_cream,
    (
        Setting("n", message("days"), 20, 8, 500, whole=True),
        Setting("noise", message("scatter, hundreds a day"), 0.5, 0.0, 3.0),
    ),
    key="icecream",
    name=message("ice cream sales"),
    task=REGRESSION,
    input_names=(message("warmth, °C above usual"),),
    target_name=message("sales, hundreds above usual"),
    note=message("Made-up days: how much ice cream is sold, by how warm it is."),
)

SPAM: Final = _synthetic_dataset(
    spam,
    (
        Setting("n", message("messages"), 60, 12, 500, whole=True),
        Setting("noise", message("blur between the classes"), 1.2, 0.2, 5.0),
    ),
    key="spam",
    name=message("spam messages"),
    task=BINARY,
    input_names=(message("loudness, 0 to 10"),),
    target_name=message("spam?"),
    classes=(message("not spam"), message("spam")),
    standardize=True,
    note=message(
        "Made-up messages: how loud each shouts (capitals, exclamation marks), and whether it was spam."
    ),
)


def scaling(rng: np.random.Generator, n: float, noise: float) -> tuple[Array, Array]:
    """Draw a line in an input from 20 to 100, whose scale makes the loss badly conditioned."""
    x: Array = np.round(np.sort(rng.uniform(20.0, 100.0, int(n))), 1).astype(np.float64)
    return x, np.round(0.05 * x - 2.0 + rng.normal(0.0, noise, int(n)), 2)


def separable(rng: np.random.Generator, n: float, gap: float) -> tuple[Array, Array]:
    """Draw two classes on a line, with a gap of the given width around 5 between them."""
    half = int(n) // 2
    x = np.concatenate(
        [rng.uniform(0.0, 5.0 - gap / 2, half), rng.uniform(5.0 + gap / 2, 10.0, int(n) - half)]
    )
    return np.round(x, 2), np.repeat([0.0, 1.0], [half, int(n) - half])


def blobs(rng: np.random.Generator, n: float, noise: float) -> tuple[Array, Array]:
    """Draw three round clusters in the plane, one for each class."""
    label = np.arange(int(n)) % 3
    centers = np.array([[0.0, 2.0], [-1.8, -1.0], [1.8, -1.0]])
    return np.round(centers[label] + rng.normal(0.0, noise, (int(n), 2)), 3), label.astype(np.float64)


def moons(rng: np.random.Generator, n: float, noise: float) -> tuple[Array, Array]:
    """Draw two interleaving half circles in the plane, one for each class."""
    label = np.arange(int(n)) % 2
    angle = rng.uniform(0.0, np.pi, int(n))
    x = np.column_stack([np.cos(angle) + label, np.where(label == 0, np.sin(angle), 0.5 - np.sin(angle))])
    return np.round(x + rng.normal(0.0, noise, (int(n), 2)), 3), label.astype(np.float64)


def circles(rng: np.random.Generator, n: float, noise: float) -> tuple[Array, Array]:
    """Draw a circle of radius 0.5 inside one of radius 1.2, one for each class."""
    label = np.arange(int(n)) % 2
    angle, radius = rng.uniform(0.0, 2.0 * np.pi, int(n)), np.where(label == 1, 0.5, 1.2)
    x = np.column_stack([radius * np.cos(angle), radius * np.sin(angle)])
    return np.round(x + rng.normal(0.0, noise, (int(n), 2)), 3), label.astype(np.float64)


def xor(rng: np.random.Generator, n: float, noise: float) -> tuple[Array, Array]:
    """Draw four clusters at the corners of a square; opposite corners are of the same class."""
    corner = np.arange(int(n)) % 4
    centers = np.array([[-1.0, -1.0], [1.0, 1.0], [-1.0, 1.0], [1.0, -1.0]])
    return np.round(centers[corner] + rng.normal(0.0, noise, (int(n), 2)), 3), (corner >= 2).astype(
        np.float64
    )


_PLANE_FIELDS: Final = {"input_names": ("x1", "x2"), "target_name": message("class"), "standardize": False}
_BINARY_PLANE_FIELDS: Final = {
    "task": BINARY,
    "classes": (message("round"), message("square")),
    **_PLANE_FIELDS,
}


def _plane_settings(noise: float) -> tuple[Setting, ...]:
    return (
        Setting("n", message("points"), 90, 12, 500, whole=True),
        Setting("noise", message("scatter"), noise, 0.0, 2.0),
    )


SCALING: Final = _synthetic_dataset(
    scaling,
    (SAMPLE_SIZE, Setting("noise", message("scatter"), 0.3, 0.0, 5.0)),
    key="scaling",
    name=message("a badly scaled input"),
    task=REGRESSION,
    input_names=(message("input, 20 to 100"),),
    target_name=message("target"),
    standardize=False,
    note=message("Made-up: nothing is wrong with it but its units, and they make a ravine."),
)
SEPARABLE: Final = _synthetic_dataset(
    separable,
    (
        Setting("n", message("examples"), 40, 8, 500, whole=True),
        Setting("gap", message("gap between the classes"), 1.0, 0.1, 5.0),
    ),
    key="separable",
    name=message("two classes apart"),
    task=BINARY,
    input_names=("x",),
    target_name=message("class"),
    classes=(message("left"), message("right")),
    standardize=True,
    note=message("Made-up: a threshold separates the classes perfectly, so cross-entropy has no minimum."),
)
BLOBS: Final = _synthetic_dataset(
    blobs,
    _plane_settings(0.8),
    key="blobs",
    name=message("three clouds"),
    task=MULTICLASS,
    classes=(message("north"), message("west"), message("east")),
    note=message("Made-up: three round clouds of points."),
    **_PLANE_FIELDS,
)
MOONS: Final = _synthetic_dataset(
    moons,
    _plane_settings(0.15),
    key="moons",
    name=message("two moons"),
    note=message("Made-up: two moons that no line can separate."),
    **_BINARY_PLANE_FIELDS,
)
CIRCLES: Final = _synthetic_dataset(
    circles,
    _plane_settings(0.12),
    key="circles",
    name=message("two circles"),
    note=message("Made-up: one circle inside another."),
    **_BINARY_PLANE_FIELDS,
)
XOR: Final = _synthetic_dataset(
    xor,
    _plane_settings(0.4),
    key="xor",
    name=message("a checkerboard"),
    note=message("Made-up: opposite corners belong together, so no line can separate them."),
    **_BINARY_PLANE_FIELDS,
)
