"""The routes of a teacher's remote, and of the counts that a teacher may keep."""

import time

import flask

from ..common import limits
from ..common.routes import route
from ..protocol.classroom import Paired, Phone, RemoteDigits, Tallies
from ..protocol.responses import json_response
from .class_state import ClassRecord
from .codes import digest
from .remote import ask_to_pair, digits_of, pair
from .routes import check_teacher, classroom, is_key, no_content, read_body, read_code, refusals


@route(
    "class/<code>/remote",
    "class",
    methods=("POST", "PUT"),
    max_body_bytes=limits.MAX_PHONE_BYTES,
    light=True,
)
def remote(code: str) -> flask.Response:
    """Give a phone digits to show; PUT pairs the phone that shows them, with the key or as the remote."""
    room, now = classroom(), time.time()
    if flask.request.method == "POST":
        token = digest(read_body(Phone).token)
        with refusals(room):
            asked = room.store.change(
                read_code(code), None, lambda record: ask_to_pair(record, token, now), now
            )
        return json_response(Paired(digits_of(asked, token)))
    typed = read_body(RemoteDigits).digits
    with refusals(room):
        record = room.store.find(read_code(code), now)
        check_teacher(record)

        def step(seen: ClassRecord) -> ClassRecord:
            return pair(seen, typed, now, hands_over=not is_key(seen))

        room.store.change(record.code, None, step, now)
    return no_content()


@route("class/<code>/tallies", "class", light=True)
def read_tallies(code: str) -> flask.Response:
    """Return the counts of all turns to a teacher's screen."""
    room, now = classroom(), time.time()
    with refusals(room):
        record = room.store.find(read_code(code), now)
        check_teacher(record)
        return json_response(Tallies(room.store.tallies(record.code, now)))
