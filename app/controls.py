"""The controls as data: a sentence of menus, and sliders with scales that teach.

A control's ``key`` is a key of the link, and what it sends back is that key's
spelling, so the page and the address speak one language.
"""

from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any

from latex2mathml.converter import convert

import losses
from app.fields import MAX_STEPS, RAW, STANDARDIZED, comparable
from app.figures.details import DETAILS
from app.problems import PLANE_NAMES, SUBJECTS
from app.readers import MOST_RIVALS
from app.sliders import rate_slider, start_sliders
from app.state import State

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
    steps = _number("steps", "Steps", state.steps, 1, MAX_STEPS)
    downhill = menu(
        "opt",
        state.opt,
        "Optimizer",
        _named(losses.OPTIMIZERS, losses.OPTIMIZERS),
        [_schedule(state), *_tuned(state, opt.settings), steps, *_race(state)],
    )
    if state.data in losses.TEST_FUNCTIONS:
        return ["On ", subject, ", walk downhill by ", downhill, *_against(state), "."]
    data, loss = losses.DATASETS[state.data], losses.LOSSES[state.loss]
    models, fitting = losses.allowed_models(data), losses.allowed_losses(data, state.model)
    penalized = _tuned(state, (*loss.settings, *losses.PENALTIES))
    penalized += _beside(state, ("loss",))
    beside: list[str | Control] = [" beside ", _second(state)] if state.vs else []
    of_loss = state.vs in losses.LOSSES
    return [
        "Fit ",
        menu("model", state.model, "Model", _named(losses.MODELS, models), _model_settings(state)),
        " to ",
        subject,
        *([] if of_loss else beside),
        ", score it by ",
        menu("loss", state.loss, "Loss", _named(losses.LOSSES, fitting), penalized),
        *(beside if of_loss else []),
        ", walk downhill by ",
        downhill,
        *_against(state),
        ".",
    ]


def _names() -> dict[str, str]:
    """What can stand beside a state, by name."""
    losses_, datasets = losses.LOSSES.items(), losses.DATASETS.items()
    named = {key: loss.name for key, loss in losses_} | {key: data.name for key, data in datasets}
    return named | {RAW: "the same in raw units", STANDARDIZED: "the same, standardized"}


def _beside(state: State, kinds: tuple[str, ...]) -> list[Control]:
    """The choice of what to put beside it, of the kinds that belong to a word."""
    fitting = [key for key, kind in comparable(state.values).items() if kind in kinds]
    named = _names()
    options = [{"value": "", "text": "nothing"}, *({"value": key, "text": named[key]} for key in fitting)]
    value = state.vs if state.vs in fitting else ""
    return [{"kind": "choice", "key": "vs", "label": "Put beside it", "value": value, "options": options}]


def _second(state: State) -> Control:
    """The word for what stands beside it."""
    found = comparable(state.values)
    alike = [key for key, kind in found.items() if (kind == "loss") == (found[state.vs] == "loss")]
    options = [{"value": "", "text": "nothing"}, *({"value": key, "text": _names()[key]} for key in alike)]
    return menu("vs", state.vs, "Beside it", options)


def _race(state: State) -> list[Control]:
    rivals = [{"value": key, "text": o.name} for key, o in losses.OPTIMIZERS.items() if key != state.opt]
    race: Control = {
        "kind": "several",
        "key": "race",
        "label": f"Race against (up to {MOST_RIVALS})",
        "value": list(state.race),
        "options": rivals,
    }
    fair: Control = {
        "kind": "switch",
        "key": "fair",
        "label": "Fair race",
        "value": state.fair,
        "hint": "Everyone at the best rate of a small sweep; else all at the same rate.",
    }
    return [race, fair] if state.race else [race]


def _against(state: State) -> list[str | Control]:
    return [" against " + ", ".join(losses.OPTIMIZERS[key].name for key in state.race)] if state.race else []


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
    compared = _beside(state, ("data", "standardize"))
    return [switch, *_tuned(state, data.settings), *seed, *compared, *([undo] if count else [])]


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
