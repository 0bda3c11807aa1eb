"""A teacher's remote over HTTP: paired by digits, one at a time, and the class handed over."""

import pytest

from app.classroom import remote
from app.classroom.class_state import open_class
from app.classroom.classroom import EXTENSION
from app.classroom.codes import code_of, digest
from app.server import create_app

KEY, PHONE, OTHER, LAPTOP = "0123456789abcdef" * 2, "a" * 32, "b" * 32, "c" * 32
CODE = code_of(digest(KEY))
RECORD = open_class(CODE, "d" * 32, "b1", "", 0.0)


@pytest.fixture
def client():
    app = create_app()
    client = app.server.test_client()
    client.post("class/", json={"key": KEY, "link": ""})
    yield client
    app.server.extensions[EXTENSION].store.close()


def bearer(secret):
    return {"Authorization": f"Bearer {secret}"}


def digits(client, token):
    answer = client.post(f"class/{CODE}/remote", json={"token": token})
    assert answer.status_code == 200
    return answer.get_json()["digits"]


def pair(client, typed, secret=KEY):
    answer = client.put(f"class/{CODE}/remote", json={"digits": typed}, headers=bearer(secret))
    return answer.status_code


def board(client, secret):
    return client.get(f"class/{CODE}/board", headers=bearer(secret)).status_code


def press(client, secret):
    tag = client.get(f"class/{CODE}/face").headers["ETag"]
    body = {"turn": 1, "beat": "ask", "link": ""}
    headers = bearer(secret) | {"If-Match": tag}
    return client.put(f"class/{CODE}/turn", json=body, headers=headers).status_code


def test_a_phone_reads_and_presses_once_its_digits_were_typed_by_the_teacher(client):
    shown = digits(client, PHONE)
    assert len(shown) == 4
    assert shown.isdigit()
    assert digits(client, PHONE) == shown
    assert (board(client, PHONE), press(client, PHONE)) == (403, 403)
    assert pair(client, shown) == 204
    assert (board(client, PHONE), press(client, PHONE)) == (200, 204)
    assert client.delete(f"class/{CODE}", headers=bearer(PHONE)).status_code == 403


def test_nobody_but_the_teacher_pairs_and_wrong_digits_pair_nobody(client):
    shown = digits(client, PHONE)
    wrong = f"{(int(shown) + 1) % 10_000:04d}"
    assert pair(client, wrong) == 400
    assert pair(client, shown, PHONE) == 403
    assert pair(client, shown, OTHER) == 403
    assert client.put(f"class/{CODE}/remote", json={"digits": shown}).status_code == 403
    assert board(client, PHONE) == 403


def test_there_is_one_remote_at_a_time(client):
    pair(client, digits(client, PHONE))
    pair(client, digits(client, OTHER))
    assert (board(client, PHONE), board(client, OTHER)) == (403, 200)


def test_the_remote_hands_the_class_over_to_another_laptop_under_the_same_code(client):
    pair(client, digits(client, PHONE))
    version = client.get(f"class/{CODE}/face").get_json()["version"]
    assert pair(client, digits(client, LAPTOP), PHONE) == 204
    assert (board(client, KEY), board(client, LAPTOP), board(client, PHONE)) == (403, 200, 200)
    assert client.get(f"class/{CODE}/face").get_json()["version"] == version
    assert pair(client, digits(client, OTHER), LAPTOP) == 204
    assert (board(client, PHONE), board(client, OTHER)) == (403, 200)


def test_a_class_that_was_handed_over_and_forgotten_comes_back_under_its_code(client):
    def first(secret):
        return client.get(f"class/{CODE}/board", headers=bearer(secret)).get_json()["first"]

    pair(client, digits(client, PHONE))
    for giving, taking in ((PHONE, LAPTOP), (PHONE, OTHER)):  # handed over twice
        pair(client, digits(client, taking), giving)
    assert first(OTHER) == digest(KEY)
    assert first(PHONE) == ""
    assert "first" not in client.get(f"class/{CODE}/face").get_json()
    start = {"key": OTHER, "link": "", "first": digest(KEY)}
    assert client.post("class/", json=start).get_json()["code"] == CODE
    assert client.post("class/", json=start | {"key": PHONE}).status_code == 409, "while another one runs it"
    client.delete(f"class/{CODE}", headers=bearer(OTHER))
    assert client.post("class/", json=start).get_json()["code"] == CODE
    assert first(OTHER) == digest(KEY), "it may be forgotten once more"


def test_a_board_tells_nothing_of_who_waits(client):
    pair(client, digits(client, PHONE))
    shown = digits(client, OTHER)
    for answer in (
        client.get(f"class/{CODE}/face"),
        client.get(f"class/{CODE}/board", headers=bearer(KEY)),
    ):
        assert shown not in answer.get_data(as_text=True)
        assert "digest" not in answer.get_data(as_text=True)


def test_digits_expire_and_no_two_screens_show_the_same():
    drawn = iter(["1234", "1234", "1234", "5678"])
    once = remote.ask_to_pair(RECORD, "x", 0.0, lambda: next(drawn))
    twice = remote.ask_to_pair(once, "y", 0.0, lambda: next(drawn))
    assert [remote.digits_of(twice, name) for name in "xy"] == ["1234", "5678"]
    with pytest.raises(remote.NoSuchDigits):
        remote.pair(twice, "1234", remote.WAIT_SECONDS, hands_over=False)
    late = remote.ask_to_pair(twice, "z", remote.WAIT_SECONDS, lambda: "1234")
    assert remote.digits_of(late, "z") == "1234"
    assert len(late.waiting) == 1


def test_so_many_screens_wait_at_most():
    record = RECORD
    for n in range(remote.MAX_WAITING):
        record = remote.ask_to_pair(record, str(n), 0.0)
    with pytest.raises(remote.TooManyWait):
        remote.ask_to_pair(record, "one more", 0.0)


def test_the_counts_of_all_turns_are_for_the_teacher(client):
    client.put(f"class/{CODE}/me", json={"token": OTHER})
    press(client, KEY)
    body = {"token": OTHER, "turn": 1, "round": 1, "value": 0}
    assert client.put(f"class/{CODE}/answer", json=body).status_code == 204
    assert client.get(f"class/{CODE}/tallies").status_code == 403
    [turn] = client.get(f"class/{CODE}/tallies", headers=bearer(KEY)).get_json()["turns"]
    assert (turn["turn"], turn["counts"], turn["answered"]) == (1, [[1, 0, 0, 0]], [1])


def test_the_next_lesson_is_told_once_this_one_is_over(client):
    from app.lessons import LESSONS

    first, second = list(LESSONS)[:2]
    for turn, beat in ((1, "ask"), (1, "reveal"), (1, "explore")):
        tag = client.get(f"class/{CODE}/face").headers["ETag"]
        press_body = {"turn": turn, "beat": beat, "link": f"?s={first}"}
        client.put(f"class/{CODE}/turn", json=press_body, headers=bearer(KEY) | {"If-Match": tag})
        following = client.get(f"class/{CODE}/board", headers=bearer(KEY)).get_json()["following"]
        assert following == (f"?s={second}" if beat == "explore" else "")
