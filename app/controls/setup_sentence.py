"""The sentence at the top of the page as data: words and menus.

The ``key`` of a control is a key of the link, and the value that it sends is written as in the link.
"""

from functools import partial
from hashlib import blake2s
from typing import Any, Final

from msgspec import structs

import losses
from losses.core.messages import message, plural
from losses.expression.custom_loss import CUSTOM
from losses.expression.operations import FUNCTIONS
from losses.expression.parser import MAX_CHARACTERS

from ..figures.views.detail_card_views import DETAIL_VIEWS
from ..i18n.mathml import tex_to_mathml
from ..i18n.translation import Phrase
from ..problem_setup import custom_dataset
from ..problem_setup.build import max_affordable_steps
from ..problem_setup.price import offered_optimizers
from ..problem_setup.registry import LOSS_CHOICES, SUBJECTS
from ..problem_setup.view_planes import PLANE_NAMES
from ..protocol.controls import (
    ButtonSetting,
    ChoiceSetting,
    Menu,
    Option,
    PasteSetting,
    Setting,
    SwitchSetting,
    TextSetting,
)
from ..url_state.custom_values import format_points
from ..url_state.state import State
from .menus import (
    comparison_choice,
    grouped_by_task,
    menu,
    number_input,
    race_settings,
    registry_options,
    setting_inputs,
    with_comparison,
    with_race,
)

KEYS_OUTSIDE_SENTENCE: Final = ("rate", "start", "k", "theme")
"""Keys of the link that the sentence does not depend on."""


def sentence_name(state: State) -> str:
    """Return a name that all states with the same sentence share, whatever their rate, start and step."""
    values = {key: value for key, value in state.values.items() if key not in KEYS_OUTSIDE_SENTENCE}
    return blake2s(repr(values).encode(), digest_size=8).hexdigest()


def visible_sentence(state: State) -> Phrase:
    """Return the sentence, in which hidden menus are plain words."""
    return setup_sentence(state).map_arguments(partial(_hide_menus, state.hide))


def _hide_menus(hidden: tuple[str, ...], part: Any) -> Any:
    if isinstance(part, Phrase):
        return part.map_arguments(partial(_hide_menus, hidden))
    return part.text if isinstance(part, Menu) and part.key in hidden else part


def setup_sentence(state: State) -> Phrase:
    """Return ``Fit a line to house prices, ...`` with menus in the places of the chosen records."""
    optimizer = losses.OPTIMIZERS[state.optimizer]
    data = state.dataset
    data_menu = menu("data", state.data, message("Data"), _data_options(state), _data_settings(state))
    steps = number_input(
        "steps", message("Steps"), state.steps, 1, max_affordable_steps(state.values, dict(state.settings))
    )
    optimizer_menu = menu(
        "opt",
        state.optimizer,
        message("Optimizer"),
        registry_options(losses.OPTIMIZERS, offered_optimizers(state.problem)),
        [_schedule_setting(state), *setting_inputs(state, optimizer.settings), steps, *race_settings(state)],
    )
    optimizers = with_race(state, optimizer_menu)
    if data is None:
        return Phrase("On {data}, walk downhill by {optimizer}.", data=data_menu, optimizer=optimizers)
    loss, models = state.loss_function, losses.allowed_models(data)
    loss_menu = menu(
        "loss",
        state.loss,
        message("Loss"),
        _loss_options(state, data),
        _loss_settings(state),
        text=loss.name,
    )
    model_menu = menu(
        "model",
        state.model,
        message("Model"),
        registry_options(losses.MODELS, models),
        _model_settings(state),
    )
    compares_losses = state.compare_with in losses.LOSSES
    return Phrase(
        "Fit {model} to {data}, score it by {loss}, walk downhill by {optimizer}.",
        model=model_menu,
        data=data_menu if compares_losses else with_comparison(state, data_menu),
        loss=with_comparison(state, loss_menu) if compares_losses else loss_menu,
        optimizer=optimizers,
    )


