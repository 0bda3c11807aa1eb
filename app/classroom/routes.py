"""The routes of a live class: what its teacher and its phones send and read.

There are no cookies: a teacher's screen sends its key as a bearer token, a phone its token in the body, so no
other site can send anything in their names. No answer tells what is so before the class reveals it.
"""

import hashlib
import hmac
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import lru_cache
from http import HTTPStatus
from threading import Lock
from typing import Final, TypeVar

import dash
import flask
import msgspec

from losses.core.messages import message

from ..common import limits
from ..common.addresses import is_loopback, room_addresses
from ..common.routes import SAFE_METHODS, route
from ..i18n.translation import AUTO, resolve_language
from ..lessons import LESSONS
from ..protocol.base import encode
from ..protocol.classroom import (
    NOT_FROM_CLASS,
    Board,
    ClassSettings,
    ClassStart,
    Face,
    GivenAnswer,
    Joined,
    Phone,
    Press,
    StartedClass,
)
from ..protocol.responses import json_response
from ..url_state.state import parse
from ..web.request_validation import RequestRejected
from .class_state import (
    RUNNING,
    SHOWING,
    TRYING,
    ClassRecord,
    InvalidPress,
    change_settings,
    open_class,
    press,
)
from .classroom import EXTENSION, Classroom
from .codes import clean_code, code_of, digest
from .remote import NoSuchDigits, TooManyWait
from .store import (
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
    Votes,
)
from .turn_content import turn_content

Body = TypeVar("Body")

NO_CLASS: Final = message("There is no class with this code.")
REFUSALS: Final = {
    ClassEnded: (HTTPStatus.GONE, message("This class has ended.")),
    ClassNotFound: (HTTPStatus.NOT_FOUND, NO_CLASS),
    DoorClosed: (HTTPStatus.FORBIDDEN, message("The door is closed: the teacher lets nobody in just now.")),
    StoreFull: (HTTPStatus.SERVICE_UNAVAILABLE, message("It is full: there is no place left.")),
    StoreUnavailable: (HTTPStatus.SERVICE_UNAVAILABLE, message("Classes cannot be reached just now.")),
    TooManyAnswers: (HTTPStatus.TOO_MANY_REQUESTS, message("That was too fast. Please press again.")),
    InvalidAnswer: (HTTPStatus.BAD_REQUEST, message("This does not answer the question.")),
    CodeTaken: (HTTPStatus.CONFLICT, message("Another class has this code.")),
    NoSuchDigits: (HTTPStatus.BAD_REQUEST, message("No phone shows these four digits.")),
    TooManyWait: (
        HTTPStatus.TOO_MANY_REQUESTS,
        message("Too many phones are asking. Please wait a moment."),
    ),
    InvalidPress: (HTTPStatus.CONFLICT, message("The class cannot go there from where it is.")),
}
"""The status and the sentence of each refusal of a store or of a class."""
TOO_MANY_GUESSES: Final = message("Too many wrong codes. Please wait a moment.")
OTHER_SITE: Final = message("Another site sent this.")
WRONG_KEY: Final = message("This screen does not run the class.")
WRONG_WORD: Final = message("Starting a class here needs the teachers' word.")
NO_VERSION: Final = message("A press says which version of the class it has seen.")


def classroom() -> Classroom:
    """Return the classes of the current application. Raises RequestRejected if they are switched off."""
    found = flask.current_app.extensions.get(EXTENSION)
    if not isinstance(found, Classroom):
        raise RequestRejected(HTTPStatus.NOT_FOUND)
    if flask.request.method not in SAFE_METHODS and flask.request.headers.get("Sec-Fetch-Site") in (
        "cross-site",
        "same-site",
    ):
        raise RequestRejected(HTTPStatus.FORBIDDEN, OTHER_SITE)
    return found


@contextmanager
def refusals(room: Classroom) -> Iterator[None]:
    """Turn the refusals of a store or of a class into responses. Raises RequestRejected."""
    try:
        yield
    except tuple(REFUSALS) as error:
        status, sentence = REFUSALS[type(error)]
        if status is HTTPStatus.NOT_FOUND and not room.budget.take():
            raise RequestRejected(
                HTTPStatus.TOO_MANY_REQUESTS, TOO_MANY_GUESSES, **{"Retry-After": "10"}
            ) from None
        headers = {"Retry-After": str(limits.RETRY_AFTER_SECONDS)} if status >= 429 else {}
        raise RequestRejected(status, sentence, **headers) from None


def read_code(text: str) -> str:
    """Return a code of an address. Raises ClassNotFound if it cannot be one."""
    if code := clean_code(text):
        return code
    raise ClassNotFound


_reading = Lock()
"""Types of a struct are resolved when it is first read; msgspec crashes when two threads do that at once."""


def read_body(kind: type[Body]) -> Body:
    """Return the body of the current request. Raises RequestRejected if it is not of a kind."""
    request = flask.request
    if request.mimetype != "application/json" or request.content_encoding not in (None, "", "identity"):
        raise RequestRejected(HTTPStatus.UNSUPPORTED_MEDIA_TYPE)
    try:
        with _reading:
            return msgspec.json.decode(request.get_data(), type=kind)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise RequestRejected(HTTPStatus.BAD_REQUEST, NOT_FROM_CLASS) from None


