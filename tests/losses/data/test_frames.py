"""Series and data frames of pandas, labels and signs are taken as data, with their names."""

import subprocess
import sys

import numpy as np
import pandas as pd
import pytest

import losses

FRAME = pd.DataFrame(
    {
        "area": [50.0, 60.0, 80.0, 90.0, 120.0],
        "rooms": [2, 2, 3, 4, 4],
        "price": [150.0, 190.0, 240.0, 260.0, 370.0],
        "sold": ["yes", "no", "no", "yes", "yes"],
        "size": pd.Categorical(["S", "S", "M", "M", "L"], categories=["S", "M", "L"], ordered=True),
    },
    index=[7, 3, 5, 9, 1],
)


def test_a_frame_gives_its_columns_and_names():
    data = losses.Dataset("flats", FRAME[["area", "rooms"]], FRAME["price"], "regression")
    assert (data.input_names, data.target_name) == (("area", "rooms"), "price")
    assert np.array_equal(data.inputs, FRAME[["area", "rooms"]].to_numpy(dtype=float))
    assert np.array_equal(data.y, FRAME["price"].to_numpy())
    problem = losses.problem(data, "linear", "mse")
    x, y = np.column_stack([data.inputs, np.ones(5)]), data.y
    assert losses.certify(problem).optimum == pytest.approx(np.linalg.lstsq(x, y, rcond=None)[0])
    assert problem.predict([1.0, 2.0, 3.0], FRAME[["area", "rooms"]]) == pytest.approx(x @ [1.0, 2.0, 3.0])


def test_a_series_gives_its_name():
    data = losses.Dataset("flats", FRAME["area"], FRAME["price"], "regression")
    assert (data.x.shape, data.input_names, data.target_name) == ((5,), ("area",), "price")


def test_given_names_go_before_those_of_a_frame():
    data = losses.Dataset(
        "flats", FRAME["area"], FRAME["price"], "regression", input_names=("m²",), target_name="k€"
    )
    assert (data.input_names, data.target_name) == (("m²",), "k€")


def test_numbered_columns_have_default_names():
    data = losses.Dataset("flats", pd.DataFrame([[1.0, 2.0], [3.0, 5.0]]), pd.Series([1, 2]), "regression")
    assert (data.input_names, data.target_name) == (("x1", "x2"), "y")


@pytest.mark.parametrize(
    "convert",
    [lambda s: s, lambda s: s.astype(object), lambda s: s.to_numpy(), list, tuple],
    ids=["string", "object", "array", "list", "tuple"],
)
def test_texts_are_labels_in_the_order_of_the_alphabet(convert):
    data = losses.Dataset("flats", FRAME["area"], convert(FRAME["sold"]), "binary")
    assert data.classes == ("no", "yes")
    assert data.y.tolist() == [1.0, 0.0, 0.0, 1.0, 1.0]


def test_categories_keep_their_order():
    data = losses.Dataset("flats", FRAME["area"], FRAME["size"], "multiclass")
    assert data.classes == ("S", "M", "L")
    assert data.y.tolist() == [0.0, 0.0, 1.0, 1.0, 2.0]
    assert data.target_name == "size"
    two = losses.Dataset("flats", FRAME["area"][:4], FRAME["size"][:4], "binary")
    assert (two.classes, two.y.tolist()) == (("S", "M"), [0.0, 0.0, 1.0, 1.0])


def test_numeric_categories_are_labels():
    y = pd.Series([3, 7, 7, 3, 9], dtype="category")
    data = losses.Dataset("own", FRAME["area"], y, "multiclass")
    assert (data.classes, data.y.tolist()) == (("3", "7", "9"), [0.0, 1.0, 1.0, 0.0, 2.0])


@pytest.mark.parametrize(
    "y",
    [
        pd.Series([True, False, False, True, True]),
        pd.Series([1, 0, 0, 1, 1], dtype="Int64"),
        pd.Series([True, False, False, True, True], dtype="boolean"),
        ["1", "0", "0", "1", "1"],
    ],
    ids=["bool", "Int64", "boolean", "text"],
)
def test_zeros_and_ones_of_any_kind_are_class_numbers(y):
    data = losses.Dataset("own", FRAME["area"], y, "binary")
    assert (data.y.tolist(), data.classes) == ([1.0, 0.0, 0.0, 1.0, 1.0], ("0", "1"))


