"""Block 3: losses that are not convex: two minima and a saddle point."""

from typing import Final

from losses.core.messages import message

from .lesson import Lesson

TITLE: Final = message("Hills with more than one bottom")
LESSONS: Final = (
    Lesson(
        key="mirror",
        old_keys=("twovalleys",),
        title=message("Left or right"),
        block=3,
        minutes=8,
        link="data=outlier&model=neuron&rate=0.05&steps=200&k=0&start=-0.4,0.9&basins=1",
        text=message(
            "One neuron: v · tanh(w x). Flip both signs and it predicts the same. So there are two "
            "mirrored valleys with a pass between them."
        ),
        question=message("In which valley will the run from ({from_w}, {from_v}) end?"),
        choices=(message("The left one"), message("The right one"), message("Neither: on the pass")),
        correct_choice=1,
        drag=message("Move the start into the other color."),
        reveal=message(
            "It ends at ({w}, {v}), loss {end_loss}. Downhill leads across w = 0 first. The other valley "
            "is just as low."
        ),
        aha=message("Downhill is local: the start decides."),
        note=message("The colors show where each start ends. Ask where the border runs and why."),
        quantities=("start", "run", "end"),
        hero="map",
        views=("map", "landscape"),
    ),
    Lesson(
        key="ridge",
        old_keys=("saddle",),
        title=message("On the ridge"),
        block=3,
        minutes=7,
        link="data=saddle&rate=0.1&steps=42&k=0&start=1,0.001",
        text=message(
            "A saddle: up one way, down the other. The ridge leads down to the middle, where it is flat. "
            "The run starts {offset} beside the ridge."
        ),
        question=message("After how many steps is it 1 away?"),
        choices=(
            message("Never"),
            message("About 40"),
            message("About 1\u202f000"),
        ),
        correct_choice=1,
        drag=message("Start 0.000001 beside the ridge and take {enough} steps."),
        reveal=message(
            "Each step makes the distance {growth} times as large: {escape} steps. From 0.000001 it takes "
            "{closer}, only twice as many."
        ),
        aha=message("Flat is not low: a hair's breadth is enough."),
        note=message(
            "In many dimensions saddles are far more common than pits. Momentum and noise leave them too. "
            "The number of steps is in the menu of the optimizer."
        ),
        quantities=("saddle_escape",),
        hero="landscape",
        views=("landscape", "map"),
    ),
)
