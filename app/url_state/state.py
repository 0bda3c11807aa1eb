"""Everything a link holds. The only reader and the only writer of links; ``fields`` is the grammar."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from types import MappingProxyType
from typing import Any
from urllib.parse import parse_qsl, quote

import losses
from losses.core.messages import joined, message

from ..common import limits
from ..common.cache import cached
from ..figures.detail_card_views import DETAIL_VIEWS
from ..lessons import LESSONS
from ..problem_setup import custom_dataset
from ..problem_setup.build import Edits, SettingValues, dataset_for, loss_for, problem_for, setting_values
from ..problem_setup.registry import ALL_SETTINGS
from ..problem_setup.view_planes import PLANE_KEYS, ViewPlane, view_plane
from .default_rate import rate_after_change
from .race_entries import RaceEntry
from .resolver import FieldResolver, default_value
from .url_parameters import FIELDS, FIELDS_BY_KEY, LEAF_KEYS
from .value_types import FieldValues, InvalidValue, format_value, requested_value_text, truncate


@dataclass(frozen=True, eq=False)
class Subject:
    """What the states have in common that differ in leaf keys alone, computed when first asked for."""

    values: FieldValues
    defaults: Mapping[str, Any]
    """Every key of the link with the value that it has if the link does not name it."""

    @cached_property
    def dataset(self) -> losses.Dataset | None:
        return dataset_for(self.values)

    @cached_property
    def loss_function(self) -> losses.Loss:
        return loss_for(self.values)

    @cached_property
    def problem(self) -> losses.Problem:
        return problem_for(self.values)

    @cached_property
    def view_plane(self) -> ViewPlane:
        return view_plane(self.problem, *(self.values[key] for key in PLANE_KEYS))


@dataclass(frozen=True)
class State:
    """One moment of one experiment. Build it with :func:`parse`."""

    lesson: str
    """The lesson that it belongs to; empty for none."""
    answer: str
    """The answer to the lesson's question: a choice by number or a place; empty until it is given."""
    loss: str
    formula: str | None
    """A loss of one's own, as it is written."""
    data: str
    points: str | None
    """Data of one's own, as ``own_data`` spells them."""
    model: str
    standardize: bool
    optimizer: str
    schedule: str
    plane: str
    tilt: int
    """The seed of random directions."""
    axis1: int
    axis2: int
    rate: float
    start: tuple[float, float]
    """Coordinates on the map; for two parameters the parameters themselves."""
    steps: int
    step: int
    seed: int
    compare_with: str
    """What is put beside it: another loss, other data, or the other way to measure; empty for nothing."""
    race: tuple[RaceEntry, ...]
    fair: bool
    """Whether everyone in a race has the best rate of a sweep; else all have the same."""
    ghost: tuple[float, ...]
    """Rate and start of a run kept in sight; empty for none."""
    basins: bool
    edit: Edits
    """Examples whose target was changed by hand: rows and new targets."""
    view: str
    """What the changing card shows: a key of ``DETAIL_VIEWS``."""
    fog: bool
    hide: tuple[str, ...]
    embed: bool
    theme: str
    lang: str
    """The language of the page; auto for the browser's."""
    settings: SettingValues
    """Values of the settings that data, model, loss and optimizer take, by name."""
    subject: Subject = field(compare=False, repr=False)

    @cached_property
    def values(self) -> FieldValues:
        """Every key of the link with its value; None for a setting that nothing here takes."""
        given = {
            key: getattr(self, field.attribute)
            for key, field in FIELDS_BY_KEY.items()
            if key not in ALL_SETTINGS
        }
        return MappingProxyType(dict.fromkeys(ALL_SETTINGS) | given | dict(self.settings))

    @property
    def defaults(self) -> Mapping[str, Any]:
        """Every key of the link with the value that it has if the link does not name it."""
        return self.subject.defaults

    @cached_property
    def awaiting_answer(self) -> bool:
        """Whether a lesson waits for its answer, and nothing is shown that gives it away."""
        return bool(self.lesson) and not self.answer

    @cached_property
    def asks_for_place(self) -> bool:
        """Whether a lesson asks for a place, to which the slope underfoot shows the way."""
        return self.awaiting_answer and LESSONS[self.lesson].target is not None

    @cached_property
    def outcome_hidden(self) -> bool:
        """Whether nothing is told of what lies ahead."""
        return self.in_fog or self.awaiting_answer

    @cached_property
    def in_fog(self) -> bool:
        """Fog, until a lesson that began in it is answered."""
        return self.fog and not (self.lesson and self.answer)

    @cached_property
    def active_detail(self) -> str:
        """What the changing card shows now."""
        hidden = self.awaiting_answer or (self.in_fog and DETAIL_VIEWS[self.view].reveals_outcome)
        return "curve" if hidden else self.view

    @cached_property
    def without_run(self) -> "State":
        """The state that all states share which differ in step and, without a race, in rate alone."""
        rate = self.rate if self.race else self.defaults["rate"]
        return replace(self, rate=rate, step=0)

    @cached_property
    def view_plane(self) -> ViewPlane:
        """The plane in which the problem is looked at."""
        return self.subject.view_plane

    @cached_property
    def dataset(self) -> losses.Dataset | None:
        """The dataset; None for a test function."""
        return self.subject.dataset

    @cached_property
    def loss_function(self) -> losses.Loss:
        return self.subject.loss_function

    @cached_property
    def problem(self) -> losses.Problem:
        return self.subject.problem


