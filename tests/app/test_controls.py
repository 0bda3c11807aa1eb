import pytest

import losses
from app.controls import controls
from app.ground import ground
from app.state import parse


def of(link):
    state, _ = parse(link)
    here = ground(state)
    return state, controls(state, here.best, here.surface.plane)


def menus(link):
    return {part["key"]: part for part in of(link)[1]["sentence"] if isinstance(part, dict)}


def test_the_menus_are_the_registries():
    here = menus("")
    assert [o["value"] for o in here["data"]["options"]] == [*losses.DATASETS, *losses.TEST_FUNCTIONS]
    assert [o["value"] for o in here["opt"]["options"]] == list(losses.OPTIMIZERS)
    offered = losses.allowed_losses(losses.DATASETS["houses"], "line")
    assert [o["value"] for o in here["loss"]["options"]] == [*offered, "own"]


def test_what_does_not_fit_is_not_offered():
    assert "bce" not in [o["value"] for o in menus("")["loss"]["options"]]
    assert "huber" not in [o["value"] for o in menus("?data=spam")["loss"]["options"]]


@pytest.mark.parametrize("link", ["", "?data=norris&standardize=0", "?data=spam", "?rate=50", "?start=40,1"])
def test_sliders_hold_their_values_and_marks(link):
    _, all_ = of(link)
    for slider in all_["sliders"]:
        assert slider["low"] <= slider["value"] <= slider["high"]
        for mark in slider.get("marks", ()):
            assert 0 < mark["at"] < 1


def test_marks_are_the_certificate():
    state, all_ = of("")
    rate = all_["sliders"][0]
    assert [mark["text"] for mark in rate["marks"] if mark["text"]] == ["best 0.5", "limit 1"]
    assert rate["note"] == "for this bowl"
    assert of("?loss=mae")[1]["sliders"][0]["marks"] == []


def test_made_up_data_have_a_seed_and_real_data_have_not():
    assert "seed" in [s["key"] for s in menus("")["data"]["settings"]]
    assert "seed" not in [s["key"] for s in menus("?data=norris")["data"]["settings"]]


def test_one_over_l_has_a_mark_where_it_is_not_the_best():
    ravine = of("?data=ravine")[1]["sliders"][0]["marks"]
    assert [mark.get("title", mark["text"]) for mark in ravine] == ["1/L 0.02", "best 0.039", "limit 0.04"]


def test_formulas_are_typeset():
    for option in (*menus("")["loss"]["options"], *menus("")["opt"]["options"]):
        assert option["formula"].startswith("<math")
