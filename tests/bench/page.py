"""What the page is made of, against the obvious way to make it."""

import json
from collections.abc import Iterator

import numpy as np
import plotly.graph_objects as go

import losses
from app.cast import Cast
from app.figures.moment import Figure, at
from app.scene import scene
from app.state import parse
from app.theme import resolve
from app.views import figures, run_arrays
from tests.bench.measure import Row, quickest


def surface_point_by_point() -> list[float]:
    p = losses.problem("spam", "logistic", "bce", standardize=True)
    u, v = (np.linspace(low, high, 41) for low, high in p.plane.box)
    return quickest(
        lambda: [float(p.value(np.array([x, y]))) for y in v for x in u], lambda: losses.surface(p, size=41)
    )


def figures_as_objects() -> list[float]:
    state, _ = parse("")
    arrays = run_arrays(Cast(state))

    def still() -> list[Figure]:
        return [make() for _, make in figures(Cast(state)).values()]

    return quickest(
        lambda: [go.Figure(resolve(at(f, arrays, 7))).to_json() for f in still()],
        lambda: json.dumps(still()),
    )


def answer_with_known_ground() -> list[float]:
    state, _ = parse("?rate=0.2")
    known = tuple(figure["name"] for figure in scene(state)["figures"].values())
    return quickest(lambda: json.dumps(scene(state)), lambda: json.dumps(scene(state, known=known)))


ROWS = {
    "surface 41 × 41: a call for each point / one kernel": (surface_point_by_point, 20.0),
    "four figures: Plotly objects / plain dicts": (figures_as_objects, 2.0),
    "answer to a moved rate: whole scene / only what moves": (answer_with_known_ground, 1.0),
}


def rows(limits: dict[str, float]) -> Iterator[Row]:
    for name, (work, least) in ROWS.items():
        plain, ours = work()
        yield Row(name, plain / ours, least, note=f"{1e3 * plain:.2f} ms / {1e3 * ours:.2f} ms")
