"""Block 1: fitting a line by gradient descent: the loss surface, a step, the learning rate, an outlier."""

from typing import Final

from losses.core.messages import message

from .lesson import Lesson

TITLE: Final = message("Walking downhill")
LESSONS: Final = (
    Lesson(
        key="walk",
        old_keys=("bowl",),
        title=message("A walk in the fog"),
        block=1,
        minutes=3,
        link="data=icecream&fog=1&steps=1&k=0&start=-1,2.5",
        text=message(
            "Each place on this map is a line. The height of the ground is its loss. Try some places in "
            "the fog."
        ),
        question=message("What will the ground look like when the fog lifts?"),
        choices=(
            message("One valley"),
            message("Several valleys"),
            message("A flat floor"),
        ),
        correct_choice=0,
        drag=message("Drag the ring and watch the line."),
        reveal=message("The lowest point is w = {w}, b = {b}. No line has a smaller loss than {lowest}."),
        aha=message("Every line is a place. Its loss is the height there."),
        note=message(
            "Let them explore by hand for three minutes before anyone says gradient. With squared error, "
            "the loss of a line always has one valley."
        ),
        quantities=("lowest",),
        follows_edits=True,
        hero="landscape",
        views=("landscape", "map", "data"),
    ),
    Lesson(
        key="landing",
        old_keys=("step",),
        title=message("One step"),
        block=1,
        minutes=4,
        link="data=icecream&rate=0.2&steps=20&k=0&start=-1,2.5",
        text=message(
            "A hiker in thick fog feels only the slope under the feet. The arrow points straight downhill "
            "and is {arrow} long. Step length = learning rate × slope = {rate} × {slope}."
        ),
        question=message("Where will the next step land?"),
        target=("w", "b"),
        drag=message("Drag the learning rate and watch where the first step lands."),
        reveal=message(
            "It lands at w = {w}, b = {b}, {first} away. The tenth step is only {tenth} long, at the same "
            "rate."
        ),
        aha=message("The steps get shorter because the slope gets flatter."),
        note=message(
            "Point at the numbers below the picture. The rate never changed; the slope did. Far to the "
            "right on the slider the steps grow instead: the next lesson asks why."
        ),
        quantities=("run", "first_step"),
        hero="map",
        views=("map", "landscape"),
    ),
    Lesson(
        key="pace",
        old_keys=("goldilocks",),
        title=message("Twice the rate"),
        block=1,
        minutes=4,
        link="data=icecream&rate=0.8&steps=200&k=0&start=-1,2.5&view=rates&ghost=0.4,-1,2.5",
        text=message(
            "With the learning rate {earlier_rate}, gradient descent arrives after {earlier} steps. Now "
            "the rate is doubled to {rate}."
        ),
        question=message("How many steps does it need now?"),
        choices=(
            message("Half as many"),
            message("Just as many"),
            message("Twice as many"),
            message("It never arrives"),
        ),
        correct_choice=3,
        drag=message("Try {slow_rate}, {earlier_rate} and {fast_rate} on the slider."),
        reveal=message(
            "The limit is 2/L = {limit}. Above it each jump lands higher than the last. {slow_rate} takes "
            "{slow} steps, {fast_rate} takes {fast}."
        ),
        aha=message("Too long a step climbs out of the valley."),
        note=message(
            "The limit is exact for this bowl only. On other losses the page calls it local, or a bound."
        ),
        quantities=("run", "around_the_limit"),
        hero="landscape",
        views=("landscape", "map", "detail"),
    ),
    Lesson(
        key="typo",
        old_keys=("outlier",),
        title=message("One wrong number"),
        block=1,
        minutes=4,
        link="data=icecream&edit=19:-8&vs=mae&steps=200&k=200&start=0,0&rate=0.1&schedule=cosine",
        text=message(
            "Someone mistyped the warmest day's sales as {typed}. Left: squared error. Right: absolute "
            "error. The same data, two landscapes."
        ),
        question=message("Without the typo, the best slope is {clean_mse}. Which loss stays closer?"),
        choices=(message("Squared error"), message("Absolute error"), message("Both alike")),
        correct_choice=1,
        drag=message("Drag the wrong point."),
        reveal=message(
            "Best slope now: {bad_mse} with squared error, {bad_mae} with absolute error. That point has "
            "{share} % of the old line's squared error."
        ),
        aha=message("Squared error lets one big mistake outshout all others."),
        note=message("Ask which point they would delete, and who decides that it is a mistake."),
        quantities=("outlier",),
        follows_edits=True,
        hero="data",
        views=("data", "landscape"),
    ),
)
