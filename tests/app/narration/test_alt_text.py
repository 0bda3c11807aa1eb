"""Figures in words: every number said is one of the run, its surface or its data."""

import numpy as np
import pytest

import losses
from app.common import ids
from app.experiment.experiment import Experiment
from app.narration.alt_text import alt_texts
from app.problem_setup.registry import SUBJECTS
from app.url_state.state import parse
from losses.core.messages import format_number


def said(link):
    cast = Experiment(parse(link)[0])
    return cast, alt_texts(cast)


def test_a_surface_is_told_by_its_minimum_its_valley_and_its_path():
    cast, words = said("?data=norris&standardize=0")
    told = words[ids.LANDSCAPE]
    assert told.startswith(
        "Loss surface of mean squared error. Over slope w and intercept b. One minimum, 0.739, "
    )
    assert "at w 1, b −0.262." in told
    assert "855 times longer than wide, as κ is 731\u202f407" in told, (
        "an ellipse's axes are as the root of κ"
    )
    assert (
        f"starts at a loss of {format_number(cast.run.loss[0])} and after 60 steps is at {format_number(cast.run.loss[-1])}."
        in told
    )


def test_level_lines_are_as_long_as_they_are_said_to_be():
    """Two points of one level line, along each eigenvector, are as far apart as the sentence says."""
    problem = losses.problem("norris", "line", "mse")
    best = losses.certify(problem)
    values, vectors = np.linalg.eigh(problem.hessian(best.optimum))
    far, near = (best.optimum + vectors[:, i] / np.sqrt(values[i]) for i in (0, 1))
    assert problem.value(far) == pytest.approx(problem.value(near), rel=1e-6)
    ratio = np.linalg.norm(far - best.optimum) / np.linalg.norm(near - best.optimum)
    assert format_number(ratio) == "855"


@pytest.mark.parametrize(
    ("link", "view", "sentence"),
    [
        ("", ids.LANDSCAPE, "b 0. Its level lines are circles."),
        ("", ids.MAP, "leads from (−0.95; 1.67) to (0.841; "),
        ("", ids.DATA, "36 examples with the model of this step: area, m² from 40 to 180; price, k€ from"),
        ("?data=separable", ids.LANDSCAPE, "It has no minimum: the loss falls for ever."),
        ("?data=digits", ids.LANDSCAPE, "A slice through 650 parameters"),
        ("?data=digits", ids.DATA, "1797 examples: images of 8 × 8 points; 178 are 0,"),
        (
            "?data=himmelblau",
            ids.LANDSCAPE,
            "Surface of Himmelblau's function. Over x and y. The lowest minimum found, 0,",
        ),
        ("?data=spam&vs=mse", ids.LANDSCAPE_2, "Loss surface of mean squared error."),
        ("?rate=1.2", ids.DETAIL, "lowest 6.29 at step 0."),
    ],
)
def test_what_is_said(link, view, sentence):
    assert sentence in said(link)[1][view]


@pytest.mark.parametrize("link", ["?fog=1", "?s=bowl"])
def test_nothing_that_lies_ahead_is_told(link):
    _, words = said(link)
    told = " ".join(words.values())
    assert "minimum" not in told
    assert "after" not in told
    assert "leads" not in told


@pytest.mark.parametrize("key", list(SUBJECTS))
def test_every_subject_is_described(key):
    for sentence in said(f"?data={key}")[1].values():
        assert sentence.endswith((".", ")"))
        assert " nan" not in sentence
