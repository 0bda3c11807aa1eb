"""The request of the page, validated before anything is computed."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Self

from ..common import limits


class InvalidRequest(ValueError):
    """A body that the page never sends; the message says what is wrong with it."""


@dataclass(frozen=True)
class Request:
    """A change of controls, or the request of a tile of basins."""

    link: str
    """The query of the page's state before the change."""
    set: Mapping[str, str]
    """The changed values by link key, as a link writes them."""
    known: tuple[str, ...]
    """Names of the figures that the browser has."""
    rows: str = ""
    """Custom data that are too long for the link."""
    part: int = 0
    """The number of a tile of basins, from 1; 0 asks for the scene."""

    @classmethod
    def parse(cls, body: Any) -> Self:
        """Validate a JSON value. Raises InvalidRequest."""
        if not isinstance(body, dict) or set(body) - {"link", "set", "known", "rows", "part"}:
            raise InvalidRequest("A request is an object of link, set, known, rows and part.")
        link, changes = body.get("link", ""), body.get("set", {})
        known, rows, part = body.get("known", []), body.get("rows", ""), body.get("part", 0)
        if not _are_texts((link,), limits.MAX_LINK_CHARACTERS):
            raise InvalidRequest(f"link is a text of at most {limits.MAX_LINK_CHARACTERS} characters.")
        if (
            not isinstance(changes, dict)
            or len(changes) > limits.MAX_CHANGES
            or not _are_texts((*changes, *changes.values()), limits.MAX_LINK_CHARACTERS)
        ):
            raise InvalidRequest(f"set maps at most {limits.MAX_CHANGES} keys of a link to their spelling.")
        if (
            not isinstance(known, list)
            or len(known) > limits.MAX_KNOWN_FIGURES
            or not _are_texts(known, limits.MAX_FIGURE_NAME_CHARACTERS)
        ):
            raise InvalidRequest(f"known is a list of at most {limits.MAX_KNOWN_FIGURES} texts.")
        if not _are_texts((rows,), limits.MAX_POINTS_CHARACTERS):
            raise InvalidRequest(f"rows is a text of at most {limits.MAX_POINTS_CHARACTERS} characters.")
        if not isinstance(part, int) or isinstance(part, bool) or not 0 <= part <= limits.MAX_TILES:
            raise InvalidRequest(f"part is a whole number up to {limits.MAX_TILES}.")
        return cls(link, changes, tuple(known), rows, part)


def _are_texts(values: Iterable[Any], max_length: int) -> bool:
    """Whether all are texts of at most so many characters, none of them half of a surrogate pair."""
    for value in values:
        if not isinstance(value, str) or len(value) > max_length:
            return False
        try:
            value.encode()
        except UnicodeEncodeError:
            return False
    return True
