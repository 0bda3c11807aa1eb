"""The catalogue of datasets: real ones with their source and synthetic ones, in the order of menus.

To add a dataset, write its entry in one of the two modules and append it here.
"""

from typing import Final

from losses.core.registry import Registry
from losses.data import real_datasets, synthetic_datasets
from losses.data.dataset import Dataset

DATASETS: Final[Registry[Dataset]] = Registry(
    "data",
    (
        synthetic_datasets.HOUSES,
        synthetic_datasets.OUTLIER,
        synthetic_datasets.ICE_CREAM,
        real_datasets.NORRIS,
        *real_datasets.ANSCOMBE,
        real_datasets.MISRA1A,
        real_datasets.STOCKS,
        synthetic_datasets.SCALING,
        real_datasets.LONGLEY,
        synthetic_datasets.SPAM,
        synthetic_datasets.SEPARABLE,
        real_datasets.SPECTOR,
        real_datasets.TUMORS,
        synthetic_datasets.MOONS,
        synthetic_datasets.CIRCLES,
        synthetic_datasets.XOR,
        synthetic_datasets.BLOBS,
        real_datasets.IRIS,
        real_datasets.DIGITS,
    ),
)
