"""Old links mean what they meant; ``tests/links.tsv`` is the list of them, which never shrinks."""

import pytest

import losses
from app import own_data
from app.comparable import RAW, STANDARDIZED
from app.fields import THEMES
from app.figures.details import DETAILS
from app.lessons import LESSONS
from app.own import HIDEABLE
from app.problems import CHOICES_OF_DATA, CHOICES_OF_LOSS, PLANES
from app.state import moved, parse, to_query
from tools.links import KEYS, corpus, meant, pairs

CORPUS = corpus()
RELEASED = 284
"""So many links there were with the last release; raise it with every release, and never lower it."""
WORDS = {
    "s": LESSONS,
    "loss": CHOICES_OF_LOSS,
    "data": CHOICES_OF_DATA,
    "model": losses.MODELS,
    "opt": losses.OPTIMIZERS,
    "schedule": losses.SCHEDULES,
    "plane": PLANES,
    "view": DETAILS,
    "hide": HIDEABLE,
    "theme": THEMES,
    "vs": ("mae", "norris", RAW, STANDARDIZED),
    "race": [key for key in losses.OPTIMIZERS if key != "gd"],
}
"""What each key of a link can say where that is a list."""


@pytest.mark.parametrize("old", CORPUS, ids=lambda old: old.link)
def test_an_old_link_means_what_it_meant(old):
    now = meant(old.link)
    assert pairs(now.state).items() >= pairs(old.state).items()
    assert now.loss == old.loss
    state, _ = parse(old.link)
    assert parse(to_query(state)) == (state, ())


def test_the_list_never_shrinks():
    links = [old.link for old in CORPUS]
    assert len(links) == len(set(links))
    assert len(links) >= RELEASED


def test_every_key_of_a_link_occurs_with_and_without_its_default():
    asked = {key for old in CORPUS for key in pairs(old.link)}
    assert asked == set(KEYS), "a new key needs a link: python -m tools.links"
    for key in KEYS:
        assert len({pairs(old.state).get(key) for old in CORPUS}) > 1, key


@pytest.mark.parametrize("key", WORDS)
def test_every_word_occurs(key):
    said = {word for old in CORPUS for word in pairs(old.state).get(key, "").split(",")}
    missing = set(WORDS[key]) - said
    assert not missing, f"{key}={missing} needs a link: python -m tools.links '?{key}={min(missing)}'"


def test_every_lesson_occurs_with_and_without_an_answer():
    found = {(pairs(old.state)["s"], bool(pairs(old.state)["a"])) for old in CORPUS}
    assert found >= {(key, told) for key in LESSONS for told in (False, True)}


def test_data_of_ones_own_occur_for_every_task():
    said = {pairs(old.link).get("points", "").split("_")[0] for old in CORPUS}
    assert said >= set(losses.dataset.TASKS)
    assert own_data.OWN in WORDS["data"]


MOVES = (
    "start=0.31,-0.2&k=4",
    "start=0.32,-0.2&k=5",
    "k=9999&start=nan",
    "start=1,2&start=3,4&k=2&k=3",
    "k=",
    "k=2&start=1e12,0",
    "start=40,-30",
)


@pytest.mark.parametrize("link", [*(each.link for each in CORPUS), "?race=adam&data=rosenbrock"])
def test_a_link_that_moves_is_read_as_any_other(link):
    for move in MOVES:
        for spelled in (f"{link}&{move}", f"?{move}&{link.removeprefix('?')}"):
            quickly, carefully = moved(spelled), parse(spelled)[0]
            assert quickly == carefully
            assert to_query(quickly) == to_query(carefully)
            assert quickly.problem is carefully.problem
