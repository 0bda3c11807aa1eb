import pytest

import losses
from app.api.menu_formulas import menu_formulas
from app.controls.control_set import ControlSet
from app.experiment.run import prepare
from app.problem_setup.registry import SUBJECTS
from app.url_state.state import parse


def of(link):
    state, _ = parse(link)
    here = prepare(state)
    return state, ControlSet(state, here.certificate, here.surface.plane).to_json(state.rate)


def menus(link):
    return {part["key"]: part for part in of(link)[1]["sentence"]["figure"] if isinstance(part, dict)}


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


@pytest.mark.parametrize("link", ["", "?data=spam", "?data=iris"])
def test_the_formula_of_every_choice_can_be_asked_for(link):
    for option in (*menus(link)["loss"]["options"], *menus(link)["opt"]["options"]):
        assert menu_formulas()[option["tex"]].startswith("<math")


def test_a_formula_of_ones_own_comes_with_its_menu():
    option = menus("?loss=own&formula=r**4")["loss"]["options"][-1]
    assert option["tex"] not in menu_formulas()
    assert option["mathml"].startswith("<math")


@pytest.mark.parametrize(
    "link", [*(f"data={key}" for key in SUBJECTS), "race=adam,momentum&view=race", "vs=mae"]
)
def test_rate_start_and_step_do_not_change_the_sentence(link):
    """Else the browser would keep one that is no longer true."""
    low, high = parse(f"?{link}")[0].view_plane.plane.box
    moved = f"{low[0] * 0.7 + low[1] * 0.3:.6g},{high[0] * 0.7 + high[1] * 0.3:.6g}"
    (_, first), (_, second) = of(f"?{link}"), of(f"?{link}&rate=0.0123&start={moved}&k=3&theme=dark")
    assert first["sentence"] == second["sentence"]


def test_a_sentence_that_is_known_is_only_named():
    state, first = of("")
    name = first["sentence"]["name"]
    again = ControlSet(state, prepare(state).certificate, state.view_plane.plane).to_json(state.rate, (name,))
    assert again["sentence"] == {"name": name, "figure": None}
    assert of("?loss=mae")[1]["sentence"]["name"] != name


def test_newtons_rate_is_a_share_of_the_whole_step():
    for link in ("?opt=newton", "?data=norris&standardize=0&opt=newton&rate=1"):
        rate = of(link)[1]["sliders"][0]
        assert [mark["text"] for mark in rate["marks"]] == ["best 1", "limit 2"]
        assert rate["note"] == "for this bowl"
        assert rate["high"] == 4
    assert of("?opt=newton&data=rosenbrock")[1]["sliders"][0]["note"] == "local, at the optimum"
    assert of("?opt=newton&loss=mae")[1]["sliders"][0]["marks"] == []


def test_the_slider_of_a_rate_that_is_a_length_fits_the_window():
    rate = of("?data=norris&standardize=0&opt=adam&rate=0.1")[1]["sliders"][0]
    assert rate["low"] < 0.01
    assert rate["high"] > 1
