"""The controls as data: a sentence of menus, and sliders with scales that teach.

A control's ``key`` is a key of the link, and what it sends back is that key's
spelling, so the page and the address speak one language.
"""

import math
from collections.abc import Iterable
from typing import Any

import losses
from app.fields import MAX_STEPS, six_digits
from app.problems import dataset
from app.state import State
from losses.words import num

Control = dict[str, Any]


def controls(state: State, best: losses.Certificate, plane: losses.Plane) -> Control:
    """Everything that can be turned, with its value, limits and choices in this state."""
    return {
        "sentence": sentence(state),
        "sliders": [rate_slider(state, best), *start_sliders(state, plane)],
    }


def sentence(state: State) -> list[str | Control]:
    """``Fit a line to house prices, ...``: plain words and menus in reading order."""
    data = losses.DATASETS[state.data]
    return [
        "Fit ",
        menu("model", state.model, "Model", _named(losses.MODELS, losses.allowed_models(data))),
        " to ",
        menu("data", state.data, "Data", _data_choices(), _data_settings(state)),
        ", score it by ",
        menu(
            "loss",
            state.loss,
            "Loss",
            _named(losses.LOSSES, losses.allowed_losses(data, state.model)),
        ),
        ", walk downhill by ",
        menu("opt", state.opt, "Optimizer", _named(losses.OPTIMIZERS, losses.OPTIMIZERS), _steps(state)),
        ".",
    ]


def menu(
    key: str, value: str, label: str, options: list[Control], settings: Iterable[Control] = ()
) -> Control:
    chosen = next(option["text"] for option in options if option["value"] == value)
    return {
        "key": key,
        "value": value,
        "text": chosen,
        "label": label,
        "options": options,
        "settings": list(settings),
    }


def _named(registry: losses.Registry[Any], keys: Iterable[str]) -> list[Control]:
    return [
        {"value": key, "text": registry[key].name, "hint": getattr(registry[key], "when", "")} for key in keys
    ]


def _data_choices() -> list[Control]:
    return [{"value": key, "text": data.name, "hint": data.note} for key, data in losses.DATASETS.items()]


def _data_settings(state: State) -> list[Control]:
    data = dataset(state.data, state.seed)
    settings: list[Control] = [
        {
            "kind": "switch",
            "key": "standardize",
            "label": "Standardize",
            "value": state.standardize,
            "hint": "Measure in standard deviations from the mean, so that the bowl is round.",
        }
    ]
    if data.generator:
        settings.append(_whole("seed", "Seed of the made-up data", state.seed, 0, 9999))
    return settings


def _steps(state: State) -> list[Control]:
    return [_whole("steps", "Steps", state.steps, 1, MAX_STEPS)]


def _whole(key: str, label: str, value: int, low: int, high: int) -> Control:
    return {"kind": "whole", "key": key, "label": label, "value": value, "low": low, "high": high}


def rate_slider(state: State, best: losses.Certificate) -> Control:
    """The learning rate on a logarithmic scale with the best and the largest stable rate marked."""
    critical = best.critical_rate
    low, high = (critical * 1e-3, critical * 4) if critical else (1e-3, 10.0)
    low, high = min(low, state.rate), max(high, state.rate)
    where = {"exact": "for this bowl", "bound": "sure up to here", "local": "local, at the optimum"}
    marks = [
        {"at": _log_place(rate, low, high), "text": f"{name} {num(rate, 2)}"}
        for name, rate in (("best", best.best_rate), ("limit", critical))
        if rate
    ]
    return {
        "key": "rate",
        "label": "Learning rate",
        "value": state.rate,
        "low": low,
        "high": high,
        "scale": "log",
        "marks": marks,
        "note": where.get(best.scope, "") if marks else "no fixed limit",
    }


def _log_place(value: float, low: float, high: float) -> float:
    return math.log(value / low) / math.log(high / low)


def start_sliders(state: State, plane: losses.Plane) -> list[Control]:
    """One slider for each coordinate of the start that the window shows."""
    return [
        {
            "key": "start",
            "part": axis,
            "label": f"Start {name}",
            "value": state.start[axis],
            "low": six_digits(low),
            "high": six_digits(high),
            "scale": "linear",
        }
        for axis, (name, (low, high)) in enumerate(zip(state.problem.parameters[:2], plane.box, strict=False))
    ]
