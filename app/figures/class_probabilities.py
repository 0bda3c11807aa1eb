"""One example of several classes: a bar for the probability of each, and only the true one's counts."""

import numpy as np

import losses
from losses.core.arrays import Array
from losses.core.messages import message

from .plot_base import BASE_TRACE, axis, layout_2d
from .step_slices import Figure, moving_trace


def figure(problem: losses.DataProblem, certificate: losses.Certificate) -> Figure:
    """The example that costs most at this step; the bar of its true class is marked."""
    quiet = {"type": "bar", "showlegend": False, "hoverinfo": "skip"}
    names = list(problem.data.classes)
    places: Figure = {"tickmode": "array", "tickvals": list(range(len(names))), "ticktext": names}
    star = BASE_TRACE | {
        "mode": "text",
        "text": [message("★ true")],
        "textposition": "top center",
        "textfont": {"color": "var(--ink)"},
    }
    return {
        "data": [],
        "moving": [
            moving_trace("row", quiet | {"marker": {"color": "var(--grid)"}}, x="class", y="chance"),
            moving_trace("now", quiet | {"marker": {"color": "var(--now)"}}, x="true_class", y="true_chance"),
            moving_trace("now", star, x="true_class", y="true_chance"),
        ],
        "layout": layout_2d(
            axis(message("{target} of the dearest example", target=problem.data.target_name), **places),
            axis(message("probability"), (0.0, 1.12)),
            barmode="overlay",
            bargap=0.2,
        ),
    }


def arrays(problem: losses.DataProblem, run: losses.Descent) -> dict[str, Array]:
    rows = np.arange(len(run.theta))
    worst = problem.example_losses(run.theta).argmax(axis=-1)
    chances = np.stack(
        [
            problem.link.value(problem.model.score(theta, problem.x[[row]]))[0]
            for theta, row in zip(run.theta, worst, strict=True)
        ]
    )
    truth = problem.y[worst].astype(int)
    return {
        "class": np.arange(chances.shape[1], dtype=np.float64),
        "chance": chances,
        "true_class": truth,
        "true_chance": chances[rows, truth],
    }
