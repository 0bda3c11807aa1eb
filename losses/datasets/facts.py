"""Small public facts, each with its source."""

from importlib.resources import files
from typing import Any, Final

import numpy as np

from losses.arrays import Array
from losses.dataset import Dataset
from losses.loss import REGRESSION

NIST: Final = "NIST Statistical Reference Datasets"
PUBLIC_DOMAIN: Final = "public domain (work of the United States government)"
FACTS: Final = "numbers of a publication, free as facts"


def table(name: str) -> Array:
    """The rows of ``data/name.csv`` below its header, ``(n, columns)``."""
    text = (files("losses.datasets") / "data" / f"{name}.csv").read_text(encoding="utf-8")
    return np.loadtxt(text.splitlines(), delimiter=",", skiprows=1, ndmin=2)


def _last_is_target(key: str, **fields: Any) -> Dataset:
    rows = table(key)
    x = rows[:, 0] if rows.shape[1] == 2 else rows[:, :-1]
    return Dataset(key=key, x=x, y=rows[:, -1], **fields)


NORRIS: Final = _last_is_target(
    "norris",
    name="Norris's ozone monitors",
    task=REGRESSION,
    input_names=("reference, ppb",),
    target_name="customer's, ppb",
    source=f"{NIST}, Norris: J. Norris, Calibration of Ozone Monitors",
    licence=PUBLIC_DOMAIN,
    standardize=True,
    note="36 real readings of two ozone monitors; the standard test of a line fit since 1999.",
)

_QUARTET: Final = (
    "a scattered line",
    "a smooth curve",
    "a clean line and one outlier",
    "one point that decides everything",
)


def _anscombe() -> tuple[Dataset, ...]:
    rows = table("anscombe")
    return tuple(
        Dataset(
            key=f"anscombe{i + 1}",
            x=rows[:, 2 * i],
            y=rows[:, 2 * i + 1],
            task=REGRESSION,
            name=f"Anscombe's set {['I', 'II', 'III', 'IV'][i]}",
            input_names=("x",),
            target_name="y",
            source="F. J. Anscombe, Graphs in Statistical Analysis, The American Statistician 27 (1973)",
            licence=FACTS,
            standardize=True,
            note=f"One of four sets with the same best line: {kind}.",
        )
        for i, kind in enumerate(_QUARTET)
    )


ANSCOMBE: Final = _anscombe()
