"""The preview of the start: it equals the scene at the step of the link."""

import gzip

import pytest
from numpy.testing import assert_allclose

from app.api.start_preview import start_preview
from app.common import limits
from app.experiment.experiment import Experiment
from app.lessons import LESSONS
from app.protocol.base import encode
from app.server import create_app
from app.url_state.state import parse
from tests.support.array_decoding import decode_array
from tests.support.previews import QUERIES
from tests.support.sent import moment, scene, sent


@pytest.mark.parametrize(
    "query", [*QUERIES, "?race=adam,momentum&k=9", *(f"?s={key}&a=1" for key in LESSONS)]
)
def test_a_preview_equals_the_scene_at_its_step(query):
    state = parse(query)[0]
    experiment, page_scene = Experiment(state), scene(state)
    preview, run = sent(start_preview(Experiment(state))), page_scene["run"]
    k = page_scene["moment"]["step"]
    assert preview["moment"] == page_scene["moment"] == moment(experiment, k)
    for name, array in run["arrays"].items():
        expected = decode_array(array)
        if name == "order":  # indices into the images sent, of which a preview has fewer
            preview_images, run_images = (decode_array(part["arrays"]["images"]) for part in (preview, run))
            assert_allclose(preview_images[decode_array(preview["arrays"]["order"])], run_images[expected[k]])
        if name in ("order", "images"):
            continue
        if name not in preview["arrays"]:
            assert not expected.size, f"{name}: only what the browser computes itself is omitted"
            continue
        actual = decode_array(preview["arrays"][name])
        if array["kind"] == "probabilityGrid":
            actual, expected = actual[0], expected[k]
        elif expected.ndim > 1:
            expected = expected[min(k, len(expected) - 1)].ravel()
        assert_allclose(actual, expected, rtol=2e-5, atol=1e-6, err_msg=name)


def test_a_preview_has_less_than_a_third_of_the_bytes_of_a_scene():
    state = parse("?start=1,1")[0]
    scene_bytes, preview_bytes = (
        gzip.compress(encode(value), 6) for value in (scene(state), start_preview(Experiment(state)))
    )
    assert len(preview_bytes) < len(scene_bytes) / 3


def test_the_route_answers_invalid_links_and_refuses_long_ones():
    client = create_app().server.test_client()
    assert client.get("/glimpse?start=1,1&k=7").json["moment"]["lastStep"] == 60
    assert client.get("/glimpse?start=1,1&k=7").json != client.get("/glimpse?start=1,1.1&k=7").json
    assert client.get("/glimpse?rate=abc&data=%00&start=nan&" + "x" * 50).status_code == 200
    assert client.get("/glimpse?" + "x" * (limits.MAX_QUERY_BYTES + 1)).status_code == 414
    assert client.post("/glimpse").status_code == 405
