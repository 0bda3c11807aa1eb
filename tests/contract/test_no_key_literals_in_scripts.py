"""No script of the browser knows an entry of a registry by its key."""

import re
from pathlib import Path

import pytest

import losses
from app.figures.views.data_card_views import DATA_VIEWS
from app.figures.views.detail_card_views import DETAIL_VIEWS
from app.lessons import LESSONS

ROOT = Path(__file__).parents[2]
REGISTRIES = (
    losses.LOSSES,
    losses.MODELS,
    losses.DATASETS,
    losses.TEST_FUNCTIONS,
    losses.OPTIMIZERS,
    losses.SCHEDULES,
    LESSONS,
    DETAIL_VIEWS,
    DATA_VIEWS,
)
KEYS = frozenset(key for registry in REGISTRIES for key in registry)
OTHER_MEANINGS = frozenset({"digits", "formula", "line", "linear", "sheet", "step"})
"""Keys that are also words of the page, of Plotly or of CSS."""


def key_literals(source: str) -> list[str]:
    """List the string literals and object keys of a script that are keys of entries."""
    code = re.sub(r"//[^\n]*|/\*.*?\*/", "", source, flags=re.S)
    words = re.findall(r'"([a-z]\w*)"', code) + re.findall(r"^\s*([a-z]\w*): (?:\{|\()", code, re.M)
    return [word for word in words if word in KEYS - OTHER_MEANINGS]


def test_no_script_knows_an_entry_by_its_key():
    found = {path.name: key_literals(path.read_text("utf-8")) for path in (ROOT / "assets/js").rglob("*.mjs")}
    assert {name: literals for name, literals in found.items() if literals} == {}
    assert len(found) > 50


@pytest.mark.parametrize(
    "source",
    ['if (name === "race") return;', "const ACTIONS = {\n  rates: {\n  },\n};", 'x({ opt: "momentum" })'],
)
def test_a_planted_key_is_found(source):
    assert key_literals(source)


def test_comments_are_no_code():
    assert key_literals('// the "race"\n/* of "adam" */') == []
