"""The preview while the start is dragged: the run as drawn and described at one step.

The browser asks for the whole scene when the start is released.
"""

import math
from typing import Any, Final

import flask

from ..common.routes import route
from ..experiment.experiment import Experiment
from ..figures.array_codec import encode_array
from ..figures.probability_grid import LogisticGrid, TraceArray
from ..i18n.translation import resolve_language
from ..page.figure_set import run_arrays
from ..page.scene import RunTexts
from ..protocol.arrays import EncodedArray
from ..protocol.responses import json_response
from ..protocol.scene import StartPreview
from ..url_state.state import parse


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
