"""The rules of outcomes on runs made by hand, on both sides of each condition."""

import numpy as np
import pytest

import losses
from losses.descent.arrival import arrival_facts
from losses.descent.convergence import is_diverging, is_on_plateau, is_oscillating, tail_length
from losses.descent.stationary import is_level, way_down

HIMMELBLAU = losses.test_function("himmelblau")
FACTS = arrival_facts(HIMMELBLAU)
RAVINE = losses.problem("norris", "line", "mse")


def funnel(ripple=0.0, lowest=0.0):
    """Return a funnel 100 deep in level ground, with ripples."""
    return losses.TestFunction(
        key="funnel",
        name="a funnel",
        formula="",
        expression="",
        box=((-5.0, 5.0), (-5.0, 5.0)),
        start_point=(1.0, 0.0),
        f=lambda x, y: (
            lowest + 100 * (1 - np.exp(-(x**2) - y**2)) + ripple * (2 - np.cos(20 * x) - np.cos(20 * y))
        ),
        df=lambda x, y: tuple(
            200 * z * np.exp(-(x**2) - y**2) + 20 * ripple * np.sin(20 * z) for z in (x, y)
        ),
        ddf=lambda x, y: (0 * x * y,) * 3,
        minima=((0.0, 0.0),),
        lowest=lowest,
        smooth=False,
    )


FUNNEL, RIPPLED, RUGGED, DEEP_FUNNEL = funnel(), funnel(0.04), funnel(0.1), funnel(lowest=-500.0)
FUNNEL_HEIGHT = 100 * (1 - np.exp(-1.0))
"""The loss of its start above its lowest."""
BOWL = losses.test_function("bowl")


def diverges(loss, steps=(1.0, 2.0, 3.0, 4.0), optimizer="gd", problem=HIMMELBLAU):
    """Return the rule's answer to one run with these losses, whose last steps have these lengths."""
    loss = np.array(loss, dtype=float)
    lengths = np.concatenate([np.ones(max(0, len(loss) - 1 - len(steps))), steps])[: len(loss) - 1]
    path = np.zeros((1, len(loss), 2))
    path[0, 1:, 0] = np.cumsum(lengths)
    facts = arrival_facts(problem)
    return bool(is_diverging(facts, losses.OPTIMIZERS[optimizer], path, loss[None])[0])


@pytest.mark.parametrize(
    ("loss", "steps", "expected"),
    [
        ([5, 4, 6, 7, 9], (1, 2, 3, 4), True),
        ([5, 4, 6, 7, 9], (1, 2, 3, 3), False),  # the last step is not longer
        ([5, 4, 6, 7, 9], (1, 2, 2, 3), False),
        ([5, 4, 7, 6, 9], (1, 2, 3, 4), False),  # a step back in the last two
        ([9, 4, 6, 7, 9], (1, 2, 3, 4), False),  # not the highest
        ([5, 4, 7, 7, 9], (1, 2, 3, 4), False),
        ([5, 9], (1,), False),  # too short
    ],
)
def test_a_run_flies_apart_while_losses_and_steps_grow(loss, steps, expected):
    assert diverges(loss, steps, problem=BOWL) is expected
    assert not diverges(loss, steps)  # unless the loss is quadratic it may only go to and fro


def test_a_loss_beyond_all_measure_is_an_explosion_unless_it_falls():
    start = max(5.0, FACTS.start_loss)
    assert diverges([5, 5, 5, 2e6 * start, 2e6 * start])
    assert not diverges([5, 5, 5, 5e5 * start, 5e5 * start])
    assert not diverges([5, 9e6 * start, 6e6 * start, 4e6 * start, 3e6 * start])
    assert not diverges([5, 5, 5, 9e6 * start, 8e6 * start, 6e6 * start, 4e6 * start, 3e6 * start])
    assert diverges([5, 9e6 * start, 6e6 * start, 7e6 * start, 5e6 * start])
    assert diverges([5, 5, 5, 4e6 * start, 4e6 * start, 4e6 * start, 3.99e6 * start]), "it falls too little"


def test_an_explosion_is_measured_from_the_start_and_from_the_lowest_loss():
    start = 1e3 * FACTS.start_loss
    assert not diverges([start, 5, 5, 0.9e6 * start, 0.9e6 * start])
    assert diverges([start, 5, 5, 1.1e6 * start, 1.1e6 * start])
    assert diverges([-450, -450, -450, 1e6 * FUNNEL_HEIGHT, 1e6 * FUNNEL_HEIGHT], problem=DEEP_FUNNEL)


def test_steps_are_measured_in_windows():
    """These steps become longer in units of the window, but shorter in those of the parameters."""
    facts = arrival_facts(RAVINE)
    wide = int(np.argmax(facts.half_window))
    assert facts.half_window[wide] > 8.0 * facts.half_window[1 - wide]
    steps = np.zeros((5, 2))
    for k in range(5):
        axis = wide if k % 2 == 0 else 1 - wide
        steps[k, axis] = (1.0 + k) * facts.half_window[axis]
    path = np.concatenate([np.zeros((1, 2)), steps.cumsum(axis=0)])[None]
    loss = np.array([5.0, 4.0, 4.0, 6.0, 7.0, 9.0])[None] * facts.start_loss
    assert is_diverging(facts, losses.OPTIMIZERS["gd"], path, loss)[0]
    assert not is_diverging(facts, losses.OPTIMIZERS["gd"], path[:, ::-1], loss)[0]


