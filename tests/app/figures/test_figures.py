"""Every figure of every problem, at several steps, as Plotly itself understands it."""

from types import SimpleNamespace

import numpy as np
import plotly.graph_objects as go
import pytest

import losses
from app.browser_assets.palette import palette, resolve_colors
from app.common import ids
from app.experiment.experiment import Experiment
from app.experiment.run import prepare, run_descent
from app.figures.comparison_overlay import COMPETITOR_STYLES
from app.figures.detail_card_views import DETAIL_VIEWS
from app.figures.loss_curve import loss_curve_ranges
from app.figures.plot_base import log_ticks
from app.figures.step_slices import figure_at_step
from app.figures.surface_3d import camera
from app.figures.z_scale import z_scale_for
from app.page.figure_set import figure_set, run_arrays
from app.page.scene import scene
from app.problem_setup.view_planes import PLANES
from app.url_state.state import parse
from losses.core.messages import format_number
from tests.support.figures import trace_named, views_at_step
from tests.support.problem_cases import PAIRINGS

LINKS = [
    f"?data={data}&model={model}&loss={loss}&standardize={standardize}"
    for data, model, loss in PAIRINGS
    for standardize in "01"
]
LINKS += [f"?data={key}" for key in losses.TEST_FUNCTIONS]
LINKS += [f"?data=iris&plane={plane}&axis1=2&axis2=5" for plane in PLANES]


@pytest.mark.parametrize("link", LINKS)
def test_every_figure_is_valid_at_every_moment(link):
    state, notices = parse(link)
    assert notices == ()
    run = run_descent(state)
    arrays = run_arrays(Experiment(state))
    for view, (_, make) in figure_set(Experiment(state)).items():
        figure = make()
        for k in (0, len(run.theta) - 1):
            drawn = go.Figure(resolve_colors(figure_at_step(figure, arrays, k)))
            assert len(drawn.data) == len(figure["data"]) + len(figure["moving"]), view


def test_the_path_is_drawn_at_its_true_height():
    here, run, drawn = views_at_step("?k=3", 3)
    assert trace_named(drawn[ids.LANDSCAPE], "now")["z"] == pytest.approx(run.loss[3:4])
    past = trace_named(drawn[ids.MAP], "past")
    assert np.column_stack([past["x"], past["y"]]) == pytest.approx(run.theta[:4])
    landing = trace_named(drawn[ids.MAP], "next")
    assert [landing["x"][0], landing["y"][0]] == pytest.approx(run.theta[4])


def test_a_run_that_leaves_is_drawn_leaving():
    here, run, drawn = views_at_step("?rate=1.2", 12)
    past = trace_named(drawn[ids.MAP], "past")
    (left, right), _ = here.surface.plane.box
    outside = (past["x"] < left) | (past["x"] > right)
    assert outside.any()
    assert np.nanmax(np.abs(past["x"])) == pytest.approx(np.abs(run.theta[:13, 0]).max())


def test_heights_above_the_window_are_not_cut():
    here, run, figures = views_at_step("?rate=1.2", 12)
    heights = trace_named(figures[ids.LANDSCAPE], "past")["z"]
    assert heights == pytest.approx(run.loss[:13])
    assert heights.max() > 10 * here.z_scale.z_range[1]


def test_what_is_too_far_to_draw_is_not_drawn_elsewhere():
    _, run, figures = views_at_step("?rate=40&steps=60", 40)
    x = trace_named(figures[ids.MAP], "past")["x"]
    assert np.isnan(x[-1])
    drawn = np.isfinite(x)
    assert x[drawn] == pytest.approx(run.theta[: drawn.sum(), 0])


def test_what_is_too_high_to_draw_leaves_the_ground_its_precision():
    """Where single precision counts from a path at 1e9 windows, a bowl is three terraces."""
    here, run, figures = views_at_step("?rate=1.2&steps=60", 60)
    heights = trace_named(figures[ids.LANDSCAPE], "past")["z"]
    drawn = np.isfinite(heights)
    assert run.loss[60] > 1e12 * here.z_scale.z_range[1]
    assert heights[drawn].max() < 1e4 * here.z_scale.z_range[1]
    assert heights[drawn] == pytest.approx(run.loss[: drawn.sum()])


def test_gaps_end_at_the_model_and_at_the_example():
    here, run, figures = views_at_step("?k=5&loss=mae", 5)
    gaps = next(t for t in figures[ids.DATA]["data"] if len(t["x"]) == 3 * 36)
    said = here.problem.predict(run.theta[5], here.problem.data.x)
    assert gaps["y"][0::3] == pytest.approx(said)
    assert gaps["y"][1::3] == pytest.approx(here.problem.data.y)


