"""A store of classes in dictionaries, with which the tests compare the engines."""

from app.classroom.class_state import REVEALING, admit
from app.classroom.store import (
    ClassEnded,
    ClassNotFound,
    CodeTaken,
    DoorClosed,
    InvalidAnswer,
    StaleRequest,
    StoreFull,
    TooManyAnswers,
    round_kept,
)
from app.classroom.tally import count_turn, count_votes
from app.common import limits


class MemoryStore:
    """``ClassStore`` in one process: what a class is without a database."""

    def __init__(self):
        self.records, self.students, self.answers, self.contents, self.counts, self.ended = (
            {} for _ in "123456"
        )
        self.rate = {}

    def find(self, code, now):
        record = self.records.get(code)
        if record and record.until > now:
            return record
        raise ClassEnded if self.ended.get(code, 0) > now else ClassNotFound

    def open(self, record, now):
        try:
            present = self.find(record.code, now)
        except ClassNotFound:
            self.make_room(now)
            self.ended.pop(record.code, None)
            self.records[record.code] = record
            self.students[record.code], self.answers[record.code], self.counts[record.code] = {}, {}, []
            return record
        if present.key_digest != record.key_digest:
            raise CodeTaken
        return present

    def make_room(self, now):
        self.sweep(now)
        if len(self.records) >= limits.MAX_CLASSES:
            empty = [r for r in self.records.values() if not r.joined]
            if not empty:
                raise StoreFull
            self.delete(min(empty, key=lambda r: r.opened).code, now)

    def change(self, code, version, step, now, content=None):
        before = self.find(code, now)
        if version is not None and version != before.version:
            raise StaleRequest(before)
        after = step(before)
        if after.turn != before.turn and content:
            if before.turn:
                self.counts[code].append(self.tally(before))
            self.answers[code], self.contents[code] = {}, content
        self.records[code] = after
        return after

    def question(self, code, turn, language, now):
        record = self.find(code, now)
        content = self.contents.get(code)
        if turn != record.turn or content is None or language not in content.texts:
            raise StaleRequest(record)
        return content.texts[language][record.beat in REVEALING]

    def join(self, code, student, now):
        record = self.find(code, now)
        known = self.students[code]
        if student not in known:
            if not record.door:
                raise DoorClosed
            if record.joined >= limits.MAX_STUDENTS:
                raise StoreFull
            self.records[code] = record = admit(record, now)
            known[student] = [record.joined, now]
        known[student][1] = now
        return known[student][0]

    def answer(self, code, ballot, now):
        record = self.find(code, now)
        known = self.students[code].get(ballot.student)
        if known is None:
            raise ClassNotFound
        key = (code, ballot.student, int(now))
        if self.rate.get(key, 0) >= limits.ANSWERS_PER_SECOND:
            raise TooManyAnswers
        kept = round_kept(record, ballot)
        if not self.contents[code].accepts(ballot.value):
            raise InvalidAnswer
        self.rate[key] = self.rate.get(key, 0) + 1
        known[1] = now
        self.answers[code][kept, known[0]] = ballot.value

    def votes(self, code, since, now):
        self.find(code, now)
        here = sum(seen >= since for _, seen in self.students[code].values())
        content = self.contents.get(code)
        return count_votes(self.present(code), here, content and content.correct)

    def present(self, code):
        return [(*key, value) for key, value in self.answers[code].items()]

    def tally(self, record):
        return count_turn(record.turn, record.link, self.present(record.code), self.contents[record.code])

    def tallies(self, code, now):
        record = self.find(code, now)
        return (*self.counts[code], *([self.tally(record)] if record.turn else []))

    def end(self, code, now):
        self.find(code, now)
        self.delete(code, now)

    def delete(self, code, now):
        for kept in (self.records, self.students, self.answers, self.contents, self.counts):
            kept.pop(code, None)
        self.ended[code] = now + 600

    def sweep(self, now):
        for code in [code for code, record in self.records.items() if record.until <= now]:
            self.delete(code, now)
        return min([now + 600, *(record.until for record in self.records.values())])

    def close(self):
        self.__init__()
