"""What the browser draws and tells of a state: the whole scene, or a preview while a control is dragged."""

from typing import Literal

from .arrays import Arrays
from .base import ProtocolStruct
from .controls import Controls
from .figures import LineHandles, NamedFigure, PlotlyObject
from .narration import ComparedRunText, ComparedText, LessonCard, RunText, Table

Axis = Literal["x", "y"]


class Moment(ProtocolStruct, frozen=True):
    """What the page says of a run at one step."""

    step: int
    last_step: int
    """The number of the last step of the run."""
    tone: str
    """The key of the outcome if it is known at this step, else ``running``."""
    verdict: str
    numbers: str
    update: str
    """The arithmetic of the step in one parameter."""
    status: str
    """The text for screen readers."""
    compared: list[ComparedText]
    table: Table | None
    """The table of the detail card; null if that shows a figure."""
    detail_layout: PlotlyObject
    """The part of the layout of the detail figure that depends on the run."""


class Run(ProtocolStruct, frozen=True):
    """The run at all steps."""

    arrays: Arrays
    """The arrays that moving traces name."""
    run_text: RunText
    """Its kinds of text are the texts of a ``Moment``."""
    compared: list[ComparedRunText]
    tables: list[Table]
    """The table of the detail card at each step, or a single one for all steps; empty for a figure."""


class DetailCard(ProtocolStruct, frozen=True):
    """What the detail card shows and how it reacts."""

    view: str
    update_rule: str
    """The update rule of the optimizer as MathML; empty if the view does not show it."""
    points: Literal["examples", "steps", "runs", "settings"]
    """What the points of the figure are."""
    click_sets: dict[str, Axis]
    """The keys of the link that a click sets to a coordinate of the clicked point."""
    click_sets_fixed: dict[str, str]
    """The keys that the same click sets to a fixed value."""


class Examples(ProtocolStruct, frozen=True):
    """What the user can change of the examples in the data view."""

    edits: Literal["", "value", "class"]
    targets: list[float]
    """The target of each example; empty if they cannot be changed."""
    class_names: tuple[str, ...]


class Scene(ProtocolStruct, frozen=True):
    """Everything that the browser needs to draw a state."""

    link: str
    """The link of the state with its step, which the browser replaces."""
    short_link: str
    """The same without what has its default."""
    title: str
    notices: tuple[str, ...]
    """Sentences on invalid parts of the link."""
    theme: str
    lang: str
    rate: float
    start: tuple[float, float]
    hide: tuple[str, ...]
    """The keys of hidden controls."""
    embed: bool
    fog: bool
    basins: bool | None
    """Whether basins are drawn; null if the problem has none."""
    same_scale: bool | None
    """Whether axes whose units differ have one scale; null if none do."""
    ghost: bool
    """Whether an earlier run stays visible."""
    bends: bool
    """Whether the page offers to bend one loss of the comparison into the other."""
    surface_name: str
    """Tells surfaces apart."""
    detail: DetailCard
    lesson: LessonCard | None
    examples: Examples
    line_handles: LineHandles | None
    """What the handles of the line in the data view need; null if it has none or the start is hidden."""
    draggable_inputs: list[float] | None
    """The input of each example that can be dragged in the detail view; null if none can."""
    controls: Controls
    alt_texts: dict[str, str]
    """The alternative text of each figure."""
    captions: dict[str, str]
    figures: dict[str, NamedFigure]
    """The figures by the id of their element."""
    moment: Moment
    run: Run


class StartPreview(ProtocolStruct, frozen=True):
    """The run from another start, as it is drawn at one step."""

    moment: Moment
    arrays: Arrays
    """Each array, or its row of this step if it has one for each step."""


class PlacePreview(ProtocolStruct, frozen=True):
    """What the model of a place on the map is like, while the place is pointed at."""

    place: str
    """The names and values of the coordinates."""
    loss: str
    """The loss at the place itself; empty where a lesson or the fog hides it."""
    compared_loss: str
    """The same of what the experiment is compared with; empty without a comparison."""
    arrays: Arrays
    """The arrays that the data view shows of it."""


class RatePreview(ProtocolStruct, frozen=True):
    """The runs at all stops of the rate's slider, as they are drawn at one step."""

    stops: list[float]
    """The rates, ascending; empty if there is no preview."""
    moments: list[Moment]
    arrays: Arrays
    """The arrays that differ between stops, each with a row for each stop."""
    step_numbers: dict[str, str]
    """Arrays that count the steps of a run: by name, the array that has as many elements."""


class StepsByRate(ProtocolStruct, frozen=True):
    """After how many steps the run arrives at rates of the slider: the curve that the slider carries."""

    rates: list[float]
    """Ascending; empty where a lesson or the fog hides how runs end, and for runs that cost too much."""
    steps: list[int | None]
    """Null for a rate that does not arrive."""
    most: int
    """The number of steps of a run."""
