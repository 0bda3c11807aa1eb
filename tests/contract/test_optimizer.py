"""The page works with an optimizer that the catalogue does not have, whose memory is called ``u``."""

import numpy as np
import pytest

import losses
from app.url_state.state import parse
from app.url_state.url_parameters import FIELDS_BY_KEY
from losses.optimizer.base import MemoryArray
from tests.support.pages import Pages, check_scene
from tests.support.registries import registered


def _update(gradient, memory, rate, context, alpha, offset):
    """Adadelta (M. D. Zeiler, 2012), with means ``s`` of squared gradients and ``u`` of squared steps."""
    s, u = memory
    s = alpha * s + (1 - alpha) * gradient**2
    step = np.sqrt(u + offset) / np.sqrt(s + offset) * gradient
    return -rate * step, (s, alpha * u + (1 - alpha) * step**2)


OPTIMIZER = losses.Optimizer(
    key="zeiler",
    name="a foreign optimizer",
    when="A rate for each parameter from its own steps.",
    update=_update,
    settings=(
        losses.Setting("alpha", "memory", 0.9, 0.0, 0.999, symbol="ρ"),
        losses.Setting("offset", "offset", 1e-2, 1e-6, 1.0, symbol="ε"),
    ),
    memory=(MemoryArray("s"), MemoryArray("u")),
    rule=(
        "s = alpha * s_old + (1 - alpha) * g**2",
        "u = alpha * u_old + (1 - alpha) * (u_old + offset) / (s + offset) * g**2",
        "theta = theta_old - rate * sqrt(u_old + offset) / sqrt(s + offset) * g",
    ),
    rate_meaning="step_length",
)
"""Its last line uses the old ``u`` after the line that assigns the new one; ``offset`` is a setting of its own."""


@pytest.fixture(scope="module")
def pages():
    with registered(losses.OPTIMIZERS, OPTIMIZER):
        yield Pages()


def test_it_is_there_only_while_it_is_registered():
    assert "offset" not in FIELDS_BY_KEY
    with registered(losses.OPTIMIZERS, OPTIMIZER):
        assert parse("?opt=zeiler&offset=0.1")[1] == ()
    assert "offset" not in FIELDS_BY_KEY
    assert parse("?opt=zeiler")[1]


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
def test_every_view_preview_and_export(pages, query):
    pages.everything(query)


def test_step_table_shows_its_memory(pages):
    scene = pages.first_scene("?opt=zeiler&rate=0.5&view=step&steps=4")
    lines = [line for block in scene["run"]["tables"]["step"][2] for line in block["lines"]]
    assert {line[0]["text"] for line in lines} >= {"s", "u"}


def test_menus_offer_it_with_its_settings(pages):
    text = str(pages.first_scene("?opt=zeiler")["controls"])
    assert OPTIMIZER.when in text
    assert "'offset'" in text
    assert OPTIMIZER.formula in pages.json("/formulas")
    assert pages.change("?", opt="zeiler")
    assert pages.change("?", race="zeiler")


@pytest.mark.parametrize("key", losses.OPTIMIZERS)
def test_every_optimizer_of_the_catalogue_has_a_step_table(key):
    pages = Pages()
    for view in ("step", "race", "rates"):
        check_scene(pages.first_scene(f"?opt={key}&view={view}&steps=5"), view)
