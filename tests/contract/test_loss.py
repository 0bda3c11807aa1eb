"""The page works with a loss that the catalogue does not have."""

import csv
import io

import numpy as np
import pytest

import losses
from app.problem_setup.registry import LOSS_CHOICES
from app.url_state.state import apply_changes, parse, to_query
from app.url_state.url_parameters import FIELDS
from tests.support.foreign_entries import LOSS
from tests.support.pages import PARTS, Pages, check_scene
from tests.support.registries import registered


@pytest.fixture(scope="module")
def pages():
    with registered(losses.LOSSES, LOSS):
        yield Pages()


def test_an_entry_exists_only_while_it_is_registered():
    assert LOSS.key not in losses.LOSSES
    assert "spread" not in [field.key for field in FIELDS]
    with registered(losses.LOSSES, LOSS):
        assert "spread" in [field.key for field in FIELDS]
        assert LOSS_CHOICES[LOSS.key] is LOSS
        state, notices = parse("?loss=foreign_loss&spread=2")
        assert (notices, to_query(state)) == ((), "?loss=foreign_loss&spread=2")
    assert LOSS.key not in LOSS_CHOICES
    assert parse("?loss=foreign_loss&spread=2")[0] == parse("")[0]


@pytest.mark.parametrize("part", PARTS)
@pytest.mark.parametrize(
    "query",
    [
        "?loss=foreign_loss&steps=12",
        "?loss=foreign_loss&spread=0.5&steps=12&l2=0.1",
        "?data=spam&loss=foreign_loss&steps=12",
        "?data=houses&model=neuron&loss=foreign_loss&steps=6",
        "?loss=foreign_loss&vs=mse&steps=12",
        "?loss=mse&vs=foreign_loss&steps=12",
        "?loss=foreign_loss&race=adam,momentum&fair=1&steps=12",
    ],
)
def test_every_view_preview_and_export_is_rendered(pages, query, part):
    pages.request(query, part)


def test_menus_offer_it_with_its_setting(pages):
    scene = pages.first_scene("?loss=foreign_loss")
    text = str(scene["controls"])
    assert LOSS.when in text
    assert "scale c" in text
    assert LOSS.formula in pages.json("/formulas")
    changed = pages.change("?", loss="foreign_loss")
    assert "loss=foreign_loss" in str(changed)
    assert apply_changes("?loss=foreign_loss&spread=2", {"spread": "3"})[0].values["spread"] == 3.0


def test_it_is_compared_with_each_loss_that_fits(pages):
    data, model = losses.DATASETS["houses"], losses.MODELS["line"]
    for key in losses.allowed_losses(data, model):
        if key != LOSS.key:
            check_scene(pages.first_scene(f"?loss=foreign_loss&vs={key}&view=lens&steps=8"))


def test_the_exported_path_has_the_parameters_of_the_run(pages):
    exports = pages.exports("?loss=foreign_loss&steps=12")
    rows = list(csv.reader(io.StringIO(exports["path.csv"])))[1:]
    run = losses.descend(losses.problem("houses", "line", LOSS, standardize=True), "gd", rate=0.01, steps=1)
    assert np.isfinite([[float(cell) for cell in row] for row in rows]).all()
    assert len(rows[0]) == 2 + 2 * run.theta.shape[1]


@pytest.mark.parametrize("key", losses.LOSSES)
def test_every_loss_of_the_catalogue_has_a_page(pages, key):
    loss = losses.LOSSES[key]
    data = {"regression": "houses", "binary": "spam", "multiclass": "iris"}[loss.tasks[0]]
    for view in ("lens", "step", "known", "shares"):
        check_scene(pages.first_scene(f"?data={data}&loss={key}&view={view}&steps=5"), view)
