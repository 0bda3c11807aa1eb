"""Block 2: classification: cross-entropy and what goes wrong with squared error."""

from typing import Final

from losses.core.messages import message

from . import quantities
from .lesson import Lesson

TITLE: Final = message("Scoring a yes or no")
LESSONS: Final = (
    Lesson(
        key="confident",
        title=message("Confident and wrong"),
        block=2,
        minutes=5,
        link="data=spam&view=lens&k=0&start=-6,3",
        text=message(
            "What one message costs depends on the probability that the model gives to the truth. "
            "At 0.99 cross-entropy costs only {sure}."
        ),
        question=message("What does it cost to give the truth only 0.01?"),
        choices=(message("About 1"), message("About 4.6"), message("About 100")),
        correct_choice=1,
        drag=message("In the loss lens, drag a message up the wall to 0.01."),
        reveal=message(
            "−ln 0.01 is {wrong}. Squared error would charge {square}, and hardly more for any other mistake."
        ),
        aha=message("Cross-entropy punishes confident mistakes without limit."),
        note=message(
            "The wall is −log p. Ask what p = 0 would cost, and why a model should never say never."
        ),
        quantities=quantities.cross_entropy_costs,
        hero="detail",
        views=("detail", "data"),
    ),
    Lesson(
        key="mismatch",
        title=message("The wrong loss derails training"),
        block=2,
        minutes=5,
        link="data=spam&vs=mse&start=-6,6&rate=1&steps=200&k=0",
        text=message(
            "The same data, the same model, the same start: cross-entropy on the left, squared error of the "
            "probability on the right. The start ({from_w}, {from_b}) is confident and wrong."
        ),
        question=message("Which arrives within {last} steps?"),
        choices=(message("Both"), message("Only cross-entropy"), message("Only squared error")),
        correct_choice=1,
        drag=message("Drag the start out and back."),
        reveal=message(
            "From ({from_w}, {from_b}) cross-entropy takes {steps} steps. Squared error stays at {left}: at "
            "score {score} its slope is {times} times weaker."
        ),
        aha=message("Not stuck in a hole: sitting on a flat roof."),
        note=message("Look at the slope underfoot, not at the height. A flat place is not a low place."),
        quantities=quantities.saturated_squared_error,
        hero="landscape",
        views=("landscape", "data", "detail"),
    ),
    Lesson(
        key="ten",
        title=message("Ten classes"),
        block=2,
        minutes=5,
        link="data=digits&view=bars&steps=40&k=0",
        text=message(
            "Real digits, {parameters} parameters. The map is only a slice; the descent runs in all. Only "
            "the bar of the true class counts. At the start each gets a tenth: pure guessing, and it costs "
            "{start}."
        ),
        question=message("What would guessing among a hundred classes cost?"),
        choices=(message("Ten times as much"), message("Twice as much"), message("Just as much")),
        correct_choice=1,
        drag=message("Drag the rate to {fast_rate}, then press Play."),
        reveal=message(
            "Guessing costs the logarithm of the number of classes: {hundred}. {steps} steps at {rate} reach "
            "{end}; at {fast_rate}, {fast}."
        ),
        aha=message("{start} is ln 10: what not knowing costs."),
        note=message(
            "The loss of guessing stands on the page before the answer: ask where it comes from. Then: what "
            "does guessing among two cost (ln 2 = 0.69), and what would a loss above ln 10 mean? Behind the "
            "model there are other slices."
        ),
        quantities=quantities.uniform_guess,
        hero="detail",
        views=("detail", "data", "landscape"),
    ),
)
