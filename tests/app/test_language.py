import string

import pytest

from app.language import ENGLISH, LANGUAGES, Entry, Phrase, read_po
from losses.words import capital, listed, num, say, small
from tests.words import FOLDER, catalogues, said_by_script, said_in, write_po

OTHERS = [language for key, language in LANGUAGES.items() if key != ENGLISH]
SPANISH = LANGUAGES["es"]


def fields(template):
    return sorted(name for _, name, *_ in string.Formatter().parse(template) if name)


@pytest.mark.parametrize("path", catalogues(), ids=lambda path: path.name)
def test_a_catalogue_is_what_the_source_says(path):
    assert path.read_text(encoding="utf-8") == catalogues()[path], "make words"


def test_every_catalogue_is_of_a_language():
    assert set(FOLDER.iterdir()) == set(catalogues())


@pytest.mark.parametrize("language", OTHERS, ids=lambda language: language.key)
def test_everything_is_translated(language):
    assert [entry.template for entry in language.entries if not entry.text] == []


@pytest.mark.parametrize("language", OTHERS, ids=lambda language: language.key)
def test_a_translation_has_the_same_fields(language):
    wrong = {}
    for entry in language.entries:
        try:
            same = fields(entry.template) == fields(entry.text)
        except ValueError:
            same = entry.template.count("{") == entry.text.count("{")
        if not same:
            wrong[entry.template] = entry.text
    assert wrong == {}


def test_what_is_written_is_read():
    entries = [
        Entry('a "b"\n{c}', "d\\", ("app/x.py", "assets/y.mjs")),
        Entry("long", "ä…", ("app/x.py",)),
    ]
    assert list(read_po(write_po("es", entries))) == entries


def test_translators_tools_break_long_lines():
    text = '#, fuzzy\nmsgid ""\n"one "\n"two"\nmsgstr ""\n"uno "\n"dos"\n'
    assert list(read_po(text)) == [Entry("one two", "uno dos", ())]


def test_what_is_said_is_found():
    assert list(said_in('say("a " "b")\nx(say("c" if y else "d", e=say("f")))')) == ["a b", "c", "d", "f"]
    assert list(said_by_script('say("a \\"b\\"", {})\nthis.say(x); speech.say("no")')) == ['a "b"']
    with pytest.raises(ValueError, match="line 1"):
        list(said_in("say(text)"))


@pytest.fixture
def _gibberish(monkeypatch):
    said = {
        "loss {n}": "pérdida {n}",
        "of {what}": "de {what}",
        "the map": "el mapa",
        "Fit {a} to {b}.": "A {b}, {a}.",
    }
    monkeypatch.setitem(SPANISH.__dict__, "texts", said)


@pytest.mark.usefixtures("_gibberish")
@pytest.mark.parametrize(
    ("value", "other"),
    [
        (say("loss {n}", n=num(1.5)), "pérdida 1,5"),
        (say("of {what}", what=say("loss {n}", n=3)), "de pérdida 3"),
        (listed(" / ", [say("the map"), "x", num(2.5)]), "el mapa / x / 2,5"),
        (capital(say("the map")), "El mapa"),
        (small(say("of {what}", what="Adam")), "de Adam"),
        (say("nobody knows {n}", n=num(0.5)), "nobody knows 0,5"),
        ({"the map": [say("the map"), "the map", 1.5, None]}, {"the map": ["el mapa", "the map", 1.5, None]}),
        ((say("the map"),), ["el mapa"]),
        (
            Phrase("Fit {a} to {b}.", a={"text": say("the map")}, b=[1, 2]),
            ["A ", 1, 2, ", ", {"text": "el mapa"}, "."],
        ),
    ],
    ids=repr,
)
def test_it_is_said_in_another_language(value, other):
    assert SPANISH.of(value) == other
    assert LANGUAGES[ENGLISH].of(value) is value


def test_a_phrase_is_its_words_and_things():
    assert Phrase("Fit {a} to {b}.", a={"key": 1}, b=["x", "y"]) == [
        "Fit ",
        {"key": 1},
        " to ",
        "x",
        "y",
        ".",
    ]
