"""The controls as data: a sentence of menus, and sliders with scales that teach.

A control's ``key`` is a key of the link, and what it sends back is that key's
spelling, so the page and the address speak one language.
"""

from dataclasses import replace
from functools import partial
from hashlib import blake2s
from typing import Any, Final

import losses
from losses.core.messages import say
from losses.expression.custom_loss import OWN
from losses.expression.operations import FUNCTIONS
from losses.expression.parser import MOST_CHARACTERS

from ..figures.detail_card_views import DETAILS
from ..i18n.translation import Phrase
from ..problem_setup import custom_dataset
from ..problem_setup.build import most_steps
from ..problem_setup.registry import CHOICES_OF_LOSS, SUBJECTS
from ..problem_setup.view_planes import PLANE_NAMES
from ..url_state.custom_values import HIDEABLE, write_points
from ..url_state.state import State
from .mathml import typeset
from .menus import Control, against, beside, compared, menu, named, number, race, tuned
from .sliders import rate_slider, start_sliders

SLID: Final = ("rate", "start", "k", "theme")
"""Keys of the link that no menu of the sentence depends on."""


def controls(
    state: State, best: losses.Certificate, plane: losses.Plane, known: tuple[str, ...] = ()
) -> Control:
    """Everything that can be turned, with its value, limits and choices in this state.

    The sentence with its menus is heavy and seldom changes: it has a name and
    is left out where that is ``known``.
    """
    marked = without_marks(best) if state.asking else best
    sliders = [rate_slider(state, marked), *start_sliders(state, plane)]
    name = _name(state)
    return {
        "sentence": {"name": name, "figure": None if name in known else seen(state)},
        "detail": _detail(state),
        "sliders": [slider for slider in sliders if slider["key"] not in state.hide],
        "hideable": HIDEABLE,
    }


def _name(state: State) -> str:
    """Of all states whose sentence is the same: of rate, start and step it says nothing."""
    values = {key: value for key, value in state.values.items() if key not in SLID}
    return blake2s(repr(values).encode(), digest_size=8).hexdigest()


def seen(state: State) -> Phrase:
    """The sentence, its hidden menus plain words."""
    return sentence(state).over(partial(_without, state.hide))


def _without(hidden: tuple[str, ...], part: Any) -> Any:
    if isinstance(part, Phrase):
        return part.over(partial(_without, hidden))
    return part["text"] if isinstance(part, dict) and part["key"] in hidden else part


def without_marks(best: losses.Certificate) -> losses.Certificate:
    """What the rate slider may show while a lesson asks."""
    return replace(best, lipschitz=None, critical_rate=None, best_rate=None, scope="none")


def sentence(state: State) -> Phrase:
    """``Fit a line to house prices, ...``: plain words and menus in reading order."""
    opt = losses.OPTIMIZERS[state.opt]
    data = state.data_record
    subject = menu("data", state.data, say("Data"), _subjects(state), _data_settings(state))
    steps = number("steps", say("Steps"), state.steps, 1, most_steps(state.values, dict(state.settings)))
    downhill = menu(
        "opt",
        state.opt,
        say("Optimizer"),
        named(losses.OPTIMIZERS, losses.OPTIMIZERS),
        [_schedule(state), *tuned(state, opt.settings), steps, *race(state)],
    )
    driven = against(state, downhill)
    if data is None:
        return Phrase("On {data}, walk downhill by {optimizer}.", data=subject, optimizer=driven)
    loss, models = state.loss_record, losses.allowed_models(data)
    scored = menu("loss", state.loss, say("Loss"), _fitting(state, data), _loss_settings(state))
    scored |= {"text": loss.name}
    of_loss = state.vs in losses.LOSSES
    return Phrase(
        "Fit {model} to {data}, score it by {loss}, walk downhill by {optimizer}.",
        model=menu("model", state.model, say("Model"), named(losses.MODELS, models), _model_settings(state)),
        data=subject if of_loss else compared(state, subject),
        loss=compared(state, scored) if of_loss else scored,
        optimizer=driven,
    )


