"""Classes in Redis or Valkey: the engine for replicas that share no disk.

A class is one hash with a field for each student and each answer, and a second hash with the texts of the
present question. No class is read, changed and written back as a whole: a change of some fields is computed
here from what was read, and one script writes it if that is still so. Where it is not, it is computed again.
"""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final, TypeVar

import msgspec
import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from ..protocol.classroom import ClassTally
from .class_state import REVEALING, ClassRecord
from .rules import (
    REMEMBER_SECONDS,
    Accepts,
    Student,
    accepts_of,
    admit_student,
    apply_step,
    check_owner,
    class_to_evict,
    count_answer,
    ended_digest,
)
from .store import (
    Ballot,
    ClassEnded,
    ClassNotFound,
    StaleRequest,
    StoreUnavailable,
    Texts,
    TurnContent,
    Value,
    Votes,
)
from .tally import Answer, count_turn, count_votes

Kind = TypeVar("Kind")
Fields = Mapping[bytes, bytes]

CLASSES: Final = "losslab:classes"
"""The sorted set of the codes of all classes, by when they were opened."""
RECORD, ACCEPTS, COUNT = b"record", b"accepts", b"count"
"""Fields of a class: its record, what answers its question, and how often it was answered."""
STUDENT, ANSWER, TALLY = "student:", "answer:", "tally:"
"""Beginnings of fields: with the digest of a token, with round and number, and with a turn."""
WRITE: Final = """
local step = cjson.decode(ARGV[1])
for field, value in pairs(step.expected) do
  if (redis.call('HGET', KEYS[1], field) or '') ~= value then return 0 end
end
for _, field in ipairs(step.dropped) do redis.call('HDEL', KEYS[1], field) end
for field, value in pairs(step.written) do redis.call('HSET', KEYS[1], field, value) end
if step.counts then redis.call('HINCRBY', KEYS[1], 'count', 1) end
if step.texts then
  redis.call('DEL', KEYS[2])
  for field, value in pairs(step.texts) do redis.call('HSET', KEYS[2], field, value) end
end
if step.life then
  redis.call('PEXPIRE', KEYS[1], step.life)
  redis.call('PEXPIRE', KEYS[2], step.life)
end
return 1
"""
"""Write fields of a class if others are as expected; an empty text is a field that is not there."""
CONNECTIONS: Final = 32
"""Connections of a process; a thread that finds none free waits for one."""
WAIT_SECONDS: Final = 2.0
"""Seconds that a request waits for a connection or an answer."""
AWAY_SECONDS: Final = 1.0
"""Seconds for which a server that does not answer is not asked again."""
ATTEMPTS: Final = 200
"""How often a change is computed anew because something else was written meanwhile."""
MARGIN_SECONDS: Final = 900.0
"""Seconds for which Redis keeps a class longer than it lasts, so that a sweep sees it."""


@dataclass(frozen=True)
class _Write:
    """Fields of a class to write, if those from which they were computed are still as they were."""

    expected: Fields
    """The fields from which they were computed; an empty value is a field that is not there."""
    written: Mapping[str, bytes]
    dropped: Sequence[bytes] = ()
    """Fields to delete."""
    life: float | None = None
    """Seconds for which the class lasts from now on; None if that stays as it is."""
    texts: Texts | None = None
    """The question of a turn that begins, by language."""
    counts: bool = False
    """Whether it is an answer, which is counted."""

    def encode(self) -> bytes:
        """Return the argument of the script ``WRITE``."""
        texts = None
        if self.texts is not None:
            pairs = self.texts.items()
            texts = {f"{lang}:{i}": text.decode() for lang, pair in pairs for i, text in enumerate(pair)}
        step = {
            "expected": {field.decode(): value.decode() for field, value in self.expected.items()},
            "written": {field: value.decode() for field, value in self.written.items()},
            "dropped": [field.decode() for field in self.dropped],
            "counts": self.counts,
            "texts": texts,
            "life": None if self.life is None else int(1000 * (self.life + MARGIN_SECONDS)),
        }
        return msgspec.json.encode({name: value for name, value in step.items() if value is not None})


