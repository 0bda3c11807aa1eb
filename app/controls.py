"""The controls as data: a sentence of menus, and sliders with scales that teach.

A control's ``key`` is a key of the link, and what it sends back is that key's
spelling, so the page and the address speak one language.
"""

import math
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any

from latex2mathml.converter import convert

import losses
from app.figures.details import DETAILS
from app.problems import PLANE_NAMES, SUBJECTS, most_steps
from app.readers import six_digits
from app.state import State
from losses.words import num

Control = dict[str, Any]


def controls(state: State, best: losses.Certificate, plane: losses.Plane) -> Control:
    """Everything that can be turned, with its value, limits and choices in this state."""
    return {
        "sentence": sentence(state),
        "detail": _detail(state),
        "sliders": [rate_slider(state, best), *start_sliders(state, plane)],
    }


def sentence(state: State) -> list[str | Control]:
    """``Fit a line to house prices, ...``: plain words and menus in reading order."""
    opt = losses.OPTIMIZERS[state.opt]
    subject = menu("data", state.data, "Data", _named(SUBJECTS, SUBJECTS), _data_settings(state))
    steps = _number("steps", "Steps", state.steps, 1, most_steps(state.values, dict(state.settings)))
    downhill = menu(
        "opt",
        state.opt,
        "Optimizer",
        _named(losses.OPTIMIZERS, losses.OPTIMIZERS),
        [_schedule(state), *_tuned(state, opt.settings), steps],
    )
    if state.data in losses.TEST_FUNCTIONS:
        return ["On ", subject, ", walk downhill by ", downhill, "."]
    data, loss = losses.DATASETS[state.data], losses.LOSSES[state.loss]
    models, fitting = losses.allowed_models(data), losses.allowed_losses(data, state.model)
    penalized = _tuned(state, (*loss.settings, *losses.PENALTIES))
    return [
        "Fit ",
        menu("model", state.model, "Model", _named(losses.MODELS, models), _model_settings(state)),
        " to ",
        subject,
        ", score it by ",
        menu("loss", state.loss, "Loss", _named(losses.LOSSES, fitting), penalized),
        ", walk downhill by ",
        downhill,
        ".",
    ]


def _detail(state: State) -> Control:
    """The title of the changing card is a menu of what it can show."""
    fitting = [key for key, view in DETAILS.items() if view.fits(state.problem)]
    options = [{"value": key, "text": DETAILS[key].name, "hint": DETAILS[key].hint} for key in fitting]
    return menu("view", state.view, "View", options)


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


def _named(registry: Mapping[str, Any], keys: Iterable[str]) -> list[Control]:
    """Choices with the sentence that says what each is for."""
    return [
        {
            "value": key,
            "text": record.name,
            "hint": getattr(record, "when", "") or record.note,
            "formula": typeset(record.formula) if isinstance(record, losses.Loss | losses.Optimizer) else "",
        }
        for key in keys
        for record in [registry[key]]
    ]


@lru_cache(maxsize=256)
def typeset(formula: str) -> str:
    """TeX as MathML, which browsers set by themselves."""
    return str(convert(formula))


def _data_settings(state: State) -> list[Control]:
    if state.data in losses.TEST_FUNCTIONS:
        return []
    data = losses.DATASETS[state.data]
    switch: Control = {
        "kind": "switch",
        "key": "standardize",
        "label": "Standardize",
        "value": state.standardize,
        "hint": "Measure in standard deviations from the mean, so that the bowl is round.",
    }
    seed = [_number("seed", "Seed of the made-up data", state.seed, 0, 9999)] if data.generator else []
    count = len(state.edit)
    changed = f"{count} example{'s' if count > 1 else ''} changed by hand"
    undo: Control = {"kind": "button", "key": "edit", "value": "", "label": changed, "text": "Put back"}
    return [switch, *_tuned(state, data.settings), *seed, *([undo] if count else [])]


def _model_settings(state: State) -> list[Control]:
    """The model's own settings and, where there are too many parameters to see, which slice is shown."""
    own, dim = _tuned(state, losses.MODELS[state.model].settings), state.problem.dim
    if dim == 2:
        return own
    options = [{"value": key, "text": text} for key, text in PLANE_NAMES.items()]
    kind = {"kind": "choice", "key": "plane", "label": "Slice", "value": state.plane, "options": options}
    angle = [_number("tilt", "Seed of the directions", state.tilt, 0, 9999)]
    axes = [
        _number("axis1", "First parameter", state.axis1, 1, dim),
        _number("axis2", "Second parameter", state.axis2, 1, dim),
    ]
    return [*own, kind, *{"random": angle, "parameters": axes}.get(state.plane, [])]


def _schedule(state: State) -> Control:
    return {
        "kind": "choice",
        "key": "schedule",
        "label": "Rate over time",
        "value": state.schedule,
        "options": _named(losses.SCHEDULES, losses.SCHEDULES),
    }


def _tuned(state: State, settings: Iterable[losses.Setting]) -> list[Control]:
    given = dict(state.settings)
    return [_number(s.name, s.label, given[s.name], s.low, s.high, s.whole) for s in settings]


def _number(key: str, label: str, value: float, low: float, high: float, whole: bool = True) -> Control:
    step = 1 if whole else "any"
    return {
        "kind": "number",
        "key": key,
        "label": label,
        "value": value,
        "low": low,
        "high": high,
        "step": step,
    }


def rate_slider(state: State, best: losses.Certificate) -> Control:
    """The learning rate on a logarithmic scale with the best and the largest stable rate marked."""
    critical = best.critical_rate
    low, high = (critical * 1e-3, critical * 4) if critical else (1e-3, 10.0)
    low, high = min(low, state.rate), max(high, state.rate)
    where = {"exact": "for this bowl", "bound": "sure up to here", "local": "local, at the optimum"}
    note = where.get(best.scope, "") if state.opt in ("gd", "line_search") else "of plain descent"
    marks = [
        {"at": _log_place(rate, low, high), "text": f"{name} {num(rate, 2)}"}
        for name, rate in (("best", best.best_rate), ("limit", critical))
        if rate
    ]
    if best.lipschitz and critical:
        half: Control = {"at": _log_place(1.0 / best.lipschitz, low, high), "text": ""}
        if all(abs(half["at"] - mark["at"]) > 0.01 for mark in marks):
            marks.insert(0, half | {"title": f"1/L {num(1.0 / best.lipschitz, 2)}"})
    return {
        "key": "rate",
        "label": "Learning rate",
        "value": state.rate,
        "low": low,
        "high": high,
        "scale": "log",
        "marks": marks,
        "note": note if marks else "no fixed limit",
    }


def _log_place(value: float, low: float, high: float) -> float:
    return math.log(value / low) / math.log(high / low)


def start_sliders(state: State, plane: losses.Plane) -> list[Control]:
    """One slider for each coordinate of the start that the window shows."""
    names = plane.labels if plane.is_slice else state.problem.parameters
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
        for axis, (name, (low, high)) in enumerate(zip(names, plane.box, strict=True))
    ]
