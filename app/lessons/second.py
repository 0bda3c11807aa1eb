"""Blocks 3 and 4: valleys, saddles, ravines, and a race."""

from typing import Final

from app.lessons import numbers
from app.lessons.record import Lesson

LESSONS: Final = (
    Lesson(
        key="twovalleys",
        title="The start decides",
        block=3,
        link="data=outlier&model=neuron&rate=0.2&steps=200&k=0&start=-0.4,0.9",
        text="One neuron, v · tanh(w x). Turn both signs and it says the same: the landscape has two valleys, mirrored, "
        "and a pass between them.",
        question="In which valley will this run end?",
        choices=("On the left, with a negative slope w", "On the right, with a positive slope w"),
        right=1,
        drag="Move the start a little and see it change its mind.",
        reveal="At w = {w}, v = {v}, with loss {loss}: the mirrored valley is exactly as low.",
        aha="Downhill is local: the start decides.",
        note="Paint the basins with the button on the map. Ask where the border runs and why.",
        numbers=numbers.valley,
    ),
    Lesson(
        key="saddle",
        title="Flat is not low",
        block=3,
        link="data=saddle&rate=0.1&steps=90&k=0&start=1,0.001",
        text="A saddle: down one way, up the other. On the ridge the slope points exactly to the middle, where it "
        "vanishes. This start is 0.001 beside the ridge.",
        question="What happens near the middle?",
        choices=("It stops there: the slope is zero", "It slows down, then leaves for ever"),
        right=1,
        drag="Set the start to 0.000001 beside the ridge.",
        reveal="It leaves: the offset grows {growth} times a step, so it is 1 away after {thousandth} steps, and from "
        "0.000001 after {hair}.",
        aha="Flat is not low: a hair's offset is enough.",
        note="In many dimensions saddles are far more common than pits. Momentum and noise leave them too.",
        numbers=numbers.escape,
    ),
    Lesson(
        key="ravine",
        title="The ravine",
        block=4,
        link="data=ravine&rate=0.0392&steps=120&k=0&race=momentum&fair=1",
        text="This valley is {kappa} times steeper across than along. A rate that is safe across is slow along, so descent "
        "zigzags. Momentum remembers where it was going.",
        question="How many steps does momentum save on the way to a hundredth of the distance?",
        choices=("None", "About half", "About three quarters"),
        right=2,
        drag="Change β behind the optimizer.",
        reveal="At its best rate gradient descent takes {gd} steps, momentum {heavy}, with β = {beta} and rate {rate}.",
        aha="Momentum pays the square root of the ravine.",
        note="The best β belongs to this κ. Too much memory overshoots: let them find where.",
        numbers=numbers.ravine,
    ),
    Lesson(
        key="scaling",
        title="The ravine came from the units",
        block=4,
        link="data=scaling&vs=standardized&steps=100&k=0",
        text="An input between 20 and 100 beside an intercept: in raw units on the left, measured in standard deviations "
        "on the right. The same data, the same model.",
        question="How much steeper across than along is the raw valley?",
        choices=("About 10 times", "About 1,000 times", "More than 10,000 times"),
        right=2,
        drag="Turn the Standardize switch behind the data, and try the rate.",
        reveal="{raw} times; standardized it is {round}. The largest stable rate goes from {raw_rate} to {round_rate}.",
        aha="Standardize first: the ravine came from the units.",
        note="Nothing about the houses changed. Only the ruler did.",
        numbers=numbers.units,
    ),
    Lesson(
        key="race",
        title="Ten steps or fewer",
        block=4,
        link="data=ravine&rate=0.03&steps=60&k=60",
        text="The challenge: reach the minimum in ten steps or fewer. Anything goes: the rate, the start, the optimizer. "
        "Then share the link.",
        question="Can gradient descent do it from this start, with the right rate?",
        choices=("Yes", "No, it needs more than ten"),
        right=1,
        drag="Rate, β, start, optimizer.",
        reveal="No rate does: the best, {best_rate}, takes {best_steps} steps. Newton's method takes one, and so does "
        "starting at the answer.",
        aha="The right method beats the right rate.",
        note="Collect the links. Ask for each: is it better, or luckier?",
        numbers=numbers.challenge,
    ),
)
