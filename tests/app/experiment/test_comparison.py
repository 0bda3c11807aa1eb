"""Comparisons: what stands beside a state, who races it, every rate and every start at once."""

import base64

import numpy as np
import plotly.graph_objects as go
import pytest

import losses
from app.browser_assets.palette import resolve_colors
from app.common import ids, limits
from app.controls.setup_sentence import setup_sentence
from app.experiment.comparison import comparison_state
from app.experiment.experiment import Experiment
from app.experiment.run import prepare, run_descent
from app.figures.comparison_overlay import COMPETITOR_STYLES
from app.figures.step_slices import figure_at_step
from app.page.figure_set import figure_set, run_arrays
from app.page.scene import moment, scene
from app.problem_setup.learning_rate import best_swept_rate
from app.url_state.state import apply_changes, parse, to_query
from losses.core.messages import format_number
from tests.support.figures import views_at_step

COMPARED = [
    "?vs=mae",
    "?data=spam&vs=mse&view=lens",
    "?data=moons&vs=hinge",
    "?data=iris&vs=mse",
    "?data=digits&vs=mse",
    "?data=anscombe1&vs=anscombe4&loss=mae",
    "?data=scaling&vs=standardized",
    "?data=norris&vs=raw",
    "?race=momentum,adam&fair=0",
    "?data=himmelblau&race=momentum,nesterov,adam,newton&view=race",
    "?data=moons&model=mlp&race=adam",
    "?race=adam:beta1=0.8:eps=1e-06,momentum:momentum=0.5,newton&view=race",
    "?race=rmsprop:alpha=0.9:rate=0.01,nesterov&fair=0",
    "?ghost=0.3,1,1",
    "?fog=1&vs=mae&ghost=0.3,1,1",
    "?data=himmelblau&basins=1",
    "?view=rates",
    "?view=betas&opt=momentum",
    "?data=rosenbrock&view=rates&opt=adam",
    "?loss=mae&view=rates",
]


def floats(packed):
    return np.frombuffer(base64.b64decode(packed["bdata"]), "<f4")


def state_of(link):
    state, notices = parse(link)
    assert notices == ()
    return state


@pytest.mark.slow
@pytest.mark.parametrize("link", COMPARED)
def test_every_comparison_is_drawn_and_read_back(link):
    state = state_of(link)
    assert parse(to_query(state)) == (state, ())
    arrays = run_arrays(Experiment(state))
    for _, make in figure_set(Experiment(state)).values():
        for k in (0, state.step, state.steps):
            assert go.Figure(resolve_colors(figure_at_step(make(), arrays, k))).data is not None
    count = bool(state.compare_with) + len(state.race) + bool(state.ghost)
    assert all(len(moment(Experiment(state), k)["beside"]) == count for k in (0, state.step, state.steps))


@pytest.mark.parametrize("link", ["?vs=mae", "?data=spam&vs=mse&start=-6,3&rate=0.2"])
def test_the_loss_beside_it_has_the_same_start_rate_and_steps(link):
    state = state_of(link)
    second = comparison_state(state)
    assert (second.loss, second.compare_with) == (state.compare_with, "")
    assert (second.start, second.rate, second.steps, second.data) == (
        state.start,
        state.rate,
        state.steps,
        state.data,
    )
    alone = run_descent(state_of(to_query(second)))
    drawn = run_arrays(Experiment(state))
    assert drawn["vs:loss"] == pytest.approx(alone.loss)
    assert drawn["vs:u"] == pytest.approx(alone.theta[:, 0])


def test_heights_beside_each_other_have_their_own_scale():
    shown = {
        view: make() for view, (_, make) in figure_set(Experiment(state_of("?data=spam&vs=mse"))).items()
    }
    first, second = (
        shown[view]["layout"]["scene"]["zaxis"]["range"] for view in (ids.LANDSCAPE, ids.LANDSCAPE_2)
    )
    assert second[1] <= 1.0 < first[1]
    assert (
        shown[ids.LANDSCAPE]["layout"]["scene"]["camera"]
        == shown[ids.LANDSCAPE_2]["layout"]["scene"]["camera"]
    )


