"""The problems of the contract tests.

Each dataset with its default model and loss, each pair of a model and a loss on the smallest dataset that
allows it, both raw and standardized, and each test function.
"""

from collections.abc import Collection

import pytest

import losses


def first_model(data: losses.Dataset) -> str:
    """Return the key of a dataset's default model."""
    return data.model or losses.allowed_models(data)[0]


def pairings(
    data_keys: Collection[str] = losses.DATASETS,
    model_keys: Collection[str] = losses.MODELS,
    loss_keys: Collection[str] = losses.LOSSES,
) -> dict[tuple[str, str, str], None]:
    """Return keys ``(data, model, loss)`` without duplicates, as a dict to keep their order."""
    datasets = [data for data in losses.DATASETS.values() if data.key in data_keys]
    fitting = {
        data.key: [
            (model, loss)
            for model in losses.allowed_models(data)
            for loss in losses.allowed_losses(data, model)
            if model in model_keys and loss in loss_keys
        ]
        for data in datasets
    }
    keys, covered = {}, set()
    for data in datasets:
        model = first_model(data)
        loss = losses.MODELS[model].reference_loss[data.task]
        if (model, loss) in fitting[data.key]:
            keys[data.key, model, loss] = None
    for data in sorted(datasets, key=lambda data: data.inputs.size):
        for model, loss in fitting[data.key]:
            if (data.task, model, loss) not in covered:
                covered.add((data.task, model, loss))
                keys[data.key, model, loss] = None
    return keys


PAIRINGS = list(pairings())
PROBLEMS = [
    losses.problem(*keys, standardize=standardize) for keys in PAIRINGS for standardize in (False, True)
] + list(losses.TEST_FUNCTIONS.values())


def problem_id(problem: losses.Problem) -> str:
    """Return the id of a problem in the names of parametrized tests."""
    is_standardized = getattr(problem, "scaling", None) is not None
    return problem.key.replace(" ", "-") + ("-standardized" if is_standardized else "")


def problem_cases(condition=lambda problem: True):
    """Return the problems with a condition as parameters: each pair of a model and a loss in one scaling.

    The other scaling, raw or standardized, is marked thorough.
    """
    kept = {2 * i + i % 2 for i in range(len(PAIRINGS))} | set(range(2 * len(PAIRINGS), len(PROBLEMS)))
    return [
        pytest.param(problem, id=problem_id(problem), marks=() if i in kept else pytest.mark.thorough)
        for i, problem in enumerate(PROBLEMS)
        if condition(problem)
    ]