@pytest.mark.parametrize(
    ("z", "log"),
    [(np.linspace(1, 10, 100), False), (np.geomspace(1e-3, 1e6, 100), True), (np.linspace(-5, 5, 9), False)],
)
def test_heights_are_logarithmic_where_the_range_asks_for_it(z, log):
    height = z_scale_for(z)
    assert height.log == log
    assert ("log" in height.title) == log
    assert (np.diff(height.to_z(z)) > 0).all()
    low, high = height.z_range
    assert height.to_z(z.min()) == pytest.approx(low)
    assert height.to_z(z.max()) == pytest.approx(high)


def test_a_surface_that_is_zero_nearly_everywhere_is_drawn_plainly():
    height = z_scale_for(np.r_[np.zeros(100), 2.0])
    assert (height.log, height.z_range) == (False, (0.0, 2.0))
    assert height.ticks


def test_ticks_of_a_logarithmic_height_say_the_loss():
    height = z_scale_for(np.geomspace(1e-2, 1e6, 50))
    ticks = height.ticks
    for at_, text in zip(ticks["tickvals"], ticks["ticktext"], strict=True):
        said = float(text.replace("\u202f", "").replace("−", "-"))
        assert at_ == pytest.approx(float(height.to_z(said)))


def test_the_camera_stands_opposite_the_start():
    plane = losses.TEST_FUNCTIONS["bowl"].plane
    for start in ((-2.0, 1.5), (1.0, 2.5), (2.0, -2.0)):
        eye = camera(plane, start)["eye"]
        assert eye["x"] * start[0] + eye["y"] * start[1] < 0


@pytest.mark.parametrize("offset", [0.001, -0.001])
def test_the_camera_stands_where_a_run_leaves_a_saddle(offset):
    """Opposite the start a ridge as high as the start would hide it."""
    state, _ = parse(f"?s=saddle&a=1&start=1,{offset}")
    cast = Experiment(state)
    eye = figure_set(cast)["landscape"][1]()["layout"]["scene"]["camera"]["eye"]
    assert eye["x"] < 0
    assert eye["y"] * cast.run.theta[43, 1] > 0.5
    assert eye["x"] ** 2 + eye["y"] ** 2 == pytest.approx(1.72**2)


def names(part):
    """Names of colors anywhere in a figure."""
    if isinstance(part, dict):
        return set().union(*map(names, part.values()))
    if isinstance(part, list):
        return set().union(set(), *map(names, part))
    return {part[4:-1]} if isinstance(part, str) and part.startswith("var(") else set()


def test_colors_are_names_of_both_palettes():
    assert set(palette("dark")) >= set(palette("light"))
    links = [f"?data=houses&view={view}" for view in DETAIL_VIEWS if view != "bars"]
    for link in (*links, "?data=moons", "?data=digits&view=bars", "?data=iris"):
        state, notices = parse(link)
        assert notices == ()
        used = names([make() for _, make in figure_set(Experiment(state)).values()])
        assert used
        assert used <= set(palette("light"))


def test_a_known_figure_travels_once():
    first = scene(parse("")[0])["figures"]
    known = tuple(figure["name"] for figure in first.values())
    assert all(figure["figure"] for figure in first.values())
    for link in ("?rate=0.3", "?k=3&start=0,0", "?steps=90"):
        again = scene(parse(link)[0], known_names=known)["figures"]
        assert [figure["figure"] for figure in again.values()] == [None] * 4
    other = scene(parse("?view=lens")[0], known_names=known)["figures"]
    assert [view for view, figure in other.items() if figure["figure"]] == [ids.DETAIL]


def test_a_start_outside_widens_the_window():
    inside, outside = (prepare(parse(link)[0]) for link in ("", "?start=30,0"))
    assert inside.surface.plane.box != outside.surface.plane.box
    assert outside.surface.plane.box[0][1] > 30


@pytest.mark.parametrize(("low", "log"), [(80.0, False), (0.5, True)])
def test_a_minimum_of_nearly_zero_does_not_press_the_loss_to_the_top(low, log):
    """Himmelblau's minima are found to 2e−29: a logarithm down to there would show a flat line."""
    run = SimpleNamespace(loss=np.geomspace(180.0, low, 61))
    layout = loss_curve_ranges(run, SimpleNamespace(loss=2e-29))
    bottom, top = layout["yaxis.range"]
    assert layout["yaxis.type"] == ("log" if log else "linear")
    at = np.log10(run.loss) if log else run.loss
    assert (at[0] - at[-1]) / (top - bottom) > (0.8 if log else 0.45)
    assert bottom <= at[-1]


