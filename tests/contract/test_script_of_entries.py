"""The exported script uses the properties of the model and the loss, or is refused with a sentence."""

from dataclasses import replace

import flask
import numpy as np
import pytest

import losses
from app.api import export
from app.numpy_script.objective import NoFormula, objective_source


def script_functions(problem):
    """Return the functions ``loss`` and ``gradient`` that the script of a problem defines."""
    names = {"np": np, "X": np.column_stack([problem.x, np.ones(len(problem.y))]), "y": problem.y}
    names["sigmoid"] = lambda z: np.exp(-np.logaddexp(0, -z))
    exec("\n".join(objective_source(problem, False)), names)
    return names["loss"], names["gradient"]


@pytest.mark.parametrize(("model", "loss"), [("mlp", "cce"), ("softmax", "cce"), ("softmax", "mse")])
def test_a_script_does_not_depend_on_keys(model, loss):
    foreign = replace(losses.MODELS[model], key="foreign"), replace(losses.LOSSES[loss], key="foreign")
    p = losses.problem("iris", *foreign, standardize=True)
    value, gradient = script_functions(p)
    theta = p.start + np.random.default_rng(0).normal(size=p.dim)
    assert value(theta) == pytest.approx(float(p.value(theta)), rel=1e-12)
    assert gradient(theta) == pytest.approx(p.gradient(theta), rel=1e-9, abs=1e-12)


def test_an_entry_without_a_formula_has_no_script():
    no_formula = {"key": "silent", "closed_form": "", "expression": ""}
    for loss in ("cce", "mse"):
        with pytest.raises(NoFormula, match="has no formula to write a script with"):
            objective_source(
                losses.problem("iris", "softmax", replace(losses.LOSSES[loss], **no_formula)), False
            )
    network = replace(losses.MODELS["mlp"], key="silent", code=None)
    with pytest.raises(NoFormula, match="A small neural network has no formula"):
        objective_source(losses.problem("moons", network, "bce"), False)


def test_the_page_refuses_such_a_script_with_a_sentence(monkeypatch):
    def maker(state, link):
        raise NoFormula("A stranger has no formula to write a script with.")

    monkeypatch.setitem(export.EXPORTS, "run.py", (maker, "text/x-python"))
    with flask.Flask("test").test_request_context("/export/run.py?data=spam"):
        answer = export.export_response("run.py")
    assert (answer.status_code, answer.get_data(as_text=True)) == (
        404,
        "A stranger has no formula to write a script with.\n",
    )
