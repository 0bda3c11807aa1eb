"""Figures of all problems: valid for Plotly at the first and last step, and true to the mathematics."""

from types import SimpleNamespace

import numpy as np
import plotly.graph_objects as go
import pytest

import losses
from app.browser_assets.palette import palette, resolve_colors
from app.common import ids
from app.experiment.experiment import Experiment
from app.experiment.prepared import prepare
from app.figures import trajectory
from app.figures.comparison_overlay import COMPETITOR_STYLES
from app.figures.plot_base import log_ticks
from app.figures.step_slices import figure_at_step
from app.figures.trajectory import polyline
from app.figures.views.detail_card_views import DETAIL_VIEWS
from app.figures.views.loss_curve import loss_curve_ranges
from app.figures.z_scale import z_scale_for
from app.page.figure_set import figure_set, run_arrays
from app.page.scene import run_layout
from app.problem_setup.view_planes import PLANES
from app.url_state.state import parse
from losses.core.messages import format_number
from tests.support.figures import trace_named, views_at_step
from tests.support.problem_cases import PAIRINGS
from tests.support.sent import scene, sent
from tests.support.verdict_oracle import read_number
from tools.support.case_selection import covering

OTHER_LINKS = [f"?data={key}" for key in losses.TEST_FUNCTIONS]
OTHER_LINKS += [f"?data=iris&plane={plane}&axis1=2&axis2=5" for plane in PLANES]


def assert_figures_are_valid(link, last):
    """Assert that Plotly accepts the figures of a link at the last step, or at the first."""
    state, notices = parse(link)
    assert notices == ()
    experiment = Experiment(state)
    arrays, k = run_arrays(experiment), (len(experiment.run.theta) - 1) * last
    for view, (_, make) in figure_set(experiment).items():
        figure = make()
        plotly_figure = go.Figure(resolve_colors(figure_at_step(figure, arrays, k)))
        assert len(plotly_figure.data) == len(figure.data) + len(figure.moving), view


