"""What each parameter is stands on its model, never in its name."""

from dataclasses import replace

import numpy as np
import pytest

import losses

NAMED = replace(
    losses.MODELS["line"], key="foreign line", parameters=lambda k, classes: ("coef", "intercept")
)


@pytest.mark.parametrize("names", [("coef", "intercept"), ("bread", "water"), ("b", "c"), ("w", "b")])
def test_a_penalty_spares_the_bias_whatever_its_name(names):
    model = replace(NAMED, parameters=lambda k, classes: names)
    p = losses.problem("houses", model, "mse", l2=0.5)
    assert p.penalized.tolist() == [True, False]
    assert p.penalty((2.0, 7.0)) == pytest.approx(0.5 * 2.0**2)
    same = losses.problem("houses", "line", "mse", l2=0.5)
    assert np.array_equal(p.gradient((2.0, 7.0)), same.gradient((2.0, 7.0)))
