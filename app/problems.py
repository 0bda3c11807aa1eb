"""The problem that a state speaks of, built once and shared by everyone who asks."""

from functools import lru_cache

import losses


@lru_cache(maxsize=256)
def dataset(key: str, seed: int) -> losses.Dataset:
    """The dataset ``key``; a made-up one drawn with ``seed``."""
    data = losses.DATASETS[key]
    return data.sample(seed=seed) if data.generator else data


@lru_cache(maxsize=256)
def problem(data: str, model: str, loss: str, standardize: bool, seed: int) -> losses.DataProblem:
    """The mean loss that the page draws, certified lazily and kept."""
    return losses.problem(dataset(data, seed), model, loss, standardize=standardize)
