"""The contract of stores, for each engine: classes, turns, answers, and that nothing is left."""

import multiprocessing
import sqlite3
import threading
from dataclasses import replace

import pytest
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule

from app.classroom.class_state import InvalidPress, open_class, press
from app.classroom.codes import code_of, digest
from app.classroom.redis_store import RedisStore
from app.classroom.sqlite_store import SqliteStore
from app.classroom.store import (
    Ballot,
    ClassEnded,
    ClassNotFound,
    CodeTaken,
    DoorClosed,
    InvalidAnswer,
    StaleRequest,
    StoreFull,
    StoreUnavailable,
    TooManyAnswers,
    TurnContent,
)
from app.common import limits
from app.protocol.classroom import Attempt, Press
from tests.support.class_memory import MemoryStore
from tools.support import redis_server

NOW = 1_700_000_000.0
CODE = "GMRXQV"
CLASS = open_class(CODE, digest("key"), "b1", "?s=a", NOW)
CHOICES = TurnContent(3, (0, 0, 0, 0), {"en": (b'{"ask":1}', b'{"told":1}')}, correct=2)
PLACES = TurnContent(0, (-1, 1, -2, 2), {"en": (b'{"ask":2}', b'{"told":2}')})


def empty_redis():
    """Return a store in Redis without classes."""
    store = RedisStore(redis_server.shared().address)
    store._client.flushall()
    return store


REDIS = pytest.param("redis", marks=pytest.mark.slow)  # needs a server, as no quick test does


@pytest.fixture(params=["memory", "sqlite", "sqlite in a given folder", REDIS])
def store(request, tmp_path):
    made = {
        "memory": MemoryStore,
        "sqlite": SqliteStore,
        "sqlite in a given folder": lambda: SqliteStore(str(tmp_path)),
        "redis": empty_redis,
    }[request.param]()
    yield made
    made.close()


TRIED = replace(CHOICES, attempt=(-1, 1, -2, 2, 0.1, 10))


def to(beat, turn=1, number=1, can_try=False):
    pressed = Press(turn=turn, link=f"?s={turn}", beat=beat, round=number)
    return lambda record: press(record, pressed, NOW, can_try=can_try)


def ask(store, turn=1, content=CHOICES, code=CODE):
    can_try = content.attempt is not None
    return store.change(code, None, to("ask", turn, can_try=can_try), NOW, content)


def vote(store, student, value, turn=1, number=1, now=NOW):
    store.answer(CODE, Ballot(student, turn, number, value), now)


def test_a_class_is_found_until_it_ends(store):
    with pytest.raises(ClassNotFound):
        store.find(CODE, NOW)
    assert store.open(CLASS, NOW) == CLASS
    assert store.find(CODE, NOW) == CLASS
    store.end(CODE, NOW)
    with pytest.raises(ClassEnded):
        store.find(CODE, NOW)
    with pytest.raises(ClassNotFound) as error:
        store.find(CODE, NOW + 3600)
    assert error.type is ClassNotFound


def test_the_key_finds_its_class_again_and_another_key_does_not(store):
    store.open(CLASS, NOW)
    assert store.open(replace(CLASS, born="b2"), NOW).born == "b1"
    with pytest.raises(CodeTaken):
        store.open(replace(CLASS, key_digest=digest("other")), NOW)


def test_who_ended_a_class_may_open_it_again(store):
    store.open(CLASS, NOW)
    store.end(CODE, NOW)
    assert store.open(replace(CLASS, born="b2"), NOW).born == "b2"
    assert store.find(CODE, NOW).born == "b2"


def test_of_two_screens_that_press_at_once_one_wins_and_the_other_is_told(store):
    store.open(CLASS, NOW)
    won = store.change(CODE, 1, to("ask"), NOW, CHOICES)
    with pytest.raises(StaleRequest) as error:
        store.change(CODE, 1, to("ask"), NOW, CHOICES)
    assert error.value.record == won


def test_a_press_that_is_not_allowed_leaves_the_class_as_it_is(store):
    store.open(CLASS, NOW)
    ask(store)
    vote_before = store.find(CODE, NOW)
    with pytest.raises(InvalidPress):
        store.change(CODE, None, to("ask", turn=5), NOW, PLACES)
    assert store.find(CODE, NOW) == vote_before
    assert store.question(CODE, 1, "en", NOW) == b'{"ask":1}'


