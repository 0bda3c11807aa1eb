"""The problem that a state speaks of, built once and shared by everyone who asks."""

from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache
from types import MappingProxyType
from typing import Any

import losses
from losses.expression.custom_loss import CUSTOM

from ..common import limits
from ..common.cache import cached
from . import custom_dataset
from .registry import DATA_CHOICES, LOSS_CHOICES, custom_loss

SettingValues = tuple[tuple[str, float], ...]
Edits = tuple[tuple[int, float], ...]


def dataset_for(values: Mapping[str, Any]) -> losses.Dataset | None:
    """The dataset of a state as its registry holds it; None for a test function."""
    if values["data"] == custom_dataset.CUSTOM:
        return custom_dataset.parse_dataset(values["points"])
    return losses.DATASETS.get(values["data"])


def loss_for(values: Mapping[str, Any]) -> losses.Loss:
    return custom_loss(values["formula"]) if values["loss"] == CUSTOM else losses.LOSSES[values["loss"]]


def select_settings(settings: tuple[losses.Setting, ...], values: Mapping[str, float]) -> SettingValues:
    """The part of the given values that belongs to ``settings``, in their order."""
    return tuple((s.name, values[s.name]) for s in settings if s.name in values)


def active_settings(values: Mapping[str, Any]) -> Mapping[str, losses.Setting]:
    """Every setting of the records that a state has chosen, by name."""
    data = values["data"]
    chosen = ("", "") if data in losses.TEST_FUNCTIONS else (values["model"], values["loss"])
    return _active_settings(values["opt"], data, *chosen)


@lru_cache(maxsize=1024)
def _active_settings(optimizer: str, data: str, model: str, loss: str) -> Mapping[str, losses.Setting]:
    found = list(losses.OPTIMIZERS[optimizer].settings)
    examples = DATA_CHOICES[data]
    if not isinstance(examples, losses.TestFunction):
        found += (*examples.settings, *losses.MODELS[model].settings)
        found += (*LOSS_CHOICES[loss].settings, *losses.PENALTIES)
    return MappingProxyType({setting.name: setting for setting in found})


def setting_values(values: Mapping[str, Any]) -> dict[str, float]:
    """The values of all settings in force."""
    return {name: values[name] for name in active_settings(values)}


@lru_cache(maxsize=256)
def edited_dataset(
    data: losses.Dataset, seed: int, settings: SettingValues = (), edits: Edits = ()
) -> losses.Dataset:
    """A dataset; a made-up one drawn with ``seed``, some targets changed by hand."""
    drawn = data.sample(seed=seed, **dict(settings)) if data.generator else data
    if not edits:
        return drawn
    y = drawn.y.copy()
    y[[row for row, _ in edits]] = [value for _, value in edits]
    return replace(drawn, y=y)


def unedited_dataset(values: Mapping[str, Any], settings: Mapping[str, float]) -> losses.Dataset:
    """The dataset of a state before anything in it was changed by hand."""
    data = dataset_for(values)
    assert data is not None  # a test function has none to change
    return edited_dataset(data, values["seed"], select_settings(data.settings, settings))


def supports_basins(problem: losses.Problem) -> bool:
    """Whether basins can be told: two parameters, all of them on the map, and curvature to tell a minimum by."""
    return problem.smooth and problem.dim == 2


@cached(16_000_000)
def _build_data_problem(
    data: losses.Dataset, model: str, loss: losses.Loss, standardize: bool, settings: SettingValues
) -> losses.DataProblem:
    return losses.problem(data, model, loss, standardize=standardize, **dict(settings))


def build_problem(values: Mapping[str, Any], settings: Mapping[str, float]) -> losses.Problem:
    """The function that the page draws, certified lazily and kept."""
    data = dataset_for(values)
    if data is None:
        return losses.TEST_FUNCTIONS[values["data"]]
    model, loss = values["model"], loss_for(values)
    examples = edited_dataset(data, values["seed"], select_settings(data.settings, settings), values["edit"])
    taken = (*loss.settings, *losses.MODELS[model].settings, *losses.PENALTIES)
    return _build_data_problem(examples, model, loss, values["standardize"], select_settings(taken, settings))


def problem_for(values: Mapping[str, Any]) -> losses.Problem:
    return build_problem(values, setting_values(values))


def max_affordable_steps(values: Mapping[str, Any], settings: Mapping[str, float]) -> int:
    """How long a run an answer can afford: all steps for most problems, few of Newton's in 650 dimensions."""
    asked = build_problem(values, settings)
    rows = len(asked.y) if isinstance(asked, losses.DataProblem) else 1
    affordable = limits.MAX_RUN_OPERATIONS / losses.OPTIMIZERS[values["opt"]].step_cost(rows, asked.dim)
    return max(1, min(limits.MAX_STEPS, int(affordable)))