def test_both_landscapes_are_seen_from_the_same_side():
    shown = {
        view: make()
        for view, (_, make) in figure_set(Experiment(state_of("?data=scaling&vs=standardized"))).items()
    }
    first, second = (shown[view]["layout"]["scene"]["camera"] for view in (ids.LANDSCAPE, ids.LANDSCAPE_2))
    angle = [np.arctan2(camera["eye"]["y"], camera["eye"]["x"]) for camera in (first, second)]
    assert angle[0] == pytest.approx(angle[1], abs=0.1)


def test_the_examples_of_other_data_are_among_the_first_ones():
    both = {
        view: make()
        for view, (_, make) in figure_set(Experiment(state_of("?data=anscombe1&vs=anscombe4"))).items()
    }
    theirs = both[ids.DATA]["data"][-1]
    assert floats(theirs["x"]) == pytest.approx(losses.DATASETS["anscombe4"].inputs[:, 0])
    low, high = both[ids.DATA]["layout"]["xaxis"]["range"]
    assert low < 4.0
    assert high > 19.0
    assert both[ids.DATA]["layout"]["xaxis"]["title"]["text"] == "x"
    units = {view: make() for view, (_, make) in figure_set(Experiment(state_of("?vs=norris"))).items()}[
        ids.DATA
    ]
    assert units["layout"]["xaxis"]["title"]["text"] == "area, m² / reference, ppb"
    assert units["layout"]["yaxis"]["title"]["text"] == "each in its own units"
    alone = {view: make() for view, (_, make) in figure_set(Experiment(state_of("?vs=mae"))).items()}[
        ids.DATA
    ]
    assert len(alone["data"]) == len(units["data"]) - 1


def test_squared_error_sits_on_its_roof_while_cross_entropy_arrives():
    state = state_of("?data=spam&vs=mse&start=-6,6&rate=1&steps=200")
    cast = Experiment(state)
    assert cast.run.outcome.name == "CONVERGED"
    assert cast.comparison.run.outcome.name == "PLATEAU"
    assert cast.comparison.run.loss[-1] > 3 * cast.comparison.prepared.certificate.loss
    said = moment(cast, 200)
    assert said["verdict"].startswith("Converged in 66 steps")
    assert said["beside"][0]["text"].startswith("Mean squared error: on a plateau")


def test_a_confident_mistake_pulls_203_times_less_under_squared_error():
    sure = losses.Dataset("own", [1.0, 2.0], [1.0, 0.0], "binary")
    slopes = []
    for loss in ("bce", "mse"):
        p = losses.problem(sure, "logistic", loss)
        z = p.score([-6.0, 0.0])[0]
        assert z == -6.0
        slopes.append(abs(float(p.of_score.slope(np.array([-6.0, -6.0]))[0])))
    assert slopes[0] / slopes[1] == pytest.approx(203, abs=0.5)


def test_anscombes_four_bowls_agree_under_squared_error_and_differ_under_absolute():
    apart = {}
    for loss in ("mse", "mae"):
        problems = [losses.problem(f"anscombe{i}", "line", loss) for i in (1, 2, 3, 4)]
        first, *others = (losses.surface(p, box=problems[0].plane.box).z for p in problems)
        apart[loss] = [float((np.abs(z - first) / first).max()) for z in others]
    assert max(apart["mse"]) < 0.002
    assert min(apart["mae"]) > 0.15


