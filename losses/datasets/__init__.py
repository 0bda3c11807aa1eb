"""The catalogue of datasets: small public facts with their source, and made-up ones called so."""

from typing import Final

from losses.dataset import Dataset
from losses.datasets import facts, made_up
from losses.registry import Registry

DATASETS: Final[Registry[Dataset]] = Registry(
    "data",
    (
        made_up.HOUSES,
        made_up.OUTLIER,
        facts.NORRIS,
        *facts.ANSCOMBE,
        made_up.SPAM,
    ),
)
