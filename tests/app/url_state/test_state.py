"""Parsing, writing and changing the state of the page as a link."""

from urllib.parse import quote, urlencode

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

import losses
from app.common import limits
from app.problem_setup.build import max_affordable_steps
from app.url_state.state import State, apply_changes, parse, to_query
from app.url_state.url_parameters import FIELDS

NUMBER = st.floats(-50, 50).map(lambda x: f"{x:.6g}")


@st.composite
def links(draw):
    """Return the keys and values of a valid link; every key but data, model and loss is optional.

    ``k`` depends on ``steps``, and ``steps`` on the optimizer: a key comes with those it depends on.
    """
    data = draw(st.sampled_from(list(losses.DATASETS)))
    model = draw(st.sampled_from(losses.allowed_models(losses.DATASETS[data])))
    texts = {
        "data": data,
        "model": model,
        "loss": draw(st.sampled_from(losses.allowed_losses(losses.DATASETS[data], model))),
        "opt": draw(st.sampled_from(list(losses.OPTIMIZERS))),
        "standardize": draw(st.sampled_from("01")),
        "rate": f"{draw(st.floats(1e-9, 1e3)):.6g}",
        "seed": str(draw(st.integers(0, 9))),
        "theme": draw(st.sampled_from(["auto", "dark", "projector"])),
    }
    chosen, _ = parse(urlencode({key: texts[key] for key in ("data", "model", "loss", "opt")}))
    texts["opt"] = chosen.optimizer  # some optimizers are too dear for some problems
    affordable = max_affordable_steps(chosen.values, dict(chosen.settings))
    texts["steps"] = str(draw(st.integers(1, affordable)))
    texts["k"] = str(draw(st.integers(0, int(texts["steps"]))))
    texts["start"] = ",".join(draw(st.lists(NUMBER, min_size=2, max_size=2)))
    keys = draw(st.sets(st.sampled_from(sorted(texts)))) | {"data", "model", "loss"}
    if "k" in keys:
        keys |= {"steps", "opt"}
    if "steps" in keys:
        keys.add("opt")
    return {key: texts[key] for key in keys}


@given(links())
def test_a_valid_link_gives_no_notice_and_round_trips(link):
    state, notices = parse(urlencode(link))
    assert notices == ()
    assert parse(to_query(state)) == (state, ())
    assert parse(to_query(state, keep=tuple(f.key for f in FIELDS))) == (state, ())
    assert len(to_query(state)) <= 200


@pytest.mark.slow
@given(links())
def test_the_link_of_a_state_does_not_depend_on_the_order_of_keys(link):
    shuffled = urlencode(dict(reversed(link.items())))
    assert to_query(parse(shuffled)[0]) == to_query(parse(urlencode(link))[0])


@example({"axis2": "0"})
@example({"axis1": "2", "axis2": "9"})
@given(st.dictionaries(st.sampled_from([*(f.key for f in FIELDS), "x"]), st.text(max_size=12), max_size=5))
def test_any_link_gives_a_state_and_notices_about_invalid_values(link):
    query = "&".join(f"{key}={quote(text)}" for key, text in link.items())
    state, notices = parse(query)
    assert isinstance(state, State)
    assert all(notice.startswith("This link asked for") for notice in notices)
    assert parse(to_query(state)) == (state, ())


@pytest.mark.parametrize(
    "link",
    [
        "?loss=huber&delta=2",
        "?loss=quantile&tau=0.5",
        "?opt=momentum&momentum=0.5",
        "?opt=adam&schedule=cosine&beta1=0.5",
        "?l2=0.1",
        "?n=50&noise=10&seed=3",
        "?data=moons&model=mlp&width=6&relu=1",
        "?data=iris&plane=random&tilt=4",
        "?data=iris&plane=parameters&axis1=3&axis2=7",
    ],
)
def test_settings_of_the_chosen_entries_are_kept_in_the_link(link):
    state, notices = parse(link)
    assert notices == ()
    assert to_query(state) == link
    assert state.problem is parse(link)[0].problem


def test_settings_change_the_problem():
    def problem(link):
        return parse(link)[0].problem

    assert problem("?loss=huber&delta=2").value([0, 0]) > problem("?loss=huber").value([0, 0])
    assert len(problem("?n=50").y) == 50
    assert problem("?data=moons&model=mlp&width=6").dim == 6 * 3 + 7
    assert problem("?l2=0.5").value([1, 0]) == pytest.approx(problem("").value([1, 0]) + 0.5)


@pytest.mark.parametrize(
    ("link", "reason"),
    [
        ("?plane=random", "Two parameters need no slice."),
        ("?data=iris&axis1=99", "It is a whole number from 1 to 15."),
        ("?data=iris&axis1=3&axis2=3", "It is another parameter than axis1."),
    ],
)
def test_an_impossible_plane_gives_one_notice_with_the_reason(link, reason):
    state, notices = parse(link)
    assert len(notices) == 1
    assert reason in notices[0]
    assert parse(to_query(state)) == (state, ())


def test_a_setting_that_no_chosen_entry_has_gives_a_notice():
    state, notices = parse("?delta=2")
    assert notices == ("This link asked for delta=2. Nothing here uses delta.",)
    assert state == parse("")[0]
    assert "from 0.01 to 100" in parse("?loss=huber&delta=-3")[1][0]


