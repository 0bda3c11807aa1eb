"""What the changing card shows, against the mathematics."""

import dataclasses
import re

import numpy as np
import pytest

import losses
from app.common import ids
from app.experiment.basin_tiles import basin_caption as said_of_basins
from app.experiment.experiment import Experiment
from app.experiment.run import prepare, run_descent
from app.figures import per_example_loss
from app.figures.detail_card_views import DETAIL_VIEWS
from app.figures.example_contributions import example_descent_directions
from app.figures.step_slices import STEP_SLICES, figure_at_step
from app.figures.step_tables import rule_values
from app.page.figure_set import figure_set, run_arrays
from app.page.scene import moment as said_at
from app.page.scene import scene
from app.url_state.state import apply_changes, parse
from losses.core.messages import format_number
from tests.support.adadelta import ADADELTA
from tests.support.figures import trace_named as called
from tests.support.figures import views_at_step as moment
from tests.support.registries import registered


@pytest.mark.parametrize("view", DETAIL_VIEWS)
@pytest.mark.parametrize("data", ["houses", "spam", "moons", "iris", "digits", "longley", "himmelblau"])
def test_a_view_is_offered_where_it_fits_and_refused_where_not(view, data):
    state, notices = parse(f"?data={data}&view={view}")
    offered = [option["value"] for option in scene(state)["controls"]["detail"]["options"]]
    assert (view in offered) == (not notices)
    assert (state.view == view) == (not notices)
    assert bool(scene(state)["figures"][ids.DETAIL]["figure"]["moving"]) == (
        state.view not in ("step", "known", "race")
    )


def test_shares_are_of_the_whole_and_sorted():
    here, run, drawn = moment("?data=outlier&view=shares", 40)
    (bars,) = drawn[ids.DETAIL]["data"]
    cost = here.problem.example_losses(run.theta[40])
    assert bars["y"].sum() == pytest.approx(100.0)
    assert (np.diff(bars["y"]) <= 0).all()
    assert bars["y"][0] == pytest.approx(100 * cost.max() / cost.sum())
    assert bars["customdata"][0] == cost.argmax()


def test_one_bad_point_is_nearly_all_of_the_squared_error_and_little_of_the_absolute():
    top = {}
    for loss in ("mse", "mae"):
        state, _ = apply_changes(
            f"?loss={loss}&standardize=0&view=shares&opt=newton&rate=1", {"edit": "0:-9000"}
        )
        best = losses.certify(state.problem)
        cost = state.problem.example_losses(best.optimum)
        top[loss] = cost[0] / cost.sum()
    assert top["mse"] > 0.5
    here = losses.problem("houses", "line", "mse")
    truth = losses.certify(here).optimum
    cost = parse("?standardize=0&edit=0:-9000")[0].problem.example_losses(truth)
    assert cost[0] / cost.sum() > 0.99


@pytest.mark.parametrize(
    "link", ["", "?loss=mae", "?data=spam", "?data=spam&loss=mse", "?l2=0.3", "?data=misra1a"]
)
def test_pulls_add_up_to_the_gradient(link):
    state, _ = parse(link)
    run = run_descent(state)
    each = example_descent_directions(state.problem, run.theta)
    assert each.shape == (len(run.theta), len(state.problem.y), 2)
    assert each.sum(axis=1) == pytest.approx(-run.gradient, rel=1e-9, abs=1e-12)


def test_the_chain_of_pulls_ends_where_the_bold_arrow_does():
    _, run, drawn = moment("?view=pulls", 3)
    chain, whole = drawn[ids.DETAIL]["data"]
    assert (chain["x"][0], chain["y"][0]) == (0.0, 0.0)
    assert [chain["x"][-1], chain["y"][-1]] == pytest.approx(-run.gradient[3])
    assert [whole["x"][1], whole["y"][1]] == pytest.approx(-run.gradient[3])
    turn = np.arctan2(np.diff(chain["y"]), np.diff(chain["x"]))
    assert (np.diff(turn) >= -1e-9).all()


