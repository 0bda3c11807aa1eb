"""Links keep their meaning; ``tests/links.tsv`` lists them, and ``tests/test_generated.py`` compares the meaning."""

import pytest

import losses
from app.url_state.state import _parse_undragged, parse, parse_dragged, to_query
from tools.links import pairs, read_rows

ROWS = read_rows()


def test_no_link_is_listed_twice():
    links = [row.link for row in ROWS]
    assert len(links) == len(set(links))


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.link)
def test_a_link_is_valid_and_survives_being_written(row):
    state, notices = parse(row.link)
    assert notices == ()
    assert parse(to_query(state)) == (state, ())


def test_custom_data_occur_for_every_task():
    tasks = {pairs(row.link).get("points", "").split("_")[0] for row in ROWS}
    assert tasks >= set(losses.data.dataset.TASKS)


MOVES = (
    "start=0.31,-0.2&k=4",
    "start=0.32,-0.2&k=5",
    "k=9999&start=nan",
    "start=1,2&start=3,4&k=2&k=3",
    "k=",
    "k=2&start=1e12,0",
    "start=40,-30",
)


@pytest.fixture(scope="module")
def _empty_cache():
    """Drop states whose problems are no longer in the cache of problems."""
    _parse_undragged.cache_clear()


@pytest.mark.usefixtures("_empty_cache")
@pytest.mark.parametrize("link", [*(row.link for row in ROWS), "?race=adam&data=rosenbrock"])
def test_a_link_that_moves_is_read_as_any_other(link):
    for move in MOVES:
        for spelled in (f"{link}&{move}", f"?{move}&{link.removeprefix('?')}"):
            quickly, carefully = parse_dragged(spelled), parse(spelled)[0]
            assert quickly == carefully
            assert to_query(quickly) == to_query(carefully)
            assert quickly.problem is carefully.problem
