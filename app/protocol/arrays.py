"""Arrays as JSON; ``app/figures/array_codec.py`` encodes them and ``array_codec.mjs`` decodes them."""

from typing import ClassVar, Literal

from .base import ProtocolStruct

Dtype = Literal["u1", "f4", "f8"]
"""Little-endian types of elements, as Plotly names them: uint8, float32, float64."""


class ArrayStruct(ProtocolStruct, frozen=True):
    """An array, in which there is no text to translate."""

    has_texts: ClassVar[bool] = False


class TypedArray(ArrayStruct, frozen=True, tag_field="kind", tag="typed"):
    """An array by the bytes of its elements, in the format of Plotly's typed arrays."""

    dtype: Dtype
    bdata: str
    """The bytes in row-major order, in base64."""
    shape: str
    """The length of each dimension, separated by commas."""


class ProbabilityGridArray(ArrayStruct, frozen=True, tag_field="kind", tag="probabilityGrid"):
    """A table of probabilities over a grid of inputs by the model that computes them in the browser.

    ``app/figures/probability_grid.py`` explains it.
    """

    grid_shape: tuple[int, ...]
    """The number of grid points along each input."""
    scale: float | None
    """The value that stands for probability 1; null for a table of the scores."""
    corner_inputs: TypedArray
    """For each row the scores, or the inputs of each hidden neuron, at the corners of the grid."""
    output_weights: TypedArray | None
    """For each row the weights and the bias of a network's output; null for a linear model."""
    activation: str
    """The activation function of the hidden neurons; empty for a linear model."""


EncodedArray = TypedArray | ProbabilityGridArray
Arrays = dict[str, EncodedArray]
