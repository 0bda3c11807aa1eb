"""What the page requests from its callback, validated before anything is computed."""

import re
from typing import Annotated, Any, Final

import msgspec
from msgspec import Meta, field

from losses.core.messages import message

from ..common import ids, limits
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


class _Property(msgspec.Struct, forbid_unknown_fields=True):
    """A property of an element, as Dash names it."""

    id: str
    property: str


class _Input(msgspec.Struct, forbid_unknown_fields=True):
    """The input of the callback with its value."""

    id: str
    property: str
    value: Request


class _CallbackBody(msgspec.Struct, rename="camel", forbid_unknown_fields=True):
    """What Dash's renderer sends to call the callback."""

    output: str
    outputs: _Property
    inputs: tuple[_Input]
    changed_prop_ids: tuple[str]
    parsed_changed_props_ids: list[str] = field(default_factory=list)


def parse_callback_body(body: Any) -> Request:
    """Return the request in the body of a call of the page's only server callback.

    Raises InvalidRequest unless the body is what Dash's renderer sends for that callback.
    """
    try:
        call = msgspec.convert(body, _CallbackBody)
    except msgspec.ValidationError as error:
        raise InvalidRequest(_sentence(str(error))) from None
    [given] = call.inputs
    names = (call.output, call.outputs.id, call.outputs.property, given.id, given.property)
    expected = (f"{ids.ANSWER}.value", ids.ANSWER, "value", ids.REQUEST, "value")
    if names != expected or call.changed_prop_ids != (f"{ids.REQUEST}.value",):
        raise InvalidRequest(NOT_FROM_PAGE)
    return given.value


NOT_FROM_PAGE: Final = message("This is not a request of the page.")
FIELD_SENTENCES: Final = {
    "link": f"link is a text of at most {limits.MAX_LINK_CHARACTERS} characters.",
    "changes": f"changes maps at most {limits.MAX_CHANGES} keys of a link to their spelling.",
    "knownFigures": f"knownFigures is a list of at most {limits.MAX_KNOWN_FIGURES} texts.",
    "points": f"points is a text of at most {limits.MAX_POINTS_CHARACTERS} characters.",
    "tile": f"tile is a whole number up to {limits.MAX_TILES}.",
}
"""What each field of a request is, by its name in JSON; said if it is something else."""
_PLACE: Final = re.compile(r"at `\$\.inputs\[0\]\.value(?:\.(\w+))?")


def _sentence(error: str) -> str:
    """Return the sentence to an error of msgspec, which ends with the place of the error in the body."""
    place = _PLACE.search(error)
    if not place:
        return NOT_FROM_PAGE
    names = ", ".join(FIELD_SENTENCES)
    return FIELD_SENTENCES[place[1]] if place[1] else f"A request is an object of {names}."
