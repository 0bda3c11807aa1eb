"""Blocks 1 and 2: descent, and what a loss does to it."""

from typing import Final

from losses.core.messages import say

from . import quantities
from .lesson import Lesson

LESSONS: Final = (
    Lesson(
        key="bowl",
        title=say("A loss is a place"),
        block=1,
        link="data=icecream&fog=1&steps=1&k=0&start=-1,2.5",
        text=say(
            "Every line is a place on this map: slope to the right, intercept upward. The ground is as high as the line "
            "is wrong. Try some places in the fog."
        ),
        question=say("What will the ground look like when the fog lifts?"),
        choices=(say("One smooth bowl"), say("Many pits"), say("A flat plain with one hole")),
        right=0,
        drag=say("Drag the ring."),
        reveal=say("Lowest at w = {w}, b = {b}: no line has less loss than {loss}."),
        aha=say("The tries draw the bowl: a loss is a place."),
        note=say(
            "Let them walk by hand for three minutes before anyone says gradient. Squared error of a line is always one bowl."
        ),
        numbers=quantities.at_optimum,
        dragged=True,
    ),
    Lesson(
        key="step",
        title=say("One step downhill"),
        block=1,
        link="data=icecream&rate=0.2&steps=20&k=0&start=-1,2.5",
        text=say(
            "A blindfolded hiker feels the slope under the feet and steps downhill: the learning rate times the slope. "
            "Here the rate is {rate} and the slope is {slope}."
        ),
        question=say("Where will the next step land?"),
        target=quantities.landing,
        drag=say("Then drag the learning rate and watch the landing."),
        reveal=say(
            "At {rate} it lands at w = {w}, b = {b}: {first} away from the start. The tenth step is only {tenth} long."
        ),
        aha=say("Steps shrink by themselves, because the slope does."),
        note=say(
            "Point at the filled-in update. The rate never changed; the slope did. Far to the right on the slider the steps "
            "grow instead: the next lesson asks why."
        ),
        numbers=quantities.first_step,
    ),
    Lesson(
        key="goldilocks",
        title=say("Not too small, not too large"),
        block=1,
        link="data=icecream&rate=0.4&steps=200&k=0&start=-1,2.5&view=rates",
        text=say(
            "The learning rate has a best value, and a limit beyond which the run climbs out of the bowl. "
            "Once you have answered, the slider shows both: green up to the best, red beyond the limit."
        ),
        question=say("Which of these four rates never arrives?"),
        choices=(say("0.03"), say("0.40"), say("0.66"), say("0.70")),
        right=3,
        drag=say("Try all four on the rate slider."),
        reveal=say(
            "The limit is 2/L = {limit}. 0.40 takes {middle} steps, 0.03 takes {slow}, 0.66, at the edge, {last}."
        ),
        aha=say("A sharp edge: 0.66 arrives, 0.70 never does."),
        note=say(
            "The limit is exact for this bowl only. On other losses the page calls it local, or a bound."
        ),
        numbers=quantities.edge,
    ),
    Lesson(
        key="outlier",
        title=say("Big errors shout"),
        block=1,
        link="data=icecream&edit=19:-8&vs=mae&steps=200&k=200&start=0,0&rate=0.1",
        text=say(
            "On the warmest day someone typed {typed}. Squared error is on the left, absolute error on the right: "
            "the same data, two landscapes."
        ),
        question=say("Without the mistake the slope is {clean_mse}. Which loss keeps closer?"),
        choices=(say("Squared error"), say("Absolute error"), say("Both alike")),
        right=1,
        drag=say("Drag the bad point."),
        reveal=say(
            "Squared error tilts the line to {bad_mse}; absolute error keeps {bad_mae}. That point is {share} % of the old "
            "line's squared error."
        ),
        aha=say("One big mistake outshouts all others."),
        note=say("Ask which point they would delete, and who decides that it is a mistake."),
        numbers=quantities.bad_point,
        dragged=True,
    ),
    Lesson(
        key="confident",
        title=say("Confident and wrong"),
        block=2,
        link="data=spam&view=lens&k=0&start=-6,3",
        text=say(
            "What one message costs depends on the probability that the model gives to the truth. "
            "At 0.99 cross-entropy costs only {sure}."
        ),
        question=say("What does it cost to give the truth only 0.01?"),
        choices=(say("About 1"), say("About 4.6"), say("About 100")),
        right=1,
        drag=say("In the loss lens, drag a message up the wall to 0.01."),
        reveal=say(
            "−ln 0.01 is {wrong}. Squared error would charge {square}, and hardly more for any other mistake."
        ),
        aha=say("Cross-entropy punishes confident mistakes without limit."),
        note=say("The wall is −log p. Ask what p = 0 would cost, and why a model should never say never."),
        numbers=quantities.costs,
    ),
    Lesson(
        key="mismatch",
        title=say("The wrong loss derails training"),
        block=2,
        link="data=spam&vs=mse&start=-6,6&rate=1&steps=200&k=0",
        text=say(
            "The same data, the same model, the same start: cross-entropy on the left, squared error of the "
            "probability on the right. The start ({from_w}, {from_b}) is confident and wrong."
        ),
        question=say("Which arrives within {last} steps?"),
        choices=(say("Both"), say("Only cross-entropy"), say("Only squared error")),
        right=1,
        drag=say("Drag the start out and back."),
        reveal=say(
            "From ({from_w}, {from_b}) cross-entropy takes {steps} steps. Squared error stays at {left}: at score {score} its "
            "slope is {times} times weaker."
        ),
        aha=say("Not stuck in a hole: sitting on a flat roof."),
        note=say("Look at the slope underfoot, not at the height. A flat place is not a low place."),
        numbers=quantities.roof,
    ),
    Lesson(
        key="ten",
        title=say("Ten classes"),
        block=2,
        link="data=digits&view=bars&steps=40&k=0",
        text=say(
            "Real digits, {parameters} parameters. The map is only a slice; the descent runs in all. Only the bar of the "
            "true class counts. At the start each gets a tenth: pure guessing, and it costs {start}."
        ),
        question=say("What would guessing among a hundred classes cost?"),
        choices=(say("Ten times as much"), say("Twice as much"), say("Just as much")),
        right=1,
        drag=say("Drag the rate to {fast_rate}, then press Play."),
        reveal=say(
            "Guessing costs the logarithm of the number of classes: {hundred}. {steps} steps at {rate} reach {end}; at "
            "{fast_rate}, {fast}."
        ),
        aha=say("{start} is ln 10: what not knowing costs."),
        note=say(
            "The loss of guessing stands on the page before the answer: ask where it comes from. Then: what does guessing "
            "among two cost (ln 2 = 0.69), and what would a loss above ln 10 mean? Behind the model there are other slices."
        ),
        numbers=quantities.guessing,
    ),
)
