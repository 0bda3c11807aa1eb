"""One entry of each kind that the catalogues do not have, to test that the page works with any entry.

Their names carry no meaning: the model's parameters are ``coef`` and
``intercept``, and the optimizer's memory is ``u``.
"""

from dataclasses import replace

import numpy as np

import losses
from app.figures.plot_base import BASE_TRACE, View, axis, layout_2d
from app.figures.step_slices import moving_trace
from app.lessons.lesson import Lesson
from app.protocol.figures import FigureSpec
from app.protocol.narration import FactsTable
from losses.model.default_window import line_window, logistic_window
from losses.model.linear import linear_hessian, linear_pullback, linear_score
from losses.model.output_activation import IDENTITY, SIGMOID
from tests.support.adadelta import ADADELTA

Setting = losses.Setting

OPTIMIZER = ADADELTA

SCHEDULE = losses.Schedule(
    "foreign_schedule",
    "one over the root of the step",
    "Slows down late.",
    lambda k, steps: (k + 1) ** -0.5,
    "{rate} / np.sqrt(k + 1)",
)
"""A schedule that multiplies the rate by 1 / √(k + 1)."""


def _cauchy(z, y, spread=1.0):
    return np.log1p(np.square((z - y) / spread))


def _cauchy_slope(z, y, spread=1.0):
    r = z - y
    return 2.0 * r / (spread**2 + r**2)


def _cauchy_curvature(z, y, spread=1.0):
    r = z - y
    return 2.0 * (spread**2 - r**2) / (spread**2 + r**2) ** 2


LOSS = losses.Loss(
    key="foreign_loss",
    name="Cauchy loss",
    formula=r"\log(1 + r^2 / c^2)",
    expression="log(1 + (r/spread)**2)",
    when="Large errors hardly count.",
    tasks=("regression", "binary"),
    space="prediction",
    value=_cauchy,
    slope=_cauchy_slope,
    curvature=_cauchy_curvature,
    convex=False,
    smooth=True,
    bounded_gradient=True,
    example=(3.0, 1.0, float(np.log(5.0))),
    settings=(Setting("spread", "scale c", 1.0, 0.1, 10.0, symbol="c"),),
)
"""A loss with a setting that no other entry has."""


def _names(inputs, classes):
    return ("coef", "intercept") if inputs == 1 else (*(f"coef{i + 1}" for i in range(inputs)), "intercept")


def _window(x, y):
    return logistic_window(x, y) if set(np.unique(y)) <= {0.0, 1.0} else line_window(x, y)


MODEL = losses.Model(
    key="foreign_model",
    name="a foreign line",
    when="Parameters whose names say nothing.",
    output_activations={"regression": IDENTITY, "binary": SIGMOID},
    reference_loss={"regression": "mse", "binary": "bce"},
    parameters=_names,
    labels=_names,
    score=linear_score,
    pullback=linear_pullback,
    hessian=linear_hessian,
    default_window=_window,
    linear=True,
)


def _draw(rng, n, mixture):
    x = np.sort(rng.uniform(-2.0, 3.0, int(n)))
    y = (x + mixture * rng.standard_normal(int(n)) > 0.5).astype(float)
    y[0], y[-1] = 0.0, 1.0
    return x, y


_X, _Y = _draw(np.random.Generator(np.random.PCG64(0)), 30, 0.8)

DATASET = losses.Dataset(
    key="tides",
    x=_X,
    y=_Y,
    task="binary",
    name="tides",
    input_names=("height",),
    target_name="flood?",
    classes=("dry", "wet"),
    source="made up by a seeded generator",
    licence="CC0",
    made_up=True,
    note="Made-up: whether a tide floods the quay.",
    generator=_draw,
    settings=(
        Setting("n", "tides", 30, 8, 100, whole=True),
        Setting("mixture", "overlap of the classes", 0.8, 0.1, 3.0),
    ),
)
"""Two classes with labels, and a setting that no other entry has."""

TEST_FUNCTION = losses.TestFunction(
    key="foreign_function",
    name="Booth's function",
    formula="(x + 2 y − 7)² + (2 x + y − 5)²",
    expression="(x + 2*y - 7)**2 + (2*x + y - 5)**2",
    box=((-10.0, 10.0), (-10.0, 10.0)),
    start_point=(-6.0, 4.0),
    f=lambda x, y: (x + 2 * y - 7) ** 2 + (2 * x + y - 5) ** 2,
    df=lambda x, y: (10 * x + 8 * y - 34, 8 * x + 10 * y - 38),
    ddf=lambda x, y: (10.0 + 0 * x, 8.0 + 0 * x * y, 10.0 + 0 * y),
    minima=((1.0, 3.0),),
    quadratic=True,
    convex=True,
    when="A tilted bowl.",
)

LESSON = Lesson(
    key="foreign",
    title="A foreign lesson",
    block=5,
    link="data=houses&k=0&rate=0.1",
    text="The loss at the start is {start_loss}.",
    question="What comes of it?",
    choices=("Less", "More"),
    correct_choice=0,
    drag="Drag the rate.",
    reveal="It is {end_loss} in the end.",
    aha="It falls.",
    note="Ask why.",
    quantities=("start", "run"),
)
"""A lesson with choices and computed quantities."""

MAP_LESSON = Lesson(
    key="foreign_place",
    title="A foreign place",
    block=5,
    link="data=bowl&k=0",
    text="A bowl.",
    question="Where is it lowest?",
    drag="Drag the start.",
    reveal="In the middle.",
    aha="There is one place.",
    note="Ask why.",
    target=("x", "y"),
    quantities=("lowest",),
)
"""A lesson that is answered by a click on the map of the loss."""


def _norms(problem, run):
    return {
        "norm_step": np.linalg.norm(run.gradient, axis=1),
        "norm_k": np.arange(len(run.theta), dtype=float),
    }


def _norm_figure(problem, best):
    line = moving_trace("past", {**BASE_TRACE, "line": {"color": "var(--ink)"}}, x="norm_k", y="norm_step")
    return FigureSpec(data=[], moving=[line], layout=layout_2d(axis("step"), axis("gradient norm")))


def _norm(theta):
    return f"{np.linalg.norm(theta):.4g}"


VIEW = View("norms", "Gradient norm", "How steep it is.", lambda problem: True, _norm_figure, _norms)
"""A detail view with a figure, for every problem."""

TABLE = View(
    "sizes",
    "Sizes in numbers",
    "How large the parameters are.",
    lambda problem: True,
    tables=lambda experiment, steps: [
        FactsTable(rows=[("norm", _norm(experiment.run.theta[k]))]) for k in steps
    ],
)
"""A detail view with a table instead of a figure, for every problem."""

DATA_VIEW = replace(
    VIEW, key="foreign", applies_to=lambda problem: getattr(problem, "data", None) is not None
)
"""A view of the data, for every dataset."""
