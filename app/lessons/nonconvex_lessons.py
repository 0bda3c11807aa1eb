"""Blocks 3 and 4: valleys, saddles, ravines, and a race."""

from typing import Final

from losses.core.messages import message

from . import quantities
from .lesson import Lesson

LESSONS: Final = (
    Lesson(
        key="twovalleys",
        title=message("The start decides"),
        block=3,
        link="data=outlier&model=neuron&rate=0.2&steps=200&k=0&start=-0.4,0.9",
        text=message(
            "One neuron, v · tanh(w x). Turn both signs and it says the same: the landscape has two valleys, mirrored, "
            "and a pass between them."
        ),
        question=message("In which valley will the run from ({from_w}, {from_v}) end?"),
        choices=(message("On the left, w < 0"), message("On the right, w > 0")),
        correct_choice=1,
        drag=message("Move the start until it changes its mind."),
        reveal=message("At ({w}, {v}), loss {loss}: the mirrored valley is exactly as low."),
        aha=message("Downhill is local: the start decides."),
        note=message("Paint the basins with the button on the map. Ask where the border runs and why."),
        quantities=quantities.end_point,
    ),
    Lesson(
        key="saddle",
        title=message("Flat is not low"),
        block=3,
        link="data=saddle&rate=0.1&steps=90&k=0&start=1,0.001",
        text=message(
            "A saddle: down one way, up the other. On the ridge the slope points exactly to the middle, where it "
            "vanishes. The start is {offset} beside the ridge."
        ),
        question=message("What happens near the middle?"),
        choices=(message("It stops there"), message("It slows down, then leaves")),
        correct_choice=1,
        drag=message("Start only 0.000001 beside the ridge."),
        reveal=message(
            "At rate {rate} the offset grows {growth} times a step: 1 after {thousandth} steps, from 0.000001 after {hair}."
        ),
        aha=message("Flat is not low: a hair's offset is enough."),
        note=message(
            "In many dimensions saddles are far more common than pits. Momentum and noise leave them too."
        ),
        quantities=quantities.saddle_escape,
    ),
    Lesson(
        key="ravine",
        title=message("The ravine"),
        block=4,
        link="data=ravine&rate=0.0392&steps=120&k=0&race=momentum&fair=1",
        text=message(
            "This valley is {kappa} times steeper across than along. A rate that is safe across is slow along, so descent "
            "zigzags. Momentum remembers where it was going. Count until a hundredth of the distance is left."
        ),
        question=message("How many steps does momentum save?"),
        choices=(message("None"), message("About half"), message("About three quarters")),
        correct_choice=2,
        drag=message("Behind momentum, set β to {beta}."),
        reveal=message(
            "At its best rate gradient descent takes {gd} steps; momentum takes {heavy}, with β = {beta} and rate {rate}."
        ),
        aha=message("Momentum pays the square root of the ravine."),
        note=message("The best β belongs to this κ. Too much memory overshoots: let them find where."),
        quantities=quantities.momentum_speedup,
    ),
    Lesson(
        key="scaling",
        title=message("Change the ruler"),
        block=4,
        link="data=scaling&vs=standardized&steps=100&k=0",
        text=message(
            "An input between {low} and {high} beside an intercept: in raw units on the left, in standard deviations from "
            "the mean on the right. The same data, the same model."
        ),
        question=message("How much steeper across than along is the raw valley?"),
        choices=(message("About 10 times"), message("About 1,000 times"), message("More than 10,000 times")),
        correct_choice=2,
        drag=message("Switch Standardize behind the data; drag the rate."),
        reveal=message(
            "{raw} times; standardized, {round}. The largest stable rate rises from {raw_rate} to {round_rate}."
        ),
        aha=message("Standardize first: the ravine came from the ruler."),
        note=message("Nothing about the data changed. Only the ruler did: its unit and its zero."),
        quantities=quantities.unit_conditioning,
    ),
    Lesson(
        key="race",
        title=message("Ten steps or fewer"),
        block=4,
        link="data=ravine&rate=0.03&steps=60&k=60",
        text=message(
            "The challenge: reach the minimum in ten steps or fewer. Anything goes: the rate, the start, the optimizer. "
            "Then share the link."
        ),
        question=message("Can gradient descent do it from ({from_x}, {from_y}), with the right rate?"),
        choices=(message("Yes"), message("No, it needs more than ten")),
        correct_choice=1,
        drag=message("Drag the rate or the start."),
        reveal=message(
            "The best rate, {best_rate}, takes {best_steps} steps. Newton's method takes one; starting at the answer, none."
        ),
        aha=message("The right method beats the right rate."),
        note=message("Collect the links. Ask for each: is it better, or luckier?"),
        quantities=quantities.best_swept_rate,
    ),
)
