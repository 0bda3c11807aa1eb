"""The sliders of the learning rate and of the start, as data."""

import losses
from losses.core.messages import format_number_down, message, with_subscripts

from ..problem_setup.learning_rate import slider_marks, slider_range
from ..protocol.controls import Slider, SliderMark
from ..url_state.state import State
from ..url_state.value_types import round_to_6_digits


def rate_slider(state: State, certificate: losses.Certificate) -> Slider:
    """Return the slider of the rate, logarithmic, with marks at the best and the largest stable rate."""
    rule = losses.OPTIMIZERS[state.optimizer]
    in_newton_steps = rule.rate_meaning == "newton_fraction"
    best, critical = slider_marks(certificate, state.optimizer)
    low, high = slider_range(state.problem, state.view_plane.plane, state.optimizer)
    low, high = min(low, state.rate), max(high, state.rate)
    scope_notes = {
        "exact": message("for this bowl"),
        "bound": message("guaranteed"),
        "local": message("at the optimum"),
        "start": message("estimated"),
    }
    note: str = scope_notes.get(certificate.scope, "")
    if in_newton_steps:
        note = scope_notes["exact" if certificate.scope == "exact" else "local"]
    elif not rule.is_gradient_descent:
        note = message("plain descent")
    if not losses.SCHEDULES[state.schedule].is_constant:
        note = message("at a constant rate")
    marks = [
        SliderMark(value=float(rate), text=name.format(rate=format_number_down(rate, 2)))
        for name, rate in ((message("best {rate}"), best), (message("limit {rate}"), critical))
        if rate and low <= rate <= high
    ]
    if not marks:  # a limit may lie outside the slider
        note = "" if critical else message("no limit known")
    return Slider(
        key="rate",
        label=message("Learning rate"),
        value=state.rate,
        low=low,
        high=high,
        scale="log",
        marks=tuple(marks),
        note="" if state.awaiting_answer or state.in_fog else note,
    )


def start_sliders(state: State, plane: losses.Plane) -> list[Slider]:
    """Return a slider for each coordinate of the start in the view plane."""
    names = plane.labels if plane.is_slice else tuple(map(with_subscripts, state.problem.parameters))
    return [
        Slider(
            key="start",
            index=axis,
            label=message("Start {name}", name=name),
            value=state.start[axis],
            low=round_to_6_digits(low),
            high=round_to_6_digits(high),
            scale="linear",
        )
        for axis, (name, (low, high)) in enumerate(zip(names, plane.box, strict=True))
    ]
