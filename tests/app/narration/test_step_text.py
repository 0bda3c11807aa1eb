"""Texts by step: which template a step has, what its placeholders stand for, and what the browser gets."""

import numpy as np
import pytest

from app.narration.step_text import StepText, TextByStep, bracket_negative
from losses.core.messages import Message, capitalized, joined, lowercased, message

LOSS = np.array([4.0, 1.0, 2.5])


def text_of(template, k=1, constants=()):
    """Return one template filled at a step of a run with the losses ``LOSS``."""
    return str(StepText(2, {"a": TextByStep((template,))}, {"loss": LOSS}, dict(constants)).render(k)["a"])


@pytest.mark.parametrize(
    ("template", "k", "text"),
    [
        ("step {k} of {last}", 2, "step 2 of 2"),
        ("{loss}", 0, "4"),
        ("{loss}", 2, "2.5"),
        ("{loss_before}", 2, "1"),
        ("{loss_change}", 1, "3"),
        ("{loss_change}", 2, "1.5"),
        ("{loss_step}", 1, "(−3)"),
        ("{loss_step}", 2, "1.5"),
        ("{loss_factor}", 1, "4"),
        ("nothing to fill", 1, "nothing to fill"),
        ("{loss} and {loss_before}.", 2, "2.5 and 1."),
    ],
)
def test_placeholders_stand_for_the_step_and_the_columns(template, k, text):
    assert text_of(template, k) == text
    assert text_of(message(template), k) == text


def test_a_constant_is_taken_before_a_column_and_a_number_of_the_step():
    assert text_of("{loss} {k}", 1, {"loss": "low", "k": "first"}) == "low first"


def test_parts_of_a_composed_text_are_filled():
    assert text_of(joined(", ", ["at {k}", message("loss {loss}")])) == "at 1, loss 1"
    assert text_of(capitalized(message("at {k}"))) == "At 1"
    assert text_of(lowercased(message("At {k}"))) == "at 1"


def test_a_message_that_has_its_values_is_left_as_it_is():
    assert text_of(message("{k} of them", k="{loss}")) == "{loss} of them"


def test_a_filled_message_can_still_be_translated():
    texts = {"a": TextByStep((message("step {k} of {last}"),))}
    filled = StepText(2, texts, {}).render(1)["a"]
    assert isinstance(filled, Message)
    assert dict(filled.values) == {"k": "1", "last": "2"}


@pytest.mark.parametrize(("value", "text"), [(-0.5, "(−0.5)"), (0.0, "0"), (0.5, "0.5")])
def test_a_negative_number_is_in_brackets(value, text):
    assert bracket_negative(value) == text


def test_each_step_has_the_template_of_its_index():
    texts = {"a": TextByStep(("down", "up"), np.array([0, 0, 1])), "b": TextByStep(("one", "other"))}
    step_text = StepText(2, texts, {"loss": LOSS})
    assert [step_text.render(k) for k in (1, 2)] == [{"a": "down", "b": "one"}, {"a": "up", "b": "one"}]


def test_the_browser_gets_the_templates_the_numbers_and_the_constants():
    texts = {"a": TextByStep(("down", "up"), np.array([0, 0, 1])), "b": TextByStep(("one",))}
    sent = StepText(2, texts, {"loss": LOSS}, {"best": "1"}).encode()
    assert (sent.last_step, sent.constants) == (2, {"best": "1"})
    assert [(name, column.shape) for name, column in sent.columns.items()] == [("loss", "3")]
    down, one = sent.texts["a"], sent.texts["b"]
    assert (list(one.templates), one.index) == (["one"], None)
    assert list(down.templates) == ["down", "up"]
    assert down.index.dtype == "u1"
