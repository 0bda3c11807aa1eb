"""Reading what is one's own, a formula or points, and what a link hides."""

from typing import Final

import losses
from losses.core.messages import capital, say
from losses.expression.custom_loss import OWN

from ..problem_setup import custom_dataset
from ..problem_setup.build import data_of
from ..problem_setup.registry import own_loss
from .value_types import Rejected, Values

HIDEABLE: Final = {
    "model": say("the menu of models"),
    "data": say("the menu of data"),
    "loss": say("the menu of losses"),
    "opt": say("the menu of optimizers"),
    "rate": say("the learning rate"),
    "start": say("the start"),
    "player": say("the player"),
    "verdict": say("the verdict and its numbers"),
    "detail": say("the changing card"),
}
"""What a link can take away from the page, and how the share dialog calls it."""


def without_data(values: Values) -> str:
    """Why there is neither model nor loss to choose, of a test function."""
    function = losses.TEST_FUNCTIONS[values["data"]]
    return say("{function} has no data to fit.", function=capital(function.name))


def why_not_loss(loss: losses.Loss, values: Values) -> str:
    data = data_of(values)
    if data is None:
        return without_data(values)
    return losses.why_not_loss(data, losses.MODELS[values["model"]], loss)


def read_formula(text: str, values: Values) -> str:
    """A formula that is a loss for the data; blanks mean nothing in it."""
    if values["loss"] != OWN:
        raise Rejected(say("Nothing here takes {name}.", name="formula"))
    try:
        losses.own_loss(text)  # as it was typed, so that the position of a mistake is right
        formula = "".join(text.split()).replace("−", "-")
        against = why_not_loss(own_loss(formula), values)
    except losses.FormulaError as wrong:
        raise Rejected(wrong.args[0]) from None
    if against:
        raise Rejected(against)
    return formula


def read_points(text: str, values: Values) -> str:
    if values["data"] != custom_dataset.OWN:
        raise Rejected(say("Nothing here takes {name}.", name="points"))
    if text == custom_dataset.IN_BROWSER:
        raise Rejected(say("Its data are in the browser in which they were pasted."))
    try:
        custom_dataset.dataset(text)
    except custom_dataset.TableError as wrong:
        said = wrong.args[0]
        if wrong.row is not None:
            said = say("Row {row}: {problem}", row=wrong.row + 1, problem=said)
        raise Rejected(said) from None
    return text


def write_points(points: str) -> str:
    """Points as they travel; too many stay in the browser, and the link says so."""
    return points if len(points) <= custom_dataset.IN_LINK else custom_dataset.IN_BROWSER


def read_hide(text: str, values: Values) -> tuple[str, ...]:
    asked = text.split(",") if text else []
    known = tuple(key for key in HIDEABLE if key in asked)
    if set(asked) - set(known):
        raise Rejected(say("It is a list of {keys}.", keys=", ".join(HIDEABLE)), known)
    return known
