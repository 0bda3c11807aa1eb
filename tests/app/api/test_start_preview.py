"""The preview of the start: it equals the scene at the step of the link."""

import gzip

import pytest
from numpy.testing import assert_allclose

from app.api.start_preview import place_preview, start_preview
from app.common import limits
from app.experiment.experiment import Experiment
from app.figures.trajectory import DENSE_PATH_ARRAYS
from app.lessons import LESSONS
from app.protocol.base import encode
from app.server import create_app
from app.url_state.state import parse
from losses.core.messages import format_number
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
        if name.rpartition(":")[2] in (
            "order",
            "images",
            *DENSE_PATH_ARRAYS,
        ):  # a run is played only from its scene
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


@pytest.mark.parametrize(
    "query", [*QUERIES, "?data=digits&start=1,1", "?data=norris&standardize=0&start=1,2"]
)
def test_the_loss_of_a_place_is_that_of_a_run_which_starts_there(query):
    state = parse(query)[0]
    answer = place_preview(state)
    assert answer.loss == f"loss {format_number(float(Experiment(state).run.loss[0]))}"


def test_a_place_shows_the_line_that_a_run_has_at_its_start():
    for query in ("?start=1,1&k=0", "?data=spam&start=2,-3&k=0", "?data=misra1a&model=saturation&k=0"):
        state = parse(query)[0]
        answer, run = sent(place_preview(state))["arrays"], scene(state)["run"]["arrays"]
        assert_allclose(
            decode_array(answer["place_fit"]), decode_array(run["fit"])[0], rtol=2e-5, err_msg=query
        )
        assert_allclose(decode_array(answer["place_at"]), decode_array(run["at"]))
        assert not decode_array(answer["at"]).size, "the residuals of the run are not drawn meanwhile"
        assert not decode_array(run["place_fit"]).size


def test_a_compared_loss_is_told_where_the_place_is_the_same():
    assert place_preview(parse("?data=icecream&vs=mae&start=1,2")[0]).compared_loss
    for query in ("", "?vs=raw", "?data=norris&vs=icecream"):
        assert not place_preview(parse(query)[0]).compared_loss, query


def test_a_place_keeps_secret_what_a_lesson_asks_for_and_what_the_fog_hides():
    for query in ("?fog=1", *(f"?s={key}" for key in LESSONS)):
        answer = place_preview(parse(query)[0])
        assert (answer.loss, answer.compared_loss, answer.arrays) == ("", "", {}), query


def test_a_place_beyond_numbers_is_said_to_be():
    client = create_app().server.test_client()
    assert client.get("/place?start=1e300,1").json["loss"] == "loss too large to compute"
    assert client.get("/place?start=1e300,1&lang=es").json["loss"] != "loss too large to compute"
    assert client.get("/place?rate=abc&start=nan&" + "x" * 50).status_code == 200
