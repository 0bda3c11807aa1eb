"""A live class: what a teacher's page, the phones of a class and the server send each other."""

from typing import Annotated, Final, Literal

from msgspec import Meta

from losses.core.messages import message

from ..common import limits
from .arrays import TypedArray
from .base import ProtocolStruct
from .request import LinkText

Beat = Literal["lobby", "ask", "show", "reveal", "try", "run", "explore"]
"""What the class does just now, in the order of a turn."""
Secret = Annotated[str, Meta(pattern="^[0-9a-f]{32}$")]
"""128 random bits made in a browser: the teacher's key, or the token of a phone."""
TurnNumber = Annotated[int, Meta(ge=0, le=limits.MAX_CLASS_TURNS)]
RoundNumber = Annotated[int, Meta(ge=1, le=limits.MAX_CLASS_ROUNDS)]
Place = tuple[float, float]
"""A place on the map, by the two coordinates of the view plane."""


class ClassStart(ProtocolStruct, frozen=True):
    """A teacher starts a class, or finds it again."""

    key: Secret
    link: LinkText = ""
    """What the teacher's page shows."""
    word: Annotated[str, Meta(max_length=100)] = ""
    """The word that the server asks teachers for; empty if it asks for none."""
    first: Annotated[str, Meta(pattern="^([0-9a-f]{32})?$")] = ""
    """If the class was handed over: the digest of its first key, which its code is made of."""


class StartedClass(ProtocolStruct, frozen=True):
    """The class that a teacher has started."""

    code: str
    born: str
    addresses: tuple[str, ...]
    """If the teacher's own address works on this machine alone: those that phones can open."""


class Face(ProtocolStruct, frozen=True):
    """What every phone of a class reads every few seconds."""

    born: str
    """Differs if the class was forgotten and started again."""
    version: int
    """Rises with each press of the teacher."""
    turn: int
    beat: Beat
    round: int
    every: int
    """Seconds until the next look."""
    paused: bool
    door: bool
    """Whether further phones may join."""
    lit: tuple[int, ...]
    """The numbers of the students whose dots are ringed, or 0: who arrived first, the nearest below the
    cliff, and the first beyond it."""


class Phone(ProtocolStruct, frozen=True):
    """A phone joins, or says that it is still there."""

    token: Secret


class Joined(ProtocolStruct, frozen=True):
    """A phone has joined."""

    number: int
    """The number of the student, from 1."""


class Attempt(ProtocolStruct, frozen=True):
    """What a student tries: a start and a learning rate."""

    start: Place
    rate: Annotated[float, Meta(gt=0, le=limits.MAX_RATE)]


class GivenAnswer(ProtocolStruct, frozen=True):
    """An answer of a student."""

    token: Secret
    turn: TurnNumber
    round: RoundNumber
    value: int | Place | Attempt
    """The number of a choice, from 0, a place on the map, or what the student tries."""


class Press(ProtocolStruct, frozen=True):
    """The teacher moves the class to a turn and a beat."""

    turn: TurnNumber
    link: LinkText
    beat: Beat
    round: RoundNumber = 1
    lit: Annotated[tuple[int, ...], Meta(max_length=3)] = ()


class ClassSettings(ProtocolStruct, frozen=True):
    """The switches of the teacher."""

    door: bool
    paused: bool
    live: bool
    """Whether the projector shows the answers while the class is asked."""


class SmallMap(ProtocolStruct, frozen=True):
    """A map that is small enough for a phone."""

    u: tuple[float, float]
    """The lowest and the highest value of the first coordinate."""
    v: tuple[float, float]
    names: tuple[str, str]
    """The names of both coordinates."""
    start: Place
    heights: TypedArray | None
    """For each place of a square grid its height from 0 to 255, row by row upward; null in the fog."""
    bands: int
    """In how many bands heights are drawn."""


class AttemptField(ProtocolStruct, frozen=True):
    """What a student chooses from when trying: a start on a map, and a learning rate."""

    link: str
    """The link whose runs are tried."""
    map: SmallMap
    rates: tuple[float, float]
    """The lowest and the highest rate."""
    steps: int
    """The steps of a run."""


class TurnReveal(ProtocolStruct, frozen=True):
    """What is so."""

    correct: int | None
    """The number of the right choice; null if the question asks for a place."""
    target: Place | None
    """The right place; null if the question has choices."""
    explanation: str
    """It and the suggestion are HTML."""
    conclusion: str
    suggestion: str
    link: str
    """What *Explore* opens."""
    attempt: AttemptField | None
    """What the class may try; null if the turn has no descent with a rate."""


class Question(ProtocolStruct, frozen=True):
    """All that a phone knows of a turn. Question and choices are HTML; the title is a text."""

    turn: int
    title: str
    question: str
    choices: tuple[str, ...]
    """Empty if the question asks for a place."""
    map: SmallMap | None
    """Null if the question has choices."""
    reveal: TurnReveal | None
    """Null before the reveal."""


class Board(ProtocolStruct, frozen=True):
    """What the teacher's screens read."""

    face: Face
    link: str
    """The link of the turn."""
    live: bool
    joined: int
    here: int
    """The number of students whose phone was heard of lately."""
    answered: int
    """The number of answers in this round."""
    counts: tuple[tuple[int, ...], ...]
    """For each round the number of answers for each choice; empty while they are not to be seen."""
    places: tuple[tuple[Place, ...], ...]
    """For each round the places of the answers; empty while they are not to be seen."""
    attempts: tuple[tuple[int, Place, float], ...]
    """The number, the start and the rate of each student who has tried; empty before they run."""
    right: tuple[int, ...] = ()
    """For each round the number of right answers; empty while they are not to be seen."""
    changed: tuple[int, int] | None = None
    """How many changed from wrong to right in the second round, and from right to wrong."""
    following: str = ""
    """The link of the next lesson, once this one is over; empty if there is none."""
    keyed: bool = False
    """Whether the screen that reads it has the key, not only a remote."""
    first: str = ""
    """If the class was handed over to this screen: what brings it back under its code."""


class RemoteDigits(ProtocolStruct, frozen=True):
    """A teacher types the digits of a screen, which then becomes the remote or takes the class over."""

    digits: Annotated[str, Meta(pattern="^[0-9]{4}$")]


class Paired(ProtocolStruct, frozen=True):
    """What a screen shows that waits to be paired."""

    digits: str


class ClassTally(ProtocolStruct, frozen=True):
    """The counts of a turn of a class, which a teacher may keep."""

    turn: int
    link: str
    counts: tuple[tuple[int, ...], ...]
    """For each round the number of answers for each choice."""
    answered: tuple[int, ...]
    """For each round the number of answers."""
    correct: int | None
    """The number of the right choice; null if the question asks for no choice."""
    changed: tuple[int, int] | None
    """How many changed from wrong to right in the second round, and from right to wrong."""


class Tallies(ProtocolStruct, frozen=True):
    """The counts of all turns of a class."""

    turns: tuple[ClassTally, ...]


NOT_FROM_CLASS: Final = message("This is not a request of a class.")
