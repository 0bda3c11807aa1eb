"""Previews of a start: while it is dragged its run at one step, while it is pointed at its loss and model.

The browser asks for the whole scene when the start is released.
"""

import math
from typing import Any, Final

import flask
import numpy as np

import losses
from losses.core.arrays import Array
from losses.core.messages import Message, format_number, joined, message

from ..common.routes import route
from ..experiment.experiment import Experiment
from ..figures.array_codec import encode_array
from ..figures.probability_grid import LogisticGrid, TraceArray
from ..figures.views.data_card_views import data_view_for
from ..i18n.translation import resolve_language
from ..page.figure_set import run_arrays
from ..page.scene import RunTexts
from ..protocol.arrays import EncodedArray
from ..protocol.responses import json_response
from ..protocol.scene import PlacePreview, StartPreview
from ..url_state.compared_state import comparison_state
from ..url_state.state import State, parse


@route("glimpse", "glimpse", computes=True)
def start_preview_response() -> flask.Response:
    """Return the preview of the link in the query as JSON."""
    state = parse(flask.request.query_string.decode("utf-8", "replace"))[0]
    response = json_response(start_preview(Experiment(state)), resolve_language(state.lang))
    response.vary.add("Accept-Language")
    return response


def start_preview(experiment: Experiment) -> StartPreview:
    """Return the trajectory of an experiment, and all else that is drawn and described at its step."""
    k = min(experiment.state.step, len(experiment.run.theta) - 1)
    arrays = {name: row_at_step(values, k) for name, values in _nonempty_arrays(experiment, k).items()}
    return StartPreview(
        moment=RunTexts(experiment).moment(k),
        arrays={name: _encode(values) for name, values in arrays.items()},
    )


@route("place", "place", computes=True)
def place_preview_response() -> flask.Response:
    """Return what the start of the link in the query is like, as JSON."""
    state = parse(flask.request.query_string.decode("utf-8", "replace"))[0]
    response = json_response(place_preview(state), resolve_language(state.lang))
    response.vary.add("Accept-Language")
    return response


def place_preview(state: State) -> PlacePreview:
    """Return loss and model of the start of a state; neither where a lesson's question or the fog hides them.

    The loss is that of the parameters, not read off the grid of the surface.
    """
    plane, hidden = state.view_plane.plane, state.outcome_hidden
    theta = plane.points(*np.array(state.start))
    other = None if hidden else comparison_state(state)
    if other and (other.data, other.standardize) != (state.data, state.standardize):
        other = None  # the same coordinates are another place there
    view = data_view_for(state.problem)
    with np.errstate(over="ignore", invalid="ignore"):
        arrays = {} if hidden else view.place_arrays(state.problem, theta)
    names = (
        joined(" ", (name, format_number(at))) for name, at in zip(plane.labels, state.start, strict=True)
    )
    return PlacePreview(
        place=joined(", ", tuple(names)),
        loss="" if hidden else _loss_text(state.problem, theta),
        compared_loss=_loss_text(other.problem, other.view_plane.plane.points(*np.array(other.start)))
        if other
        else "",
        arrays={name: encode_array(values) for name, values in arrays.items()},
    )


def _loss_text(problem: losses.Problem, theta: Array) -> Message:
    """Return the loss of parameters in words."""
    loss = float(problem.value(theta))
    if not math.isfinite(loss):
        return message("loss too large to compute")
    return message("loss {loss}", loss=format_number(loss))


ENCODED_NAN: Final = encode_array([math.nan])


def _encode(values: Any) -> EncodedArray:
    """Return an encoded array; a single NaN, as for a marker that is not shown, is encoded in advance."""
    is_single_nan = not isinstance(values, LogisticGrid) and len(values) == 1 and values[0] != values[0]
    return ENCODED_NAN if is_single_nan else encode_array(values)


def _nonempty_arrays(experiment: Experiment, k: int) -> dict[str, TraceArray]:
    """Return the arrays of a run by name, without the empty ones, which the browser computes itself."""
    arrays = run_arrays(experiment, k)
    return {name: array for name, array in arrays.items() if isinstance(array, LogisticGrid) or len(array)}


def row_at_step(values: Any, k: int) -> Any:
    """Return row ``k`` of a table, the last one of a shorter table; of anything else, such as images, all."""
    if isinstance(values, LogisticGrid):
        return values.stack_steps([values], [k])
    return values[min(k, len(values) - 1)] if values.ndim == 2 else values
