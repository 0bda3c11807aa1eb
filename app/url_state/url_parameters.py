"""The parameters of a link, in the order in which links write them.

A parser or default may read other fields; ``FieldResolver`` resolves those first.
"""

from collections import ChainMap
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

import losses
from losses.core.messages import message, plural
from losses.core.registry import DerivedSequence, derived_mapping
from losses.expression.custom_loss import CUSTOM
from losses.optimizer.catalogue import DEFAULT_OPTIMIZER
from losses.optimizer.schedule import DEFAULT_SCHEDULE

from ..common import limits
from ..figures.views.detail_card_views import DEFAULT_VIEW, DETAIL_VIEWS
from ..i18n.translation import AUTO, LANGUAGES
from ..lessons.lesson_link import is_packed
from ..problem_setup import custom_dataset
from ..problem_setup.build import (
    active_setting,
    dataset_for,
    max_affordable_steps,
    problem_for,
    setting_values,
    supports_basins,
)
from ..problem_setup.default_steps import default_steps
from ..problem_setup.price import why_not_optimizer
from ..problem_setup.registry import ALL_SETTINGS, DATA_CHOICES, DEFAULT_FORMULA, LOSS_CHOICES, settings_in
from ..problem_setup.view_planes import PLANE_KEYS, PLANES, view_plane_for
from .comparison_options import parse_compare_with
from .custom_values import (
    format_points,
    loss_incompatibility,
    no_data_reason,
    parse_formula,
    parse_hide,
    parse_points,
)
from .default_rate import default_rate
from .race_entries import format_race, parse_race
from .value_types import (
    Choice,
    FieldValues,
    InvalidValue,
    Parser,
    format_edits,
    format_switch,
    format_value,
    integer_between,
    parse_answer,
    parse_edits,
    parse_ghost,
    parse_lesson,
    parse_rate,
    parse_setting,
    parse_start,
    parse_switch,
    round_to_6_digits,
)

THEMES: Final = {name: name for name in ("auto", "light", "dark", "projector")}


@dataclass(frozen=True)
class Field:
    """One parameter of a link: its parser, default and formatter."""

    key: str
    parse: Callable[[str, FieldValues], Any]
    """``parse(text, values)`` returns the value or raises InvalidValue; ``values`` are of other fields."""
    default: Callable[[FieldValues], Any]
    format: Callable[[Any], str] = str
    """Writes a value as ``parse`` reads it."""
    format_in_url: Callable[[Any], str] | None = None
    """Writes a value in a link if that differs, because a value may be too long for one."""
    reset_by: tuple[str, ...] = ()
    """Keys whose change on the page resets this field to its default."""
    resets_dependents: Callable[[str, Any], bool] = lambda text, before: True
    """Whether a change from a value to a text resets the fields that name the key in ``reset_by``."""
    keep_on_change: bool = False
    """Whether the value stays when a change moves its default, so that only one thing changes at a time."""
    is_leaf: bool = False
    """Whether no change of it resets a field and, without a race, no other parser or default reads it."""
    is_text: bool = False
    """Whether any text can be its value, so that a link's repair must not touch it."""
    is_text_of: Callable[[str], bool] = lambda text: False
    """Whether a value is a text in this sense although others are not."""
    attribute: str = ""
    """The name of its attribute of ``State``; the key if empty."""
    meaning: str = ""
    """What it is, in the link reference; empty for a setting, which has a label."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "attribute", self.attribute or self.key)


def setting_parser(name: str) -> Parser:
    """Return the parser of a setting of whichever data, model, loss or optimizer is chosen."""

    def parse(text: str, values: FieldValues) -> float:
        setting = active_setting(values, name)
        if setting is None:
            raise InvalidValue(message("Nothing here uses {name}.", name=name))
        return parse_setting(setting, text)

    return parse


def setting_default(name: str) -> Callable[[FieldValues], float | None]:
    """Return the default of a setting; its value is None if nothing that is chosen has it."""

    def default(values: FieldValues) -> float | None:
        setting = active_setting(values, name)
        return None if setting is None else float(setting.default)

    return default


def _max_steps(values: FieldValues) -> int:
    return max_affordable_steps(values, setting_values(values))


def parse_steps(text: str, values: FieldValues) -> int:
    """Parse the number of steps, which is at most what an answer can afford."""
    most = _max_steps(values)
    try:
        return int(integer_between(1, lambda _: most)(text, values))
    except InvalidValue as rejected:
        if most == limits.MAX_STEPS or rejected.nearest != most:
            raise
        reason = plural(
            "More than {n} step would take too long here.",
            "More than {n} steps would take too long here.",
            n=most,
        )
        raise InvalidValue(reason, most) from None


def _optimizer_price(optimizer: losses.Optimizer, values: FieldValues) -> str:
    return why_not_optimizer(optimizer, problem_for(values))


def _default_steps(values: FieldValues) -> int:
    return min(default_steps(problem_for(values)), _max_steps(values))


def _default_model(values: FieldValues) -> str:
    data = dataset_for(values)
    if data is None or data.model:
        return "" if data is None else data.model
    fitting = [model for model in losses.MODELS.values() if not losses.why_not_model(data, model)]
    has_one_input = data.inputs.shape[1] == 1
    return next(
        (model.key for model in fitting if has_one_input or not model.named_for_one_input), fitting[0].key
    )


def _model_incompatibility(model: losses.Model, values: FieldValues) -> str:
    data = dataset_for(values)
    return no_data_reason(values) if data is None else losses.why_not_model(data, model)


def _default_loss(values: FieldValues) -> str:
    """Return the model's reference loss for the task; empty for a test function."""
    data = dataset_for(values)
    return "" if data is None else losses.MODELS[values["model"]].reference_loss[data.task]


