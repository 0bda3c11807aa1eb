"""The grammar of a link: one field a key, in the order in which links spell them.

A default may depend on other fields; those are resolved first.
"""

from collections import ChainMap
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

import losses
from losses.core.messages import say
from losses.core.registry import DerivedSequence, derived_mapping
from losses.expression.custom_loss import OWN
from losses.optimizer.catalogue import DEFAULT

from ..figures.detail_card_views import DETAILS
from ..i18n.translation import AUTO, LANGUAGES
from ..lessons import LESSONS
from ..problem_setup import custom_dataset
from ..problem_setup.build import data_of, in_force, most_steps, paintable, problem_of, settings_of
from ..problem_setup.registry import ALL_SETTINGS, CHOICES_OF_DATA, CHOICES_OF_LOSS, FORMULA, settings_in
from ..problem_setup.view_planes import PLANES, SLICE, window
from .comparison_options import read_vs
from .custom_values import read_formula, read_hide, read_points, why_not_loss, without_data, write_points
from .default_rate import usual
from .race_entries import read_race, write_race
from .value_types import (
    Reader,
    Rejected,
    Values,
    read_answer,
    read_edits,
    read_ghost,
    read_rate,
    read_start,
    read_switch,
    real_of,
    six_digits,
    spell,
    whole_in,
    word,
    write_edits,
)

THEMES: Final = {name: name for name in ("auto", "light", "dark", "projector")}


@dataclass(frozen=True)
class Field:
    """One key of a link: how it is read, its default, how it is written."""

    key: str
    read: Callable[[str, Values], Any]
    default: Callable[[Values], Any]
    write: Callable[[Any], str] = str
    in_link: Callable[[Any], str] | None = None
    """How a link writes it where that differs, because it is too long for one."""
    follows: tuple[str, ...] = ()
    """A change of one of these keys sets this one back to its default."""
    stirs: Callable[[str, Any], bool] = lambda text, before: True
    """Whether a change to this spelling, from that value, sets back what follows it."""
    pinned: bool = False
    """Kept as it is when a change moves its default, so that one thing changes at a time."""

    def plain(self, values: Values) -> Any:
        """The default without a lesson."""
        return self.default(values)


def read_setting(name: str) -> Reader:
    def read(text: str, values: Values) -> float:
        setting = in_force(values).get(name)
        if setting is None:
            raise Rejected(say("Nothing here takes {name}.", name=name))
        return real_of(setting, text)

    return read


def default_setting(name: str) -> Callable[[Values], float | None]:
    def default(values: Values) -> float | None:
        setting = in_force(values).get(name)
        return None if setting is None else float(setting.default)

    return default


def _most_steps(values: Values) -> int:
    return most_steps(values, settings_of(values))


def _default_model(values: Values) -> str:
    data = data_of(values)
    return (
        ""
        if data is None
        else data.model
        or next(key for key, model in losses.MODELS.items() if not losses.why_not_model(data, model))
    )


def _why_not_model(model: losses.Model, values: Values) -> str:
    data = data_of(values)
    return without_data(values) if data is None else losses.why_not_model(data, model)


def _default_loss(values: Values) -> str:
    """The model's own loss for this task."""
    data = data_of(values)
    return "" if data is None else losses.MODELS[values["model"]].reference_loss[data.task]


def _default_standardize(values: Values) -> bool:
    data = data_of(values)
    return data is not None and data.standardize


def _default_start(values: Values) -> tuple[float, ...]:
    u, v = window(problem_of(values), *(values[key] for key in SLICE)).start
    return six_digits(float(u)), six_digits(float(v))


def _why_not_plane(plane: str, values: Values) -> str:
    needless = problem_of(values).dim == 2 and plane != "path"
    return say("Two parameters need no slice.") if needless else ""


def read_axis(text: str, values: Values) -> int:
    return int(whole_in(1, lambda values: problem_of(values).dim)(text, values))


def read_second_axis(text: str, values: Values) -> int:
    axis = read_axis(text, values)
    if axis == values["axis1"]:
        raise Rejected(say("It is another parameter than axis1."))
    return axis


def _second_axis(values: Values) -> int:
    return 1 if values["axis1"] == 2 else 2


