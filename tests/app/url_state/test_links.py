"""The links of ``tests/links.tsv`` are valid, and leaf keys need no other field to be resolved again.

``tests/test_generated.py`` compares the states of these links with those on record.
"""

from contextlib import contextmanager
from urllib.parse import urlencode

import pytest

import losses
from app.url_state import state as state_module
from app.url_state.resolver import FieldResolver, default_value
from app.url_state.state import apply_changes, parse, to_query
from app.url_state.url_parameters import FIELDS_BY_KEY, LEAF_KEYS
from tools import links
from tools.links import query_values, read_rows

ROWS = read_rows()


def test_no_link_is_listed_twice():
    listed = [row.link for row in ROWS]
    assert len(listed) == len(set(listed))


@pytest.mark.slow
def test_a_listed_link_gives_no_notice_and_round_trips():
    for row in ROWS:
        state, notices = parse(row.link)
        assert notices == (), row.link
        assert parse(to_query(state)) == (state, ()), row.link


def test_the_list_has_custom_data_for_every_task():
    tasks = {query_values(row.link).get("points", "").split("_")[0] for row in ROWS}
    assert tasks >= set(losses.data.dataset.TASKS)


def test_released_links_keep_their_meaning():
    assert links.broken_promises() == []


def test_a_changed_meaning_of_a_released_link_is_found(monkeypatch, tmp_path):
    monkeypatch.setattr(links, "RELEASED", tmp_path / "released.tsv")
    links.freeze()
    assert links.broken_promises() == []
    text = (
        links.RELEASED.read_text().replace("\t?s=&a=&loss=mse", "\t?s=&a=&loss=mae", 1) + "?gone=1\t?k=0\t1\n"
    )
    links.RELEASED.write_text(text)
    changed, gone = links.broken_promises()
    assert "loss=mae is now loss=mse" in changed
    assert gone == "released, keep its meaning: ?gone=1: it is no longer listed"


LEAF_CHANGES = (
    {"rate": "0.0731"},
    {"rate": "−3"},
    {"rate": "x", "k": "2"},
    {"start": "0.31,-0.2", "k": "4"},
    {"start": "nan", "k": "9999"},
    {"start": "1e12,0"},
    {"start": "40,-30", "k": ""},
    {"ghost": "0.1,0.3,0.4"},
    {"basins": "1", "fog": "1"},
    {"view": "step", "theme": "dark"},
    {"view": "betas", "basins": "2"},
    {"hide": "rate,k", "lang": "es"},
    {"embed": "1", "ghost": "", "hide": "nothing"},
)
ALL_LINKS = [*(row.link for row in ROWS), "?race=adam&data=rosenbrock"]
PART_COUNT = 4
PARTS = [0, *(pytest.param(part, marks=pytest.mark.thorough) for part in range(1, PART_COUNT))]


def links_of(part, change):
    """Return a part of the links for a change of leaf keys: each link is in part 0 of some changes."""
    return ALL_LINKS[(part + LEAF_CHANGES.index(change)) % PART_COUNT :: PART_COUNT]


@contextmanager
def every_field_resolved(monkeypatch):
    """Let ``parse`` and ``apply_changes`` resolve every field, without the shortcut for leaf keys."""
    with monkeypatch.context() as patch:
        patch.setattr(state_module, "LEAF_KEYS", {})
        yield


def comparable(result):
    """Return a state, its link, its defaults and its notices; ``==`` of states ignores their defaults."""
    state, notices = result
    return state, to_query(state), state.defaults, notices


@pytest.mark.parametrize("part", PARTS)
@pytest.mark.parametrize("change", LEAF_CHANGES, ids=str)
def test_parsing_leaf_keys_on_a_cached_state_equals_resolving_every_field(change, part, monkeypatch):
    for link in links_of(part, change):
        for query in (f"{link}&{urlencode(change)}", f"?{urlencode(change)}&{link.removeprefix('?')}"):
            with_leaves = parse(query)
            with every_field_resolved(monkeypatch):
                in_full = parse(query)
            assert comparable(with_leaves) == comparable(in_full), query
            assert with_leaves[0].problem is in_full[0].problem, query


@pytest.mark.parametrize("part", PARTS)
@pytest.mark.parametrize("change", LEAF_CHANGES, ids=str)
def test_changing_leaf_keys_equals_resolving_every_field(change, part, monkeypatch):
    for link in links_of(part, change):
        with_leaves = apply_changes(link, change)
        with every_field_resolved(monkeypatch):
            in_full = apply_changes(link, change)
        assert comparable(with_leaves) == comparable(in_full), link
        assert with_leaves[0].problem is in_full[0].problem, link


class RecordingResolver(FieldResolver):
    """Record which leaf keys other fields read while they are resolved, as pairs ``(field, leaf key)``."""

    def __init__(self, texts):
        super().__init__(texts)
        self.resolving, self.read = [], set()

    def __getitem__(self, key):
        if key in LEAF_KEYS and self.resolving and self.resolving[-1] != key:
            self.read.add((self.resolving[-1], key))
        return super().__getitem__(key)

    def __missing__(self, key):
        self.resolving.append(key)
        try:
            return super().__missing__(key)
        finally:
            self.resolving.pop()


@pytest.mark.slow
def test_no_field_depends_on_a_leaf_key_without_a_race():
    for row in ROWS:
        resolver = RecordingResolver(query_values(row.link))
        if resolver["race"]:
            continue
        for key, field in FIELDS_BY_KEY.items():
            assert resolver[key] is not ...
            resolver.resolving.append(key)
            default_value(field, resolver)
            resolver.resolving.pop()
        assert resolver.read == set()


def test_no_change_of_a_leaf_key_resets_another():
    assert not {key for field in FIELDS_BY_KEY.values() for key in field.reset_by} & set(LEAF_KEYS)
    assert {"rate", "start", "k"} <= set(LEAF_KEYS)
