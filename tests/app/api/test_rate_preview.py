"""The preview of the rate: at every stop it equals what the page shows at that rate."""

import gzip
import json
from dataclasses import replace
from functools import cache

import numpy as np
import pytest
from numpy.testing import assert_allclose

import losses
from app.api.rate_preview import MAX_TOTAL_STEPS, MIN_STOPS, rate_preview, slider_stops, steps_by_rate
from app.common import limits
from app.experiment.experiment import Experiment
from app.figures.trajectory import DENSE_PATH_ARRAYS
from app.lessons import LESSONS
from app.page.figure_set import run_arrays
from app.protocol.scene import RatePreview
from app.server import create_app
from app.url_state.state import apply_changes, parse
from tests.support.array_decoding import decode_array
from tests.support.previews import QUERIES, assert_near
from tests.support.sent import moment, sent


def state_at_rate(query, rate):
    return apply_changes(query, {"rate": f"{rate:.6g}"})[0]


@cache
def preview_of(query):
    """Return the preview of a link as the browser decodes it."""
    return sent(rate_preview(parse(query)[0]))


@pytest.mark.parametrize("query", QUERIES)
def test_stops_equal_what_the_page_shows_at_their_rates(query):
    """The last one and one that differs from link to link."""
    state, preview = parse(query)[0], preview_of(query)
    stops = preview["stops"]
    for i in {QUERIES.index(query) * 7 % len(stops), len(stops) - 1} if stops else ():
        state_at_stop = state_at_rate(query, stops[i])
        assert state_at_stop.rate == stops[i]
        experiment = Experiment(state_at_stop)
        at_stop, arrays = preview["moments"][i], run_arrays(experiment)
        k = min(state.step, at_stop["lastStep"])
        assert at_stop["step"] == k
        assert_near(at_stop, moment(experiment, k))
        for name, table in preview["arrays"].items():
            row, expected = decode_array(table)[i], np.asarray(arrays[name])
            expected = expected[min(k, len(expected) - 1)].ravel() if expected.ndim > 1 else expected
            # A score near 0 is the difference of larger numbers, so it is as exact as the largest.
            scale = max(1.0, np.abs(expected).max(initial=0.0)) if name == "score" else 1.0
            with np.errstate(over="ignore"):
                assert_allclose(
                    row[: len(expected)], np.float32(expected), rtol=2e-5, atol=1e-6 * scale, err_msg=name
                )
            assert np.isnan(row[len(expected) :]).all()


@pytest.mark.parametrize("query", QUERIES)
def test_arrays_that_a_preview_omits_are_equal_at_every_rate(query):
    preview = preview_of(query)
    if preview["stops"]:
        first, last = (run_arrays(Experiment(state_at_rate(query, preview["stops"][i]))) for i in (0, -1))
        for name in first.keys() - preview["arrays"].keys():
            if name.rpartition(":")[2] in DENSE_PATH_ARRAYS:
                continue  # a preview is drawn without them
            if name in preview["stepNumbers"]:
                assert_allclose(first[name], np.arange(len(first[preview["stepNumbers"][name]])))
            else:
                assert_allclose(first[name], last[name], err_msg=name)


def test_stops_are_rates_of_links_and_include_the_critical_rate_rounded_down():
    state = parse("")[0]
    critical_rate = losses.certify(state.problem).critical_rate
    rates = slider_stops(state)
    assert rates == sorted(set(rates))
    nearest = max(rate for rate in rates if rate <= critical_rate)
    assert nearest == pytest.approx(critical_rate, rel=2e-6)
    assert all(state_at_rate("", rate).rate == rate for rate in rates)


@pytest.mark.parametrize(
    "query",
    ["?s=pace", "?fog=1", "?data=digits", "?race=adam", f"?steps={MAX_TOTAL_STEPS // MIN_STOPS + 1}"],
)
def test_there_is_no_preview_that_reveals_an_answer_or_costs_too_much(query):
    assert rate_preview(parse(query)[0]) == RatePreview(stops=[], moments=[], arrays={}, step_numbers={})


@pytest.mark.parametrize(
    "query", ["", "?steps=200&k=200", "?data=moons&steps=360", "?data=spam&vs=mse&steps=100"]
)
def test_a_preview_has_at_most_120_kb_compressed(query):
    preview = sent(rate_preview(parse(query)[0]))
    assert preview["stops"]
    assert len(gzip.compress(json.dumps(preview).encode(), 6)) <= 120_000


def test_the_second_run_of_a_comparison_is_in_the_price_of_a_preview():
    """It is made once for each stop."""
    assert rate_preview(parse("?data=iris&model=softmax&steps=60")[0]).stops
    assert not rate_preview(parse("?data=iris&model=softmax&vs=digits&steps=60")[0]).stops


def test_the_route_revalidates_by_etag_and_answers_invalid_links():
    client = create_app().server.test_client()
    first = client.get("/fan?k=7")
    assert first.status_code == 200
    assert len(first.json["stops"]) >= 48
    assert client.get("/fan?k=7", headers={"If-None-Match": first.headers["ETag"]}).status_code == 304
    assert client.get("/fan?k=8").json["moments"] != first.json["moments"]
    assert client.get("/fan?rate=abc&data=%00&" + "x" * 50).status_code == 200
    assert client.get("/fan?" + "x" * (limits.MAX_QUERY_BYTES + 1)).status_code == 414
    assert client.post("/fan").status_code == 405


@pytest.mark.parametrize("query", ["", "?data=spam", "?opt=momentum", "?vs=mae"])
def test_the_curve_on_the_slider_counts_the_steps_of_the_runs(query):
    state = parse(f"{query}{'&' if query else '?'}steps=120")[0].without_run
    curve = steps_by_rate(state)
    assert any(steps is not None for steps in curve.steps)
    for rate, steps in [*zip(curve.rates, curve.steps, strict=True)][::9]:
        assert steps == replace(state, rate=rate).descend().settled_at
    assert curve.most == 120


@pytest.mark.parametrize("query", ["?fog=1", *(f"?s={key}" for key in LESSONS), "?start=1e300,1"])
def test_the_curve_on_the_slider_gives_nothing_away(query):
    assert steps_by_rate(parse(query)[0].without_run).rates == []


def test_the_curve_has_a_route():
    client = create_app().server.test_client()
    assert client.get("/arrivals?rate=0.1").json == client.get("/arrivals?rate=0.2").json
    assert client.get("/arrivals?rate=abc&" + "x" * 50).status_code == 200