class RedisStore:
    """An engine of ``ClassStore``; ``address`` is the URL of a server, as ``redis.from_url`` reads it."""

    def __init__(self, address: str, clock: Callable[[], float] = time.monotonic) -> None:
        """Raises ValueError if the address is none."""
        self._clock, self._away_until = clock, 0.0
        pool = redis.BlockingConnectionPool.from_url(
            address.replace("valkey", "redis", 1) if address.startswith("valkey") else address,
            max_connections=CONNECTIONS,
            timeout=WAIT_SECONDS,
            socket_timeout=WAIT_SECONDS,
            socket_connect_timeout=WAIT_SECONDS / 2,
            retry=Retry(NoBackoff(), 1),
        )
        self._client: redis.Redis = redis.Redis(connection_pool=pool)
        self._write = self._client.register_script(WRITE)

    @contextmanager
    def _reachable(self) -> Iterator[Any]:
        """Use the server. Raises StoreUnavailable if it does not answer, and for a moment after that."""
        if self._clock() < self._away_until:
            raise StoreUnavailable
        try:
            yield self._client
        except redis.RedisError as error:
            if isinstance(error, redis.ConnectionError | redis.TimeoutError):
                self._away_until = self._clock() + AWAY_SECONDS
            raise StoreUnavailable from error

    def open(self, record: ClassRecord, now: float) -> ClassRecord:
        """Keep a new class and return it, or return the class that its key has already."""
        with self._reachable() as client:
            for _ in range(ATTEMPTS):
                try:
                    return _open(client, record, now)
                except redis.WatchError:
                    continue
        raise StoreUnavailable

    def find(self, code: str, now: float) -> ClassRecord:
        """Return a class."""
        with self._reachable() as client:
            return _running(client, code, client.hget(_key(code), RECORD), now)

    def change(
        self,
        code: str,
        version: int | None,
        step: Callable[[ClassRecord], ClassRecord],
        now: float,
        content: TurnContent | None = None,
    ) -> ClassRecord:
        """Replace a class by ``step`` of it and return the new one; ``content`` begins a turn."""
        with self._reachable() as client:
            for _ in range(ATTEMPTS):
                present = client.hget(_key(code), RECORD)
                before = _running(client, code, present, now)
                after = apply_step(before, version, step)
                begun = content if after.turn != before.turn else None
                fields = client.hgetall(_key(code)) if begun else {RECORD: present}
                if fields.get(RECORD) != present:
                    continue
                if self._try(code, _write_of_change(before, after, fields, begun, after.until - now)):
                    return after
        raise StoreUnavailable

    def _try(self, code: str, write: _Write) -> bool:
        """Write fields of a class unless those that are expected have changed; return whether it did."""
        keys = [_key(code), _texts_key(code)]
        return bool(self._write(keys=keys, args=[write.encode()]))

    def question(self, code: str, turn: int, language: str, now: float) -> bytes:
        """Return the question of the present turn as JSON, with the reveal if that is due."""
        with self._reachable() as client:
            for _ in range(ATTEMPTS):
                present = client.hget(_key(code), RECORD)
                record = _running(client, code, present, now)
                field = f"{language}:{int(record.beat in REVEALING)}"
                text = client.hget(_texts_key(code), field)
                if turn != record.turn or text is None:
                    raise StaleRequest(record)
                if client.hget(_key(code), RECORD) == present:  # else the text may be that of another turn
                    return bytes(text)
        raise StoreUnavailable

    def join(self, code: str, student: str, now: float) -> int:
        """Return the number of a student, who has joined by now."""
        field = f"{STUDENT}{student}".encode()
        with self._reachable() as client:
            for _ in range(ATTEMPTS):
                present, known = client.hmget(_key(code), RECORD, field)
                record = _running(client, code, present, now)
                if known:
                    after = msgspec.structs.replace(_read(known, Student), seen=now)
                else:
                    record = admit_student(record, now)
                    after = Student(record.joined, now)
                written = {field.decode(): msgspec.json.encode(after), "record": _encode(record)}
                life = None if known else record.until - now
                if self._try(code, _Write({RECORD: present, field: known or b""}, written, life=life)):
                    return after.number
        raise StoreUnavailable

    def answer(self, code: str, ballot: Ballot, now: float) -> None:
        """Keep an answer in place of an earlier one of the same round."""
        field = f"{STUDENT}{ballot.student}".encode()
        with self._reachable() as client:
            for _ in range(ATTEMPTS):
                present, accepts, known = client.hmget(_key(code), RECORD, ACCEPTS, field)
                record = _running(client, code, present, now)
                student = _read(known, Student) if known else None
                after, kept = count_answer(record, _read(accepts, Accepts), student, ballot, now)
                written = {
                    field.decode(): msgspec.json.encode(after),
                    f"{ANSWER}{kept}:{after.number}": msgspec.json.encode(ballot.value),
                }
                if self._try(code, _Write({RECORD: present, field: known}, written, counts=True)):
                    return
        raise StoreUnavailable

    def votes(self, code: str, since: float, now: float) -> Votes:
        """Return the students that are here and the answers of the present turn."""
        with self._reachable() as client:
            fields = client.hgetall(_key(code))
            _running(client, code, fields.get(RECORD), now)
        here = sum(_read(value, Student).seen >= since for _, value in _with(fields, STUDENT))
        return count_votes(_answers(fields), here, _read(fields[ACCEPTS], Accepts).correct)

    def tallies(self, code: str, now: float) -> tuple[ClassTally, ...]:
        """Return the counts of all turns in their order, the present one included."""
        with self._reachable() as client:
            fields = client.hgetall(_key(code))
            record = _running(client, code, fields.get(RECORD), now)
        earlier = sorted((_read(text, ClassTally) for _, text in _with(fields, TALLY)), key=lambda t: t.turn)
        return (*earlier, _tally(record, fields)) if record.turn else tuple(earlier)

    def end(self, code: str, now: float) -> None:
        """Delete everything of a class."""
        with self._reachable() as client:
            _running(client, code, client.hget(_key(code), RECORD), now)
            with client.pipeline() as pipe:
                _delete(pipe, code, now)
                pipe.execute()

    def sweep(self, now: float) -> float:
        """Delete everything of classes whose time is up; return when the next one's is."""
        soonest = now + REMEMBER_SECONDS
        with self._reachable() as client:
            for code in _codes(client):
                text = client.hget(_key(code), RECORD)
                until = _read(text, ClassRecord).until if text else now
                if until > now:
                    soonest = min(soonest, until)
                    continue
                with client.pipeline() as pipe:
                    _delete(pipe, code, now)
                    pipe.execute()
        return soonest

    def close(self) -> None:
        """Let go of the connections; the classes stay, as other servers may run them."""
        self._client.connection_pool.disconnect()


