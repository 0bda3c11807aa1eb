"""Classes in a SQLite database in memory or among temporary files: the engine that needs nothing else.

All workers of a server share it. What is deleted is overwritten: in the pages of the database
(``secure_delete``), by writing it anew (``VACUUM``) and by emptying the write-ahead log.
"""

import contextlib
import os
import shutil
import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Lock
from typing import Final

import msgspec

from losses.core.lazy import cached_property

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
    TurnContent,
    Value,
    Votes,
)
from .tally import Answer, count_turn, count_votes

SCHEMA: Final = """
CREATE TABLE IF NOT EXISTS classes (
  code TEXT PRIMARY KEY, until REAL, opened REAL, record BLOB, accepts BLOB) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS students (
  code TEXT, student TEXT, number INTEGER, seen REAL, second INTEGER, sent INTEGER,
  PRIMARY KEY (code, student)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS answers (
  code TEXT, round INTEGER, number INTEGER, value BLOB, PRIMARY KEY (code, round, number)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS questions (
  code TEXT, language TEXT, asked BLOB, revealed BLOB, PRIMARY KEY (code, language)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS tallies (
  code TEXT, turn INTEGER, counts BLOB, PRIMARY KEY (code, turn)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS ended (mark TEXT PRIMARY KEY, until REAL) WITHOUT ROWID;
"""
TABLES_OF_A_CLASS: Final = ("classes", "students", "answers", "questions", "tallies")
BUSY_SECONDS: Final = 5.0
"""Seconds that a process waits while another one writes."""


def writable_folder() -> Path:
    """Return a folder for temporary files, in memory if possible. Raises StoreUnavailable without one."""
    for folder in ("/dev/shm", None):  # None is that of tempfile, which raises OSError if it finds none
        with contextlib.suppress(OSError), tempfile.TemporaryFile(dir=folder) as file:
            file.write(b"0")
            return Path(folder or tempfile.gettempdir())
    raise StoreUnavailable


