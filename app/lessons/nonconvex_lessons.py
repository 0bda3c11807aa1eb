"""Block 3: losses that are not convex: two minima and a saddle point."""

from typing import Final

from losses.core.messages import message

from . import quantities
from .lesson import Lesson

TITLE: Final = message("Hills with more than one bottom")
LESSONS: Final = (
    Lesson(
        key="twovalleys",
        title=message("The start decides"),
        block=3,
        minutes=8,
        link="data=outlier&model=neuron&rate=0.2&steps=200&k=0&start=-0.4,0.9",
        text=message(
            "One neuron, v · tanh(w x). Turn both signs and it says the same: the landscape has two valleys, "
            "mirrored, and a pass between them."
        ),
        question=message("In which valley will the run from ({from_w}, {from_v}) end?"),
        choices=(message("On the left, w < 0"), message("On the right, w > 0")),
        correct_choice=1,
        drag=message("Move the start until it changes its mind."),
        reveal=message("At ({w}, {v}), loss {loss}: the mirrored valley is exactly as low."),
        aha=message("Downhill is local: the start decides."),
        note=message("Paint the basins with the button on the map. Ask where the border runs and why."),
        quantities=quantities.end_point,
        hero="landscape",
        views=("landscape", "map"),
    ),
    Lesson(
        key="saddle",
        title=message("Flat is not low"),
        block=3,
        minutes=7,
        link="data=saddle&rate=0.1&steps=90&k=0&start=1,0.001",
        text=message(
            "A saddle: down one way, up the other. On the ridge the slope points exactly to the middle, "
            "where it vanishes. The start is {offset} beside the ridge."
        ),
        question=message("What happens near the middle?"),
        choices=(message("It stops there"), message("It slows down, then leaves")),
        correct_choice=1,
        drag=message("Start only 0.000001 beside the ridge."),
        reveal=message(
            "At rate {rate} the offset grows {growth} times a step: 1 after {thousandth} steps, from "
            "0.000001 after {hair}."
        ),
        aha=message("Flat is not low: a hair's offset is enough."),
        note=message(
            "In many dimensions saddles are far more common than pits. Momentum and noise leave them too."
        ),
        quantities=quantities.saddle_escape,
        hero="landscape",
        views=("landscape", "map"),
    ),
)
