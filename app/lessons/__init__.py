"""The catalogue of lessons and the content of a lesson's card."""

import math
from collections.abc import Iterator
from itertools import groupby
from typing import Final

import losses
from losses.core.messages import format_number, joined, lowercased, message
from losses.core.registry import derived_mapping

from ..protocol.narration import LessonAnswer, LessonCard
from . import conditioning_lessons, cross_entropy_lessons, line_fit_lessons, nonconvex_lessons
from .context import LessonContext
from .lesson import Lesson

OTHER_SEED_NOTE: Final = message(
    "These numbers belong to the lesson's own data. The picture shows other data."
)
BLOCKS: Final = (line_fit_lessons, cross_entropy_lessons, nonconvex_lessons, conditioning_lessons)
"""The modules of blocks 1 to 4, each with a ``TITLE``. Lessons are numbered in this order."""
LESSONS: Final = losses.Registry("lesson", tuple(lesson for block in BLOCKS for lesson in block.LESSONS))
OLD_KEYS: Final = derived_mapping(
    lambda: {old: lesson.key for lesson in LESSONS.values() for old in lesson.old_keys}, LESSONS
)
"""The keys of lessons by the keys under which older links name them."""


def numbered_blocks() -> Iterator[tuple[str, list[tuple[int, Lesson]]]]:
    """Yield each block as its title and its lessons with their numbers, from 1."""
    for number, lessons in groupby(enumerate(LESSONS.values(), 1), lambda numbered: numbered[1].block):
        known = 0 < number <= len(BLOCKS)
        yield BLOCKS[number - 1].TITLE if known else message("More lessons"), list(lessons)


def lesson_card(
    key: str, answer: str, context: LessonContext, reseeded: LessonContext | None = None
) -> LessonCard:
    """Return the content of a lesson's card: the question and, once answered, the explanation.

    ``answer`` is the index of a choice or the clicked point as ``"x,y"``; ``""`` means not answered yet. Once
    answered, the conclusion is the title.
    The numbers in the texts are computed from ``context``, the lesson as its own link opens it.
    ``reseeded`` is the same lesson with the data of the current seed. If its numbers differ,
    ``OTHER_SEED_NOTE`` follows the main text: the introduction before the answer, the explanation after it.
    """
    lesson, keys = LESSONS[key], list(LESSONS)
    index, format_text = keys.index(key), lesson.text_formatter(context)
    is_other_data = reseeded is not None and not lesson.has_same_quantities(reseeded, context)

    def format_main_text(text: str) -> str:
        formatted = format_text(text)
        has_numbers = "{" in text
        return joined(" ", (formatted, OTHER_SEED_NOTE)) if is_other_data and has_numbers else formatted

    return LessonCard(
        key=key,
        title=format_text(lesson.aha) if answer else lesson.title,
        number=message("Lesson {n} of {last}", n=index + 1, last=len(keys)),
        introduction=format_text(lesson.text) if answer else format_main_text(lesson.text),
        question=format_text(lesson.question),
        choices=lesson.choices,
        instruction="" if lesson.choices else message("Click on the map."),
        asking=not answer,
        plays=lesson.plays,
        answer=LessonAnswer(
            feedback=feedback(lesson, answer, context),
            explanation=format_main_text(lesson.reveal),
            suggestion=format_text(lesson.drag),
        )
        if answer
        else None,
        previous=keys[index - 1] if index else "",
        next=keys[index + 1] if index + 1 < len(keys) else "",
        hero=lesson.hero,
        views=lesson.views,
    )


def feedback(lesson: Lesson, answer: str, context: LessonContext) -> str:
    """Return the sentence that compares an answer with the correct one."""
    if lesson.choices:
        chosen = lesson.choices[int(answer)]
        if int(answer) == lesson.correct_choice:
            return message("Right: {said}.", said=lowercased(chosen))
        return message(
            "Your answer: {said}. It is: {true}.",
            said=lowercased(chosen),
            true=lowercased(lesson.choices[lesson.correct_choice]),
        )
    return message(
        "You were {far} away.", far=format_number(math.dist(*guess_and_target(lesson.key, answer, context)))
    )


def guess_and_target(key: str, answer: str, context: LessonContext) -> tuple[tuple[float, ...], ...]:
    """Return the clicked point and the correct one, each as two parameters.

    Return ``()`` if there is no lesson or no answer, or if the lesson is not answered by a click.
    """
    target = LESSONS[key].target_point(context) if key and answer else ()
    return (tuple(float(part) for part in answer.split(",")), target) if target else ()
