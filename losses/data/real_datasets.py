"""Small public facts, each with its source."""

from importlib.resources import as_file, files
from typing import Any, Final

import numpy as np

from losses.core.arrays import Array
from losses.core.messages import say
from losses.data.dataset import Dataset
from losses.loss.base import BINARY, MULTICLASS, REGRESSION

NIST: Final = say("NIST Statistical Reference Datasets")
PUBLIC_DOMAIN: Final = say("public domain (work of the United States government)")
CC_BY: Final = say("CC BY 4.0")
FACTS: Final = say("numbers of a publication, free as facts")


def table(name: str) -> Array:
    """The rows of ``data/name.csv`` below its header, ``(n, columns)``."""
    text = (files("losses.data") / "files" / f"{name}.csv").read_text(encoding="utf-8")
    return np.loadtxt(text.splitlines(), delimiter=",", skiprows=1, ndmin=2)


def _last_is_target(key: str, **fields: Any) -> Dataset:
    rows = table(key)
    x = rows[:, 0] if rows.shape[1] == 2 else rows[:, :-1]
    return Dataset(key=key, x=x, y=rows[:, -1], **fields)


NORRIS: Final = _last_is_target(
    "norris",
    name=say("Norris's ozone monitors"),
    task=REGRESSION,
    input_names=(say("reference, ppb"),),
    target_name=say("customer's, ppb"),
    source=f"{NIST}, Norris: J. Norris, Calibration of Ozone Monitors",
    licence=PUBLIC_DOMAIN,
    standardize=True,
    note=say("36 real readings of two ozone monitors; the standard test of a line fit since 1999."),
)

_QUARTET: Final = (
    say("a scattered line"),
    say("a smooth curve"),
    say("a clean line and one outlier"),
    say("one point that decides everything"),
)


def _anscombe() -> tuple[Dataset, ...]:
    rows = table("anscombe")
    return tuple(
        Dataset(
            key=f"anscombe{i + 1}",
            x=rows[:, 2 * i],
            y=rows[:, 2 * i + 1],
            task=REGRESSION,
            name=say("Anscombe's set {number}", number=["I", "II", "III", "IV"][i]),
            input_names=("x",),
            target_name="y",
            source="F. J. Anscombe, Graphs in Statistical Analysis, The American Statistician 27 (1973)",
            licence=FACTS,
            standardize=True,
            note=say("One of four sets with the same best line: {kind}.", kind=kind),
        )
        for i, kind in enumerate(_QUARTET)
    )


ANSCOMBE: Final = _anscombe()

MISRA1A: Final = _last_is_target(
    "misra1a",
    name=say("Misra's dental research"),
    task=REGRESSION,
    input_names=(say("pressure"),),
    target_name=say("volume"),
    source=f"{NIST}, Misra1a: D. Misra, Dental Research, Monomolecular Adsorption",
    licence=PUBLIC_DOMAIN,
    standardize=True,
    model="saturation",
    note=say("14 real measurements that level off slowly; a standard test of curve fitting."),
)

LONGLEY: Final = _last_is_target(
    "longley",
    name=say("Longley's economy"),
    task=REGRESSION,
    input_names=(
        say("price deflator"),
        say("gross national product"),
        say("unemployed"),
        say("armed forces"),
        say("population"),
        say("year"),
    ),
    target_name=say("employed, thousands"),
    source=f"{NIST}, Longley: J. Longley, An Appraisal of Least Squares Programs, JASA 62 (1967)",
    licence=PUBLIC_DOMAIN,
    standardize=True,
    model="linear",
    note=say("16 real years of the United States; its inputs rise together, which makes a very long valley."),
)

STOCKS: Final = _last_is_target(
    "stocks",
    name=say("IBM's share price"),
    task=REGRESSION,
    input_names=(say("months since January 2000"),),
    target_name=say("price, US$"),
    source="vega_datasets, stocks: monthly prices of IBM, 2000 to 2010",
    licence=FACTS,
    standardize=True,
    note=say("123 real months of one share: no line explains it, and a good fit is no forecast."),
)

SPECTOR: Final = _last_is_target(
    "spector",
    name=say("Spector and Mazzeo's students"),
    task=BINARY,
    input_names=(say("grade point average"), say("test score"), say("taught by the new method")),
    target_name=say("improved?"),
    classes=(say("not improved"), say("improved")),
    source="L. Spector and M. Mazzeo, Probit Analysis and Economic Education, J. Economic Education 11 (1980)",
    licence=FACTS,
    standardize=True,
    note=say("32 real students: did a new way of teaching help?"),
)

TUMORS: Final = _last_is_target(
    "tumors",
    name=say("tumor cells"),
    task=BINARY,
    input_names=(say("mean radius"), say("mean texture")),
    target_name=say("malignant?"),
    classes=(say("benign"), say("malignant")),
    source="W. Wolberg, O. Mangasarian, N. Street, W. Street, Breast Cancer Wisconsin (Diagnostic), UCI (1995)",
    licence=CC_BY,
    standardize=True,
    note=say("569 real tumors, two of their thirty measurements."),
)

IRIS: Final = _last_is_target(
    "iris",
    name=say("iris flowers"),
    task=MULTICLASS,
    input_names=(
        say("sepal length, cm"),
        say("sepal width, cm"),
        say("petal length, cm"),
        say("petal width, cm"),
    ),
    target_name=say("species"),
    classes=(say("setosa"), say("versicolor"), say("virginica")),
    source="R. A. Fisher, The use of multiple measurements in taxonomic problems, Annals of Eugenics 7 (1936)",
    licence=CC_BY,
    standardize=True,
    note=say("150 real flowers of three species, measured in 1935."),
)


def _digits() -> Dataset:
    with as_file(files("losses.data") / "files" / "digits.npz") as path, np.load(path) as held:
        pixels, digit = held["pixels"].astype(np.float64), held["digit"].astype(np.float64)
    return Dataset(
        key="digits",
        x=pixels / 16.0,
        y=digit,
        task=MULTICLASS,
        name=say("handwritten digits"),
        input_names=tuple(
            say("pixel {row},{column}", row=row, column=column) for row in range(8) for column in range(8)
        ),
        target_name=say("digit"),
        classes=tuple("0123456789"),
        source="E. Alpaydin and C. Kaynak, Optical Recognition of Handwritten Digits, UCI (1998)",
        licence=CC_BY,
        image=(8, 8),
        note=say("1,797 real digits of 8 by 8 gray pixels."),
    )


DIGITS: Final = _digits()
