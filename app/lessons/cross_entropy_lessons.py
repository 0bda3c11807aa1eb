"""Block 2: classification: cross-entropy and what goes wrong with squared error."""

from typing import Final

from losses.core.messages import message

from .lesson import Lesson

TITLE: Final = message("Scoring a yes or no")
LESSONS: Final = (
    Lesson(
        key="price",
        old_keys=("confident",),
        title=message("The price of an answer"),
        block=2,
        minutes=5,
        link="data=spam&view=lens&k=0&start=-6,3",
        text=message(
            "What one message costs depends on the probability that the model gives the right answer. At "
            "0.99, cross-entropy charges only {sure}."
        ),
        question=message("What does it charge if the right answer gets only 0.01?"),
        choices=(message("About 1"), message("About 4.6"), message("About 100")),
        correct_choice=1,
        drag=message("In the loss lens, drag a dot left to 0.01."),
        reveal=message(
            "It charges −ln 0.01 = {wrong}. Squared error would charge {square}, and never more than 1."
        ),
        aha=message("Cross-entropy punishes confident mistakes without limit."),
        note=message(
            "The wall is −log p. Ask what p = 0 would cost, and why a model should never say never."
        ),
        quantities=("costs_of_a_probability",),
        asking_view="lens",
        plays=False,
        hero="detail",
        views=("detail", "data"),
    ),
    Lesson(
        key="inbox",
        old_keys=("mismatch",),
        title=message("Two losses, one start"),
        block=2,
        minutes=5,
        link="data=spam&vs=mse&start=-6,6&rate=1&steps=200&k=0",
        text=message(
            "A spam filter, trained twice from the same start. Left: cross-entropy. Right: squared error "
            "of the probability. At ({from_w}, {from_b}) it is sure of itself, and mostly wrong."
        ),
        question=message("Which arrives within {last} steps?"),
        choices=(message("Both"), message("Only cross-entropy"), message("Only squared error")),
        correct_choice=1,
        drag=message("Drag the ring toward the middle, and back."),
        reveal=message(
            "Cross-entropy arrives after {steps} steps. Squared error starts on a slope {times} times "
            "weaker. After {last} steps it gets {mistakes} of {examples} messages wrong."
        ),
        aha=message("Not stuck in a hole: sitting on a flat roof."),
        note=message("Look at the slope, not at the height. A flat place is not a low place."),
        quantities=("start", "run", "compared_slope"),
        hero="landscape",
        views=("landscape", "data", "detail"),
    ),
    Lesson(
        key="handwriting",
        old_keys=("ten",),
        title=message("Ten digits"),
        block=2,
        minutes=5,
        link="data=digits&view=bars&steps=40&k=0&rate=0.3",
        text=message(
            "Handwritten digits, {parameters} parameters. The bars are the model's answer for one digit; "
            "only the true digit's bar matters. At the start it only guesses: each bar is a tenth. That "
            "costs {start_loss}."
        ),
        question=message("What would guessing among 100 classes cost?"),
        choices=(message("Ten times as much"), message("Twice as much"), message("Just as much")),
        correct_choice=1,
        drag=message("Drag the rate and watch the bars."),
        reveal=message(
            "It is the logarithm of the number of classes: ln 100 = {hundred}. {last} steps bring these "
            "digits to {end_loss}."
        ),
        aha=message("{start_loss} = ln 10: the price of knowing nothing."),
        note=message(
            "The loss of guessing stands on the page before the answer: ask where it comes from. Then: "
            "what does guessing among two cost (ln 2 = 0.69), and what would a loss above ln 10 mean? "
            "Behind the model there are other slices."
        ),
        quantities=("start", "run", "guessing"),
        asking_view="bars",
        hero="detail",
        views=("detail", "data", "landscape"),
    ),
)
