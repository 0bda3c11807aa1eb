"""The sliders as data: the learning rate on a scale that teaches, and the start."""

import math
from typing import Any

import losses
from losses.core.messages import listed, num, say, subscripted

from ..problem_setup.learning_rate import marked, reach
from ..url_state.state import State
from ..url_state.value_types import six_digits

Control = dict[str, Any]


def rate_slider(state: State, best: losses.Certificate) -> Control:
    """The learning rate on a logarithmic scale with the best and the largest stable rate marked."""
    rule = losses.OPTIMIZERS[state.opt]
    in_newton_steps = rule.rate_meaning == "newton_fraction"
    most, critical = marked(best, state.opt)
    low, high = reach(state.problem, state.window.plane, state.opt)
    low, high = min(low, state.rate), max(high, state.rate)
    where = {
        "exact": say("for this bowl"),
        "bound": say("sure up to here"),
        "local": say("local, at the optimum"),
        "start": say("local, at the usual start"),
    }
    note = where.get(best.scope, "") if rule.follows_gradient else say("of plain descent")
    if in_newton_steps:
        note = where["exact" if best.scope == "exact" else "local"]
    marks = [
        {"at": _log_place(rate, low, high), "text": name.format(rate=num(rate, 2))}
        for name, rate in ((say("best {rate}"), most), (say("limit {rate}"), critical))
        if rate and low <= rate <= high
    ]
    if not in_newton_steps and best.lipschitz and critical and low <= 1.0 / best.lipschitz <= high:
        half: Control = {"at": _log_place(1.0 / best.lipschitz, low, high), "text": ""}
        if all(abs(half["at"] - mark["at"]) > 0.01 for mark in marks):
            marks.insert(0, half | {"title": listed(" ", ("1/L", num(1.0 / best.lipschitz, 2)))})
    return {
        "key": "rate",
        "label": say("Learning rate"),
        "value": state.rate,
        "low": low,
        "high": high,
        "scale": "log",
        "marks": marks,
        "note": "" if state.asking or state.foggy else note if marks else say("no fixed limit"),
    }


def _log_place(value: float, low: float, high: float) -> float:
    return math.log(value / low) / math.log(high / low)


def start_sliders(state: State, plane: losses.Plane) -> list[Control]:
    """One slider for each coordinate of the start that the window shows."""
    names = plane.labels if plane.is_slice else tuple(map(subscripted, state.problem.parameters))
    return [
        {
            "key": "start",
            "part": axis,
            "label": say("Start {name}", name=name),
            "value": state.start[axis],
            "low": six_digits(low),
            "high": six_digits(high),
            "scale": "linear",
        }
        for axis, (name, (low, high)) in enumerate(zip(names, plane.box, strict=True))
    ]