def _why_not_view(view: Any, values: Values) -> str:
    if view.fits(problem_of(values)):
        return ""
    return say("{view} does not fit what is shown.", view=view.name)


def read_basins(text: str, values: Values) -> bool:
    on = read_switch(text, values)
    if on and not paintable(problem_of(values)):
        raise Rejected(say("Basins need two parameters and a loss without kinks."), False)
    return on


LESSON_KEYS: Final[Mapping[str, Any]] = derived_mapping(lambda: {"": None, **LESSONS}, LESSONS)
"""The lessons, and the empty key of none."""


def _names(registry: losses.Registry[Any]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(setting.name for setting in settings_in(registry)))


def _fields() -> tuple[Field, ...]:
    sample = ("data", "points", "seed", *_names(losses.DATASETS))
    shape = ("data", "points", "model", "standardize", *_names(losses.MODELS), *SLICE)
    return (
        Field("s", word(LESSON_KEYS), lambda _: "", follows=("model", *sample)),
        Field("a", read_answer, lambda _: "", follows=("s", "model", *sample)),
        Field("loss", word(CHOICES_OF_LOSS, why_not_loss), _default_loss),
        Field("formula", read_formula, lambda values: FORMULA if values["loss"] == OWN else None),
        Field("data", word(CHOICES_OF_DATA), lambda _: next(iter(losses.DATASETS))),
        Field(
            "points",
            read_points,
            lambda values: custom_dataset.SAMPLE if values["data"] == custom_dataset.OWN else None,
            in_link=write_points,
        ),
        Field("model", word(losses.MODELS, _why_not_model), _default_model),
        Field(
            "standardize",
            read_switch,
            _default_standardize,
            lambda on: str(int(on)),
            follows=("data", "points"),
        ),
        Field("opt", word(losses.OPTIMIZERS), lambda _: DEFAULT),
        Field("schedule", word(losses.SCHEDULES), lambda _: "constant"),
        *(Field(name, read_setting(name), default_setting(name), spell) for name in ALL_SETTINGS),
        Field("plane", word({key: key for key in PLANES}, _why_not_plane), lambda _: "path"),
        Field("tilt", whole_in(0, lambda _: 9999), lambda _: 0),
        Field("axis1", read_axis, lambda _: 1),
        Field("axis2", read_second_axis, _second_axis),
        Field("rate", read_rate, usual, spell, follows=(*shape, "race", "fair"), pinned=True),
        Field(
            "start",
            read_start,
            _default_start,
            lambda start: ",".join(map(spell, start)),
            follows=shape,
            pinned=True,
        ),
        Field("steps", whole_in(1, _most_steps), lambda values: min(60, _most_steps(values))),
        Field("k", whole_in(0, lambda values: values["steps"]), lambda values: min(7, values["steps"])),
        Field("seed", whole_in(0, lambda _: 9999), lambda _: 0),
        Field("vs", read_vs, lambda _: ""),
        Field(
            "race", read_race, lambda _: (), write_race, stirs=lambda text, before: bool(text) != bool(before)
        ),
        Field("fair", read_switch, lambda _: True, lambda on: str(int(on))),
        Field("ghost", read_ghost, lambda _: (), lambda ghost: ",".join(map(spell, ghost)), follows=shape),
        Field("basins", read_basins, lambda _: False, lambda on: str(int(on))),
        Field("edit", read_edits, lambda _: (), write_edits, follows=sample),
        Field("view", word(DETAILS, _why_not_view), lambda _: "curve"),
        Field("fog", read_switch, lambda _: False, lambda on: str(int(on))),
        Field("hide", read_hide, lambda _: (), ",".join),
        Field("embed", read_switch, lambda _: False, lambda on: str(int(on))),
        Field("theme", word(THEMES), lambda _: "auto"),
        Field("lang", word(ChainMap({AUTO: None}, LANGUAGES)), lambda _: AUTO),
    )


FIELDS: Final = DerivedSequence(_fields, (losses.DATASETS, losses.MODELS, losses.LOSSES, losses.OPTIMIZERS))
BY_KEY: Final[Mapping[str, Field]] = derived_mapping(
    lambda: {field.key: field for field in FIELDS},
    losses.DATASETS,
    losses.MODELS,
    losses.LOSSES,
    losses.OPTIMIZERS,
)
