"""A glimpse is what the page shows and says at one step of a run, without the rest."""

import gzip
import json

import pytest
from numpy.testing import assert_allclose

from app.api.start_preview import start_preview
from app.common import limits
from app.experiment.experiment import Experiment
from app.lessons import LESSONS
from app.page.scene import moment, scene
from app.server import create_app
from app.url_state.state import parse
from tests.support.array_decoding import received
from tests.support.previews import QUERIES, assert_near


@pytest.mark.parametrize(
    "query", [*QUERIES, "?race=adam,momentum&k=9", *(f"?s={key}&a=1" for key in LESSONS)]
)
def test_it_is_the_scene_at_its_step(query):
    state = parse(query)[0]
    found, whole, cast = start_preview(Experiment(state)), scene(state), Experiment(state)
    k = whole["step"]
    assert found["last"] == whole["run"]["told"]["last"]
    assert found["moment"] == moment(cast, k)
    assert_near(found["layout"], whole["run"]["layout"])
    for name, array in whole["run"]["arrays"].items():
        true = received(array)
        if name == "order":  # of the images that are sent along, other ones for a whole run
            images, here = (received(made["arrays"]["images"]) for made in (found, whole["run"]))
            assert_allclose(images[received(found["arrays"]["order"])], here[true[k]])
        if name in ("order", "images"):
            continue
        if name not in found["arrays"]:
            assert not true.size, name  # what the browser fills in
            continue
        seen = received(found["arrays"][name])
        if array.get("coding") == "sigmoids":
            seen, true = seen[0], true[k]
        elif true.ndim > 1:
            true = true[min(k, len(true) - 1)].ravel()
        assert_allclose(seen, true, rtol=2e-5, atol=1e-6, err_msg=name)


def test_it_is_a_third_of_the_scene():
    state = parse("?start=1,1")[0]
    whole, seen = (
        gzip.compress(json.dumps(made).encode(), 6)
        for made in (scene(state), start_preview(Experiment(state)))
    )
    assert len(seen) < len(whole) / 3


def test_bad_links_are_answered():
    client = create_app().server.test_client()
    assert client.get("/glimpse?start=1,1&k=7").json["last"] == 60
    assert client.get("/glimpse?start=1,1&k=7").json != client.get("/glimpse?start=1,1.1&k=7").json
    assert client.get("/glimpse?rate=abc&data=%00&start=nan&" + "x" * 50).status_code == 200
    assert client.get("/glimpse?" + "x" * (limits.MAX_QUERY_BYTES + 1)).status_code == 414
    assert client.post("/glimpse").status_code == 405