@pytest.mark.parametrize(
    ("link", "notice"),
    [
        ("?loss=mae&basins=1", "Basins need two parameters and a loss without kinks."),
        ("?data=moons&basins=1", "Basins need two parameters and a loss without kinks."),
        ("?vs=bce", "Beside it there can be mae"),
        ("?data=himmelblau&vs=mae", "Nothing can be put beside it."),
        ("?race=adam,fast", "Racers are gd, sgd"),
        ("?race=" + ",".join(losses.OPTIMIZERS), "At most 4 race against it."),
        ("?race=adam:beta3=1", "Adam takes beta1, beta2, eps, rate; not beta3."),
        ("?race=adam:beta1=2", "Using adam:beta1=0.999 instead. beta1 of Adam: It is from 0 to 0.999."),
        ("?race=adam:beta1=x,momentum", "Using adam,momentum instead. beta1 of Adam: That is not a number."),
        (
            "?race=sgd:batch=2.4",
            "Using sgd:batch=2 instead. batch of stochastic gradient descent: It is a whole",
        ),
        ("?race=adam:rate=0.1", "Using adam instead. In a fair race everyone has the best rate of a sweep."),
        (
            "?fair=0&race=adam:rate=-1",
            "Using adam instead. rate of Adam: A learning rate is above zero.",
        ),
        ("?race=gd", "This link asked for race=gd. Gradient descent runs already."),
        ("?race=adam,gd", "Using adam instead. Gradient descent runs already."),
        ("?opt=adam&race=momentum,adam", "Using momentum instead. Adam runs already."),
        ("?race=adam,adam:beta1=0.8", "Using adam instead. Adam runs already."),
        ("?ghost=1,2", "It takes a rate and the 2 numbers of a start."),
        ("?ghost=0,1,1", "A learning rate is above zero."),
        ("?ghost=1,1,1e12", "It is too far away."),
    ],
)
def test_wrong_comparisons_are_named(link, notice):
    _, notices = parse(link)
    assert any(notice in said for said in notices)


def test_a_racer_that_takes_the_lead_says_nothing():
    led, notices = apply_changes("?race=adam,momentum", {"opt": "adam"})
    assert ([racer.key for racer in led.race], notices) == (["momentum"], ())


def test_as_many_marks_as_run_beside():
    assert len(COMPETITOR_STYLES) == limits.MAX_RACE_ENTRIES + 1
    for look in ("color", "symbol", "symbol3d", "dash"):
        assert len({getattr(mark, look) for mark in COMPETITOR_STYLES}) == len(COMPETITOR_STYLES)


def test_what_stands_beside_and_all_racers_have_marks_of_their_own():
    cast = Experiment(state_of("?vs=mae&race=momentum,adam,newton,rmsprop&ghost=0.3,1,1"))
    assert [rival.style_index for rival in (cast.comparison, *cast.competitors)] == [0, 1, 2, 3, 4, -1]
    alone = Experiment(state_of("?race=momentum,adam"))
    assert [rival.style_index for rival in alone.competitors] == [0, 1]


def test_a_fair_race_gives_everyone_the_best_rate_of_a_sweep():
    state = state_of("?data=ravine&race=momentum&steps=200")
    cast = Experiment(state)
    for run, key in ((cast.run, "gd"), (cast.competitors[0].run, "momentum")):
        start = tuple(run.theta[0])
        usual = tuple((s.name, float(s.default)) for s in losses.OPTIMIZERS[key].settings)
        assert run.rate == best_swept_rate(state.problem, key, start, 200, "constant", usual)
        for other in (0.5, 2.0):
            slower = losses.descend(state.problem, key, start=start, rate=other * run.rate, steps=200)
            assert slower.loss[-1] >= run.loss[-1] * 0.5
    equal = Experiment(state_of("?data=ravine&race=momentum&steps=200&fair=0&rate=0.01"))
    assert equal.run.rate == equal.competitors[0].run.rate == 0.01


