"""A language for tests: every text twice as long and between marks, so that what nobody said stands out."""

import re

from app.language import Language
from tools.catalogues import english

KEY = "qps"
FIELD = re.compile(r"%?\{[^}]*\}")
MARKED = re.compile("‹[^‹›]*›")
WORD = re.compile(r"[^\W\d_²³½₀-₉]{2,}")


def doubled(template: str) -> str:
    """``loss {n}`` as ``‹loss {n} loss ›``: each field stays one."""
    return f"‹{template} {FIELD.sub('', template)}›"


def pseudo() -> Language:
    made = Language(KEY, "Pseudo", ",")
    made.__dict__["entries"] = tuple(entry._replace(text=doubled(entry.template)) for entry in english())
    return made


def unmarked(text: str) -> list[str]:
    """The words of a text that stand outside of all marks."""
    while (inner := MARKED.sub(" ", text)) != text:
        text = inner
    return WORD.findall(text)
