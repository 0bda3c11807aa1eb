"""Block 4: condition number: momentum, standardization and a race."""

from typing import Final

from losses.core.messages import message

from . import quantities
from .lesson import Lesson

TITLE: Final = message("Long, narrow valleys")
LESSONS: Final = (
    Lesson(
        key="ravine",
        title=message("The ravine"),
        block=4,
        minutes=5,
        link="data=ravine&rate=0.039&steps=400&k=0&race=momentum:momentum=0.566:rate=0.0614&fair=0",
        text=message(
            "This valley is {kappa} times steeper across than along. A rate that is safe across is slow "
            "along, so descent zigzags. Momentum remembers where it was going. A flag marks where a run has "
            "arrived."
        ),
        question=message("How many steps does momentum save?"),
        choices=(message("None"), message("About half"), message("About three quarters")),
        correct_choice=2,
        drag=message("Click momentum and raise β. When does it overshoot?"),
        reveal=message(
            "At its best rate gradient descent takes {gd} steps; momentum takes {heavy}, with β = {beta} and "
            "rate {rate}."
        ),
        aha=message("Momentum pays the square root of the ravine."),
        note=message("The best β belongs to this κ. Too much memory overshoots: let them find where."),
        quantities=quantities.momentum_speedup,
        hero="map",
        views=("map", "landscape", "detail"),
    ),
    Lesson(
        key="scaling",
        title=message("Change the ruler"),
        block=4,
        minutes=5,
        link="data=scaling&vs=standardized&steps=100&k=0",
        text=message(
            "An input between {low} and {high} beside an intercept: in raw units on the left, in standard "
            "deviations from the mean on the right. The same data, the same model."
        ),
        question=message("How much steeper across than along is the raw valley?"),
        choices=(message("About 10 times"), message("About 1,000 times"), message("More than 10,000 times")),
        correct_choice=2,
        drag=message("Switch Standardize behind the data; drag the rate."),
        reveal=message(
            "{raw} times; standardized, {round}. The largest stable rate rises from {raw_rate} to "
            "{round_rate}."
        ),
        aha=message("Standardize first: the ravine came from the ruler."),
        note=message("Nothing about the data changed. Only the ruler did: its unit and its zero."),
        quantities=quantities.unit_conditioning,
        hero="map",
        views=("map", "landscape"),
    ),
    Lesson(
        key="race",
        title=message("Ten steps or fewer"),
        block=4,
        minutes=5,
        link="data=ravine&rate=0.03&steps=60&k=60",
        text=message(
            "The challenge: reach the minimum in ten steps or fewer. Anything goes: the rate, the start, the "
            "optimizer. Then share the link."
        ),
        question=message("Can gradient descent do it from ({from_x}, {from_y}), with the right rate?"),
        choices=(message("Yes"), message("No, it needs more than ten")),
        correct_choice=1,
        drag=message("Drag the rate or the start."),
        reveal=message(
            "The best rate, {best_rate}, takes {best_steps} steps. Newton's method takes one; starting at "
            "the answer, none."
        ),
        aha=message("The right method beats the right rate."),
        note=message("Collect the links. Ask for each: is it better, or luckier?"),
        quantities=quantities.best_swept_rate,
        hero="map",
        views=("map", "landscape", "detail"),
    ),
)
