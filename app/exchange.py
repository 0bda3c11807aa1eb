"""What the browser may send, checked before anything is computed."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

from app.state import MAX_LINK

MOST_KNOWN = 50


class BadRequest(ValueError):
    """A body that the page would never send; its message says what is wrong with it."""


@dataclass(frozen=True)
class Request:
    """``link`` is the state on the page, ``set`` the controls turned since, by link key."""

    link: str
    set: Mapping[str, str]
    known: tuple[str, ...]
    serial: int

    @classmethod
    def parse(cls, body: Any) -> Self:
        if not isinstance(body, dict) or set(body) - {"link", "set", "known", "serial"}:
            raise BadRequest("A request is an object of link, set, known and serial.")
        link, changes = body.get("link", ""), body.get("set", {})
        known, serial = body.get("known", []), body.get("serial", 0)
        if not isinstance(link, str) or len(link) > MAX_LINK:
            raise BadRequest(f"link is a text of at most {MAX_LINK} characters.")
        if not isinstance(changes, dict) or not all(
            isinstance(text, str) and len(text) <= MAX_LINK for text in (*changes, *changes.values())
        ):
            raise BadRequest("set maps keys of a link to their spelling.")
        if (
            not isinstance(known, list)
            or len(known) > MOST_KNOWN
            or not all(isinstance(key, str) for key in known)
        ):
            raise BadRequest(f"known is a list of at most {MOST_KNOWN} texts.")
        if not isinstance(serial, int) or isinstance(serial, bool) or abs(serial) > 2**53:
            raise BadRequest("serial is a whole number.")
        return cls(link, changes, tuple(known), serial)
