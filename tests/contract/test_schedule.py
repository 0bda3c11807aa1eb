"""The page works with a schedule that the catalogue does not have."""

import pytest

import losses
from app.url_state.state import parse
from tests.support.foreign_entries import SCHEDULE
from tests.support.pages import PARTS, Pages
from tests.support.registries import registered


@pytest.fixture(scope="module")
def pages():
    with registered(losses.SCHEDULES, SCHEDULE):
        yield Pages()


def test_an_entry_exists_only_while_it_is_registered():
    with registered(losses.SCHEDULES, SCHEDULE):
        assert parse("?schedule=foreign_schedule")[1] == ()
    assert parse("?schedule=foreign_schedule")[1]


@pytest.mark.parametrize("part", PARTS)
@pytest.mark.parametrize(
    "query",
    [
        "?schedule=foreign_schedule&steps=12",
        "?schedule=foreign_schedule&opt=adam&rate=0.5&steps=12",
        "?schedule=foreign_schedule&race=adam&steps=12",
        "?schedule=foreign_schedule&vs=mae&steps=12",
    ],
)
def test_every_view_preview_and_export_is_rendered(pages, query, part):
    pages.request(query, part)
    assert SCHEDULE.name in str(pages.first_scene(query)["controls"])