def _build_state(resolver: FieldResolver) -> State:
    given = {key: resolver[key] for key in FIELDS_BY_KEY}
    static = {FIELDS_BY_KEY[key].attribute: value for key, value in given.items() if key not in ALL_SETTINGS}
    own = {key: default_value(FIELDS_BY_KEY[key], resolver) for key in resolver.texts if key in FIELDS_BY_KEY}
    subject = Subject(given, given | own)  # a field without a text has its default already
    return State(**static, settings=tuple(setting_values(given).items()), subject=subject)


def parse(query: str, rows: str = "") -> tuple[State, tuple[str, ...]]:
    """The state that a link's query spells, and a sentence for each thing it got wrong.

    ``rows`` are the points that were too many for the link and stayed in the browser.
    """
    if len(query) > limits.MAX_LINK_CHARACTERS:
        notice = message(
            "This link asked for more than {most} characters. Using the first screen instead.",
            most=limits.MAX_LINK_CHARACTERS,
        )
        return _resolve_all(())[0], (notice,)
    given, notices = dict[str, str](), list[str]()
    for key, text in parse_qsl(query.removeprefix("?"), keep_blank_values=True):
        if key not in FIELDS_BY_KEY:
            notices.append(
                joined(" ", (requested_value_text(key, text), message("There is no such setting here.")))
            )
        elif key in given:
            used = f"{key}={truncate(given[key])}"
            notices.append(message("This link asked for {key} twice. Using {used}.", key=key, used=used))
        else:
            given[key] = text
    state, errors = _resolve(_insert_rows(given, rows))
    return state, (*notices, *errors)


def _resolve(texts: Mapping[str, str]) -> tuple[State, tuple[str, ...]]:
    """The state that these texts of fields mean; leaf keys are set upon a cached state of all others."""
    leaves = {key: text for key, text in texts.items() if key in LEAF_KEYS}
    if leaves and "race" not in texts:
        others, errors = _resolve_all(tuple((key, texts[key]) for key in texts if key not in leaves))
        if not errors and not others.race and (state := _set_leaves(others, leaves)):
            return state, ()
    return _resolve_all(tuple(texts.items()))  # which also puts several errors in their order


@cached(4_000_000)
def _resolve_all(texts: tuple[tuple[str, str], ...]) -> tuple[State, tuple[str, ...]]:
    resolver = FieldResolver(dict(texts))
    state = _build_state(resolver)
    _ = state.view_plane  # so that the cache knows its size
    return state, tuple(resolver.errors.values())


def _set_leaves(state: State, texts: Mapping[str, str]) -> State | None:
    """The state with these texts of leaf keys; None if one is not valid.

    ``state`` has no race, so that no other field depends on these keys.
    """
    changed = dict[str, Any]()
    try:
        for key, text in texts.items():
            field = LEAF_KEYS[key]
            changed[field.attribute] = field.parse(text, state.values)
    except InvalidValue:
        return None
    return replace(state, **changed)


def to_query(state: State, *, keep: tuple[str, ...] = ()) -> str:
    """The one spelling of a state: keys in the order of ``FIELDS``, defaults left out.

    A key in ``keep`` is spelled even at its default.
    """
    values, defaults = state.values, state.defaults
    pairs = [
        f"{field.key}={quote((field.format_in_url or field.format)(values[field.key]), safe=',*:=')}"
        for field in FIELDS_BY_KEY.values()
        if values[field.key] is not None and (field.key in keep or values[field.key] != defaults[field.key])
    ]
    return "?" + "&".join(pairs) if pairs else ""


def _insert_rows(given: Mapping[str, str], rows: str) -> dict[str, str]:
    """The same with the points that a link only speaks of."""
    return dict(given) | (
        {"points": rows} if rows and given.get("points") == custom_dataset.IN_BROWSER else {}
    )


def apply_changes(query: str, changes: Mapping[str, str], rows: str = "") -> tuple[State, tuple[str, ...]]:
    """The state of a link after someone turned a control, which speaks the link's language.

    What the change makes meaningless (a start in other units, a loss that does
    not fit the new data) goes back to its default; all else stays as it was.
    """
    before, notices = parse(query, rows)
    values = before.values
    only_leaves = changes and LEAF_KEYS.keys() >= changes.keys()
    if only_leaves and not before.race and (after := _set_leaves(before, changes)):
        return after, notices
    leaving = bool({"s", *FIELDS_BY_KEY["s"].reset_by} & set(changes))
    ordinary = {field.key: field.default(values) for field in FIELDS} if leaving else before.defaults
    known = {key: FIELDS_BY_KEY[key] for key in changes if key in FIELDS_BY_KEY}
    stirred = {key for key, field in known.items() if field.resets_dependents(changes[key], values[key])}
    kept = {
        field.key: field.format(values[field.key])
        for field in FIELDS
        if not stirred & set(field.reset_by)
        and (field.keep_on_change or values[field.key] != ordinary[field.key])
    }
    given = kept | _insert_rows(changes, rows)
    reading = FieldResolver(given, previous=kept)
    if "rate" not in changes and (rate := rate_after_change(values, reading, rate_kept="rate" in kept)):
        given["rate"] = format_value(rate)
    after = _build_state(reading)
    refused = (sentence for key, sentence in reading.errors.items() if key in changes)
    return after, (*notices, *refused)