def _key(code: str) -> str:
    return f"losslab:class:{code}"


def _texts_key(code: str) -> str:
    return f"losslab:class:{code}:texts"


def _ended_key(code: str) -> str:
    return f"losslab:ended:{ended_digest(code)}"


def _encode(record: ClassRecord) -> bytes:
    return msgspec.json.encode(record)


def _read(text: bytes, kind: type[Kind]) -> Kind:
    return msgspec.json.decode(text, type=kind)


def _codes(client: Any) -> list[str]:
    """Return the codes of all classes, the oldest first."""
    return [code.decode() for code in client.zrange(CLASSES, 0, -1)]


def _running(client: Any, code: str, text: bytes | None, now: float) -> ClassRecord:
    """Return the class of a record. Raises ClassNotFound or ClassEnded if there is none or its time is up."""
    if text:
        record = _read(text, ClassRecord)
        if record.until > now:
            return record
    ended = client.get(_ended_key(code))
    raise ClassEnded if ended and float(ended) > now else ClassNotFound


def _with(fields: Fields, beginning: str) -> Iterator[tuple[str, bytes]]:
    """Yield the fields with a beginning, without it, and their values."""
    for field, value in fields.items():
        name = field.decode()
        if name.startswith(beginning):
            yield name[len(beginning) :], value


