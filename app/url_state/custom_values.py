"""Reading what is one's own, a formula or points, and what a link hides."""

from typing import Final

import losses
from losses.core.messages import capitalized, message
from losses.expression.custom_loss import CUSTOM

from ..problem_setup import custom_dataset
from ..problem_setup.build import dataset_for
from ..problem_setup.registry import custom_loss
from .value_types import FieldValues, InvalidValue

HIDEABLE_CONTROLS: Final = {
    "model": message("the menu of models"),
    "data": message("the menu of data"),
    "loss": message("the menu of losses"),
    "opt": message("the menu of optimizers"),
    "rate": message("the learning rate"),
    "start": message("the start"),
    "player": message("the player"),
    "verdict": message("the verdict and its numbers"),
    "detail": message("the changing card"),
}
"""What a link can take away from the page, and how the share dialog calls it."""


def no_data_reason(values: FieldValues) -> str:
    """Why there is neither model nor loss to choose, of a test function."""
    function = losses.TEST_FUNCTIONS[values["data"]]
    return message("{function} has no data to fit.", function=capitalized(function.name))


def loss_incompatibility(loss: losses.Loss, values: FieldValues) -> str:
    data = dataset_for(values)
    if data is None:
        return no_data_reason(values)
    return losses.why_not_loss(data, losses.MODELS[values["model"]], loss)


def parse_formula(text: str, values: FieldValues) -> str:
    """A formula that is a loss for the data; blanks mean nothing in it."""
    if values["loss"] != CUSTOM:
        raise InvalidValue(message("Nothing here takes {name}.", name="formula"))
    try:
        losses.own_loss(text)  # as it was typed, so that the position of a mistake is right
        formula = "".join(text.split()).replace("−", "-")
        against = loss_incompatibility(custom_loss(formula), values)
    except losses.FormulaError as wrong:
        raise InvalidValue(wrong.args[0]) from None
    if against:
        raise InvalidValue(against)
    return formula


def parse_points(text: str, values: FieldValues) -> str:
    if values["data"] != custom_dataset.CUSTOM:
        raise InvalidValue(message("Nothing here takes {name}.", name="points"))
    if text == custom_dataset.IN_BROWSER:
        raise InvalidValue(message("Its data are in the browser in which they were pasted."))
    try:
        custom_dataset.parse_dataset(text)
    except custom_dataset.TableError as wrong:
        said = wrong.args[0]
        if wrong.row is not None:
            said = message("Row {row}: {problem}", row=wrong.row + 1, problem=said)
        raise InvalidValue(said) from None
    return text


def format_points(points: str) -> str:
    """Points as they travel; too many stay in the browser, and the link says so."""
    return points if len(points) <= custom_dataset.MAX_CHARACTERS_IN_LINK else custom_dataset.IN_BROWSER


def parse_hide(text: str, values: FieldValues) -> tuple[str, ...]:
    asked = text.split(",") if text else []
    known = tuple(key for key in HIDEABLE_CONTROLS if key in asked)
    if set(asked) - set(known):
        raise InvalidValue(message("It is a list of {keys}.", keys=", ".join(HIDEABLE_CONTROLS)), known)
    return known
