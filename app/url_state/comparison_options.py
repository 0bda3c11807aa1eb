"""What can be put beside a state: another loss, other data, or the other way to measure."""

from functools import lru_cache

import losses
from losses.core.messages import message

from ..problem_setup.build import dataset_for, loss_for
from .value_types import FieldValues, InvalidValue

RAW, STANDARDIZED = "raw", "standardized"


def comparison_options(values: FieldValues) -> dict[str, str]:
    """What can be put beside a state, and the key of the link that it would change."""
    data = dataset_for(values)
    if data is None:
        return {}
    model, loss = values["model"], loss_for(values)
    alike = _compatible_datasets(tuple(losses.DATASETS.values()), data.task, model, loss)
    others = [key for key in alike if key != data.key]
    fitting = [key for key in losses.allowed_losses(data, model) if key != loss.key]
    measured = RAW if values["standardize"] else STANDARDIZED
    return {**dict.fromkeys(fitting, "loss"), **dict.fromkeys(others, "data"), measured: "standardize"}


@lru_cache(maxsize=256)
def _compatible_datasets(
    datasets: tuple[losses.Dataset, ...], task: str, model: str, loss: losses.Loss
) -> tuple[str, ...]:
    """Keys of the datasets of a task that a model and a loss fit."""
    return tuple(
        other.key
        for other in datasets
        if other.task == task
        and not losses.why_not_model(other, losses.MODELS[model])
        and not losses.why_not_loss(other, losses.MODELS[model], loss)
    )


def parse_compare_with(text: str, values: FieldValues) -> str:
    found = comparison_options(values)
    if text and text not in found:
        if not found:
            raise InvalidValue(message("Nothing can be put beside it."))
        raise InvalidValue(message("Beside it there can be {keys}.", keys=", ".join(found)))
    return text
