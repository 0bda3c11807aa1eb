"""The rules of outcomes on runs made by hand, on both sides of each condition."""

import numpy as np
import pytest

import losses
from losses.descent.arrival import arrival_facts
from losses.descent.convergence import is_diverging, is_oscillating, tail_length

HIMMELBLAU = losses.test_function("himmelblau")
FACTS = arrival_facts(HIMMELBLAU)


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
    assert diverges(loss, steps) is expected


def test_a_loss_beyond_all_measure_is_an_explosion_unless_it_falls():
    start = max(5.0, FACTS.start_loss)
    assert diverges([5, 5, 5, 2e6 * start, 2e6 * start])
    assert not diverges([5, 5, 5, 5e5 * start, 5e5 * start])
    assert not diverges([5, 9e6 * start, 6e6 * start, 4e6 * start, 3e6 * start])
    assert diverges([5, 9e6 * start, 6e6 * start, 7e6 * start, 5e6 * start])


def test_only_steps_in_proportion_to_the_slope_fly_apart():
    assert diverges([5, 4, 6, 7, 9])
    assert not diverges([5, 4, 6, 7, 9], optimizer="adam")
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
    assert not oscillates(to_and_fro[:7], up_and_down[:7])  # too short
    assert not oscillates(to_and_fro, up_and_down, "momentum")  # inertia swings on its way