def test_texts_that_are_numbers_are_sorted_as_numbers():
    x = np.arange(11.0)
    data = losses.Dataset("own", x, [str(i) for i in range(11)], "multiclass")
    assert data.y.tolist() == x.tolist()
    assert losses.Dataset("own", [1, 2], ["10", "9"], "binary").classes == ("9", "10")


def test_classes_give_the_order_of_labels():
    y = ["no", "yes", "no"]
    data = losses.Dataset("own", [1, 2, 3], y, "binary", classes=("yes", "no"))
    assert (data.y.tolist(), data.classes) == ([1.0, 0.0, 1.0], ("yes", "no"))
    renamed = losses.Dataset("own", [1, 2, 3], y, "binary", classes=("keep", "sell"))
    assert (renamed.y.tolist(), renamed.classes) == ([0.0, 1.0, 0.0], ("keep", "sell"))


@pytest.mark.parametrize(
    ("y", "task", "numbers", "classes"),
    [
        ([1, 2, 2], "binary", [0.0, 1.0, 1.0], ("1", "2")),
        (np.array([7.0, -3.0, 7.0]), "binary", [1.0, 0.0, 1.0], ("−3", "7")),
        (pd.Series([3, 1, 2]), "multiclass", [2.0, 0.0, 1.0], ("1", "2", "3")),
    ],
)
def test_whole_numbers_are_labels(y, task, numbers, classes):
    data = losses.Dataset("own", [1.0, 2.0, 3.0], y, task)
    assert (data.y.tolist(), data.classes) == (numbers, classes)


@pytest.mark.parametrize(
    "y", [[-1, 1, 1], np.array([-1.0, 1.0, 1.0]), pd.Series([-1, 1, 1])], ids=["list", "array", "series"]
)
def test_minus_one_and_one_are_two_classes(y):
    data = losses.Dataset("own", [1.0, 2.0, 3.0], y, "binary")
    assert (data.y.tolist(), data.classes) == ([0.0, 1.0, 1.0], ("−1", "1"))
    same = losses.Dataset("own", [1.0, 2.0, 3.0], [0, 1, 1], "binary")
    theta = [0.3, -0.4]
    values = [losses.problem(d, "logistic", "hinge").value(theta) for d in (data, same)]
    assert values[0] == values[1]


@pytest.mark.parametrize(
    ("y", "message"),
    [
        (["a", None, "b"], "row 1 holds None"),
        (pd.Series(["a", np.nan, "b"], dtype=object), "row 1 holds nan"),
        (pd.Series(["a", "b", pd.NA], dtype="string"), "row 2 holds <NA>"),
        (pd.Series(["a", None, "b"], dtype="category"), "row 1 holds nan"),
        (["a", 1, "b"], "row 1 holds 1"),
        (["a", [], "b"], r"row 1 holds \[\]"),
        (["a", "a", "a"], "at least two classes"),
        (["a", "b", "c"], "it holds 3"),
        ([-1, 0, 1], "it holds 3"),
        ([1, 2.5, 2.5], "it holds 2.5"),
    ],
    ids=repr,
)
def test_labels_that_cannot_be_classes_are_refused(y, message):
    with pytest.raises(ValueError, match=f"^y must .*{message}"):
        losses.Dataset("own", [1.0, 2.0, 3.0], y, "binary")


def test_a_column_of_texts_is_refused_by_its_name():
    with pytest.raises(ValueError, match="^x must be an array of numbers; the column 'sold' holds"):
        losses.Dataset("flats", FRAME[["area", "sold"]], FRAME["price"], "regression")
    with pytest.raises(ValueError, match="^y must be an array of numbers"):
        losses.Dataset("flats", FRAME["area"], FRAME["sold"], "regression")


def test_pandas_is_not_imported():
    code = "import sys, losses; losses.Dataset('own', [1, 2], list('ab'), 'binary'); "
    code += "print('pandas' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True).stdout == "False\n"


def test_a_frame_of_one_column_is_a_target():
    x = pd.DataFrame({"x": [1.0, 2.0, 3.0]})
    assert (
        losses.Dataset("own", x, pd.DataFrame({"price": [4.0, 5.0, 7.0]}), "regression").target_name
        == "price"
    )
    data = losses.Dataset("own", x, pd.DataFrame({"kind": ["b", "a", "b"]}), "binary")
    assert (data.classes, data.y.tolist()) == (("a", "b"), [1.0, 0.0, 1.0])
