"""Small public facts, each with its source."""

from importlib.resources import as_file, files
from typing import Any, Final

import numpy as np

from losses.arrays import Array
from losses.dataset import Dataset
from losses.loss import BINARY, MULTICLASS, REGRESSION

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

MISRA1A: Final = _last_is_target(
    "misra1a",
    name="Misra's dental research",
    task=REGRESSION,
    input_names=("pressure",),
    target_name="volume",
    source=f"{NIST}, Misra1a: D. Misra, Dental Research, Monomolecular Adsorption",
    licence=PUBLIC_DOMAIN,
    standardize=True,
    model="saturation",
    note="14 real measurements that level off slowly; a standard test of curve fitting.",
)

LONGLEY: Final = _last_is_target(
    "longley",
    name="Longley's economy",
    task=REGRESSION,
    input_names=(
        "price deflator",
        "gross national product",
        "unemployed",
        "armed forces",
        "population",
        "year",
    ),
    target_name="employed, thousands",
    source=f"{NIST}, Longley: J. Longley, An Appraisal of Least Squares Programs, JASA 62 (1967)",
    licence=PUBLIC_DOMAIN,
    standardize=True,
    model="linear",
    note="16 real years of the United States; its inputs rise together, which makes a very long valley.",
)

STOCKS: Final = _last_is_target(
    "stocks",
    name="IBM's share price",
    task=REGRESSION,
    input_names=("months since January 2000",),
    target_name="price, US$",
    source="vega_datasets, stocks: monthly prices of IBM, 2000 to 2010",
    licence=FACTS,
    standardize=True,
    note="123 real months of one share: no line explains it, and a good fit is no forecast.",
)

SPECTOR: Final = _last_is_target(
    "spector",
    name="Spector and Mazzeo's students",
    task=BINARY,
    input_names=("grade point average", "test score", "taught by the new method"),
    target_name="improved?",
    classes=("not improved", "improved"),
    source="L. Spector and M. Mazzeo, Probit Analysis and Economic Education, J. Economic Education 11 (1980)",
    licence=FACTS,
    standardize=True,
    note="32 real students: did a new way of teaching help?",
)

TUMORS: Final = _last_is_target(
    "tumors",
    name="tumor cells",
    task=BINARY,
    input_names=("mean radius", "mean texture"),
    target_name="malignant?",
    classes=("benign", "malignant"),
    source="W. Wolberg, O. Mangasarian, N. Street, W. Street, Breast Cancer Wisconsin (Diagnostic), UCI (1995)",
    licence="CC BY 4.0",
    standardize=True,
    note="569 real tumors, two of their thirty measurements.",
)

IRIS: Final = _last_is_target(
    "iris",
    name="iris flowers",
    task=MULTICLASS,
    input_names=("sepal length, cm", "sepal width, cm", "petal length, cm", "petal width, cm"),
    target_name="species",
    classes=("setosa", "versicolor", "virginica"),
    source="R. A. Fisher, The use of multiple measurements in taxonomic problems, Annals of Eugenics 7 (1936)",
    licence="CC BY 4.0",
    standardize=True,
    note="150 real flowers of three species, measured in 1935.",
)


def _digits() -> Dataset:
    with as_file(files("losses.datasets") / "data" / "digits.npz") as path, np.load(path) as held:
        pixels, digit = held["pixels"].astype(np.float64), held["digit"].astype(np.float64)
    return Dataset(
        key="digits",
        x=pixels / 16.0,
        y=digit,
        task=MULTICLASS,
        name="handwritten digits",
        input_names=tuple(f"pixel {row},{column}" for row in range(8) for column in range(8)),
        target_name="digit",
        classes=tuple("0123456789"),
        source="E. Alpaydin and C. Kaynak, Optical Recognition of Handwritten Digits, UCI (1998)",
        licence="CC BY 4.0",
        image=(8, 8),
        note="1,797 real digits of 8 by 8 gray pixels.",
    )


DIGITS: Final = _digits()
