"""Make the tables of the link reference, the settings, the lessons and the library's API."""

import ast
import re
import sys
from itertools import pairwise
from pathlib import Path
from types import GenericAlias
from typing import Final

import losses
from app.common.environment import VARIABLES
from app.lessons import LESSONS
from app.lessons.course_file import BLOCK_KEYS, COURSE_KEYS, DATA_KEYS, LESSON_KEYS
from app.lessons.page_numbers import PAGE_NUMBERS
from app.url_state.state import parse
from app.url_state.url_parameters import FIELDS, Field
from app.url_state.value_types import Choice
from tools.support.markdown import table

MAX_LISTED_KEYS: Final = 12
"""The number of keys up to which the link reference lists them; more are in a table of the catalogue."""


def links() -> str:
    """Return the table of the keys of a link, except settings, with their values on the start page."""
    state, _ = parse("")
    rows = (
        (f"`{field.key}`", field.meaning, _choices(field), _default(field, getattr(state, field.attribute)))
        for field in FIELDS
        if field.meaning
    )
    return table(("key", "meaning", "values", "start page"), rows)


def _choices(field: Field) -> str:
    keys = [key for key in field.parse.registry if key] if isinstance(field.parse, Choice) else []
    return ", ".join(f"`{key}`" for key in keys) if len(keys) <= MAX_LISTED_KEYS else f"{len(keys)} keys"


def _default(field: Field, value: object) -> str:
    text = "" if value is None else field.format(value)
    return f"`{text}`" if text else ""


def settings() -> str:
    """Return the table of the settings: what has them, their ranges and defaults."""
    rows: dict[tuple[str, str, str], list[str]] = {}
    for entry in (
        entry
        for registry in (losses.DATASETS, losses.MODELS, losses.LOSSES, losses.OPTIMIZERS)
        for entry in registry.values()
    ):
        for x in entry.settings:
            kind = "whole number, " if x.whole else ""
            row = (f"`{x.name}`", x.label, f"{kind}{x.low:g} to {x.high:g}")
            rows.setdefault(row, []).append(f"`{entry.key}` {x.default:g}")
    for x in losses.PENALTIES:
        rows[f"`{x.name}`", x.label, f"{x.low:g} to {x.high:g}"] = [f"all models {x.default:g}"]
    return table(
        ("key", "setting", "range", "of, with default"), ((*row, ", ".join(of)) for row, of in rows.items())
    )


def course() -> str:
    """Return a table of the keys of each part of a course file."""
    parts = (
        ("The file", COURSE_KEYS),
        ("A block", BLOCK_KEYS),
        ("A lesson", LESSON_KEYS),
        ("A table of data", DATA_KEYS),
    )
    return "\n".join(
        f"## {title}\n\n"
        + table(
            ("key", "meaning", "what is allowed"),
            ((f"`{x.name}`" + (" (needed)" if x.required else ""), x.meaning, x.allowed) for x in keys),
        )
        for title, keys in parts
    )


def numbers() -> str:
    """Return the numbers that every lesson can name."""
    return table(("name", "number"), ((f"`{{{x.name}}}`", x.meaning) for x in PAGE_NUMBERS))


def lessons() -> str:
    """Return a section for each lesson: its picture, its link and its question."""
    return "".join(
        f"### {number}. {lesson.title}\n\n"
        f"![{lesson.title}](../../assets/images/lesson-{lesson.key}.jpg)\n\n"
        f"`?s={lesson.key}`, block {lesson.block}. {_without_numbers(lesson.question)}\n\n"
        for number, lesson in enumerate(LESSONS.values(), 1)
    )


def _without_numbers(text: str) -> str:
    """Return a text of a lesson with an ellipsis for each of its computed numbers."""
    return re.sub(r"\{\w+\}", "…", text)


def environment() -> str:
    """Return the table of the environment variables."""
    rows = ((f"`{x.name}`", x.effect, x.shown_default or x.default) for x in VARIABLES)
    return table(("environment variable", "effect", "default"), rows)


def api() -> str:
    """Return a section of directives for each package of ``losses`` with its public names."""
    directives: dict[str, list[str]] = {}
    for node in ast.parse(Path(losses.__file__).read_text(encoding="utf-8")).body:
        if isinstance(node, ast.ImportFrom) and node.module:
            public = [alias.name for alias in node.names if alias.name in losses.__all__]
            section = directives.setdefault(node.module.split(".")[1], [])
            section += [_directive(node.module, name) for name in public]
    sections = (
        f"## {package}\n\n```{{eval-rst}}\n{chr(10).join(section)}```\n\n"
        for package, section in directives.items()
    )
    return "".join(sections)


def _directive(module: str, name: str) -> str:
    """Return the directive that documents a public name; the text of a constant is in its module."""
    entry = getattr(losses, name)
    if isinstance(entry, type):
        return f".. autoclass:: losses.{name}\n"
    if callable(entry) and not isinstance(entry, GenericAlias):
        return f".. autofunction:: losses.{name}\n"
    return f".. py:data:: losses.{name}\n\n   {_text_of_constant(module, name)}\n"


def _text_of_constant(module: str, name: str) -> str:
    """Return the keys of a registry, or the text below the constant in its module."""
    entry = getattr(losses, name)
    if isinstance(entry, losses.Registry):
        return (
            f"The catalogue of the concept *{entry.concept}*: "
            + ", ".join(f"``{key}``" for key in entry)
            + "."
        )
    body = ast.parse(Path(sys.modules[module].__file__ or "").read_text(encoding="utf-8")).body
    for constant, below in pairwise(body):
        is_assignment = isinstance(constant, ast.Assign | ast.AnnAssign)
        is_wanted = is_assignment and name in ast.unparse(constant).partition("=")[0]
        if is_wanted and isinstance(below, ast.Expr):
            return " ".join(ast.literal_eval(below.value).split())
    return f"The constant ``{entry!r}``."
