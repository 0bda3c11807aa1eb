"""Custom losses and datasets: valid ones are kept in the link and used, invalid ones give a notice."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import losses
from app.common import limits
from app.experiment.comparison import comparison_state
from app.experiment.experiment import Experiment
from app.experiment.prepared import prepare
from app.figures.views.detail_card_views import DETAIL_VIEWS
from app.page.figure_set import figure_set, run_arrays
from app.problem_setup import custom_dataset
from app.problem_setup.custom_dataset import TableError, format_table, parse_dataset
from app.url_state.state import apply_changes, parse, to_query
from tests.support.sent import moment, scene

THREE_ROWS = "regression_size,price_1,2.1_2,3.9_3,6.2"


def test_a_formula_is_kept_in_the_link_and_defines_the_loss():
    state, notices = parse("?loss=own&formula=r**2")
    assert notices == ()
    assert to_query(state) == "?loss=own&formula=r**2"
    squared_error = parse("?loss=mse")[0]
    theta = np.array([0.3, -0.2])
    assert state.problem.value(theta) == pytest.approx(squared_error.problem.value(theta))
    assert parse("?loss=own")[0].formula == "abs(r)**1.5"
    assert hash(state) == hash(parse(to_query(state))[0])


@pytest.mark.parametrize(
    ("link", "notice"),
    [
        ("?loss=own&formula=2r", "Using abs(r)**1.5 instead. At position 2: a product is written 2*r."),
        ("?loss=own&formula=r.x", "This link asked for formula=r.x."),
        ("?loss=own&formula=log(p)", "scores"),
        ("?loss=own&formula=" + "%2Br" * 90, "at most 120 characters"),
        ("?formula=r**2", "This link asked for formula=r**2. Nothing here uses formula."),
        ("?data=rosenbrock&loss=own", "Rosenbrock's banana has no data to fit."),
    ],
)
def test_an_invalid_formula_gives_one_notice(link, notice):
    state, notices = parse(link)
    assert len(notices) == 1
    assert notice in notices[0]
    assert parse(to_query(state)) == (state, ())


def test_an_invalid_formula_keeps_the_formula_before():
    state, notices = apply_changes("?loss=own&formula=r**4", {"formula": "r**"})
    assert state.formula == "r**4"
    assert "Using r**4 instead." in notices[0]
    assert apply_changes("?rate=0.3", {"rate": "much"})[0].rate == 0.3


def test_problems_with_different_formulas_have_different_keys():
    keys = {prepare(parse(f"?loss=own&formula={f}")[0]).key for f in ("r**2", "r**4")}
    assert len(keys) == 2


def test_a_formula_that_overflows_at_the_start_gives_a_page_that_says_so():
    state, notices = parse("?data=norris&standardize=0&loss=own&formula=exp(r**2)&start=0,900000")
    assert notices == ()
    data = moment(Experiment(state), 0)
    assert data["verdict"] == "The loss at the start is too large to compute. Start elsewhere."


def test_a_small_dataset_is_kept_in_the_link():
    state, notices = parse(f"?data=own&points={THREE_ROWS}")
    assert notices == ()
    assert to_query(state) == f"?rows=3.p5oa45&data=own&points={THREE_ROWS}"
    data = state.dataset
    assert (data.name, data.input_names, data.target_name) == ("price by size", ("size",), "price")
    assert data.y.tolist() == [2.1, 3.9, 6.2]
    assert scene(state)["title"].startswith("Fit a line to price by size")


def test_sixty_points_and_other_keys_fit_into_a_link():
    rng = np.random.default_rng(0)
    points = format_table("regression", ["x", "y"], np.round(rng.normal(size=(60, 2)) * 100, 3).tolist())
    link = to_query(parse(f"?data=own&points={points}&loss=own&formula=r**2&rate=0.1&start=1,1")[0])
    assert "points=regression" in link
    assert len(link) < limits.MAX_LINK_CHARACTERS


def test_a_larger_dataset_is_kept_in_the_browser_instead_of_the_link():
    points = format_table("regression", ["x", "y"], [[i, float(i % 7)] for i in range(1000)])
    state, notices = apply_changes("", {"data": "own", "points": "browser"}, rows=points)
    assert notices == ()
    assert len(state.dataset.y) == 1000
    assert to_query(state) == "?rows=1000.f288sq&data=own&points=browser"
    changed, _ = apply_changes(to_query(state), {"rate": "0.2"}, rows=points)
    assert (changed.points, changed.rate) == (points, 0.2)
    without_rows, notices = parse(to_query(state))
    assert without_rows.points == custom_dataset.SAMPLE_POINTS
    assert "Its data are in the browser in which they were pasted." in notices[0]


def test_new_data_reset_the_start_and_the_rate():
    link = f"?data=own&points={THREE_ROWS}&rate=0.3&start=1,1"
    changed, notices = apply_changes(link, {"points": "regression_x,y_1,200_2,300_4,100"})
    fresh = parse("?data=own&points=regression_x,y_1,200_2,300_4,100")[0]
    assert notices == ()
    assert (changed.start, changed.rate) == (fresh.start, fresh.rate)


@pytest.mark.parametrize(
    ("points", "sentence"),
    [
        ("", "Data begin with their task"),
        ("regression_x,y_1,2", "At least 3 rows are needed"),
        ("regression_x,y_1,2_2,x_3,4", "Row 2: 'x' is not a number"),
        ("regression_x,y_1,2_2,nan_3,4", "Row 2: 'nan' is not a finite number"),
        ("regression_x,y_1,2_2_3,4", "Row 2: it has 1 of 2 values."),
        ("regression_x,y_1,2_1,3_1,4", "Every row of x says 1; a column must vary"),
        ("regression_x,y_1,2_2,2_3,2", "Every row of y says 2; a column must vary"),
        ("regression_a,b,y_1,2,1_2,4,3_3,6,1_4,8,2", "a, b say the same"),
        ("binary_x,y_1,a_2,b_3,c", "has 2 classes; this one has 3"),
        ("multiclass_x,y_1,a_2,b_3,a", "has 3 to 10 classes; this one has 2"),
        ("regression_x_1_2_3", "Data have 1 to 4 inputs and a target"),
        ("regression_a,b,c,d,e,y_" + "_".join(["1,2,3,4,5,6"] * 3), "Data have 1 to 4 inputs"),
        ("regression_,y_1,2_2,3_3,5", "each with a name"),
        ("regression_x,y" + "_1,2" * 2001, "There are 2001 rows; at most 2000 are taken."),
    ],
)
def test_an_invalid_dataset_is_refused_with_the_number_of_the_row(points, sentence):
    with pytest.raises(TableError) as caught:
        parse_dataset(points)
    row = "" if caught.value.row is None else f"Row {caught.value.row + 1}: "
    assert sentence in f"{row}{caught.value}"
    if len(points) < limits.MAX_LINK_CHARACTERS:
        assert sentence in parse(f"?data=own&points={points}")[1][0]


def test_classes_are_sorted_numerically_if_they_are_numbers_else_by_name():
    data = parse_dataset("multiclass_w,h,kind_1,2,pear_2,1,fig_3,5,apple_4,4,fig")
    assert data.classes == ("apple", "fig", "pear")
    assert data.y.tolist() == [2, 1, 0, 1]
    assert parse_dataset("binary_x,y_1,10_2,9_3,10").classes == ("9", "10")


CELL = st.one_of(
    st.floats(-1e9, 1e9).map(lambda v: f"{v:.9g}"), st.sampled_from(["0", "1", "1e-9", "-1", "1e9", "a", "b"])
)


@given(
    st.sampled_from(["regression", "binary", "multiclass"]),
    st.integers(2, 4).flatmap(
        lambda k: st.lists(st.lists(CELL, min_size=k, max_size=k), min_size=3, max_size=9)
    ),
    st.sampled_from([*losses.MODELS, ""]),
    st.sampled_from([*losses.LOSSES, "own"]),
    st.sampled_from("01"),
)
def test_every_accepted_dataset_gives_a_scene(task, rows, model, loss, standardize):
    points = format_table(task, [f"c{i}" for i in range(len(rows[0]))], rows)
    try:
        parse_dataset(points)
    except TableError:
        return
    model_parameter = f"&model={model}" if model else ""
    state, _ = parse(
        f"?data=own&points={points}{model_parameter}&loss={loss}&standardize={standardize}&steps=9"
    )
    data = scene(state)
    assert data["link"].startswith("?")
    assert parse(to_query(state))[0].points == state.points


@pytest.mark.parametrize("view", DETAIL_VIEWS)
@pytest.mark.parametrize("loss", ["", "&loss=own&formula=log1p(r**2)", "&loss=own&formula=exp(8*r**2)"])
@pytest.mark.parametrize("points", [THREE_ROWS, "binary_a,b,kind_1,2,x_2,1,y_3,5,x_4,2,y"])
def test_every_detail_view_can_show_a_custom_loss_and_dataset(view, loss, points):
    state, _ = parse(f"?data=own&points={points}{loss}&view={view}&edit=1:1")
    assert scene(state)["figures"]["detail"]["figure"]


def test_a_dataset_kept_in_the_browser_can_be_compared_with_its_other_scaling():
    points = format_table("regression", ["x", "y"], [[i, float(i % 7)] for i in range(1000)])
    state, notices = apply_changes("", {"data": "own", "points": "browser", "vs": "raw"}, rows=points)
    assert notices == ()
    assert comparison_state(state).points == points


def per_example_loss_arrays(link):
    """Return the per-example loss that a link draws at the start.

    The inputs of the curve, the values of the bold curve (None if there is
    none), and the coordinates of the points of the examples.
    """
    experiment = Experiment(parse(link)[0])
    figure = figure_set(experiment)["detail"][1]()
    bold_curves = [part for part in figure.moving if part.trace.get("line", {}).get("width") == 2.5]
    arrays = run_arrays(experiment)
    curve = arrays[bold_curves[0].arrays["y"]] if bold_curves else None
    return arrays["lens_x"], curve, arrays["dot_x"][0], arrays["dot_y"][0]


@pytest.mark.parametrize(
    "link",
    [
        "?loss=own&formula=tanh(r)**2&view=lens",
        "?loss=own&formula=abs(r)**1.5&view=lens&start=0,0",
        "?data=spam&loss=own&formula=-log(where(y>0.5,p,1-p))&view=lens&start=1,0.5",
    ],
)
def test_the_examples_lie_on_the_curve_of_a_custom_loss(link):
    x, curve, dot_x, dot_y = per_example_loss_arrays(link)
    assert np.interp(dot_x, x, curve) == pytest.approx(dot_y, rel=0.03, abs=0.02)


def test_a_custom_loss_that_depends_on_more_than_the_error_has_no_curve():
    assert per_example_loss_arrays("?loss=own&formula=(p-y)**2*(1%2By**2)&view=lens")[1] is None
