"""Decode arrays as the browser does, for tests without a browser."""

import base64

import numpy as np

from app.figures.probability_grid import LogisticGrid

DTYPES = {"f4": "<f4", "f8": "<f8", "u1": "u1"}
"""NumPy's names of Plotly's data types."""


def decode_array(spec):
    """Return the values of an encoded array in its shape, as ``assets/js/core/array_codec.mjs`` does.

    ``spec`` is the JSON of ``app.figures.array_codec``: bytes of the values, or a grid of probabilities as
    what determines it.
    """
    if spec["kind"] == "probabilityGrid":
        inputs = decode_array(spec["cornerInputs"])
        inputs = inputs.reshape(len(inputs), -1, 1 + len(spec["gridShape"]))
        weights = decode_array(spec["outputWeights"]) if spec["outputWeights"] else None
        return np.asarray(LogisticGrid(inputs, spec["gridShape"], spec["scale"], weights, spec["activation"]))
    shape = [int(length) for length in spec["shape"].split(",")]
    data = base64.b64decode(spec["bdata"])
    return np.frombuffer(data, DTYPES[spec["dtype"]]).reshape(shape)
