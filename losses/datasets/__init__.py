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
        made_up.ICE_CREAM,
        facts.NORRIS,
        *facts.ANSCOMBE,
        facts.MISRA1A,
        facts.STOCKS,
        made_up.SCALING,
        facts.LONGLEY,
        made_up.SPAM,
        made_up.SEPARABLE,
        facts.SPECTOR,
        facts.TUMORS,
        made_up.MOONS,
        made_up.CIRCLES,
        made_up.XOR,
        made_up.BLOBS,
        facts.IRIS,
        facts.DIGITS,
    ),
)
