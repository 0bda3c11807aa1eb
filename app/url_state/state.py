"""The state of the page: parse it from a link, change it, write it as a link."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any, Final
from urllib.parse import quote

import numpy as np

import losses
from losses.core.arrays import Array
from losses.core.lazy import cached_property
from losses.core.messages import joined, message

from ..common import limits, prometheus_metrics
from ..common.cache import cached
from ..figures.views.detail_card_views import DEFAULT_VIEW, DETAIL_VIEWS
from ..lessons import lesson_of
from ..lessons.lesson_link import is_packed
from ..problem_setup import custom_dataset
from ..problem_setup.build import Edits, SettingValues, dataset_for, loss_for, problem_for, setting_values
from ..problem_setup.price import RUNS, fits_beside, race_price
from ..problem_setup.registry import ALL_SETTINGS
from ..problem_setup.view_planes import PLANE_KEYS, ViewPlane, view_plane
from .comparison_options import has_sweeps, problems_of, share_of_page
from .custom_values import format_points
from .default_rate import rate_after_change
from .link_repair import repaired_pairs
from .points_check import CHECK_KEY, check_points, points_check, repaired_points
from .race_entries import RaceEntry
from .resolver import FieldResolver, default_value
from .url_parameters import FIELDS, FIELDS_BY_KEY, LEAF_KEYS
from .value_types import FieldValues, InvalidValue, format_value, requested_value_text, truncate

TOO_MUCH_FOR_LESSON: Final = message(
    "The lesson of this link is about something else, and both at once would take too long: it is left."
)
TOO_MUCH_FOR_CHANGE: Final = message("Beside this lesson that would take too long. Leave the lesson for it.")


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
    """The value of every parameter of a link. Build it with :func:`parse`.

    Attributes are those of the fields in ``url_parameters``.
    """

    lesson: str
    """The key of the lesson; empty for none."""
    answer: str
    """The answer to the lesson's question: the number of a choice or a point; empty until it is given."""
    loss: str
    formula: str | None
    """The formula of a custom loss."""
    data: str
    points: str | None
    """Custom data, as ``custom_dataset`` writes them."""
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
    """Coordinates in the view plane; for two parameters the parameters themselves."""
    steps: int
    step: int
    seed: int
    compare_with: str
    """What it is compared with: a loss, a dataset, or the other standardization; empty for nothing."""
    race: tuple[RaceEntry, ...]
    fair: bool
    """Whether each optimizer of a race runs at the best rate of a sweep; else all run at the same."""
    ghost: tuple[float, ...]
    """Rate and start of an earlier run that stays visible; empty for none."""
    basins: bool
    same_scale: bool
    """Whether a unit is as long on one axis of the map as on the other even if the units differ."""
    edit: Edits
    """Examples whose target was changed by the user: rows and new targets."""
    view: str
    """The view of the detail card: a key of ``DETAIL_VIEWS``."""
    fog: bool
    hide: tuple[str, ...]
    embed: bool
    theme: str
    lang: str
    """The language of the page; ``auto`` for the browser's."""
    settings: SettingValues
    """Names and values of the settings of the chosen data, model, loss and optimizer."""
    subject: Subject = field(compare=False, repr=False)
    """What the state shares with the states that differ from it in leaf keys alone."""

    @cached_property
    def values(self) -> FieldValues:
        """Every key of the link with its value; None for a setting that nothing that is chosen has."""
        attributes = {
            key: getattr(self, field.attribute)
            for key, field in FIELDS_BY_KEY.items()
            if key not in ALL_SETTINGS
        }
        return MappingProxyType(dict.fromkeys(ALL_SETTINGS) | attributes | dict(self.settings))

    @property
    def defaults(self) -> Mapping[str, Any]:
        """Every key of the link with the value that it has if the link does not name it."""
        return self.subject.defaults

    @cached_property
    def awaiting_answer(self) -> bool:
        """Whether a lesson waits for its answer, so that nothing may be shown that gives it away."""
        return bool(self.lesson) and not self.answer

    @cached_property
    def asks_for_place(self) -> bool:
        """Whether a lesson waits for a point as its answer; then the gradient is shown as a hint."""
        return self.awaiting_answer and bool(lesson_of(self.lesson).target)

    @cached_property
    def outcome_hidden(self) -> bool:
        """Whether later steps and the outcome of the run are hidden."""
        return self.in_fog or self.awaiting_answer

    @cached_property
    def in_fog(self) -> bool:
        """Whether the surface is hidden except near the current point; ends with the answer of a lesson."""
        return self.fog and not (self.lesson and self.answer)

    @cached_property
    def active_detail(self) -> str:
        """The view that the detail card shows now."""
        if self.awaiting_answer:
            asking_view = lesson_of(self.lesson).asking_view
            return asking_view if asking_view == self.view else DEFAULT_VIEW
        is_hidden = self.in_fog and DETAIL_VIEWS[self.view].reveals_outcome
        return DEFAULT_VIEW if is_hidden else self.view

    @cached_property
    def without_run(self) -> "State":
        """The state that all states share which differ in step and, without a race, in rate alone."""
        rate = self.rate if self.race else self.defaults["rate"]
        return replace(self, rate=rate, step=0)

    @cached_property
    def view_plane(self) -> ViewPlane:
        """The plane of parameters in which the problem is drawn."""
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

    @property
    def start_parameters(self) -> Array:
        """The parameters ``(d,)`` at the start of the run."""
        return self.view_plane.plane.points(*np.array(self.start))

    @property
    def run_arguments(self) -> Mapping[str, Any]:
        """The arguments of ``losses.descend`` and ``losses.descend_many``, except starts and rates."""
        values = dict(self.settings)
        settings = {each.name: values[each.name] for each in losses.OPTIMIZERS[self.optimizer].settings}
        return {"steps": self.steps, "schedule": self.schedule, "seed": self.seed, **settings}

    def descend(self) -> losses.Descent:
        """Run the optimizer from the start."""
        with prometheus_metrics.KERNEL_SECONDS.labels("descent").time():
            return losses.descend(
                self.problem,
                self.optimizer,
                start=self.start_parameters,
                rate=self.rate,
                **self.run_arguments,
            )


