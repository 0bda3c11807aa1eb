"""The figures and tables of the detail card and the data card, compared with the mathematics."""

import base64
import dataclasses
import re
from itertools import product

import numpy as np
import pytest

import losses
from app.common import ids
from app.experiment.basin_tiles import basin_caption
from app.experiment.experiment import Experiment
from app.experiment.prepared import prepare
from app.figures.step_slices import STEP_SLICES, figure_at_step
from app.figures.views import per_example_loss, rate_sweep
from app.figures.views.detail_card_views import DETAIL_VIEWS
from app.figures.views.example_contributions import example_descent_directions
from app.figures.views.step_tables import rule_values
from app.page.figure_set import figure_set, run_arrays
from app.url_state.state import apply_changes, parse
from losses.core.messages import format_number, format_number_down
from tests.support.adadelta import ADADELTA
from tests.support.figures import trace_named, views_at_step
from tests.support.registries import registered
from tests.support.sent import moment, scene
from tools.support.case_selection import covering

KINDS_OF_DATA = ["houses", "spam", "moons", "iris", "digits", "longley", "himmelblau"]


@pytest.mark.parametrize("data", KINDS_OF_DATA)
def test_a_view_is_offered_exactly_where_it_applies(data):
    menu = scene(parse(f"?data={data}")[0])["controls"]["detailMenu"]
    offered = {option["value"] for option in menu["options"]}
    for view in DETAIL_VIEWS:
        state, notices = parse(f"?data={data}&view={view}")
        assert (view in offered) == (not notices), view
        assert (state.view == view) == (not notices), view


@pytest.mark.parametrize(("view", "data"), covering(product(DETAIL_VIEWS, KINDS_OF_DATA)))
def test_a_view_has_a_figure_or_tables(view, data):
    state, _ = parse(f"?data={data}&view={view}")
    shown = scene(state)
    assert bool(shown["figures"][ids.DETAIL]["figure"]["moving"]) == (
        state.view not in ("step", "known", "race")
    )


def test_loss_shares_sum_to_100_percent_and_are_sorted():
    prepared, run, figures = views_at_step("?data=outlier&view=shares", 40)
    bars, note = figures[ids.DETAIL]["data"]
    assert np.isnan(note["y"]).all()
    cost = prepared.problem.example_losses(run.theta[40])
    assert bars["y"].sum() == pytest.approx(100.0)
    assert (np.diff(bars["y"]) <= 0).all()
    assert bars["y"][0] == pytest.approx(100 * cost.max() / cost.sum())
    assert bars["customdata"][0] == cost.argmax()


def test_an_outlier_dominates_the_squared_error_and_hardly_affects_the_absolute_one():
    outlier_share = {}
    for loss in ("mse", "mae"):
        state, _ = apply_changes(
            f"?loss={loss}&standardize=0&view=shares&opt=newton&rate=1", {"edit": "0:-9000"}
        )
        certificate = losses.certify(state.problem)
        cost = state.problem.example_losses(certificate.optimum)
        outlier_share[loss] = cost[0] / cost.sum()
    assert outlier_share["mse"] > 0.5
    original = losses.problem("houses", "line", "mse")
    original_optimum = losses.certify(original).optimum
    cost = parse("?standardize=0&edit=0:-9000")[0].problem.example_losses(original_optimum)
    assert cost[0] / cost.sum() > 0.99


@pytest.mark.parametrize(
    "link", ["", "?loss=mae", "?data=spam", "?data=spam&loss=mse", "?l2=0.3", "?data=misra1a"]
)
def test_descent_directions_of_examples_sum_to_minus_the_gradient(link):
    state, _ = parse(link)
    run = state.descend()
    directions = example_descent_directions(state.problem, run.theta)
    assert directions.shape == (len(run.theta), len(state.problem.y), 2)
    assert directions.sum(axis=1) == pytest.approx(-run.gradient, rel=1e-9, abs=1e-12)


def test_the_chain_of_terms_ends_at_the_tip_of_the_bold_arrow():
    _, run, figures = views_at_step("?view=pulls", 3)
    chain, total = figures[ids.DETAIL]["data"]
    assert (chain["x"][0], chain["y"][0]) == (0.0, 0.0)
    assert [chain["x"][-1], chain["y"][-1]] == pytest.approx(-run.gradient[3])
    assert [total["x"][1], total["y"][1]] == pytest.approx(-run.gradient[3])
    angles = np.arctan2(np.diff(chain["y"]), np.diff(chain["x"]))
    assert (np.diff(angles) >= -1e-9).all()


