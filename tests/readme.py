"""The tables of the README, made from the registries. ``make readme`` writes them."""

import json
import re
from collections.abc import Iterable
from pathlib import Path

from playwright.sync_api import sync_playwright

import losses
from losses.checked import CHECKS, HEADS
from tests.bench.measure import Row
from tests.browser import stage

README = Path(__file__).parents[1] / "README.md"
MARKED = re.compile(r"(<!-- table: (\w+) -->\n).*?(<!-- end -->)", re.DOTALL)

LOADED = README.parent / "tests" / "load.json"
CAPACITY = re.compile(r"(<!-- capacity -->\n).*?(<!-- end -->)", re.DOTALL)
MEASURED = re.compile(r"(<!-- measured -->\n).*?(<!-- end -->)", re.DOTALL)


def table(heads: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    lines = [list(heads), ["---"] * len(list(heads)), *(list(row) for row in rows)]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def tables() -> dict[str, str]:
    """Each marked table of the README by its name."""
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
        "checked": table(HEADS, (check.row() for check in CHECKS)),
        "functions": table(
            ("key", "test function", "formula", "what it teaches"),
            ((f"`{x.key}`", x.name, x.formula, x.when) for x in losses.TEST_FUNCTIONS.values()),
        ),
        "optimizers": table(
            ("key", "optimizer", "idea"),
            ((f"`{x.key}`", x.name, x.when) for x in losses.OPTIMIZERS.values()),
        ),
    }


def measured() -> str:
    """What ``make bench`` found last, in short."""
    found = json.loads((README.parent / "bench.json").read_text())["rows"]
    return table(("what", "measured", "asked"), (Row(**row).cells() for row in found))


def capacity() -> str:
    """What ``make load`` saw last."""
    heads = (
        "who",
        "answers",
        "wrong",
        "half within",
        "95 % within",
        "99 % within",
        "a worker's core for each",
        "cores",
    )
    rows = (
        (who, f"{x['answers']}", f"{x['wrong']}", *(f"{x[q]} ms" for q in ("p50", "p95", "p99")),
         f"{x['cpu_ms']} ms", f"{x['cores']}")
        for who, x in json.loads(LOADED.read_text()).items()
    )  # fmt: skip
    return table(heads, rows)


def with_capacity(text: str) -> str:
    """``text`` with the numbers of the last ``make load``."""
    return CAPACITY.sub(lambda found: found[1] + capacity() + found[2], text)


def written(text: str) -> str:
    """``text`` with every marked table as the registries have it."""
    made = tables()
    return MARKED.sub(lambda found: found[1] + made[found[2]] + found[3], text)


def with_measures(text: str) -> str:
    """``text`` with the numbers of the last bench, if there was one on this machine."""
    if not (README.parent / "bench.json").exists():
        return text
    return MEASURED.sub(lambda found: found[1] + measured() + found[2], text)


def picture() -> None:
    """The first screen, as the README shows it and as a link's preview does."""
    with stage.serving() as home, sync_playwright() as playwright:
        page = stage.visit(stage.launch(playwright), home)
        page.screenshot(path=README.parent / "assets" / "images" / "picture.png")


if __name__ == "__main__":
    README.write_text(with_capacity(with_measures(written(README.read_text()))))
    picture()