def test_only_steps_in_proportion_to_the_slope_fly_apart():
    assert diverges([5, 4, 6, 7, 9], problem=BOWL)
    assert not diverges([5, 4, 6, 7, 9], problem=BOWL, optimizer="adam")
    assert not diverges([5, 4, 6, 7, 9], problem=losses.problem("houses", "line", "mae", standardize=True))


@pytest.mark.parametrize(("steps", "tail"), [(1, 0), (8, 4), (40, 20), (41, 20), (1000, 20)])
def test_the_last_steps_are_at_most_half_of_the_run(steps, tail):
    assert tail_length(steps) == tail


def oscillates(positions, loss, optimizer="gd"):
    path = np.zeros((1, len(positions), 2))
    path[0, :, 0] = positions
    return bool(is_oscillating(FACTS, losses.OPTIMIZERS[optimizer], path, np.array(loss, dtype=float)[None]))


def test_a_run_oscillates_if_it_turns_back_and_stalls():
    to_and_fro, up_and_down = np.arange(12) % 2, 5.0 + np.arange(12) % 2
    assert oscillates(to_and_fro, up_and_down)
    assert not oscillates(np.arange(12), up_and_down)  # it turns nowhere
    assert not oscillates(to_and_fro, 9.0 - np.arange(12))  # it falls at every step
    assert not oscillates(to_and_fro, np.append(up_and_down[:-1], 3.0))  # progress
    assert not oscillates(to_and_fro, np.append(up_and_down[:-1], 8.0))  # a higher jump
    assert not oscillates(np.zeros(12), up_and_down)  # it stands still
    assert oscillates(to_and_fro[:9], up_and_down[:9])
    assert not oscillates(to_and_fro[:7], up_and_down[:7])  # too short
    assert not oscillates(to_and_fro, up_and_down, "momentum")  # inertia swings on its way
    assert not oscillates(to_and_fro, up_and_down, "sgd")  # mini-batches stray on their way
    assert not oscillates(np.arange(12) // 2, up_and_down)  # it stands still at every other step


def test_a_run_whose_jumps_get_smaller_does_not_oscillate():
    to_and_fro, up_and_down = np.arange(12) % 2, 5.0 + np.arange(12) % 2
    assert oscillates(to_and_fro * 0.95 ** np.arange(12), up_and_down)
    assert not oscillates(to_and_fro * 0.8 ** np.arange(12), up_and_down)
    run = losses.descend(losses.test_function("bowl"), "momentum", rate=1.0, steps=60)
    assert run.outcome.name == "RUNNING"
    assert losses.descend(run.problem, "momentum", rate=1.0, steps=600).outcome.name == "CONVERGED"


def test_progress_is_that_of_the_second_half_beside_the_whole():
    to_and_fro, up_and_down = np.arange(12) % 2, 5.0 + np.arange(12) % 2
    assert oscillates(to_and_fro, [7, 8, 7, 8, 7, 5, 6, 5, 6, 5, 6, 5])  # all of it in the first half
    assert not oscillates(to_and_fro, [*up_and_down[:-1], 4.995])
    assert oscillates(to_and_fro, [1e3, *up_and_down[1:-1], 4.995])
    assert oscillates(to_and_fro, [*(1e4 * to_and_fro[:-1]), 1e4 + 1e-3])  # as high as the jumps before
    assert not oscillates(to_and_fro, [*(1e4 * to_and_fro[:-1]), 1e4 + 1.0])


def is_plateau(place, problem=None, candidate=True, **earlier):
    """Return the rule's answer to a run that stands still at a place.

    ``earlier`` are losses above that of the place, by the number of steps before the end: ``before_5=1.5``.
    """
    problem = problem or FUNNEL
    path, gradients = np.tile(np.array(place, dtype=float), (1, 12, 1)), np.full((1, 12, 2), 1e9)
    gradients[:, -1] = problem.gradient(path[:, -1])
    loss = problem.value(path).copy()
    for name, height in earlier.items():
        loss[0, -1 - int(name.removeprefix("before_"))] += height
    return bool(is_on_plateau(arrival_facts(problem), path, loss, gradients, np.array([candidate]))[0])


def test_a_plateau_has_a_way_down_but_no_slope_and_no_progress():
    assert is_plateau((2.5, 0.0))
    assert not is_plateau((2.2, 0.0))  # a slope of 17 over half the window, which leads down by 99
    assert not is_plateau((2.5, 0.0), candidate=False)
    assert is_plateau((2.5, 0.0), before_5=0.9)
    assert not is_plateau((2.5, 0.0), before_5=1.1)
    assert is_plateau((2.5, 0.0), before_6=1.1)  # before the last steps
    assert not is_plateau((2.5, 0.0), before_11=1e9)  # beside such a descent it is the bottom


def test_level_ground_is_a_plateau_if_the_loss_is_known_to_be_lower():
    assert is_plateau((12.0, 0.0))
    assert is_plateau((12.0, 0.0), before_11=9e3)
    assert not is_plateau((12.0, 0.0), before_11=1.1e4)
    bottom_of_a_ripple = (38.0 * np.pi / 10.0, 0.0)
    assert is_plateau(bottom_of_a_ripple, RIPPLED)
    assert not is_plateau(bottom_of_a_ripple, RUGGED)


def test_a_count_of_mistakes_is_a_plateau_although_it_jumps_nearby():
    mistakes, place = losses.problem("spam", "logistic", "zero_one", standardize=True), np.array([-4.0, -8.0])
    loss, scale = mistakes.value(place), arrival_facts(mistakes).half_window
    assert way_down(mistakes, place[None], loss[None], np.zeros((1, 2)), scale) == 0.0
    assert not is_level(mistakes, place[None], loss[None], scale, np.array([1e-3]))[0]
    assert is_plateau(place, mistakes)
