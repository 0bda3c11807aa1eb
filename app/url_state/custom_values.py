"""Parse what users write themselves, a formula or data points, and the controls that a link hides."""

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
"""The controls that a link can hide, with their names in the share dialog."""


def no_data_reason(values: FieldValues) -> str:
    """Return why a test function has neither a model nor a loss."""
    function = losses.TEST_FUNCTIONS[values["data"]]
    return message("{function} has no data to fit.", function=capitalized(function.name))


def loss_incompatibility(loss: losses.Loss, values: FieldValues) -> str:
    """Return why a loss does not fit the data and the model; empty if it does."""
    data = dataset_for(values)
    if data is None:
        return no_data_reason(values)
    return losses.why_not_loss(data, losses.MODELS[values["model"]], loss)


def parse_formula(text: str, values: FieldValues) -> str:
    """Parse a formula that is a loss for the data; spaces in it have no meaning."""
    if values["loss"] != CUSTOM:
        raise InvalidValue(message("Nothing here uses {name}.", name="formula"))
    try:
        losses.own_loss(text)  # before spaces are removed, so that an error names the right position
        formula = "".join(text.split()).replace("−", "-")
        incompatibility = loss_incompatibility(custom_loss(formula), values)
    except losses.FormulaError as error:
        raise InvalidValue(error.args[0]) from None
    if incompatibility:
        raise InvalidValue(incompatibility)
    return formula


def parse_points(text: str, values: FieldValues) -> str:
    """Parse a custom dataset, as ``custom_dataset`` writes it; the text itself is the value."""
    if values["data"] != custom_dataset.CUSTOM:
        raise InvalidValue(message("Nothing here uses {name}.", name="points"))
    if text == custom_dataset.IN_BROWSER:
        raise InvalidValue(message("Its data are in the browser in which they were pasted."))
    try:
        custom_dataset.parse_dataset(text)
    except custom_dataset.TableError as error:
        reason = error.args[0]
        if error.row is not None:
            reason = message("Row {row}: {problem}", row=error.row + 1, problem=reason)
        raise InvalidValue(reason) from None
    return text


def format_points(points: str) -> str:
    """Write points for a link; if they are too long, only that they are stored in the browser."""
    return points if custom_dataset.fits_link(points) else custom_dataset.IN_BROWSER


def parse_hide(text: str, values: FieldValues) -> tuple[str, ...]:
    """Parse the keys of the controls to hide, in any order."""
    keys = text.split(",") if text else []
    known = tuple(key for key in HIDEABLE_CONTROLS if key in keys)
    if set(keys) - set(known):
        raise InvalidValue(message("It is a list of {keys}.", keys=", ".join(HIDEABLE_CONTROLS)), known)
    return known
