"""Alternative texts: their numbers are those of the run, its surface and its data."""

import numpy as np
import pytest

import losses
from app.common import ids
from app.experiment.experiment import Experiment
from app.narration.alt_text import alt_texts
from app.problem_setup.registry import SUBJECTS
from app.url_state.state import parse
from losses.core.messages import format_number


def experiment_and_texts(link):
    experiment = Experiment(parse(link)[0])
    return experiment, alt_texts(experiment)


def test_a_surface_is_described_by_its_minimum_its_level_lines_and_the_trajectory():
    experiment, texts = experiment_and_texts("?data=norris&standardize=0")
    text = texts[ids.LANDSCAPE]
    first, last = (format_number(experiment.run.loss[k]) for k in (0, -1))
    assert text.startswith(
        "Loss surface of mean squared error. Over slope w and intercept b. One minimum, 0.739, "
    )
    assert "at w 1, b −0.262." in text
    assert "855 times longer than wide, as κ is 7.31\u00a0×\u00a010⁵" in text, (
        "the ratio of an ellipse's axes is the root of κ"
    )
    assert f"starts at a loss of {first} and after 60 steps is at {last}." in text


def test_the_described_ratio_is_that_of_the_axes_of_a_level_line():
    """The two points lie on one level line, each on one of its axes."""
    problem = losses.problem("norris", "line", "mse")
    optimum = losses.certify(problem).optimum
    eigenvalues, eigenvectors = np.linalg.eigh(problem.hessian(optimum))
    far, near = (optimum + eigenvectors[:, i] / np.sqrt(eigenvalues[i]) for i in (0, 1))
    assert problem.value(far) == pytest.approx(problem.value(near), rel=1e-6)
    ratio = np.linalg.norm(far - optimum) / np.linalg.norm(near - optimum)
    assert format_number(ratio) == "855"


@pytest.mark.parametrize(
    ("link", "view", "sentence"),
    [
        ("", ids.LANDSCAPE, "b 0. Near it the level lines are circles."),
        ("", ids.MAP, "leads from (−0.95; 1.67) to (0.841; "),
        ("", ids.DATA, "36 examples with the model of this step: area, m² from 40 to 180; price, k€ from"),
        ("?data=separable", ids.LANDSCAPE, "It has no minimum: the loss can always fall further."),
        ("?data=digits", ids.LANDSCAPE, "A slice through 650 parameters"),
        ("?data=digits", ids.DATA, "1797 examples: images of 8 × 8 points; 178 are 0,"),
        (
            "?data=himmelblau",
            ids.LANDSCAPE,
            "Surface of Himmelblau's function. Over x and y. The lowest minimum found, 0,",
        ),
        ("?data=rastrigin", ids.LANDSCAPE, "x 0, y 0. Near it the level lines are circles."),
        ("?data=spam&vs=mse", ids.LANDSCAPE_2, "Loss surface of mean squared error."),
        ("?rate=1.2", ids.DETAIL, "lowest 6.29 at step 0."),
    ],
)
def test_a_description_contains_the_expected_sentence(link, view, sentence):
    assert sentence in experiment_and_texts(link)[1][view]


@pytest.mark.parametrize("link", ["?fog=1", "?s=walk"])
def test_in_the_fog_no_description_reveals_the_minimum_or_later_steps(link):
    _, texts = experiment_and_texts(link)
    text = " ".join(texts.values())
    assert "minimum" not in text
    assert "after" not in text
    assert "leads" not in text


@pytest.mark.parametrize("key", list(SUBJECTS))
def test_descriptions_of_every_dataset_and_function_are_complete_sentences_without_nan(key):
    for text in experiment_and_texts(f"?data={key}")[1].values():
        assert text.endswith((".", ")"))
        assert " nan" not in text
