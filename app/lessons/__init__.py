"""The catalogue of lessons and the content of a lesson's card."""

import math
from collections.abc import Iterator
from importlib.resources import files
from itertools import groupby
from typing import Final

import losses
from losses.core.messages import format_number, joined, lowercased, message
from losses.core.registry import derived_mapping

from ..i18n.translation import Rendered
from ..protocol.narration import LessonAnswer, LessonCard
from .context import LessonContext
from .course_file import Course as Course
from .course_file import read_course
from .lesson import Lesson
from .lesson_link import is_packed, unpack_lesson

OTHER_PROBLEM_NOTE: Final = message(
    "This is about the lesson's own data, model and loss. The picture shows others."
)
BUILT_IN: Final = read_course((files(__package__) / "courses" / "losslab.yaml").read_bytes(), is_custom=False)
"""The twelve lessons, which come in the same kind of file as those of anybody else."""
LESSONS: Final = losses.Registry("lesson", BUILT_IN.lessons)
"""The lessons of the menu: the twelve, and those of the course that is served, in the order of class."""
OLD_KEYS: Final = derived_mapping(
    lambda: {old: lesson.key for lesson in LESSONS.values() for old in lesson.old_keys}, LESSONS
)
"""The keys of lessons by the keys under which older links name them."""


def lesson_of(key: str) -> Lesson:
    """Return the lesson of a key, or the one that is packed into it. Raises LinkError or KeyError."""
    return unpack_lesson(key) if is_packed(key) else LESSONS[key]


def numbered_blocks() -> Iterator[tuple[str, list[tuple[int, Lesson]]]]:
    """Yield each block as its title and its lessons with their numbers, from 1."""
    for _, lessons in groupby(enumerate(LESSONS.values(), 1), lambda numbered: numbered[1].block):
        numbered = list(lessons)
        yield numbered[0][1].block_title or message("More lessons"), numbered


def lesson_card(
    key: str, answer: str, context: LessonContext, shows_other_problem: bool = False
) -> LessonCard:
    """Return the content of a lesson's card: the question and, once answered, the explanation.

    ``answer`` is the index of a choice or the clicked point as ``"x,y"``; ``""`` means not answered yet. Once
    answered, the conclusion is the title.
    The numbers in the texts are computed from ``context``, the lesson as its own link opens it.
    If ``shows_other_problem``, ``OTHER_PROBLEM_NOTE`` follows the main text: the introduction before the
    answer, the explanation after it.
    """
    return card_of(lesson_of(key), answer, context, shows_other_problem)


def card_of(
    lesson: Lesson, answer: str, context: LessonContext, shows_other_problem: bool = False
) -> LessonCard:
    """Return the content of the card of any lesson, as ``lesson_card`` does of one with a key."""
    format_text = lesson.text_formatter(context)

    def format_main_text(text: str) -> str:
        formatted = format_text(text)
        return joined(" ", filter(None, (formatted, OTHER_PROBLEM_NOTE if shows_other_problem else "")))

    number, previous, following = _place_among_lessons(lesson.key)
    return LessonCard(
        key=lesson.key,
        title=format_text(lesson.aha) if answer else lesson.title,
        number=number,
        introduction=Rendered(format_text(lesson.text) if answer else format_main_text(lesson.text)),
        question=Rendered(format_text(lesson.question)),
        choices=tuple(Rendered(format_text(choice)) for choice in lesson.choices),
        instruction="" if lesson.choices else message("Click on the map."),
        asking=not answer,
        plays=lesson.plays,
        answer=LessonAnswer(
            feedback=Rendered(feedback(lesson, answer, context)),
            right=int(answer) == lesson.correct_choice if lesson.choices else None,
            explanation=Rendered(format_main_text(lesson.reveal)),
            suggestion=Rendered(format_text(lesson.drag)),
        )
        if answer
        else None,
        previous=previous,
        next=following,
        hero=lesson.hero,
        views=lesson.views,
    )


def _place_among_lessons(key: str) -> tuple[str, str, str]:
    """Return the number of a lesson as a text, and the keys of the previous and of the next one."""
    keys = list(LESSONS)
    if key not in LESSONS:
        return message("A lesson from a link"), "", ""
    index = keys.index(key)
    return (
        message("Lesson {n} of {last}", n=index + 1, last=len(keys)),
        keys[index - 1] if index else "",
        keys[index + 1] if index + 1 < len(keys) else "",
    )


def feedback(lesson: Lesson, answer: str, context: LessonContext) -> str:
    """Return the sentence that compares an answer with the correct one."""
    if lesson.choices:
        chosen, correct = (
            _in_sentence(lesson, lesson.choices[number], context)
            for number in (int(answer), lesson.correct_choice)
        )
        if int(answer) == lesson.correct_choice:
            return message("Right: {said}.", said=chosen)
        return message("Your answer: {said}. It is: {true}.", said=chosen, true=correct)
    target = lesson.target_point(context)
    if not target:
        return message("The right place is not known here.")
    guess = [float(part) for part in answer.split(",")]
    return message("You were {far} away.", far=format_number(math.dist(guess, target)))


def _in_sentence(lesson: Lesson, choice: str, context: LessonContext) -> str:
    """Return a choice in the middle of a sentence; those of others keep their first letter, as names have."""
    formatted = lesson.text_formatter(context)(choice)
    return formatted if lesson.is_custom else lowercased(formatted)


def guess_and_target(key: str, answer: str, context: LessonContext) -> tuple[tuple[float, ...], ...]:
    """Return the clicked point and the correct one, each as two parameters.

    Return ``()`` if there is no lesson or no answer, or if the lesson is not answered by a click.
    """
    target = lesson_of(key).target_point(context) if key and answer else ()
    return (tuple(float(part) for part in answer.split(",")), target) if target else ()
