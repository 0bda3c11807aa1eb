"""Every environment variable that is read is one of the documented variables, with the same default."""

import re
from pathlib import Path

import pytest

from app.common.environment import HOST, PORT, RECYCLE, VARIABLES, Variable

ROOT = Path(__file__).parents[3]
INTERNAL = {"LOSSLAB_SLOT"}
"""Variables by which a worker tells itself something."""
READ = re.compile(r"(?<!request\.)\benviron(?:\.get\(|\.setdefault\(|\[)\s*[\"'](\w+)")
SOURCES = [*(ROOT / "app").rglob("*.py"), ROOT / "deploy" / "gunicorn.conf.py"]


def test_every_variable_that_is_read_is_documented():
    read = {name for path in SOURCES for name in READ.findall(path.read_text(encoding="utf-8"))}
    assert len(read) >= 4
    assert read - INTERNAL <= {variable.name for variable in VARIABLES}


def test_gunicorn_uses_the_documented_defaults():
    text = (ROOT / "deploy" / "gunicorn.conf.py").read_text(encoding="utf-8")
    assert f'environ.get("{RECYCLE.name}") or "{RECYCLE.default}"' in text
    assert re.search(r"environ.get\('PORT'\) or '(\d+)'", text)[1] in PORT.shown_default


def test_names_are_unique():
    assert len({variable.name for variable in VARIABLES}) == len(VARIABLES)


@pytest.mark.parametrize(
    ("value", "expected"), [(None, "127.0.0.1"), ("", "127.0.0.1"), ("0.0.0.0", "0.0.0.0")]
)
def test_an_empty_variable_counts_as_not_set(monkeypatch, value, expected):
    monkeypatch.delenv("HOST", raising=False)
    if value is not None:
        monkeypatch.setenv("HOST", value)
    assert HOST.read() == expected


def test_a_variable_without_default_is_empty(monkeypatch):
    monkeypatch.delenv("LOSSLAB_NOTHING", raising=False)
    assert Variable("LOSSLAB_NOTHING", "", "nothing").read() == ""