@pytest.mark.parametrize(
    "link", ["?view=lens", "?loss=huber&view=lens&delta=0.4", "?data=spam&view=lens", "?data=iris&view=lens"]
)
def test_examples_lie_on_the_curve_of_their_loss(link):
    prepared, _, figures = views_at_step(link, 4)
    *_, curve, dots = figures[ids.DETAIL]["data"]
    is_inside = (dots["x"] > curve["x"][0]) & (dots["x"] < curve["x"][-1])
    assert is_inside.sum() > 20
    on_curve = np.interp(dots["x"][is_inside], curve["x"], curve["y"])
    assert on_curve == pytest.approx(dots["y"][is_inside], rel=0.08, abs=0.02)


def test_cross_entropy_grows_without_limit_and_squared_error_does_not():
    _, _, figures = views_at_step("?data=spam&view=lens", 0)
    curves = {trace["name"]: trace["y"] for trace in figures[ids.DETAIL]["data"] if "name" in trace}
    assert curves["cross-entropy"][0] == pytest.approx(-np.log(1e-3))
    assert curves["mean squared error"].max() <= 1.0


@pytest.mark.parametrize("link", ["?data=spam&start=-6,3", "?s=price", "?data=icecream", "?data=digits"])
def test_each_named_curve_of_the_lens_goes_through_its_name_and_names_are_apart(link):
    experiment = Experiment(parse(link)[0])
    problem = experiment.prepared.problem
    layouts = [per_example_loss.layout(experiment.run, experiment.certificate)]
    is_error = per_example_loss.has_error_axis(problem)
    layouts += [] if is_error else [per_example_loss.gentle_layout(problem)]
    curves = {
        (problem.loss if key == problem.loss.key else losses.LOSSES[key]).name: curve
        for key, curve in per_example_loss.cost_curves(problem).items()
    }
    for layout in layouts:
        (low, high), names = layout["yaxis.range"], layout["annotations"]
        step = 2.0 * np.ptp(layout["xaxis.range"]) / (per_example_loss.CURVE_POINTS - 1)
        assert names[0]["text"] == problem.loss.name
        assert np.diff(sorted(name["y"] for name in names)).min(initial=np.inf) >= 0.06 * (high - low)
        for name in names:
            x = name["x"] + step * np.array([-1.0, 0.0, 1.0])
            beside = curves[name["text"]](x if is_error else np.clip(10.0**x, 1e-3, 1.0 - 1e-3))
            assert low <= name["y"] <= high
            assert beside.min() - 1e-9 <= name["y"] <= beside.max() + 1e-9


def test_only_the_bar_of_the_true_class_determines_the_loss():
    prepared, run, figures = views_at_step("?data=digits&view=bars", 10)
    bars, true_bar, _ = figures[ids.DETAIL]["data"]
    assert bars["y"].sum() == pytest.approx(1.0)
    assert -np.log(true_bar["y"][0]) == pytest.approx(prepared.problem.example_losses(run.theta[10]).max())
    assert bars["y"][int(true_bar["x"][0])] == true_bar["y"][0]


def test_the_image_grid_shows_the_highest_losses_first():
    prepared, run, figures = views_at_step("?data=digits", 20)
    images, captions = figures[ids.DATA]["data"]
    cost = prepared.problem.example_losses(run.theta[20])
    worst = prepared.problem.data.x[np.argsort(-cost, kind="stable")]
    for left, image in ((0, worst[0]), (10, worst[1])):
        gray = images["zmax"] * image.reshape(8, 8)
        assert images["z"][:8, left : left + 8] == pytest.approx(gray, abs=0.5)
    assert np.isnan(images["z"][8:12]).all()
    assert captions["text"][0].startswith("✗ ")


def test_residuals_are_squares_for_squared_errors_and_lines_for_absolute_ones():
    prepared, run, figures = views_at_step("", 6)
    squares = next(t for t in figures[ids.DATA]["data"] if t.get("fill") == "toself")
    corners = np.column_stack([squares["x"], squares["y"]]).reshape(-1, 6, 2)[:, :4]
    sides = np.ptp(corners, axis=1)
    error = prepared.problem.predict(run.theta[6], prepared.problem.data.x) - prepared.problem.data.y
    assert sides == pytest.approx(np.abs(error)[:, None].repeat(2, axis=1))
    _, _, absolute = views_at_step("?loss=mae", 6)
    assert not any("fill" in trace for trace in absolute[ids.DATA]["data"])


