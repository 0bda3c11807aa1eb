"""The catalogue of lessons, each one record."""

import math
from typing import Any, Final

import losses
from losses.core.messages import listed, num, say

from . import line_fit_lessons, nonconvex_lessons
from .lesson import Lesson, Stage

OWN_DATA: Final = say("These are numbers of the lesson's own data; another seed drew those below.")
LESSONS: Final = losses.Registry("lesson", (*line_fit_lessons.LESSONS, *nonconvex_lessons.LESSONS))


def card(key: str, answer: str, stage: Stage, here: Stage | None = None) -> dict[str, Any]:
    """What the page shows of a lesson: the question, and after the answer what there was to see.

    Its numbers are those of ``stage``; it says so where the data ``here`` have others.
    """
    lesson, keys = LESSONS[key], list(LESSONS)
    at, told = keys.index(key), lesson.teller(stage)
    owned = here is not None and not lesson.is_of(here, stage)

    def tell(text: str) -> str:
        return listed(" ", (told(text), OWN_DATA)) if owned and text is tells and "{" in text else told(text)

    tells = lesson.reveal if answer else lesson.text
    asked = {
        "key": key,
        "title": lesson.title,
        "number": say("Lesson {n} of {last}", n=at + 1, last=len(keys)),
        "text": tell(lesson.text),
        "question": tell(lesson.question),
        "choices": list(lesson.choices),
        "way": "" if lesson.choices else say("Click on the map."),
        "asking": not answer,
        "before": keys[at - 1] if at else "",
        "after": keys[at + 1] if at + 1 < len(keys) else "",
    }
    if not answer:
        return asked
    shown = {"reveal": tell(lesson.reveal), "aha": tell(lesson.aha), "drag": tell(lesson.drag)}
    return asked | shown | {"gap": gap(lesson, answer, stage)}


def gap(lesson: Lesson, answer: str, stage: Stage) -> str:
    """Between what was said and what is so."""
    if lesson.choices:
        said = lesson.choices[int(answer)]
        right = int(answer) == lesson.right
        if right:
            return say("You said: {said}. So it is.", said=said)
        return say("You said: {said}. In truth: {true}.", said=said, true=lesson.choices[lesson.right])
    return say("You were {far} away.", far=num(math.dist(*guessed(lesson.key, answer, stage))))


def guessed(key: str, answer: str, stage: Stage) -> tuple[tuple[float, ...], ...]:
    """The place that was clicked and the one that was asked for; nothing where there is none."""
    target = LESSONS[key].target if key and answer else None
    if target is None:
        return ()
    return tuple(float(part) for part in answer.split(",")), tuple(map(float, target(stage)))