class SqliteStore:
    """An engine of ``ClassStore``: one database and, in each process, one connection.

    ``folder`` is where the database is. Without one the store makes one when a class is first opened, and
    deletes it with everything in it when it is closed; forked workers share it.
    """

    def __init__(self, folder: str | None = None) -> None:
        name = f"losslab-classes-{os.getpid()}-{os.urandom(4).hex()}"
        self._given, self._name, self._owner = folder, name, os.getpid()
        self._lock, self._process = Lock(), 0
        self._connection: sqlite3.Connection | None = None
        self._inherited: sqlite3.Connection | None = None
        """The connection of the process that forked this one: closing it here would disturb that one."""

    @cached_property
    def path(self) -> Path:
        """The file of the database. Raises StoreUnavailable if there is no place for it."""
        return (Path(self._given) if self._given else writable_folder() / self._name) / "classes.sqlite"

    @property
    def exists(self) -> bool:
        """Whether there is a database, so that there may be a class."""
        try:
            return self.path.exists()
        except StoreUnavailable:
            return False

    def _connect(self) -> sqlite3.Connection:
        """Return the connection of this process."""
        if self._connection and self._process == os.getpid() and self.path.exists():
            return self._connection
        if self._process != os.getpid():
            self._inherited = self._connection
        self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.path.touch(mode=0o600)
        connection = sqlite3.connect(
            self.path, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False
        )
        for setting in (
            "journal_mode = WAL",
            "synchronous = OFF",
            "secure_delete = ON",
            "temp_store = MEMORY",
            "cache_size = -1000",
        ):
            connection.execute(f"PRAGMA {setting}")
        connection.executescript(SCHEMA)
        self._connection, self._process = connection, os.getpid()
        return connection

    @contextmanager
    def _transaction(self, *, writes: bool = True) -> Iterator[sqlite3.Connection]:
        """Run statements as one transaction. Raises StoreUnavailable if the database cannot be used."""
        try:
            with self._lock:
                connection = self._connect()
                connection.execute("BEGIN IMMEDIATE" if writes else "BEGIN")
                try:
                    yield connection
                except BaseException:
                    connection.rollback()
                    raise
                connection.commit()
        except (sqlite3.Error, OSError) as error:
            raise StoreUnavailable from error

    def open(self, record: ClassRecord, now: float) -> ClassRecord:
        """Keep a new class and return it, or return the class that its key has already."""
        with self._transaction() as connection:
            try:
                present = _read(connection, record.code, now)
            except ClassNotFound:
                _make_room(connection, now)
                connection.execute("DELETE FROM ended WHERE mark = ?", (ended_digest(record.code),))
                accepts = msgspec.json.encode(Accepts())
                connection.execute(
                    "INSERT INTO classes VALUES (?, ?, ?, ?, ?)",
                    (record.code, record.until, record.opened, msgspec.json.encode(record), accepts),
                )
                return record
            return check_owner(present, record)

    def find(self, code: str, now: float) -> ClassRecord:
        """Return a class."""
        if not self.exists:
            raise ClassNotFound
        with self._transaction(writes=False) as connection:
            return _read(connection, code, now)

    def change(
        self,
        code: str,
        version: int | None,
        step: Callable[[ClassRecord], ClassRecord],
        now: float,
        content: TurnContent | None = None,
    ) -> ClassRecord:
        """Replace a class by ``step`` of it and return the new one; ``content`` begins a turn."""
        with self._transaction() as connection:
            before = _read(connection, code, now)
            after = apply_step(before, version, step)
            if after.turn != before.turn and content:
                _begin_turn(connection, before, content)
            _write(connection, after)
            return after

    def question(self, code: str, turn: int, language: str, now: float) -> bytes:
        """Return the question of the present turn as JSON, with the reveal if that is due."""
        with self._transaction(writes=False) as connection:
            record = _read(connection, code, now)
            row = connection.execute(
                "SELECT asked, revealed FROM questions WHERE code = ? AND language = ?", (code, language)
            ).fetchone()
            if turn != record.turn or row is None:
                raise StaleRequest(record)
            return bytes(row[1 if record.beat in REVEALING else 0])

    def join(self, code: str, student: str, now: float) -> int:
        """Return the number of a student, who has joined by now."""
        with self._transaction() as connection:
            record, key = _read(connection, code, now), (code, student)
            row = connection.execute(
                "SELECT number FROM students WHERE code = ? AND student = ?", key
            ).fetchone()
            if row:
                connection.execute("UPDATE students SET seen = ? WHERE code = ? AND student = ?", (now, *key))
                return int(row[0])
            record = admit_student(record, now)
            _write(connection, record)
            connection.execute("INSERT INTO students VALUES (?, ?, ?, ?, 0, 0)", (*key, record.joined, now))
            return record.joined

    def answer(self, code: str, ballot: Ballot, now: float) -> None:
        """Keep an answer in place of an earlier one of the same round."""
        with self._transaction() as connection:
            record, key = _read(connection, code, now), (code, ballot.student)
            row = connection.execute(
                "SELECT number, seen, second, sent FROM students WHERE code = ? AND student = ?", key
            ).fetchone()
            student = Student(*row) if row else None
            after, kept = count_answer(record, _accepts(connection, code), student, ballot, now)
            connection.execute(
                "UPDATE students SET seen = ?, second = ?, sent = ? WHERE code = ? AND student = ?",
                (after.seen, after.second, after.sent, *key),
            )
            connection.execute(
                "INSERT OR REPLACE INTO answers VALUES (?, ?, ?, ?)",
                (code, kept, after.number, msgspec.json.encode(ballot.value)),
            )

    def votes(self, code: str, since: float, now: float) -> Votes:
        """Return the students that are here and the answers of the present turn."""
        with self._transaction(writes=False) as connection:
            _read(connection, code, now)
            [here] = connection.execute(
                "SELECT count(*) FROM students WHERE code = ? AND seen >= ?", (code, since)
            ).fetchone()
            return count_votes(_answers(connection, code), int(here), _accepts(connection, code).correct)

    def tallies(self, code: str, now: float) -> tuple[ClassTally, ...]:
        """Return the counts of all turns in their order, the present one included."""
        with self._transaction(writes=False) as connection:
            record = _read(connection, code, now)
            rows = connection.execute("SELECT counts FROM tallies WHERE code = ? ORDER BY turn", (code,))
            earlier = tuple(msgspec.json.decode(row[0], type=ClassTally) for row in rows)
            return (*earlier, _tally(connection, record)) if record.turn else earlier

    def end(self, code: str, now: float) -> None:
        """Delete everything of a class."""
        with self._transaction() as connection:
            _read(connection, code, now)
            _delete(connection, code, now)
        self._overwrite()

    def sweep(self, now: float) -> float:
        """Delete everything of classes whose time is up; return when the next one's is."""
        if not self.exists:
            return now + REMEMBER_SECONDS
        with self._transaction() as connection:
            over = [row[0] for row in connection.execute("SELECT code FROM classes WHERE until <= ?", (now,))]
            for code in over:
                _delete(connection, code, now)
            forgotten = connection.execute("DELETE FROM ended WHERE until <= ?", (now,)).rowcount
            [soonest] = connection.execute("SELECT min(until) FROM classes").fetchone()
        if over or forgotten:
            self._overwrite()
        return min(soonest or now + REMEMBER_SECONDS, now + REMEMBER_SECONDS)

    def _overwrite(self) -> None:
        """Write the database anew without what was deleted, and empty its log."""
        with self._lock:
            connection = self._connect()
            for statement in ("VACUUM", "PRAGMA wal_checkpoint(TRUNCATE)"):
                with contextlib.suppress(sqlite3.Error):  # another process uses it: the next sweep repeats it
                    connection.execute(statement).fetchall()

    def close(self) -> None:
        """Close the connection; the process that made the store also deletes a folder of its own."""
        with self._lock:
            if self._connection and self._process == os.getpid():
                self._connection.close()
            self._connection = None
        if self._owner == os.getpid() and not self._given and self.exists:
            shutil.rmtree(self.path.parent, ignore_errors=True)


