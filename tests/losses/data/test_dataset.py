"""Datasets: metadata, seeds, settings and validation."""

import numpy as np
import pytest

import losses

ALL = pytest.mark.parametrize("data", losses.DATASETS.values(), ids=lambda data: data.key)
SYNTHETIC = pytest.mark.parametrize(
    "data", [data for data in losses.DATASETS.values() if data.made_up], ids=lambda data: data.key
)


@ALL
def test_dataset_has_a_name_note_source_and_licence(data):
    assert data.name
    assert data.note[-1] in ".?"
    assert data.source
    assert data.licence
    assert len(data.input_names) == data.inputs.shape[1]
    assert len(data.y) == len(data.inputs)
    assert ("Made-up" in data.note) == data.made_up == (data.generator is not None)


@ALL
def test_targets_are_read_only(data):
    with pytest.raises(ValueError, match="read-only"):
        data.y[0] = 1.0


@SYNTHETIC
def test_a_seed_determines_the_data(data):
    assert np.array_equal(data.sample(seed=0).y, data.y)
    assert np.array_equal(data.sample(seed=5).x, data.sample(seed=5).x)
    assert not np.array_equal(data.sample(seed=5).x, data.sample(seed=6).x)


@SYNTHETIC
def test_settings_change_synthetic_data_and_are_validated(data):
    for setting in data.settings:
        changed = data.sample(**{setting.name: setting.high})
        assert not (np.array_equal(changed.y, data.y) and np.array_equal(changed.x, data.x))
        with pytest.raises(ValueError, match=f"{setting.name} must be (a whole number )?from"):
            data.sample(**{setting.name: setting.high + 1})


def test_sample_of_real_data_raises():
    with pytest.raises(ValueError, match="Norris.* is real data"):
        losses.DATASETS["norris"].sample(seed=1)


def test_x_keeps_its_shape_and_inputs_is_a_matrix():
    one_input = losses.Dataset("own", [1, 2, 3], [1, 2, 4], "regression")
    two_inputs = losses.Dataset("own", [[1, 2], [2, 1], [3, 5]], [0, 1, 1], "binary")
    assert one_input.x.shape == (3,)
    assert one_input.inputs.shape == (3, 1)
    assert two_inputs.inputs.shape == (3, 2)
    assert two_inputs.input_names == ("x1", "x2")
    assert two_inputs.classes == ("0", "1")


@pytest.mark.parametrize(
    ("x", "y", "task", "error"),
    [
        ([1, 2], [1, 2], "ranking", "task must be one of regression, binary, multiclass; not 'ranking'"),
        ([[[1]]], [1], "regression", r"x must have shape \(n,\) or \(n, k\).*not \(1, 1, 1\)"),
        ([], [], "regression", r"at least one row; not \(0,\)"),
        ([1, 2, 3], [1, 2], "regression", r"y must have shape \(3,\).*not \(2,\)"),
        ([1, np.nan], [1, 2], "regression", "x must be finite; row 1 holds nan"),
        ([1, 2], [1, np.inf], "regression", "y must be finite; row 1 holds inf"),
        (["a", "b"], [1, 2], "regression", "x must be an array of numbers"),
        ([3, 3, 3], [1, 2, 3], "regression", "x must vary; column 0 is the same in all 3 rows"),
        ([1, 2], [0, 0.5], "binary", "y must hold whole numbers or texts, one for each class; it holds 0.5"),
        ([1, 2, 3], [1, 2, 3], "binary", "y must hold two classes for a binary task; it holds 3"),
        ([1, 2], [1, 1], "binary", "y must hold at least two classes; all 2 targets are 1"),
        ([1, 2, 3], [0, 2, 2.5], "multiclass", "whole numbers or texts"),
        (None, [1, 2], "regression", "x must be an array of numbers; not NoneType"),
        ([1j, 2], [1, 2], "regression", "x must be an array of numbers; not 1j"),
        ([1, 10**400], [1, 2], "regression", r"x must be an array of numbers; not 10+\.\.\.0+$"),
        ([[1, 2], [3]], [1, 2], "regression", "not rows of different lengths"),
        (["cat", 2], [1, 2], "regression", "not 'cat'"),
        (
            np.array(["2020-01-01", "2020-01-02"], dtype="M8[D]"),
            [1, 2],
            "regression",
            "not one of datetime64",
        ),
        (np.ma.array([1.0, 2.0, 3.0], mask=[0, 1, 0]), [1, 2, 3], "regression", "row 1 holds nan"),
        (np.array([1, None], dtype=object), [1, 2], "regression", "row 1 holds nan"),
        ([1, 1e200], [1, 2], "regression", r"x must be at most 1e\+100 in size; row 1 holds 1e\+200"),
        ([1, 2], [-1e200, 2], "regression", r"y must be at most 1e\+100 in size; row 0 holds -1e\+200"),
        ([1e-200, 2e-200], [1, 2], "regression", "column 0 differs by less than 1e-100 in all 2 rows"),
    ],
)
def test_invalid_data_raise_an_error_that_names_the_field(x, y, task, error):
    with pytest.raises(ValueError, match=error):
        losses.Dataset("own", x, y, task)


def test_inputs_may_have_any_numeric_type():
    """Integers beyond 64 bits, numeric strings, object arrays and big-endian arrays."""
    for x in ([2**70, 1], ["1.5", "2"], np.array([1, 2.5], dtype=object), np.array([1, 2], dtype=">i2")):
        assert losses.Dataset("own", x, [1, 2], "regression").x.tolist() == [float(value) for value in x]


def test_wrong_number_of_class_names_raises():
    with pytest.raises(ValueError, match="classes must have 2 names, one for each class; not 1"):
        losses.Dataset("own", [1, 2], [0, 1], "binary", classes=("only",))


@pytest.mark.parametrize("seed", [-1, 1.5, "a", None])
def test_seed_that_is_not_a_nonnegative_integer_raises(seed):
    with pytest.raises(ValueError, match="seed must be"):
        losses.DATASETS["houses"].sample(seed=seed)
