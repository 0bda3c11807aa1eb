"""The page works with a test function that the catalogue does not have."""

import pytest

import losses
from app.problem_setup.registry import SUBJECTS
from app.url_state.state import parse
from tests.support.foreign_entries import TEST_FUNCTION
from tests.support.pages import PARTS, Pages, check_scene
from tests.support.registries import registered


@pytest.fixture(scope="module")
def pages():
    with registered(losses.TEST_FUNCTIONS, TEST_FUNCTION):
        yield Pages()


def test_an_entry_exists_only_while_it_is_registered():
    with registered(losses.TEST_FUNCTIONS, TEST_FUNCTION):
        assert SUBJECTS[TEST_FUNCTION.key] is TEST_FUNCTION
        assert losses.test_function(TEST_FUNCTION.key) is TEST_FUNCTION
    assert TEST_FUNCTION.key not in SUBJECTS
    assert parse("?data=foreign_function")[1]


@pytest.mark.parametrize("part", PARTS)
@pytest.mark.parametrize(
    "query",
    [
        "?data=foreign_function&steps=12",
        "?data=foreign_function&opt=newton&rate=0.5&steps=8",
        "?data=foreign_function&opt=adam&rate=0.3&schedule=cosine&steps=12",
        "?data=foreign_function&race=adam,momentum&steps=12",
        "?data=foreign_function&basins=1&steps=12",
        "?data=foreign_function&ghost=0.01,1,1&steps=12",
    ],
)
def test_every_view_preview_and_export_is_rendered(pages, query, part):
    pages.request(query, part)


def test_menus_and_texts_use_its_name(pages):
    scene = pages.first_scene("?data=foreign_function&view=known")
    assert TEST_FUNCTION.name in scene["title"]
    assert TEST_FUNCTION.formula in scene["altTexts"]["data"]
    assert TEST_FUNCTION.when in str(scene["controls"])
    assert pages.change("?", data="foreign_function")


@pytest.mark.parametrize("key", losses.TEST_FUNCTIONS)
def test_every_test_function_of_the_catalogue_has_a_page(pages, key):
    for view in ("curve", "step", "known", "race"):
        check_scene(pages.first_scene(f"?data={key}&view={view}&steps=5"), view)