def detail_menu(state: State) -> Menu:
    """Return the title of the detail card: a menu of the views that apply to the problem."""
    options = [
        Option(value=key, text=view.name, hint=view.hint)
        for key, view in DETAIL_VIEWS.items()
        if view.applies_to(state.problem)
    ]
    return menu("view", state.active_detail, message("View"), options)


def _data_options(state: State) -> list[Option]:
    """Return the options of datasets and test functions, and of custom data if they are chosen."""
    options = grouped_by_task(SUBJECTS)
    if state.data == custom_dataset.CUSTOM and state.dataset is not None:
        hint = plural(
            "{n} row that was pasted; it is stored nowhere.",
            "{n} rows that were pasted; they are stored nowhere.",
            n=len(state.dataset.y),
        )
        own = Option(value=custom_dataset.CUSTOM, text=state.dataset.name, hint=hint, group=message("Yours"))
        options.insert(0, own)
    return options


def _loss_options(state: State, data: losses.Dataset) -> list[Option]:
    """Return the options of losses that fit, and of the custom loss with its current formula."""
    keys = (*losses.allowed_losses(data, state.model), CUSTOM)
    *options, custom = registry_options(LOSS_CHOICES, keys)
    custom = structs.replace(custom, text=message("your own formula"))
    if state.loss == CUSTOM:
        formula = state.loss_function.formula
        custom = structs.replace(custom, tex=formula, mathml=tex_to_mathml(formula))
    return [*options, custom]


def _loss_settings(state: State) -> list[Setting]:
    """Return the settings of the loss, the penalties, the comparison and, for a custom loss, its formula."""
    settings = setting_inputs(state, (*state.loss_function.settings, *losses.PENALTIES))
    settings += comparison_choice(state, ("loss",))
    if state.loss != CUSTOM:
        return settings
    hint = message(
        "Of the residual r = p − y, the prediction p and the target y; {functions}.",
        functions=", ".join(FUNCTIONS),
    )
    formula_input = TextSetting(
        key="formula",
        label=message("Formula"),
        value=state.formula or "",
        hint=hint,
        max_length=MAX_CHARACTERS,
    )
    return [formula_input, *settings]


def _data_settings(state: State) -> list[Setting]:
    data = state.dataset
    points = format_points(state.points) if state.points else ""
    paste = PasteSetting(key="points", label=message("Use your own data…"), value=points)
    if data is None:
        return [paste]
    switch = SwitchSetting(
        key="standardize",
        label=message("Standardize"),
        value=state.standardize,
        hint=message("Measure in standard deviations from the mean. For a line this makes the bowl round."),
    )
    seed = (
        [number_input("seed", message("Seed of the made-up data"), state.seed, 0, 9999)]
        if data.generator
        else []
    )
    count = len(state.edit)
    changed = plural("{n} example changed by hand", "{n} examples changed by hand", n=count)
    undo = ButtonSetting(key="edit", value="", label=changed, text=message("Put back"))
    put_beside = comparison_choice(state, ("data", "standardize"))
    return [
        paste,
        switch,
        *setting_inputs(state, data.settings),
        *seed,
        *put_beside,
        *([undo] if count else []),
    ]


def _model_settings(state: State) -> list[Setting]:
    """Return the settings of the model and, for more than two parameters, the choice of the slice."""
    settings, dim = setting_inputs(state, losses.MODELS[state.model].settings), state.problem.dim
    if dim == 2:
        return settings
    options = [Option(value=key, text=text) for key, text in PLANE_NAMES.items()]
    kind = ChoiceSetting(key="plane", label=message("Slice"), value=state.plane, options=options)
    angle = [number_input("tilt", message("Seed of the directions"), state.tilt, 0, 9999)]
    axes = [
        number_input("axis1", message("First parameter"), state.axis1, 1, dim),
        number_input("axis2", message("Second parameter"), state.axis2, 1, dim),
    ]
    return [*settings, kind, *{"random": angle, "parameters": axes}.get(state.plane, [])]


def _schedule_setting(state: State) -> Setting:
    return ChoiceSetting(
        key="schedule",
        label=message("Rate over time"),
        value=state.schedule,
        options=registry_options(losses.SCHEDULES, losses.SCHEDULES),
    )
