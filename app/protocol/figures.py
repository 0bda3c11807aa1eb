"""Figures: the parts that Plotly draws once, the traces that follow the step, and pictures of basins."""

from typing import Any

from .arrays import TypedArray
from .base import ProtocolStruct

PlotlyObject = dict[str, Any]
"""A trace, a layout or an axis, as Plotly's own schema defines it."""


class MovingTrace(ProtocolStruct, frozen=True):
    """A trace that shows a slice of the run's arrays at each step."""

    slice: str
    """The name of the slice: a key of ``STEP_SLICES`` in ``app/figures/step_slices.py``."""
    while_playing: str
    """The name of the slice while the run is played; empty if it is the same."""
    arrays: dict[str, str]
    """The name of the array that each attribute of the trace shows."""
    trace: PlotlyObject
    """The trace without these attributes."""


class LineHandles(ProtocolStruct, frozen=True):
    """What the two handles of a line over one input need: its scores at two inputs, by the place on the map.

    The score at input ``i`` is ``constant[i] + u[i] * place[0] + v[i] * place[1]``, and straight between.
    """

    inputs: tuple[float, float]
    constant: tuple[float, float]
    u: tuple[float, float]
    v: tuple[float, float]
    is_probability: bool
    """Whether the line that is drawn is the probability ``1 / (1 + exp(-score))``, else it is the score."""


class BasinTile(ProtocolStruct, frozen=True):
    """A part of a picture of basins: the minimum that the run from each start reaches."""

    number: int
    """The place of the tile in the picture, from 0."""
    starts: TypedArray
    """The index of each start in the flat grid."""
    found: TypedArray
    """For each start the index of its minimum in ``minima``, −1 if it did not converge, −2 if it diverged."""
    steps: TypedArray
    """For each start the number of steps."""
    minima: list[tuple[float, float, float]]
    """Coordinates and loss of each minimum."""


class TileAnswer(ProtocolStruct, frozen=True):
    """The answer to a request for a basin tile."""

    tile: BasinTile | None
    """Null if the link has no such tile."""


class BasinPicture(ProtocolStruct, frozen=True):
    """A picture of basins whose further tiles the browser requests."""

    link: str
    """The link to request tiles with."""
    size: int
    """Points along a side of the grid of starts."""
    spacing: int
    """The spacing of the starts of the first tile, in points of the grid."""
    x: TypedArray
    y: TypedArray
    tolerance: float
    """Minima closer to each other than this are the same."""
    tile_ends: tuple[int, ...]
    """For each tile the number of starts that it and all tiles before it have."""
    first_tile: BasinTile


class FigureSpec(ProtocolStruct, frozen=True):
    """A figure without the arrays of its moving traces."""

    data: list[PlotlyObject]
    """The traces that are the same at every step."""
    moving: list[MovingTrace]
    """The traces that follow the step, drawn over ``data``."""
    layout: PlotlyObject
    basins: BasinPicture | None = None
    """On a map whose picture of basins is not complete."""


class NamedFigure(ProtocolStruct, frozen=True):
    """A figure with the name under which the browser caches it."""

    name: str
    figure: FigureSpec | None
    """Null if the request said that the browser has it."""


class OfflineFigure(ProtocolStruct, frozen=True):
    """The figure of an exported page: complete, at one step."""

    data: list[PlotlyObject]
    layout: PlotlyObject
    fog: bool


class MorphFrame(ProtocolStruct, frozen=True):
    """A loss between squared and absolute error, on the grid of its morph."""

    text: str
    """Names δ and the factor."""
    z: TypedArray
    range: tuple[float, float]
    """The ends of the axis of heights."""
    start_loss: float
    """The loss at the start."""
    optimum: tuple[float, float, float] | None
    """The lowest point and its loss; null if it is not known."""


class Morph(ProtocolStruct, frozen=True):
    """Squared error bent into absolute error: the surfaces of losses between them."""

    u: TypedArray
    v: TypedArray
    labels: tuple[str, str]
    title: str
    start: tuple[float, float]
    frames: list[MorphFrame]
