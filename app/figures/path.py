"""The arrays of a run that the views share, and how the path is drawn in any of them."""

from typing import Any

import numpy as np

import losses
from app.figures.height import Height
from app.figures.moment import Figure, moving
from losses.arrays import Array

FAR = 1e3
"""A path is drawn until it is this many windows away; farther, single precision breaks."""


def arrays(run: losses.Descent, plane: losses.Plane, height: Height) -> dict[str, Array]:
    """Plane coordinates ``u, v``, drawn height ``h``, ``step`` and ``loss`` of every iterate."""
    coordinates = plane.coordinates(run.theta)
    box = np.asarray(plane.box)
    middle, width = box.mean(axis=1), np.ptp(box, axis=1)
    near = np.cumprod((np.abs(coordinates - middle) < FAR * width).all(axis=1)).astype(bool)
    u, v = np.where(near[:, None], coordinates, np.nan).T
    drawn = np.where(near, height.of(run.loss), np.nan)
    return {"u": u, "v": v, "h": drawn, "step": np.arange(len(run.loss)), "loss": run.loss}


def footprints(kind: str, **axes: str) -> list[Figure]:
    """Past, future, start and present of a path, drawn in ``kind`` of trace over ``axes``."""
    quiet: dict[str, Any] = {"type": kind, "hoverinfo": "skip", "showlegend": False}
    solid = kind == "scatter3d"
    return [
        moving(
            "future",
            quiet | {"mode": "lines", "line": {"color": "var(--halo)", "width": 4 if solid else 3}},
            **axes,
        ),
        moving(
            "past",
            quiet | {"mode": "lines", "line": {"color": "var(--halo)", "width": 9 if solid else 6}},
            **axes,
        ),
        moving(
            "past",
            quiet
            | {
                "mode": "lines+markers",
                "line": {"color": "var(--path)", "width": 5 if solid else 2.5},
                "marker": {
                    "size": 4 if solid else 6,
                    "color": "var(--halo)",
                    "line": {"color": "var(--path)", "width": 1.5},
                },
            },
            **axes,
        ),
        moving(
            "first",
            quiet
            | {
                "mode": "markers",
                "marker": {
                    "size": 7 if solid else 15,
                    "symbol": "circle-open",
                    "color": "var(--halo)",
                    "line": {"color": "var(--halo)", "width": 3},
                },
            },
            **axes,
        ),
        moving(
            "now",
            quiet
            | {
                "mode": "markers",
                "marker": {
                    "size": 8 if solid else 15,
                    "color": "var(--now)",
                    "line": {"color": "var(--halo)", "width": 2},
                },
            },
            **axes,
        ),
    ]
