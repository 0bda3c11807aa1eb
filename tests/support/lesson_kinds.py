"""Lessons that stand for all of their kind; ``make look`` shows every lesson."""

from typing import Final

from app.lessons import LESSONS

OF_EACH_ARRANGEMENT: Final = list(
    {(lesson.hero, "vs=" in lesson.link): key for key, lesson in reversed(LESSONS.items())}.values()
)
"""The first lesson of each view that is largest, with and without a comparison."""