def _default_standardize(values: FieldValues) -> bool:
    data = dataset_for(values)
    return data is not None and data.standardize


def _default_start(values: FieldValues) -> tuple[float, ...]:
    u, v = view_plane_for(values).start
    return round_to_6_digits(float(u)), round_to_6_digits(float(v))


def _plane_incompatibility(plane: str, values: FieldValues) -> str:
    is_needless = problem_for(values).dim == 2 and plane != "path"
    return message("Two parameters need no slice.") if is_needless else ""


def parse_axis(text: str, values: FieldValues) -> int:
    """Parse the number of a parameter, from 1."""
    return int(integer_between(1, lambda values: problem_for(values).dim)(text, values))


def parse_second_axis(text: str, values: FieldValues) -> int:
    """Parse the number of a parameter other than ``axis1``."""
    try:
        axis = parse_axis(text, values)
    except InvalidValue as rejected:
        is_taken = rejected.nearest == values["axis1"]
        raise InvalidValue(rejected.reason, None if is_taken else rejected.nearest) from rejected
    if axis == values["axis1"]:
        raise InvalidValue(message("It is another parameter than axis1."))
    return axis


def _default_second_axis(values: FieldValues) -> int:
    return 1 if values["axis1"] == 2 else 2


def _view_incompatibility(view: Any, values: FieldValues) -> str:
    if view.applies_to(problem_for(values)):
        return ""
    return message("{view} does not fit what is shown.", view=view.name)


def parse_basins(text: str, values: FieldValues) -> bool:
    """Parse the switch of the basins of attraction."""
    on = parse_switch(text, values)
    if on and not supports_basins(problem_for(values)):
        raise InvalidValue(message("Basins need two parameters and a loss without kinks."), False)
    return on


def _names(registry: losses.Registry[Any]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(setting.name for setting in settings_in(registry)))