def test_the_link_leaves_out_defaults():
    assert to_query(parse("")[0]) == ""
    assert to_query(parse("?loss=mse&data=houses&rate=0.2")[0]) == "?rate=0.2"


def test_the_link_has_its_keys_in_a_fixed_order():
    query = to_query(parse("?k=3&steps=50&start=1,2&rate=0.2&data=norris&loss=mae")[0])
    assert query == "?loss=mae&data=norris&rate=0.2&start=1,2&steps=50&k=3"


@pytest.mark.parametrize(
    ("link", "notice"),
    [
        ("rate=abc", "This link asked for rate=abc. Using 0.08 instead. That is not a number."),
        ("rate=nan", "This link asked for rate=nan. Using 0.08 instead."),
        ("rate=1e999", "This link asked for rate=1e999. Using 0.08 instead."),
        ("rate=-1", "This link asked for rate=-1. Using 0.08 instead. A learning rate is above zero."),
        ("rate=0", "Using 0.08 instead. A learning rate is above zero."),
        ("rate=1e301", "Using 1e+300 instead. It lies between 1e-300 and 1e+300."),
        ("start=1", "This link asked for start=1. Using -0.95,1.67 instead. It takes 2 numbers"),
        ("start=1,2,3", "It takes 2 numbers"),
        ("steps=1.5", "This link asked for steps=1.5. Using 2 instead. It is a whole number from 1 to 1000."),
        ("k=99", "This link asked for k=99. Using 60 instead."),
        ("loss=bce", "Using mse instead. Cross-entropy scores yes or no; house prices asks for a number."),
        ("loss=wat", "Using mse instead. There is nothing of this name."),
        ("data=moon", "This link asked for data=moon. Using houses instead."),
        ("standardize=yes", "It is 1 for on or 0 for off."),
        ("rate=0.1&rate=0.2", "This link asked for rate twice. Using rate=0.1."),
        ("wat=1", "This link asked for wat=1. There is no such setting here."),
        (
            f"rate={'1' * limits.MAX_LINK_CHARACTERS}",
            f"This link asked for more than {limits.MAX_LINK_CHARACTERS} characters.",
        ),
    ],
)
def test_an_invalid_value_gives_one_notice(link, notice):
    state, notices = parse(link)
    assert len(notices) == 1
    assert notice in notices[0]
    assert parse(to_query(state)) == (state, ())


def test_the_minus_sign_u2212_is_accepted():
    assert parse("start=−1.5,2")[0].start == (-1.5, 2.0)


def test_changing_the_loss_keeps_rate_and_start():
    state, notices = apply_changes("?rate=0.3&start=-1,1&k=9", {"loss": "mae"})
    assert (state.loss, state.rate, state.start, state.step) == ("mae", 0.3, (-1.0, 1.0), 9)
    assert notices == ()
    default = parse("")[0]
    huber, _ = apply_changes("", {"loss": "huber"})
    assert (huber.rate, huber.start) == (default.rate, default.start)


def test_changing_the_data_replaces_what_is_incompatible_and_resets_the_start():
    state, notices = apply_changes("?loss=huber&rate=0.3&start=-1,1&steps=80", {"data": "spam"})
    assert (state.data, state.model, state.loss, state.steps) == ("spam", "logistic", "bce", 80)
    assert state.start == parse("?data=spam")[0].start
    assert notices == ()
    compatible, _ = apply_changes("?loss=huber", {"data": "norris"})
    assert compatible.loss == "huber"


def test_changing_the_standardization_resets_rate_and_start():
    raw, _ = apply_changes("?data=norris&rate=0.3", {"standardize": "0"})
    assert raw.rate < 1e-5
    assert raw.start == parse("?data=norris&standardize=0")[0].start
    standardized, _ = apply_changes(to_query(raw), {"standardize": "1"})
    assert standardized == parse("?data=norris")[0]


def test_an_invalid_change_gives_a_notice():
    state, notices = apply_changes("", {"rate": "much"})
    assert state == parse("")[0]
    assert notices == ("This link asked for rate=much. Using 0.08 instead. That is not a number.",)


@pytest.mark.parametrize(
    ("link", "changes", "rate"),
    [
        ("", {"opt": "newton"}, 1.0),
        ("?opt=newton&rate=1", {"opt": "gd"}, 0.08),
        ("?opt=newton&rate=1", {"data": "norris"}, 1.0),
        ("?opt=newton", {"loss": "huber"}, 0.08),
        ("", {"opt": "adam"}, 0.09),
        ("?opt=adam&rate=0.09", {"standardize": "0", "data": "norris"}, 0.1),
        ("?rate=0.3", {"opt": "momentum"}, 0.3),
        ("?rate=0.3", {"opt": "newton", "rate": "0.5"}, 0.5),
        ("", {"opt": "line_search"}, 0.8),
        ("?race=adam&fair=0&rate=0.3", {"opt": "newton"}, 1.0),
    ],
)
def test_the_rate_after_a_change_suits_the_optimizer(link, changes, rate):
    assert apply_changes(link, changes)[0].rate == rate


def test_in_a_fair_race_a_changed_optimizer_runs_at_its_default_rate():
    changed, _ = apply_changes("?race=adam", {"opt": "momentum"})
    assert changed == parse("?opt=momentum&race=adam")[0]
