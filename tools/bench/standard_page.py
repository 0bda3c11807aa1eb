"""Serve a standard Dash page with the same surface and trajectory as ours, for comparison.

``python -m tools.bench.standard_page PORT`` serves it with waitress, as ``make run`` serves ours.
"""

import sys

import plotly.graph_objects as go
import waitress
from dash import Dash, Input, Output, dcc, html

import losses
from app.experiment.prepared import prepare
from app.url_state.state import parse


def standard_page() -> Dash:
    """Return a Dash page with a surface, a trajectory, a slider for the start and a callback."""
    prepared = prepare(parse("")[0])
    u, v, z = prepared.surface.u, prepared.surface.v, prepared.surface.z

    def figure(start: float) -> go.Figure:
        run = losses.descend(prepared.problem, "gd", start=(start, 1.67), rate=0.08, steps=60)
        path = go.Scatter3d(x=run.theta[:, 0], y=run.theta[:, 1], z=run.loss)
        return go.Figure([path, go.Surface(x=u, y=v, z=z)])

    app = Dash(__name__, assets_folder="nothing")
    slider = dcc.Slider(float(u[0]), float(u[-1]), 0.05, value=-0.95, id="start", updatemode="drag")
    app.layout = html.Div([dcc.Graph(id="plot", figure=figure(-0.95)), slider])
    app.callback(Output("plot", "figure"), Input("start", "value"), prevent_initial_call=True)(figure)
    return app


if __name__ == "__main__":
    waitress.serve(standard_page().server, host="127.0.0.1", port=int(sys.argv[1]), threads=8)
