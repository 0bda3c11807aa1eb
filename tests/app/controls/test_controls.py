"""The controls of a state: menus, sliders with their marks, and the sentence that contains the menus."""

import pytest

import losses
from app.api.menu_formulas import menu_formulas
from app.controls.control_set import ControlSet
from app.experiment.prepared import prepare
from app.problem_setup.registry import SUBJECTS
from app.protocol.controls import NamedSentence
from app.url_state.state import parse
from tests.support.sent import sent


def state_and_controls(link):
    state, _ = parse(link)
    prepared = prepare(state)
    control_set = ControlSet(state, prepared.certificate, prepared.surface.plane)
    return state, sent(control_set.at_rate(state.rate))


def controls(link):
    return state_and_controls(link)[1]


def rate_slider(link):
    return controls(link)["sliders"][0]


def menus(link):
    """Return the menus of the sentence by link key."""
    return {part["key"]: part for part in controls(link)["sentence"]["parts"] if isinstance(part, dict)}


def option_values(menu):
    return [option["value"] for option in menu["options"]]


def test_the_menus_list_the_registries_in_order():
    by_key = menus("")
    assert option_values(by_key["data"]) == [*losses.DATASETS, *losses.TEST_FUNCTIONS]
    assert option_values(by_key["opt"]) == list(losses.OPTIMIZERS)
    allowed = losses.allowed_losses(losses.DATASETS["houses"], "line")
    assert option_values(by_key["loss"]) == [*allowed, "own"]


def test_an_incompatible_loss_is_not_offered():
    assert "bce" not in option_values(menus("")["loss"])
    assert "huber" not in option_values(menus("?data=spam")["loss"])


@pytest.mark.parametrize("link", ["", "?data=norris&standardize=0", "?data=spam", "?rate=50", "?start=40,1"])
def test_values_and_marks_lie_on_their_sliders(link):
    for slider in controls(link)["sliders"]:
        assert slider["low"] <= slider["value"] <= slider["high"]
        for mark in slider["marks"]:
            assert slider["low"] < mark["value"] < slider["high"]


def test_the_marks_of_the_rate_come_from_the_certificate():
    slider = rate_slider("")
    assert [mark["text"] for mark in slider["marks"] if mark["text"]] == ["best 0.5", "limit 1"]
    assert slider["note"] == "for this bowl"
    assert rate_slider("?loss=mae")["marks"] == []


def test_a_known_limit_beyond_the_slider_is_not_called_unknown():
    rows = "_".join(["1000,a", "2000,b", "3000,c", "1400,a", "2500,b", "3300,c", "1100,c"])
    link = f"?data=own&points=multiclass_x,k_{rows}&standardize=0&rate=0.5"
    state, _ = parse(link)
    slider = rate_slider(link)
    assert prepare(state).certificate.critical_rate < slider["low"]
    assert slider["marks"] == []
    assert slider["note"] == ""
    assert rate_slider("?loss=mae")["note"] == "no limit known"


def test_synthetic_data_have_a_seed_and_real_data_have_none():
    assert "seed" in [s["key"] for s in menus("")["data"]["settings"]]
    assert "seed" not in [s["key"] for s in menus("?data=norris")["data"]["settings"]]


def test_every_mark_of_the_rate_has_a_word():
    marks = rate_slider("?data=ravine")["marks"]
    assert [mark["text"] for mark in marks] == ["best 0.039", "limit 0.04"]


@pytest.mark.parametrize("link", ["", "?data=spam", "?data=iris"])
def test_the_formula_of_every_loss_and_optimizer_can_be_requested(link):
    for option in (*menus(link)["loss"]["options"], *menus(link)["opt"]["options"]):
        assert menu_formulas()[option["tex"]].startswith("<math")


def test_the_menu_contains_the_formula_of_a_custom_loss():
    option = menus("?loss=own&formula=r**4")["loss"]["options"][-1]
    assert option["tex"] not in menu_formulas()
    assert option["mathml"].startswith("<math")


@pytest.mark.parametrize(
    "link", [*(f"data={key}" for key in SUBJECTS), "race=adam,momentum&view=race", "vs=mae"]
)
def test_rate_start_and_step_do_not_change_the_sentence(link):
    """The browser keeps the sentence while these change; it must not go out of date."""
    low, high = parse(f"?{link}")[0].view_plane.plane.box
    moved = f"{low[0] * 0.7 + low[1] * 0.3:.6g},{high[0] * 0.7 + high[1] * 0.3:.6g}"
    changed = controls(f"?{link}&rate=0.0123&start={moved}&k=3&theme=dark")
    assert controls(f"?{link}")["sentence"] == changed["sentence"]


def test_a_sentence_that_the_browser_has_is_sent_as_its_name_only():
    state, original = state_and_controls("")
    name = original["sentence"]["name"]
    control_set = ControlSet(state, prepare(state).certificate, state.view_plane.plane)
    assert control_set.at_rate(state.rate, (name,)).sentence == NamedSentence(name=name, parts=None)
    assert controls("?loss=mae")["sentence"]["name"] != name


def test_the_rate_of_newtons_method_is_a_fraction_of_the_full_step():
    for link in ("?opt=newton", "?data=norris&standardize=0&opt=newton&rate=1"):
        slider = rate_slider(link)
        assert [mark["text"] for mark in slider["marks"]] == ["best 1", "limit 2"]
        assert slider["note"] == "for this bowl"
        assert slider["high"] == 4
    assert rate_slider("?opt=newton&data=rosenbrock")["note"] == "at the optimum"
    assert rate_slider("?opt=newton&loss=mae")["marks"] == []


def test_the_slider_of_a_rate_that_is_a_step_length_spans_the_scale_of_the_window():
    slider = rate_slider("?data=norris&standardize=0&opt=adam&rate=0.1")
    assert slider["low"] < 0.01
    assert slider["high"] > 1


@pytest.mark.parametrize(
    ("link", "note"),
    [
        ("?schedule=cosine", "at a constant rate"),
        ("?opt=newton&schedule=step", "at a constant rate"),
        ("?opt=line_search", "plain descent"),
        ("?opt=momentum", "plain descent"),
        ("?opt=newton", "for this bowl"),
    ],
)
def test_marks_that_do_not_hold_for_the_run_say_of_what_they_are(link, note):
    slider = rate_slider(link)
    assert slider["marks"]
    assert slider["note"] == note