@pytest.mark.parametrize("optimizer", losses.OPTIMIZERS)
@pytest.mark.parametrize("schedule", ["constant", "cosine"])
def test_every_line_of_a_rule_holds_for_the_numbers_in_it(optimizer, schedule):
    """Evaluate the right side of each line with its numbers and compare it with the number on the left."""
    state, _ = parse(f"?data=anscombe1&standardize=1&opt={optimizer}&schedule={schedule}&rate=0.03&steps=9")
    run = state.descend()
    replay = losses.replay(run)
    for k in range(9):
        for i in range(2):
            numbers = rule_values(run, replay, k, i)
            for line in losses.OPTIMIZERS[optimizer].lines:
                left, right = (side.strip() for side in line.template.split("="))
                assert evaluate(right, numbers) == pytest.approx(
                    numbers[left.strip("{}")], rel=1e-9, abs=1e-12
                )


def evaluate(text, numbers):
    """Return the value of a rule's right side, given as displayed (with −, ×, √), for the given numbers."""
    text = re.sub(r"\{(\w+)\}", lambda name: f"({numbers[name[1]]!r})", text)
    text = re.sub(r"√(\([^()]*\))", r"(\1**0.5)", text).replace("√(", "root(")
    for sign, python in {"−": "-", "×": "*", "²": "**2", "^": "**"}.items():
        text = text.replace(sign, python)
    return eval(text, {"root": lambda x: x**0.5})


def test_the_step_table_shows_the_numbers_of_the_step():
    state, _ = parse("?view=step&opt=momentum")
    run = state.descend()
    experiment = Experiment(state)
    block = moment(experiment, 7)["table"]["blocks"][0]
    assert block["name"] == "w"
    line = "".join(piece["text"] for piece in block["lines"][1])
    new, old, velocity = run.theta[8, 0], run.theta[7, 0], losses.replay(run).memory[8, 0, 0]
    assert line == f"w: {format_number(new)} = {format_number(old)} − 0.08 × {format_number(velocity)}"
    assert moment(experiment, 60)["table"] == {"kind": "update", "blocks": []}


def test_the_table_of_what_is_known_shows_the_certificate():
    state, _ = parse("?data=norris&standardize=0&view=known")
    prepared, run = prepare(state), state.descend()
    known = dict(moment(Experiment(state), 5)["table"]["rows"])
    assert known["Lowest loss"] == "0.739"
    assert known["Largest stable rate 2/L"] == format_number_down(prepared.certificate.critical_rate)
    assert known["Distance to it"] == format_number(
        float(np.linalg.norm(run.theta[5] - prepared.certificate.optimum))
    )
    assert known["These are"] == "for this bowl"


def test_fog_hides_all_but_the_current_point():
    link = "?fog=1&view=known"
    state, _ = parse(link)
    prepared, run, figures = views_at_step(link, 5)
    without_fog = views_at_step("", 5)[2]
    for view in (ids.LANDSCAPE, ids.MAP):
        assert not any(trace.get("name") == "future" for trace in figures[view]["data"])
        assert any(trace.get("name") == "future" for trace in without_fog[view]["data"])
        only_here = {trace.get("name") for trace in figures[view]["data"]} - {
            trace.get("name") for trace in without_fog[view]["data"]
        }
        assert only_here <= {"fog", "tried-stems", "tried-loss", "tried-lowest", "descent_arrow"}
        assert "fog" in only_here
    menu = scene(state)["controls"]["detailMenu"]
    text = repr([[moment(Experiment(state), k) for k in range(len(run.theta))], menu])
    assert format_number(prepared.certificate.loss) not in text.replace(format_number(run.loss[-1]), "")
    assert "lowest possible" not in text
    assert trace_named(figures[ids.MAP], "descent_arrow")
    for view in (ids.LANDSCAPE, ids.MAP):
        assert not any(trace.get("name") == "descent_arrow" for trace in without_fog[view]["data"])


def test_the_descent_arrow_points_along_the_negative_gradient():
    _, run, figures = views_at_step("?fog=1", 5)
    arrow = trace_named(figures[ids.MAP], "descent_arrow")
    direction = np.array([np.diff(arrow["x"])[0], np.diff(arrow["y"])[0]])
    norms = np.linalg.norm(direction) * np.linalg.norm(run.gradient[5])
    assert direction @ run.gradient[5] == pytest.approx(-norms)


