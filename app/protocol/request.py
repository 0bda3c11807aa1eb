"""What the page requests from its callback, validated before anything is computed."""

import re
from typing import Annotated, Final

import msgspec
from msgspec import Meta, field

from losses.core.messages import message

from ..common import ids, limits
from .base import ProtocolStruct

LinkText = Annotated[str, Meta(max_length=limits.MAX_LINK_CHARACTERS)]
FigureName = Annotated[str, Meta(max_length=limits.MAX_FIGURE_NAME_CHARACTERS)]


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
    kept_axes: LinkText = ""
    """The query of the state whose windows the scene keeps while something is dragged; empty for its own."""


def _only(text: str) -> Meta:
    """Return the constraint of a text that has one value."""
    return Meta(pattern=f"^{re.escape(text)}$")


class CallbackOutput(msgspec.Struct, forbid_unknown_fields=True):
    """The output of the callback."""

    id: Annotated[str, _only(ids.ANSWER)]
    property: Annotated[str, _only("value")]


class CallbackInput(msgspec.Struct, forbid_unknown_fields=True):
    """The input of the callback with its value."""

    id: Annotated[str, _only(ids.REQUEST)]
    property: Annotated[str, _only("value")]
    value: Request


class CallbackBody(msgspec.Struct, rename="camel", forbid_unknown_fields=True):
    """What Dash's renderer sends to call the page's only callback on the server."""

    output: Annotated[str, _only(f"{ids.ANSWER}.value")]
    outputs: CallbackOutput
    inputs: tuple[CallbackInput]
    changed_prop_ids: tuple[Annotated[str, _only(f"{ids.REQUEST}.value")]]
    parsed_changed_props_ids: list[str] = field(default_factory=list)


NOT_FROM_PAGE: Final = message("This is not a request of the page.")
FIELD_SENTENCES: Final = {
    "link": f"link is a text of at most {limits.MAX_LINK_CHARACTERS} characters.",
    "changes": f"changes maps at most {limits.MAX_CHANGES} keys of a link to their spelling.",
    "knownFigures": f"knownFigures is a list of at most {limits.MAX_KNOWN_FIGURES} texts.",
    "points": f"points is a text of at most {limits.MAX_POINTS_CHARACTERS} characters.",
    "tile": f"tile is a whole number up to {limits.MAX_TILES}.",
    "keptAxes": f"keptAxes is a text of at most {limits.MAX_LINK_CHARACTERS} characters.",
}
"""What each field of a request is, by its name in JSON; said if it is something else."""
_PLACE: Final = re.compile(r"`\$\.inputs\[0\]\.value(?:\.(\w+))?")


def explain(error: msgspec.ValidationError) -> str:
    """Return the sentence to an error in a ``CallbackBody``; its text ends with the place of the error."""
    place = _PLACE.search(str(error))
    if not place:
        return NOT_FROM_PAGE
    names = ", ".join(FIELD_SENTENCES)
    return FIELD_SENTENCES[place[1]] if place[1] else f"A request is an object of {names}."