def test_the_reveal_is_told_only_from_the_reveal_on(store):
    store.open(CLASS, NOW)
    ask(store)
    told = {}
    for beat in ("ask", "show", "reveal", "explore"):
        store.change(CODE, None, to(beat), NOW)
        told[beat] = store.question(CODE, 1, "en", NOW)
    assert told == {
        "ask": b'{"ask":1}',
        "show": b'{"ask":1}',
        "reveal": b'{"told":1}',
        "explore": b'{"told":1}',
    }
    with pytest.raises(StaleRequest):
        store.question(CODE, 2, "en", NOW)


def test_who_joins_again_keeps_the_number(store):
    store.open(CLASS, NOW)
    assert [store.join(CODE, name, NOW) for name in ("a", "b", "a", "c", "b")] == [1, 2, 1, 3, 2]
    assert store.find(CODE, NOW).joined == 3


def test_the_door_keeps_others_out_but_not_who_is_in(store):
    store.open(CLASS, NOW)
    store.join(CODE, "a", NOW)
    store.change(CODE, None, lambda record: replace(record, door=False), NOW)
    assert store.join(CODE, "a", NOW) == 1
    with pytest.raises(DoorClosed):
        store.join(CODE, "b", NOW)


def test_a_class_has_at_most_so_many_students(store, monkeypatch):
    monkeypatch.setattr(limits, "MAX_STUDENTS", 4)
    store.open(CLASS, NOW)
    for n in range(4):
        store.join(CODE, str(n), NOW)
    with pytest.raises(StoreFull):
        store.join(CODE, "one more", NOW)
    assert store.join(CODE, "0", NOW) == 1


def test_the_fifty_first_class_takes_the_place_of_the_oldest_that_nobody_joined(store):
    codes = [code_of(f"{n:032x}") for n in range(limits.MAX_CLASSES + 2)]
    for n, code in enumerate(codes[: limits.MAX_CLASSES]):
        store.open(replace(CLASS, code=code, opened=NOW + n), NOW)
        if n != 7:
            store.join(code, "a", NOW)
    store.open(replace(CLASS, code=codes[-2]), NOW)
    with pytest.raises(ClassNotFound):
        store.find(codes[7], NOW)
    store.join(codes[-2], "a", NOW)
    with pytest.raises(StoreFull):
        store.open(replace(CLASS, code=codes[-1]), NOW)
    assert store.find(codes[0], NOW).code == codes[0]


def test_an_answer_is_changed_until_the_close_and_not_later(store):
    store.open(CLASS, NOW)
    store.join(CODE, "a", NOW)
    ask(store)
    vote(store, "a", 0)
    vote(store, "a", 2)
    assert store.votes(CODE, 0, NOW).rounds == {1: (2,)}
    store.change(CODE, None, to("show"), NOW)
    with pytest.raises(StaleRequest):
        vote(store, "a", 1)
    assert store.votes(CODE, 0, NOW).rounds == {1: (2,)}


def test_both_rounds_are_kept_and_the_next_turn_counts_and_deletes_them(store):
    store.open(CLASS, NOW)
    for name in ("a", "b"):
        store.join(CODE, name, NOW)
    ask(store)
    vote(store, "a", 0), vote(store, "b", 2)
    store.change(CODE, None, to("show"), NOW)
    store.change(CODE, None, to("ask", number=2), NOW)
    vote(store, "a", 2, number=2)
    with pytest.raises(StaleRequest):
        vote(store, "b", 1, number=1)
    assert store.votes(CODE, 0, NOW).rounds == {1: (0, 2), 2: (2,)}
    ask(store, 2, PLACES)
    assert store.votes(CODE, 0, NOW).rounds == {}
    vote(store, "a", (0.5, -1.5), turn=2)
    ask(store, 3)
    first, second, third = store.tallies(CODE, NOW)
    assert (first.turn, first.link) == (1, "?s=1")
    assert (first.counts, first.answered) == (((1, 0, 1), (0, 0, 1)), (2, 1))
    assert (first.correct, first.changed) == (2, (1, 0))
    assert (second.counts, second.answered, second.changed) == (((),), (1,), None)
    assert (third.turn, third.answered) == (3, ())


