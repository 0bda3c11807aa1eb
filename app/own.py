"""Reading what is one's own, a formula or points, and what a link hides."""

from typing import Final

import losses
from app import own_data
from app.problems import data_of, own_loss
from app.readers import Rejected, Values
from losses.formula import OWN

HIDEABLE: Final = {
    "model": "the menu of models",
    "data": "the menu of data",
    "loss": "the menu of losses",
    "opt": "the menu of optimizers",
    "rate": "the learning rate",
    "start": "the start",
    "player": "the player",
    "verdict": "the verdict and its numbers",
    "detail": "the changing card",
}
"""What a link can take away from the page, and how the share dialog calls it."""


def without_data(values: Values) -> str:
    """Why there is neither model nor loss to choose, of a test function."""
    function = losses.TEST_FUNCTIONS[values["data"]]
    return f"{function.name[:1].upper()}{function.name[1:]} has no data to fit."


def why_not_loss(loss: losses.Loss, values: Values) -> str:
    data = data_of(values)
    if data is None:
        return without_data(values)
    return losses.why_not_loss(data, losses.MODELS[values["model"]], loss)


def read_formula(text: str, values: Values) -> str:
    """A formula that is a loss for the data; blanks mean nothing in it."""
    if values["loss"] != OWN:
        raise Rejected("Nothing here takes formula.")
    try:
        losses.own_loss(text)  # as it was typed, so that the position of a mistake is right
        formula = "".join(text.split()).replace("−", "-")
        against = why_not_loss(own_loss(formula), values)
    except losses.FormulaError as wrong:
        raise Rejected(str(wrong)) from None
    if against:
        raise Rejected(against)
    return formula


def read_points(text: str, values: Values) -> str:
    if values["data"] != own_data.OWN:
        raise Rejected("Nothing here takes points.")
    if text == own_data.IN_BROWSER:
        raise Rejected("Its data are in the browser in which they were pasted.")
    try:
        own_data.dataset(text)
    except own_data.TableError as wrong:
        row = "" if wrong.row is None else f"Row {wrong.row + 1}: "
        raise Rejected(f"{row}{wrong}.") from None
    return text


def write_points(points: str) -> str:
    """Points as they travel; too many stay in the browser, and the link says so."""
    return points if len(points) <= own_data.IN_LINK else own_data.IN_BROWSER


def read_hide(text: str, values: Values) -> tuple[str, ...]:
    asked = text.split(",") if text else []
    known = tuple(key for key in HIDEABLE if key in asked)
    if set(asked) - set(known):
        raise Rejected(f"It is a list of {', '.join(HIDEABLE)}.", known)
    return known
