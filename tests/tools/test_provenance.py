"""Stored measurements say when and at which commit they were made."""

import re
from datetime import date

import pytest

from tools import tables
from tools.support import provenance

SENTENCE = r"^Measured on \d{4}-\d\d-\d\d at commit \S+\."


@pytest.mark.parametrize("make", [tables.bench, tables.capacity])
def test_measured_tables_name_their_date_and_commit(make):
    assert re.search(SENTENCE, make(), re.MULTILINE)


def test_new_results_are_of_today_and_of_this_commit():
    results = provenance.provenance()
    assert results["date"] == date.today().isoformat()
    assert re.fullmatch(r"[0-9a-f]{7,}(-dirty)?|unknown", results["commit"])
    assert re.match(SENTENCE, provenance.sentence(results))


def test_without_git_the_commit_is_unknown(monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    assert provenance.provenance()["commit"] == "unknown"
