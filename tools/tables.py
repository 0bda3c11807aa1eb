"""Make the tables of the README and of ``docs/`` from the registries and from measurements.

``make generate`` writes each table between its ``<!-- table: NAME -->`` and ``<!-- end -->``.
"""

import ast
import json
import re
import sys
from collections.abc import Iterable
from functools import cache
from itertools import pairwise
from pathlib import Path
from types import GenericAlias
from typing import Final

import losses
from app.common.environment import VARIABLES
from app.lessons import LESSONS
from app.url_state.state import parse
from app.url_state.url_parameters import FIELDS, Field
from app.url_state.value_types import Choice
from losses.reference_values import COLUMN_TITLES, REFERENCE_VALUES
from tools.bench.measure import Row

ROOT: Final = Path(__file__).parents[1]
CAPACITY: Final = ROOT / "tools" / "capacity.json"
"""The last results of ``make load``."""
BENCH: Final = ROOT / "tools" / "bench" / "results.json"
"""The last results of ``make bench``."""
MAX_LISTED_KEYS: Final = 12
"""The number of keys up to which the link reference lists them; more are in a table of the catalogue."""
MARKED: Final = re.compile(r"(<!-- table: (\w+) -->\n).*?(<!-- end -->)", re.DOTALL)
"""A table in a document; the groups are the opening mark, the name and the closing mark."""


def documents() -> list[Path]:
    """Return the files that may have tables."""
    return [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]


def table(heads: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    """Return a Markdown table."""
    heads = list(heads)
    lines = [heads, ["---"] * len(heads), *(list(row) for row in rows)]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def tables() -> dict[str, str]:
    """Return each table by its name."""
    return {
        "losses": table(
            ("key", "loss", "for", "when"),
            ((f"`{x.key}`", x.name, ", ".join(x.tasks), x.when) for x in losses.LOSSES.values()),
        ),
        "models": table(
            ("key", "model", "for"),
            ((f"`{x.key}`", x.name, ", ".join(x.tasks)) for x in losses.MODELS.values()),
        ),
        "data": table(
            ("key", "data", "rows", "task", "source"),
            ((f"`{x.key}`", x.name, str(len(x.y)), x.task, x.source) for x in losses.DATASETS.values()),
        ),
        "checked": _reference_values(),
        "functions": table(
            ("key", "test function", "formula", "what it teaches"),
            ((f"`{x.key}`", x.name, x.formula, x.when) for x in losses.TEST_FUNCTIONS.values()),
        ),
        "optimizers": table(
            ("key", "optimizer", "idea"),
            ((f"`{x.key}`", x.name, x.when) for x in losses.OPTIMIZERS.values()),
        ),
        "schedules": table(
            ("key", "schedule", "when"),
            ((f"`{x.key}`", x.name, x.when) for x in losses.SCHEDULES.values()),
        ),
        "links": links(),
        "settings": settings(),
        "lessons": lessons(),
        "environment": table(
            ("environment variable", "effect", "default"),
            ((f"`{x.name}`", x.effect, x.shown_default or x.default) for x in VARIABLES),
        ),
        "api": api(),
        "capacity": capacity(),
        "bench": bench(),
    }


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
        if is_assignment and name in ast.unparse(constant).partition("=")[0]:
            return " ".join(ast.literal_eval(below.value).split()) if isinstance(below, ast.Expr) else ""
    return ""


@cache
def _reference_values() -> str:
    return table(COLUMN_TITLES, (check.table_row() for check in REFERENCE_VALUES))


def bench() -> str:
    """Return the table of the last results of ``make bench``, and the browser in which they were measured."""
    results = json.loads(BENCH.read_text(encoding="utf-8"))
    rows = (Row(**row).cells() for row in results["rows"])
    return table(("what", "measured", "asked"), rows) + f"\nThe browser was {results['browser']}.\n"


def capacity() -> str:
    """Return the table of the last results of ``make load``."""
    heads = ("load", "responses", "failed", "median", "95 %", "99 %", "processor time", "cores")
    rows = (
        (who, f"{x['answers']}", f"{x['wrong']}", *(f"{x[q]} ms" for q in ("p50", "p95", "p99")),
         f"{x['cpu_ms']} ms", f"{x['cores']}")
        for who, x in json.loads(CAPACITY.read_text(encoding="utf-8")).items()
    )  # fmt: skip
    return table(heads, rows)


def with_tables(text: str) -> str:
    """Return the text of a document with current tables. Raises KeyError if one has an unknown name."""
    current = tables()
    return MARKED.sub(lambda match: match[1] + current[match[2]] + match[3], text)
