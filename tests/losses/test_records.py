"""Public records describe themselves in one line, and are the same after pickling and copying."""

import copy
import pickle
from dataclasses import fields, is_dataclass, replace

import numpy as np
import pytest

import losses

HOUSES = losses.problem("houses", "line", "mse", standardize=True)
SPAM = losses.problem("spam", "logistic", "bce", l2=0.1)
DIGITS = losses.problem("digits", "softmax", "cce")
NETWORK = losses.problem("moons", "mlp", "hinge", width=3, relu=1)
HUBER = losses.problem("outlier", "line", "huber", delta=2.0, l1=0.01)
OWN = losses.problem(
    losses.Dataset("mine", x=[1.0, 2.0, 4.0], y=[2.0, 3.0, 9.0], task="regression"),
    "line",
    losses.own_loss("abs(r)**1.5 + 0*p"),
)
HIMMELBLAU = losses.test_function("himmelblau")
PROBLEMS = [HOUSES, SPAM, DIGITS, NETWORK, HUBER, OWN, HIMMELBLAU]
RUN = losses.descend(HOUSES, "adam", rate=0.1, steps=400)
BATCH = losses.descend_many(HOUSES, rates=[0.1, 0.2, 5.0], steps=60)
RECORDS = [
    *PROBLEMS,
    *(losses.certify(problem) for problem in (HOUSES, SPAM, HUBER, OWN, HIMMELBLAU)),
    losses.certify(losses.problem("spam", "logistic", "bce")),
    losses.certify(DIGITS),
    RUN,
    losses.descend(HIMMELBLAU, rate=1.0, steps=50),
    BATCH,
    BATCH.run(1),
    losses.descend_many(HOUSES, rates=[], steps=3),
    losses.sweep(HOUSES, rates=np.geomspace(0.01, 2, 8), steps=30),
    losses.sweep(HOUSES, rates=[], steps=30),
    losses.basins(HIMMELBLAU, starts=[(1.0, 1.0), (-2.0, 3.0)], rate=0.01, steps=200),
    losses.replay(RUN),
    losses.surface(HOUSES, size=5),
    losses.surface(DIGITS, size=3),
    HOUSES.plane,
    losses.path_plane(RUN),
    HOUSES.scaling,
    RUN.outcome,
    HUBER.loss,
    NETWORK.model,
    OWN.loss,
    OWN.data,
    losses.DATASETS["moons"].sample(seed=3, noise=0.2),
    losses.PENALTIES[0],
]
REGISTRIES = [
    losses.LOSSES,
    losses.MODELS,
    losses.DATASETS,
    losses.OPTIMIZERS,
    losses.SCHEDULES,
    losses.TEST_FUNCTIONS,
]
ENTRIES = [entry for registry in REGISTRIES for entry in registry.values()]


def by_type(record):
    return type(record).__name__


def assert_equal(a, b):
    """Assert that two records have equal fields; arrays must be equal and both read-only."""
    assert type(a) is type(b)
    if a is b or callable(a):
        return
    if isinstance(a, np.ndarray):
        assert np.array_equal(a, b, equal_nan=a.dtype.kind == "f")
        assert (a.flags.writeable, b.flags.writeable) == (False, False)
    elif isinstance(a, losses.DataProblem):
        assert repr(a) == repr(b)
        assert np.array_equal(a.value(a.start), b.value(b.start))
        assert np.array_equal(a.gradient(a.start), b.gradient(b.start))
    elif is_dataclass(a):
        for field in fields(a):
            assert_equal(getattr(a, field.name), getattr(b, field.name))
    else:
        assert a == b


@pytest.mark.parametrize("record", [*RECORDS, *ENTRIES], ids=by_type)
def test_a_description_is_one_short_line(record):
    text = repr(record)
    assert 10 < len(text) <= 260
    assert "\n" not in text
    assert " at 0x" not in text
    assert "array(" not in text


@pytest.mark.parametrize("record", [*RECORDS, *ENTRIES], ids=by_type)
def test_a_record_is_the_same_after_pickling_and_copying(record):
    for again in (pickle.loads(pickle.dumps(record)), copy.deepcopy(record), copy.copy(record)):
        assert_equal(record, again)
        assert repr(again) == repr(record)


def test_an_unpickled_problem_gives_the_same_numbers():
    for problem in PROBLEMS:
        again = pickle.loads(pickle.dumps(problem))
        runs = [losses.descend(p, rate=0.01, steps=5) for p in (problem, again)]
        assert np.array_equal(runs[0].theta, runs[1].theta)
        assert np.array_equal(losses.surface(problem, size=4).z, losses.surface(again, size=4).z)


def test_entries_of_a_catalogue_are_pickled_by_their_key():
    for registry in REGISTRIES:
        assert pickle.loads(pickle.dumps(registry)) is registry
        for entry in registry.values():
            assert pickle.loads(pickle.dumps(entry)) is entry


def test_a_run_and_its_surface_share_their_problem_after_pickling():
    run, problem = pickle.loads(pickle.dumps((RUN, HOUSES)))
    assert run.problem is problem


def test_an_entry_of_ones_own_is_pickled_if_its_functions_can_be():
    mine = replace(losses.LOSSES["mse"], key="mine", value=np.add, slope=np.add, curvature=np.add)
    assert pickle.loads(pickle.dumps(mine)).value.function is np.add
    with pytest.raises((pickle.PicklingError, AttributeError), match="lambda"):
        pickle.dumps(replace(mine, slope=lambda z, y: z))


@pytest.mark.parametrize(
    ("record", "parts"),
    [
        (HOUSES, ["houses line mse", "36 examples", "w, b", "standardized"]),
        (SPAM, ["spam logistic bce", "l2=0.1"]),
        (DIGITS, ["650 parameters"]),
        (losses.certify(HOUSES), ["minimum 0.292", "lowest, unique", "L = 2 (exact)", "rate 1"]),
        (losses.certify(losses.problem("spam", "logistic", "bce")), ["stable below rate"]),
        (RUN, ["adam on houses line mse", "rate 0.1", "beta1 0.9", "400 steps", "CONVERGED at step "]),
        (BATCH, ["gd on houses line mse", "3 runs of 60 steps", "2 CONVERGED, 1 DIVERGED"]),
        (losses.surface(HOUSES, size=5), ["5 x 5", "slope w from ", "losses from "]),
        (HUBER.loss, ["<loss huber: Huber loss; delta=2>"]),
        (losses.DATASETS["norris"], ["norris", "regression", "36 rows", "reference, ppb -> customer's, ppb"]),
    ],
    ids=by_type,
)
def test_a_description_tells_what_matters(record, parts):
    for part in parts:
        assert part in repr(record)


def test_the_version_is_that_of_the_citation():
    from pathlib import Path

    citation = (Path(__file__).parents[2] / "CITATION.cff").read_text(encoding="utf-8")
    assert f"\nversion: {losses.__version__}\n" in citation
