"""The page works with a dataset that the catalogue does not have."""

import pytest

import losses
from app.problem_setup.registry import DATA_CHOICES, SUBJECTS
from app.url_state.state import apply_changes, parse, to_query
from app.url_state.url_parameters import FIELDS_BY_KEY
from tests.support.foreign_entries import DATASET
from tests.support.pages import PARTS, Pages, check_scene
from tests.support.registries import registered


@pytest.fixture(scope="module")
def pages():
    with registered(losses.DATASETS, DATASET):
        yield Pages()


def test_an_entry_exists_only_while_it_is_registered():
    assert DATASET.key not in SUBJECTS
    with registered(losses.DATASETS, DATASET):
        assert SUBJECTS[DATASET.key] is DATA_CHOICES[DATASET.key] is DATASET
        assert "mixture" in FIELDS_BY_KEY["edit"].reset_by
        state, notices = parse("?data=tides&mixture=2&seed=3")
        assert (notices, to_query(state)) == ((), "?data=tides&mixture=2&seed=3")
        assert apply_changes("?data=tides&edit=3:1", {"mixture": "2"})[0].edit == ()
    assert DATASET.key not in SUBJECTS
    assert "mixture" not in FIELDS_BY_KEY


@pytest.mark.parametrize("part", PARTS)
@pytest.mark.parametrize(
    "query",
    [
        "?data=tides&steps=12",
        "?data=tides&mixture=0.2&seed=4&steps=12",
        "?data=tides&loss=mse&steps=12",
        "?data=tides&loss=zero_one&steps=5",
        "?data=tides&edit=3:1&steps=12",
        "?data=tides&model=mlp&steps=6",
        "?data=tides&vs=spam&steps=12",
        "?data=spam&vs=tides&steps=12",
        "?data=tides&vs=hinge&steps=12",
        "?data=tides&race=adam,newton&fair=0&rate=0.5&steps=12",
    ],
)
def test_every_view_preview_and_export_is_rendered(pages, query, part):
    pages.request(query, part)


def test_menus_and_texts_use_its_name(pages):
    scene = pages.first_scene("?data=tides")
    assert DATASET.name in scene["title"]
    assert DATASET.note in str(scene["controls"])
    assert "dry" in scene["altTexts"]["data"]
    assert scene["examples"]["classNames"] == ["dry", "wet"]
    assert "data=tides" in str(pages.change("?", data="tides"))


@pytest.mark.parametrize("key", losses.DATASETS)
def test_every_dataset_of_the_catalogue_has_a_page(pages, key):
    for view in ("curve", "step", "shares"):
        check_scene(pages.first_scene(f"?data={key}&view={view}&steps=3&k=1"), view)
