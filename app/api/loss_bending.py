"""The frames in which squared error is bent into absolute error, for the dialog of a comparison."""

import math
from http import HTTPStatus

import flask
import numpy as np

from losses.core.arrays import Array
from losses.core.messages import format_number, message

from ..common.routes import route
from ..experiment.experiment import Experiment
from ..experiment.loss_morph import MorphFrame, can_morph, morph
from ..figures.array_codec import to_typed_array
from ..i18n.translation import resolve_language
from ..protocol import figures
from ..protocol.responses import json_response
from ..url_state.state import State, parse


@route("bend", "bend", computes=True)
def bending_response() -> flask.Response:
    """Return the frames of the link in the query as JSON; 404 if it compares other losses."""
    state, _ = parse(flask.request.query_string.decode("utf-8", "replace"))
    language = resolve_language(state.lang)
    if not can_morph(state):
        sentence = message("Only squared, absolute and Huber errors can be bent into each other.")
        body = language.translate(sentence)
        return flask.Response(body, HTTPStatus.NOT_FOUND, mimetype="text/plain")
    response = json_response(bending(state), language)
    response.vary.add("Accept-Language")
    return response


def bending(state: State) -> figures.Morph:
    """Return the frames of a comparison in the window of its surface."""
    found = morph(state, Experiment(state).prepared.surface.plane.box)
    return figures.Morph(
        u=to_typed_array(found.u),
        v=to_typed_array(found.v),
        labels=found.plane.labels,
        title=message("mean loss"),
        start=state.start,
        frames=[_frame(frame, found.plane.points(*np.array(state.start))) for frame in found.frames],
    )


def _frame(frame: MorphFrame, start: Array) -> figures.MorphFrame:
    finite = frame.heights[np.isfinite(frame.heights)]
    low, high = (float(finite.min()), float(finite.max())) if len(finite) else (0.0, 1.0)
    return figures.MorphFrame(
        text=frame_text(frame),
        z=to_typed_array(frame.heights),
        range=(low, high if high > low else low + 1.0),
        start_loss=frame.factor * float(frame.problem.value(start)),
        optimum=frame.optimum,
    )


def frame_text(frame: MorphFrame) -> str:
    """Return the sentence that names δ and the factor of a frame."""
    if math.isinf(frame.delta):
        return message("Squared error: 2 × Huber loss with δ above every error.")
    if not frame.delta:
        return message("Absolute error: (1/δ) × Huber loss as δ goes to 0.")
    return message(
        "{factor} × Huber loss with δ = {delta}: squared up to δ, straight beyond.",
        factor=format_number(frame.factor),
        delta=format_number(frame.delta),
    )
