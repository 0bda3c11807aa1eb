"""Several classes: the predicted probability of each class for the example with the highest loss."""

import numpy as np

import losses
from losses.core.arrays import Array
from losses.core.messages import message

from ...protocol.figures import FigureSpec, PlotlyObject
from ..plot_base import BASE_TRACE, axis, label_text, layout_2d
from ..step_slices import moving_trace


def figure(problem: losses.DataProblem, certificate: losses.Certificate) -> FigureSpec:
    """Return a bar for each class; that of the true class is highlighted."""
    bars = {"type": "bar", "showlegend": False, "hoverinfo": "skip"}
    names = [label_text(name) for name in problem.data.classes]
    class_ticks: PlotlyObject = {"tickmode": "array", "tickvals": list(range(len(names))), "ticktext": names}
    star = BASE_TRACE | {
        "mode": "text",
        "text": [message("★ true")],
        "textposition": "top center",
        "textfont": {"color": "var(--ink)"},
    }
    return FigureSpec(
        data=[],
        moving=[
            moving_trace("row", bars | {"marker": {"color": "var(--grid)"}}, x="class", y="chance"),
            moving_trace("now", bars | {"marker": {"color": "var(--now)"}}, x="true_class", y="true_chance"),
            moving_trace("now", star, x="true_class", y="true_chance"),
        ],
        layout=layout_2d(
            axis(
                message("{target} of the most costly example", target=label_text(problem.data.target_name)),
                **class_ticks,
            ),
            axis(message("probability"), (0.0, 1.12)),
            barmode="overlay",
            bargap=0.2,
        ),
    )


def arrays(problem: losses.DataProblem, run: losses.Descent) -> dict[str, Array]:
    """Return the class probabilities by step, ``chance (k + 1, classes)``, and that of the true class."""
    steps = np.arange(len(run.theta))
    worst = problem.example_losses(run.theta).argmax(axis=-1)
    probabilities = np.stack(
        [
            problem.link.value(problem.model.score(theta, problem.x[[row]]))[0]
            for theta, row in zip(run.theta, worst, strict=True)
        ]
    )
    true_class = problem.y[worst].astype(int)
    return {
        "class": np.arange(probabilities.shape[1], dtype=np.float64),
        "chance": probabilities,
        "true_class": true_class,
        "true_chance": probabilities[steps, true_class],
    }