def test_examples_that_were_changed_by_hand_are_ringed():
    figures = views_at_step("?s=typo", 0)[2]
    ring = trace_named(figures[ids.DATA], "changed")
    assert np.frombuffer(base64.b64decode(ring["y"]["bdata"]), ring["y"]["dtype"]).tolist() == [-8]
    assert not any(trace.get("name") == "changed" for trace in views_at_step("", 0)[2][ids.DATA]["data"])


def test_a_run_outside_the_window_has_an_arrow_and_its_loss():
    prepared, run, figures = views_at_step("?rate=1.2", 30)
    arrow = trace_named(figures[ids.MAP], "offscreen-arrow")
    label = trace_named(figures[ids.MAP], "offscreen-label")
    (left, right), (low, high) = prepared.surface.plane.box
    assert left < arrow["x"][0] < right
    assert low < arrow["y"][0] < high
    assert label["text"] == [format_number(run.loss[30])]
    assert abs(label["x"][0] - arrow["x"][0]) == pytest.approx(0.36 * (right - left))
    assert low < label["y"][0] < high
    early = views_at_step("?rate=1.2", 12)[2][ids.MAP]
    x = [trace_named(early, f"offscreen-{part}")["x"][0] for part in ("label", "arrow")]
    assert run.loss[12] < 1e5 < run.loss[30], "a long label stands farther inside"
    assert abs(x[0] - x[1]) == pytest.approx(0.19 * (right - left))
    middle = np.mean(prepared.surface.plane.box, axis=1)
    offset = (run.theta[30] - middle) / np.ptp(prepared.surface.plane.box, axis=1)
    angle = np.radians(arrow["marker"]["angle"][0])
    assert [np.sin(angle), np.cos(angle)] == pytest.approx(offset / np.linalg.norm(offset))
    assert np.isnan(trace_named(views_at_step("", 30)[2][ids.MAP], "offscreen-arrow")["x"][0])


def test_the_loss_of_a_run_outside_is_written_beside_its_path_and_not_over_the_middle():
    prepared, _, figures = views_at_step("?s=units&a=1&rate=0.0003", 90)
    label, arrow = (trace_named(figures[ids.MAP], f"offscreen-{part}") for part in ("label", "arrow"))
    low, high = prepared.surface.plane.box[1]
    assert abs(label["y"][0] - arrow["y"][0]) == pytest.approx(0.09 * (high - low))
    assert abs(label["y"][0] - (low + high) / 2) > 0.08 * (high - low)


@pytest.mark.parametrize(
    ("link", "has_risen"),
    [("?rate=1.2", True), ("?s=ridge&a=1&steps=90", False), ("?data=separable&rate=8", False)],
)
def test_only_a_run_that_rose_above_the_window_has_an_arrow_up_in_3d(link, has_risen):
    """A run that leaves the window downhill or on the same level is not above the surface."""
    prepared, run, figures = views_at_step(link, 60)
    assert np.isfinite(trace_named(figures[ids.MAP], "offscreen-arrow")["x"][0]), "it has left the window"
    risen, left = (trace_named(figures[ids.LANDSCAPE], name) for name in ("risen-label", "offscreen-label"))
    shown, hidden = (risen, left) if has_risen else (left, risen)
    assert np.isfinite(shown["z"][0])
    assert np.isnan(hidden["z"][0])
    assert "↑" in risen["texttemplate"]
    assert "↑" not in left["texttemplate"]


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
def test_an_invalid_edit_is_ignored_with_a_notice(link, sentence):
    state, (notice,) = parse(link)
    assert state.edit == ()
    assert sentence in notice


def test_edits_change_only_their_examples_and_end_with_the_dataset():
    state, notices = parse("?edit=7:12,3:-8&standardize=0")
    assert notices == ()
    original = losses.DATASETS["houses"].y
    changed = np.flatnonzero(state.problem.y != original)
    assert changed.tolist() == [3, 7]
    assert state.problem.y[[3, 7]].tolist() == [-8, 12]
    for changes in ({"data": "norris"}, {"seed": "4"}):
        after, notices = apply_changes("?edit=7:12", changes)
        assert after.edit == ()
        assert notices == ()


