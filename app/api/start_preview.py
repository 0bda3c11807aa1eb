"""A run while its start is in a hand: what is drawn and said at one step; the rest comes when the hand lets go."""

import math
from typing import Any, Final

import flask

from ..common import ids
from ..experiment.experiment import Cast
from ..figures.array_codec import sent
from ..figures.probability_grid import Sigmoids, Table
from ..figures.step_slices import Figure
from ..i18n.translation import spoken
from ..page.figure_set import run_arrays
from ..page.scene import layout, moment
from ..url_state.state import moved

PATH: Final = "glimpse"


def register(server: flask.Flask, prefix: str) -> None:
    server.add_url_rule(f"{prefix}{PATH}", PATH, asked)


def asked() -> Figure:
    """The glimpse of the link that is asked for."""
    state = moved(flask.request.query_string.decode("utf-8", "replace"))
    said: Figure = spoken(state.lang).of(glimpse(Cast(state)))
    return said


def glimpse(cast: Cast) -> Figure:
    """A run whole where a path is drawn, and what else is drawn and said at the step ``k`` of its state."""
    k = min(cast.state.k, len(cast.run.theta) - 1)
    arrays = {name: at_step(values, k) for name, values in drawn(cast, k).items()}
    return seen(cast, k) | {"arrays": {name: _sent(values) for name, values in arrays.items()}}


NOWHERE: Final = sent([math.nan])


def _sent(values: Any) -> dict[str, Any]:
    """An array as it travels; what marks where a run has gone is mostly one number that is none."""
    nowhere = not isinstance(values, Sigmoids) and len(values) == 1 and values[0] != values[0]
    return NOWHERE if nowhere else sent(values)


def seen(cast: Cast, k: int) -> dict[str, Any]:
    """What is said at step ``k``, how long the run is and how the changing card's axes stand."""
    return {"last": len(cast.run.theta) - 1, "layout": {ids.DETAIL: layout(cast)}, "moment": moment(cast, k)}


def drawn(cast: Cast, k: int) -> dict[str, Table]:
    """Every array of a run but those that the browser fills in itself."""
    found = run_arrays(cast, k)
    return {name: array for name, array in found.items() if isinstance(array, Sigmoids) or len(array)}


def at_step(values: Any, k: int) -> Any:
    """Row ``k`` of a table, or its one row; all of what is none, such as images."""
    if isinstance(values, Sigmoids):
        return values.one_of_each([values], [k])
    return values[min(k, len(values) - 1)] if values.ndim == 2 else values