def _bearer() -> str:
    """Return the digest of the key or token that the current request is sent with; empty without one."""
    scheme, _, secret = flask.request.headers.get("Authorization", "").partition(" ")
    return digest(secret) if scheme == "Bearer" else ""


def is_key(record: ClassRecord) -> bool:
    """Return whether the current request has the key of a class."""
    return hmac.compare_digest(_bearer(), record.key_digest)


def check_key(record: ClassRecord) -> None:
    """Raise RequestRejected unless the current request has the key of a class."""
    if not is_key(record):
        raise RequestRejected(HTTPStatus.FORBIDDEN, WRONG_KEY)


def check_teacher(record: ClassRecord) -> None:
    """Raise RequestRejected unless the current request has the key of a class, or comes from its remote."""
    is_remote = record.remote_digest and hmac.compare_digest(_bearer(), record.remote_digest)
    if not is_remote:
        check_key(record)


def face_etag(face: Face) -> str:
    return f"{face.born}-{face.version}-{face.every}"


def face_of(room: Classroom, record: ClassRecord) -> Face:
    return record.face(room.pace.every(record.paused))


def tagged(value: object, etag: str) -> flask.Response:
    """Return a value as JSON with an entity tag, or status 304 if the client has it."""
    if flask.request.if_none_match.contains_weak(etag):
        response = flask.Response(status=HTTPStatus.NOT_MODIFIED)
        response.headers.remove("Content-Type")
    else:
        response = json_response(value)
    response.set_etag(etag)
    return response


def moved(room: Classroom, record: ClassRecord, status: HTTPStatus) -> flask.Response:
    """Return where the class is, to a request that thought it elsewhere."""
    face = face_of(room, record)
    response = json_response(face)
    response.status_code = status
    response.set_etag(face_etag(face))
    return response


def no_content() -> flask.Response:
    response = flask.Response(status=HTTPStatus.NO_CONTENT)
    response.headers.remove("Content-Type")
    return response


@route("class/<code>/face", "class", light=True)
def read_face(code: str) -> flask.Response:
    """Return what every phone reads."""
    room = classroom()
    room.pace.count()
    with refusals(room):
        face = face_of(room, room.look(read_code(code), time.time()))
    return tagged(face, face_etag(face))


@route("class/<code>/me", "class", methods=("PUT",), max_body_bytes=limits.MAX_PHONE_BYTES, light=True)
def join(code: str) -> flask.Response:
    """Let a phone join, or take its sign of life."""
    room, phone = classroom(), read_body(Phone)
    with refusals(room):
        return json_response(Joined(room.store.join(read_code(code), digest(phone.token), time.time())))


@route("class/<code>/answer", "class", methods=("PUT",), max_body_bytes=limits.MAX_PHONE_BYTES, light=True)
def take_answer(code: str) -> flask.Response:
    """Take an answer of a student; status 409 with the face if it is not asked for any more."""
    room, given = classroom(), read_body(GivenAnswer)
    ballot = Ballot(digest(given.token), given.turn, given.round, given.value)
    with refusals(room):
        try:
            room.store.answer(read_code(code), ballot, time.time())
        except StaleRequest as error:
            return moved(room, error.record, HTTPStatus.CONFLICT)
    return no_content()


@route("class/<code>/question", "class", light=True)
def read_question(code: str) -> flask.Response:
    """Return what is asked in a turn, with what is so from the reveal on."""
    room = classroom()
    turn = flask.request.args.get("turn", 0, type=int)
    language = resolve_language(flask.request.args.get("lang", AUTO)).key
    with refusals(room):
        try:
            text = room.store.question(read_code(code), turn, language, time.time())
        except StaleRequest as error:
            return moved(room, error.record, HTTPStatus.CONFLICT)
    response = flask.Response(text, mimetype="application/json")
    response.vary.add("Accept-Language")
    return response


@route("class/<code>/board", "class", light=True)
def read_board(code: str) -> flask.Response:
    """Return to a teacher's screen where the class is and what it thinks."""
    room, now = classroom(), time.time()
    with refusals(room):
        record = room.store.find(read_code(code), now)
        check_teacher(record)
        votes = room.store.votes(record.code, now - limits.HERE_SECONDS, now)
    board = board_of(record, votes, face_of(room, record))
    return tagged(board, hashlib.sha256(encode(board)).hexdigest()[:16])


@lru_cache(maxsize=200)
def following_link(link: str) -> str:
    """Return the link of the lesson after that of a link; empty if there is none."""
    keys = list(LESSONS)
    lesson = parse(link)[0].lesson
    following = keys[keys.index(lesson) + 1 :] if lesson in keys else []
    return f"?s={following[0]}" if following else ""