@pytest.mark.parametrize(
    "link", ["?view=lens", "?loss=huber&view=lens&delta=0.4", "?data=spam&view=lens", "?data=iris&view=lens"]
)
def test_examples_sit_on_the_curve_of_their_loss(link):
    here, _, drawn = moment(link, 4)
    *_, curve, dots = drawn[ids.DETAIL]["data"]
    inside = (dots["x"] > curve["x"][0]) & (dots["x"] < curve["x"][-1])
    assert inside.sum() > 20
    on_curve = np.interp(dots["x"][inside], curve["x"], curve["y"])
    assert on_curve == pytest.approx(dots["y"][inside], rel=0.08, abs=0.02)


def test_cross_entropy_has_a_wall_where_squared_error_has_a_cap():
    _, _, drawn = moment("?data=spam&view=lens", 0)
    curves = {trace["name"]: trace["y"] for trace in drawn[ids.DETAIL]["data"] if "name" in trace}
    assert curves["cross-entropy"][0] == pytest.approx(-np.log(1e-3))
    assert curves["mean squared error"].max() <= 1.0


def test_only_the_bar_of_the_truth_counts():
    here, run, drawn = moment("?data=digits&view=bars", 10)
    all_, true, star = drawn[ids.DETAIL]["data"]
    assert all_["y"].sum() == pytest.approx(1.0)
    assert -np.log(true["y"][0]) == pytest.approx(here.problem.example_losses(run.theta[10]).max())
    assert all_["y"][int(true["x"][0])] == true["y"][0]


def test_the_sheet_shows_the_worst_images_first():
    here, run, drawn = moment("?data=digits", 20)
    paper, words = drawn[ids.DATA]["data"]
    cost = here.problem.example_losses(run.theta[20])
    worst = here.problem.data.x[np.argsort(-cost, kind="stable")]
    for place, image in ((0, worst[0]), (10, worst[1])):
        ink = paper["zmax"] * image.reshape(8, 8)
        assert paper["z"][:8, place : place + 8] == pytest.approx(ink, abs=0.5)
    assert np.isnan(paper["z"][8:12]).all()
    assert words["text"][0].startswith("✗ ")


def test_squared_errors_are_squares_and_absolute_ones_bars():
    here, run, drawn = moment("", 6)
    squares = next(t for t in drawn[ids.DATA]["data"] if t.get("fill") == "toself")
    corners = np.column_stack([squares["x"], squares["y"]]).reshape(-1, 6, 2)[:, :4]
    sides = np.ptp(corners, axis=1)
    error = here.problem.predict(run.theta[6], here.problem.data.x) - here.problem.data.y
    assert sides == pytest.approx(np.abs(error)[:, None].repeat(2, axis=1))
    _, _, absolute = moment("?loss=mae", 6)
    assert not any("fill" in trace for trace in absolute[ids.DATA]["data"])


@pytest.mark.parametrize("optimizer", losses.OPTIMIZERS)
@pytest.mark.parametrize("schedule", ["constant", "cosine"])
def test_what_is_filled_in_is_what_was_computed(optimizer, schedule):
    """Every line of every rule, as arithmetic on the numbers that it is filled with."""
    state, _ = parse(f"?data=anscombe1&standardize=1&opt={optimizer}&schedule={schedule}&rate=0.03&steps=9")
    run = run_descent(state)
    again = losses.replay(run)
    for k in range(9):
        for i in range(2):
            numbers = rule_values(run, again, k, i)
            for line in losses.OPTIMIZERS[optimizer].lines:
                left, right = (side.strip() for side in line.template.split("="))
                assert arithmetic(right, numbers) == pytest.approx(
                    numbers[left.strip("{}")], rel=1e-9, abs=1e-12
                )


def arithmetic(text, numbers):
    """The value of a rule's right side: its signs are the page's, its numbers are given."""
    text = re.sub(r"\{(\w+)\}", lambda name: f"({numbers[name[1]]!r})", text)
    text = re.sub(r"√(\([^()]*\))", r"(\1**0.5)", text).replace("√(", "root(")
    for sign, python in {"−": "-", "×": "*", "²": "**2", "^": "**"}.items():
        text = text.replace(sign, python)
    return eval(text, {"root": lambda x: x**0.5})