def test_who_changed_is_counted_before_the_individuals_are_deleted(store):
    store.open(CLASS, NOW)
    ask(store)
    votes = {"a": (0, 2), "b": (2, 0), "c": (1, 2), "d": (2, 2), "e": (0, 1), "f": (2, None), "g": (None, 2)}
    for number in (1, 2):
        store.change(CODE, None, to("ask", number=number), NOW)
        for name, choices in votes.items():
            store.join(CODE, name, NOW)
            if choices[number - 1] is not None:
                vote(store, name, choices[number - 1], number=number)
        store.change(CODE, None, to("show", number=number), NOW)
    assert (store.votes(CODE, 0, NOW).correct, store.votes(CODE, 0, NOW).changed) == (2, (2, 1))
    ask(store, 2, PLACES)
    assert store.votes(CODE, 0, NOW).changed is None
    assert store.tallies(CODE, NOW)[0].changed == (2, 1)


@pytest.mark.parametrize(
    ("content", "value"),
    [(CHOICES, 3), (CHOICES, -1), (CHOICES, (0.0, 0.0)), (PLACES, 0), (PLACES, (0.0, 3.0))],
)
def test_what_does_not_answer_the_question_is_refused(store, content, value):
    store.open(CLASS, NOW)
    store.join(CODE, "a", NOW)
    ask(store, content=content)
    with pytest.raises(InvalidAnswer):
        vote(store, "a", value)
    assert store.votes(CODE, 0, NOW).rounds == {}


def test_what_students_try_is_kept_beside_their_votes_by_their_numbers(store):
    store.open(CLASS, NOW)
    for name in ("a", "b", "c"):
        store.join(CODE, name, NOW)
    ask(store, content=TRIED)
    vote(store, "b", 1)
    with pytest.raises(StaleRequest):
        vote(store, "b", Attempt((0.0, 0.0), 1.0))
    store.change(CODE, None, to("try"), NOW)
    with pytest.raises(StaleRequest):
        vote(store, "b", 2)
    vote(store, "c", Attempt((0.0, 0.0), 1.0))
    vote(store, "c", Attempt((0.5, -1.5), 2.0))
    vote(store, "a", Attempt((1.0, 2.0), 10.00001))
    kept = {1: Attempt((1.0, 2.0), 10.00001), 3: Attempt((0.5, -1.5), 2.0)}
    assert store.votes(CODE, 0, NOW).attempts == kept
    store.change(CODE, None, to("run"), NOW)
    with pytest.raises(StaleRequest):
        vote(store, "b", Attempt((0.0, 0.0), 1.0))
    assert store.votes(CODE, 0, NOW).attempts == kept
    assert store.votes(CODE, 0, NOW).rounds == {1: (1,)}
    ask(store, 2)
    assert store.votes(CODE, 0, NOW).attempts == {}
    assert store.tallies(CODE, NOW)[0].counts == ((0, 1, 0),)


@pytest.mark.parametrize(
    ("start", "rate"), [((1.1, 0.0), 1.0), ((0.0, -2.1), 1.0), ((0.0, 0.0), 10.1), ((0.0, 0.0), 0.09)]
)
def test_what_cannot_be_tried_is_refused(store, start, rate):
    store.open(CLASS, NOW)
    store.join(CODE, "a", NOW)
    ask(store, content=TRIED)
    store.change(CODE, None, to("try"), NOW)
    with pytest.raises(InvalidAnswer):
        vote(store, "a", Attempt(start, rate))
    assert store.votes(CODE, 0, NOW).attempts == {}


def test_who_has_not_joined_has_no_vote(store):
    store.open(CLASS, NOW)
    ask(store)
    with pytest.raises(ClassNotFound):
        vote(store, "stranger", 1)


def test_a_student_answers_so_many_times_a_second(store):
    store.open(CLASS, NOW)
    store.join(CODE, "a", NOW), store.join(CODE, "b", NOW)
    ask(store)
    for value in (0, 1, 2):
        vote(store, "a", value)
    with pytest.raises(TooManyAnswers):
        vote(store, "a", 0)
    vote(store, "b", 0)
    vote(store, "a", 1, now=NOW + 1)
    assert store.votes(CODE, 0, NOW).rounds == {1: (1, 0)}


def test_who_was_heard_of_lately_is_here(store):
    store.open(CLASS, NOW)
    store.join(CODE, "a", NOW - 100), store.join(CODE, "b", NOW)
    assert store.votes(CODE, NOW - limits.HERE_SECONDS, NOW).here == 1
    store.join(CODE, "a", NOW)
    assert store.votes(CODE, NOW - limits.HERE_SECONDS, NOW).here == 2


