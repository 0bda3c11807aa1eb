"""Block 1: fitting a line by gradient descent: the loss surface, a step, the learning rate, an outlier."""

from typing import Final

from losses.core.messages import message

from . import quantities
from .lesson import Lesson

TITLE: Final = message("Walking downhill")
LESSONS: Final = (
    Lesson(
        key="bowl",
        title=message("A loss is a place"),
        block=1,
        minutes=3,
        link="data=icecream&fog=1&steps=1&k=0&start=-1,2.5",
        text=message(
            "Every line is a place on this map: slope to the right, intercept upward. The ground is as high "
            "as the line is wrong. Try some places in the fog."
        ),
        question=message("What will the ground look like when the fog lifts?"),
        choices=(message("One smooth bowl"), message("Many pits"), message("A flat plain with one hole")),
        correct_choice=0,
        drag=message("Drag the ring."),
        reveal=message("Lowest at w = {w}, b = {b}: no line has less loss than {loss}."),
        aha=message("The tries draw the bowl: a loss is a place."),
        note=message(
            "Let them walk by hand for three minutes before anyone says gradient. Squared error of a line is "
            "always one bowl."
        ),
        quantities=quantities.at_optimum,
        follows_edits=True,
        hero="landscape",
        views=("landscape", "map", "data"),
    ),
    Lesson(
        key="step",
        title=message("One step downhill"),
        block=1,
        minutes=4,
        link="data=icecream&rate=0.2&steps=20&k=0&start=-1,2.5",
        text=message(
            "A blindfolded hiker feels the slope under the feet and steps downhill: the learning rate times "
            "the slope. Here the rate is {rate} and the slope is {slope}."
        ),
        question=message("Where will the next step land?"),
        target=quantities.landing_point,
        drag=message("Then drag the learning rate and watch the landing."),
        reveal=message(
            "At {rate} it lands at w = {w}, b = {b}: {first} away from the start. The tenth step is only "
            "{tenth} long."
        ),
        aha=message("Steps shrink by themselves, because the slope does."),
        note=message(
            "Point at the filled-in update. The rate never changed; the slope did. Far to the right on the "
            "slider the steps grow instead: the next lesson asks why."
        ),
        quantities=quantities.first_step,
        hero="map",
        views=("map", "landscape"),
    ),
    Lesson(
        key="goldilocks",
        title=message("Not too small, not too large"),
        block=1,
        minutes=4,
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
            "The limit is 2/L = {limit}. 0.40 takes {middle} steps, 0.03 takes {slow}, 0.66, at the edge, "
            "{last}."
        ),
        aha=message("A sharp edge: 0.66 arrives, 0.70 never does."),
        note=message(
            "The limit is exact for this bowl only. On other losses the page calls it local, or a bound."
        ),
        quantities=quantities.stability_limit,
        hero="landscape",
        views=("landscape", "map", "detail"),
    ),
    Lesson(
        key="outlier",
        title=message("Big errors shout"),
        block=1,
        minutes=4,
        link="data=icecream&edit=19:-8&vs=mae&steps=200&k=200&start=0,0&rate=0.1",
        text=message(
            "On the warmest day someone typed {typed}. Squared error is on the left, absolute error on the "
            "right: the same data, two landscapes."
        ),
        question=message("Without the mistake the slope is {clean_mse}. Which loss keeps closer?"),
        choices=(message("Squared error"), message("Absolute error"), message("Both alike")),
        correct_choice=1,
        drag=message("Drag the bad point."),
        reveal=message(
            "Squared error tilts the line to {bad_mse}; absolute error keeps {bad_mae}. That point is "
            "{share} % of the old line's squared error."
        ),
        aha=message("One big mistake outshouts all others."),
        note=message("Ask which point they would delete, and who decides that it is a mistake."),
        quantities=quantities.outlier_effect,
        follows_edits=True,
        hero="data",
        views=("data", "landscape"),
    ),
)
