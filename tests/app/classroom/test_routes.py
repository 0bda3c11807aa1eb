"""What a class's teacher and phones send and read over HTTP, and every refusal."""

import json
import logging
import os
import re
import sys
import time
from dataclasses import replace

import msgspec
import pytest

from app.classroom.class_state import open_class
from app.classroom.classroom import EXTENSION
from app.classroom.codes import code_of, digest
from app.common import limits
from app.common.routes import ROUTES
from app.lessons import LESSONS, guess_and_target
from app.lessons.lesson import Lesson
from app.lessons.lesson_link import pack_lesson
from app.protocol.classroom import Board, Face, Question
from app.server import create_app
from app.web import access_log
from app.web.request_validation import UNKNOWN, route_for
from tools.support import redis_server
from tools.support.server_processes import wait_for

KEY, OTHER_KEY = "0123456789abcdef" * 2, "f" * 32
CODE = code_of(digest(KEY))
BY_CHOICE = next(key for key, lesson in LESSONS.items() if lesson.choices)
BY_PLACE = next(key for key, lesson in LESSONS.items() if not lesson.choices)
KEYED = {"Authorization": f"Bearer {KEY}"}


def token(n):
    return f"{n:032x}"


class Class:
    """A class over HTTP, as a teacher's screen and phones use it."""

    def __init__(self, client, key=KEY):
        self.client, self.key = client, key
        self.started = client.post("class/", json={"key": key, "link": ""})
        self.code = self.started.get_json()["code"]

    def face(self, **headers):
        return self.client.get(f"class/{self.code}/face", headers=headers)

    def press(self, turn, beat, link=f"?s={BY_CHOICE}", number=1, tag=None, key=None):
        headers = {
            "Authorization": f"Bearer {key or self.key}",
            "If-Match": tag or self.face().headers["ETag"],
        }
        body = {"turn": turn, "beat": beat, "link": link, "round": number}
        return self.client.put(f"class/{self.code}/turn", json=body, headers=headers)

    def settings(self, **switches):
        headers = {"Authorization": f"Bearer {self.key}", "If-Match": self.face().headers["ETag"]}
        body = {"door": True, "paused": False, "live": False} | switches
        return self.client.put(f"class/{self.code}/settings", json=body, headers=headers)

    def join(self, n):
        return self.client.put(f"class/{self.code}/me", json={"token": token(n)})

    def answer(self, n, value, turn=1, number=1):
        body = {"token": token(n), "turn": turn, "round": number, "value": value}
        return self.client.put(f"class/{self.code}/answer", json=body)

    def question(self, turn=1, lang="en"):
        return self.client.get(f"class/{self.code}/question?turn={turn}&lang={lang}")

    def board(self, **headers):
        return self.client.get(f"class/{self.code}/board", headers=KEYED | headers)


@pytest.fixture
def app():
    made = create_app()
    yield made
    made.server.extensions[EXTENSION].store.close()


@pytest.fixture
def client(app):
    return app.server.test_client()


@pytest.fixture
def running(client):
    return Class(client)


def sentence(answer):
    """Return the sentence of a refusal, which ends with a full stop."""
    text = answer.get_data(as_text=True).strip()
    assert answer.mimetype == "text/plain"
    assert text.endswith(".")
    return text


def test_a_turn_from_the_lobby_to_the_reveal(running):
    face = msgspec.json.decode(running.face().data, type=Face)
    assert (face.turn, face.beat, face.every, face.door) == (0, "lobby", 2, True)
    assert [running.join(n).get_json() for n in (1, 2, 3)] == [{"number": n} for n in (1, 2, 3)]
    assert running.press(1, "ask").status_code == 204
    for n, value in ((1, 0), (2, 1), (3, 1)):
        assert running.answer(n, value).status_code == 204
    asking = msgspec.json.decode(running.board().data, type=Board)
    assert (asking.joined, asking.here, asking.answered, asking.counts) == (3, 3, 3, ())
    running.press(1, "show")
    assert msgspec.json.decode(running.board().data, type=Board).counts == ((1, 2),)
    running.press(1, "reveal")
    question = msgspec.json.decode(running.question().data, type=Question)
    assert question.reveal.correct == LESSONS[BY_CHOICE].correct_choice


