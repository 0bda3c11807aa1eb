"""What the page requests from its callback, validated before anything is computed."""

import re
from typing import Annotated, Any, Final, Self

import msgspec
from msgspec import Meta, field

from ..common import limits
from .base import ProtocolStruct

LinkText = Annotated[str, Meta(max_length=limits.MAX_LINK_CHARACTERS)]
FigureName = Annotated[str, Meta(max_length=limits.MAX_FIGURE_NAME_CHARACTERS)]


class InvalidRequest(ValueError):
    """A body that the page never sends; the message says what is wrong with it."""


class Request(ProtocolStruct, frozen=True):
    """A change of controls, or the request of a tile of basins."""

    link: LinkText = ""
    """The query of the page's state before the change."""
    changes: Annotated[dict[LinkText, LinkText], Meta(max_length=limits.MAX_CHANGES)] = field(
        default_factory=dict
    )
    """The changed values by link key, as a link writes them."""
    known_figures: Annotated[tuple[FigureName, ...], Meta(max_length=limits.MAX_KNOWN_FIGURES)] = ()
    """Names of the figures, and of the sentence, that the browser has."""
    points: Annotated[str, Meta(max_length=limits.MAX_POINTS_CHARACTERS)] = ""
    """Custom data that are too long for the link."""
    tile: Annotated[int, Meta(ge=0, le=limits.MAX_TILES)] = 0
    """The number of a tile of basins, from 1; 0 asks for the scene."""

    @classmethod
    def parse(cls, body: Any) -> Self:
        """Validate a JSON value. Raises InvalidRequest."""
        try:
            return msgspec.convert(body, cls)
        except msgspec.ValidationError as error:
            raise InvalidRequest(_sentence(str(error))) from None


FIELD_SENTENCES: Final = {
    "link": f"link is a text of at most {limits.MAX_LINK_CHARACTERS} characters.",
    "changes": f"changes maps at most {limits.MAX_CHANGES} keys of a link to their spelling.",
    "knownFigures": f"knownFigures is a list of at most {limits.MAX_KNOWN_FIGURES} texts.",
    "points": f"points is a text of at most {limits.MAX_POINTS_CHARACTERS} characters.",
    "tile": f"tile is a whole number up to {limits.MAX_TILES}.",
}
"""What each field of a request is, by its name in JSON; said if it is something else."""
_FIELD: Final = re.compile(r"at `\$\.(\w+)")


def _sentence(error: str) -> str:
    """Return the sentence to an error of msgspec, which ends with the place of the error."""
    place = _FIELD.search(error)
    names = ", ".join(FIELD_SENTENCES)
    return FIELD_SENTENCES[place[1]] if place else f"A request is an object of {names}."
