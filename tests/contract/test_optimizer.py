"""The page works with an optimizer that the catalogue does not have."""

import pytest

import losses
from app.url_state.state import parse
from app.url_state.url_parameters import FIELDS_BY_KEY
from tests.support.documented import LION
from tests.support.foreign_entries import OPTIMIZER
from tests.support.pages import PARTS, Pages, check_scene
from tests.support.registries import registered


@pytest.fixture(scope="module")
def pages():
    with registered(losses.OPTIMIZERS, OPTIMIZER):
        yield Pages()


def test_an_entry_exists_only_while_it_is_registered():
    assert "offset" not in FIELDS_BY_KEY
    with registered(losses.OPTIMIZERS, OPTIMIZER):
        assert parse("?opt=zeiler&offset=0.1")[1] == ()
    assert "offset" not in FIELDS_BY_KEY
    assert parse("?opt=zeiler")[1]


@pytest.mark.parametrize("part", PARTS)
@pytest.mark.parametrize(
    "query",
    [
        "?opt=zeiler&rate=0.5&steps=12",
        "?opt=zeiler&rate=0.5&offset=0.1&alpha=0.5&steps=12",
        "?opt=zeiler&rate=0.5&schedule=cosine&steps=12",
        "?data=rosenbrock&opt=zeiler&rate=0.5&steps=12",
        "?data=himmelblau&opt=zeiler&rate=0.5&basins=1&steps=12",
        "?data=iris&opt=zeiler&rate=0.5&steps=6",
        "?opt=zeiler&rate=0.5&vs=mae&steps=12",
        "?race=zeiler:offset=0.1,adam&steps=12",
        "?opt=zeiler&race=adam,momentum&fair=0&rate=0.5&steps=12",
        "?opt=zeiler&rate=0.5&ghost=0.1,1,1&steps=12",
    ],
)
def test_every_view_preview_and_export_is_rendered(pages, query, part):
    pages.request(query, part)


def test_the_step_table_shows_its_memory(pages):
    scene = pages.first_scene("?opt=zeiler&rate=0.5&view=step&steps=4")
    lines = [line for block in scene["run"]["tables"][2]["blocks"] for line in block["lines"]]
    assert {line[0]["text"] for line in lines} >= {"s", "u"}


def test_menus_offer_it_with_its_settings(pages):
    text = str(pages.first_scene("?opt=zeiler")["controls"])
    assert OPTIMIZER.when in text
    assert "'offset'" in text
    assert OPTIMIZER.formula in pages.json("/formulas")
    assert pages.change("?", opt="zeiler")
    assert pages.change("?", race="zeiler")


@pytest.mark.parametrize("key", losses.OPTIMIZERS)
def test_every_optimizer_of_the_catalogue_has_a_step_table(pages, key):
    for view in ("step", "race", "rates"):
        check_scene(pages.first_scene(f"?opt={key}&view={view}&steps=5"), view)


@pytest.mark.slow
def test_the_optimizer_of_the_documents_works_everywhere():
    with registered(losses.OPTIMIZERS, LION):
        pages = Pages()
        for query in (
            "?opt=documented&steps=12",
            "?opt=documented&beta1=0.5&vs=mae&steps=6",
            "?race=documented,adam&steps=12",
        ):
            pages.request_all(query)
        scene = pages.first_scene("?opt=documented&view=step&steps=4")
        lines = [line for block in scene["run"]["tables"][2]["blocks"] for line in block["lines"]]
        assert {line[0]["text"] for line in lines} >= {"c", "m"}