def test_racers_have_settings_of_their_own():
    link = "?opt=adam&beta1=0.5&rate=0.1&race=adamw:beta2=0.9:rate=0.3,momentum:momentum=0.5,sgd&fair=0"
    state = state_of(link)
    assert to_query(state) == link
    cast, start = Experiment(state), state.start
    settings = [({"beta2": 0.9}, 0.3), ({"momentum": 0.5}, 0.1), ({}, 0.1)]
    for rival, (given, rate) in zip(cast.competitors, settings, strict=True):
        alone = losses.descend(state.problem, rival.key, start=start, rate=rate, steps=60, **given)
        assert rival.run.theta == pytest.approx(alone.theta)
    names = ["AdamW (β₂ 0.9, rate 0.3)", "momentum (β 0.5)", "stochastic gradient descent"]
    assert [rival.name for rival in cast.competitors] == names
    table = moment(Experiment(apply_changes(link, {"view": "race"})[0]), 0)["race"]
    assert [row["name"] for row in table["rows"]] == ["Adam (β₁ 0.5)", *names]
    assert table["note"] == "A race of 60 steps, some at a rate of their own."


def test_usual_settings_are_not_spelled():
    assert (
        to_query(state_of("?race=adam:beta1=0.9:beta2=0.5,momentum:momentum=0.9"))
        == "?race=adam:beta2=0.5,momentum"
    )


def test_a_fair_race_forgets_rates_of_its_own():
    fair, notices = apply_changes("?race=adam:beta1=0.8:rate=0.1&fair=0", {"fair": "1"})
    assert (to_query(fair), notices) == ("?race=adam:beta1=0.8", ())


def test_who_else_races_leaves_the_rate_alone():
    for link in ("?rate=0.3&race=adam", "?rate=0.3&race=adam&fair=0"):
        assert apply_changes(link, {"race": "adam:beta1=0.5,momentum"})[0].rate == 0.3
    begun = apply_changes("?rate=0.3", {"race": "adam"})[0]
    assert (begun.rate, to_query(begun)) == (state_of("?race=adam").rate, "?race=adam")


def test_a_racer_is_swept_with_its_own_settings():
    cast = Experiment(state_of("?data=ravine&race=momentum:momentum=0.5&steps=200"))
    (rival,), state = cast.competitors, cast.state
    swept = best_swept_rate(
        state.problem, "momentum", tuple(cast.run.theta[0]), 200, "constant", (("momentum", 0.5),)
    )
    assert rival.run.rate == swept
    assert rival.run.settings["momentum"] == 0.5


def test_the_word_of_a_racer_is_a_menu_with_its_settings():
    state = state_of("?race=adam:beta1=0.8,momentum&fair=0&rate=0.2")
    adam, momentum = (
        part for part in setup_sentence(state) if isinstance(part, dict) and part["key"] == "race"
    )
    assert (adam["text"], adam["word"]) == ("Adam (β₁ 0.8)", "race-0")
    assert {s["part"]: (s["value"], s["usual"]) for s in adam["settings"]} == {
        "beta1": (0.8, 0.9),
        "beta2": (0.999, 0.999),
        "eps": (1e-8, 1e-8),
        "rate": (0.2, 0.2),
    }
    assert momentum["settings"][0]["around"] == ["adam:beta1=0.8,momentum", ""]
    assert adam["settings"][0]["around"] == ["adam", ",momentum"]
    chosen = {option["text"]: option["value"] for option in momentum["options"]}
    assert chosen["RMSprop"] == "adam:beta1=0.8,rmsprop"
    assert chosen["nobody"] == "adam:beta1=0.8"
    assert "Adam" not in chosen
    assert "gradient descent" not in chosen
    opt = next(part for part in setup_sentence(state) if isinstance(part, dict) and part["key"] == "opt")
    boxes = next(s for s in opt["settings"] if s["key"] == "race")
    assert set(boxes["value"]) == {"adam:beta1=0.8", "momentum"}
    assert set(boxes["value"]) < {option["value"] for option in boxes["options"]}
    hidden = setup_sentence(state_of("?race=adam:beta1=0.8&hide=opt"))
    assert "Adam (β₁ 0.8)" in hidden


