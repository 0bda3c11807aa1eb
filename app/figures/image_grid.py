"""Images: a sheet of those that the current step gets worst, with what it takes them for."""

import numpy as np

import losses
from losses.core.arrays import Array

from .plot_base import BASE_TRACE, layout_2d
from .step_slices import IMAGE_GRID_SHAPE, Figure, moving_trace

MAX_GRAY = 255
"""Points of an image travel as bytes."""


def figure(problem: losses.DataProblem, certificate: losses.Certificate) -> Figure:
    """Dark strokes on paper; a caption under each image says class and certainty, a cross that it is wrong."""
    rows, columns = IMAGE_GRID_SHAPE
    height, width = problem.data.image or (1, 1)
    paper = {
        "type": "heatmap",
        "hoverinfo": "skip",
        "showscale": False,
        "colorscale": [[0, "var(--card)"], [1, "var(--ink)"]],
        "zmin": 0,
        "zmax": MAX_GRAY,
    }
    words = BASE_TRACE | {"mode": "text", "textfont": {"color": "var(--ink-soft)", "size": 10}}
    nothing = {"visible": False, "fixedrange": True}
    across = nothing | {"range": [-1.5, columns * (width + 2) - 1.5]}
    down = nothing | {"range": [rows * (height + 4) - 1.5, -1.5]}
    return {
        "data": [],
        "moving": [
            moving_trace("sheet", paper, z="images", order="order"),
            moving_trace("words", words, x="under_x", y="under_y", said="said", sure="sure", true="true"),
        ],
        "layout": layout_2d(across, down, 6) | {"margin": {"l": 6, "r": 6, "t": 4, "b": 4}},
    }


def arrays(problem: losses.DataProblem, run: losses.Descent) -> dict[str, Array]:
    """The images that are ever among the worst, and at each step which are, worst first."""
    count = IMAGE_GRID_SHAPE[0] * IMAGE_GRID_SHAPE[1]
    worst, said, sure = (
        np.stack(part)
        for part in zip(*(_highest_losses(problem, theta, count) for theta in run.theta), strict=True)
    )
    pool, order = np.unique(worst.astype(int), return_inverse=True)
    order = order.reshape(worst.shape)
    truth = problem.data.y[pool].astype(int)
    height, width = problem.data.image or (1, 1)
    ink = MAX_GRAY * problem.data.inputs[pool] / problem.data.inputs.max()
    down, across = np.divmod(np.arange(count), IMAGE_GRID_SHAPE[1])
    return {
        "images": np.rint(ink).astype(np.uint8).reshape(-1, height, width),
        "order": order.astype(np.uint8) if len(pool) <= MAX_GRAY else order,
        "said": said.astype(np.uint8),
        "sure": sure,
        "true": truth[order].astype(np.uint8),
        "under_x": across * (width + 2) + (width - 1) / 2,
        "under_y": down * (height + 4) + height + 0.7,
    }


def _highest_losses(problem: losses.DataProblem, theta: Array, count: int) -> tuple[Array, ...]:
    """Rows of the examples of greatest loss, the class each is taken for, and how surely."""
    score = problem.score(theta)
    ease = -problem.of_score.value(score)
    hard = np.flatnonzero(~(ease > np.partition(ease, count - 1)[count - 1]))
    worst = hard[np.argsort(ease[hard], kind="stable")[:count]]
    sure = problem.link.value(score[worst])
    return worst.astype(float), sure.argmax(axis=-1).astype(float), sure.max(axis=-1)
