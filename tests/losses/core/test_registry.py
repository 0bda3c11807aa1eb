"""Registries and collections derived from them."""

from dataclasses import dataclass

import pytest

import losses
from losses.core.registry import DerivedSequence, Registry, derived_mapping


@pytest.mark.parametrize(
    "registry",
    [losses.LOSSES, losses.MODELS, losses.DATASETS, losses.OPTIMIZERS, losses.TEST_FUNCTIONS],
    ids=lambda registry: registry.concept,
)
def test_registry_is_keyed_ordered_and_read_only(registry):
    assert [record.key for record in registry.values()] == list(registry)
    assert all(record.name and record.key.isidentifier() for record in registry.values())
    with pytest.raises(TypeError):
        registry["new"] = None
    with pytest.raises(losses.UnknownKey, match=f"{registry.concept} must be one of .*; not 'nonsense'"):
        registry["nonsense"]


def test_two_entries_with_the_same_key_raise():
    with pytest.raises(ValueError, match="two entries of the loss registry are called 'mse'"):
        Registry("loss", [losses.LOSSES["mse"], losses.LOSSES["mse"]])


def test_in_and_get_accept_unknown_keys():
    assert "mse" in losses.LOSSES
    assert "nonsense" not in losses.LOSSES
    assert [] not in losses.LOSSES
    assert losses.LOSSES.get("nonsense") is None


@dataclass(frozen=True)
class Entry:
    key: str


def test_derived_collections_follow_changes_of_the_registry():
    registry = losses.Registry("thing", [Entry("a")])
    by_key = derived_mapping(lambda: {**registry, "own": Entry("own")}, registry)
    keys = DerivedSequence(lambda: by_key, (registry,))
    registry._replace({"a": Entry("a"), "b": Entry("b")})
    assert list(by_key) == ["a", "b", "own"]
    assert (list(keys), keys[1], len(keys)) == (["a", "b", "own"], "b", 3)
    with pytest.raises(TypeError):
        by_key["c"] = Entry("c")