def test_a_class_whose_time_is_up_is_gone_before_it_is_swept(store):
    store.open(CLASS, NOW)
    with pytest.raises(ClassNotFound):
        store.find(CODE, CLASS.until)
    assert store.sweep(NOW) == NOW + 600
    store.sweep(CLASS.until)
    with pytest.raises(ClassEnded):
        store.find(CODE, CLASS.until + 1)


# --- What SQLite alone must show: nothing left in its files, several processes, broken places.


def rows_of_files(folder):
    """Return the bytes of every file of the database."""
    return b"".join(path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file())


@pytest.mark.parametrize("how", ["end", "expiry"])
def test_nothing_of_a_class_is_left_in_any_file(tmp_path, how):
    store = SqliteStore(str(tmp_path))
    tokens = [digest(f"token {n}") for n in range(300)]
    store.open(CLASS, NOW)
    other = replace(CLASS, code="ZZZZZZ", key_digest=digest("other key"), until=NOW + 9e6)
    store.open(other, NOW)
    for token in tokens:
        store.join(CODE, token, NOW)
    marker = 0.123456789012345
    for turn, content in ((1, PLACES), (2, PLACES)):
        ask(store, turn, replace(content, texts={"en": (b'"the question"' * 300, b'"the truth"' * 300)}))
        for n, token in enumerate(tokens):
            vote(store, token, (marker, n / 1e3), turn=turn)
    secrets = [CODE, CLASS.key_digest, *tokens, str(marker), "the question", "the truth"]
    before = rows_of_files(tmp_path)
    assert all(text.encode() in before for text in secrets), "the test sees what is there"
    if how == "end":
        store.end(CODE, NOW)
    else:
        store.sweep(store.find(CODE, NOW).until)
    left = rows_of_files(tmp_path)
    assert [text for text in secrets if text.encode() in left] == []
    assert b"ZZZZZZ" in left
    store.close()


def test_the_answers_of_a_turn_are_deleted_when_the_next_one_begins(tmp_path):
    store = SqliteStore(str(tmp_path))
    store.open(CLASS, NOW)
    store.join(CODE, "a", NOW)
    ask(store, 1, PLACES)
    vote(store, "a", (0.123456789, 0.5))
    ask(store, 2)
    with sqlite3.connect(store.path) as connection:
        assert connection.execute("SELECT count(*) FROM answers").fetchone() == (0,)
    connection.close()
    store.close()


def test_a_store_of_its_own_leaves_no_folder():
    store = SqliteStore()
    assert not store.exists
    store.open(CLASS, NOW)
    assert store.exists
    store.close()
    assert not store.path.parent.exists()


def test_a_store_that_was_emptied_is_empty_and_works(tmp_path):
    store = SqliteStore(str(tmp_path))
    store.open(CLASS, NOW)
    for path in tmp_path.iterdir():
        path.unlink()
    with pytest.raises(ClassNotFound):
        store.find(CODE, NOW)
    assert store.open(replace(CLASS, born="b2"), NOW).born == "b2"
    store.close()


def test_a_place_that_cannot_be_written_is_told(tmp_path):
    (tmp_path / "file").write_text("no folder")
    with pytest.raises(StoreUnavailable):
        SqliteStore(str(tmp_path / "file")).open(CLASS, NOW)


def engine_at(place):
    """Return a store that shares its classes with every other one of this place."""
    return RedisStore(place) if place.startswith("redis") else SqliteStore(place)


@pytest.fixture(params=["sqlite", "redis"])
def place(request, tmp_path):
    """A place that several stores share."""
    if request.param == "sqlite":
        return str(tmp_path)
    empty_redis().close()
    return redis_server.shared().address


def answer_as(place, names):
    """Answer for each student, in a process of its own."""
    store = engine_at(place)
    for name in names:
        store.join(CODE, name, NOW)
        store.answer(CODE, Ballot(name, 1, 1, len(name) % 3), NOW)
    store.close()


@pytest.mark.slow
def test_no_answer_is_lost_between_processes_and_threads(place):
    store = engine_at(place)
    store.open(CLASS, NOW)
    ask(store)
    context = multiprocessing.get_context("spawn")
    groups = [[f"{group}-{n}" for n in range(40)] for group in range(4)]
    workers = [context.Process(target=answer_as, args=(place, names)) for names in groups[:2]]
    workers += [threading.Thread(target=answer_as, args=(place, names)) for names in groups[2:]]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(60)
    votes = store.votes(CODE, 0, NOW)
    assert (votes.here, len(votes.rounds[1]), store.find(CODE, NOW).joined) == (160, 160, 160)
    store.close()


