import pytest

import losses
from app.url_state.comparison_options import comparison_options
from app.url_state.state import parse


@pytest.mark.parametrize(
    "link", ["", "?data=spam", "?data=iris&model=softmax", "?loss=mae&model=linear&data=longley"]
)
def test_all_that_fits_can_be_put_beside_it_and_nothing_else(link):
    state, _ = parse(link)
    data, model = state.dataset, losses.MODELS[state.model]
    alike = {
        key
        for key, other in losses.DATASETS.items()
        if other.task == data.task
        and model.key in losses.allowed_models(other)
        and not losses.why_not_loss(other, model, state.loss_function)
    }
    found = comparison_options(state.values)
    assert {key for key, kind in found.items() if kind == "data"} == alike - {data.key}


def test_a_new_dataset_is_offered_at_once(monkeypatch):
    from dataclasses import replace

    from losses.core.registry import Registry

    state, _ = parse("")
    before = comparison_options(state.values)
    new = replace(losses.DATASETS["norris"], key="new")
    monkeypatch.setattr(losses, "DATASETS", Registry("data", [*losses.DATASETS.values(), new]))
    assert set(comparison_options(state.values)) - set(before) == {"new"}


def test_what_a_state_holds_is_found_once_and_stays():
    state, _ = parse("?rate=0.1")
    assert state.values is state.values
    with pytest.raises(TypeError):
        state.values["rate"] = 1.0