def test_a_place_is_asked_on_a_small_map(running):
    running.join(1)
    running.press(1, "ask", f"?s={BY_PLACE}")
    asked = msgspec.json.decode(running.question().data, type=Question)
    assert (asked.choices, asked.reveal) == ((), None)
    small = asked.map
    middle = [sum(small.u) / 2, sum(small.v) / 2]
    assert running.answer(1, middle).status_code == 204
    assert sentence(running.answer(1, 0)) == "This does not answer the question."
    assert running.answer(1, [small.u[1] + 1, middle[1]]).status_code == 400
    running.press(1, "reveal", f"?s={BY_PLACE}")
    board = msgspec.json.decode(running.board().data, type=Board)
    assert board.places == ((tuple(middle),),)
    target = msgspec.json.decode(running.question().data, type=Question).reveal.target
    assert small.u[0] <= target[0] <= small.u[1]
    assert small.v[0] <= target[1] <= small.v[1]


def test_the_class_tries_and_runs(running):
    link = f"?s={BY_CHOICE}"
    running.join(1), running.join(2)
    running.press(1, "reveal", link)
    field = msgspec.json.decode(running.question().data, type=Question).reveal.attempt
    start, rate = [field.map.u[0], field.map.v[1]], field.rates[1]
    assert running.answer(2, {"start": start, "rate": rate}).status_code == 409
    running.press(1, "try", link)
    assert running.answer(2, {"start": start, "rate": rate}).status_code == 204
    assert sentence(running.answer(2, {"start": start, "rate": 2 * rate})).startswith("This does not answer")
    for wrong in ({"start": start}, {"start": start, "rate": -1}, {"start": [1], "rate": 1}, {"rate": "x"}):
        assert running.answer(2, wrong).status_code == 400
    board = msgspec.json.decode(running.board().data, type=Board)
    assert (board.answered, board.attempts) == (1, ())
    running.press(1, "run", link)
    board = msgspec.json.decode(running.board().data, type=Board)
    assert board.attempts == ((2, tuple(start), rate),)


def test_a_turn_whose_link_has_no_descent_with_a_rate_is_not_tried(running):
    link = "?opt=line_search"
    running.press(1, "reveal", link)
    assert msgspec.json.decode(running.question().data, type=Question).reveal.attempt is None
    assert running.press(1, "try", link).status_code == 409
    assert running.press(1, "explore", link).status_code == 204


@pytest.mark.parametrize("key", LESSONS)
def test_no_phone_learns_what_is_so_before_the_reveal(running, key):
    """Not by any address that a phone can ask without the teacher's key."""
    link = f"?s={key}"
    running.join(1)
    for beat in ("ask", "show"):
        running.press(1, beat, link)
        readable = [
            running.face(),
            running.question(),
            running.answer(1, 0),
            running.client.get(f"class/{CODE}"),
        ]
        question = running.question().get_json()
        assert question["reveal"] is None
        texts = b"".join(answer.data for answer in readable).decode()
        assert f"s={key}" not in texts
        assert LESSONS[key].aha.split("{")[0] not in texts or len(LESSONS[key].aha.split("{")[0]) < 4
    running.press(1, "reveal", link)
    revealed = msgspec.json.decode(running.question().data, type=Question).reveal
    assert f"s={key}" in revealed.link
    assert (revealed.correct is None) != (revealed.target is None)


