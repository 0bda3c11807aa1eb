"""Blocks 1 and 2: descent, and what a loss does to it."""

from typing import Final

from losses.core.messages import message

from . import quantities
from .lesson import Lesson

LESSONS: Final = (
    Lesson(
        key="bowl",
        title=message("A loss is a place"),
        block=1,
        link="data=icecream&fog=1&steps=1&k=0&start=-1,2.5",
        text=message(
            "Every line is a place on this map: slope to the right, intercept upward. The ground is as high as the line "
            "is wrong. Try some places in the fog."
        ),
        question=message("What will the ground look like when the fog lifts?"),
        choices=(message("One smooth bowl"), message("Many pits"), message("A flat plain with one hole")),
        correct_choice=0,
        drag=message("Drag the ring."),
        reveal=message("Lowest at w = {w}, b = {b}: no line has less loss than {loss}."),
        aha=message("The tries draw the bowl: a loss is a place."),
        note=message(
            "Let them walk by hand for three minutes before anyone says gradient. Squared error of a line is always one bowl."
        ),
        quantities=quantities.at_optimum,
        follows_edits=True,
    ),
    Lesson(
        key="step",
        title=message("One step downhill"),
        block=1,
        link="data=icecream&rate=0.2&steps=20&k=0&start=-1,2.5",
        text=message(
            "A blindfolded hiker feels the slope under the feet and steps downhill: the learning rate times the slope. "
            "Here the rate is {rate} and the slope is {slope}."
        ),
        question=message("Where will the next step land?"),
        target=quantities.landing_point,
        drag=message("Then drag the learning rate and watch the landing."),
        reveal=message(
            "At {rate} it lands at w = {w}, b = {b}: {first} away from the start. The tenth step is only {tenth} long."
        ),
        aha=message("Steps shrink by themselves, because the slope does."),
        note=message(
            "Point at the filled-in update. The rate never changed; the slope did. Far to the right on the slider the steps "
            "grow instead: the next lesson asks why."
        ),
        quantities=quantities.first_step,
    ),
    Lesson(
        key="goldilocks",
        title=message("Not too small, not too large"),
        block=1,
        link="data=icecream&rate=0.4&steps=200&k=0&start=-1,2.5&view=rates",
        text=message(
            "The learning rate has a best value, and a limit beyond which the run climbs out of the bowl. "
            "Once you have answered, the slider shows both: green up to the best, red beyond the limit."
        ),
        question=message("Which of these four rates never arrives?"),
        choices=(message("0.03"), message("0.40"), message("0.66"), message("0.70")),
        correct_choice=3,
        drag=message("Try all four on the rate slider."),
        reveal=message(
            "The limit is 2/L = {limit}. 0.40 takes {middle} steps, 0.03 takes {slow}, 0.66, at the edge, {last}."
        ),
        aha=message("A sharp edge: 0.66 arrives, 0.70 never does."),
        note=message(
            "The limit is exact for this bowl only. On other losses the page calls it local, or a bound."
        ),
        quantities=quantities.stability_limit,
    ),
    Lesson(
        key="outlier",
        title=message("Big errors shout"),
        block=1,
        link="data=icecream&edit=19:-8&vs=mae&steps=200&k=200&start=0,0&rate=0.1",
        text=message(
            "On the warmest day someone typed {typed}. Squared error is on the left, absolute error on the right: "
            "the same data, two landscapes."
        ),
        question=message("Without the mistake the slope is {clean_mse}. Which loss keeps closer?"),
        choices=(message("Squared error"), message("Absolute error"), message("Both alike")),
        correct_choice=1,
        drag=message("Drag the bad point."),
        reveal=message(
            "Squared error tilts the line to {bad_mse}; absolute error keeps {bad_mae}. That point is {share} % of the old "
            "line's squared error."
        ),
        aha=message("One big mistake outshouts all others."),
        note=message("Ask which point they would delete, and who decides that it is a mistake."),
        quantities=quantities.outlier_effect,
        follows_edits=True,
    ),
    Lesson(
        key="confident",
        title=message("Confident and wrong"),
        block=2,
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
    ),
    Lesson(
        key="mismatch",
        title=message("The wrong loss derails training"),
        block=2,
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
            "From ({from_w}, {from_b}) cross-entropy takes {steps} steps. Squared error stays at {left}: at score {score} its "
            "slope is {times} times weaker."
        ),
        aha=message("Not stuck in a hole: sitting on a flat roof."),
        note=message("Look at the slope underfoot, not at the height. A flat place is not a low place."),
        quantities=quantities.saturated_squared_error,
    ),
    Lesson(
        key="ten",
        title=message("Ten classes"),
        block=2,
        link="data=digits&view=bars&steps=40&k=0",
        text=message(
            "Real digits, {parameters} parameters. The map is only a slice; the descent runs in all. Only the bar of the "
            "true class counts. At the start each gets a tenth: pure guessing, and it costs {start}."
        ),
        question=message("What would guessing among a hundred classes cost?"),
        choices=(message("Ten times as much"), message("Twice as much"), message("Just as much")),
        correct_choice=1,
        drag=message("Drag the rate to {fast_rate}, then press Play."),
        reveal=message(
            "Guessing costs the logarithm of the number of classes: {hundred}. {steps} steps at {rate} reach {end}; at "
            "{fast_rate}, {fast}."
        ),
        aha=message("{start} is ln 10: what not knowing costs."),
        note=message(
            "The loss of guessing stands on the page before the answer: ask where it comes from. Then: what does guessing "
            "among two cost (ln 2 = 0.69), and what would a loss above ln 10 mean? Behind the model there are other slices."
        ),
        quantities=quantities.uniform_guess,
    ),
)