def test_every_step_slice_is_used():
    used = set()
    for link in ("", "?loss=mae", "?data=moons", "?data=digits&view=bars", "?race=adam"):
        state, _ = parse(link)
        for _, make in figure_set(Experiment(state)).values():
            used |= {name for part in make().moving for name in (part.slice, part.while_playing) if name}
    assert used == set(STEP_SLICES)


def test_a_run_that_diverges_at_once_is_drawn():
    state, _ = parse("?steps=1&rate=1e30")
    run = state.descend()
    arrays = run_arrays(Experiment(state))
    for _, make in figure_set(Experiment(state)).values():
        assert figure_at_step(make(), arrays, len(run.theta) - 1)["data"]


@pytest.mark.parametrize("link", ["?view=betas&opt=momentum", "?view=betas"])
def test_the_line_over_rate_and_momentum_is_the_limit_of_heavy_ball(link):
    state = parse(link)[0]
    (line,) = figure_set(Experiment(state))[ids.DETAIL][1]().data
    limits, betas = (
        np.frombuffer(base64.b64decode(line[axis]["bdata"]), line[axis]["dtype"]) for axis in "xy"
    )
    for limit, beta in zip(limits[::4], betas[::4], strict=True):
        rates = {"slow": 0.98 * limit, "fast": 1.02 * limit}
        ends = {
            name: losses.descend(state.problem, "momentum", rate=rate, steps=3000, momentum=beta).loss[-1]
            for name, rate in rates.items()
        }
        assert ends["slow"] < 1.0 < 1e6 < ends["fast"], beta


@pytest.mark.parametrize(
    "link", ["?view=betas&data=spam", "?view=betas&loss=mae", "?view=betas&data=himmelblau"]
)
def test_no_line_is_drawn_over_rate_and_momentum_where_the_loss_is_not_quadratic(link):
    assert figure_set(Experiment(parse(link)[0]))[ids.DETAIL][1]().data == []


def test_fog_hides_how_the_run_ends():
    link = "?fog=1&data=spam&vs=mse"
    state = parse(link)[0]
    experiment = Experiment(state)
    for view, (_, make) in figure_set(experiment).items():
        for trace in make().data:
            assert trace.get("marker", {}).get("symbol") not in ("x", "cross"), view
    loss_curve = scene(state)["figures"][ids.DETAIL]["figure"]
    assert all(trace["slice"] != "row" for trace in loss_curve["moving"])
    rate_slider = scene(state)["controls"]["sliders"][0]
    assert (rate_slider["marks"], rate_slider["note"]) == ([], "")
    known = dict(moment(Experiment(parse("?fog=1&view=known")[0]), 3)["table"]["rows"])
    assert {value for name, value in known.items() if name != "Slope here"} <= {
        "not known",
        "not known here",
    }
    for view in ("rates", "betas", "race"):
        assert scene(parse(f"?fog=1&view={view}")[0])["detail"]["view"] == "curve"
    basins_in_fog = parse("?fog=1&data=himmelblau&basins=1")[0]
    map_figure = figure_set(Experiment(basins_in_fog))[ids.MAP][1]()
    assert "basins" not in {trace.get("name") for trace in map_figure.data}
    assert basin_caption(basins_in_fog) == ""


def test_each_line_of_the_step_table_begins_with_its_target():
    lines = moment(Experiment(parse("?view=step&opt=adam")[0]), 7)["table"]["blocks"][0]["lines"]
    first, second, last = ("".join(piece["text"] for piece in line) for line in lines)
    assert first.startswith("m: ")
    assert second.startswith("v: ")
    assert last.startswith("w: ")
    assert "0.9⁸" in last


def test_a_coordinate_of_the_optimum_that_is_a_rounding_error_is_shown_as_zero():
    known = dict(moment(Experiment(parse("?view=known")[0]), 7)["table"]["rows"])
    assert known["Optimum"] == "w = 0.841, b = 0"


def test_examples_can_be_dragged_where_slope_and_intercept_determine_the_probability():
    """From the inputs the page finds the start for another probability of an example: b = score − w x."""
    problem = losses.problem("spam", "logistic", "bce")
    x = per_example_loss.draggable_inputs(problem)
    assert problem.score([3.0, 0.5]) == pytest.approx(3.0 * np.array(x) + 0.5)
    for other in (("houses", "line", "mse"), ("moons", "logistic", "bce"), ("moons", "mlp", "bce")):
        assert per_example_loss.draggable_inputs(losses.problem(*other)) is None
    assert per_example_loss.draggable_inputs(losses.TEST_FUNCTIONS["bowl"]) is None
    for link, draggable in (
        ("?data=spam&view=lens", True),
        ("?data=spam", False),
        ("?data=spam&view=lens&hide=start", False),
    ):
        assert (scene(parse(link)[0])["draggableInputs"] is not None) == draggable


