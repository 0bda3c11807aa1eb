"""The whole event graph: a request comes in, a scene goes out, the browser draws it."""

from typing import Any

from dash import Dash, Input, Output

from ..common import ids
from ..experiment.basin_tiles import piece
from ..i18n.translation import spoken
from ..url_state.state import change
from .request import Request
from .scene import scene


def register(app: Dash) -> None:
    @app.callback(Output(ids.ANSWER, "value"), Input(ids.REQUEST, "value"), prevent_initial_call=True)
    def answer(body: Any) -> dict[str, Any]:
        request = Request.parse(body)
        state, notices = change(request.link, request.set, request.rows)
        made = piece(state, request.part) if request.part else scene(state, notices, request.known)
        said: dict[str, Any] = spoken(state.lang).of(made)
        return said
