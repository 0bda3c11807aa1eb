"""Everything that ``make generate`` writes is up to date, and changes of the registries are noticed."""

import copy
from dataclasses import replace

import pytest

import losses
from losses.core.registry import Registry
from tools import catalogues, generate, links, tables


@pytest.mark.parametrize("name", generate.GENERATED)
def test_generated_files_are_up_to_date(name):
    assert generate.GENERATED[name].stale() == [], f"run: {generate.COMMAND}"


def test_every_table_is_in_a_document_once():
    names = [name for path in tables.documents() for _, name, _ in tables.MARKED.findall(path.read_text())]
    assert sorted(names) == sorted(tables.tables())


def test_a_new_loss_is_missing_in_its_table(monkeypatch):
    new = replace(losses.LOSSES["mse"], key="new", name="a new loss")
    monkeypatch.setattr(losses, "LOSSES", Registry("loss", [*losses.LOSSES.values(), new]))
    assert "| `new` | a new loss |" in tables.tables()["losses"]
    stale = {line.partition(": ")[2] for line in generate.stale_tables()}
    assert stale == {"the table 'losses'", "the table 'api'"}


@pytest.mark.slow
def test_a_new_text_is_missing_in_the_catalogues(monkeypatch):
    messages = copy.deepcopy(catalogues.english_messages())
    messages.add("A new text", locations=[("app/new.py", None)])
    messages.add(("{n} new text", "{n} new texts"), locations=[("app/new.py", None)])
    monkeypatch.setattr(catalogues, "english_messages", lambda: messages)
    assert sorted(generate.stale_catalogues()) == [
        f"app/i18n/catalogues/{language}.po: new: {text}"
        for language in sorted(catalogues.LANGUAGES.keys() - {catalogues.ENGLISH})
        for text in ("A new text", "{n} new text")
    ]
    assert catalogues.untranslated().keys() >= {"es"}
    assert {"A new text", "{n} new text"} <= set(catalogues.untranslated()["es"])


def test_a_changed_link_is_listed_with_both_meanings(monkeypatch):
    row = links.current_row("?rate=0.05")
    old = row._replace(state=row.state.replace("rate=0.05", "rate=0.04"), loss="7")
    assert links.changes(old, row) == ["rate=0.04 is now rate=0.05", f"loss 7 is now {row.loss}"]
    assert links.changes(row, row) == []
    assert links.changes(row, row._replace(state=row.state + "&new=1")) == []
    monkeypatch.setattr(links, "read_rows", lambda: [old, links.Row("?no_such_key=1", "?", "1")])
    monkeypatch.setattr(links, "missing", lambda rows: iter(()))
    rows, differences = links.generate()
    assert rows[0] == row
    assert differences[0].startswith("?rate=0.05: rate=0.04 is now")
    assert differences[1].startswith("no longer valid")


@pytest.mark.slow
def test_entries_without_a_link_get_one(monkeypatch):
    stored = links.read_rows()
    incomplete = [row for row in stored if "adamw" not in row.state and "huber" not in row.state]
    monkeypatch.setattr(links, "read_rows", lambda: incomplete)
    rows, differences = links.generate()
    monkeypatch.setattr(links, "read_rows", lambda: rows)
    assert differences
    assert not [line for line in differences if line.startswith("no link found")]
    assert {"adamw", "huber"} <= {
        links.query_values(row.state)[key] for row in rows for key in ("opt", "loss")
    }
    assert links.generate() == (rows, [])
