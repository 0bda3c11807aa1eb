"""The catalogue of lessons, each one record."""

import math
from typing import Any, Final

import losses
from losses.core.messages import format_number, joined, message

from . import conditioning_lessons, cross_entropy_lessons, line_fit_lessons, nonconvex_lessons
from .lesson import Lesson, LessonContext

OTHER_SEED_NOTE: Final = message("These are numbers of the lesson's own data; another seed drew those below.")
BLOCKS: Final = (line_fit_lessons, cross_entropy_lessons, nonconvex_lessons, conditioning_lessons)
"""The modules of blocks 1 to 4, in the order of the lessons in class."""
LESSONS: Final = losses.Registry("lesson", tuple(lesson for block in BLOCKS for lesson in block.LESSONS))


def lesson_card(
    key: str, answer: str, context: LessonContext, reseeded: LessonContext | None = None
) -> dict[str, Any]:
    """What the page shows of a lesson: the question, and after the answer what there was to see.

    Its numbers are those of ``context``; it says so where the data ``reseeded`` have others.
    """
    lesson, keys = LESSONS[key], list(LESSONS)
    at, told = keys.index(key), lesson.text_formatter(context)
    owned = reseeded is not None and not lesson.has_same_quantities(reseeded, context)

    def tell(text: str) -> str:
        return (
            joined(" ", (told(text), OTHER_SEED_NOTE))
            if owned and text is tells and "{" in text
            else told(text)
        )

    tells = lesson.reveal if answer else lesson.text
    asked = {
        "key": key,
        "title": lesson.title,
        "number": message("Lesson {n} of {last}", n=at + 1, last=len(keys)),
        "text": tell(lesson.text),
        "question": tell(lesson.question),
        "choices": list(lesson.choices),
        "way": "" if lesson.choices else message("Click on the map."),
        "asking": not answer,
        "before": keys[at - 1] if at else "",
        "after": keys[at + 1] if at + 1 < len(keys) else "",
    }
    if not answer:
        return asked
    shown = {"reveal": tell(lesson.reveal), "aha": tell(lesson.aha), "drag": tell(lesson.drag)}
    return asked | shown | {"gap": feedback(lesson, answer, context)}


def feedback(lesson: Lesson, answer: str, context: LessonContext) -> str:
    """Between what was said and what is so."""
    if lesson.choices:
        said = lesson.choices[int(answer)]
        right = int(answer) == lesson.correct_choice
        if right:
            return message("You said: {said}. So it is.", said=said)
        return message(
            "You said: {said}. In truth: {true}.", said=said, true=lesson.choices[lesson.correct_choice]
        )
    return message(
        "You were {far} away.", far=format_number(math.dist(*guess_and_target(lesson.key, answer, context)))
    )


def guess_and_target(key: str, answer: str, context: LessonContext) -> tuple[tuple[float, ...], ...]:
    """The place that was clicked and the one that was asked for; nothing where there is none."""
    target = LESSONS[key].target if key and answer else None
    if target is None:
        return ()
    return tuple(float(part) for part in answer.split(",")), tuple(map(float, target(context)))
