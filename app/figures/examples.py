"""Data space: the examples, the model of the current step, and what it still owes them."""

import numpy as np

import losses
from app.figures.contour import axis
from app.figures.moment import Figure, moving, typed
from losses.arrays import Array

FINE = 61
MOST_GAPS = 120
"""With more examples than this their gaps would be a smear."""


def inputs_grid(problem: losses.DataProblem) -> Array:
    """Inputs at which the model's curve is drawn, a little beyond the data, shape ``(m,)``."""
    x = problem.data.inputs[:, 0]
    margin = 0.04 * float(np.ptp(x))
    return np.linspace(float(x.min()) - margin, float(x.max()) + margin, FINE)


def examples(problem: losses.DataProblem, best: losses.Certificate) -> Figure:
    """Points, the best model faint, and the moving model with its gaps."""
    data = problem.data
    quiet = {"type": "scatter", "hoverinfo": "skip", "showlegend": False, "mode": "lines"}
    traces: list[Figure] = []
    grid = inputs_grid(problem)
    if best.optimum is not None:
        traces.append(
            quiet
            | {
                "x": typed(grid),
                "y": typed(problem.predict(best.optimum, grid)),
                "line": {"color": "var(--ink-faint)", "width": 1.5, "dash": "dot"},
            }
        )
    traces.append(
        quiet
        | {
            "x": typed(data.inputs[:, 0]),
            "y": typed(data.y),
            "mode": "markers",
            "hoverinfo": "x+y",
            "marker": {"size": 6, "color": "var(--ink)"},
        }
    )
    shifts = [moving("row", quiet | {"line": {"color": "var(--now)", "width": 3}}, x="grid", y="fit")]
    if len(data.y) <= MOST_GAPS:
        gaps = quiet | {"line": {"color": "var(--now-pale)", "width": 1.5}}
        shifts.insert(0, moving("row", gaps, x="gap_x", y="gap_y"))
    return {
        "data": traces,
        "moving": shifts,
        "layout": {
            "margin": {"l": 70 if data.classes else 52, "r": 12, "t": 6, "b": 42},
            "showlegend": False,
            "dragmode": False,
            "xaxis": axis(data.input_names[0], (float(grid[0]), float(grid[-1]))),
            "yaxis": axis(data.target_name, _target_range(problem), **_classes(problem)),
        },
    }


def fits(problem: losses.DataProblem, run: losses.Descent) -> dict[str, Array]:
    """The model's curve and its gaps: ``(steps + 1, m)``, row k for step k, over ``(m,)`` inputs."""
    data, count = problem.data, len(run.theta)
    grid = inputs_grid(problem)
    with np.errstate(over="ignore", invalid="ignore"):
        curves = {"fit": problem.predict(run.theta, grid)}
        if len(data.y) <= MOST_GAPS:
            said = problem.predict(run.theta, data.x)
            gap = np.stack(np.broadcast_arrays(said, data.y, np.nan), axis=-1)
            spots = np.repeat(data.inputs[:, 0], 3)
            curves |= {"gap_x": spots, "gap_y": gap.reshape(count, -1)}
    return {"grid": grid, **curves}


def _target_range(problem: losses.DataProblem) -> tuple[float, float]:
    y = problem.data.y
    margin = (0.06 if problem.data.classes else 0.12) * float(np.ptp(y))
    return float(y.min()) - margin, float(y.max()) + margin


def _classes(problem: losses.DataProblem) -> Figure:
    """A target of two classes is an axis of two words and the probability between them."""
    if not problem.data.classes:
        return {}
    low, high = problem.data.classes
    return {"tickmode": "array", "tickvals": [0, 0.5, 1], "ticktext": [low, "½", high]}
