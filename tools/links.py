"""Write the list of links and their meaning, ``tests/links.tsv``.

It has a row for each link, with the whole state and the loss that it shows. ``make generate`` keeps every
link, adds one for each registry entry, setting and key that has none, and replaces the meaning of links whose
meaning changed; ``python -m tools.generate --check`` shows such changes first. ``python -m tools.links
'?loss=mae' …`` adds links by hand.
"""

import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import product
from pathlib import Path
from typing import Any, Final, NamedTuple
from urllib.parse import parse_qsl

import losses
from app.figures.views.detail_card_views import DETAIL_VIEWS
from app.lessons import LESSONS
from app.problem_setup.registry import DATA_CHOICES, LOSS_CHOICES
from app.problem_setup.view_planes import PLANES
from app.url_state.comparison_options import RAW, STANDARDIZED
from app.url_state.custom_values import HIDEABLE_CONTROLS
from app.url_state.state import parse, to_query
from app.url_state.url_parameters import FIELDS, THEMES
from losses.core.messages import format_number

PATH: Final = Path(__file__).parents[1] / "tests" / "links.tsv"
RELEASED: Final = PATH.with_name("links_released.tsv")
"""The list as it was at the last release, whose links keep their meaning; there is none before the first."""
KEYS: Final = tuple(field.key for field in FIELDS)
HEAD: Final = """\
# Links and their meaning, separated by tabs: the link, its whole state, the loss at its step.
# Written by `make generate`, which also adds a row for each registry entry, setting and key of a link that \
has none.
"""
VALUES: Final[Mapping[str, Iterable[str]]] = {
    "s": tuple(LESSONS),
    "loss": tuple(LOSS_CHOICES),
    "data": tuple(DATA_CHOICES),
    "model": tuple(losses.MODELS),
    "opt": tuple(losses.OPTIMIZERS),
    "schedule": tuple(losses.SCHEDULES),
    "plane": tuple(PLANES),
    "view": tuple(DETAIL_VIEWS),
    "hide": tuple(HIDEABLE_CONTROLS),
    "theme": tuple(THEMES),
    "vs": ("mae", "norris", RAW, STANDARDIZED),
    "race": tuple(key for key in losses.OPTIMIZERS if key != "gd"),
}
"""The values of each key that has a list of them; every value must occur in a row."""
OWNERS: Final[dict[str, Mapping[str, Any]]] = {
    "data": losses.DATASETS,
    "model": losses.MODELS,
    "loss": losses.LOSSES,
    "opt": losses.OPTIMIZERS,
}
"""The registries whose entries have settings, by the key of links that selects an entry."""

Pairs = dict[str, str]


class Row(NamedTuple):
    """A link, its state with every key, and the loss at its step as the page shows it."""

    link: str
    state: str
    loss: str


def read_rows(path: Path = PATH) -> list[Row]:
    """Return the rows of a list as they are stored; none if it does not exist."""
    lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    return [Row(*line.split("\t")) for line in lines if not line.startswith("#")]


def write_rows(rows: Iterable[Row]) -> None:
    """Store the list."""
    PATH.write_text(HEAD + "".join("\t".join(row) + "\n" for row in rows), encoding="utf-8")


def freeze() -> None:
    """Make the current list the one of the release, after which its links keep their meaning."""
    RELEASED.write_bytes(PATH.read_bytes())


def broken_promises() -> list[str]:
    """Return a line for each link of the last release whose meaning is now another one."""
    current = {row.link: row for row in read_rows()}
    lines = []
    for old in read_rows(RELEASED):
        new = current.get(old.link)
        differences = changes(old, new) if new else ["it is no longer listed"]
        lines += [f"released, keep its meaning: {old.link}: {'; '.join(differences)}"] if differences else []
    return lines


def current_row(link: str) -> Row:
    """Return a link with its current meaning. Raises ValueError if the page would show a notice."""
    state, notices = parse(link)
    if notices:
        raise ValueError(f"{link}: {' '.join(notices)}")
    run = state.descend()
    return Row(
        link, to_query(state, keep=KEYS), format_number(float(run.loss[min(state.step, len(run.loss) - 1)]))
    )


def query_values(query: str) -> Pairs:
    """Return the keys and values of a query."""
    return dict(parse_qsl(query.removeprefix("?"), keep_blank_values=True))


def changes(old: Row, new: Row) -> list[str]:
    """Return a line for each key of ``old`` whose value has changed in ``new``, and one for the loss."""
    was, now = query_values(old.state), query_values(new.state)
    lines = [f"{key}={was[key]} is now {key}={now.get(key)}" for key in was if now.get(key) != was[key]]
    return lines + ([f"loss {old.loss} is now {new.loss}"] if old.loss != new.loss else [])