@pytest.mark.parametrize("answers", [(0, 1), (("best_u", "best_v"), ("next_u", "next_v"))])
def test_no_byte_that_a_phone_gets_depends_on_what_is_right(running, answers):
    """Two lessons of somebody's own that differ in nothing but what is right and what is told then."""
    seen = []
    for turn, right in enumerate(answers, 1):
        answer = (
            {"target": right}
            if isinstance(right, tuple)
            else {"choices": ("A", "B"), "correct_choice": right}
        )
        told = Lesson("k", "Ours", 0, "data=icecream&rate=0.3", "What?", aha=f"secret {turn}", **answer)
        told = replace(told, reveal=f"secret {turn}", drag=f"secret {turn}", note=f"secret {turn}")
        link = f"?s={pack_lesson(told)}"
        running.join(1)
        for beat in ("ask", "show"):
            assert running.press(turn, beat, link).status_code == 204
            answers_to_phones = [
                running.question(turn),
                running.answer(1, [0.0, 0.0] if "target" in answer else 0, turn),
                running.client.get(f"class/{CODE}"),
            ]
            sent = b"".join(each.data for each in answers_to_phones)
            seen.append(re.sub(rb'"(turn|version)":\d+', b"", sent))
            assert b"secret" not in seen[-1] + running.face().data
            assert b"own." not in seen[-1] + running.face().data
        running.press(turn, "reveal", link)
        assert running.question(turn).get_json()["reveal"]["conclusion"] == f"secret {turn}"
    assert seen[0] == seen[2]
    assert seen[1] == seen[3]


def test_a_turn_needs_a_right_place(running):
    lesson = Lesson("k", "T", 0, "data=saddle", "Where?", target=("best_u", "best_v"))
    refused = running.press(1, "ask", f"?s={pack_lesson(lesson)}")
    assert (refused.status_code, sentence(refused)) == (400, "The right place is not known here.")


def test_the_lesson_asks_what_its_own_link_opens(running):
    running.press(1, "ask", f"?s={BY_PLACE}&a=0.1,0.2&rate=0.001")
    running.press(1, "reveal", f"?s={BY_PLACE}&a=0.1,0.2&rate=0.001")
    from app.experiment.experiment import Experiment
    from app.url_state.state import parse

    context = Experiment(parse(f"?s={BY_PLACE}")[0]).lesson_moment
    target = guess_and_target(BY_PLACE, "0,0", context)[1]
    assert running.question().get_json()["reveal"]["target"] == pytest.approx(list(target))


@pytest.mark.parametrize(
    ("link", "correct"),
    [("?data=icecream&rate=0.4&steps=200", 0), ("?data=icecream&rate=0.001&steps=20", 1), ("?rate=5", 3)],
)
def test_of_any_other_link_it_is_asked_how_its_run_ends(running, link, correct):
    running.press(1, "ask", link)
    running.press(1, "reveal", link)
    question = running.question().get_json()
    assert len(question["choices"]) == 4
    assert question["reveal"]["correct"] == correct
    assert question["reveal"]["explanation"]


def test_own_data_are_a_turn_and_data_of_the_browser_are_not(running):
    own = "?data=own&points=regression_a,b_1,2_2,3_3,5"
    assert running.press(1, "ask", own).status_code == 204
    refused = running.press(2, "ask", "?data=own&points=browser")
    assert refused.status_code == 400
    assert "in this browser alone" in sentence(refused)


def test_a_question_is_in_the_language_of_the_phone(running):
    running.press(1, "ask")
    spanish = running.client.get(f"class/{CODE}/question?turn=1", headers={"Accept-Language": "es"})
    assert spanish.get_json()["question"] == running.question(lang="es").get_json()["question"]
    assert spanish.vary.as_set() >= {"accept-language"}


def test_a_second_round_keeps_the_first_one(running):
    running.join(1), running.join(2)
    running.press(1, "ask")
    running.answer(1, 0), running.answer(2, 0)
    running.press(1, "show")
    running.press(1, "ask", number=2)
    assert running.answer(1, 1, number=1).status_code == 409
    assert running.answer(1, 1, number=2).status_code == 204
    running.press(1, "show", number=2)
    board = msgspec.json.decode(running.board().data, type=Board)
    assert (board.counts, board.answered) == (((2, 0), (0, 1)), 1)