@pytest.mark.slow
def test_of_screens_that_press_in_the_same_moment_exactly_one_wins(place):
    """Each round, four engines press what each of them saw; the class goes on by one step, not by four."""
    store, rounds, screens = engine_at(place), 20, 4
    record = store.open(CLASS, NOW)
    won, told, together = [], [], threading.Barrier(screens)

    def press(number, seen):
        mine = engine_at(place)
        together.wait(20)
        try:
            won.append(mine.change(CODE, seen.version, to("ask", number), NOW, CHOICES))
        except StaleRequest as error:
            told.append(error.record)
        mine.close()

    for number in range(1, rounds + 1):
        threads = [threading.Thread(target=press, args=(number, record)) for _ in range(screens)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(60)
        assert (len(won), len(told)) == (number, number * (screens - 1))
        assert store.find(CODE, NOW) == won[-1] == told[-1]
        assert won[-1].version == record.version + 1
        record = won[-1]
    store.close()


@pytest.mark.slow
@pytest.mark.parametrize("beat", ["show", "next question"])
def test_an_answer_beside_the_close_is_counted_or_told_that_it_is_late(place, beat):
    """Whatever was taken is on the board or in the tally, and whatever came late is in neither."""
    store = engine_at(place)
    store.open(CLASS, NOW)
    names = [f"student {n}" for n in range(60)]
    for name in names:
        store.join(CODE, name, NOW)
    ask(store)
    taken, late, begun = [], [], threading.Event()

    def answer(some):
        mine = engine_at(place)
        for i, name in enumerate(some):
            if i == 3:
                begun.set()
            try:
                mine.answer(CODE, Ballot(name, 1, 1, 1), NOW)
                taken.append(name)
            except StaleRequest:
                late.append(name)
        mine.close()

    threads = [threading.Thread(target=answer, args=(names[i::4],)) for i in range(4)]
    for thread in threads:
        thread.start()
    begun.wait(20)
    store.change(CODE, None, to("show"), NOW) if beat == "show" else ask(store, 2, PLACES)
    for thread in threads:
        thread.join(60)
    assert len(taken) + len(late) == len(names)
    assert store.tallies(CODE, NOW)[0].answered == (len(taken),)
    store.close()


# --- What Redis alone must show.


def keys_of(store):
    return sorted(key.decode() for key in store._client.keys("*"))


@pytest.mark.slow
@pytest.mark.parametrize("how", ["end", "expiry"])
def test_nothing_of_a_class_is_left_in_redis(how):
    store = empty_redis()
    store.open(CLASS, NOW)
    store.join(CODE, "a", NOW)
    ask(store)
    vote(store, "a", 1)
    assert sum(CODE in key for key in keys_of(store)) == 2
    assert all(store._client.pttl(key) > 0 for key in keys_of(store) if key != "losslab:classes")
    store.end(CODE, NOW) if how == "end" else store.sweep(store.find(CODE, NOW).until)
    [mark] = keys_of(store)
    assert mark.startswith("losslab:ended:")
    assert CODE not in mark
    assert store._client.pttl(mark) > 0
    store.close()


def interleave(store, monkeypatch, other):
    """Let something else happen once, after a store has read and before it writes."""
    write, waiting = store._write, [other]

    def write_later(**arguments):
        if waiting:
            waiting.pop()()
        return write(**arguments)

    monkeypatch.setattr(store, "_write", write_later)


@pytest.mark.slow
def test_what_is_written_between_a_look_and_a_write_is_seen(monkeypatch):
    """Each pair of requests in the worst order, without luck: the second one counts in full."""
    store, other = empty_redis(), RedisStore(redis_server.shared().address)
    store.open(CLASS, NOW)
    interleave(store, monkeypatch, lambda: other.join(CODE, "b", NOW))
    assert store.join(CODE, "a", NOW) == 2
    interleave(store, monkeypatch, lambda: other.join(CODE, "c", NOW))
    ask(store)
    assert store.find(CODE, NOW).joined == 3
    interleave(store, monkeypatch, lambda: vote(other, "a", 0))
    vote(store, "a", 1)
    assert store.votes(CODE, 0, NOW).rounds == {1: (1,)}
    interleave(store, monkeypatch, lambda: vote(other, "b", 2))
    ask(store, 2)
    assert store.tallies(CODE, NOW)[0].counts == ((0, 1, 1),)
    interleave(store, monkeypatch, lambda: other.change(CODE, None, to("show", 2), NOW))
    with pytest.raises(StaleRequest):
        vote(store, "a", 1, turn=2)
    interleave(store, monkeypatch, lambda: other.end(CODE, NOW))
    with pytest.raises(ClassEnded):
        store.join(CODE, "d", NOW)
    store.close(), other.close()


@pytest.mark.slow
def test_a_redis_that_is_away_is_asked_again_after_a_moment_and_may_have_forgotten():
    now = [0.0]
    with redis_server.running() as server:
        store = RedisStore(server.address, clock=lambda: now[0])
        store.open(CLASS, NOW)
        server.kill()
        for _ in range(2):  # the second time without asking
            with pytest.raises(StoreUnavailable):
                store.find(CODE, NOW)
        server.start()
        with pytest.raises(StoreUnavailable):
            store.find(CODE, NOW)
        now[0] = 1.1
        with pytest.raises(ClassNotFound):
            store.find(CODE, NOW)
        assert store.open(CLASS, NOW) == CLASS
        store.close()


@pytest.mark.slow
def test_more_threads_than_connections_wait_for_one():
    store = empty_redis()
    store.open(CLASS, NOW)
    faults = []

    def look():
        try:
            for _ in range(5):
                store.find(CODE, NOW)
        except Exception as error:
            faults.append(error)

    threads = [threading.Thread(target=look) for _ in range(96)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert faults == []
    store.close()


# --- Answers in any order and twice, against dictionaries.

STUDENTS = st.sampled_from(["a", "b", "c", "d"])


class AnyOrder(RuleBasedStateMachine):
    """The same requests to an engine and to dictionaries have the same outcomes."""

    engine = SqliteStore

    @initialize()
    def open_both(self):
        self.stores = type(self).engine(), MemoryStore()
        self.now = NOW
        self.both(lambda store: store.open(CLASS, self.now))

    def both(self, request):
        outcomes = []
        for store in self.stores:
            try:
                outcomes.append(request(store))
            except Exception as error:
                outcomes.append(type(error))
        assert outcomes[0] == outcomes[1]

    @rule(student=STUDENTS)
    def join(self, student):
        self.both(lambda store: store.join(CODE, student, self.now))

    @rule(student=STUDENTS, turn=st.integers(0, 3), number=st.integers(1, 2), value=st.integers(0, 3))
    def answer(self, student, turn, number, value):
        self.both(lambda store: store.answer(CODE, Ballot(student, turn, number, value), self.now))

    @rule(
        turn=st.integers(0, 3),
        beat=st.sampled_from(["ask", "ask", "show", "reveal"]),
        number=st.integers(1, 2),
    )
    def press(self, turn, beat, number):
        self.both(lambda store: store.change(CODE, None, to(beat, turn, number), self.now, CHOICES))

    @rule(door=st.booleans())
    def turn_the_door(self, door):
        self.both(lambda store: store.change(CODE, None, lambda record: replace(record, door=door), self.now))

    @rule(seconds=st.sampled_from([0.4, 1.0, 60.0]))
    def wait(self, seconds):
        self.now += seconds

    @rule()
    def look(self):
        self.both(lambda store: store.votes(CODE, self.now - 45, self.now))
        self.both(lambda store: store.tallies(CODE, self.now))
        self.both(lambda store: store.find(CODE, self.now))

    @rule()
    def end(self):
        self.both(lambda store: store.end(CODE, self.now))
        self.both(lambda store: store.open(CLASS, self.now))

    def teardown(self):
        for store in getattr(self, "stores", ()):
            store.close()


class AnyOrderInRedis(AnyOrder):
    """The same in Redis."""

    engine = staticmethod(empty_redis)


SETTINGS = hypothesis_settings(max_examples=60, stateful_step_count=40, deadline=None)
TestAnyOrder, TestAnyOrderInRedis = AnyOrder.TestCase, pytest.mark.slow(AnyOrderInRedis.TestCase)
TestAnyOrder.settings = TestAnyOrderInRedis.settings = SETTINGS