def _read(connection: sqlite3.Connection, code: str, now: float) -> ClassRecord:
    """Return a class. Raises ClassNotFound or ClassEnded."""
    row = connection.execute(
        "SELECT record FROM classes WHERE code = ? AND until > ?", (code, now)
    ).fetchone()
    if row:
        return msgspec.json.decode(row[0], type=ClassRecord)
    mark = (ended_digest(code), now)
    if connection.execute("SELECT 1 FROM ended WHERE mark = ? AND until > ?", mark).fetchone():
        raise ClassEnded
    raise ClassNotFound


def _write(connection: sqlite3.Connection, record: ClassRecord) -> None:
    connection.execute(
        "UPDATE classes SET until = ?, record = ? WHERE code = ?",
        (record.until, msgspec.json.encode(record), record.code),
    )


def _make_room(connection: sqlite3.Connection, now: float) -> None:
    """Delete what has expired and, if the store is full, the oldest class that nobody has joined."""
    rows = connection.execute("SELECT code, until, record FROM classes ORDER BY opened").fetchall()
    for code, until, _ in rows:
        if until <= now:
            _delete(connection, code, now)
    running = [msgspec.json.decode(record, type=ClassRecord) for _, until, record in rows if until > now]
    if leaving := class_to_evict(running):
        _delete(connection, leaving.code, now)


def _delete(connection: sqlite3.Connection, code: str, now: float) -> None:
    for table in TABLES_OF_A_CLASS:
        connection.execute(f"DELETE FROM {table} WHERE code = ?", (code,))
    connection.execute(
        "INSERT OR REPLACE INTO ended VALUES (?, ?)", (ended_digest(code), now + REMEMBER_SECONDS)
    )


def _accepts(connection: sqlite3.Connection, code: str) -> Accepts:
    """Return what answers the present question."""
    [text] = connection.execute("SELECT accepts FROM classes WHERE code = ?", (code,)).fetchone()
    return msgspec.json.decode(text, type=Accepts)


def _answers(connection: sqlite3.Connection, code: str) -> list[Answer]:
    """Return the answers of the present turn."""
    rows = connection.execute("SELECT round, number, value FROM answers WHERE code = ?", (code,))
    return [(number, who, msgspec.json.decode(value, type=Value)) for number, who, value in rows]


def _tally(connection: sqlite3.Connection, record: ClassRecord) -> ClassTally:
    """Count the answers of the present turn."""
    content = _accepts(connection, record.code).content()
    return count_turn(record.turn, record.link, _answers(connection, record.code), content)


def _begin_turn(connection: sqlite3.Connection, before: ClassRecord, content: TurnContent) -> None:
    """Count and delete the answers of the turn before, and keep the content of the next one."""
    if before.turn:
        counts = msgspec.json.encode(_tally(connection, before))
        connection.execute(
            "INSERT OR REPLACE INTO tallies VALUES (?, ?, ?)", (before.code, before.turn, counts)
        )
    connection.execute("DELETE FROM answers WHERE code = ?", (before.code,))
    connection.execute("DELETE FROM questions WHERE code = ?", (before.code,))
    connection.executemany(
        "INSERT INTO questions VALUES (?, ?, ?, ?)",
        [(before.code, language, *texts) for language, texts in content.texts.items()],
    )
    accepts = msgspec.json.encode(accepts_of(content))
    connection.execute("UPDATE classes SET accepts = ? WHERE code = ?", (accepts, before.code))
