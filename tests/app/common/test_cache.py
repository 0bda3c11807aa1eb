import gc
import weakref

import numpy as np
import pytest

import losses
from app.common.cache import ENTRY_OVERHEAD, cached, size_in_bytes
from app.experiment import run
from app.problem_setup import build, view_planes
from app.url_state.state import parse


def counting(most):
    calls = []

    @cached(most)
    def make(key, size):
        calls.append(key)
        return np.zeros(size // 8)

    return make, calls


def test_what_is_kept_is_made_once():
    make, calls = counting(100_000)
    assert make("a", 800) is make("a", 800)
    assert calls == ["a"]


def test_the_longest_unused_goes_first():
    make, calls = counting(3 * (10_000 + ENTRY_OVERHEAD))
    for key in ("a", "b", "c", "a", "d"):
        make(key, 10_000)
    assert make.cache.currsize <= make.cache.maxsize
    make("a", 10_000)
    assert calls == ["a", "b", "c", "d"]
    make("b", 10_000)
    assert calls == ["a", "b", "c", "d", "b"]


def test_what_is_too_large_is_kept_alone():
    make, calls = counting(1000)
    assert make("large", 80_000) is make("large", 80_000)
    make("small", 8)
    assert list(make.cache) == [("small", 8)]


def test_forgetting_empties_it():
    make, calls = counting(100_000)
    make("a", 800)
    make.cache_clear()
    assert (make.cache.currsize, len(make.cache)) == (0, 0)
    make("a", 800)
    assert calls == ["a", "a"]


def test_arrays_are_weighed_once_and_views_by_what_they_hold():
    a = np.zeros(1000)
    assert size_in_bytes((a, a, {"again": a})) == 8000
    assert size_in_bytes(a[:10]) == 8000
    p = losses.problem("houses", "line", "mse", standardize=True)
    assert size_in_bytes(p) >= p.x.nbytes + p.y.nbytes


@pytest.mark.slow
def test_problems_of_digits_do_not_pile_up():
    for i in range(60):
        state, _ = parse(f"?data=digits&model=softmax&loss=cce&standardize=1&l2={1e-3 * (1 + i):g}")
        assert state.problem.l2 > 0
    for shelf in (build._build_data_problem, run._prepare, view_planes.view_plane):
        assert shelf.cache.currsize <= shelf.cache.maxsize
    assert 1 < len(build._build_data_problem.cache) < 60


def test_a_certificate_goes_with_its_problem():
    p = losses.problem("houses", "line", "mse")
    assert losses.certify(p) is losses.certify(p)
    gone = weakref.ref(p)
    del p
    gc.collect()
    assert gone() is None