def _answers(fields: Fields) -> list[Answer]:
    """Return the answers of the present turn."""
    return [
        (int(number), int(student), msgspec.json.decode(value, type=Value))
        for name, value in _with(fields, ANSWER)
        for number, _, student in [name.partition(":")]
    ]


def _tally(record: ClassRecord, fields: Fields) -> ClassTally:
    """Count the answers of the present turn."""
    content = _read(fields[ACCEPTS], Accepts).content()
    return count_turn(record.turn, record.link, _answers(fields), content)


def _write_of_change(
    before: ClassRecord, after: ClassRecord, fields: Fields, begun: TurnContent | None, life: float
) -> _Write:
    """Return what a change of a class writes; ``begun`` is the content of a turn that begins."""
    written = {"record": _encode(after)}
    if not begun:
        return _Write({RECORD: fields[RECORD]}, written, life=life)
    written["accepts"] = msgspec.json.encode(accepts_of(begun))
    if before.turn:
        written[f"{TALLY}{before.turn}"] = msgspec.json.encode(_tally(before, fields))
    expected = {RECORD: fields[RECORD], COUNT: fields.get(COUNT, b"")}
    answers = [f"{ANSWER}{name}".encode() for name, _ in _with(fields, ANSWER)]
    return _Write(expected, written, answers, life, begun.texts)


def _open(client: Any, record: ClassRecord, now: float) -> ClassRecord:
    """Keep a new class or return the one that there is. Raises WatchError if another is opened meanwhile."""
    with client.pipeline() as pipe:
        pipe.watch(CLASSES, _key(record.code))
        try:
            present = _running(client, record.code, client.hget(_key(record.code), RECORD), now)
        except ClassNotFound:
            leaving = _leaving(client, pipe, now)
            pipe.multi()
            for code in leaving:
                _delete(pipe, code, now)
            pipe.delete(_key(record.code), _texts_key(record.code), _ended_key(record.code))
            fields = {RECORD: _encode(record), ACCEPTS: msgspec.json.encode(Accepts())}
            pipe.hset(_key(record.code), mapping=fields)
            pipe.pexpire(_key(record.code), int(1000 * (record.until - now + MARGIN_SECONDS)))
            pipe.zadd(CLASSES, {record.code: record.opened})
            pipe.execute()
            return record
        return check_owner(present, record)


def _leaving(client: Any, pipe: Any, now: float) -> list[str]:
    """Return the codes of what has expired and, if the store is full, of the oldest class without students.

    Raises StoreFull if there is none.
    """
    texts = {code: client.hget(_key(code), RECORD) for code in _codes(client)}
    records = {code: _read(text, ClassRecord) for code, text in texts.items() if text}
    running = [record for record in records.values() if record.until > now]
    gone = sorted(texts.keys() - {record.code for record in running})
    leaving = class_to_evict(running)
    if leaving is None:
        return gone
    pipe.watch(_key(leaving.code))
    if client.hget(_key(leaving.code), RECORD) != texts[leaving.code]:
        raise redis.WatchError
    return [*gone, leaving.code]


def _delete(pipe: Any, code: str, now: float) -> None:
    pipe.delete(_key(code), _texts_key(code))
    pipe.zrem(CLASSES, code)
    pipe.set(_ended_key(code), repr(now + REMEMBER_SECONDS), px=int(1000 * REMEMBER_SECONDS))
