"""Comparisons of runs: with another loss or dataset, in races, with a ghost, and over rates and momenta."""

import base64
from itertools import product

import numpy as np
import plotly.graph_objects as go
import pytest

import losses
from app.browser_assets.palette import resolve_colors
from app.common import ids, limits
from app.controls.setup_sentence import setup_sentence
from app.experiment.comparison import comparison_state
from app.experiment.experiment import Experiment
from app.experiment.prepared import prepare
from app.figures.comparison_overlay import COMPETITOR_STYLES
from app.figures.step_slices import figure_at_step
from app.page.figure_set import figure_set, run_arrays
from app.problem_setup.learning_rate import best_swept_rate
from app.protocol.controls import Menu
from app.url_state.state import apply_changes, parse, to_query
from losses.core.messages import format_number
from tests.support.figures import views_at_step
from tests.support.sent import moment, scene
from tools.support.case_selection import covering

COMPARISON_LINKS = [
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


def decoded(array):
    """Return the 32-bit floats of an encoded array."""
    return np.frombuffer(base64.b64decode(array["bdata"]), "<f4")


def state_of(link):
    """Return the state of a link that must give no notice."""
    state, notices = parse(link)
    assert notices == ()
    return state


def figures_by_view(link):
    experiment = Experiment(state_of(link))
    return {view: make() for view, (_, make) in figure_set(experiment).items()}


@pytest.mark.slow
@pytest.mark.parametrize("link", COMPARISON_LINKS)
def test_every_comparison_gives_valid_figures_and_its_link_round_trips(link):
    state = state_of(link)
    assert parse(to_query(state)) == (state, ())
    arrays, k = run_arrays(Experiment(state)), state.steps * (COMPARISON_LINKS.index(link) % 2)
    for _, make in figure_set(Experiment(state)).values():
        assert go.Figure(resolve_colors(figure_at_step(make(), arrays, k))).data is not None
    compared_runs = bool(state.compare_with) + len(state.race) + bool(state.ghost)
    assert all(
        len(moment(Experiment(state), k)["compared"]) == compared_runs for k in (0, state.step, state.steps)
    )


@pytest.mark.parametrize("link", ["?vs=mae", "?data=spam&vs=mse&start=-6,3&rate=0.2"])
def test_the_comparison_with_a_loss_has_the_same_start_rate_and_steps(link):
    state = state_of(link)
    compared = comparison_state(state)
    assert (compared.loss, compared.compare_with) == (state.compare_with, "")
    assert (compared.start, compared.rate, compared.steps, compared.data) == (
        state.start,
        state.rate,
        state.steps,
        state.data,
    )
    run = state_of(to_query(compared)).descend()
    arrays = run_arrays(Experiment(state))
    assert arrays["vs:loss"] == pytest.approx(run.loss)
    assert arrays["vs:u"] == pytest.approx(run.theta[:, 0])


def test_compared_surfaces_have_the_same_camera_and_their_own_z_range():
    figures = figures_by_view("?data=spam&vs=mse")
    main, compared = (figures[view].layout["scene"] for view in (ids.LANDSCAPE, ids.LANDSCAPE_2))
    assert compared["zaxis"]["range"][1] <= 1.0 < main["zaxis"]["range"][1]
    assert main["camera"] == compared["camera"]


def test_surfaces_with_other_scaling_are_seen_from_the_same_side():
    figures = figures_by_view("?data=scaling&vs=standardized")
    eyes = [figures[view].layout["scene"]["camera"]["eye"] for view in (ids.LANDSCAPE, ids.LANDSCAPE_2)]
    main_angle, compared_angle = (np.arctan2(eye["y"], eye["x"]) for eye in eyes)
    assert main_angle == pytest.approx(compared_angle, abs=0.5), "the page takes the first one's for both"


def test_the_data_figure_shows_the_examples_of_both_datasets():
    figure = figures_by_view("?data=anscombe1&vs=anscombe4")[ids.DATA]
    compared_examples = figure.data[-1]
    assert decoded(compared_examples["x"]) == pytest.approx(losses.DATASETS["anscombe4"].inputs[:, 0])
    low, high = figure.layout["xaxis"]["range"]
    assert low < 4.0
    assert high > 19.0
    assert figure.layout["xaxis"]["title"]["text"] == "x"
    different_units = figures_by_view("?vs=norris")[ids.DATA]
    assert different_units.layout["xaxis"]["title"]["text"] == "area, m² / reference, ppb"
    assert different_units.layout["yaxis"]["title"]["text"] == "each in its own units"
    same_data = figures_by_view("?vs=mae")[ids.DATA]
    assert len(same_data.data) == len(different_units.data) - 1


def test_squared_error_stays_on_a_plateau_where_cross_entropy_converges():
    state = state_of("?data=spam&vs=mse&start=-6,6&rate=1&steps=200")
    experiment = Experiment(state)
    assert experiment.run.outcome.name == "CONVERGED"
    assert experiment.comparison.run.outcome.name == "PLATEAU"
    assert experiment.comparison.run.loss[-1] > 3 * experiment.comparison.prepared.certificate.loss
    last = moment(experiment, 200)
    assert last["verdict"].startswith("Arrived after 66 steps")
    assert last["compared"][0]["text"].startswith("Mean squared error: on a plateau")


def test_a_confident_mistake_has_a_203_times_smaller_slope_under_squared_error():
    dataset = losses.Dataset("own", [1.0, 2.0], [1.0, 0.0], "binary")
    slopes = []
    for loss in ("bce", "mse"):
        p = losses.problem(dataset, "logistic", loss)
        z = p.score([-6.0, 0.0])[0]
        assert z == -6.0
        slopes.append(abs(float(p.of_score.slope(np.array([-6.0, -6.0]))[0])))
    assert slopes[0] / slopes[1] == pytest.approx(203, abs=0.5)


def test_anscombes_surfaces_agree_under_squared_error_and_differ_under_absolute():
    differences = {}
    for loss in ("mse", "mae"):
        problems = [losses.problem(f"anscombe{i}", "line", loss) for i in (1, 2, 3, 4)]
        first, *others = (losses.surface(p, box=problems[0].plane.box).z for p in problems)
        differences[loss] = [float((np.abs(z - first) / first).max()) for z in others]
    assert max(differences["mse"]) < 0.002
    assert min(differences["mae"]) > 0.15


@pytest.mark.parametrize(
    ("link", "notice"),
    [
        ("?loss=mae&basins=1", "Basins need two parameters and a loss without kinks."),
        ("?data=moons&basins=1", "Basins need two parameters and a loss without kinks."),
        ("?vs=bce", "It can be compared with mae"),
        ("?data=himmelblau&vs=mae", "There is nothing to compare it with."),
        ("?race=adam,fast", "Racers are gd, sgd"),
        ("?race=" + ",".join(losses.OPTIMIZERS), "At most 4 race against it."),
        ("?race=adam:beta3=1", "Adam takes beta1, beta2, eps, rate; not beta3."),
        ("?race=adam:beta1=2", "Using adam:beta1=0.999 instead. beta1 of Adam: It is from 0 to 0.999."),
        ("?race=adam:beta1=x,momentum", "Using adam,momentum instead. beta1 of Adam: That is not a number."),
        (
            "?race=sgd:batch=2.4",
            "Using sgd:batch=2 instead. batch of stochastic gradient descent: It is a whole",
        ),
        (
            "?race=adam:rate=0.1",
            "Using adam instead. In a fair race each runs at the best rate found for it.",
        ),
        (
            "?fair=0&race=adam:rate=-1",
            "Using adam instead. rate of Adam: A learning rate is above zero.",
        ),
        ("?race=gd", "This link asked for race=gd. Gradient descent is already in the race."),
        ("?race=adam,gd", "Using adam instead. Gradient descent is already in the race."),
        ("?opt=adam&race=momentum,adam", "Using momentum instead. Adam is already in the race."),
        ("?race=adam,adam:beta1=0.8", "Using adam instead. Adam is already in the race."),
        ("?ghost=1,2", "It takes a rate and the 2 numbers of a start."),
        ("?ghost=0,1,1", "A learning rate is above zero."),
        ("?ghost=1,1,1e301", "It is too far away."),
    ],
)
def test_an_invalid_comparison_gives_a_notice(link, notice):
    _, notices = parse(link)
    assert any(notice in text for text in notices)


def test_an_optimizer_that_becomes_the_main_one_leaves_the_race_without_a_notice():
    changed, notices = apply_changes("?race=adam,momentum", {"opt": "adam"})
    assert ([entry.key for entry in changed.race], notices) == (["momentum"], ())


def test_every_run_of_the_largest_race_has_its_own_style():
    assert len(COMPETITOR_STYLES) == limits.MAX_RACE_ENTRIES + 1
    for attribute in ("color", "symbol", "symbol3d", "dash"):
        assert len({getattr(style, attribute) for style in COMPETITOR_STYLES}) == len(COMPETITOR_STYLES)


def test_the_comparison_has_the_first_style_and_race_entries_the_next():
    experiment = Experiment(state_of("?vs=mae&race=momentum,adam,newton,rmsprop&ghost=0.3,1,1"))
    runs = (experiment.comparison, *experiment.competitors)
    assert [run.style_index for run in runs] == [0, 1, 2, 3, 4, -1]
    without_comparison = Experiment(state_of("?race=momentum,adam"))
    assert [run.style_index for run in without_comparison.competitors] == [0, 1]


def test_in_a_fair_race_each_optimizer_runs_at_the_best_rate_of_a_sweep():
    state = state_of("?data=ravine&race=momentum&steps=200")
    experiment = Experiment(state)
    for run, key in ((experiment.run, "gd"), (experiment.competitors[0].run, "momentum")):
        start = tuple(run.theta[0])
        default_settings = tuple((s.name, float(s.default)) for s in losses.OPTIMIZERS[key].settings)
        assert run.rate == best_swept_rate(
            state.problem, key, start, 200, "constant", default_settings, ("gd", "momentum")
        )
        for factor in (0.5, 2.0):
            other_run = losses.descend(state.problem, key, start=start, rate=factor * run.rate, steps=200)
            assert other_run.loss[-1] >= run.loss[-1] * 0.5
    same_rate = Experiment(state_of("?data=ravine&race=momentum&steps=200&fair=0&rate=0.01"))
    assert same_rate.run.rate == same_rate.competitors[0].run.rate == 0.01


def test_each_race_entry_has_its_own_settings():
    link = "?opt=adam&beta1=0.5&rate=0.1&race=adamw:beta2=0.9:rate=0.3,momentum:momentum=0.5,sgd&fair=0"
    state = state_of(link)
    assert to_query(state) == link
    competitors = Experiment(state).competitors
    settings_and_rates = [({"beta2": 0.9}, 0.3), ({"momentum": 0.5}, 0.1), ({}, 0.1)]
    for competitor, (settings, rate) in zip(competitors, settings_and_rates, strict=True):
        options = {"start": state.start, "rate": rate, "steps": 60}
        run = losses.descend(state.problem, competitor.key, **options, **settings)
        assert competitor.run.theta == pytest.approx(run.theta)
    names = ["AdamW (β₂ 0.9, rate 0.3)", "momentum (β 0.5)", "stochastic gradient descent"]
    assert [competitor.name for competitor in competitors] == names
    table = moment(Experiment(apply_changes(link, {"view": "race"})[0]), 0)["table"]
    assert [row["name"] for row in table["rows"]] == ["Adam (β₁ 0.5)", *names]
    assert table["note"] == "A race of 60 steps, some at their own rate."


def test_the_link_leaves_out_default_settings_of_race_entries():
    assert (
        to_query(state_of("?race=adam:beta1=0.9:beta2=0.5,momentum:momentum=0.9"))
        == "?race=adam:beta2=0.5,momentum"
    )


def test_a_race_that_becomes_fair_drops_the_rates_of_its_entries():
    fair, notices = apply_changes("?race=adam:beta1=0.8:rate=0.1&fair=0", {"fair": "1"})
    assert (to_query(fair), notices) == ("?race=adam:beta1=0.8", ())


def test_a_changed_race_entry_keeps_the_rate_of_the_main_run():
    for link in ("?rate=0.3&race=adam", "?rate=0.3&race=adam&fair=0"):
        assert apply_changes(link, {"race": "adam:beta1=0.5,momentum"})[0].rate == 0.3
    new_race = apply_changes("?rate=0.3", {"race": "adam"})[0]
    assert (new_race.rate, to_query(new_race)) == (state_of("?race=adam").rate, "?race=adam")


def test_the_sweep_of_a_race_entry_uses_its_settings():
    state = state_of("?data=ravine&race=momentum:momentum=0.5&steps=200")
    experiment = Experiment(state)
    (competitor,) = experiment.competitors
    start = tuple(experiment.run.theta[0])
    rate = best_swept_rate(
        state.problem, "momentum", start, 200, "constant", (("momentum", 0.5),), ("gd", "momentum")
    )
    assert competitor.run.rate == rate
    assert competitor.run.settings["momentum"] == 0.5


def test_the_sentence_has_a_menu_with_settings_for_each_race_entry():
    state = state_of("?race=adam:beta1=0.8,momentum&fair=0&rate=0.2")
    adam, momentum = (part for part in setup_sentence(state) if isinstance(part, Menu) and part.key == "race")
    assert (adam.text, adam.name) == ("Adam (β₁ 0.8)", "race-0")
    assert {s.part.name: (s.value, s.part.default) for s in adam.settings} == {
        "beta1": (0.8, 0.9),
        "beta2": (0.999, 0.999),
        "eps": (1e-8, 1e-8),
        "rate": (0.2, 0.2),
    }
    of_momentum, of_adam = momentum.settings[0].part, adam.settings[0].part
    assert (of_momentum.before, of_momentum.after) == ("adam:beta1=0.8,momentum", "")
    assert (of_adam.before, of_adam.after) == ("adam", ",momentum")
    options = {option.text: option.value for option in momentum.options}
    assert options["RMSprop"] == "adam:beta1=0.8,rmsprop"
    assert options["nobody"] == "adam:beta1=0.8"
    assert "Adam" not in options
    assert "gradient descent" not in options
    optimizer = next(part for part in setup_sentence(state) if isinstance(part, Menu) and part.key == "opt")
    boxes = next(s for s in optimizer.settings if s.key == "race")
    assert set(boxes.value) == {"adam:beta1=0.8", "momentum"}
    assert set(boxes.value) < {option.value for option in boxes.options}
    without_menu = setup_sentence(state_of("?race=adam:beta1=0.8&hide=opt"))
    assert "Adam (β₁ 0.8)" in without_menu


def test_the_table_of_a_race_lists_its_runs():
    state = state_of("?race=adam,newton&view=race&steps=200")
    experiment = Experiment(state)
    newton_run = experiment.competitors[1].run
    table = moment(experiment, 0)["table"]
    rows = {row["name"]: row["cells"] for row in table["rows"]}
    assert list(rows) == ["gradient descent", "Adam", "Newton's method"]
    assert rows["Newton's method"] == [
        f"{newton_run.settled_at} steps",
        "0.29",
        format_number(newton_run.rate, 2),
    ]
    assert [row["styleIndex"] for row in table["rows"]] == [None, 0, 1]
    assert (
        table["note"] == "A race of 200 steps, each at the best rate found for it from starts near the ring."
    )
    own_rate = moment(Experiment(state_of("?race=adam,newton&view=race&steps=200&rate=0.001")), 0)["table"]
    assert own_rate["rows"][0]["cells"][2] == "0.001"
    assert own_rate["note"] == (
        "A race of 200 steps: the first at the rate that was set, the others at the best found for them."
    )
    without_race = moment(Experiment(state_of("?view=race")), 0)["table"]
    assert without_race["note"] == "Choose rivals in the menu of the optimizer."


def test_a_ghost_is_the_run_of_its_rate_and_start_until_the_data_change():
    state = state_of("?ghost=0.3,1,1")
    (ghost,) = Experiment(state).competitors
    run = state_of("?rate=0.3&start=1,1").descend()
    assert ghost.run.theta == pytest.approx(run.theta)
    changed, notices = apply_changes("?ghost=0.3,1,1", {"data": "norris"})
    assert changed.ghost == ()
    assert notices == ()


def test_the_sweep_is_fastest_at_the_best_rate_and_diverges_beyond_the_critical_rate():
    state = state_of("?view=rates&steps=200")
    certificate, arrays = prepare(state).certificate, run_arrays(Experiment(state))
    rates, steps, diverged = arrays["rate_x"], arrays["rate_steps"], arrays["rate_diverged"]
    assert (rates[np.isfinite(diverged)] > certificate.critical_rate).all()
    assert (rates[np.isfinite(steps)] < certificate.critical_rate).all()
    fastest = rates[np.nanargmin(steps)]
    assert fastest == pytest.approx(certificate.best_rate, rel=0.15)
    index = int(np.flatnonzero(np.isfinite(steps))[3])
    run = losses.descend(state.problem, "gd", start=state.start, rate=rates[index], steps=200)
    assert run.settled_at == steps[index]
    path = np.column_stack([arrays["sweep_u"][index], arrays["sweep_v"][index]])
    assert path[[0, -1]] == pytest.approx(run.theta[[0, -1]])
    shapes = figures_by_view("?view=rates&steps=200")[ids.DETAIL].layout["shapes"]
    assert shapes[0]["x0"] == certificate.critical_rate
    assert shapes[0]["label"]["text"] == "2/L"


def test_large_momentum_converges_at_larger_rates_than_none():
    arrays = run_arrays(Experiment(state_of("?data=ravine&view=betas&steps=200")))
    betas, rates, steps = arrays["beta_y"], arrays["beta_x"], arrays["beta_z"]
    converged = np.isfinite(steps)
    assert rates[converged & (betas == 0)].max(initial=0) < rates[converged & (betas > 0.5)].max()
    assert arrays["beta_none_x"].size == 0


def test_the_map_of_rates_and_betas_shows_convergence_or_that_there_is_none():
    few_steps = run_arrays(Experiment(state_of("?data=ravine&view=betas&steps=5")))
    assert np.isfinite(few_steps["beta_z"]).any()
    no_minimum = run_arrays(Experiment(state_of("?data=monkey_saddle&view=betas&steps=5")))
    assert not np.isfinite(no_minimum["beta_z"]).any()
    assert no_minimum["beta_none_x"].size == 1
    note = figures_by_view("?data=monkey_saddle&view=betas&steps=5")[ids.DETAIL].moving[1]
    assert note.trace["text"] == "None of these runs arrives."  # nor do they with more


KINDS_OF_DATA = [
    "houses&loss=mae",
    "spam&loss=zero_one",
    "moons&model=mlp",
    "digits",
    "iris",
    "separable",
    "himmelblau",
    "misra1a&loss=quantile",
]
EXTRAS = [
    "basins=1",
    "view=rates&race=adam",
    "view=betas",
    "view=shares",
    "view=pulls",
    "view=lens",
    "ghost=1,1,1&vs=mse",
    "opt=sgd&view=step",
]


@pytest.mark.parametrize(("data", "extra"), covering(product(KINDS_OF_DATA, EXTRAS)))
def test_every_view_and_comparison_of_every_kind_of_data_gives_a_scene(data, extra):
    state, _ = parse(f"?data={data}&{extra}&steps=20")
    assert scene(state)["moment"]["lastStep"] >= 0


def test_a_compared_run_is_summarized_in_one_line():
    state = state_of("?data=spam&vs=mse&steps=200&race=adam")
    run = Experiment(state).comparison.run
    moments = [moment(Experiment(state), k) for k in (0, 20, 200)]
    last_text = moments[-1]["compared"][0]["text"]
    loss, slope = format_number(run.loss[-1]), format_number(float(np.linalg.norm(run.gradient[-1])), 2)
    assert last_text == f"Mean squared error: on a plateau after 200 steps, loss {loss}, slope {slope}."
    for each_moment in moments:
        for line in each_moment["compared"]:
            assert len(line["text"]) < 90


def test_the_loss_axis_of_a_race_includes_the_lowest_loss():
    state = state_of("?data=ravine&race=momentum,nesterov,rmsprop&steps=150")
    experiment = Experiment(state)
    lowest = min(competitor.run.loss.min() for competitor in experiment.competitors)
    assert lowest < 1e-3 * experiment.run.loss.min()
    layout = scene(state)["moment"]["detailLayout"]
    assert layout["yaxis.type"] == "log"
    assert layout["yaxis.range"][0] < np.log10(max(lowest, 1e-15 * experiment.run.loss[0]))
    unbounded = scene(state_of("?data=saddle&race=momentum&steps=150"))["moment"]["detailLayout"]
    assert np.isfinite(unbounded["yaxis.range"]).all()


def test_the_per_example_loss_figure_shows_both_losses_of_a_comparison():
    figure = scene(state_of("?data=spam&view=lens&vs=mse"))["figures"][ids.DETAIL]["figure"]
    compared_curve = next(part["trace"] for part in figure["moving"] if part["arrays"].get("y") == "lens_mse")
    assert compared_curve["line"]["color"] == COMPETITOR_STYLES[0].color
    _, _, figures = views_at_step("?data=spam&view=lens&vs=mse&start=-6,3", 0)
    compared_examples = next(
        trace
        for trace in figures[ids.DETAIL]["data"]
        if trace.get("marker", {}).get("symbol") == "square-open"
    )
    assert compared_examples["y"].max() <= 1.0
    same_loss = scene(state_of("?view=lens&vs=outlier"))["figures"][ids.DETAIL]["figure"]
    assert all(
        part["trace"].get("line", {}).get("color") != COMPETITOR_STYLES[0].color
        for part in same_loss["moving"]
    )


def test_the_map_of_rates_and_betas_marks_the_rate_and_beta_of_the_run():
    arrays = run_arrays(Experiment(state_of("?data=ravine&opt=momentum&view=betas&rate=0.02&momentum=0.75")))
    assert (arrays["rate_now"], arrays["beta_now"]) == (0.02, 0.75)
    assert run_arrays(Experiment(state_of("?data=ravine&view=betas")))["beta_now"] == 0
    assert np.isnan(run_arrays(Experiment(state_of("?data=ravine&view=betas&opt=adam")))["beta_now"])


@pytest.mark.parametrize(
    ("link", "slice_"),
    [
        ("?vs=mae", "row"),
        ("?race=adam", "row"),
        ("?s=typo&a=1", "row"),
        ("?s=typo", "past"),
        ("?race=adam&fog=1", "past"),
    ],
)
def test_the_whole_curve_of_a_run_is_drawn_unless_later_steps_are_hidden(link, slice_):
    moving = scene(state_of(link))["figures"][ids.DETAIL]["figure"]["moving"]
    whole_curve_slices = [part["slice"] for part in moving if part["trace"].get("meta") == "whole"]
    assert whole_curve_slices == [slice_]


@pytest.mark.parametrize("link", ["?loss=own&formula=r**4&vs=mae", "?data=own&vs=houses&model=line"])
def test_own_losses_and_data_have_a_name_in_a_comparison(link):
    state, notices = parse(link)
    assert (notices, bool(state.compare_with)) == ((), True)
    assert scene(state)["captions"]
