"""Which model and which loss fit which data, and why the others do not."""

from typing import Any

from losses.dataset import Dataset
from losses.loss import LOSSES, Loss
from losses.model import MODELS, Model
from losses.registry import Registry


class Incompatible(ValueError):
    """A pairing of data, model and loss that makes no sense; the message says why."""


def allowed_models(data: Dataset) -> tuple[str, ...]:
    """Keys of the models that fit a dataset's task and number of inputs, in registry order."""
    return tuple(model.key for model in MODELS.values() if not why_not_model(data, model))


def allowed_losses(data: Dataset, model: Model | str) -> tuple[str, ...]:
    """Keys of the losses that fit a dataset and a model, in registry order."""
    chosen = record(MODELS, model)
    return tuple(loss.key for loss in LOSSES.values() if not why_not_loss(data, chosen, loss))


def why_not_model(data: Dataset, model: Model) -> str:
    """Why a model does not fit a dataset, as a sentence; empty when it does."""
    if data.task not in model.tasks:
        asked = _WANTS[data.task]
        return f"{_upper(model.name)} predicts {_WANTS[model.tasks[0]]}; {data.name} asks for {asked}."
    count = data.inputs.shape[1]
    if model.inputs not in (None, count):
        return f"{_upper(model.name)} takes {model.inputs} input; {data.name} has {count}."
    if model.positive and data.inputs.min() <= 0:
        return f"{_upper(model.name)} needs positive inputs; {data.name} go down to {data.inputs.min():g}."
    return ""


def why_not_loss(data: Dataset, model: Model, loss: Loss) -> str:
    """Why a loss does not fit a model on a dataset, as a sentence; empty when it does."""
    if data.task not in loss.tasks:
        asked = _WANTS[data.task]
        return f"{_upper(loss.name)} scores {_WANTS[loss.tasks[0]]}; {data.name} asks for {asked}."
    return ""


_WANTS = {"regression": "a number", "binary": "yes or no", "multiclass": "one of several classes"}


def _upper(text: str) -> str:
    return text[:1].upper() + text[1:]


def record(registry: Registry[Any], given: Any) -> Any:
    """The record itself, or the one of that key."""
    return registry[given] if isinstance(given, str) else given