def test_the_table_of_a_race_is_the_runs():
    state = state_of("?race=adam,newton&view=race&steps=200")
    cast = Experiment(state)
    table = moment(cast, 0)["race"]
    rows = {row["name"]: row["said"] for row in table["rows"]}
    assert list(rows) == ["gradient descent", "Adam", "Newton's method"]
    assert rows["Newton's method"] == [
        f"{cast.competitors[1].run.settled_at} steps",
        "0.29",
        format_number(cast.competitors[1].run.rate, 2),
    ]
    assert [row["mark"] for row in table["rows"]] == ["now", "0", "1"]
    assert table["note"] == "A race of 200 steps, each at the best rate of a sweep."
    alone = moment(Experiment(state_of("?view=race")), 0)["race"]
    assert alone["note"] == "Choose rivals behind the optimizer."


def test_a_ghost_is_the_run_that_it_remembers():
    state = state_of("?ghost=0.3,1,1")
    (ghost,) = Experiment(state).competitors
    alone = run_descent(state_of("?rate=0.3&start=1,1"))
    assert ghost.run.theta == pytest.approx(alone.theta)
    gone, notices = apply_changes("?ghost=0.3,1,1", {"data": "norris"})
    assert gone.ghost == ()
    assert notices == ()


def test_every_rate_is_a_u_with_a_cliff_at_the_largest_stable_one():
    state = state_of("?view=rates&steps=200")
    here, arrays = prepare(state), run_arrays(Experiment(state))
    rates, steps, gone = arrays["rate_x"], arrays["rate_steps"], arrays["rate_gone"]
    assert (rates[np.isfinite(gone)] > here.certificate.critical_rate).all()
    assert (rates[np.isfinite(steps)] < here.certificate.critical_rate).all()
    fastest = rates[np.nanargmin(steps)]
    assert fastest == pytest.approx(here.certificate.best_rate, rel=0.15)
    some = int(np.flatnonzero(np.isfinite(steps))[3])
    alone = losses.descend(state.problem, "gd", start=state.start, rate=rates[some], steps=200)
    assert alone.settled_at == steps[some]
    path = np.column_stack([arrays["fan_u"][some], arrays["fan_v"][some]])
    assert path[[0, -1]] == pytest.approx(alone.theta[[0, -1]])
    shapes = {view: make() for view, (_, make) in figure_set(Experiment(state)).items()}[ids.DETAIL][
        "layout"
    ]["shapes"]
    assert shapes[0]["x0"] == here.certificate.critical_rate
    assert shapes[0]["label"]["text"] == "2/L"


def test_memory_beyond_none_allows_larger_rates():
    arrays = run_arrays(Experiment(state_of("?data=ravine&view=betas&steps=200")))
    betas, rates, steps = arrays["beta_y"], arrays["beta_x"], arrays["beta_z"]
    arrived = np.isfinite(steps)
    assert rates[arrived & (betas == 0)].max(initial=0) < rates[arrived & (betas > 0.5)].max()
    assert arrays["beta_none_x"].size == 0


def test_a_map_of_rates_and_betas_has_steps_enough_or_says_so():
    brief = run_arrays(Experiment(state_of("?data=ravine&view=betas&steps=5")))
    assert np.isfinite(brief["beta_z"]).any()
    never = run_arrays(Experiment(state_of("?data=monkey_saddle&view=betas&steps=5")))
    assert not np.isfinite(never["beta_z"]).any()
    assert never["beta_none_x"].size == 1


