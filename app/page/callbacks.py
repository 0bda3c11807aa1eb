"""The callbacks of the page: one on the server makes each answer, one in the browser draws it.

A request comes in; a scene or a tile of basins goes out.
"""

from typing import Any

import flask
from dash import ClientsideFunction, Dash, Input, Output
from orjson import Fragment

from ..common import ids
from ..experiment.basin_tiles import tile
from ..i18n.translation import resolve_language
from ..protocol.base import encode
from ..protocol.figures import TileAnswer
from ..protocol.request import Request
from ..protocol.scene import Scene
from ..url_state.state import affords_axes_of, apply_changes, parse
from .scene import scene


def register_callbacks(app: Dash) -> None:
    """Add both callbacks.

    The browser calls the first one itself (docs/adr/0037) and hands its answer to Dash, which calls the
    second: the function ``draw`` that ``assets/js/net/client.mjs`` defines.
    """

    @app.callback(Output(ids.ANSWER, "value"), Input(ids.REQUEST, "value"), prevent_initial_call=True)
    def answer(body: Any) -> Fragment:
        request: Request = flask.g.page_request  # ``body``, parsed when it was validated
        state, notices = apply_changes(request.link, request.changes, request.points)
        if request.tile:
            content: TileAnswer | Scene = TileAnswer(tile=tile(state, request.tile))
        else:
            keeps = request.kept_axes and affords_axes_of(state, request.kept_axes, request.points)
            kept = parse(request.kept_axes, request.points)[0] if keeps else None
            content = scene(state, notices, request.known_figures, kept)
        return Fragment(encode(resolve_language(state.lang).translate(content)))

    app.clientside_callback(  # type: ignore[no-untyped-call]
        ClientsideFunction("losslab", "draw"), Input(ids.ANSWER, "value"), prevent_initial_call=True
    )