def board_of(record: ClassRecord, votes: Votes, face: Face) -> Board:
    """Return the board of a class; while it is asked, without the answers unless they are shown live."""
    shown = votes.rounds if record.beat in SHOWING or record.live else {}
    rounds = [shown.get(number, ()) for number in range(1, record.round + 1)] if shown else []
    most = max((value for values in rounds for value in values if isinstance(value, int)), default=-1)
    choices = [[value for value in values if isinstance(value, int)] for values in rounds]
    places = [tuple(value for value in values if isinstance(value, tuple)) for values in rounds]
    return Board(
        face=face,
        link=record.link,
        live=record.live,
        joined=record.joined,
        here=votes.here,
        answered=len(votes.attempts if record.beat in TRYING else votes.rounds.get(record.round, ())),
        counts=tuple(tuple(each.count(choice) for choice in range(most + 1)) for each in choices)
        if most >= 0
        else (),
        places=tuple(places) if any(places) else (),
        right=tuple(each.count(votes.correct) for each in choices) if votes.correct is not None else (),
        changed=votes.changed if shown else None,
        keyed=is_key(record),
        first=record.first_digest if is_key(record) else "",
        following=following_link(record.link) if record.beat == "explore" else "",
        attempts=tuple((number, tried.start, tried.rate) for number, tried in votes.attempts.items())
        if record.beat in RUNNING
        else (),
    )


@route(
    "class/<code>/turn",
    "class",
    methods=("PUT",),
    max_body_bytes=limits.MAX_TEACHER_BYTES,
    computes=True,
    light=True,
)
def put_turn(code: str) -> flask.Response:
    """Move a class to a turn and a beat; status 412 with the face if another screen has pressed before."""
    room, pressed = classroom(), read_body(Press)

    def step(record: ClassRecord, *, can_try: bool = True) -> ClassRecord:
        return press(record, pressed, time.time(), can_try=can_try)

    with refusals(room):
        record, late = record_to_change(room, code)
        if late:
            return late
        step(record)  # what is not allowed is refused before anything is computed
        content = turn_content(pressed.link, pressed.turn) if pressed.turn != record.turn else None
        can_try = content is not None and content.attempt is not None
        return change(room, record, lambda seen: step(seen, can_try=can_try), content)


@route(
    "class/<code>/settings", "class", methods=("PUT",), max_body_bytes=limits.MAX_TEACHER_BYTES, light=True
)
def put_settings(code: str) -> flask.Response:
    """Set the switches of a class; status 412 with the face if another screen has pressed before."""
    room, settings = classroom(), read_body(ClassSettings)
    with refusals(room):
        record, late = record_to_change(room, code)
        return late or change(room, record, lambda seen: change_settings(seen, settings, time.time()))


def record_to_change(room: Classroom, code: str) -> tuple[ClassRecord, flask.Response | None]:
    """Return a class, and the response if its teacher's screen has not seen it as it is now.

    Raises RequestRejected without the key, or if the request does not say what it has seen.
    """
    record = room.store.find(read_code(code), time.time())
    check_teacher(record)
    seen = flask.request.headers.get("If-Match", "").strip('"').rpartition("-")[0]
    if not seen:
        raise RequestRejected(HTTPStatus.PRECONDITION_REQUIRED, NO_VERSION)
    is_late = seen != f"{record.born}-{record.version}"
    return record, moved(room, record, HTTPStatus.PRECONDITION_FAILED) if is_late else None


def change(
    room: Classroom,
    record: ClassRecord,
    step: Callable[[ClassRecord], ClassRecord],
    content: TurnContent | None = None,
) -> flask.Response:
    """Change a class unless another screen has changed it meanwhile."""
    try:
        changed = room.store.change(record.code, record.version, step, time.time(), content)
    except StaleRequest as error:
        return moved(room, error.record, HTTPStatus.PRECONDITION_FAILED)
    room.invalidate(record.code)
    room.watch()
    response = no_content()
    response.set_etag(face_etag(face_of(room, changed)))
    return response


def start_class() -> flask.Response:
    """Open the class of a key, or find it again."""
    room, start, now = classroom(), read_body(ClassStart), time.time()
    if room.teacher_word and not hmac.compare_digest(start.word.strip().encode(), room.teacher_word.encode()):
        allowed = room.budget.take()
        raise RequestRejected(HTTPStatus.FORBIDDEN if allowed else HTTPStatus.TOO_MANY_REQUESTS, WRONG_WORD)
    with refusals(room):
        born = os.urandom(6).hex()
        code = code_of(start.first or digest(start.key))
        record = open_class(code, digest(start.key), born, start.link, now, start.first)
        record = room.store.open(record, now)
    room.watch()
    return json_response(StartedClass(record.code, record.born, addresses_for_phones()))


def addresses_for_phones() -> tuple[str, ...]:
    """Return the addresses that phones can open, if the teacher's own works on this machine alone."""
    if not is_loopback(flask.request.host):
        return ()
    home = dash.get_app().get_relative_path("/")  # type: ignore[no-untyped-call]
    return room_addresses(int(flask.request.server[1] or 80) if flask.request.server else 80, home)


def end_class(code: str) -> flask.Response:
    """Delete a class."""
    room, now = classroom(), time.time()
    with refusals(room):
        record = room.store.find(read_code(code), now)
        check_key(record)
        room.store.end(record.code, now)
    return no_content()
