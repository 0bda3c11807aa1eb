"""The routes of the form of a lesson: what a draft makes, its file, and what is read again."""

import pytest

from app.common import limits
from app.lessons import LESSONS
from app.lessons.course_file import read_course
from app.lessons.lesson_link import pack_lesson
from app.url_state.state import parse

DRAFT = {
    "link": "?data=icecream&rate=0.3&theme=dark&lang=es&k=7",
    "title": "Ours",
    "question": "How many?",
    "choices": ["3", "{steps}"],
    "right": 1,
    "reveal": "{steps}, below {limit}",
}
ROWS = "regression_size,the ~u price_" + "_".join(f"{i},{i * i % 97}" for i in range(1, 400))


def post(client, name, draft):
    return client.post(f"/lesson/{name}?lang=en", json=draft)


def preview(client, **changes):
    return post(client, "preview", DRAFT | changes).get_json()


def test_a_draft_becomes_a_link(client):
    made = preview(client)
    assert made["faults"] == []
    state, notices = parse(made["query"])
    assert notices == ()
    assert (state.rate, state.theme, state.lang, state.step) == (0.3, "auto", "auto", 0)
    assert made["answered"]["answer"]["explanation"] == "10, below 0.677"
    assert made["answered"]["answer"]["feedback"] == "Right: 10."
    assert "characters of a link" in made["sentence"]
    names = {number["name"]: number["value"] for number in made["numbers"]}
    assert (names["steps"], names["limit"], names["rival"]) == ("10", "0.677", "unknown")


def test_the_lesson_that_the_page_shows_is_not_part_of_the_new_one(client):
    state, _ = parse(preview(client, link="?s=pace&a=1&rate=0.2")["query"])
    assert (state.rate, state.data, state.answer) == (0.2, "icecream", "")
    assert state.ghost


@pytest.mark.parametrize(
    ("changes", "field", "sentence"),
    [
        ({"title": " "}, "title", "This is needed."),
        ({"choices": ["only"]}, "choices", "Two choices are needed, or a place."),
        ({"text": "{stepss}"}, "text", "There is no number {stepss} here."),
        ({"choices": ["a", "{rival}"]}, "choices", "The number {rival} is not known here."),
        ({"note": "x" * 601}, "note", "It has 601 characters; at most 600 are allowed."),
        ({"aha": "a\x00"}, "aha", "It has a character that cannot be seen."),
        ({"link": "?data=saddle", "place": "best_u,best_v"}, "place", "The right place is not known here."),
    ],
)
def test_what_is_wrong_is_said_of_its_field(client, changes, field, sentence):
    made = preview(client, **changes)
    assert {"field": field, "sentence": sentence} in made["faults"]
    assert (made["query"], made["complete"]) == ("", False)


def test_a_lesson_that_is_too_long_says_what_to_shorten(client):
    text = "".join(chr(0x4E00 + i * 7) for i in range(590))
    made = preview(client, text=text)
    assert made["query"] == ""
    assert made["complete"]
    assert "too long for a link. The longest is the text: shorten it" in made["sentence"]


def test_data_that_stay_in_the_tab_are_told_and_travel_in_the_file(client):
    draft = DRAFT | {"link": "?data=own&points=browser", "rows": ROWS}
    made = post(client, "preview", draft).get_json()
    assert made["query"] == ""
    assert made["sentence"].startswith("These data stay in this tab")
    text = post(client, "file", draft).text
    course = read_course(text.encode())
    assert course.data[0].inputs.shape == (399, 1)
    assert course.data[0].target_name == "the _ price"
    (found,) = client.post("/lesson/import", data=text.encode()).get_json()["lessons"]
    assert found["draft"]["rows"] == ROWS
    assert "points=browser" in found["draft"]["link"]
    assert found["draft"]["title"] == "Ours"


@pytest.mark.parametrize(
    "link", ["?data=own&points=binary_a,b,c_1,2,0_2,1,1_3,3,0_4,1,1_5,9,0", "?data=digits", "?data=saddle"]
)
def test_a_file_is_read_as_it_was_written(client, link):
    draft = DRAFT | {"link": link, "reveal": ""}
    draft["choices"] = ["a", "b"]
    text = post(client, "file", draft).text
    (found,) = client.post("/lesson/import", data=text.encode()).get_json()["lessons"]
    assert parse(found["draft"]["link"])[0] == parse(link)[0]
    assert {name: found["draft"][name] for name in ("title", "question", "choices", "right")} == {
        name: draft[name] for name in ("title", "question", "choices", "right")
    }


@pytest.mark.parametrize("key", LESSONS)
def test_the_lesson_of_a_link_comes_into_the_form(client, key):
    word = pack_lesson(LESSONS[key])
    (found,) = client.post("/lesson/import", data=f"?s={word}").get_json()["lessons"]
    assert found["draft"]["title"] == LESSONS[key].title
    assert parse(found["draft"]["link"])[0].data == parse(f"?s={key}")[0].data


def test_a_wrong_file_is_told_with_its_line(client):
    answer = client.post("/lesson/import", data=b"blocks:\n- titel: x\n").get_json()
    assert answer["problem"].startswith("Line 2: Found: “titel”. Is it title? Allowed: title")
    assert client.post("/lesson/import", data="?s=own.x").get_json()["lessons"] == []
    assert client.post("/lesson/import", data=b"?\xff").status_code == 400


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"[" * 9000, b'{"link": 3}', b'{"link": "", "x": 1}'])
def test_what_is_no_draft_is_refused(client, body):
    for name in ("preview", "file"):
        assert client.post(f"/lesson/{name}", data=body).status_code == 400
    too_long = DRAFT | {"text": "x" * (limits.MAX_FIELD_CHARACTERS + 1)}
    assert post(client, "preview", too_long).status_code == 400