def test_bars_are_live_only_if_the_teacher_wants_them(running):
    running.join(1)
    running.press(1, "ask")
    running.answer(1, 1)
    assert running.board().get_json()["counts"] == []
    running.settings(live=True)
    assert running.board().get_json()["counts"] == [[0, 1]]


def test_an_answer_after_the_close_is_told_where_the_class_is(running):
    running.join(1)
    running.press(1, "ask")
    running.press(1, "show")
    late = running.answer(1, 0)
    assert late.status_code == 409
    assert late.get_json()["beat"] == "show"


def test_of_two_teachers_who_press_at_once_one_wins_and_the_other_sees_it(running):
    tag = running.face().headers["ETag"]
    assert running.press(1, "ask", tag=tag).status_code == 204
    second = running.press(1, "ask", tag=tag)
    assert second.status_code == 412
    assert second.get_json()["beat"] == "ask"
    assert second.headers["ETag"] == running.face().headers["ETag"]


def test_a_face_that_has_not_changed_is_not_sent_again(running):
    first = running.face()
    again = running.face(**{"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    assert "Content-Security-Policy" not in again.headers
    assert len(first.data) <= 250
    running.press(1, "ask")
    assert running.face(**{"If-None-Match": first.headers["ETag"]}).status_code == 200


def test_a_board_that_has_not_changed_is_not_sent_again(running):
    first = running.board()
    assert running.board(**{"If-None-Match": first.headers["ETag"]}).status_code == 304
    running.join(1)
    assert running.board(**{"If-None-Match": first.headers["ETag"]}).status_code == 200


def test_a_pause_is_on_the_face_and_phones_look_less_often(running):
    running.settings(paused=True)
    face = running.face().get_json()
    assert (face["paused"], face["every"]) == (True, 4)


def test_the_closed_door_is_told(running):
    running.join(1)
    running.settings(door=False)
    refused = running.join(2)
    assert refused.status_code == 403
    assert "door" in sentence(refused)
    assert running.join(1).status_code == 200


@pytest.mark.parametrize("path", ["turn", "settings", "board"])
@pytest.mark.parametrize("authorization", [None, "Bearer " + OTHER_KEY, "Bearer ", "Basic abc", KEY])
def test_only_the_key_runs_the_class(running, path, authorization):
    headers = {"If-Match": running.face().headers["ETag"]} | (
        {"Authorization": authorization} if authorization else {}
    )
    bodies = {
        "turn": {"turn": 1, "beat": "ask", "link": ""},
        "settings": {"door": False, "paused": True, "live": True},
    }
    if path == "board":
        answer = running.client.get(f"class/{CODE}/{path}", headers=headers)
    else:
        answer = running.client.put(f"class/{CODE}/{path}", json=bodies[path], headers=headers)
    assert answer.status_code == 403
    assert sentence(answer) == "This screen does not run the class."
    assert running.client.delete(f"class/{CODE}", headers=headers).status_code == 403
    assert running.face().get_json()["version"] == 1


def test_a_press_says_what_it_has_seen(running):
    body = {"turn": 1, "beat": "ask", "link": ""}
    assert running.client.put(f"class/{CODE}/turn", json=body, headers=KEYED).status_code == 428


def test_the_class_cannot_jump_ahead(running):
    running.press(1, "ask")
    refused = running.press(5, "ask")
    assert refused.status_code == 409
    assert "cannot go there" in sentence(refused)


def test_the_end_is_told_and_everything_is_gone(running):
    running.join(1)
    assert running.client.delete(f"class/{CODE}", headers=KEYED).status_code == 204
    for answer in (
        running.face(),
        running.join(1),
        running.answer(1, 0),
        running.question(),
        running.board(),
    ):
        assert answer.status_code == 410
        assert sentence(answer) == "This class has ended."


def test_the_key_finds_its_class_again_and_brings_a_forgotten_one_back(running, app):
    again = Class(running.client)
    assert again.started.get_json()["born"] == running.started.get_json()["born"]
    app.server.extensions[EXTENSION].store.close()
    assert running.face().status_code == 404
    back = Class(running.client)
    assert back.code == CODE
    assert back.started.get_json()["born"] != running.started.get_json()["born"]
    assert back.press(7, "show").status_code == 204


@pytest.mark.slow
def test_wrong_codes_do_not_disturb_a_running_class(running):
    statuses = {
        running.client.get(f"class/{'BCDFG' + letter}/face").status_code for letter in "BCDFGHJK" * 60
    }
    assert statuses == {404, 429}
    assert running.face().status_code == 200
    assert running.join(1).status_code == 200
    fields = {running.client.get("class/?code=ZZZZZZ").status_code for _ in range(300)}
    assert 429 in fields


def test_the_five_hundred_and_first_student_is_told(running, monkeypatch):
    monkeypatch.setattr(limits, "MAX_STUDENTS", 2)
    running.join(1), running.join(2)
    refused = running.join(3)
    assert refused.status_code == 503
    assert refused.headers["Retry-After"]
    assert "full" in sentence(refused)
    assert running.join(1).status_code == 200


def test_the_fifty_first_class_is_told(client, monkeypatch):
    monkeypatch.setattr(limits, "MAX_CLASSES", 2)
    for n in (1, 2):
        Class(client, key=f"{n:032x}").join(1)
    refused = client.post("class/", json={"key": f"{3:032x}"})
    assert refused.status_code == 503
    assert "full" in sentence(refused)


def test_who_presses_too_fast_is_told(running):
    running.join(1)
    running.press(1, "ask")
    statuses = [running.answer(1, 0).status_code for _ in range(12)]
    assert 429 in statuses
    assert statuses[0] == 204


BAD_BODIES = [
    b"",
    b"[]",
    b"{",
    b'"x"',
    b"[" * 900,
    b'{"token": 1}',
    b'{"token": "zz"}',
    b'{"token": "%s", "more": 1}' % (b"0" * 32),
    b'{"token": "\xff"}',
    json.dumps({"token": token(1), "turn": 1, "round": 1, "value": [1e400, 0]}).encode(),
    json.dumps({"token": token(1), "turn": 1, "round": 1, "value": [1, 2, 3]}).encode(),
    json.dumps({"token": token(1), "turn": -1, "round": 9, "value": "A"}).encode(),
]


@pytest.mark.parametrize("body", BAD_BODIES, ids=range(len(BAD_BODIES)))
@pytest.mark.parametrize("path", ["me", "answer", "turn", "settings"])
def test_malformed_bodies_are_refused_with_a_sentence(running, path, body):
    answer = running.client.put(
        f"class/{CODE}/{path}", data=body, content_type="application/json", headers=KEYED
    )
    assert answer.status_code == 400
    assert sentence(answer)


@pytest.mark.parametrize(
    ("path", "most"), [("me", limits.MAX_PHONE_BYTES), ("turn", limits.MAX_TEACHER_BYTES)]
)
def test_large_bodies_are_refused(running, path, most):
    body = b'{"token": "' + b"0" * most + b'"}'
    answer = running.client.put(
        f"class/{CODE}/{path}", data=body, content_type="application/json", headers=KEYED
    )
    assert answer.status_code == 413
    assert str(most) in sentence(answer)


def test_a_body_of_another_type_is_refused(running):
    assert running.client.put(f"class/{CODE}/me", data="token=1").status_code == 415


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
def test_another_site_cannot_send_in_the_name_of_a_browser(running, site):
    headers = {"Sec-Fetch-Site": site}
    assert running.client.post("class/", json={"key": OTHER_KEY}, headers=headers).status_code == 403
    assert (
        running.client.put(f"class/{CODE}/me", json={"token": token(1)}, headers=headers).status_code == 403
    )
    assert running.client.get(f"class/{CODE}/face", headers=headers).status_code == 200


def test_a_word_may_be_needed_to_start_a_class(monkeypatch):
    monkeypatch.setenv("LOSSLAB_TEACHERS", "parabola")
    app = create_app()
    client = app.server.test_client()
    for word in ("", "Parabola", "x"):
        refused = client.post("class/", json={"key": KEY, "word": word})
        assert refused.status_code == 403
        assert "word" in sentence(refused)
    assert client.post("class/", json={"key": KEY, "word": " parabola "}).status_code == 200
    app.server.extensions[EXTENSION].store.close()


def test_classes_can_be_switched_off(monkeypatch):
    monkeypatch.setenv("LOSSLAB_CLASSES", "off")
    client = create_app().server.test_client()
    for path in ("class/", f"class/{CODE}", f"class/{CODE}/face"):
        assert client.get(path).status_code == 404
    assert client.post("class/", json={"key": KEY}).status_code == 404


def test_a_store_that_is_away_is_told_and_the_page_works_on(client, app, monkeypatch, tmp_path):
    (tmp_path / "file").write_text("no folder")
    monkeypatch.setenv("LOSSLAB_CLASSES", str(tmp_path / "file"))
    broken = create_app().server.test_client()
    refused = broken.post("class/", json={"key": KEY})
    assert refused.status_code == 503
    assert refused.headers["Retry-After"]
    assert sentence(refused)
    assert broken.get("/?data=norris").status_code == 200


@pytest.mark.slow
def test_with_redis_two_servers_run_one_class_and_the_lab_works_on_when_it_is_away(monkeypatch):
    with redis_server.running() as redis:
        monkeypatch.setenv("LOSSLAB_CLASSES", redis.address)
        apps = [create_app(), create_app()]
        first, second = (Class(app.server.test_client()) for app in apps)
        assert first.code == second.code
        first.join(1)
        assert second.press(1, "ask").status_code == 204
        assert first.face().get_json()["beat"] == "ask"
        assert first.answer(1, 1).status_code == 204
        assert second.board().get_json()["answered"] == 1
        redis.kill()
        for refused in (first.join(1), first.answer(1, 0), second.board(), first.question()):
            assert refused.status_code == 503
            assert refused.headers["Retry-After"]
            assert sentence(refused) == "Classes cannot be reached just now."
        for path in ("/?data=norris", "/readyz", "/healthz"):
            assert second.client.get(path).status_code == 200
    for app in apps:
        app.server.extensions[EXTENSION].close()


def test_an_address_of_redis_without_its_package_is_told_at_the_start(monkeypatch):
    monkeypatch.setenv("LOSSLAB_CLASSES", "redis://127.0.0.1/0")
    monkeypatch.setitem(sys.modules, "app.classroom.redis_store", None)
    with pytest.raises(RuntimeError, match=r"losslab\[redis\]"):
        create_app()


# --- Pages.


def test_the_field_takes_a_code_typed_in_any_way(running):
    page = running.client.get("class/")
    assert page.status_code == 200
    assert len(page.data) < 10_000
    assert 'name="code"' in page.get_data(as_text=True)
    typed = f"{CODE[:3].lower()} {CODE[3:]}"
    found = running.client.get("class/", query_string={"code": typed})
    assert (found.status_code, found.headers["Location"]) == (303, CODE)
    assert running.client.get("class").headers["Location"] == "class/"


@pytest.mark.parametrize(("typed", "part"), [("GMR", "six letters"), ("ZZZZZZ", "no class"), ("<b>x", "six")])
def test_the_field_says_what_is_wrong_with_a_code(running, typed, part):
    page = running.client.get("class/", query_string={"code": typed})
    text = page.get_data(as_text=True)
    assert page.status_code == 404
    assert part in text
    assert "<b>x" not in text


def test_the_field_says_that_a_class_has_ended(running):
    running.client.delete(f"class/{CODE}", headers=KEYED)
    page = running.client.get("class/", query_string={"code": CODE})
    assert page.status_code == 410
    assert "has ended" in page.get_data(as_text=True)


def test_the_phone_page_is_small_and_the_same_for_every_class(running):
    page = running.client.get(f"class/{CODE}")
    text = page.get_data(as_text=True)
    assert CODE not in text
    assert page.vary.as_set() >= {"accept-language"}
    files = [part.split('"')[0] for part in text.replace('href="', 'src="').split('src="')[1:]]
    packed = {"Accept-Encoding": "gzip"}  # as every phone asks for them
    sizes = [len(running.client.get(path, headers=packed).data) for path in files if path.startswith("/")]
    assert len(page.data) + sum(sizes) <= 30_000, "60 kB are promised"
    assert "dash" not in text
    assert "plotly" not in text.lower()
    lower = running.client.get(f"class/{CODE.lower()}")
    assert (lower.status_code, lower.headers["Location"]) == (302, CODE)
    assert running.client.get("class/nothing").status_code == 404


def test_the_phone_page_has_only_its_own_texts_in_another_language(running):
    page = running.client.get(f"class/{CODE}", headers={"Accept-Language": "es"}).get_data(as_text=True)
    assert 'lang="es"' in page
    catalogue = json.loads(page.split('id="catalogue" type="application/json">')[1].split("</script>")[0])
    assert catalogue["language"] == "es"
    assert len(catalogue["texts"]) < 100


# --- Cheap and quiet.


def test_class_routes_are_found_by_both_ends():
    assert route_for(f"/class/{CODE}/face", "/").methods == ("GET", "HEAD")
    assert route_for(f"/class/{CODE}/turn", "/").computes
    assert not route_for(f"/class/{CODE}/answer", "/").computes
    assert route_for(f"/class/{CODE}", "/").methods == ("GET", "DELETE", "HEAD")
    assert route_for("/class/", "/").methods == ("GET", "POST", "HEAD")
    assert route_for("/assets/class/face", "/").name == "file"
    assert route_for("/classy", "/") is UNKNOWN
    light = [rule for rule in ROUTES if rule.startswith("class")]
    assert len(light) == 12
    assert all(ROUTES[rule].light for rule in light)


def test_no_log_line_names_a_class(running, monkeypatch, caplog):
    monkeypatch.setattr(access_log.LOGGER, "propagate", True)
    with caplog.at_level(logging.DEBUG):
        running.join(1), running.press(1, "ask"), running.answer(1, 0), running.board()
        running.client.get("class/ZZZZZZ/face")
        running.client.get("/?data=norris")
    facts = [record.facts for record in caplog.records if hasattr(record, "facts")]
    assert [fact["route"] for fact in facts] == ["page"]
    assert not any(secret in caplog.text for secret in (CODE, KEY, token(1)))


def test_phones_are_asked_to_look_less_often_when_there_are_too_many():
    from app.classroom.pace import Pace

    now = [0.0]
    pace = Pace(per_second=100, clock=lambda: now[0])
    assert pace.every(paused=False) == 2
    for _ in range(1000):
        pace.count()
    now[0] = 5.1
    pace.count()
    assert (pace.every(paused=False), pace.every(paused=True)) == (4, 4)
    now[0] = 60.0
    pace.count()
    assert pace.every(paused=False) == 2


def test_every_process_sweeps_what_has_expired_without_a_request(monkeypatch):
    after_fork = []
    monkeypatch.setattr(os, "register_at_fork", lambda **hooks: after_fork.append(hooks["after_in_child"]))
    app = create_app()
    room = app.server.extensions[EXTENSION]
    room.store.open(open_class(CODE, "digest", "born", "", time.time()), time.time())
    folder = room.store.path.parent

    def holds_the_code():
        return any(CODE.encode() in file.read_bytes() for file in folder.iterdir())

    assert holds_the_code()
    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now + limits.EMPTY_CLASS_SECONDS + 1)
    after_fork[0]()
    wait_for(lambda: not holds_the_code(), "the class to be swept")
    room.store.close()
