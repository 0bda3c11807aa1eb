"""Mappings of everything that a link can choose: catalogue entries and custom datasets and losses."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any, Final

import losses
from losses.core.registry import derived_mapping
from losses.expression.custom_loss import CUSTOM

from . import custom_dataset

SUBJECTS: Final[Mapping[str, losses.Dataset | losses.TestFunction]] = derived_mapping(
    lambda: {**losses.DATASETS, **losses.TEST_FUNCTIONS}, losses.DATASETS, losses.TEST_FUNCTIONS
)
"""Datasets of the catalogue and test functions, which need neither model nor loss, by key."""
DEFAULT_FORMULA: Final = "abs(r)**1.5"
"""Formula of a custom loss before the user enters one."""


@lru_cache(maxsize=256)
def custom_loss(formula: str) -> losses.Loss:
    """Return the loss of a formula. Raises FormulaError as ``losses.own_loss`` does."""
    return losses.own_loss(formula)


DATA_CHOICES: Final[Mapping[str, losses.Dataset | losses.TestFunction]] = derived_mapping(
    lambda: {**SUBJECTS, custom_dataset.CUSTOM: custom_dataset.parse_dataset(custom_dataset.SAMPLE_POINTS)},
    losses.DATASETS,
    losses.TEST_FUNCTIONS,
)
"""``SUBJECTS`` and, as example of a custom dataset, ``custom_dataset.SAMPLE_POINTS``."""
LOSS_CHOICES: Final[Mapping[str, losses.Loss]] = derived_mapping(
    lambda: {**losses.LOSSES, CUSTOM: custom_loss(DEFAULT_FORMULA)}, losses.LOSSES
)
"""Losses of the catalogue and, as example of a custom loss, ``DEFAULT_FORMULA``."""


def _all_settings() -> Mapping[str, None]:
    """Return the names of all settings as keys, because a dict keeps their order."""
    registries = (losses.DATASETS, losses.MODELS, losses.LOSSES, losses.OPTIMIZERS)
    names = (setting.name for registry in registries for setting in settings_in(registry))
    return dict.fromkeys((*names, *(setting.name for setting in losses.PENALTIES)))


def settings_in(registry: losses.Registry[Any]) -> tuple[losses.Setting, ...]:
    """Return the settings of all entries of a registry."""
    return tuple(setting for entry in registry.values() for setting in entry.settings)


ALL_SETTINGS: Final[Mapping[str, None]] = derived_mapping(
    _all_settings, losses.DATASETS, losses.MODELS, losses.LOSSES, losses.OPTIMIZERS
)
"""Names of the settings of all entries and of penalties, as keys; each is a key of links, too."""
