"""What a link opens that names no more than its data: a run on which something happens."""

import numpy as np
import pytest

import losses
from app.narration.sentences import state_title
from app.url_state.state import parse

MOST = 0.9
"""The share of its way that a run gets."""
SLOW = {
    "?data=misra1a": (0.5, losses.MODELS["saturation"].when, "valley is long"),
    "?data=scaling": (0.0, losses.DATASETS["scaling"].note, "they make a ravine"),
    "?data=digits": (0.6, losses.DATASETS["digits"].note, "650 parameters"),
    "?data=rosenbrock": (0.8, losses.TEST_FUNCTIONS["rosenbrock"].when, "hard to follow"),
}
"""Links whose run gets less far: the share that it gets, and what their entry says of it."""
LINKS = (
    *(f"?data={key}" for key in (*losses.DATASETS, *losses.TEST_FUNCTIONS)),
    *(f"?data={key}&model=mlp" for key in ("moons", "circles", "xor", "iris", "blobs")),
    "?data=circles&model=mlp&relu=1",
    "?data=houses&model=saturation",
    "?data=outlier&model=neuron",
)


def share_of_the_way(link):
    """Return the share of the way down that the run of a link gets; 1 if it arrives or there is no bottom."""
    state, notices = parse(link)
    assert notices == ()
    run, certificate = state.descend(), losses.certify(state.problem)
    if run.outcome.name == "CONVERGED" or not getattr(state.problem, "bounded", True):
        return 1.0
    best = 0.0 if certificate.loss is None else certificate.loss
    assert np.isfinite(run.loss).all()
    return float((run.loss[0] - run.loss[-1]) / (run.loss[0] - best))


@pytest.mark.parametrize("link", [link for link in LINKS if link not in SLOW])
def test_the_run_that_a_link_opens_gets_most_of_its_way(link):
    assert share_of_the_way(link) >= MOST


@pytest.mark.parametrize("link", SLOW)
def test_an_entry_says_why_its_run_gets_less_far(link):
    least, says, why = SLOW[link]
    assert why in says
    assert least <= share_of_the_way(link) < MOST


@pytest.mark.parametrize("optimizer", ["momentum", "nesterov", "line_search"])
@pytest.mark.parametrize("link", ["?data=iris", "?data=tumors", "?data=moons&model=mlp"])
def test_other_optimizers_stay_finite_at_the_rate_of_a_slice(link, optimizer):
    run = parse(f"{link}&opt={optimizer}")[0].descend()
    assert np.isfinite(run.loss).all()
    assert run.loss[-1] < run.loss[0]


def test_two_inputs_are_fitted_by_a_plane_and_one_by_a_line():
    two = "?data=own&points=regression_height,weight,shoe_170,60,40_180,80,43_160,55,38_175,70,42_190,95,45"
    one = "?data=own&points=regression_height,shoe_170,40_180,43_160,38_175,42_190,45"
    names = [state_title(parse(link)[0]) for link in (two, one)]
    assert [name.partition(" to ")[0] for name in names] == ["Fit a plane", "Fit a line"]
