"""The problem that a state speaks of, built once and shared by everyone who asks."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from types import MappingProxyType
from typing import Any, Final

import numpy as np

import losses
from app import limits, own_data
from app.shelf import kept
from losses.certificate import MOST_PARAMETERS, MOST_SEARCHED, START
from losses.formula import OWN
from losses.optimizer import LINE_SEARCH
from losses.registry import derived_mapping
from losses.words import num, say

Given = tuple[tuple[str, float], ...]
SWEPT, SWEPT_HEAVY = 40, 8
"""How many rates a small sweep tries, usually and where each is dear."""
Edits = tuple[tuple[int, float], ...]


SUBJECTS: Final[Mapping[str, losses.Dataset | losses.TestFunction]] = derived_mapping(
    lambda: {**losses.DATASETS, **losses.TEST_FUNCTIONS}, losses.DATASETS, losses.TEST_FUNCTIONS
)
"""What can be looked at: datasets, and test functions, which need neither model nor loss."""


FORMULA: Final = "abs(r)**1.5"
"""A loss of one's own until it is written."""


@lru_cache(maxsize=256)
def own_loss(formula: str) -> losses.Loss:
    return losses.own_loss(formula)


CHOICES_OF_DATA: Final[Mapping[str, losses.Dataset | losses.TestFunction]] = derived_mapping(
    lambda: {**SUBJECTS, own_data.OWN: own_data.dataset(own_data.SAMPLE)},
    losses.DATASETS,
    losses.TEST_FUNCTIONS,
)
CHOICES_OF_LOSS: Final[Mapping[str, losses.Loss]] = derived_mapping(
    lambda: {**losses.LOSSES, OWN: own_loss(FORMULA)}, losses.LOSSES
)
"""What the menus offer: the registries, and one's own."""


def data_of(values: Mapping[str, Any]) -> losses.Dataset | None:
    """The dataset of a state as its registry holds it; None for a test function."""
    if values["data"] == own_data.OWN:
        return own_data.dataset(values["points"])
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


@dataclass(frozen=True, eq=False)
class Window:
    """The plane in which a problem is looked at, the usual start on it, and what it is a slice of."""

    plane: losses.Plane
    start: tuple[float, ...]
    note: str = ""


@kept(8_000_000)
def window(problem: losses.Problem, plane: str, tilt: int, axis1: int, axis2: int) -> Window:
    """The whole space of two parameters; of more, a slice of the kind asked for."""
    if problem.dim == 2:
        return Window(problem.plane, tuple(problem.start))
    return PLANES[plane](problem, tilt, (axis1 - 1, axis2 - 1))


@kept(8_000_000)
def _usual_run(problem: losses.Problem) -> losses.Descent:
    """A descent from the usual start that cannot overshoot."""
    return losses.descend(problem, LINE_SEARCH, rate=10 * usual_rate(problem), steps=60)


def _path(problem: losses.Problem, tilt: int, axes: tuple[int, int]) -> Window:
    found = losses.path_plane(_usual_run(problem), from_start=True)
    note = say("a slice that holds {share} % of a descent", share=num(100 * found.explained))
    return Window(found.plane, (0.0, 0.0), note)


def _random(problem: losses.Problem, tilt: int, axes: tuple[int, int]) -> Window:
    plane = losses.random_plane(problem, _usual_run(problem).theta[-1], seed=tilt)
    return Window(plane, (-0.7, 0.7), say("a random slice through the end of a descent"))


def _parameters(problem: losses.Problem, tilt: int, axes: tuple[int, int]) -> Window:
    assert isinstance(problem, losses.DataProblem)  # only these have more than two parameters
    plane = losses.parameter_plane(problem, axes)
    u, v = plane.coordinates(problem.start)
    return Window(plane, (float(u), float(v)), say("a slice: all other parameters stay where they start"))


PLANES: Final[Mapping[str, Callable[[losses.Problem, int, tuple[int, int]], Window]]] = {
    "path": _path,
    "random": _random,
    "parameters": _parameters,
}
SLICE: Final = ("plane", "tilt", "axis1", "axis2")
"""The keys that say which."""
PLANE_NAMES: Final = {
    "path": say("the plane of the path"),
    "random": say("random directions"),
    "parameters": say("two parameters"),
}


def _known_limit(problem: losses.Problem) -> float | None:
    """The largest stable rate where defaults stand on it: for ever, so not where it was learned later.

    Links rely on the guess for several classes, for minima that are not the only ones, for networks and
    wherever no more is known than at the start.
    """
    best, few = losses.certify(problem), problem.dim <= MOST_PARAMETERS
    flat = best.exists is True and problem.convex and not best.strong_convexity
    classes = isinstance(problem, losses.DataProblem) and problem.data.task == "multiclass"
    bent = not problem.convex and problem.dim > MOST_SEARCHED
    later = (few and (flat or classes)) or bent or best.scope == START
    return None if later else best.critical_rate


def usual_rate(problem: losses.Problem) -> float:
    """A cautious rate: eight hundredths of the largest stable one, to one digit; else a guess."""
    critical = _known_limit(problem)
    return float(f"{0.08 * critical:.0e}") if critical else 0.08


def rate_range(problem: losses.Problem) -> tuple[float, float]:
    """The rates worth trying: from a thousandth to four times the largest stable one; else a guess."""
    critical = _known_limit(problem)
    return (critical * 1e-3, critical * 4) if critical else (1e-3, 10.0)


def paintable(problem: losses.Problem) -> bool:
    """Whether basins can be told: two parameters, all of them on the map, and curvature to tell a minimum by."""
    return problem.smooth and problem.dim == 2


@kept(8_000_000)
def swept_rate(
    problem: losses.Problem, optimizer: str, start: tuple[float, ...], steps: int, schedule: str, given: Given
) -> float:
    """The best of a small sweep of rates, to two digits."""
    if not np.isfinite(problem.value(start)):
        return usual_rate(problem)
    low, high = rate_range(problem)
    heavy = isinstance(problem, losses.DataProblem) and problem.score(problem.start).size > limits.HEAVY
    count = SWEPT_HEAVY if heavy else SWEPT
    found = losses.sweep(
        problem,
        optimizer,
        start=start,
        rates=np.geomspace(low, high, count),
        steps=steps,
        schedule=schedule,
        **dict(given),
    )
    return float(f"{found.rate[found.best]:.2g}")


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
