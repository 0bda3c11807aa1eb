"""The one callback of the page: a request comes in, a scene or a tile of basins goes out."""

from typing import Any

from dash import Dash, Input, Output
from orjson import Fragment

from ..common import ids
from ..experiment.basin_tiles import tile
from ..i18n.translation import resolve_language
from ..protocol.base import encode
from ..protocol.figures import TileAnswer
from ..protocol.request import Request
from ..url_state.state import apply_changes
from .scene import scene


def register_callbacks(app: Dash) -> None:
    @app.callback(Output(ids.ANSWER, "value"), Input(ids.REQUEST, "value"), prevent_initial_call=True)
    def answer(body: Any) -> Fragment:
        request = Request.parse(body)
        state, notices = apply_changes(request.link, request.changes, request.points)
        content = (
            TileAnswer(tile=tile(state, request.tile))
            if request.tile
            else scene(state, notices, request.known_figures)
        )
        return Fragment(encode(resolve_language(state.lang).translate(content)))
