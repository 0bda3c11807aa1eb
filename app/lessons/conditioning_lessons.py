"""Block 4: condition number: momentum, standardization and a race."""

from typing import Final

from losses.core.messages import message

from .lesson import Lesson

TITLE: Final = message("Long, narrow valleys")
LESSONS: Final = (
    Lesson(
        key="memory",
        old_keys=("ravine",),
        title=message("A step with memory"),
        block=4,
        minutes=5,
        link="data=ravine&rate=0.039&steps=400&k=0&race=momentum:momentum=0.566:rate=0.0614&fair=0",
        text=message(
            "This valley is {condition} times steeper across than along. Gradient descent zigzags across "
            "it. Momentum also remembers its last step. A flag marks where each run arrives."
        ),
        question=message("How many steps does momentum save?"),
        choices=(message("None"), message("About half"), message("Four out of five")),
        correct_choice=2,
        drag=message("Click “momentum” and raise β. When does it overshoot?"),
        reveal=message(
            "Gradient descent takes {steps} steps at its best rate, {rate}. Momentum takes {rival}."
        ),
        aha=message("Across the valley the steps cancel. Along it they add up."),
        note=message(
            "The best β belongs to this valley. Too much memory overshoots: let them find where. In "
            "theory the steps grow with the steepness, those of momentum only with its square root."
        ),
        quantities=("run", "race"),
        hero="map",
        views=("map", "landscape", "detail"),
    ),
    Lesson(
        key="units",
        old_keys=("scaling",),
        title=message("Raw and standardized"),
        block=4,
        minutes=5,
        link="data=scaling&vs=standardized&steps=100&k=0",
        text=message(
            "The input runs from {low} to {high}. Left: as measured. Right: in standard deviations from "
            "its mean. The same data, the same model."
        ),
        question=message("How many times steeper is the raw valley across than along?"),
        choices=(
            message("About 10 times"),
            message("About 1\u202f000 times"),
            message("More than 10\u202f000 times"),
        ),
        correct_choice=2,
        drag=message("Drag the rate up to its limit."),
        reveal=message(
            "Raw: {raw} times. Standardized: {round}. The largest stable rate rises from {raw_rate} to "
            "{round_rate}."
        ),
        aha=message("Standardize first: the ravine came from the ruler."),
        note=message("Nothing about the data changed. Only the ruler did: its unit and its zero."),
        quantities=("units",),
        hero="map",
        views=("map", "landscape"),
    ),
    Lesson(
        key="challenge",
        old_keys=("race",),
        title=message("Ten steps"),
        block=4,
        minutes=5,
        link="data=ravine&rate=0.039&steps=400&k=0&race=newton:rate=1&fair=0",
        text=message(
            "The challenge: reach the minimum in ten steps or fewer, with any rate, start and optimizer. "
            "But first a question."
        ),
        question=message("Can gradient descent do it from ({from_x}, {from_y}) with the right rate?"),
        choices=(
            message("Yes, just below the limit"),
            message("No"),
            message("Yes, at half the limit"),
        ),
        correct_choice=1,
        drag=message("Now you: ten steps or fewer."),
        reveal=message("At its best rate, {rate}, it takes {steps} steps. Newton's method takes {rival}."),
        aha=message("The right method beats the right rate."),
        note=message("Collect the links. Ask for each: is it better, or luckier?"),
        quantities=("start", "run", "race"),
        hero="map",
        views=("map", "landscape", "detail"),
    ),
)
