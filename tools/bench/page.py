"""Times of the server's responses, compared with straightforward ways to make them."""

import time
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
from app.experiment.price import scene_price
from app.figures.step_slices import figure_at_step
from app.page.figure_set import figure_set, run_arrays
from app.page.scene import scene
from app.protocol.base import encode
from app.protocol.figures import FigureSpec
from app.server import create_app
from app.url_state.state import parse
from tools.bench.measure import Row, quickest
from tools.support.http_client import callback_body


def surface_point_by_point() -> list[float]:
    """Compare a surface with a call of the loss for each of its points."""
    p = losses.problem("spam", "logistic", "bce", standardize=True)
    u, v = (np.linspace(low, high, 41) for low, high in p.plane.box)
    return quickest(
        lambda: [float(p.value(np.array([x, y]))) for y in v for x in u], lambda: losses.surface(p, size=41)
    )


def figures_as_objects() -> list[float]:
    """Compare figures as dicts with figures as Plotly's graph objects."""
    state, _ = parse("")
    arrays = run_arrays(Experiment(state))

    def figures() -> list[FigureSpec]:
        return [make() for _, make in figure_set(Experiment(state)).values()]

    return quickest(
        lambda: [go.Figure(resolve_colors(figure_at_step(f, arrays, 7))).to_json() for f in figures()],
        lambda: encode(figures()),
    )


def scene_with_known_figures() -> list[float]:
    """Compare a scene without the figures that the browser has already with a whole scene."""
    state, _ = parse("?rate=0.2")
    known = tuple(figure.name for figure in scene(state).figures.values())
    return quickest(lambda: encode(scene(state)), lambda: encode(scene(state, known_names=known)))


def moved_start() -> list[float]:
    """Compare a moved start with a Dash callback that computes the same descent and returns nothing.

    Returns seconds of a preview while the start is dragged, of the response when it is released, and of that
    callback.
    """
    app = Dash(__name__, assets_folder="nothing")
    app.layout = html.Div([dcc.Store(id=ids.REQUEST), dcc.Store(id=ids.ANSWER)])
    state, coordinates = parse("")[0], cycle(np.linspace(-1.0, 1.0, 997))
    first_scene, headers = scene(state), {"Accept-Encoding": "gzip"}
    known = [figure.name for figure in first_scene.figures.values()] + [first_scene.controls.sentence.name]

    def only_descent(_: object) -> int:
        replace(state, start=(float(next(coordinates)), 1.0)).descend()
        return 1

    app.callback(Output(ids.ANSWER, "value"), Input(ids.REQUEST, "value"))(only_descent)
    ours, dash_client = create_app().server.test_client(), app.server.test_client()

    def post_callback(client: FlaskClient) -> None:
        value = {"link": "", "knownFigures": known, "changes": {"start": f"{next(coordinates):.6g},1"}}
        body = callback_body(value)
        assert client.post("/_dash-update-component", json=body, headers=headers).status_code == 200

    def get_preview() -> None:
        assert ours.get(f"/glimpse?start={next(coordinates):.6g},1&k=7", headers=headers).status_code == 200

    return quickest(get_preview, lambda: post_callback(ours), lambda: post_callback(dash_client))


def dear_answers() -> list[float]:
    """Compare the price of dear answers with their processor time.

    Returns the seconds of as many multiplications as they cost, in a loop over arrays that fit a cache, and
    the seconds of the answers.
    """
    links = (
        "?data=digits",
        "?data=moons&model=mlp&width=32&n=500",
        "?data=spam&n=500&race=adam,momentum&steps=300",
        "?data=houses&n=500&steps=1000&loss=logcosh",
    )
    numbers = np.linspace(1.0, 2.0, 1000)
    [loop] = quickest(lambda: np.multiply(numbers, numbers), min_seconds=0.1)
    expected = measured = 0.0
    for link in links:
        begin = time.process_time()
        state, _ = parse(f"{link}&seed=7")
        scene(state)
        measured += time.process_time() - begin
        expected += scene_price(state).operations * loop / numbers.size
    return [expected, measured]


ROWS = {
    "the price of dear answers / their processor time": (dear_answers, 1.0),
    "surface 41 × 41: a call for each point / one kernel": (surface_point_by_point, 20.0),
    "four figures: Plotly objects / plain dicts": (figures_as_objects, 2.0),
    "answer to a moved rate: whole scene / only what moves": (scene_with_known_figures, 1.0),
}


def _against_callback() -> Iterator[Row]:
    preview, response, callback = moved_start()
    for name, ours, max_ratio in (("dragged", preview, 2.0), ("let go", response, 3.2)):
        yield Row(
            f"a start {name}: its answer / a Dash callback that only steps",
            ours / callback,
            max_ratio,
            most=True,
            note=f"{1e3 * ours:.2f} ms / {1e3 * callback:.2f} ms",
        )


def rows(limits: dict[str, float]) -> Iterator[Row]:
    """Measure all comparisons of this module."""
    for name, (compare, min_ratio) in ROWS.items():
        straightforward, ours = compare()
        note = f"{1e3 * straightforward:.2f} ms / {1e3 * ours:.2f} ms"
        yield Row(name, straightforward / ours, min_ratio, note=note)
    yield from _against_callback()
