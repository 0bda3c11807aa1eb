"""Small real datasets, each with its source and licence."""

from importlib.resources import as_file, files
from typing import Any, Final

import numpy as np

from losses.core.arrays import Array
from losses.core.messages import message
from losses.data.dataset import Dataset
from losses.loss.base import BINARY, MULTICLASS, REGRESSION

NIST: Final = message("NIST Statistical Reference Datasets")
PUBLIC_DOMAIN: Final = message("public domain (work of the United States government)")
CC_BY: Final = message("CC BY 4.0")
FREE_FACTS: Final = message("numbers of a publication, free as facts")


def load_csv(name: str) -> Array:
    """Read the numbers of ``losses/data/files/name.csv`` below its header, ``(rows, columns)``."""
    text = (files("losses.data") / "files" / f"{name}.csv").read_text(encoding="utf-8")
    return np.loadtxt(text.splitlines(), delimiter=",", skiprows=1, ndmin=2)


def _dataset_from_csv(key: str, **fields: Any) -> Dataset:
    """Make a dataset from the file of the same name, whose last column is the target."""
    rows = load_csv(key)
    x = rows[:, 0] if rows.shape[1] == 2 else rows[:, :-1]
    return Dataset(key=key, x=x, y=rows[:, -1], **fields)


NORRIS: Final = _dataset_from_csv(
    "norris",
    name=message("Norris's ozone monitors"),
    task=REGRESSION,
    input_names=(message("reference, ppb"),),
    target_name=message("customer's, ppb"),
    source=f"{NIST}, Norris: J. Norris, Calibration of Ozone Monitors",
    licence=PUBLIC_DOMAIN,
    standardize=True,
    note=message("36 real readings of two ozone monitors; the standard test of a line fit since 1999."),
)

_ANSCOMBE_NAMES: Final = (
    message("a scattered line"),
    message("a smooth curve"),
    message("a clean line and one outlier"),
    message("one point that decides everything"),
)


def _anscombe() -> tuple[Dataset, ...]:
    rows = load_csv("anscombe")
    return tuple(
        Dataset(
            key=f"anscombe{i + 1}",
            x=rows[:, 2 * i],
            y=rows[:, 2 * i + 1],
            task=REGRESSION,
            name=message("Anscombe's set {number}", number=["I", "II", "III", "IV"][i]),
            input_names=("x",),
            target_name="y",
            source="F. J. Anscombe, Graphs in Statistical Analysis, The American Statistician 27 (1973)",
            licence=FREE_FACTS,
            standardize=True,
            note=message("One of four sets with the same best line: {kind}.", kind=kind),
        )
        for i, kind in enumerate(_ANSCOMBE_NAMES)
    )


ANSCOMBE: Final = _anscombe()

MISRA1A: Final = _dataset_from_csv(
    "misra1a",
    name=message("Misra's dental research"),
    task=REGRESSION,
    input_names=(message("pressure"),),
    target_name=message("volume"),
    source=f"{NIST}, Misra1a: D. Misra, Dental Research, Monomolecular Adsorption",
    licence=PUBLIC_DOMAIN,
    standardize=True,
    model="saturation",
    note=message("14 real measurements that level off slowly; a standard test of curve fitting."),
)

LONGLEY: Final = _dataset_from_csv(
    "longley",
    name=message("Longley's economy"),
    task=REGRESSION,
    input_names=(
        message("price deflator"),
        message("gross national product"),
        message("unemployed"),
        message("armed forces"),
        message("population"),
        message("year"),
    ),
    target_name=message("employed, thousands"),
    source=f"{NIST}, Longley: J. Longley, An Appraisal of Least Squares Programs, JASA 62 (1967)",
    licence=PUBLIC_DOMAIN,
    standardize=True,
    model="linear",
    note=message(
        "16 real years of the United States; its inputs rise together, which makes a very long valley."
    ),
)

STOCKS: Final = _dataset_from_csv(
    "stocks",
    name=message("IBM's share price"),
    task=REGRESSION,
    input_names=(message("months since January 2000"),),
    target_name=message("price, US$"),
    source="vega_datasets, stocks: monthly prices of IBM, 2000 to 2010",
    licence=FREE_FACTS,
    standardize=True,
    note=message("123 real months of one share: no line explains it, and a good fit is no forecast."),
)

SPECTOR: Final = _dataset_from_csv(
    "spector",
    name=message("Spector and Mazzeo's students"),
    task=BINARY,
    input_names=(message("grade point average"), message("test score"), message("taught by the new method")),
    target_name=message("improved?"),
    classes=(message("not improved"), message("improved")),
    source="L. Spector and M. Mazzeo, Probit Analysis and Economic Education, "
    "J. Economic Education 11 (1980)",
    licence=FREE_FACTS,
    standardize=True,
    note=message("32 real students: did a new way of teaching help?"),
)

TUMORS: Final = _dataset_from_csv(
    "tumors",
    name=message("tumor cells"),
    task=BINARY,
    input_names=(message("mean radius"), message("mean texture")),
    target_name=message("malignant?"),
    classes=(message("benign"), message("malignant")),
    source="W. Wolberg, O. Mangasarian, N. Street, W. Street, "
    "Breast Cancer Wisconsin (Diagnostic), UCI (1995)",
    licence=CC_BY,
    standardize=True,
    note=message("569 real tumors, two of their thirty measurements."),
)

IRIS: Final = _dataset_from_csv(
    "iris",
    name=message("iris flowers"),
    task=MULTICLASS,
    input_names=(
        message("sepal length, cm"),
        message("sepal width, cm"),
        message("petal length, cm"),
        message("petal width, cm"),
    ),
    target_name=message("species"),
    classes=(message("setosa"), message("versicolor"), message("virginica")),
    source="R. A. Fisher, The use of multiple measurements in taxonomic problems, "
    "Annals of Eugenics 7 (1936)",
    licence=CC_BY,
    standardize=True,
    note=message("150 real flowers of three species, measured in 1935."),
)


def _digits() -> Dataset:
    with as_file(files("losses.data") / "files" / "digits.npz") as path, np.load(path) as arrays:
        pixels, digit = arrays["pixels"].astype(np.float64), arrays["digit"].astype(np.float64)
    return Dataset(
        key="digits",
        x=pixels / 16.0,
        y=digit,
        task=MULTICLASS,
        name=message("handwritten digits"),
        input_names=tuple(
            message("pixel {row},{column}", row=row, column=column) for row in range(8) for column in range(8)
        ),
        target_name=message("digit"),
        classes=tuple("0123456789"),
        source="E. Alpaydin and C. Kaynak, Optical Recognition of Handwritten Digits, UCI (1998)",
        licence=CC_BY,
        image=(8, 8),
        note=message("1 797 real digits of 8 by 8 gray pixels: 650 parameters and a long way down."),
    )


DIGITS: Final = _digits()