def test_the_step_is_written_with_its_numbers():
    state, _ = parse("?view=step&opt=momentum")
    run = run_descent(state)
    cast = Experiment(state)
    block = said_at(cast, 7)["step"][0]
    assert block["name"] == "w"
    line = "".join(piece["text"] for piece in block["lines"][1])
    new, old, velocity = run.theta[8, 0], run.theta[7, 0], losses.replay(run).memory[8, 0, 0]
    assert line == f"w: {format_number(new)} = {format_number(old)} − 0.08 × {format_number(velocity)}"
    assert said_at(cast, 60)["step"] == []


def test_what_is_known_is_the_certificate():
    state, _ = parse("?data=norris&standardize=0&view=known")
    here, run = prepare(state), run_descent(state)
    known = dict(said_at(Experiment(state), 5)["known"])
    assert known["Lowest loss"] == "0.739"
    assert known["Largest stable rate 2/L"] == format_number(here.certificate.critical_rate)
    assert known["Distance to it"] == format_number(
        float(np.linalg.norm(run.theta[5] - here.certificate.optimum))
    )
    assert known["These are"] == "for this bowl"


def test_fog_hides_what_is_not_underfoot():
    link = "?fog=1&view=known"
    state, _ = parse(link)
    here, run, drawn = moment(link, 5)
    clear = moment("", 5)[2]
    for view in (ids.LANDSCAPE, ids.MAP):
        assert not any(trace.get("name") == "future" for trace in drawn[view]["data"])
        assert any(trace.get("name") == "future" for trace in clear[view]["data"])
        assert len(drawn[view]["data"]) == len(clear[view]["data"]) - 1
    whole = scene(state)
    text = repr([[said_at(Experiment(state), k) for k in range(len(run.theta))], whole["controls"]["detail"]])
    assert format_number(here.certificate.loss) not in text.replace(format_number(run.loss[-1]), "")
    assert "best possible" not in text
    assert called(drawn[ids.MAP], "compass")
    for view in (ids.LANDSCAPE, ids.MAP):
        assert not any(trace.get("name") == "compass" for trace in clear[view]["data"])


def test_a_compass_points_downhill():
    _, run, drawn = moment("?fog=1", 5)
    needle = called(drawn[ids.MAP], "compass")
    way = np.array([np.diff(needle["x"])[0], np.diff(needle["y"])[0]])
    assert way @ run.gradient[5] == pytest.approx(-np.linalg.norm(way) * np.linalg.norm(run.gradient[5]))


def test_a_run_beyond_the_window_has_an_arrow_and_a_number():
    here, run, drawn = moment("?rate=1.2", 30)
    gone = called(drawn[ids.MAP], "gone")
    (left, right), (low, high) = here.surface.plane.box
    assert left < gone["x"][0] < right
    assert low < gone["y"][0] < high
    assert called(drawn[ids.MAP], "gone-by")["text"] == [format_number(run.loss[30])]
    assert abs(called(drawn[ids.MAP], "gone-by")["x"][0] - gone["x"][0]) == pytest.approx(
        0.19 * (right - left)
    )
    middle = np.mean(here.surface.plane.box, axis=1)
    away = (run.theta[30] - middle) / np.ptp(here.surface.plane.box, axis=1)
    turn = np.radians(gone["marker"]["angle"][0])
    assert [np.sin(turn), np.cos(turn)] == pytest.approx(away / np.linalg.norm(away))
    assert np.isnan(called(moment("", 30)[2][ids.MAP], "gone")["x"][0])


