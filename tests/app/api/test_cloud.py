"""The cloud: runs from many starts with many rates, compared one by one, their limit 2/L, every refusal."""

import json
import random

import msgspec
import numpy as np
import pytest

import losses
from app.common import limits
from app.experiment.cloud import compute_cloud
from app.experiment.cloud_frames import FRAMES, frame_steps
from app.experiment.prepared import prepare
from app.experiment.price import affordable_cloud, cloud_answer_price
from app.lessons import LESSONS
from app.problem_setup.price import ANSWER, RUNS, batch_price
from app.problem_setup.registry import SUBJECTS
from app.protocol.cloud import Cloud
from app.url_state.state import parse
from tests.support.array_decoding import decode_array

LINKS = (
    "",
    "?s=walk&steps=60",
    "?s=memory",
    "?data=spam&loss=bce",
    "?data=ravine&opt=momentum&steps=90",
    "?data=digits&steps=9",
    "?data=outlier&model=neuron",
    "?opt=sgd&steps=30",
    "?opt=newton&data=saddle",
)


def table_of(array):
    """Return the numbers of an array of an answer."""
    return decode_array(msgspec.to_builtins(array))


def order(link, count, seed=1, span=100.0):
    """Return starts on the map and rates around the edge, as a class chooses them."""
    state, _ = parse(link)
    plane, chance = prepare(state).surface.plane, random.Random(seed)
    starts = [tuple(chance.uniform(*side) for side in plane.box) for _ in range(count)]
    limit = losses.certify(state.problem).critical_rate or 1.0
    return starts, [4 * limit / span ** chance.random() for _ in range(count)]


@pytest.mark.parametrize("link", LINKS)
def test_each_run_is_that_of_its_start_and_rate(link):
    state, _ = parse(link)
    starts, rates = order(link, 12)
    cloud = compute_cloud(state, starts, rates)
    prepared, plane = prepare(state), state.view_plane.plane
    tables = [table_of(table) for table in (cloud.u, cloud.v, cloud.height)]
    low, high = prepared.z_scale.z_range
    assert cloud.count >= 6
    for i, (start, rate) in enumerate(zip(starts[: cloud.count], rates, strict=False)):
        run = losses.descend(
            state.problem, state.optimizer, start=plane.points(*start), rate=rate, **state.run_arguments
        )
        assert cloud.arrived[i] == (-1 if run.settled_at is None else run.settled_at)
        assert cloud.apart[i] == (run.outcome.name == "DIVERGED")
        shown = [k for k in cloud.frames if k < len(run.theta)]
        with np.errstate(all="ignore"):
            u, v = plane.coordinates(run.theta[shown]).astype("f4").T
            height = ((prepared.z_scale.to_z(run.loss[shown]) - low) / (high - low)).astype("f4")
        for table, expected in zip(tables, (u, v, height), strict=True):
            assert np.allclose(table[i, : len(shown)], expected, rtol=1e-5, atol=1e-6, equal_nan=True)
            assert np.isnan(table[i, len(shown) :]).all()


def test_nobody_is_clamped():
    """A run that leaves is beyond the map and above the landscape by its true numbers."""
    state, _ = parse("")
    limit = losses.certify(state.problem).critical_rate
    box = prepare(state).surface.plane.box
    cloud = compute_cloud(state, [(box[0][1], box[1][1])], [1.5 * limit])
    assert cloud.apart == (True,)
    assert np.nanmax(np.abs(table_of(cloud.u))) > 10 * max(map(abs, box[0]))
    assert np.nanmax(table_of(cloud.height)) > 1.0


@pytest.mark.parametrize("steps", [0, 1, 59, 60, 61, 200, 1000])
def test_the_frames_begin_and_end_with_the_run(steps):
    frames = frame_steps(steps)
    assert (frames[0], frames[-1]) == (0, steps)
    assert list(frames) == sorted(set(frames))
    assert len(frames) == min(steps, FRAMES) + 1


def of_a_line(link):
    """Return 2/L of the mean squared error of a line from the sums of its inputs."""
    x = parse(link)[0].dataset.x
    middle, spread = (np.mean(x**2) + 1) / 2, np.hypot((np.mean(x**2) - 1) / 2, np.mean(x))
    return 2.0 / (2.0 * (middle + spread))


@pytest.mark.parametrize(
    ("link", "limit"),
    [
        ("?data=bowl", 1.0),  # x² + y²
        ("?data=ravine", 2.0 / 50.0),  # ½ (x² + 50 y²)
        ("?s=walk&steps=60", of_a_line("?s=walk&steps=60")),
        ("?s=units", of_a_line("?s=units")),
    ],
)
def test_the_limit_is_that_of_the_closed_form(link, limit):
    cloud = compute_cloud(parse(link)[0], [(0.1, 0.1)], [1e-5])
    assert cloud.limit.rate == pytest.approx(limit, rel=1e-9)


@pytest.mark.parametrize(
    ("link", "has_line", "word"),
    [
        ("", True, "2/L = "),
        ("?data=spam", True, "bound"),
        ("?data=outlier&model=neuron", True, "at the minimum"),
        ("?data=saddle", False, "not known"),
        ("?opt=adam", False, "Adam"),
        ("?schedule=cosine", False, "constant"),
    ],
)
def test_the_line_says_what_is_known_of_it(link, has_line, word):
    state, _ = parse(link)
    limit = compute_cloud(state, [(0.5, 0.5)], [0.01]).limit
    assert (limit.rate is not None) == has_line == bool(limit.label)
    assert word in limit.sentence


