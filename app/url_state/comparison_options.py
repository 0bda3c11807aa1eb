"""What a state can be compared with: another loss, another dataset, or the other standardization."""

from functools import lru_cache

import losses
from losses.core.messages import message

from ..problem_setup.build import compared_problem, dataset_for, loss_for, problem_for, supports_basins
from ..problem_setup.price import fits_beside, share_of_runs
from .value_types import FieldValues, InvalidValue

RAW, STANDARDIZED = "raw", "standardized"


def comparison_options(values: FieldValues) -> dict[str, str]:
    """Return the values that ``vs`` can have, each with the link key that the comparison would change."""
    data = dataset_for(values)
    if data is None:
        return {}
    model, loss = values["model"], loss_for(values)
    compatible = _compatible_datasets(tuple(losses.DATASETS.values()), data.task, model, loss)
    other_datasets = [key for key in compatible if key != data.key]
    other_losses = [key for key in losses.allowed_losses(data, model) if key != loss.key]
    other_scaling = RAW if values["standardize"] else STANDARDIZED
    return {
        **dict.fromkeys(other_losses, "loss"),
        **dict.fromkeys(other_datasets, "data"),
        other_scaling: "standardize",
    }


@lru_cache(maxsize=256)
def _compatible_datasets(
    datasets: tuple[losses.Dataset, ...], task: str, model: str, loss: losses.Loss
) -> tuple[str, ...]:
    """Return the keys of the datasets of a task that a model and a loss are compatible with."""
    return tuple(
        data.key
        for data in datasets
        if data.task == task
        and not losses.why_not_model(data, losses.MODELS[model])
        and not losses.why_not_loss(data, losses.MODELS[model], loss)
    )


def parse_compare_with(text: str, values: FieldValues) -> str:
    """Parse ``vs``: one of ``comparison_options``, or nothing."""
    options = comparison_options(values)
    if text and text not in options:
        if not options:
            raise InvalidValue(message("There is nothing to compare it with."))
        raise InvalidValue(message("It can be compared with {keys}.", keys=", ".join(options)))
    if text and not _is_affordable(text, options[text], values):
        raise InvalidValue(message("Both at once would take too long."))
    return text


def _is_affordable(text: str, key: str, values: FieldValues) -> bool:
    problem, other = problem_for(values), compared_problem(values, key, text)
    return fits_beside(problem, other, share=share_of_page(values))


def share_of_page(values: FieldValues) -> float:
    """Return the most multiplications of what is not fixed on a page with a second problem."""
    has_basins = bool(values["basins"]) and supports_basins(problem_for(values))
    return share_of_runs(has_sweeps=has_sweeps(values), has_basins=has_basins)


def has_sweeps(values: FieldValues) -> bool:
    """Whether the rates of a race are those of sweeps."""
    return bool(values["race"]) and bool(values["fair"])


def problems_of(values: FieldValues) -> tuple[losses.Problem, ...]:
    """Return the problem of the values of a link, and the one with which it is compared."""
    text = values["vs"]
    other = (compared_problem(values, comparison_options(values)[text], text),) if text else ()
    return problem_for(values), *other
