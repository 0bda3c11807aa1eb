"""Answers of the server, compared with plain ways to make them."""

import json
from collections.abc import Iterator
from dataclasses import replace
from itertools import cycle

import numpy as np
import plotly.graph_objects as go
from dash import Dash, Input, Output, dcc, html
from flask.testing import FlaskClient

import losses
from app.browser_assets.palette import resolve_colors
from app.common import ids
from app.experiment.experiment import Experiment
from app.experiment.run import run_descent
from app.figures.step_slices import Figure, figure_at_step
from app.page.figure_set import figure_set, run_arrays
from app.page.scene import scene
from app.server import create_app
from app.url_state.state import parse
from tools.bench.measure import Row, quickest


def surface_point_by_point() -> list[float]:
    p = losses.problem("spam", "logistic", "bce", standardize=True)
    u, v = (np.linspace(low, high, 41) for low, high in p.plane.box)
    return quickest(
        lambda: [float(p.value(np.array([x, y]))) for y in v for x in u], lambda: losses.surface(p, size=41)
    )


def figures_as_objects() -> list[float]:
    state, _ = parse("")
    arrays = run_arrays(Experiment(state))

    def still() -> list[Figure]:
        return [make() for _, make in figure_set(Experiment(state)).values()]

    return quickest(
        lambda: [go.Figure(resolve_colors(figure_at_step(f, arrays, 7))).to_json() for f in still()],
        lambda: json.dumps(still()),
    )


def answer_with_known_ground() -> list[float]:
    state, _ = parse("?rate=0.2")
    known = tuple(figure["name"] for figure in scene(state)["figures"].values())
    return quickest(lambda: json.dumps(scene(state)), lambda: json.dumps(scene(state, known_names=known)))


def moved_start() -> list[float]:
    """What a start costs while it is dragged, when it is let go, and in a Dash callback that only steps the same descent."""
    app = Dash(__name__, assets_folder="nothing")
    app.layout = html.Div([dcc.Store(id=ids.REQUEST), dcc.Store(id=ids.ANSWER)])
    state, places = parse("")[0], cycle(np.linspace(-1.0, 1.0, 997))
    whole, header = scene(state), {"Accept-Encoding": "gzip"}
    known = [part["name"] for part in (*whole["figures"].values(), whole["controls"]["sentence"])]

    def only_steps(_: object) -> int:
        run_descent(replace(state, start=(float(next(places)), 1.0)))
        return 1

    app.callback(Output(ids.ANSWER, "value"), Input(ids.REQUEST, "value"))(only_steps)
    ours, plain = create_app().server.test_client(), app.server.test_client()

    def called(client: FlaskClient) -> None:
        value = {"link": "", "known": known, "set": {"start": f"{next(places):.6g},1"}}
        body = {
            "output": f"{ids.ANSWER}.value",
            "outputs": {"id": ids.ANSWER, "property": "value"},
            "inputs": [{"id": ids.REQUEST, "property": "value", "value": value}],
            "changedPropIds": [f"{ids.REQUEST}.value"],
        }
        assert client.post("/_dash-update-component", json=body, headers=header).status_code == 200

    def glimpsed() -> None:
        assert ours.get(f"/glimpse?start={next(places):.6g},1&k=7", headers=header).status_code == 200

    return quickest(glimpsed, lambda: called(ours), lambda: called(plain))


ROWS = {
    "surface 41 × 41: a call for each point / one kernel": (surface_point_by_point, 20.0),
    "four figures: Plotly objects / plain dicts": (figures_as_objects, 2.0),
    "answer to a moved rate: whole scene / only what moves": (answer_with_known_ground, 1.0),
}


def _against_noop() -> Iterator[Row]:
    held, whole, plain = moved_start()
    for name, ours, most in (("dragged", held, 1.5), ("let go", whole, 2.5)):
        note = f"{1e3 * ours:.2f} ms / {1e3 * plain:.2f} ms"
        yield Row(
            f"a start {name}: its answer / a Dash callback that only steps",
            ours / plain,
            most,
            most=True,
            note=note,
        )


def rows(limits: dict[str, float]) -> Iterator[Row]:
    for name, (work, least) in ROWS.items():
        plain, ours = work()
        yield Row(name, plain / ours, least, note=f"{1e3 * plain:.2f} ms / {1e3 * ours:.2f} ms")
    yield from _against_noop()
