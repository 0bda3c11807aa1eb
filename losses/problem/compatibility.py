"""Tell which models and losses fit a dataset, and why the others do not."""

from typing import TypeVar, cast

from losses.core.messages import capitalized, format_number, message, plural
from losses.core.registry import Keyed, Registry, UnknownKey
from losses.data.catalogue import DATASETS
from losses.data.dataset import Dataset
from losses.loss.base import Loss
from losses.loss.catalogue import LOSSES
from losses.model.base import Model
from losses.model.catalogue import MODELS

T = TypeVar("T", bound=Keyed)


class Incompatible(ValueError):
    """Raised for a dataset, model and loss that do not fit together; the message says why."""


def allowed_models(data: Dataset | str) -> tuple[str, ...]:
    """Return the keys of the models that fit a dataset, in the order of the catalogue.

    Raises ``UnknownKey`` if there is no such dataset.
    """
    dataset = lookup(DATASETS, data)
    return tuple(model.key for model in MODELS.values() if not why_not_model(dataset, model))


def allowed_losses(data: Dataset | str, model: Model | str) -> tuple[str, ...]:
    """Return the keys of the losses that fit a model on a dataset, in the order of the catalogue.

    Raises ``UnknownKey`` if there is no such dataset or model.
    """
    d, m = lookup(DATASETS, data), lookup(MODELS, model)
    return tuple(loss.key for loss in LOSSES.values() if not why_not_loss(d, m, loss))


def why_not_model(data: Dataset | str, model: Model | str) -> str:
    """Return a sentence that says why a model does not fit a dataset, or an empty string."""
    d, m = lookup(DATASETS, data), lookup(MODELS, model)
    if d.task not in m.tasks:
        has, asked = _TARGET_BY_TASK[m.tasks[0]], _TARGET_BY_TASK[d.task]
        template = message("{model} predicts {has}; {data} asks for {asked}.")
        return template.format(model=capitalized(m.name), has=has, data=d.name, asked=asked)
    count = d.inputs.shape[1]
    if m.inputs not in (None, count):
        return plural(
            "{model} takes {n} input; {data} has {count}.",
            "{model} takes {n} inputs; {data} has {count}.",
            n=m.inputs,
            model=capitalized(m.name),
            data=d.name,
            count=count,
        )
    if m.positive_inputs_only and d.inputs.min() <= 0:
        template = message("{model} needs positive inputs; {data} go down to {least}.")
        least = format_number(float(d.inputs.min()))
        return template.format(model=capitalized(m.name), data=d.name, least=least)
    return ""


def why_not_loss(data: Dataset | str, model: Model | str, loss: Loss | str) -> str:
    """Return a sentence that says why a loss does not fit a dataset and a model, or an empty string."""
    d, c = lookup(DATASETS, data), lookup(LOSSES, loss)
    lookup(MODELS, model)  # raises UnknownKey
    if d.task not in c.tasks:
        has, asked = _TARGET_BY_TASK[c.tasks[0]], _TARGET_BY_TASK[d.task]
        template = message("{loss} scores {has}; {data} asks for {asked}.")
        return template.format(loss=capitalized(c.name), has=has, data=d.name, asked=asked)
    return ""


_TARGET_BY_TASK = {
    "regression": message("a number"),
    "binary": message("yes or no"),
    "multiclass": message("one of several classes"),
}


def lookup(registry: Registry[T], key_or_entry: T | str) -> T:
    """Return an entry of a catalogue as it is, or the entry of a key.

    Raises ``UnknownKey`` if it is neither an entry nor a key of the catalogue.
    """
    entry_type = type(next(iter(registry.values())))
    if isinstance(key_or_entry, entry_type):
        return key_or_entry
    if key_or_entry not in registry:  # a lookup refuses an unhashable key with TypeError
        raise UnknownKey(registry.concept, key_or_entry, tuple(registry))
    return registry[cast(str, key_or_entry)]
