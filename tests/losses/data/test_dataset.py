import numpy as np
import pytest

import losses

ALL = pytest.mark.parametrize("data", losses.DATASETS.values(), ids=lambda data: data.key)
MADE_UP = pytest.mark.parametrize(
    "data", [d for d in losses.DATASETS.values() if d.made_up], ids=lambda data: data.key
)


@ALL
def test_says_what_it_is(data):
    assert data.name
    assert data.note[-1] in ".?"
    assert data.source
    assert data.licence
    assert len(data.input_names) == data.inputs.shape[1]
    assert len(data.y) == len(data.inputs)
    assert ("Made-up" in data.note) == data.made_up == (data.generator is not None)


@ALL
def test_cannot_be_written_to(data):
    with pytest.raises(ValueError, match="read-only"):
        data.y[0] = 1.0


@MADE_UP
def test_a_seed_is_the_data(data):
    assert np.array_equal(data.sample(seed=0).y, data.y)
    assert np.array_equal(data.sample(seed=5).x, data.sample(seed=5).x)
    assert not np.array_equal(data.sample(seed=5).x, data.sample(seed=6).x)


@MADE_UP
def test_settings_of_made_up_data(data):
    for setting in data.settings:
        changed = data.sample(**{setting.name: setting.high})
        assert not (np.array_equal(changed.y, data.y) and np.array_equal(changed.x, data.x))
        with pytest.raises(ValueError, match=f"{setting.name} must be (a whole number )?from"):
            data.sample(**{setting.name: setting.high + 1})


def test_real_data_cannot_be_drawn():
    with pytest.raises(ValueError, match="Norris.* is real data"):
        losses.DATASETS["norris"].sample(seed=1)


def test_keeps_the_shape_given():
    flat = losses.Dataset("own", [1, 2, 3], [1, 2, 4], "regression")
    deep = losses.Dataset("own", [[1, 2], [2, 1], [3, 5]], [0, 1, 1], "binary")
    assert flat.x.shape == (3,)
    assert flat.inputs.shape == (3, 1)
    assert deep.inputs.shape == (3, 2)
    assert deep.input_names == ("x1", "x2")
    assert deep.classes == ("0", "1")


@pytest.mark.parametrize(
    ("x", "y", "task", "sentence"),
    [
        ([1, 2], [1, 2], "ranking", "task must be one of regression, binary, multiclass; not 'ranking'"),
        ([[[1]]], [1], "regression", r"x must have shape \(n,\) or \(n, k\).*not \(1, 1, 1\)"),
        ([], [], "regression", r"at least one row; not \(0,\)"),
        ([1, 2, 3], [1, 2], "regression", r"y must have shape \(3,\).*not \(2,\)"),
        ([1, np.nan], [1, 2], "regression", "x must be finite; row 1 holds nan"),
        ([1, 2], [1, np.inf], "regression", "y must be finite; row 1 holds inf"),
        (["a", "b"], [1, 2], "regression", "x must be an array of numbers"),
        ([3, 3, 3], [1, 2, 3], "regression", "x must vary; column 0 is the same in all 3 rows"),
        ([1, 2], [0, 2], "binary", "y must be 0 or 1 for a binary task; it holds 2"),
        ([1, 2], [1, 1], "binary", "y must hold at least two classes; all 2 targets are 1"),
        ([1, 2, 3], [0, 2, 3], "multiclass", "class numbers 0, 1, 2"),
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
def test_wrong_data_are_named(x, y, task, sentence):
    with pytest.raises(ValueError, match=sentence):
        losses.Dataset("own", x, y, task)


def test_numbers_of_any_kind_are_taken():
    """Larger than a machine's whole numbers, spelled, in NumPy's objects, of either byte order."""
    for x in ([2**70, 1], ["1.5", "2"], np.array([1, 2.5], dtype=object), np.array([1, 2], dtype=">i2")):
        assert losses.Dataset("own", x, [1, 2], "regression").x.tolist() == [float(value) for value in x]


def test_as_many_names_as_classes():
    with pytest.raises(ValueError, match="classes must have 2 names, one for each class; not 1"):
        losses.Dataset("own", [1, 2], [0, 1], "binary", classes=("only",))


@pytest.mark.parametrize("seed", [-1, 1.5, "a", None])
def test_seeds_are_whole_numbers(seed):
    with pytest.raises(ValueError, match="seed must be"):
        losses.DATASETS["houses"].sample(seed=seed)