def _fields() -> tuple[Field, ...]:
    """Return all fields.

    ``sample`` are the keys that select the examples, ``shape`` those that select the view plane.
    """
    sample = ("data", "points", "seed", *_names(losses.DATASETS))
    shape = ("data", "points", "model", "standardize", *_names(losses.MODELS), *PLANE_KEYS)
    return (
        Field(
            "s",
            parse_lesson,
            lambda _: "",
            reset_by=("model", *sample),
            attribute="lesson",
            is_text_of=is_packed,
            meaning="the lesson: its key, or `own.` and the lesson itself, written by the page. "
            "A lesson changes the defaults of other keys.",
        ),
        Field(
            "a",
            parse_answer,
            lambda _: "",
            reset_by=("s", "model", *sample),
            attribute="answer",
            meaning="the answer to the lesson's question: a choice's number from 0, or a place",
        ),
        Field(
            "loss",
            Choice(LOSS_CHOICES, loss_incompatibility),
            _default_loss,
            meaning="the loss",
        ),
        Field(
            "formula",
            parse_formula,
            lambda values: DEFAULT_FORMULA if values["loss"] == CUSTOM else None,
            is_text=True,
            meaning="the formula of `loss=own`, such as `abs(r)**1.5`",
        ),
        Field(
            "data",
            Choice(DATA_CHOICES),
            lambda _: next(iter(losses.DATASETS)),
            meaning="the dataset or the test function",
        ),
        Field(
            "points",
            parse_points,
            lambda values: custom_dataset.SAMPLE_POINTS if values["data"] == custom_dataset.CUSTOM else None,
            format_in_url=format_points,
            is_text=True,
            meaning="the examples of `data=own`, written by the page; for `browser` they stay in the tab",
        ),
        Field(
            "model",
            Choice(losses.MODELS, _model_incompatibility),
            _default_model,
            meaning="the model",
        ),
        Field(
            "standardize",
            parse_switch,
            _default_standardize,
            format_switch,
            reset_by=("data", "points"),
            meaning="1 if inputs, and in a regression the target, are measured in standard deviations",
        ),
        Field(
            "opt",
            Choice(losses.OPTIMIZERS, _optimizer_price),
            lambda _: DEFAULT_OPTIMIZER,
            attribute="optimizer",
            meaning="the optimizer",
        ),
        Field(
            "schedule",
            Choice(losses.SCHEDULES),
            lambda _: DEFAULT_SCHEDULE,
            meaning="the learning-rate schedule",
        ),
        *(Field(name, setting_parser(name), setting_default(name), format_value) for name in ALL_SETTINGS),
        Field(
            "plane",
            Choice({key: key for key in PLANES}, _plane_incompatibility),
            lambda _: "path",
            meaning="the plane that is shown of more than two parameters",
        ),
        Field(
            "tilt",
            integer_between(0, lambda _: 9999),
            lambda _: 0,
            meaning="the seed of the directions of `plane=random`",
        ),
        Field(
            "axis1",
            parse_axis,
            lambda _: 1,
            meaning="the parameter to the right with `plane=parameters`: its number, from 1",
        ),
        Field(
            "axis2",
            parse_second_axis,
            _default_second_axis,
            meaning="the parameter upward with `plane=parameters`: its number, from 1",
        ),
        Field(
            "rate",
            parse_rate,
            default_rate,
            format_value,
            reset_by=(*shape, "race", "fair"),
            keep_on_change=True,
            is_leaf=True,
            meaning="the learning rate",
        ),
        Field(
            "start",
            parse_start,
            _default_start,
            lambda start: ",".join(map(format_value, start)),
            reset_by=shape,
            keep_on_change=True,
            is_leaf=True,
            meaning="the two coordinates of the start on the map",
        ),
        Field(
            "steps",
            parse_steps,
            _default_steps,
            meaning="the number of steps of the run",
        ),
        Field(
            "k",
            integer_between(0, lambda values: values["steps"]),
            lambda _: 0,
            attribute="step",
            is_leaf=True,
            meaning="the step that is shown, from 0",
        ),
        Field(
            "seed",
            integer_between(0, lambda _: 9999),
            lambda _: 0,
            meaning="the seed of synthetic data and of mini-batches",
        ),
        Field(
            "vs",
            parse_compare_with,
            lambda _: "",
            attribute="compare_with",
            meaning="what is put beside it: the key of another loss or dataset, `raw` or `standardized`",
        ),
        Field(
            "race",
            parse_race,
            lambda _: (),
            format_race,
            resets_dependents=lambda text, before: bool(text) != bool(before),
            meaning="up to four other optimizers, with hyperparameters: `adam:beta1=0.8,momentum`",
        ),
        Field(
            "fair",
            parse_switch,
            lambda _: True,
            format_switch,
            meaning="1 if each optimizer of the race runs at its own best rate",
        ),
        Field(
            "ghost",
            parse_ghost,
            lambda _: (),
            lambda ghost: ",".join(map(format_value, ghost)),
            reset_by=shape,
            is_leaf=True,
            meaning="an earlier run that stays in sight: its rate and the two numbers of its start",
        ),
        Field(
            "basins",
            parse_basins,
            lambda _: False,
            format_switch,
            meaning="1 if the basins are shown",
        ),
        Field(
            "scale",
            parse_switch,
            lambda _: False,
            format_switch,
            attribute="same_scale",
            meaning="1 if a unit is as long on one axis of the map as on the other though the units differ",
        ),
        Field(
            "edit",
            parse_edits,
            lambda _: (),
            format_edits,
            reset_by=sample,
            meaning="targets changed by hand: `row:value`, rows from 0",
        ),
        Field(
            "view",
            Choice(DETAIL_VIEWS, _view_incompatibility),
            lambda _: DEFAULT_VIEW,
            is_leaf=True,
            meaning="the view in the detail card",
        ),
        Field(
            "fog",
            parse_switch,
            lambda _: False,
            format_switch,
            is_leaf=True,
            meaning="1 if the surface is hidden except near the current point",
        ),
        Field(
            "hide",
            parse_hide,
            lambda _: (),
            ",".join,
            is_leaf=True,
            meaning="controls that are hidden, separated by commas",
        ),
        Field(
            "embed",
            parse_switch,
            lambda _: False,
            format_switch,
            is_leaf=True,
            meaning="1 for the page without its surroundings",
        ),
        Field(
            "theme",
            Choice(THEMES),
            lambda _: "auto",
            is_leaf=True,
            meaning="the colors and sizes",
        ),
        Field(
            "lang",
            Choice(ChainMap({AUTO: None}, LANGUAGES)),
            lambda _: AUTO,
            is_leaf=True,
            meaning="the language",
        ),
    )


FIELDS: Final = DerivedSequence(_fields, (losses.DATASETS, losses.MODELS, losses.LOSSES, losses.OPTIMIZERS))
FIELDS_BY_KEY: Final[Mapping[str, Field]] = derived_mapping(
    lambda: {field.key: field for field in FIELDS},
    losses.DATASETS,
    losses.MODELS,
    losses.LOSSES,
    losses.OPTIMIZERS,
)
LEAF_KEYS: Final[Mapping[str, Field]] = derived_mapping(
    lambda: {field.key: field for field in FIELDS if field.is_leaf},
    losses.DATASETS,
    losses.MODELS,
    losses.LOSSES,
    losses.OPTIMIZERS,
)