@pytest.fixture
def adadelta():
    with registered(losses.OPTIMIZERS, ADADELTA):
        yield


def test_the_step_table_names_the_memory_of_an_added_optimizer(adadelta):
    experiment = Experiment(parse("?view=step&opt=zeiler&rate=1")[0])
    w, b = moment(experiment, 7)["table"]["blocks"]
    lines = ["".join(piece["text"] for piece in line) for line in w["lines"]]
    (s0, u0), (s, u) = losses.replay(experiment.run).memory[7:9, :, 0]
    g, old, new = experiment.run.gradient[7, 0], *experiment.run.theta[7:9, 0]
    assert lines[0].startswith(f"s: {format_number(s)} = 0.9 × {format_number(s0)} + ")
    assert lines[1].startswith(f"u: {format_number(u)} = 0.9 × {format_number(u0)} + ")
    root = f"√({format_number(u0)} + 0.01) / √({format_number(s)} + 0.01)"
    assert lines[2] in (
        f"w: {format_number(new)} = {format_number(old)} − 1 × {root} × {format_number(g)}",
        f"w: {format_number(new)} = {format_number(old)} − 1 × {root} × ({format_number(g)})",
    )
    assert w["lines"][1][0] == {"text": "u", "role": "memory"}


def test_the_step_table_shows_intermediate_values_of_a_rule():
    rule = ("v = momentum * v_old + g", "ahead = g + momentum * v", "theta = theta_old - rate * ahead")
    entry = dataclasses.replace(losses.OPTIMIZERS["nesterov"], key="between", rule=rule)
    with registered(losses.OPTIMIZERS, entry):
        experiment = Experiment(parse("?view=step&opt=between&rate=0.1")[0])
        block = moment(experiment, 7)["table"]["blocks"][0]
    lines = ["".join(piece["text"] for piece in line) for line in block["lines"]]
    ahead = (experiment.run.theta[7, 0] - experiment.run.theta[8, 0]) / 0.1
    assert lines[1].startswith(f"ahead: {format_number(ahead)} = ")
    assert block["lines"][1][0] == {"text": "ahead", "role": ""}


@pytest.mark.parametrize("view", DETAIL_VIEWS)
@pytest.mark.parametrize("data", ["houses", "himmelblau"])
def test_every_view_is_drawn_for_an_added_optimizer(view, data, adadelta):
    state, _ = parse(f"?data={data}&view={view}&opt=zeiler")
    page = scene(state)
    assert state.optimizer == ADADELTA.key
    assert ADADELTA.name in page["title"]
    assert page["figures"]
    table = moment(Experiment(state), 3)["table"]
    has_blocks = bool(table and table.get("blocks"))
    assert bool(page["detail"]["updateRule"]) == has_blocks == (state.view == "step")


def test_the_images_are_squares_with_their_captions_below():
    _, _, figures = views_at_step("?data=digits", 20)
    layout, (images, captions) = figures[ids.DATA]["layout"], figures[ids.DATA]["data"]
    assert layout["yaxis"]["scaleanchor"] == "x"
    assert np.shape(images["z"]) == (2 * 12, 6 * 10)
    assert captions["textposition"] == "bottom center"
    assert list(captions["y"]) == pytest.approx([7.6] * 6 + [19.6] * 6)
    assert "12" in layout["annotations"][0]["text"]


@pytest.mark.parametrize(
    ("link", "label"),
    [
        ("?data=icecream", "2/L"),
        ("?data=spam", "2/L, with a bound for L"),
        ("?data=himmelblau", "2/L at the minimum"),
        ("?data=icecream&model=neuron", None),
        ("?data=icecream&opt=adam", None),
        ("?data=icecream&schedule=cosine", None),
    ],
)
def test_the_picture_of_rates_has_the_line_of_the_limit_only_where_it_holds(link, label):
    """It holds for gradient descent at a constant rate, and is not known from the curvature at a start."""
    figure = figure_set(Experiment(parse(f"{link}&view=rates")[0]))[ids.DETAIL][1]()
    assert [str(shape["label"]["text"]) for shape in figure.layout["shapes"]] == ([label] if label else [])