@pytest.mark.parametrize("seed", [1, 2, 3])
@pytest.mark.parametrize("link", ["?s=walk&steps=60", "?s=pace", "?s=memory"])
def test_300_students_with_random_rates_draw_the_cliff_at_2_over_l(link, seed):
    """2/L stands within a dot of the edge: who is just beyond it may need more steps to fly apart."""
    state, _ = parse(link)
    starts, rates = order(link, 300, seed)
    cloud = compute_cloud(state, starts, rates)
    assert cloud.count == 300
    dots = sorted(zip(rates, cloud.apart, cloud.arrived, strict=True))
    place = sum(rate < cloud.limit.rate for rate in rates)
    edge = next(i for i, (_, apart, _) in enumerate(dots) if apart)
    assert place <= edge <= place + 1
    assert all(apart and arrived < 0 for _, apart, arrived in dots[edge:])
    assert sum(arrived >= 0 for _, _, arrived in dots) >= 15


@pytest.mark.parametrize("key", SUBJECTS)
def test_any_answer_is_within_its_price(key):
    state, _ = parse(f"?data={key}&steps=1000")
    count = affordable_cloud(state, limits.MAX_STUDENTS)
    assert 1 <= count <= limits.MAX_STUDENTS
    assert cloud_answer_price(state.problem, state.optimizer, count, state.steps).fits(ANSWER)
    more = batch_price(state.problem, state.optimizer, count + 1, state.steps)
    assert count == limits.MAX_STUDENTS or not more.fits(RUNS)


def test_a_heavy_problem_comes_in_parts_that_fit_together(client, monkeypatch):
    assert affordable_cloud(parse("?data=digits&model=mlp&steps=400")[0], 40) < 40
    starts, rates = order("", 40)

    def answer(first):
        body = {"link": "", "starts": starts[first:], "rates": rates[first:]}
        return msgspec.json.decode(client.post("cloud", json=body).data, type=Cloud)

    whole, arrived = answer(0), []
    assert whole.count == 40
    monkeypatch.setattr("app.experiment.cloud.affordable_cloud", lambda state, count: min(count, 16))
    for count in (16, 16, 8):
        part = answer(len(arrived))
        arrived += part.arrived
        assert part.count == len(part.arrived) == len(part.apart) == count
    assert tuple(arrived) == whole.arrived


def test_one_run_is_told_in_words_and_in_the_language_of_the_phone(client):
    body = {"link": "?s=walk&steps=60", "starts": [[1, 1]], "rates": [0.5]}
    english = client.post("cloud", json=body).get_json()
    assert english["verdict"].startswith("Arrived")
    assert client.post("cloud?lang=es", json=body).get_json()["verdict"] != english["verdict"]
    two = body | {"starts": [[1, 1], [2, 1]], "rates": [0.5, 0.5]}
    assert client.post("cloud", json=two).get_json()["verdict"] == ""


def test_a_start_without_a_finite_loss_flies_apart_at_once(client):
    body = {"link": "", "starts": [[1e300, 1e300], [1, 1]], "rates": [0.1, 0.1]}
    cloud = msgspec.json.decode(client.post("cloud", json=body).data, type=Cloud)
    assert (cloud.apart, cloud.arrived[0]) == ((True, False), -1)
    alone = {"link": "", "starts": [[1e300, 1e300]], "rates": [0.1]}
    assert client.post("cloud", json=alone).get_json()["verdict"].startswith("The loss at the start")


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        ({}, "takes a link, starts and rates"),
        ([], "takes a link, starts and rates"),
        ({"link": "", "starts": [], "rates": []}, " are 1 to 500"),
        ({"link": "", "starts": [[0, 0]], "rates": [0]}, "rates are 1 to 500 positive"),
        ({"link": "", "starts": [[0, 0]], "rates": ["x"]}, "rates are 1 to 500 positive"),
        ({"link": "", "starts": [[0]], "rates": [1]}, "starts are 1 to 500 pairs"),
        ({"link": "", "starts": [[0, 1e308]], "rates": [1]}, "starts are 1 to 500 pairs"),
        ({"link": "", "starts": [[0, 0]], "rates": [1, 2]}, "as many of one as of the other"),
        ({"link": "x" * 2001, "starts": [[0, 0]], "rates": [1]}, "link is a text"),
        ({"link": "", "starts": [[0, 0]], "rates": [1], "more": 1}, "takes a link, starts and rates"),
        ({"link": "?opt=line_search", "starts": [[0, 0]], "rates": [1]}, "there is none to try"),
    ],
)
def test_what_is_no_order_gets_its_sentence(client, body, sentence):
    answer = client.post("cloud", json=body)
    assert answer.status_code == 400
    assert sentence in answer.get_data(as_text=True)


def test_no_other_body_is_read(client):
    body = json.dumps({"link": "", "starts": [[0, 0]], "rates": [1]})
    assert client.post("cloud", data=body, content_type="text/plain").status_code == 415
    assert client.post("cloud", data=b"\xff", content_type="application/json").status_code == 400
    long = json.dumps({"link": "", "starts": [[0, 0]], "rates": [1], "more": "x" * limits.MAX_CLOUD_BYTES})
    assert client.post("cloud", data=long, content_type="application/json").status_code == 413
    assert client.get("cloud").status_code == 405


@pytest.mark.parametrize("key", LESSONS)
def test_a_wrong_link_or_a_lesson_is_answered(client, key):
    body = {"link": f"?s={key}&wat=1", "starts": [[0.1, 0.1]], "rates": [0.01]}
    assert client.post("cloud", json=body).status_code == 200