@pytest.mark.parametrize(
    "extra",
    [
        "basins=1",
        "view=rates&race=adam",
        "view=betas",
        "view=shares",
        "view=pulls",
        "view=lens",
        "ghost=1,1,1&vs=mse",
        "opt=sgd&view=step",
    ],
)
@pytest.mark.parametrize(
    "data",
    [
        "houses&loss=mae",
        "spam&loss=zero_one",
        "moons&model=mlp",
        "digits",
        "iris",
        "separable",
        "himmelblau",
        "misra1a&loss=quantile",
    ],
)
def test_whatever_is_asked_of_whatever_data_makes_a_page(data, extra):
    state, _ = parse(f"?data={data}&{extra}&steps=20")
    assert scene(state)["run"]["told"]["last"] >= 0


def test_a_rival_is_told_in_one_line():
    state = state_of("?data=spam&vs=mse&steps=200&race=adam")
    beside = Experiment(state).comparison.run
    moments = [moment(Experiment(state), k) for k in (0, 20, 200)]
    last = moments[-1]["beside"][0]["text"]
    loss, slope = format_number(beside.loss[-1]), format_number(float(np.linalg.norm(beside.gradient[-1])), 2)
    assert last == f"Mean squared error: on a plateau after 200 steps, loss {loss}, slope {slope}."
    for one in moments:
        for line in one["beside"]:
            assert len(line["text"]) < 90


def test_the_curves_of_a_race_are_all_in_the_picture():
    state = state_of("?data=ravine&race=momentum,nesterov,rmsprop&steps=150")
    cast = Experiment(state)
    lowest = min(rival.run.loss.min() for rival in cast.competitors)
    assert lowest < 1e-3 * cast.run.loss.min()
    layout = scene(state)["run"]["layout"][ids.DETAIL]
    assert layout["yaxis.type"] == "log"
    assert layout["yaxis.range"][0] < np.log10(max(lowest, 1e-15 * cast.run.loss[0]))
    falls = scene(state_of("?data=saddle&race=momentum&steps=150"))["run"]["layout"][ids.DETAIL]
    assert np.isfinite(falls["yaxis.range"]).all()


def test_one_lens_shows_both_losses():
    figure = scene(state_of("?data=spam&view=lens&vs=mse"))["figures"][ids.DETAIL]["figure"]
    second = next(part["trace"] for part in figure["moving"] if part["arrays"].get("y") == "lens_mse")
    assert second["line"]["color"] == COMPETITOR_STYLES[0].color
    _, _, drawn = views_at_step("?data=spam&view=lens&vs=mse&start=-6,3", 0)
    cost = next(t for t in drawn[ids.DETAIL]["data"] if t.get("marker", {}).get("symbol") == "square-open")[
        "y"
    ]
    assert cost.max() <= 1.0
    alone = scene(state_of("?view=lens&vs=outlier"))["figures"][ids.DETAIL]["figure"]
    assert all(
        part["trace"].get("line", {}).get("color") != COMPETITOR_STYLES[0].color for part in alone["moving"]
    )


def test_the_map_of_rates_and_betas_shows_where_the_run_is():
    arrays = run_arrays(Experiment(state_of("?data=ravine&opt=momentum&view=betas&rate=0.02&momentum=0.75")))
    assert (arrays["rate_now"], arrays["beta_now"]) == (0.02, 0.75)
    assert run_arrays(Experiment(state_of("?data=ravine&view=betas")))["beta_now"] == 0
    assert np.isnan(run_arrays(Experiment(state_of("?data=ravine&view=betas&opt=adam")))["beta_now"])


@pytest.mark.parametrize(
    ("link", "slice_"),
    [
        ("?vs=mae", "row"),
        ("?race=adam", "row"),
        ("?s=outlier&a=1", "row"),
        ("?s=outlier", "past"),
        ("?race=adam&fog=1", "past"),
    ],
)
def test_a_rival_s_whole_course_is_seen_unless_something_hides_what_lies_ahead(link, slice_):
    drawn = scene(state_of(link))["figures"][ids.DETAIL]["figure"]["moving"]
    whole = [part["slice"] for part in drawn if part["trace"].get("meta") == "whole"]
    assert whole == [slice_]