def test_the_picture_of_rates_is_another_one_for_an_optimizer_without_the_line():
    names = {
        figure_set(Experiment(parse(f"?data=icecream&view=rates&opt={opt}")[0]))[ids.DETAIL][0]
        for opt in ("gd", "adam")
    }
    assert len(names) == 2


@pytest.mark.parametrize(
    "link",
    [
        "?data=houses&loss=own&formula=-exp(-r**2)",
        "?data=houses&loss=own&formula=r",
        "?loss=own&formula=r**2-5",
    ],
)
def test_costs_below_0_have_no_shares_and_a_text_says_so(link):
    prepared, run, figures = views_at_step(f"{link}&view=shares", 40)
    assert (prepared.problem.example_losses(run.theta[40]) < 0.0).any()
    bars, note = figures[ids.DETAIL]["data"]
    assert np.isnan(bars["y"]).all()
    assert note["text"] == ["Costs below 0 have no shares."]
    assert np.isfinite([*note["x"], *note["y"]]).all()


def test_shares_of_a_penalized_loss_leave_that_of_the_penalty():
    prepared, run, figures = views_at_step("?data=houses&l2=0.5&view=shares", 40)
    bars, note = figures[ids.DETAIL]["data"]
    problem = prepared.problem
    of_penalty = 100.0 * float(problem.penalty(run.theta[40])) / run.loss[40]
    assert of_penalty > 10.0
    assert bars["y"].sum() == pytest.approx(100.0 - of_penalty)
    assert np.isnan(note["y"]).all()


@pytest.mark.parametrize(
    "link",
    [
        "?data=houses&loss=own&formula=-exp(-r**2)",
        "?data=anscombe2&standardize=0&loss=own&formula=r",
        "?data=misra1a&loss=own&formula=max(r,-1)",
        "?data=icecream&loss=own&formula=r**2-5",
        "?data=spam&loss=own&formula=-y*p",
        "?data=own&points=regression_x,y_0,1_1,2_2,3&standardize=0&start=1,1",
    ],
)
def test_the_axis_of_costs_holds_every_example_of_the_start_and_the_lowest_cost_of_its_curve(link):
    experiment = Experiment(parse(f"{link}&view=lens")[0])
    problem, run = experiment.prepared.problem, experiment.run
    layout = per_example_loss.layout(run, experiment.certificate)
    low, high = layout["yaxis.range"]
    left, right = layout["xaxis.range"]
    assert left < right
    drawn = per_example_loss.arrays(problem, run)
    costs = drawn["dot_y"][0]
    assert low < costs.min()
    assert costs.max() < high
    curve = drawn.get(f"lens_{problem.loss.key}")
    if curve is not None and per_example_loss.has_error_axis(problem):
        inside = (drawn["lens_x"] > left) & (drawn["lens_x"] < right)
        assert low < curve[inside].min()


def test_an_unfinished_run_is_marked_at_the_steps_that_were_tried(monkeypatch):
    monkeypatch.setattr(rate_sweep, "view_sweep", lambda *_: (4, 7))
    experiment = Experiment(parse("?data=houses&view=rates&steps=60")[0])
    arrays = rate_sweep.arrays(experiment.prepared.problem, experiment.run)
    running = arrays["rate_running"][np.isfinite(arrays["rate_running"])]
    assert running.size
    assert (running == 7.0).all()


@pytest.mark.parametrize("schedule", losses.SCHEDULES)
def test_a_shortened_sweep_shows_the_first_steps_of_the_runs_and_not_other_ones(schedule, monkeypatch):
    """Some schedules depend on the number of steps, which the budget of a view may cut."""
    p = losses.problem("houses", "line", "mse", standardize=True)
    monkeypatch.setattr(rate_sweep, "view_sweep", lambda *_: (4, 20))
    run = losses.descend(p, rate=0.3, steps=50, schedule=schedule)
    arrays = rate_sweep.arrays(p, run)
    for rate, u in zip(arrays["rate_x"], arrays["sweep_u"], strict=True):
        whole = losses.descend(p, rate=float(rate), steps=50, schedule=schedule)
        assert u == pytest.approx(p.plane.coordinates(whole.theta[:21])[..., 0], rel=1e-9)