@pytest.mark.parametrize(("data", "model", "loss"), covering(PAIRINGS))
def test_every_figure_of_a_dataset_model_and_loss_is_valid(data, model, loss):
    index = PAIRINGS.index((data, model, loss))
    link = f"?data={data}&model={model}&loss={loss}&standardize={index % 2}"
    assert_figures_are_valid(link, last=index // 2 % 2)


@pytest.mark.parametrize("link", OTHER_LINKS)
@pytest.mark.parametrize("last", [True, pytest.param(False, marks=pytest.mark.thorough)])
def test_every_figure_of_a_function_and_a_plane_is_valid(link, last):
    assert_figures_are_valid(link, last)


def test_the_trajectory_is_drawn_at_its_losses_and_parameters():
    prepared, run, figures = views_at_step("?k=3", 3)
    assert trace_named(figures[ids.LANDSCAPE], "now")["z"] == pytest.approx(run.loss[3:4])
    past = trace_named(figures[ids.MAP], "past")
    assert np.column_stack([past["x"], past["y"]]) == pytest.approx(run.theta[:4])
    next_point = trace_named(figures[ids.MAP], "next")
    assert [next_point["x"][0], next_point["y"][0]] == pytest.approx(run.theta[4])


def test_a_trajectory_is_drawn_beyond_the_window():
    prepared, run, figures = views_at_step("?rate=1.2", 12)
    past = trace_named(figures[ids.MAP], "past")
    (left, right), _ = prepared.surface.plane.box
    is_outside = (past["x"] < left) | (past["x"] > right)
    assert is_outside.any()
    assert np.nanmax(np.abs(past["x"])) == pytest.approx(np.abs(run.theta[:13, 0]).max())


def test_losses_above_the_z_range_are_not_clipped():
    prepared, run, figures = views_at_step("?rate=1.2", 12)
    heights = trace_named(figures[ids.LANDSCAPE], "past")["z"]
    assert set(np.float32(run.loss[:13])) <= set(np.float32(heights))
    assert heights.max() > 10 * prepared.z_scale.z_range[1]


def test_iterates_too_far_away_to_draw_are_nan():
    _, run, figures = views_at_step("?rate=40&steps=60", 40)
    x = trace_named(figures[ids.MAP], "past")["x"]
    assert np.isnan(x[-1])
    is_drawn = np.isfinite(x)
    assert x[is_drawn] == pytest.approx(run.theta[: is_drawn.sum(), 0])


def test_iterates_too_high_to_draw_are_nan():
    """Plotly scales single precision by all that is drawn.

    With a trajectory up to 1e9 windows high only three levels of a bowl would remain.
    """
    prepared, run, figures = views_at_step("?rate=1.2&steps=60", 60)
    heights = trace_named(figures[ids.LANDSCAPE], "past")["z"]
    assert run.loss[60] > 1e12 * prepared.z_scale.z_range[1]
    assert heights[np.isfinite(heights)].max() < 1e4 * prepared.z_scale.z_range[1]
    heights = polyline(run, prepared.surface.plane, prepared.z_scale)["h"]
    is_drawn = np.isfinite(heights)
    assert is_drawn.sum() > 1
    assert heights[is_drawn] == pytest.approx(run.loss[: is_drawn.sum()])


def test_residual_lines_go_from_the_prediction_to_the_target():
    prepared, run, figures = views_at_step("?k=5&loss=mae", 5)
    residuals = next(t for t in figures[ids.DATA]["data"] if len(t["x"]) == 3 * 36)
    predicted = prepared.problem.predict(run.theta[5], prepared.problem.data.x)
    assert residuals["y"][0::3] == pytest.approx(predicted)
    assert residuals["y"][1::3] == pytest.approx(prepared.problem.data.y)


@pytest.mark.parametrize(
    ("z", "log"),
    [(np.linspace(1, 10, 100), False), (np.geomspace(1e-3, 1e6, 100), True), (np.linspace(-5, 5, 9), False)],
)
def test_the_z_scale_is_logarithmic_for_a_large_range_of_losses(z, log):
    z_scale = z_scale_for(z)
    assert z_scale.log == log
    assert ("log" in z_scale.title) == log
    assert (np.diff(z_scale.to_z(z)) > 0).all()
    low, high = z_scale.z_range
    assert z_scale.to_z(z.min()) == pytest.approx(low)
    assert z_scale.to_z(z.max()) == pytest.approx(high)


def test_the_z_scale_is_linear_if_most_losses_are_zero():
    z_scale = z_scale_for(np.r_[np.zeros(100), 2.0])
    assert (z_scale.log, z_scale.z_range) == (False, (0.0, 2.0))
    assert z_scale.ticks


def test_tick_labels_of_a_logarithmic_z_scale_are_losses():
    z_scale = z_scale_for(np.geomspace(1e-2, 1e6, 50))
    ticks = z_scale.ticks
    for z, text in zip(ticks["tickvals"], ticks["ticktext"], strict=True):
        assert z == pytest.approx(float(z_scale.to_z(read_number(text))))


def test_the_camera_is_opposite_the_start():
    for start in ("-2,1.5", "1,2.5", "2,-2"):
        link = f"?data=bowl&start={start}"
        eye = figure_set(Experiment(parse(link)[0]))["landscape"][1]().layout["scene"]["camera"]["eye"]
        assert eye["x"] * -2.2 + eye["y"] * 1.6 < 0, "opposite the usual start, wherever a run starts now"


def test_the_camera_sees_where_a_run_leaves_a_saddle():
    """A camera opposite the start would not: there a ridge as high as the start hides the exit."""
    experiment = Experiment(parse("?s=ridge&a=1")[0])
    eye = figure_set(experiment)["landscape"][1]().layout["scene"]["camera"]["eye"]
    assert eye["x"] < 0
    assert eye["y"] * experiment.run.theta[42, 1] > 0.5


def color_names(part):
    """Return the names of the color variables in a figure or a part of one."""
    if isinstance(part, dict):
        return set().union(*map(color_names, part.values()))
    if isinstance(part, list):
        return set().union(set(), *map(color_names, part))
    return {part[4:-1]} if isinstance(part, str) and part.startswith("var(") else set()


def test_all_colors_are_defined_in_both_palettes():
    assert set(palette("dark")) >= set(palette("light"))
    links = [f"?data=houses&view={view}" for view in DETAIL_VIEWS if view != "bars"]
    for link in (*links, "?data=moons", "?data=digits&view=bars", "?data=iris"):
        state, notices = parse(link)
        assert notices == ()
        used = color_names([sent(make()) for _, make in figure_set(Experiment(state)).values()])
        assert used
        assert used <= set(palette("light"))


def test_a_figure_that_the_browser_has_is_not_sent_again():
    first = scene(parse("")[0])["figures"]
    known_names = tuple(figure["name"] for figure in first.values())
    assert all(figure["figure"] for figure in first.values())
    for link in ("?rate=0.3", "?k=3&start=0,0", "?steps=90"):
        again = scene(parse(link)[0], (), known_names)["figures"]
        assert [figure["figure"] for figure in again.values()] == [None] * 4
    other = scene(parse("?view=lens")[0], (), known_names)["figures"]
    assert [view for view, figure in other.items() if figure["figure"]] == [ids.DETAIL]


def test_a_start_outside_the_window_widens_it():
    inside, outside = (prepare(parse(link)[0]) for link in ("", "?start=30,0"))
    assert inside.surface.plane.box != outside.surface.plane.box
    assert outside.surface.plane.box[0][1] > 30


def test_a_fall_for_ever_does_not_flatten_the_plateau_before_it():
    experiment = Experiment(parse("?data=saddle&steps=90")[0])
    low, high = run_layout(experiment)["yaxis.range"]
    heights = experiment.prepared.surface.z
    assert experiment.run.loss.min() < -100 < low < heights.min() < experiment.run.loss[0] < high
    assert high - low < 1.2 * np.ptp(heights)


@pytest.mark.parametrize(("low", "log"), [(80.0, False), (0.5, True)])
def test_an_optimum_of_nearly_zero_does_not_stretch_the_loss_axis(low, log):
    """Himmelblau's minimum is computed as 2e−29: a logarithmic axis down to it would show a flat curve."""
    run = SimpleNamespace(loss=np.geomspace(180.0, low, 61))
    layout = loss_curve_ranges(run, SimpleNamespace(loss=2e-29))
    bottom, top = layout["yaxis.range"]
    assert layout["yaxis.type"] == ("log" if log else "linear")
    y = np.log10(run.loss) if log else run.loss
    assert (y[0] - y[-1]) / (top - bottom) > (0.8 if log else 0.45)
    assert bottom <= y[-1]


@pytest.mark.parametrize(
    ("low", "high", "labels"),
    [
        (-1.1, 1.2, ["0.1", "1", "10"]),
        (-4, 2, ["10⁻⁴", "0.01", "1", "100"]),
        (0.2, 1.4, ["2", "5", "10", "20"]),
    ],
)
def test_logarithmic_axes_have_few_ticks_formatted_like_all_numbers(low, high, labels):
    ticks = log_ticks(low, high)
    assert ticks["ticktext"] == labels
    assert all(low <= np.log10(value) <= high for value in ticks["tickvals"])
    assert log_ticks(0.01, 0.05) == {"tickmode": "auto"}


def test_markers_are_spaced_iterates_of_the_trajectory():
    prepared, run, figures = views_at_step("?data=spam&steps=200", 200)
    markers = trace_named(figures[ids.MAP], "markers")
    is_shown = np.isfinite(markers["x"])
    points = np.column_stack([markers["x"], markers["y"]])[is_shown]
    distances = np.linalg.norm(np.diff(points, axis=0) / np.ptp(prepared.surface.plane.box, axis=1), axis=1)
    assert distances.min() >= 0.02
    assert is_shown[0]
    assert 10 < is_shown.sum() < 100
    assert points == pytest.approx(run.theta[is_shown])


def test_a_trajectory_with_inertia_has_no_markers():
    figures = views_at_step("?opt=momentum", 9)[2]
    assert not any(trace.get("name") == "markers" for trace in figures[ids.MAP]["data"])


def test_3d_markers_do_not_use_the_symbol_x():
    """Plotly draws it as an emoji, which is an empty box where no font has that."""
    _, _, figures = views_at_step("?vs=mae&race=adam,momentum,nesterov,rmsprop", 3)
    used = {
        trace["marker"]["symbol"]
        for trace in figures[ids.LANDSCAPE]["data"]
        if "symbol" in trace.get("marker", {})
    }
    assert "cross" in used
    assert "x" not in used
    assert len({style.symbol3d for style in COMPETITOR_STYLES}) == len(COMPETITOR_STYLES)


def test_a_run_outside_the_window_has_its_loss_in_3d_too():
    prepared, run, figures = views_at_step("?rate=1.2", 30)
    label = trace_named(figures[ids.LANDSCAPE], "risen-label")
    assert label["text"] == [format_number(run.loss[30])]
    assert label["z"][0] == prepared.z_scale.z_range[1]
    offset = (label["x"][0] - np.mean(prepared.surface.plane.box[0])) / np.ptp(prepared.surface.plane.box[0])
    assert 0.05 < abs(offset) < 0.25, "farther out it is above the card"
    assert np.isnan(trace_named(views_at_step("", 30)[2][ids.LANDSCAPE], "risen-label")["z"][0])


@pytest.mark.parametrize("link", ["", "?data=rosenbrock", "?data=iris"])
def test_the_descent_arrow_is_tangent_to_the_surface(link):
    """Its slope is the difference quotient of the height along it, on linear and logarithmic scales."""
    prepared, run, figures = views_at_step(link + ("&" if link else "?") + "fog=1&k=0", 0)
    arrow = trace_named(figures[ids.LANDSCAPE], "descent_arrow")
    (u, du), (v, dv) = ((axis[0], np.diff(axis)[0]) for axis in (arrow["x"], arrow["y"]))
    step = 1e-4
    base_height, near_height = (
        prepared.z_scale.to_z(prepared.problem.value(prepared.surface.plane.points(u + t * du, v + t * dv)))
        for t in (0, step)
    )
    slope = np.diff(arrow["z"])[0]
    assert slope < 0
    assert (near_height - base_height) / step == pytest.approx(slope, rel=0.02)


def test_the_loss_of_a_run_outside_the_window_is_formatted_like_all_numbers():
    _, run, figures = views_at_step("?rate=1.2&k=60&steps=60", 60)
    text = format_number(float(run.loss[60]))
    assert "× 10" in text.replace("\u00a0", " ")
    for view, name in (("map", "offscreen-label"), ("landscape", "risen-label")):
        assert trace_named(figures[view], name)["text"] == [text]


@pytest.mark.parametrize("link", ["", "?data=norris&standardize=0", "?data=rosenbrock"])
def test_the_outline_of_the_floor_is_inside_the_box(link):
    """Plotly leaves out parts of lines that rounding to single precision puts outside the box."""
    _, _, figures = views_at_step(link, 0)
    scene = figures["landscape"]["layout"]["scene"]
    outline = next(trace for trace in figures["landscape"]["data"] if len(trace["x"]) == 5)
    for name in "xyz":
        low, high = np.float32(scene[f"{name}axis"]["range"])
        near = 0.01 * (high - low)
        ends = np.float32(min(outline[name])), np.float32(max(outline[name]))
        assert low < ends[0] < low + near
        assert high - near < ends[1] < high or name == "z"


def test_the_examples_of_a_model_for_positive_inputs_are_not_cut_by_the_edge():
    prepared, _, figures = views_at_step("?data=misra1a", 0)
    inputs = prepared.problem.data.inputs[:, 0]
    assert prepared.problem.model.positive_inputs_only
    low, high = figures["data"]["layout"]["xaxis"]["range"]
    margin = 0.03 * np.ptp(inputs)
    assert low < inputs.min() - margin < inputs.max() + margin < high


@pytest.mark.parametrize(("link", "size"), [("?data=moons", 6), ("?data=tumors", 4)])
def test_two_classes_have_a_key_and_the_symbols_of_many_examples_are_small(link, size):
    prepared, _, figures = views_at_step(link, 0)
    names = figures["data"]["layout"]["meta"]["classes"]
    assert [f"{sign} {name}" for sign, name in zip("○■", prepared.problem.data.classes, strict=True)] == (
        names.split("  ")
    )
    examples = [trace for trace in figures["data"]["data"] if trace.get("meta") == "examples"]
    assert [trace["marker"]["symbol"] for trace in examples] == ["circle-open", "square"]
    assert {trace["marker"]["size"] for trace in examples} == {size}


@pytest.mark.parametrize(("loss", "contains_zero"), [(14.3, True), (0.0, True), (-2.0, False)])
def test_a_single_loss_is_seen_from_zero(loss, contains_zero):
    low, high = loss_curve_ranges(SimpleNamespace(loss=np.array([loss])), SimpleNamespace(loss=None))[
        "yaxis.range"
    ]
    assert low < loss < high
    assert (low < 0 < high) == contains_zero


@pytest.mark.parametrize("link", ["", "?data=norris&standardize=0", "?data=rosenbrock", "?data=saddle"])
def test_the_z_axis_has_no_ticks_near_its_lower_end(link):
    z_scale = prepare(parse(link)[0]).z_scale
    (low, high), ticks = z_scale.z_range, z_scale.ticks
    assert len(ticks["tickvals"]) >= 2
    assert all(low + 0.1 * (high - low) <= z <= high for z in ticks["tickvals"])
    assert len(set(ticks["ticktext"])) == len(ticks["ticktext"])
    if link == "":
        assert ticks["ticktext"] == ["2", "4", "6"]


def test_a_flag_marks_the_step_of_arrival_and_not_before():
    """The curve and the map show it at the same step as the verdict; fog hides it."""
    problem = losses.problem("houses", "line", "mse", standardize=True)
    run, surface = losses.descend(problem, rate=0.3, steps=30), losses.surface(problem, size=11)
    scale = z_scale_for(surface.z)
    arrays = trajectory.arrays(run, surface.plane, scale, descent_arrow=False)
    k = run.settled_at
    assert 0 < k < 30
    assert np.isnan(arrays["flag_x"][:k]).all()
    assert (arrays["flag_x"][k:] == k).all()
    assert (arrays["flag_y"][k:] == run.loss[k]).all()
    assert (arrays["flag_u"][k:] == run.theta[k, 0]).all()
    assert trajectory.arrays(run, surface.plane, scale, descent_arrow=True)["flag_x"].size == 0
    early = losses.descend(problem, rate=0.3, steps=k - 1)
    assert trajectory.arrays(early, surface.plane, scale, descent_arrow=False)["flag_x"].size == 0
