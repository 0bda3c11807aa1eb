"""Many runs at once, each from its own start with its own rate: what is asked for and what is answered."""

from typing import Annotated, Final

import msgspec
from msgspec import Meta

from losses.core.messages import message

from ..common import limits
from .arrays import TypedArray
from .base import ProtocolStruct
from .request import LinkText

Coordinate = Annotated[float, Meta(ge=-limits.MAX_START, le=limits.MAX_START)]


class CloudOrder(ProtocolStruct, frozen=True):
    """Runs on the problem of a link, with its optimizer and its steps."""

    link: LinkText
    starts: Annotated[
        tuple[tuple[Coordinate, Coordinate], ...], Meta(min_length=1, max_length=limits.MAX_STUDENTS)
    ]
    """The start of each run, by the two coordinates of the view plane."""
    rates: Annotated[
        tuple[Annotated[float, Meta(ge=limits.MIN_RATE, le=limits.MAX_RATE)], ...],
        Meta(min_length=1, max_length=limits.MAX_STUDENTS),
    ]
    """The learning rate of each run."""


class RateLimit(ProtocolStruct, frozen=True):
    """What is known about the rate from which on runs fly apart."""

    rate: float | None
    """The limit 2/L; null if it is not known, or does not hold for this optimizer."""
    label: str
    """What is written beside the line that is drawn there."""
    sentence: str
    """What the limit means for these runs, or why there is none."""


class Cloud(ProtocolStruct, frozen=True):
    """The runs of an order. Where they cost too much at once it is the first of them; ask for the others."""

    count: int
    """The number of runs in this answer, one or more."""
    steps: int
    """The steps of each run."""
    frames: tuple[int, ...]
    """The steps that are shown, from 0 to the last."""
    u: TypedArray
    """The first coordinate of each run at each frame, ``(count, frames)``; NaN once it is not finite."""
    v: TypedArray
    height: TypedArray
    """Its true height as a share of that of the landscape; below 0 or above 1 beyond its ends."""
    arrived: tuple[int, ...]
    """For each run the first step from which it has arrived at a minimum; −1 if it does not."""
    apart: tuple[bool, ...]
    """Whether each run flies apart."""
    verdict: str
    """How the run ended, in words, if one was asked for."""
    limit: RateLimit


NOT_FROM_CLOUD: Final = message("This does not ask for runs: it takes a link, starts and rates.")
SENTENCES: Final = {
    "link": message("link is a text of at most {n} characters.", n=limits.MAX_LINK_CHARACTERS),
    "starts": message("starts are 1 to {n} pairs of numbers.", n=limits.MAX_STUDENTS),
    "rates": message("rates are 1 to {n} positive numbers.", n=limits.MAX_STUDENTS),
}
"""What each field of an order is, by its name in JSON; said if it is something else."""
NOT_AS_MANY: Final = message("Each run takes a start and a rate: there are as many of one as of the other.")
_DECODER: Final = msgspec.json.Decoder(CloudOrder)  # made here, by one thread: msgspec crashes when two do it


class WrongOrder(ValueError):
    """A body that is no order; its text is a sentence."""


def read_order(body: bytes) -> CloudOrder:
    """Return the order in a body. Raises WrongOrder."""
    try:
        order = _DECODER.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        named = (sentence for name, sentence in SENTENCES.items() if f"`$.{name}" in str(error))
        raise WrongOrder(next(named, NOT_FROM_CLOUD)) from None
    if len(order.starts) != len(order.rates):
        raise WrongOrder(NOT_AS_MANY)
    return order
