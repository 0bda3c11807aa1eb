"""Blocks 3 and 4: valleys, saddles, ravines, and a race."""

from typing import Final

from losses.core.messages import say

from . import quantities
from .lesson import Lesson

LESSONS: Final = (
    Lesson(
        key="twovalleys",
        title=say("The start decides"),
        block=3,
        link="data=outlier&model=neuron&rate=0.2&steps=200&k=0&start=-0.4,0.9",
        text=say(
            "One neuron, v · tanh(w x). Turn both signs and it says the same: the landscape has two valleys, mirrored, "
            "and a pass between them."
        ),
        question=say("In which valley will the run from ({from_w}, {from_v}) end?"),
        choices=(say("On the left, w < 0"), say("On the right, w > 0")),
        right=1,
        drag=say("Move the start until it changes its mind."),
        reveal=say("At ({w}, {v}), loss {loss}: the mirrored valley is exactly as low."),
        aha=say("Downhill is local: the start decides."),
        note=say("Paint the basins with the button on the map. Ask where the border runs and why."),
        numbers=quantities.valley,
    ),
    Lesson(
        key="saddle",
        title=say("Flat is not low"),
        block=3,
        link="data=saddle&rate=0.1&steps=90&k=0&start=1,0.001",
        text=say(
            "A saddle: down one way, up the other. On the ridge the slope points exactly to the middle, where it "
            "vanishes. The start is {offset} beside the ridge."
        ),
        question=say("What happens near the middle?"),
        choices=(say("It stops there"), say("It slows down, then leaves")),
        right=1,
        drag=say("Start only 0.000001 beside the ridge."),
        reveal=say(
            "At rate {rate} the offset grows {growth} times a step: 1 after {thousandth} steps, from 0.000001 after {hair}."
        ),
        aha=say("Flat is not low: a hair's offset is enough."),
        note=say(
            "In many dimensions saddles are far more common than pits. Momentum and noise leave them too."
        ),
        numbers=quantities.escape,
    ),
    Lesson(
        key="ravine",
        title=say("The ravine"),
        block=4,
        link="data=ravine&rate=0.0392&steps=120&k=0&race=momentum&fair=1",
        text=say(
            "This valley is {kappa} times steeper across than along. A rate that is safe across is slow along, so descent "
            "zigzags. Momentum remembers where it was going. Count until a hundredth of the distance is left."
        ),
        question=say("How many steps does momentum save?"),
        choices=(say("None"), say("About half"), say("About three quarters")),
        right=2,
        drag=say("Behind momentum, set β to {beta}."),
        reveal=say(
            "At its best rate gradient descent takes {gd} steps; momentum takes {heavy}, with β = {beta} and rate {rate}."
        ),
        aha=say("Momentum pays the square root of the ravine."),
        note=say("The best β belongs to this κ. Too much memory overshoots: let them find where."),
        numbers=quantities.ravine,
    ),
    Lesson(
        key="scaling",
        title=say("Change the ruler"),
        block=4,
        link="data=scaling&vs=standardized&steps=100&k=0",
        text=say(
            "An input between {low} and {high} beside an intercept: in raw units on the left, in standard deviations from "
            "the mean on the right. The same data, the same model."
        ),
        question=say("How much steeper across than along is the raw valley?"),
        choices=(say("About 10 times"), say("About 1,000 times"), say("More than 10,000 times")),
        right=2,
        drag=say("Switch Standardize behind the data; drag the rate."),
        reveal=say(
            "{raw} times; standardized, {round}. The largest stable rate rises from {raw_rate} to {round_rate}."
        ),
        aha=say("Standardize first: the ravine came from the ruler."),
        note=say("Nothing about the data changed. Only the ruler did: its unit and its zero."),
        numbers=quantities.units,
    ),
    Lesson(
        key="race",
        title=say("Ten steps or fewer"),
        block=4,
        link="data=ravine&rate=0.03&steps=60&k=60",
        text=say(
            "The challenge: reach the minimum in ten steps or fewer. Anything goes: the rate, the start, the optimizer. "
            "Then share the link."
        ),
        question=say("Can gradient descent do it from ({from_x}, {from_y}), with the right rate?"),
        choices=(say("Yes"), say("No, it needs more than ten")),
        right=1,
        drag=say("Drag the rate or the start."),
        reveal=say(
            "The best rate, {best_rate}, takes {best_steps} steps. Newton's method takes one; starting at the answer, none."
        ),
        aha=say("The right method beats the right rate."),
        note=say("Collect the links. Ask for each: is it better, or luckier?"),
        numbers=quantities.challenge,
    ),
)
