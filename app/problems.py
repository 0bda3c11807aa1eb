"""The problem that a state speaks of, built once and shared by everyone who asks."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any, Final

import losses

Given = tuple[tuple[str, float], ...]


def own(settings: tuple[losses.Setting, ...], given: Mapping[str, float]) -> Given:
    """The part of the given values that belongs to ``settings``, in their order."""
    return tuple((s.name, given[s.name]) for s in settings if s.name in given)


def in_force(values: Mapping[str, Any]) -> dict[str, losses.Setting]:
    """Every setting of the records that a state has chosen, by name."""
    records = (
        losses.DATASETS[values["data"]],
        losses.MODELS[values["model"]],
        losses.LOSSES[values["loss"]],
        losses.OPTIMIZERS[values["opt"]],
    )
    found = (*(s for record in records for s in record.settings), *losses.PENALTIES)
    return {setting.name: setting for setting in found}


ALL_SETTINGS: Final = tuple(
    dict.fromkeys(
        setting.name
        for registry in (losses.DATASETS, losses.MODELS, losses.LOSSES, losses.OPTIMIZERS)
        for record in registry.values()
        for setting in record.settings
    )
) + tuple(setting.name for setting in losses.PENALTIES)
"""The name of every setting of every record: each is a key of the link."""


@lru_cache(maxsize=256)
def dataset(key: str, seed: int, given: Given = ()) -> losses.Dataset:
    """The dataset ``key``; a made-up one drawn with ``seed``."""
    data = losses.DATASETS[key]
    return data.sample(seed=seed, **dict(given)) if data.generator else data


@lru_cache(maxsize=256)
def _problem(
    data: losses.Dataset, model: str, loss: str, standardize: bool, given: Given
) -> losses.DataProblem:
    return losses.problem(data, model, loss, standardize=standardize, **dict(given))


def problem(values: Mapping[str, Any], settings: Mapping[str, float]) -> losses.DataProblem:
    """The mean loss that the page draws, certified lazily and kept."""
    data, model, loss = (values[key] for key in ("data", "model", "loss"))
    drawn = dataset(data, values["seed"], own(losses.DATASETS[data].settings, settings))
    taken = (*losses.LOSSES[loss].settings, *losses.MODELS[model].settings, *losses.PENALTIES)
    return _problem(drawn, model, loss, values["standardize"], own(taken, settings))
