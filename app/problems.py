"""The problem that a state speaks of, built once and shared by everyone who asks."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

import losses

Given = tuple[tuple[str, float], ...]


SUBJECTS: Final[Mapping[str, losses.Dataset | losses.TestFunction]] = {
    **losses.DATASETS,
    **losses.TEST_FUNCTIONS,
}
"""What can be looked at: datasets, and test functions, which need neither model nor loss."""


def own(settings: tuple[losses.Setting, ...], given: Mapping[str, float]) -> Given:
    """The part of the given values that belongs to ``settings``, in their order."""
    return tuple((s.name, given[s.name]) for s in settings if s.name in given)


def in_force(values: Mapping[str, Any]) -> dict[str, losses.Setting]:
    """Every setting of the records that a state has chosen, by name."""
    found = list(losses.OPTIMIZERS[values["opt"]].settings)
    if values["data"] in losses.DATASETS:
        found += losses.DATASETS[values["data"]].settings
        found += losses.MODELS[values["model"]].settings
        found += (*losses.LOSSES[values["loss"]].settings, *losses.PENALTIES)
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


@dataclass(frozen=True, eq=False)
class Window:
    """The plane in which a problem is looked at; for a slice, how much of a path it holds."""

    plane: losses.Plane
    explained: float = 1.0


@lru_cache(maxsize=256)
def window(problem: losses.Problem) -> Window:
    """The whole space of two parameters; of more, the plane of a descent from the usual start that cannot overshoot."""
    if problem.dim == 2:
        return Window(problem.plane)
    run = losses.descend(problem, "line_search", rate=10 * usual_rate(problem), steps=60)
    found = losses.path_plane(run)
    return Window(found.plane, found.explained)


def usual_rate(problem: losses.Problem) -> float:
    """A cautious rate: eight hundredths of the largest stable one, to one digit; else a guess."""
    critical = losses.certify(problem).critical_rate
    return float(f"{0.08 * critical:.0e}") if critical else 0.08


@lru_cache(maxsize=256)
def _problem(
    data: losses.Dataset, model: str, loss: str, standardize: bool, given: Given
) -> losses.DataProblem:
    return losses.problem(data, model, loss, standardize=standardize, **dict(given))


def problem(values: Mapping[str, Any], settings: Mapping[str, float]) -> losses.Problem:
    """The function that the page draws, certified lazily and kept."""
    if values["data"] in losses.TEST_FUNCTIONS:
        return losses.TEST_FUNCTIONS[values["data"]]
    data, model, loss = (values[key] for key in ("data", "model", "loss"))
    drawn = dataset(data, values["seed"], own(losses.DATASETS[data].settings, settings))
    taken = (*losses.LOSSES[loss].settings, *losses.MODELS[model].settings, *losses.PENALTIES)
    return _problem(drawn, model, loss, values["standardize"], own(taken, settings))
