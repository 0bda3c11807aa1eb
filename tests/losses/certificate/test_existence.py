"""A loss without a lowest point: it rises everywhere, or is strictly concave."""

import numpy as np
import pytest

import losses

X = np.array([1.0, 2.0, 3.0, 4.0, 5.0, 6.0])
DATA = {
    "regression": losses.Dataset("noisy", X, [1.0, 3.0, 2.0, 5.0, 4.0, 7.5], "regression"),
    "exact": losses.Dataset("exact", X, 2.0 * X + 1.0, "regression"),
    "binary": losses.Dataset("labels", X, [0, 1, 0, 1, 1, 0], "binary"),
}
MODELS = {"regression": ("line", "mlp"), "exact": ("line", "mlp"), "binary": ("logistic", "mlp")}
MONOTONE = ("r**3", "-r**3", "r**5 + r**3", "p**3", "tanh(r)**3")
CONCAVE = ("-r**2", "1 - r**2", "-r**4", "-sqrt(1 + r**2)", "-log(cosh(r))", "-abs(r)**1.5", "r - exp(r)")


@pytest.mark.parametrize("penalty", [{}, {"l2": 0.1}, {"l1": 0.1}], ids=str)
@pytest.mark.parametrize("text", [*MONOTONE, *CONCAVE])
@pytest.mark.parametrize("task", DATA)
def test_a_loss_that_falls_for_ever_along_the_intercept_has_no_minimum(task, text, penalty):
    loss = losses.own_loss(text)
    for model in MODELS[task]:
        p = losses.problem(DATA[task], model, loss, **penalty)
        exists = losses.certify(p).exists
        if task == "binary" and text in CONCAVE:  # of a probability it is not concave in the score
            assert exists is not losses.NO or text == "r - exp(r)"
            continue
        assert exists is losses.NO
        role = p.roles[-1]
        assert role.is_bias
        for theta in np.random.default_rng(0).normal(size=(20, p.dim)):
            step = np.eye(p.dim)[-1]
            assert min(p.value(theta + step), p.value(theta - step)) < p.value(theta)


@pytest.mark.parametrize(
    "text",
    [
        "r**2",
        "r**3 - r",
        "-abs(r)",
        "min(-r**2, -abs(r))",
        "y*r**3",
        "r*abs(r)",
        "-max(r, 0)**2",
        "r**2 - r**4",
    ],
)
def test_whether_other_losses_have_a_minimum_is_not_denied(text):
    """A mean of −|r| is level where as many targets lie above the line as below it."""
    p = losses.problem(DATA["regression"], "line", losses.own_loss(text))
    assert losses.certify(p).exists is not losses.NO


def test_a_model_without_an_intercept_may_have_one():
    p = losses.problem(DATA["regression"], "power", losses.own_loss("r**3"))
    assert losses.certify(p).exists is not losses.NO


@pytest.mark.parametrize("text", ["-r**2", "r**3"])
def test_a_run_on_such_a_loss_is_told_that_there_is_no_lowest_point(text):
    p = losses.problem(DATA["regression"], "line", losses.own_loss(text))
    told = losses.descend(p, "gd", rate=1e-5, steps=60).outcome.sentence
    assert told.startswith("There is no lowest point: the loss can always fall a little further.")


@pytest.mark.parametrize("text", ["1 - r**2", "1 - abs(r)**3", "2 - exp(r**2)/2", "cos(r)"])
def test_a_tail_that_is_level_but_for_rounding_holds_no_minimum_of_a_penalized_classifier(text):
    """Where all weights are 0 the loss falls along the bias for ever, if ever less."""
    for targets in ([0, 1, 0, 1, 1, 0], [0, 1, 1, 0], [1, 0, 0, 1, 0, 1, 1, 0]):
        data = losses.Dataset("labels", np.arange(1.0, len(targets) + 1.0), targets, "binary")
        p = losses.problem(data, "logistic", losses.own_loss(text), l1=0.1)
        c = losses.certify(p)
        if c.optimum is not None:
            assert np.abs(c.optimum).max() < 15.0


@pytest.mark.parametrize("text", ["(r**2 - 1)**2", "r**2*(1 - r**2)", "(r**2 - 0.5)**2 - 0.25"])
def test_a_loss_that_is_0_by_rounding_holds_no_minimum(text):
    """Of classes that a line separates each probability comes as near to 0 or 1 as doubles can tell."""
    x = np.array([-2.0, -1.0, 0.0, 1.0, 2.5, 3.0])
    data = losses.Dataset("apart", x, [0, 0, 0, 1, 1, 1], "binary")
    c = losses.certify(losses.problem(data, "logistic", losses.own_loss(text)))
    if c.optimum is not None:
        assert np.abs(c.optimum).max() < 15.0