def generate() -> tuple[list[Row], list[str]]:
    """Return the list as it should be, and a line for each difference from the stored one."""
    rows, differences = [], []
    for old in read_rows():
        try:
            new = current_row(old.link)
        except ValueError as error:
            rows.append(old)
            differences.append(f"no longer valid, delete it or repair the link: {error}")
            continue
        lines = changes(old, new)
        rows.append(new if lines else old)
        differences += [f"{old.link or 'the first screen'}: {'; '.join(lines)}"] if lines else []
    for need, candidates, accepts in missing(rows):
        link = next((link for link in candidates if _accepted(link, accepts)), None)
        if link is None:
            differences.append(f"no link found for {need}; add one: python -m tools.links '?…'")
        elif link not in {row.link for row in rows}:
            rows.append(current_row(link))
            differences.append(f"{link} is new, for {need}")
    return rows, differences


def _accepted(link: str, accepts: Callable[[Pairs], bool]) -> bool:
    state, notices = parse(link)
    return not notices and accepts(query_values(to_query(state, keep=KEYS)))


Need = tuple[str, Iterator[str], Callable[[Pairs], bool]]
"""What has no row yet, links to try for it, and whether the state of a link is one for it."""


def missing(rows: list[Row]) -> Iterator[Need]:
    """Yield what has no row: values, answers to lessons, settings of entries, keys.

    The caller may append to ``rows`` meanwhile, because a row added for an entry may also have a missing key.
    """
    states = [query_values(row.state) for row in rows]
    for key, values in VALUES.items():
        known = {value for state in states for value in state.get(key, "").split(",")}
        for value in sorted(set(values) - known):
            yield f"{key}={value}", _in_contexts(f"{key}={value}"), _is(key, value)
    for lesson in LESSONS:
        if not any(state["s"] == lesson and state["a"] for state in states):
            answers = (f"?s={lesson}&a={answer}" for answer in (*range(10), "0.5,0.5"))
            yield f"an answer to s={lesson}", answers, lambda state: bool(state["a"])
    for owner, registry in OWNERS.items():
        for entry, setting in ((e, s) for e in registry.values() for s in e.settings):
            accepts = _is_other(owner, entry.key, setting)
            if not any(map(accepts, states)):
                candidates = product(_in_contexts(f"{owner}={entry.key}"), _other_values(setting))
                links = (f"{link}&{setting.name}={value}" for link, value in candidates)
                yield f"{setting.name} of {owner}={entry.key}", links, accepts
    states = [query_values(row.state) for row in rows]
    explicit = {key for row in rows for key in query_values(row.link)}
    default = query_values(to_query(parse("")[0], keep=KEYS))
    for key in KEYS:
        if key not in explicit or len({state.get(key) for state in states}) < 2:
            links = (link for value in (1, 0, 2, "0.5", "0.5,0.5") for link in _in_contexts(f"{key}={value}"))
            yield f"the key {key}", links, _is_not(key, default.get(key))


def _is_not(key: str, value: str | None) -> Callable[[Pairs], bool]:
    return lambda state: state.get(key) != value


def _is(key: str, value: str) -> Callable[[Pairs], bool]:
    return lambda state: value in state.get(key, "").split(",")


def _is_other(owner: str, entry: str, setting: losses.Setting) -> Callable[[Pairs], bool]:
    """Return a test whether a state has the entry with a value of the setting other than the default."""
    return lambda state: (
        state.get(owner) == entry and float(state.get(setting.name, setting.default)) != setting.default
    )


def _other_values(setting: losses.Setting) -> list[str]:
    candidates = (setting.default / 2, 2 * setting.default, setting.high, setting.low)
    values = [float(f"{round(value) if setting.whole else value:.3g}") for value in candidates]
    return [
        f"{value:g}" for value in values if setting.low <= value <= setting.high and value != setting.default
    ]


def _in_contexts(part: str) -> Iterator[str]:
    """Yield links with ``part``: alone, then with each dataset, then also with each model and loss."""
    fixed = query_values(part)
    yield f"?{part}"
    for keys in (("data",), ("data", "model"), ("data", "model", "loss")):
        free = [key for key in keys if key not in fixed]
        for values in product(*(VALUES[key] for key in free)):
            context = "".join(f"{key}={value}&" for key, value in zip(free, values, strict=True))
            yield f"?{context}{part}"


def add(links: Iterable[str]) -> None:
    """Add links with their current meaning; rows of links that are listed already are replaced."""
    rows = {row.link: row for row in read_rows()} | {link: current_row(link) for link in links}
    write_rows(rows.values())


if __name__ == "__main__":
    add(sys.argv[1:])
