"""What a state can be compared with, and the values of a state."""

from dataclasses import replace

import pytest

import losses
from app.url_state.comparison_options import comparison_options
from app.url_state.state import parse
from losses.core.registry import Registry


@pytest.mark.parametrize(
    "link", ["", "?data=spam", "?data=iris&model=softmax", "?loss=mae&model=linear&data=longley"]
)
def test_exactly_the_other_compatible_datasets_are_offered(link):
    state, _ = parse(link)
    data, model = state.dataset, losses.MODELS[state.model]
    compatible = {
        key
        for key, other in losses.DATASETS.items()
        if other.task == data.task
        and model.key in losses.allowed_models(other)
        and not losses.why_not_loss(other, model, state.loss_function)
    }
    options = comparison_options(state.values)
    assert {key for key, changed_key in options.items() if changed_key == "data"} == compatible - {data.key}


def test_a_dataset_added_to_the_registry_is_offered(monkeypatch):
    state, _ = parse("")
    before = comparison_options(state.values)
    new = replace(losses.DATASETS["norris"], key="new")
    monkeypatch.setattr(losses, "DATASETS", Registry("data", [*losses.DATASETS.values(), new]))
    assert set(comparison_options(state.values)) - set(before) == {"new"}


def test_the_values_of_a_state_are_computed_once_and_read_only():
    state, _ = parse("?rate=0.1")
    assert state.values is state.values
    with pytest.raises(TypeError):
        state.values["rate"] = 1.0
