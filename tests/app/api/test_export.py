"""Exports, QR codes and posted data: the routes besides the page."""

import csv
import io
import json
import re

import pytest
import segno

from app.api.export import EXPORTS, MAX_QR_CHARACTERS, qr_svg
from app.common import limits
from app.url_state.points_check import points_check
from app.url_state.state import parse
from tests.support.problem_cases import PAIRINGS
from tools.support.http_client import callback_body

MANY_POINTS = "regression_x,y" + "".join(f"_{i},{i % 7}.25" for i in range(400))
"""Examples of a custom dataset, too long for a link."""


@pytest.mark.parametrize("name", EXPORTS)
@pytest.mark.parametrize("query", ["", "?rate=abc&wat=1", "?rate=1e9", "?data=iris", "?theme=projector&k=0"])
def test_every_export_answers_every_link_with_a_named_file(client, name, query):
    answer = client.get(f"/export/{name}{query}")
    assert answer.status_code == 200
    assert answer.headers["Content-Disposition"] == f"attachment; filename=losslab-{name}"
    assert len(answer.get_data()) > 500


def test_the_script_has_a_comment_with_its_link(client):
    text = client.get("/export/run.py?k=3&rate=0.3&wat=1").get_data(as_text=True)
    assert text.splitlines()[1] == "# http://localhost/?rate=0.3&k=3"


def test_the_table_has_every_iterate_with_all_digits(client):
    text = client.get("/export/path.csv?data=norris&standardize=0").get_data(as_text=True)
    rows = list(csv.DictReader(io.StringIO(text)))
    run = parse("?data=norris&standardize=0")[0].descend()
    assert len(rows) == len(run.loss)
    assert float(rows[7]["loss"]) == run.loss[7]
    assert (float(rows[9]["w"]), float(rows[9]["slope b"])) == (run.theta[9, 0], run.gradient[9, 1])


@pytest.mark.parametrize("pairing", PAIRINGS[::7], ids="-".join)
def test_the_offline_page_loads_nothing_and_its_figure_is_valid_json(client, pairing):
    query = "&".join(f"{key}={value}" for key, value in zip(("data", "model", "loss"), pairing, strict=True))
    text = client.get(f"/export/landscape.html?{query}").get_data(as_text=True)
    assert len(text) <= 1_700_000
    markup = text[: text.index("<script")] + text[text.rindex('<script type="application/json"') :]
    assert not re.search(r'(src|href)="(?!http://localhost/\?)', markup)
    assert "var(--" not in markup
    figure = text[text.rindex('id="figure">') + len('id="figure">') :].split("</script>")[0]
    assert json.loads(figure, parse_constant=pytest.fail)["data"]


def test_names_in_custom_data_are_escaped_in_the_offline_page(client):
    query = "data=own&points=regression_a %26lt,b_1,2_2,3_3,5"
    assert client.get(f"/export/landscape.html?{query}").status_code == 200
    hostile = "data=own&points=regression_<script>,b_1,2_2,3_3,5"
    assert "<script>,b" not in client.get(f"/export/landscape.html?{hostile}").get_data(as_text=True)


def test_an_export_of_data_that_only_the_browser_has_needs_them_posted(client):
    query = "/export/run.py?data=own&points=browser"
    refused = client.get(query)
    assert (refused.status_code, refused.get_data(as_text=True)) == (
        400,
        "The data of this link are in the browser in which they were pasted.\n",
    )
    text = client.post(query, data={"rows": MANY_POINTS}, content_type="multipart/form-data").get_data(
        as_text=True
    )
    assert "397, 398, 399" in text
    for rows in ("wat", "_" * 160_000):
        answer = client.post(query, data={"rows": rows}, content_type="multipart/form-data")
        assert answer.status_code in (200, 400)


def test_the_qr_code_of_a_link_of_typical_length_has_few_modules(client):
    address = "https://losslab.example.org/?loss=huber&data=outlier&rate=0.05&start=-1.2,2.5&steps=100&k=12"
    svg = client.get("/export/qr.svg", query_string={"of": address}).get_data(as_text=True)
    size = int(re.search(r'viewBox="0 0 (\d+)', svg)[1])
    assert size - 8 == segno.make_qr(address, error="L").symbol_size(border=0)[0] <= 45
    assert 'fill="#fff"' in svg
    assert qr_svg(address) == svg.encode()


@pytest.mark.parametrize("of", ["", "javascript:alert(1)", "x" * 50, "http://" + "x" * MAX_QR_CHARACTERS])
def test_only_web_addresses_of_limited_length_get_a_qr_code(client, of):
    assert client.get("/export/qr.svg", query_string={"of": of}).status_code == 400
    assert (
        client.get(
            "/export/qr.svg", query_string={"of": "http://" + "x" * (MAX_QR_CHARACTERS - 7)}
        ).status_code
        == 200
    )


def test_an_unknown_export_is_not_found(client):
    assert client.get("/export/wat").status_code == 404
    assert client.get("/export/").status_code == 404


def test_pasted_csv_is_answered_with_the_points_of_the_chosen_columns(client):
    answer = client.post("/paste?task=regression&inputs=1&target=0", data=b"a,b\n1,2\n2,3\n4,4").get_json()
    assert answer["points"] == "regression_b,a_2,1_3,2_4,4"


@pytest.mark.parametrize("query", ["", "?inputs=x,²,99999999&target=-1&task=%00&header=2"])
@pytest.mark.parametrize("body", [b"", b"\xff\xfe\x00", b"1,2\n" * 3000, b'"' * 1000, b"\x00,1\n" * 5])
def test_any_pasted_bytes_are_answered_with_a_sentence(client, body, query):
    answer = client.post(f"/paste{query}", data=body)
    assert answer.status_code == 200
    assert answer.get_json()["problem"].endswith(".")


def test_too_large_a_paste_and_other_methods_are_refused(client):
    refused = client.post("/paste", data=b"1,2\n" * (limits.MAX_PASTE_BYTES // 4 + 10))
    assert refused.status_code == 413
    assert str(limits.MAX_PASTE_BYTES) in refused.get_data(as_text=True)
    assert client.get("/paste").status_code == 405


def test_a_request_of_the_page_may_carry_the_data_of_the_browser(client):
    def post(rows):
        value = {"link": "", "changes": {"data": "own", "points": "browser"}, "points": rows}
        return client.post("/_dash-update-component", json=callback_body(value))

    scene = post(MANY_POINTS).get_json()["response"]["answer"]["value"]
    expected = f"?rows={points_check(MANY_POINTS)}&data=own&points=browser"
    assert (scene["shortLink"], scene["notices"]) == (expected, [])
    assert post("x" * 160_000).status_code == 400
    assert post(3).status_code == 400
    assert "Data begin with their task" in post("wat").get_json()["response"]["answer"]["value"]["notices"][0]
