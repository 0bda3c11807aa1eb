"""Build the problem of a state from the values of its link.

``values`` maps every key of a link to its parsed value. Datasets and problems are cached: the same values
give the same object, which later caches use as key.
"""

from collections import ChainMap
from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache
from types import MappingProxyType
from typing import Any

import losses
from losses.expression.custom_loss import CUSTOM

from ..common.cache import cached
from . import custom_dataset, price
from .registry import DATA_CHOICES, LOSS_CHOICES, custom_loss

SettingValues = tuple[tuple[str, float], ...]
"""Names and values of settings, hashable."""
Edits = tuple[tuple[int, float], ...]
"""Rows of a dataset with the targets that they get by hand."""


def dataset_for(values: Mapping[str, Any]) -> losses.Dataset | None:
    """Return the dataset of a state before sampling and edits, None for a test function."""
    if values["data"] == custom_dataset.CUSTOM:
        return custom_dataset.parse_dataset(values["points"])
    return losses.DATASETS.get(values["data"])


def loss_for(values: Mapping[str, Any]) -> losses.Loss:
    """Return the loss of a state, from the catalogue or from its formula."""
    return custom_loss(values["formula"]) if values["loss"] == CUSTOM else losses.LOSSES[values["loss"]]


def select_settings(settings: tuple[losses.Setting, ...], values: Mapping[str, float]) -> SettingValues:
    """Return the values of those ``settings`` that ``values`` has, in the order of ``settings``."""
    return tuple((setting.name, values[setting.name]) for setting in settings if setting.name in values)


def active_settings(values: Mapping[str, Any]) -> Mapping[str, losses.Setting]:
    """Return by name the settings of the optimizer, dataset, model and loss of a state, and of penalties."""
    data = values["data"]
    model_and_loss = ("", "") if data in losses.TEST_FUNCTIONS else (values["model"], values["loss"])
    return _active_settings(values["opt"], data, *model_and_loss)


def problem_settings(values: Mapping[str, Any]) -> Mapping[str, losses.Setting]:
    """Return the same without those of the optimizer, which need not be known."""
    data = values["data"]
    model_and_loss = ("", "") if data in losses.TEST_FUNCTIONS else (values["model"], values["loss"])
    return _problem_settings(data, *model_and_loss)


@lru_cache(maxsize=1024)
def _active_settings(optimizer: str, data: str, model: str, loss: str) -> Mapping[str, losses.Setting]:
    settings = {setting.name: setting for setting in losses.OPTIMIZERS[optimizer].settings}
    return MappingProxyType({**settings, **_problem_settings(data, model, loss)})


@lru_cache(maxsize=1024)
def _problem_settings(data: str, model: str, loss: str) -> Mapping[str, losses.Setting]:
    subject = DATA_CHOICES[data]
    if isinstance(subject, losses.TestFunction):
        return MappingProxyType({})
    settings = (*subject.settings, *losses.MODELS[model].settings)
    settings += (*LOSS_CHOICES[loss].settings, *losses.PENALTIES)
    return MappingProxyType({setting.name: setting for setting in settings})


def active_setting(values: Mapping[str, Any], name: str) -> losses.Setting | None:
    """Return an active setting by name, None if nothing that is chosen has it.

    The optimizer is asked only for what is no setting of the problem: which optimizers are offered depends on
    the problem.
    """
    return problem_settings(values).get(name) or active_settings(values).get(name)


def setting_values(values: Mapping[str, Any]) -> dict[str, float]:
    """Return the values of the active settings of a state by name."""
    return {name: values[name] for name in active_settings(values)}


@cached(16_000_000)
def edited_dataset(data: losses.Dataset, seed: int, settings: SettingValues, edits: Edits) -> losses.Dataset:
    """Sample a synthetic dataset with ``seed`` and ``settings``, or take a real one; then apply edits."""
    sampled = data.sample(seed=seed, **dict(settings)) if data.generator else data
    if not edits:
        return sampled
    y = sampled.y.copy()
    y[[row for row, _ in edits]] = [target for _, target in edits]
    return replace(sampled, y=y)


def unedited_dataset(values: Mapping[str, Any], settings: Mapping[str, float]) -> losses.Dataset:
    """Return the dataset of a state, which must not be a test function, without the edits made by hand."""
    data = dataset_for(values)
    assert data is not None
    return edited_dataset(data, values["seed"], select_settings(data.settings, settings), ())


def supports_basins(problem: losses.Problem) -> bool:
    """Tell whether basins can be computed.

    The problem must have two parameters, so that the map shows all starts, and be smooth, so that its
    curvature tells whether a run has reached a minimum.
    """
    return problem.smooth and problem.dim == 2


@cached(16_000_000)
def _build_data_problem(
    data: losses.Dataset, model: str, loss: losses.Loss, standardize: bool, settings: SettingValues
) -> losses.DataProblem:
    return losses.problem(data, model, loss, standardize=standardize, **dict(settings))


def build_problem(values: Mapping[str, Any], settings: Mapping[str, float]) -> losses.Problem:
    """Return the problem of a state for the given values of settings.

    That is a test function, or data with a model and a loss.
    """
    data = dataset_for(values)
    if data is None:
        return losses.TEST_FUNCTIONS[values["data"]]
    model, loss = values["model"], loss_for(values)
    examples = edited_dataset(data, values["seed"], select_settings(data.settings, settings), values["edit"])
    accepted = (*loss.settings, *losses.MODELS[model].settings, *losses.PENALTIES)
    chosen = select_settings(accepted, settings)
    return _build_data_problem(examples, model, loss, values["standardize"], chosen)


def problem_for(values: Mapping[str, Any]) -> losses.Problem:
    """Return the problem of a state with the values of its settings."""
    return build_problem(values, {name: values[name] for name in problem_settings(values)})


def problem_identity(values: Mapping[str, Any]) -> tuple[Any, ...]:
    """Return what the problem of a state depends on: two states with the same have the same problem."""
    data = dataset_for(values)
    if data is None:
        return (values["data"],)
    keys = "data", "points", "edit", "model", "loss", "formula", "standardize"
    settings = tuple((name, values[name]) for name in problem_settings(values))
    return *(values[key] for key in keys), values["seed"] if data.generator else None, settings


def compared_problem(values: Mapping[str, Any], key: str, text: str) -> losses.Problem:
    """Return the problem that differs in the loss, the data or the standardization that ``text`` names.

    Its settings are the same as far as its data, model and loss take them, else the nearest ones.
    """
    changes: dict[str, Any] = {key: not values[key] if key == "standardize" else text}
    if key == "data":
        changes["edit"] = ()
    changed = ChainMap(changes, values)  # type: ignore[arg-type]  # it is only read
    settings = {
        name: setting.default if values[name] is None else min(max(values[name], setting.low), setting.high)
        for name, setting in problem_settings(changed).items()
    }
    return build_problem(changed, settings)


def max_affordable_steps(values: Mapping[str, Any], settings: Mapping[str, float]) -> int:
    """Return how many steps the budgets of runs and sweeps allow, see :mod:`price`.

    Most problems can afford ``limits.MAX_STEPS``; Newton's method in 650 dimensions affords only a few.
    """
    competitors = tuple(entry.key for entry in values["race"])
    return price.affordable_steps(
        build_problem(values, settings), values["opt"], competitors, values["fair"], 2 if values["vs"] else 1
    )