def _build_state(resolver: FieldResolver) -> State:
    values = {key: resolver[key] for key in FIELDS_BY_KEY}
    attributes = {
        field.attribute: values[key] for key, field in FIELDS_BY_KEY.items() if key not in ALL_SETTINGS
    }
    other_defaults = {
        key: default_value(FIELDS_BY_KEY[key], resolver) for key in resolver.texts if key in FIELDS_BY_KEY
    }
    subject = Subject(values, values | other_defaults)  # a field without a text has its default already
    return State(**attributes, settings=tuple(setting_values(values).items()), subject=subject)


def parse(query: str, rows: str = "") -> tuple[State, tuple[str, ...]]:
    """Return the state of a link, and a sentence for each invalid part of it.

    ``query`` is the query string, with or without its question mark. ``rows`` are the custom data if they are
    too long for a link and the link says that the browser stores them.
    """
    if len(query) > limits.MAX_LINK_CHARACTERS:
        notice = message(
            "This link asked for more than {most} characters. Using the first screen instead.",
            most=limits.MAX_LINK_CHARACTERS,
        )
        return _resolve_all(())[0], (notice,)
    texts, notices = _texts_of(query, rows)
    if not _link_fits_lesson(tuple((key, texts[key]) for key in texts if key not in LEAF_KEYS)):
        texts = {key: text for key, text in texts.items() if key not in ("s", "a")}
        notices.append(TOO_MUCH_FOR_LESSON)
    state, errors = _resolve(texts)
    return state, (*notices, *errors, *_lesson_notices(state))


def _texts_of(query: str, rows: str) -> tuple[dict[str, str], list[str]]:
    """Return the texts of a link by key, and a sentence for each part that cannot be one."""
    texts, notices = dict[str, str](), list[str]()
    check: str | None = None
    for key, text in repaired_pairs(query):
        if key == CHECK_KEY:
            check = text
        elif key not in FIELDS_BY_KEY:
            notices.append(
                joined(" ", (requested_value_text(key, text), message("There is no such setting here.")))
            )
        elif key in texts and texts[key] != text:
            used = f"{key}={truncate(texts[key])}"
            notices.append(message("This link asked for {key} twice. Using {used}.", key=key, used=used))
        else:
            texts[key] = text
    texts = _insert_rows(texts, rows)
    if check is not None and texts.get("points") != custom_dataset.IN_BROWSER:
        points, cut = check_points(texts.get("points"), check)
        if cut:
            notices.append(cut)
        texts |= {"points": points} if points else {}
    elif "points" in texts:
        texts["points"] = repaired_points(texts["points"])
    return texts, notices


@cached(1_000_000)
def _link_fits_lesson(texts: tuple[tuple[str, str], ...]) -> bool:
    return _fits_lesson(FieldResolver(dict(texts)))


def _fits_lesson(values: FieldValues) -> bool:
    """Whether a page is affordable beside its lesson, whose numbers are those of the lesson's own link."""
    if not values["s"]:
        return True
    own = FieldResolver({"s": values["s"]})
    problems = dict.fromkeys((*problems_of(values), problem_for(own)))
    if problem_for(own) is problem_for(values):
        return True
    race = own["opt"], *(entry.key for entry in own["race"])
    more = race_price(problem_for(own), race, own["steps"], fair=has_sweeps(own)).operations
    return fits_beside(*problems, share=share_of_page(values), more=more)


def affords_axes_of(state: State, query: str, rows: str = "") -> bool:
    """Whether the page of a state is affordable beside the problems of the link ``query``."""
    kept = FieldResolver(_texts_of(query, rows)[0])
    problems = dict.fromkeys((*problems_of(state.values), *problems_of(kept)))
    more = RUNS.operations if state.compare_with else 0.0
    return fits_beside(*problems, share=share_of_page(state.values), more=more)


