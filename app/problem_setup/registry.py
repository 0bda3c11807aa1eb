"""Registries of what can be chosen: datasets, test functions, losses, and custom ones."""

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
"""What can be looked at: datasets, and test functions, which need neither model nor loss."""


DEFAULT_FORMULA: Final = "abs(r)**1.5"
"""A loss of one's own until it is written."""


@lru_cache(maxsize=256)
def custom_loss(formula: str) -> losses.Loss:
    return losses.own_loss(formula)


DATA_CHOICES: Final[Mapping[str, losses.Dataset | losses.TestFunction]] = derived_mapping(
    lambda: {**SUBJECTS, custom_dataset.CUSTOM: custom_dataset.parse_dataset(custom_dataset.SAMPLE_POINTS)},
    losses.DATASETS,
    losses.TEST_FUNCTIONS,
)


LOSS_CHOICES: Final[Mapping[str, losses.Loss]] = derived_mapping(
    lambda: {**losses.LOSSES, CUSTOM: custom_loss(DEFAULT_FORMULA)}, losses.LOSSES
)
"""What the menus offer: the registries, and one's own."""


def _all_settings() -> Mapping[str, None]:
    registries = (losses.DATASETS, losses.MODELS, losses.LOSSES, losses.OPTIMIZERS)
    names = (setting.name for registry in registries for setting in settings_in(registry))
    return dict.fromkeys((*names, *(setting.name for setting in losses.PENALTIES)))


def settings_in(registry: losses.Registry[Any]) -> tuple[losses.Setting, ...]:
    """Every setting of every record of a registry."""
    return tuple(setting for record in registry.values() for setting in record.settings)


ALL_SETTINGS: Final[Mapping[str, None]] = derived_mapping(
    _all_settings, losses.DATASETS, losses.MODELS, losses.LOSSES, losses.OPTIMIZERS
)
"""The name of every setting of every record, in order: each is a key of the link."""
