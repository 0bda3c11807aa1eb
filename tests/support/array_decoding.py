"""Decode arrays as the browser does, for tests without a browser."""

import base64

import numpy as np

from app.figures.probability_grid import LogisticGrid

KINDS = {"f4": "<f4", "f8": "<f8", "u1": "u1"}


def received(spec):
    """Return the values of an encoded array in its shape."""
    if spec.get("coding") == "sigmoids":
        units = received(spec["units"])
        units = units.reshape(len(units), -1, 1 + len(spec["sides"]))
        outer = received(spec["outer"]) if "outer" in spec else None
        return np.asarray(LogisticGrid(units, spec["sides"], spec["scale"], outer, spec.get("bend", "")))
    sides = [int(side) for side in spec["shape"].split(",")] if "shape" in spec else [-1]
    data = base64.b64decode(spec["bdata"])
    if not spec.get("coding"):
        return np.frombuffer(data, KINDS[spec["dtype"]]).reshape(sides)
    planes = np.frombuffer(data, np.uint8).reshape(-1, *sides).astype(np.uint32)
    folded = sum(plane << np.uint32(8 * place) for place, plane in enumerate(planes))
    change = (folded >> 1).astype(np.int64) ^ -(folded & 1).astype(np.int64)
    table = change.cumsum(axis=1).cumsum(axis=0)
    if spec["dtype"] == "u1":
        return table.astype(np.uint8)
    return (table.astype(np.uint32) << np.uint32(spec["dropped"])).view("<f4")
