"""The cache bounded in bytes: what it returns, what it discards and how it counts."""

import gc
import threading
import weakref

import numpy as np
import pytest

import losses
from app.common.cache import ENTRY_OVERHEAD, cached, size_in_bytes
from app.experiment import prepared
from app.problem_setup import build, view_planes
from app.url_state.state import parse


def cached_zeros(max_bytes):
    """A cached function of a key and a size in bytes that returns zeros, and the list of its calls."""
    calls = []

    @cached(max_bytes)
    def make(key, size):
        calls.append(key)
        return np.zeros(size // 8)

    return make, calls


def test_a_cached_result_is_computed_once():
    make, calls = cached_zeros(100_000)
    assert make("a", 800) is make("a", 800)
    assert calls == ["a"]


def test_the_least_recently_used_result_is_discarded_first():
    make, calls = cached_zeros(3 * (10_000 + ENTRY_OVERHEAD))
    for key in ("a", "b", "c", "a", "d"):
        make(key, 10_000)
    assert make.cache.currsize <= make.cache.maxsize
    make("a", 10_000)
    assert calls == ["a", "b", "c", "d"]
    make("b", 10_000)
    assert calls == ["a", "b", "c", "d", "b"]


def test_a_result_larger_than_the_bound_is_cached_alone():
    make, calls = cached_zeros(1000)
    assert make("large", 80_000) is make("large", 80_000)
    make("small", 8)
    assert list(make.cache) == [("small", 8)]


def test_clearing_empties_the_cache():
    make, calls = cached_zeros(100_000)
    make("a", 800)
    make.cache_clear()
    assert (make.cache.currsize, len(make.cache)) == (0, 0)
    make("a", 800)
    assert calls == ["a", "a"]


def test_arrays_of_arguments_count_too():
    @cached(10_000_000)
    def dimension(problem):
        return problem.dim

    problem = losses.problem("houses", "line", "mse")
    assert dimension(problem) == 2
    assert dimension.cache.currsize == ENTRY_OVERHEAD + size_in_bytes(problem)


def test_threads_that_compute_the_same_get_the_same_result():
    both_compute = threading.Barrier(2, timeout=20)

    @cached(100_000)
    def make(key):
        both_compute.wait()
        return np.zeros(10)

    results = []
    threads = [threading.Thread(target=lambda: results.append(make("a"))) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert results[0] is results[1] is make("a")
    assert make.cache.currsize == ENTRY_OVERHEAD + 80


def test_arrays_count_once_and_views_count_as_the_array_that_they_keep_alive():
    array = np.zeros(1000)
    assert size_in_bytes((array, array, {"again": array})) == 8000
    assert size_in_bytes(array[:10]) == 8000
    problem = losses.problem("houses", "line", "mse", standardize=True)
    assert size_in_bytes(problem) >= problem.x.nbytes + problem.y.nbytes


@pytest.mark.slow
def test_caches_of_large_problems_stay_within_their_bounds():
    for i in range(20):
        state, _ = parse(f"?data=digits&model=softmax&loss=cce&standardize=1&l2={1e-3 * (1 + i):g}")
        assert state.problem.l2 > 0
    for function in (build._build_data_problem, prepared._prepare, view_planes.view_plane):
        assert function.cache.currsize <= function.cache.maxsize
    assert 1 < len(build._build_data_problem.cache) < 20


def test_a_certificate_is_freed_with_its_problem():
    problem = losses.problem("houses", "line", "mse")
    assert losses.certify(problem) is losses.certify(problem)
    reference = weakref.ref(problem)
    del problem
    gc.collect()
    assert reference() is None
