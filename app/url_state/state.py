"""Everything a link holds. The only reader and the only writer of links; ``fields`` is the grammar."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from functools import cached_property
from types import MappingProxyType
from typing import Any, Final
from urllib.parse import parse_qsl, quote

import losses
from losses.core.messages import listed, say

from ..common import limits
from ..common.cache import kept
from ..figures.detail_card_views import DETAILS
from ..lessons import LESSONS
from ..problem_setup import custom_dataset
from ..problem_setup.build import Edits, Given, data_of, loss_of, problem, settings_of
from ..problem_setup.registry import ALL_SETTINGS
from ..problem_setup.view_planes import SLICE, Window, window
from .default_rate import picked
from .race_entries import Racer
from .resolver import Reading, usual
from .url_parameters import BY_KEY, FIELDS
from .value_types import Values, asked_for, shorten, spell

MOVING: Final = ("start", "k")
"""The keys of a link that change while a hand holds a start."""


@dataclass(frozen=True)
class State:
    """One moment of one experiment. Build it with :func:`parse`."""

    s: str
    """The lesson that it belongs to; empty for none."""
    a: str
    """The answer to the lesson's question: a choice by number or a place; empty until it is given."""
    loss: str
    formula: str | None
    """A loss of one's own, as it is written."""
    data: str
    points: str | None
    """Data of one's own, as ``own_data`` spells them."""
    model: str
    standardize: bool
    opt: str
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
    k: int
    seed: int
    vs: str
    """What is put beside it: another loss, other data, or the other way to measure; empty for nothing."""
    race: tuple[Racer, ...]
    fair: bool
    """Whether everyone in a race has the best rate of a sweep; else all have the same."""
    ghost: tuple[float, ...]
    """Rate and start of a run kept in sight; empty for none."""
    basins: bool
    edit: Edits
    """Examples whose target was changed by hand: rows and new targets."""
    view: str
    """What the changing card shows: a key of ``DETAILS``."""
    fog: bool
    hide: tuple[str, ...]
    embed: bool
    theme: str
    lang: str
    """The language of the page; auto for the browser's."""
    settings: Given
    """Values of the settings that data, model, loss and optimizer take, by name."""

    @cached_property
    def values(self) -> Values:
        """Every key of the link with its value; None for a setting that nothing here takes."""
        given = {field.name: getattr(self, field.name) for field in fields(self) if field.name != "settings"}
        return MappingProxyType(dict.fromkeys(ALL_SETTINGS) | given | dict(self.settings))

    @cached_property
    def usual(self) -> Mapping[str, Any]:
        """Every key of the link with what it is unless a link says otherwise."""
        return {field.key: usual(field, self.values) for field in FIELDS}

    @property
    def asking(self) -> bool:
        """Whether a lesson waits for its answer, and nothing is shown that gives it away."""
        return bool(self.s) and not self.a

    @property
    def pointed(self) -> bool:
        """Whether a lesson asks for a place, to which the slope underfoot shows the way."""
        return self.asking and LESSONS[self.s].target is not None

    @property
    def veiled(self) -> bool:
        """Whether nothing is told of what lies ahead."""
        return self.foggy or self.asking

    @property
    def foggy(self) -> bool:
        """Fog, until a lesson that began in it is answered."""
        return self.fog and not (self.s and self.a)

    @property
    def card(self) -> str:
        """What the changing card shows now."""
        hidden = self.asking or (self.foggy and DETAILS[self.view].ahead)
        return "curve" if hidden else self.view

    @cached_property
    def window(self) -> Window:
        """The plane in which the problem is looked at."""
        return window(self.problem, *(getattr(self, key) for key in SLICE))

    @cached_property
    def data_record(self) -> losses.Dataset | None:
        """The dataset; None for a test function."""
        return data_of(self.values)

    @cached_property
    def loss_record(self) -> losses.Loss:
        return loss_of(self.values)

    @cached_property
    def problem(self) -> losses.Problem:
        return problem(self.values, dict(self.settings))


def _state(reading: Reading) -> State:
    given = {key: reading[key] for key in BY_KEY}
    static = {key: value for key, value in given.items() if key not in ALL_SETTINGS}
    state = State(**static, settings=tuple(settings_of(given).items()))
    own = {key: usual(BY_KEY[key], reading) for key in reading.given if key in BY_KEY}
    vars(state)["usual"] = given | own  # what is not given is usual already
    return state