def _detail(state: State) -> Control:
    """The title of the changing card is a menu of what it can show."""
    fitting = [key for key, view in DETAILS.items() if view.fits(state.problem)]
    options = [{"value": key, "text": DETAILS[key].name, "hint": DETAILS[key].hint} for key in fitting]
    return menu("view", state.card, say("View"), options)


def _subjects(state: State) -> list[Control]:
    """Data and test functions; one's own among them once there are any."""
    options = named(SUBJECTS, SUBJECTS)
    if state.data == custom_dataset.OWN and state.data_record is not None:
        hint = say("{n} rows that were pasted; they are stored nowhere.", n=len(state.data_record.y))
        options.append({"value": custom_dataset.OWN, "text": state.data_record.name, "hint": hint})
    return options


def _fitting(state: State, data: losses.Dataset) -> list[Control]:
    """The losses that fit, and one's own with the formula that is in force."""
    keys = (*losses.allowed_losses(data, state.model), OWN)
    options = named(CHOICES_OF_LOSS, keys)
    options[-1] |= {"text": say("your own formula")}
    if state.loss == OWN:
        formula = state.loss_record.formula
        options[-1] |= {"tex": formula, "mathml": typeset(formula)}
    return options


def _loss_settings(state: State) -> list[Control]:
    penalized = tuned(state, (*state.loss_record.settings, *losses.PENALTIES))
    penalized += beside(state, ("loss",))
    if state.loss != OWN:
        return penalized
    hint = say(
        "Of the residual r = p − y, the prediction p and the target y; {functions}.",
        functions=", ".join(FUNCTIONS),
    )
    written = {
        "kind": "text",
        "key": "formula",
        "label": say("Formula"),
        "value": state.formula,
        "hint": hint,
    }
    return [written | {"longest": MOST_CHARACTERS}, *penalized]


def _data_settings(state: State) -> list[Control]:
    data = state.data_record
    paste: Control = {"kind": "paste", "key": "points", "label": say("Use your own data…")}
    paste["value"] = write_points(state.points) if state.points else ""
    if data is None:
        return [paste]
    switch: Control = {
        "kind": "switch",
        "key": "standardize",
        "label": say("Standardize"),
        "value": state.standardize,
        "hint": say("Measure in standard deviations from the mean, so that the bowl is round."),
    }
    seed = [number("seed", say("Seed of the made-up data"), state.seed, 0, 9999)] if data.generator else []
    count = len(state.edit)
    changed = say("1 example changed by hand") if count == 1 else say("{n} examples changed by hand", n=count)
    undo: Control = {"kind": "button", "key": "edit", "value": "", "label": changed, "text": say("Put back")}
    put_beside = beside(state, ("data", "standardize"))
    return [paste, switch, *tuned(state, data.settings), *seed, *put_beside, *([undo] if count else [])]


def _model_settings(state: State) -> list[Control]:
    """The model's own settings and, where there are too many parameters to see, which slice is shown."""
    own, dim = tuned(state, losses.MODELS[state.model].settings), state.problem.dim
    if dim == 2:
        return own
    options = [{"value": key, "text": text} for key, text in PLANE_NAMES.items()]
    kind = {"kind": "choice", "key": "plane", "label": say("Slice"), "value": state.plane, "options": options}
    angle = [number("tilt", say("Seed of the directions"), state.tilt, 0, 9999)]
    axes = [
        number("axis1", say("First parameter"), state.axis1, 1, dim),
        number("axis2", say("Second parameter"), state.axis2, 1, dim),
    ]
    return [*own, kind, *{"random": angle, "parameters": axes}.get(state.plane, [])]


def _schedule(state: State) -> Control:
    return {
        "kind": "choice",
        "key": "schedule",
        "label": say("Rate over time"),
        "value": state.schedule,
        "options": named(losses.SCHEDULES, losses.SCHEDULES),
    }