@pytest.mark.parametrize(
    ("low", "high", "said"),
    [
        (-1.1, 1.2, ["0.1", "1", "10"]),
        (-4, 2, ["1e−4", "0.01", "1", "100"]),
        (0.2, 1.4, ["2", "5", "10", "20"]),
    ],
)
def test_ticks_of_a_logarithm_are_few_and_said_as_the_page_says_numbers(low, high, said):
    ticks = log_ticks(low, high)
    assert ticks["ticktext"] == said
    assert all(low <= np.log10(value) <= high for value in ticks["tickvals"])
    assert log_ticks(0.01, 0.05) == {"tickmode": "auto"}


def test_footprints_lie_apart_and_on_the_path():
    here, run, drawn = views_at_step("?data=spam&steps=200", 200)
    feet = trace_named(drawn[ids.MAP], "footprints")
    shown = np.isfinite(feet["x"])
    places = np.column_stack([feet["x"], feet["y"]])[shown]
    gaps = np.linalg.norm(np.diff(places, axis=0) / np.ptp(here.surface.plane.box, axis=1), axis=1)
    assert gaps.min() >= 0.02
    assert shown[0]
    assert 10 < shown.sum() < 100
    assert places == pytest.approx(run.theta[shown])
    assert not any(
        t.get("name") == "footprints" for t in views_at_step("?opt=momentum", 9)[2][ids.MAP]["data"]
    )


def test_marks_in_space_are_letters_that_every_font_has():
    """Plotly's x in space is an emoji: where no font has it, an empty box is drawn."""
    _, _, drawn = views_at_step("?vs=mae&race=adam,momentum,nesterov,rmsprop", 3)
    used = {
        trace["marker"]["symbol"]
        for trace in drawn[ids.LANDSCAPE]["data"]
        if "symbol" in trace.get("marker", {})
    }
    assert "cross" in used
    assert "x" not in used
    assert len({look.symbol3d for look in COMPETITOR_STYLES}) == len(COMPETITOR_STYLES)


def test_a_run_beyond_the_window_is_told_in_space_too():
    here, run, drawn = views_at_step("?rate=1.2", 30)
    gone = trace_named(drawn[ids.LANDSCAPE], "gone")
    assert gone["text"] == [format_number(run.loss[30])]
    assert gone["z"][0] == here.z_scale.z_range[1]
    out = (gone["x"][0] - np.mean(here.surface.plane.box[0])) / np.ptp(here.surface.plane.box[0])
    assert 0.05 < abs(out) < 0.25, "farther out it is above the card"
    assert np.isnan(trace_named(views_at_step("", 30)[2][ids.LANDSCAPE], "gone")["z"][0])


@pytest.mark.parametrize("link", ["", "?data=rosenbrock", "?data=iris"])
def test_the_compass_lies_on_the_ground(link):
    """A tenth of its length up the drawn height changes as the compass says, logarithmic or not."""
    here, run, drawn = views_at_step(link + ("&" if link else "?") + "fog=1&k=0", 0)
    needle = trace_named(drawn[ids.LANDSCAPE], "compass")
    (u, du), (v, dv) = ((axis[0], np.diff(axis)[0]) for axis in (needle["x"], needle["y"]))
    lie = 1e-4
    foot, near = (
        here.z_scale.to_z(here.problem.value(here.surface.plane.points(u + t * du, v + t * dv)))
        for t in (0, lie)
    )
    climb = np.diff(needle["z"])[0]
    assert climb < 0
    assert (near - foot) / lie == pytest.approx(climb, rel=0.02)


def test_the_loss_of_a_run_that_is_gone_is_spelled_as_in_words():
    _, run, drawn = views_at_step("?rate=1.2&k=60&steps=60", 60)
    said = format_number(float(run.loss[60]))
    assert "e" in said
    for view, name in (("map", "gone-by"), ("landscape", "gone")):
        assert trace_named(drawn[view], name)["text"] == [said]


@pytest.mark.parametrize("link", ["", "?data=norris&standardize=0", "?data=rosenbrock", "?data=saddle"])
def test_ticks_of_the_height_leave_the_lowest_corner_to_the_other_axes(link):
    height = prepare(parse(link)[0]).z_scale
    (low, high), ticks = height.z_range, height.ticks
    assert len(ticks["tickvals"]) >= 2
    assert all(low + 0.1 * (high - low) <= place <= high for place in ticks["tickvals"])
    assert len(set(ticks["ticktext"])) == len(ticks["ticktext"])
    if link == "":
        assert ticks["ticktext"] == ["2", "4", "6", "8", "10"]
