"""The problem that a state speaks of, built once and shared by everyone who asks."""

from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache
from types import MappingProxyType
from typing import Any

import losses
from losses.expression.custom_loss import OWN

from ..common import limits
from ..common.cache import kept
from . import custom_dataset
from .registry import CHOICES_OF_DATA, CHOICES_OF_LOSS, own_loss

Given = tuple[tuple[str, float], ...]
Edits = tuple[tuple[int, float], ...]


def data_of(values: Mapping[str, Any]) -> losses.Dataset | None:
    """The dataset of a state as its registry holds it; None for a test function."""
    if values["data"] == custom_dataset.OWN:
        return custom_dataset.dataset(values["points"])
    return losses.DATASETS.get(values["data"])


def loss_of(values: Mapping[str, Any]) -> losses.Loss:
    return own_loss(values["formula"]) if values["loss"] == OWN else losses.LOSSES[values["loss"]]


def own(settings: tuple[losses.Setting, ...], given: Mapping[str, float]) -> Given:
    """The part of the given values that belongs to ``settings``, in their order."""
    return tuple((s.name, given[s.name]) for s in settings if s.name in given)


def in_force(values: Mapping[str, Any]) -> Mapping[str, losses.Setting]:
    """Every setting of the records that a state has chosen, by name."""
    data = values["data"]
    chosen = ("", "") if data in losses.TEST_FUNCTIONS else (values["model"], values["loss"])
    return _in_force(values["opt"], data, *chosen)


@lru_cache(maxsize=1024)
def _in_force(opt: str, data: str, model: str, loss: str) -> Mapping[str, losses.Setting]:
    found = list(losses.OPTIMIZERS[opt].settings)
    examples = CHOICES_OF_DATA[data]
    if not isinstance(examples, losses.TestFunction):
        found += (*examples.settings, *losses.MODELS[model].settings)
        found += (*CHOICES_OF_LOSS[loss].settings, *losses.PENALTIES)
    return MappingProxyType({setting.name: setting for setting in found})


def settings_of(values: Mapping[str, Any]) -> dict[str, float]:
    """The values of all settings in force."""
    return {name: values[name] for name in in_force(values)}


@lru_cache(maxsize=256)
def changed(data: losses.Dataset, seed: int, given: Given = (), edits: Edits = ()) -> losses.Dataset:
    """A dataset; a made-up one drawn with ``seed``, some targets changed by hand."""
    drawn = data.sample(seed=seed, **dict(given)) if data.generator else data
    if not edits:
        return drawn
    y = drawn.y.copy()
    y[[row for row, _ in edits]] = [value for _, value in edits]
    return replace(drawn, y=y)


def original(values: Mapping[str, Any], settings: Mapping[str, float]) -> losses.Dataset:
    """The dataset of a state before anything in it was changed by hand."""
    data = data_of(values)
    assert data is not None  # a test function has none to change
    return changed(data, values["seed"], own(data.settings, settings))


def paintable(problem: losses.Problem) -> bool:
    """Whether basins can be told: two parameters, all of them on the map, and curvature to tell a minimum by."""
    return problem.smooth and problem.dim == 2


@kept(16_000_000)
def _problem(
    data: losses.Dataset, model: str, loss: losses.Loss, standardize: bool, given: Given
) -> losses.DataProblem:
    return losses.problem(data, model, loss, standardize=standardize, **dict(given))


def problem(values: Mapping[str, Any], settings: Mapping[str, float]) -> losses.Problem:
    """The function that the page draws, certified lazily and kept."""
    data = data_of(values)
    if data is None:
        return losses.TEST_FUNCTIONS[values["data"]]
    model, loss = values["model"], loss_of(values)
    examples = changed(data, values["seed"], own(data.settings, settings), values["edit"])
    taken = (*loss.settings, *losses.MODELS[model].settings, *losses.PENALTIES)
    return _problem(examples, model, loss, values["standardize"], own(taken, settings))


def problem_of(values: Mapping[str, Any]) -> losses.Problem:
    return problem(values, settings_of(values))


def most_steps(values: Mapping[str, Any], settings: Mapping[str, float]) -> int:
    """How long a run an answer can afford: all steps for most problems, few of Newton's in 650 dimensions."""
    asked = problem(values, settings)
    rows = len(asked.y) if isinstance(asked, losses.DataProblem) else 1
    affordable = limits.WORK / losses.OPTIMIZERS[values["opt"]].work(rows, asked.dim)
    return max(1, min(limits.STEPS, int(affordable)))
