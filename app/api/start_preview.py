"""A run while its start is in a hand: what is drawn and said at one step; the rest comes when the hand lets go."""

import math
from typing import Any, Final

import flask

from ..common import ids
from ..experiment.experiment import Experiment
from ..figures.array_codec import encode_array
from ..figures.probability_grid import LogisticGrid, TraceArray
from ..figures.step_slices import Figure
from ..i18n.translation import resolve_language
from ..page.figure_set import run_arrays
from ..page.scene import moment, run_layout
from ..url_state.state import parse

PATH: Final = "glimpse"


def register(server: flask.Flask, prefix: str) -> None:
    server.add_url_rule(f"{prefix}{PATH}", PATH, start_preview_response)


def start_preview_response() -> Figure:
    """The glimpse of the link that is asked for."""
    state = parse(flask.request.query_string.decode("utf-8", "replace"))[0]
    said: Figure = resolve_language(state.lang).translate(start_preview(Experiment(state)))
    return said


def start_preview(experiment: Experiment) -> Figure:
    """A run whole where a path is drawn, and what else is drawn and said at the step ``k`` of its state."""
    k = min(experiment.state.step, len(experiment.run.theta) - 1)
    arrays = {name: row_at_step(values, k) for name, values in drawn_arrays(experiment, k).items()}
    return preview_of_step(experiment, k) | {
        "arrays": {name: _encode(values) for name, values in arrays.items()}
    }


ENCODED_NAN: Final = encode_array([math.nan])


def _encode(values: Any) -> dict[str, Any]:
    """An array as it travels; what marks where a run has gone is mostly one number that is none."""
    nowhere = not isinstance(values, LogisticGrid) and len(values) == 1 and values[0] != values[0]
    return ENCODED_NAN if nowhere else encode_array(values)


def preview_of_step(experiment: Experiment, k: int) -> dict[str, Any]:
    """What is said at step ``k``, how long the run is and how the changing card's axes stand."""
    return {
        "last": len(experiment.run.theta) - 1,
        "layout": {ids.DETAIL: run_layout(experiment)},
        "moment": moment(experiment, k),
    }


def drawn_arrays(experiment: Experiment, k: int) -> dict[str, TraceArray]:
    """Every array of a run but those that the browser fills in itself."""
    found = run_arrays(experiment, k)
    return {name: array for name, array in found.items() if isinstance(array, LogisticGrid) or len(array)}


def row_at_step(values: Any, k: int) -> Any:
    """Row ``k`` of a table, or its one row; all of what is none, such as images."""
    if isinstance(values, LogisticGrid):
        return values.stack_steps([values], [k])
    return values[min(k, len(values) - 1)] if values.ndim == 2 else values
