"""The one callback of the page: a request comes in, a scene or a tile of basins goes out."""

from typing import Any

from dash import Dash, Input, Output

from ..common import ids
from ..experiment.basin_tiles import tile
from ..i18n.translation import resolve_language
from ..url_state.state import apply_changes
from .request import Request
from .scene import scene


def register_callbacks(app: Dash) -> None:
    @app.callback(Output(ids.ANSWER, "value"), Input(ids.REQUEST, "value"), prevent_initial_call=True)
    def answer(body: Any) -> dict[str, Any]:
        request = Request.parse(body)
        state, notices = apply_changes(request.link, request.set, request.rows)
        content = tile(state, request.part) if request.part else scene(state, notices, request.known)
        translated: dict[str, Any] = resolve_language(state.lang).translate(content)
        return translated
