"""Entries that the documents show, made by running the code of the documents as it is printed."""

import re
from dataclasses import replace
from pathlib import Path
from typing import Any

DOCS = Path(__file__).parents[2] / "docs"


def documented(page: str, name: str) -> Any:
    """Return the object called ``name`` of the first block of Python code of a page."""
    text = (DOCS / page).read_text(encoding="utf-8")
    scope: dict[str, Any] = {}
    exec(re.search(r"```python\n(.*?)```", text, re.DOTALL)[1], scope)
    return scope[name]


LION = replace(documented("develop/adding-an-optimizer.md", "LION"), key="documented")
"""The optimizer of the page on adding one, under a key that it keeps free for those who try the page."""
