"""Images: a grid of the examples with the highest loss at the current step, with their predictions."""

import numpy as np

import losses
from losses.core.arrays import Array
from losses.core.messages import message

from ...protocol.figures import FigureSpec
from ..plot_base import BASE_TRACE, layout_2d
from ..step_slices import CAPTION_HEIGHT, IMAGE_GRID_SHAPE, IMAGE_MARGIN, moving_trace

MAX_GRAY = 255
"""Gray levels are scaled to 0 ... 255, so that they can be sent as bytes."""


def figure(problem: losses.DataProblem, certificate: losses.Certificate) -> FigureSpec:
    """Return the images, with square pixels, and a caption below each.

    It has the predicted class and its probability, and a cross if it is wrong.
    """
    rows, columns = IMAGE_GRID_SHAPE
    height, width = problem.data.image or (1, 1)
    image_trace = {
        "type": "heatmap",
        "hoverinfo": "skip",
        "showscale": False,
        "colorscale": [[0, "var(--card)"], [1, "var(--ink)"]],
        "zmin": 0,
        "zmax": MAX_GRAY,
    }
    text = {"mode": "text", "textposition": "bottom center", "cliponaxis": False}
    captions = BASE_TRACE | text | {"textfont": {"color": "var(--ink-soft)", "size": 11}}
    hidden_axis = {"visible": False, "fixedrange": True, "constrain": "domain"}
    x = hidden_axis | {"range": [-1.5, columns * (width + IMAGE_MARGIN) - 1.5]}
    y = hidden_axis | {"range": [rows * (height + CAPTION_HEIGHT) - 1.5, -1.5], "scaleanchor": "x"}
    y["automargin"] = False  # there are no labels to make room for
    title = {
        "text": message("the {n} that cost most", n=rows * columns),
        "font": {"color": "var(--ink-soft)"},
        "xref": "paper",
        "yref": "paper",
        "x": 0,
        "y": 1,
        "xanchor": "left",
        "yanchor": "bottom",
        "showarrow": False,
    }
    return FigureSpec(
        data=[],
        moving=[
            moving_trace("imageGrid", image_trace, z="images", order="order"),
            moving_trace(
                "imageCaptions",
                captions,
                x="caption_x",
                y="caption_y",
                predicted="predicted",
                probability="probability",
                true="true",
            ),
        ],
        layout=layout_2d(x, y, 6) | {"margin": {"l": 10, "r": 6, "t": 22, "b": 4}, "annotations": [title]},
    )


def arrays(problem: losses.DataProblem, run: losses.Descent) -> dict[str, Array]:
    """Return the images shown at any step, and for each step which of them, highest loss first.

    ``images (m, height, width)``; ``order``, ``predicted`` (the predicted class), ``probability`` (its
    probability) and ``true`` (the true class) are ``(k + 1, images in the grid)``; ``caption_x, caption_y``
    place the captions.
    """
    count = IMAGE_GRID_SHAPE[0] * IMAGE_GRID_SHAPE[1]
    worst, predicted, probability = (
        np.stack(values)
        for values in zip(*(_highest_losses(problem, theta, count) for theta in run.theta), strict=True)
    )
    shown_rows, order = np.unique(worst.astype(int), return_inverse=True)
    order = order.reshape(worst.shape)
    true_class = problem.data.y[shown_rows].astype(int)
    height, width = problem.data.image or (1, 1)
    gray = MAX_GRAY * problem.data.inputs[shown_rows] / problem.data.inputs.max()
    row, column = np.divmod(np.arange(count), IMAGE_GRID_SHAPE[1])
    return {
        "images": np.rint(gray).astype(np.uint8).reshape(-1, height, width),
        "order": order.astype(np.uint8) if len(shown_rows) <= MAX_GRAY else order,
        "predicted": predicted.astype(np.uint8),
        "probability": probability,
        "true": true_class[order].astype(np.uint8),
        "caption_x": column * (width + IMAGE_MARGIN) + (width - 1) / 2,
        "caption_y": row * (height + CAPTION_HEIGHT) + height - 0.4,
    }


def _highest_losses(problem: losses.DataProblem, theta: Array, count: int) -> tuple[Array, ...]:
    """Return rows, predicted classes and probabilities of the ``count`` examples with the highest loss.

    Equal losses are in the order of the examples; the partition avoids sorting all of them. More than
    ``count`` candidates remain if losses at the threshold are equal.
    """
    score = problem.score(theta)
    negative_loss = -problem.of_score.value(score)
    threshold = np.partition(negative_loss, count - 1)[count - 1]
    candidates = np.flatnonzero(~(negative_loss > threshold))  # not <=, which would exclude NaN
    worst = candidates[np.argsort(negative_loss[candidates], kind="stable")[:count]]
    probabilities = problem.link.value(score[worst])
    return worst.astype(float), probabilities.argmax(axis=-1).astype(float), probabilities.max(axis=-1)
