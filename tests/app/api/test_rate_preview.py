"""The fan says of every rate what the page would say of it."""

import gzip
import json

import numpy as np
import pytest
from numpy.testing import assert_allclose

import losses
from app.api.rate_preview import MAX_TOTAL_STEPS, MIN_STOPS, rate_preview, slider_stops
from app.common import limits
from app.experiment.experiment import Experiment
from app.page.figure_set import run_arrays
from app.page.scene import moment, scene
from app.server import create_app
from app.url_state.state import apply_changes, parse
from tests.support.array_decoding import received
from tests.support.previews import QUERIES, assert_near


def query_at(query, rate):
    return apply_changes(query, {"rate": f"{rate:.6g}"})[0]


@pytest.mark.parametrize("query", QUERIES)
def test_every_stop_is_what_the_page_shows_at_that_rate(query):
    state = parse(query)[0]
    found = rate_preview(state)
    for place in (0, len(found["stops"]) // 2, len(found["stops"]) - 1) if found["stops"] else ():
        there = query_at(query, found["stops"][place])
        assert there.rate == found["stops"][place]
        shown, cast = scene(there), Experiment(there)
        seen, arrays = found["seen"][place], run_arrays(cast)
        k = min(state.step, seen["last"])
        assert seen["last"] == len(cast.run.theta) - 1
        assert seen["moment"] == moment(cast, k)
        assert_near(seen["layout"], shown["run"]["layout"])
        for name, table in found["arrays"].items():
            row, true = received(table)[place], np.asarray(arrays[name])
            true = true[min(k, len(true) - 1)].ravel() if true.ndim > 1 else true
            with np.errstate(over="ignore"):
                assert_allclose(row[: len(true)], np.float32(true), rtol=2e-5, atol=1e-6, err_msg=name)
            assert np.isnan(row[len(true) :]).all()


@pytest.mark.parametrize("query", QUERIES)
def test_what_is_left_out_is_the_same_at_every_rate(query):
    state = parse(query)[0]
    found = rate_preview(state)
    if found["stops"]:
        here, there = (run_arrays(Experiment(query_at(query, found["stops"][i]))) for i in (0, -1))
        for name in here.keys() - found["arrays"].keys():
            if not name.endswith("step"):
                assert_allclose(here[name], there[name], err_msg=name)


def test_stops_lie_on_the_slider_with_its_marks():
    state = parse("")[0]
    best = losses.certify(state.problem)
    rates = slider_stops(state)
    assert rates == sorted(set(rates))
    nearest = max(rate for rate in rates if rate <= best.critical_rate)
    assert nearest == pytest.approx(best.critical_rate, rel=2e-6)
    assert all(query_at("", rate).rate == rate for rate in rates)


@pytest.mark.parametrize(
    "query",
    ["?s=goldilocks", "?fog=1", "?data=digits", "?race=adam", f"?steps={MAX_TOTAL_STEPS // MIN_STOPS + 1}"],
)
def test_nothing_is_told_or_computed_too_much(query):
    assert rate_preview(parse(query)[0]) == {"stops": []}


@pytest.mark.parametrize(
    "query", ["", "?steps=200&k=200", "?data=moons&steps=360", "?data=spam&vs=mse&steps=100"]
)
def test_a_fan_is_light(query):
    sent = gzip.compress(json.dumps(rate_preview(parse(query)[0])).encode(), 6)
    assert rate_preview(parse(query)[0])["stops"]
    assert len(sent) <= 120_000


def test_a_fan_is_computed_once_and_bad_links_are_answered():
    client = create_app().server.test_client()
    first = client.get("/fan?k=7")
    assert first.status_code == 200
    assert len(first.json["stops"]) >= 48
    assert client.get("/fan?k=7", headers={"If-None-Match": first.headers["ETag"]}).status_code == 304
    assert client.get("/fan?k=8").json["seen"] != first.json["seen"]
    assert client.get("/fan?rate=abc&data=%00&" + "x" * 50).status_code == 200
    assert client.get("/fan?" + "x" * (limits.MAX_QUERY_BYTES + 1)).status_code == 414
    assert client.post("/fan").status_code == 405
