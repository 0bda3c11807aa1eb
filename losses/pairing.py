"""Which model and which loss fit which data, and why the others do not."""

from typing import Any

from losses.dataset import Dataset
from losses.loss import LOSSES, Loss
from losses.model import MODELS, Model
from losses.registry import Registry
from losses.words import capital, num, say


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
        has, asked = _WANTS[model.tasks[0]], _WANTS[data.task]
        template = say("{model} predicts {has}; {data} asks for {asked}.")
        return template.format(model=capital(model.name), has=has, data=data.name, asked=asked)
    count = data.inputs.shape[1]
    if model.inputs not in (None, count):
        template = say("{model} takes {inputs} input; {data} has {count}.")
        return template.format(model=capital(model.name), inputs=model.inputs, data=data.name, count=count)
    if model.positive and data.inputs.min() <= 0:
        template = say("{model} needs positive inputs; {data} go down to {least}.")
        least = num(float(data.inputs.min()))
        return template.format(model=capital(model.name), data=data.name, least=least)
    return ""


def why_not_loss(data: Dataset, model: Model, loss: Loss) -> str:
    """Why a loss does not fit a model on a dataset, as a sentence; empty when it does."""
    if data.task not in loss.tasks:
        has, asked = _WANTS[loss.tasks[0]], _WANTS[data.task]
        template = say("{loss} scores {has}; {data} asks for {asked}.")
        return template.format(loss=capital(loss.name), has=has, data=data.name, asked=asked)
    return ""


_WANTS = {
    "regression": say("a number"),
    "binary": say("yes or no"),
    "multiclass": say("one of several classes"),
}


def record(registry: Registry[Any], given: Any) -> Any:
    """The record itself, or the one of that key; ``UnknownKey`` for anything else."""
    kind = type(next(iter(registry.values())))
    return given if isinstance(given, kind) else registry[given]