@pytest.mark.parametrize(
    ("link", "up"), [("?rate=1.2", True), ("?s=saddle&a=1", False), ("?data=separable&rate=8", False)]
)
def test_only_a_run_that_climbed_out_points_up_in_the_landscape(link, up):
    """A run that leaves downhill, or level, left nothing above the hills."""
    here, run, drawn = moment(link, 60)
    assert np.isfinite(called(drawn[ids.MAP], "gone")["x"][0]), "it has left the window"
    names = {True: "gone", False: "gone-by"}
    said, other = (called(drawn[ids.LANDSCAPE], names[way]) for way in (up, not up))
    assert np.isfinite(said["z"][0])
    assert np.isnan(other["z"][0])
    assert "↑" in called(drawn[ids.LANDSCAPE], "gone")["texttemplate"]
    assert "↑" not in called(drawn[ids.LANDSCAPE], "gone-by")["texttemplate"]


@pytest.mark.parametrize(
    ("link", "sentence"),
    [
        ("?edit=99:3", "Rows are whole numbers from 0 to 35."),
        ("?edit=1.5:3", "Rows are whole numbers from 0 to 35."),
        ("?edit=1:nan", "That is not a finite number."),
        ("?edit=1", "That is not a number."),
        ("?data=spam&edit=3:0.5", "Classes are whole numbers from 0 to 1."),
        ("?data=himmelblau&edit=3:0", "There are no data to change."),
        ("?edit=" + ",".join(f"{row}:1" for row in range(21)), "At most 20 examples can be changed."),
    ],
)
def test_wrong_edits_are_named(link, sentence):
    state, (notice,) = parse(link)
    assert state.edit == ()
    assert sentence in notice


def test_edits_change_their_examples_only_and_leave_with_the_data():
    state, notices = parse("?edit=7:12,3:-8&standardize=0")
    assert notices == ()
    plain = losses.DATASETS["houses"].y
    changed = np.flatnonzero(state.problem.y != plain)
    assert changed.tolist() == [3, 7]
    assert state.problem.y[[3, 7]].tolist() == [-8, 12]
    for changes in ({"data": "norris"}, {"seed": "4"}):
        after, notices = apply_changes("?edit=7:12", changes)
        assert after.edit == ()
        assert notices == ()


def test_every_slice_is_used():
    used = set()
    for link in ("", "?loss=mae", "?data=moons", "?data=digits&view=bars", "?race=adam"):
        state, _ = parse(link)
        for _, make in figure_set(Experiment(state)).values():
            used |= {part["slice"] for part in make()["moving"]}
    assert used == set(STEP_SLICES)


def test_empty_runs_of_arrays_are_drawn():
    state, _ = parse("?steps=1&rate=1e30")
    run = run_descent(state)
    arrays = run_arrays(Experiment(state))
    for _, make in figure_set(Experiment(state)).values():
        assert figure_at_step(make(), arrays, len(run.theta) - 1)["data"]


def test_in_the_fog_nobody_sees_ahead():
    link = "?fog=1&data=spam&vs=mse"
    state = parse(link)[0]
    cast = Experiment(state)
    for view, (_, make) in figure_set(cast).items():
        for trace in make()["data"]:
            assert trace.get("marker", {}).get("symbol") not in ("x", "cross"), view
    curve = scene(state)["figures"][ids.DETAIL]["figure"]
    assert all(part["slice"] != "row" for part in curve["moving"])
    rate = scene(state)["controls"]["sliders"][0]
    assert (rate["marks"], rate["note"]) == ([], "")
    known = dict(said_at(Experiment(parse("?fog=1&view=known")[0]), 3)["known"])
    assert {value for name, value in known.items() if name != "Slope underfoot"} <= {
        "not known",
        "not known here",
    }
    for view in ("rates", "betas", "race"):
        assert scene(parse(f"?fog=1&view={view}")[0])["view"] == "curve"
    foggy = parse("?fog=1&data=himmelblau&basins=1")[0]
    assert "basins" not in {
        trace.get("name") for trace in figure_set(Experiment(foggy))[ids.MAP][1]()["data"]
    }
    assert said_of_basins(foggy) == ""


