"""The completion slip: computed from links alone."""

import re
from html import unescape
from urllib.parse import urlencode

import pytest

from app.api import completion_slip
from app.experiment.experiment import Experiment
from app.i18n.translation import LANGUAGES
from app.lessons import LESSONS
from app.url_state.state import parse


def slip(client, *links, lang="en"):
    answer = client.get("/slip?" + urlencode([*(("did", link) for link in links), ("lang", lang)]))
    assert answer.status_code == 200
    page = answer.get_data(as_text=True)
    rows = re.findall(r"<tr>\s*<th scope=\"row\">(.*?)</tr>", page, re.DOTALL)
    return page, [unescape(re.sub(r"<[^>]+>", "|", row)) for row in rows]


def test_a_row_has_the_prediction_the_truth_and_the_run_of_the_link(client):
    _, (choice, place) = slip(client, "s=pace&a=0&rate=0.4", "s=landing&a=1,2")
    lesson = LESSONS["pace"]
    assert lesson.choices[0] in choice
    assert lesson.choices[lesson.correct_choice] in choice
    assert "answered wrong" in choice
    run = Experiment(parse("s=pace&a=0&rate=0.4")[0]).run
    assert str(run.outcome.sentence) in choice
    assert "gradient descent, learning rate 0.4" in choice
    assert "(1; 2)" in place
    assert re.search(r"You were [\d.]+ away", place)


def test_numbers_cannot_be_made_up(client):
    """A link has nothing but what was answered and set: other parts change nothing on the slip."""
    honest = slip(client, "s=pace&a=3")[1]
    assert slip(client, "s=pace&a=3&loss=0.001&steps=1&best=1")[1] != honest  # that is another run
    assert slip(client, "s=pace&a=3&gap=0&arrived=1&right=1")[1] == honest
    page, _ = slip(client, "s=pace&a=3")
    with_more = client.get("/slip?did=s%3Dpace%26a%3D3&score=100&name=Ada&lang=en").get_data(as_text=True)
    assert with_more.partition("fine link")[0] == page.partition("fine link")[0]


@pytest.mark.parametrize(
    "links", [(), ("s=walk",), ("a=1",), ("s=nope&a=1",), ("s=walk&a=99",), ("<script>",)]
)
def test_what_is_no_answered_lesson_is_left_out(client, links):
    page, rows = slip(client, *links)
    assert rows == []
    assert "No lesson of this link is answered." in page
    assert "<script" not in page


def test_a_lesson_stands_once_and_only_so_many(client, monkeypatch):
    assert len(slip(client, "s=pace&a=0", "s=pace&a=3")[1]) == 1
    monkeypatch.setattr(completion_slip, "MAX_LESSONS", 2)
    assert len(slip(client, "s=pace&a=0", "s=walk&a=0", "s=typo&a=0")[1]) == 2


def test_best_runs_cost_no_more_than_one_page(client, monkeypatch):
    monkeypatch.setattr(completion_slip, "BUDGET", completion_slip.Price(1.0, 1.0))
    (row,) = slip(client, "s=pace&a=0")[1]
    assert "too much to compute here; open its link" in row


@pytest.mark.parametrize("lang", LANGUAGES)
def test_it_says_what_is_the_student_s_word_and_asks_for_no_name(client, lang):
    answers = {key: "0" if lesson.choices else "0,0" for key, lesson in LESSONS.items()}
    page, rows = slip(client, *(f"s={key}&a={answer}" for key, answer in answers.items()), lang=lang)
    assert len(rows) == len(LESSONS)
    texts = LANGUAGES[lang].translate(completion_slip.TEXTS)
    assert texts["word"] in unescape(page)
    assert texts["unsigned"] in unescape(page)
    assert "<input" not in page
    assert "{" not in page.partition("</style>")[2]