def parse(query: str, rows: str = "") -> tuple[State, tuple[str, ...]]:
    """The state that a link's query spells, and a sentence for each thing it got wrong.

    ``rows`` are the points that were too many for the link and stayed in the browser.
    """
    if len(query) > limits.LINK:
        notice = say(
            "This link asked for more than {most} characters. Using the first screen instead.",
            most=limits.LINK,
        )
        return _state(Reading({})), (notice,)
    given, notices = dict[str, str](), list[str]()
    for key, text in parse_qsl(query.removeprefix("?"), keep_blank_values=True):
        if key not in BY_KEY:
            notices.append(listed(" ", (asked_for(key, text), say("There is no such setting here."))))
        elif key in given:
            used = f"{key}={shorten(given[key])}"
            notices.append(say("This link asked for {key} twice. Using {used}.", key=key, used=used))
        else:
            given[key] = text
    reading = Reading(_with_rows(given, rows))
    return _state(reading), (*notices, *reading.refused.values())


@kept(2_000_000)
def _still(query: str) -> State:
    state = parse(query)[0]
    _ = state.window  # weighed with its problem
    return state


def moved(query: str) -> State:
    """What ``parse`` makes of a link, in a fifth of the time where all but its start and step was asked for before."""
    if len(query) > limits.LINK:
        return parse(query)[0]
    parts, spelled = query.removeprefix("?").split("&"), tuple(f"{key}=" for key in MOVING)
    ahead = [part for part in parts if part.startswith(spelled)]
    still = _still("&".join(part for part in parts if not part.startswith(spelled)))
    if still.race:  # a fair one sweeps for its rate from the start
        return parse(query)[0]
    reading = Reading(dict(reversed(parse_qsl("&".join(ahead), keep_blank_values=True))))
    reading.update((key, value) for key, value in still.values.items() if key not in MOVING)
    state = object.__new__(State)
    known = {name: value for name, value in vars(still).items() if name not in ("values", "usual")}
    vars(state).update(known | {key: reading[key] for key in MOVING})
    return state


def to_query(state: State, *, keep: tuple[str, ...] = ()) -> str:
    """The one spelling of a state: keys in the order of ``FIELDS``, defaults left out.

    A key in ``keep`` is spelled even at its default.
    """
    values = state.values
    pairs = [
        f"{field.key}={quote((field.in_link or field.write)(values[field.key]), safe=',*:=')}"
        for field in FIELDS
        if values[field.key] is not None
        and (field.key in keep or values[field.key] != state.usual[field.key])
    ]
    return "?" + "&".join(pairs) if pairs else ""


def _with_rows(given: Mapping[str, str], rows: str) -> dict[str, str]:
    """The same with the points that a link only speaks of."""
    return dict(given) | (
        {"points": rows} if rows and given.get("points") == custom_dataset.IN_BROWSER else {}
    )


def change(query: str, changes: Mapping[str, str], rows: str = "") -> tuple[State, tuple[str, ...]]:
    """The state of a link after someone turned a control, which speaks the link's language.

    What the change makes meaningless (a start in other units, a loss that does
    not fit the new data) goes back to its default; all else stays as it was.
    """
    before, notices = parse(query, rows)
    values = before.values
    leaving = bool({"s", *BY_KEY["s"].follows} & set(changes))
    ordinary = {field.key: field.plain(values) for field in FIELDS} if leaving else before.usual
    known = {key: BY_KEY[key] for key in changes if key in BY_KEY}
    stirred = {key for key, field in known.items() if field.stirs(changes[key], values[key])}
    kept = {
        field.key: field.write(values[field.key])
        for field in FIELDS
        if not stirred & set(field.follows) and (field.pinned or values[field.key] != ordinary[field.key])
    }
    given = kept | _with_rows(changes, rows)
    reading = Reading(given, before=kept)
    if "rate" not in changes and (rate := picked(values, reading, kept="rate" in kept)):
        given["rate"] = spell(rate)
    after = _state(reading)
    refused = (sentence for key, sentence in reading.refused.items() if key in changes)
    return after, (*notices, *refused)