def test_the_step_in_numbers_says_what_each_line_is_about():
    lines = said_at(Experiment(parse("?view=step&opt=adam")[0]), 7)["step"][0]["lines"]
    first, second, last = ("".join(piece["text"] for piece in line) for line in lines)
    assert first.startswith("m: ")
    assert second.startswith("v: ")
    assert last.startswith("w: ")
    assert "0.9⁸" in last


def test_an_optimum_is_told_without_rounding():
    known = dict(said_at(Experiment(parse("?view=known")[0]), 7)["known"])
    assert known["Optimum"] == "w = 0.841, b = 0"


def test_the_lens_leans_where_a_slope_and_an_intercept_make_a_probability():
    """The page finds the start that gives an example another probability by ``score - w x``."""
    problem = losses.problem("spam", "logistic", "bce")
    x = per_example_loss.draggable_inputs(problem)
    assert problem.score([3.0, 0.5]) == pytest.approx(3.0 * np.array(x) + 0.5)
    for other in (("houses", "line", "mse"), ("moons", "logistic", "bce"), ("moons", "mlp", "bce")):
        assert per_example_loss.draggable_inputs(losses.problem(*other)) is None
    assert per_example_loss.draggable_inputs(losses.TEST_FUNCTIONS["bowl"]) is None
    for link, leans in (
        ("?data=spam&view=lens", True),
        ("?data=spam", False),
        ("?data=spam&view=lens&hide=start", False),
    ):
        assert (scene(parse(link)[0])["leaned"] is not None) == leans


@pytest.fixture
def adadelta():
    with registered(losses.OPTIMIZERS, ADADELTA):
        yield


def test_the_step_card_of_an_optimizer_with_other_memory_names(adadelta):
    cast = Experiment(parse("?view=step&opt=zeiler&rate=1")[0])
    w, b = said_at(cast, 7)["step"]
    lines = ["".join(piece["text"] for piece in line) for line in w["lines"]]
    (s0, u0), (s, u) = losses.replay(cast.run).memory[7:9, :, 0]
    g, old, new = cast.run.gradient[7, 0], *cast.run.theta[7:9, 0]
    assert lines[0].startswith(f"s: {format_number(s)} = 0.9 × {format_number(s0)} + ")
    assert lines[1].startswith(f"u: {format_number(u)} = 0.9 × {format_number(u0)} + ")
    root = f"√({format_number(u0)} + 0.01) / √({format_number(s)} + 0.01)"
    assert lines[2] in (
        f"w: {format_number(new)} = {format_number(old)} − 1 × {root} × {format_number(g)}",
        f"w: {format_number(new)} = {format_number(old)} − 1 × {root} × ({format_number(g)})",
    )
    assert w["lines"][1][0] == {"text": "u", "role": "memory"}


def test_the_step_card_has_the_values_in_between():
    rule = ("v = momentum * v_old + g", "ahead = g + momentum * v", "theta = theta_old - rate * ahead")
    entry = dataclasses.replace(losses.OPTIMIZERS["nesterov"], key="between", rule=rule)
    with registered(losses.OPTIMIZERS, entry):
        cast = Experiment(parse("?view=step&opt=between&rate=0.1")[0])
        block = said_at(cast, 7)["step"][0]
    lines = ["".join(piece["text"] for piece in line) for line in block["lines"]]
    ahead = (cast.run.theta[7, 0] - cast.run.theta[8, 0]) / 0.1
    assert lines[1].startswith(f"ahead: {format_number(ahead)} = ")
    assert block["lines"][1][0] == {"text": "ahead", "role": ""}


@pytest.mark.parametrize("view", DETAIL_VIEWS)
@pytest.mark.parametrize("data", ["houses", "himmelblau"])
def test_every_view_is_drawn_of_an_optimizer_from_elsewhere(view, data, adadelta):
    state, _ = parse(f"?data={data}&view={view}&opt=zeiler")
    shown = scene(state)
    assert state.optimizer == ADADELTA.key
    assert ADADELTA.name in shown["title"]
    assert shown["figures"]
    assert bool(shown["rule"]) == bool(said_at(Experiment(state), 3).get("step")) == (state.view == "step")