def _lesson_notices(state: State) -> tuple[str, ...]:
    """Return a sentence for each invalid part of the link of a lesson that came in a link."""
    if not state.lesson or not is_packed(state.lesson):
        return ()
    return _resolve_all(tuple(lesson_of(state.lesson).url_values.items()))[1]


def _resolve(texts: Mapping[str, str]) -> tuple[State, tuple[str, ...]]:
    """Return the state of these texts by key, and errors.

    Leaf keys are set upon a cached state of the others.
    """
    leaves = {key: text for key, text in texts.items() if key in LEAF_KEYS}
    if leaves and "race" not in texts:
        others, errors = _resolve_all(tuple((key, texts[key]) for key in texts if key not in leaves))
        if not errors and not others.race and (state := _set_leaves(others, leaves)):
            return state, ()
    return _resolve_all(tuple(texts.items()))  # only this puts several errors in their order


@cached(4_000_000, entry_overhead=10_000)
def _resolve_all(texts: tuple[tuple[str, str], ...]) -> tuple[State, tuple[str, ...]]:
    resolver = FieldResolver(dict(texts))
    state = _build_state(resolver)
    _ = state.view_plane  # so that the cache knows its size
    return state, tuple(resolver.errors.values())


def _set_leaves(state: State, texts: Mapping[str, str]) -> State | None:
    """Return the state with these texts of leaf keys, or None if one is not valid.

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
    """Write a state as the query of a link: keys in the order of ``FIELDS``, without defaults.

    Keys in ``keep`` are written even if they have their defaults, and so are custom data: they come last, and
    a check of them comes first.
    """
    values, defaults = state.values, state.defaults
    texts = {
        field.key: (field.format_in_url or field.format)(values[field.key])
        for field in FIELDS_BY_KEY.values()
        if values[field.key] is not None and (field.key in keep or values[field.key] != defaults[field.key])
    }
    texts.pop("points", None)
    points = None if state.points is None else format_points(state.points)
    is_lessons = bool(state.lesson) and state.points == defaults["points"] and "points" not in keep
    if (
        state.points is not None and points is not None and not is_lessons
    ):  # last: a cut link loses of them first
        texts = {CHECK_KEY: points_check(state.points), **texts, "points": points}
    pairs = [f"{key}={quote(text, safe=custom_dataset.SAFE_IN_LINKS)}" for key, text in texts.items()]
    return "?" + "&".join(pairs) if pairs else ""


def _insert_rows(texts: Mapping[str, str], rows: str) -> dict[str, str]:
    """Return the texts by key with ``rows`` as the points, if the link says that the browser stores them."""
    stored_in_browser = texts.get("points") == custom_dataset.IN_BROWSER
    return {**texts, "points": rows} if rows and stored_in_browser else dict(texts)


def apply_changes(query: str, changes: Mapping[str, str], rows: str = "") -> tuple[State, tuple[str, ...]]:
    """Return the state of a link after ``changes``, texts by key, and notices on what is invalid.

    Values that the change makes meaningless, such as a start in other units or a loss that does not fit the
    new data, are reset to their defaults; all others stay as they are.
    """
    before, notices = parse(query, rows)
    if CHECK_KEY in changes:
        notices = ()  # ``rows`` are the new data, not those that the link was checked with
    values = before.values
    only_leaves = changes and LEAF_KEYS.keys() >= changes.keys()
    if only_leaves and not before.race and (after := _set_leaves(before, changes)):
        return after, notices
    kept = _kept_texts(before, changes)
    texts = kept | _insert_rows(changes, rows)
    resolver = FieldResolver(texts, previous=kept)
    if "rate" not in changes and (rate := rate_after_change(values, resolver, rate_kept="rate" in kept)):
        texts["rate"] = format_value(rate)
    if not _fits_lesson(resolver):
        return before, (*notices, TOO_MUCH_FOR_CHANGE)
    after = _build_state(resolver)
    refused = (sentence for key, sentence in resolver.errors.items() if key in changes)
    return after, (*notices, *refused)


def _kept_texts(state: State, changes: Mapping[str, str]) -> dict[str, str]:
    """Return the texts of the fields that a change does not reset, without those that have their defaults."""
    values = state.values
    leaves_lesson = bool({"s", *FIELDS_BY_KEY["s"].reset_by} & set(changes))
    defaults = {field.key: field.default(values) for field in FIELDS} if leaves_lesson else state.defaults
    changed = {key: FIELDS_BY_KEY[key] for key in changes if key in FIELDS_BY_KEY}
    resetting = {key for key, field in changed.items() if field.resets_dependents(changes[key], values[key])}
    return {
        field.key: field.format(values[field.key])
        for field in FIELDS
        if not resetting & set(field.reset_by)
        and (field.keep_on_change or values[field.key] != defaults[field.key])
    }
