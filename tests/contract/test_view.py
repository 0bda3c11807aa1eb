"""The page works with detail views and views of the data that the catalogues do not have."""

from dataclasses import replace
from itertools import product

import pytest

from app.figures.views.data_card_views import DATA_VIEWS
from app.figures.views.detail_card_views import DETAIL_VIEWS
from app.url_state.state import parse
from tests.support.documented import documented
from tests.support.foreign_entries import DATA_VIEW, TABLE, VIEW
from tests.support.pages import PARTS, Pages, check_scene
from tests.support.registries import registered
from tools.support.case_selection import covering

QUERIES = [
    "?steps=12",
    "?data=spam&steps=12",
    "?data=iris&steps=6",
    "?data=ravine&steps=12",
    "?vs=mae&steps=12",
    "?race=adam,momentum&steps=12",
    "?s=walk",
    "?s=walk&a=0",
]

GRADIENT_NORM = replace(documented("develop/adding-a-view.md", "GRADIENT_NORM"), key="documented")
"""The view of the page on adding one, under a key that it keeps free for those who try the page."""


@pytest.fixture(scope="module")
def pages():
    with registered(DETAIL_VIEWS, VIEW, TABLE, GRADIENT_NORM):
        yield Pages()


def test_an_entry_exists_only_while_it_is_registered():
    with registered(DETAIL_VIEWS, VIEW):
        assert parse("?view=norms")[1] == ()
    assert parse("?view=norms")[1]


@pytest.mark.parametrize(("query", "view"), covering(product(QUERIES, [VIEW, TABLE, GRADIENT_NORM])))
def test_it_is_shown_with_its_text_and_previews(pages, query, view):
    scene = pages.first_scene(f"{query}&view={view.key}")
    check_scene(scene)
    is_asking = scene["lesson"] and scene["lesson"]["asking"]
    assert scene["detail"]["view"] == ("curve" if is_asking else view.key)
    assert is_asking or view.name in scene["altTexts"]["detail"]
    preview = pages.json(f"/glimpse{query}&view={view.key}&k=1")
    assert is_asking or bool(preview["moment"]["table"]) == bool(view.tables)
    pages.json(f"/fan{query}&view={view.key}")
    pages.exports(f"{query}&view={view.key}")


def test_a_rate_preview_has_each_array_that_varies_whatever_its_name(pages):
    assert "norm_step" in pages.json("/fan?steps=12&view=norms")["arrays"]


def test_a_view_that_reveals_the_outcome_is_hidden_in_fog():
    with registered(DETAIL_VIEWS, replace(VIEW, key="ahead", reveals_outcome=True)):
        assert Pages().first_scene("?view=ahead&fog=1")["detail"]["view"] == "curve"


@pytest.mark.parametrize("part", PARTS)
@pytest.mark.parametrize("query", QUERIES)
def test_a_view_of_the_data_is_chosen_before_views_for_every_problem(query, part):
    with registered(DATA_VIEWS, DATA_VIEW, first=True):
        Pages().request(query, part)


FITTING = [
    (key, query)
    for query in QUERIES[:6]
    for key, view in DETAIL_VIEWS.items()
    if view.applies_to(parse(query)[0].problem)
]


@pytest.mark.parametrize(("key", "query"), covering(FITTING))
def test_every_view_of_the_catalogue_is_shown_where_it_fits(pages, key, query):
    check_scene(pages.first_scene(f"{query}&view={key}"), key)
