"""Make the tables of the README and of ``docs/`` from the registries and from measurements.

``make generate`` writes each table between its ``<!-- table: NAME -->`` and ``<!-- end -->``.
"""

import json
import re
from functools import cache
from pathlib import Path
from typing import Final

import losses
from app.figures.views.detail_card_views import DETAIL_VIEWS
from losses.reference_values import COLUMN_TITLES, REFERENCE_VALUES
from tools import reference
from tools.bench.measure import Row
from tools.class_load import PROMISES
from tools.support.markdown import table
from tools.support.provenance import sentence

ROOT: Final = Path(__file__).parents[1]
CAPACITY: Final = ROOT / "tools" / "capacity.json"
CLASS_CAPACITY: Final = ROOT / "tools" / "class_capacity.json"
"""The last results of ``make load``."""
BENCH: Final = ROOT / "tools" / "bench" / "results.json"
"""The last results of ``make bench``."""
MARKED: Final = re.compile(r"(<!-- table: (\w+) -->\n).*?(<!-- end -->)", re.DOTALL)
"""A table in a document; the groups are the opening mark, the name and the closing mark."""


def documents() -> list[Path]:
    """Return the files that may have tables."""
    return [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]


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
        "views": table(("view", "shows"), ((view.name, view.hint) for view in DETAIL_VIEWS.values())),
        "links": reference.links(),
        "settings": reference.settings(),
        "lessons": reference.lessons(),
        "course": reference.course(),
        "numbers": reference.numbers(),
        "environment": reference.environment(),
        "api": reference.api(),
        "capacity": capacity(),
        "class": class_capacity(),
        "bench": bench(),
    }


@cache
def _reference_values() -> str:
    return table(COLUMN_TITLES, (check.table_row() for check in REFERENCE_VALUES))


def bench() -> str:
    """Return the table of the last results of ``make bench``, with their date, commit and browser."""
    results = json.loads(BENCH.read_text(encoding="utf-8"))
    rows = (Row(**row).cells() for row in results["rows"])
    return (
        table(("what", "measured", "asked"), rows)
        + f"\n{sentence(results)} The browser was {results['browser']}.\n"
    )


def capacity() -> str:
    """Return the table of the last results of ``make load``, with their date and commit."""
    results = json.loads(CAPACITY.read_text(encoding="utf-8"))
    heads = ("load", "responses", "failed", "median", "95 %", "99 %", "processor time", "cores")
    rows = (
        (who, f"{x['answers']}", f"{x['wrong']}", *(f"{x[q]} ms" for q in ("p50", "p95", "p99")),
         f"{x['cpu_ms']} ms", f"{x['cores']}")
        for who, x in results["rows"].items()
    )  # fmt: skip
    return table(heads, rows) + f"\n{sentence(results)}\n"


def class_capacity() -> str:
    """Return the table of what a live class promises and what was measured last, with date and commit."""
    results = json.loads(CLASS_CAPACITY.read_text(encoding="utf-8"))
    rows = (
        (name, f"{most:g} {unit}".strip(), f"{results['rows'][name]:.3g} {unit}".strip())
        for name, (most, unit) in PROMISES.items()
    )
    return table(("promise", "at most", "measured"), rows) + f"\n{sentence(results)}\n"


def with_tables(text: str) -> str:
    """Return the text of a document with current tables. Raises KeyError if one has an unknown name."""
    current = tables()
    return MARKED.sub(lambda match: match[1] + current[match[2]] + match[3], text)
