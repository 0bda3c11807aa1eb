"""Draw a surface and descents on it for a notebook, with Plotly, which is imported only to draw."""

from typing import Any, Final

import numpy as np

from losses.core.arrays import Array, check_bool, check_type
from losses.descent.descent import Descent
from losses.optimizer.catalogue import OPTIMIZERS
from losses.surface.surface import Surface

COLORSCALE: Final = "Viridis"
COLORS: Final = ("#d62728", "#1f77b4", "#ff7f0e", "#e377c2", "#111111")
"""The colors of the descents, in turn."""


def plot(surface: Surface, *descents: Descent, log: bool = False) -> Any:
    """Return a Plotly figure of a surface in three dimensions with descents at the losses of their iterates.

    >>> import losses
    >>> p = losses.problem("houses", "line", "mse", standardize=True)
    >>> run = losses.descend(p, "gd", rate=0.1, steps=30)
    >>> figure = losses.plot(losses.surface(p), run)
    >>> [trace.type for trace in figure.data]
    ['surface', 'scatter3d']

    With ``log`` the axis of the loss is logarithmic. On a slice of more than two parameters a descent is
    projected onto the plane; its true losses may then lie off the surface. Raises ImportError if Plotly is
    not installed.
    """
    check_type(surface, Surface, "surface")
    check_bool(log, "log")
    dim = len(surface.plane.origin)
    for run in descents:
        if check_type(run, Descent, "descents").theta.shape[1] != dim:
            raise ValueError(f"descents must have the {dim} parameters of the surface; not {run!r}")
    try:
        import plotly.graph_objects as go
    except ImportError:
        raise ImportError("losses.plot draws with Plotly; install it with: pip install plotly") from None
    figure = go.Figure(go.Surface(x=surface.u, y=surface.v, z=_finite(surface.z), colorscale=COLORSCALE))
    figure.update_traces(showscale=False, opacity=0.9, hovertemplate="%{x:.4g}, %{y:.4g}: loss %{z:.4g}")
    for i, run in enumerate(descents):
        u, v = surface.plane.coordinates(run.theta).T
        figure.add_scatter3d(
            x=u,
            y=v,
            z=run.loss,
            customdata=np.arange(len(run.theta)),
            name=f"{OPTIMIZERS[run.optimizer].name if run.optimizer in OPTIMIZERS else run.optimizer}, "
            f"rate {run.rate:.4g}: {run.outcome.name}",
            mode="lines+markers",
            marker={"size": 3},
            line={"color": COLORS[i % len(COLORS)], "width": 5},
            hovertemplate="step %{customdata}: %{x:.6g}, %{y:.6g}, loss %{z:.6g}",
        )
    (left, right), (low, high) = surface.plane.box
    figure.update_layout(
        scene={
            "xaxis": {"title": {"text": surface.plane.labels[0]}, "range": [left, right]},
            "yaxis": {"title": {"text": surface.plane.labels[1]}, "range": [low, high]},
            "zaxis": {"title": {"text": "loss"}, "type": "log" if log else "linear"},
            "aspectmode": "cube",
        },
        showlegend=bool(descents),
        legend={"x": 0, "y": 1},
        margin={"l": 0, "r": 0, "t": 30, "b": 0},
    )
    return figure


def _finite(z: Array) -> Array:
    """Return the losses with gaps where they are not finite."""
    return np.where(np.isfinite(z), z, np.nan)
