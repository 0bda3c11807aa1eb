import json
import re
import string

import pytest

from app.i18n.translation import ENGLISH, LANGUAGES, Entry, Language, Phrase, Wrapped, read_po
from app.server import create_app
from losses.core.messages import capital, listed, num, say, small
from tools.catalogues import FOLDER, catalogues, messages_in, messages_in_script, write_po
from tools.support.http_client import question

OTHERS = [language for key, language in LANGUAGES.items() if key != ENGLISH]
SPANISH = LANGUAGES["es"]


def fields(template):
    return sorted(name for _, name, *_ in string.Formatter().parse(template) if name)


def test_every_catalogue_is_of_a_language():
    assert set(FOLDER.iterdir()) == set(catalogues())


def test_a_text_without_a_translation_is_english():
    language = Language("es", "Español", ",")
    language.__dict__["entries"] = (Entry("loss {n}", "", ()), Entry("the map", "el mapa", ("assets/x.mjs",)))
    assert language.of(say("loss {n}", n=num(1.5))) == "loss 1,5"
    assert language.of(say("the map")) == "el mapa"


@pytest.mark.parametrize("language", OTHERS, ids=lambda language: language.key)
def test_a_translation_has_the_same_fields(language):
    wrong = {}
    for entry in (entry for entry in language.entries if entry.text):
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
    assert list(messages_in('say("a " "b")\nx(say("c" if y else "d", e=say("f")))')) == ["a b", "c", "d", "f"]
    assert list(messages_in_script('message("a \\"b\\"", {})\nthis.message(x); speech.message("no")')) == [
        'a "b"'
    ]
    with pytest.raises(ValueError, match="line 1: the template of a message must be a literal text"):
        list(messages_in("say(text)"))


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
        (Wrapped(say("of {what}", what="a bowl of twenty-three")), "de a bowl of twenty-three"),
        (
            Wrapped(say("of {what}", what="a bowl of twenty-three lines")),
            "de a bowl of twenty-three<br>lines",
        ),
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


@pytest.fixture(scope="module")
def client():
    return create_app().server.test_client()


def opened(client, path, accepted=""):
    answer = client.get(path, headers={"Accept-Language": accepted})
    page = answer.get_data(as_text=True)
    lang = re.search(r'<html lang="(\w+)"', page)[1]
    scene = json.loads(re.search(r'<script id="first-scene"[^>]*>(.*?)</script>', page)[1])
    assert answer.headers["Vary"] == "Accept-Language, Accept-Encoding"
    return lang, scene, page


@pytest.mark.parametrize(
    ("path", "accepted", "lang"),
    [
        ("/", "", "en"),
        ("/", "es-MX,es;q=0.9,en;q=0.8", "es"),
        ("/", "fi, en-GB;q=0.5", "en"),
        ("/", "fi", "en"),
        ("/", "*", "en"),
        ("/?lang=es", "en", "es"),
        ("/?lang=en", "es", "en"),
        ("/?lang=fi", "es", "es"),
    ],
)
def test_a_page_is_in_the_language_of_the_link_or_the_browser(client, path, accepted, lang):
    for _ in range(2):  # made, and kept
        found, scene, page = opened(client, path, accepted)
        assert found == lang
        assert scene["title"].startswith({"en": "Fit ", "es": "Ajusta "}[lang])
        assert ('id="catalogue"' in page) == (lang != "en")


def test_a_spanish_page_has_a_comma_in_its_numbers(client):
    _, scene, page = opened(client, "/?lang=es")
    told = scene["run"]["told"]
    assert told["kinds"]["numbers"]["templates"][0].startswith("Pérdida {loss}, la mejor posible {best}.")
    assert re.fullmatch(r"\d,\d+", told["words"]["best"])
    assert scene["figures"]["map"]["figure"]["layout"]["separators"] == ",\u202f"
    carried = json.loads(re.search(r'<script id="catalogue"[^>]*>(.*?)</script>', page)[1])
    assert carried["mark"] == ","
    assert carried["texts"]["Share"] == "Compartir"


@pytest.mark.parametrize(("link", "accepted"), [("?lang=es", ""), ("?k=3", "es")])
def test_an_answer_is_in_the_language_of_its_link(client, link, accepted):
    answer = client.post(
        "/_dash-update-component",
        json=question({"link": link, "set": {"rate": "1.5"}}),
        headers={"Accept-Language": accepted},
    )
    scene = answer.json["response"]["answer"]["value"]
    assert scene["run"]["told"]["kinds"]["verdict"]["templates"][0].startswith("Diverge: la tasa es ")
    assert ("lang=es" in scene["link"]) == ("lang" in link)


def test_what_is_fetched_of_rates_is_in_the_language_too(client):
    for accepted, word in (("es", "Pérdida"), ("en", "Loss"), ("es", "Pérdida")):
        fan, glimpse = (
            client.get(path, headers={"Accept-Language": accepted}).json for path in ("/fan", "/glimpse")
        )
        assert fan["seen"][0]["moment"]["numbers"].startswith(word)
        assert glimpse["moment"]["numbers"].startswith(word)


@pytest.mark.parametrize(
    ("method", "path", "accepted", "sentence"),
    [
        ("GET", "/nowhere", "es", "Aquí no existe esa página.\n"),
        ("GET", "/nowhere?lang=es", "en", "Aquí no existe esa página.\n"),
        ("GET", "/nowhere?lang=en", "es", "There is no such page here.\n"),
        ("PUT", "/?lang=es", "", "Eso no se puede hacer con esta dirección.\n"),
        ("GET", "/export/nothing?lang=es", "", "Aquí hay run.py, path.csv, landscape.html.\n"),
        ("GET", "/export/run.py?points=browser", "es", "Los datos de este enlace están en el navegador"),
        ("POST", "/paste?lang=es", "", "Hacen falta al menos 3 filas."),
        ("POST", "/paste?lang=en", "es", "At least 3 rows are needed."),
    ],
)
def test_a_refusal_is_in_the_language_too(client, method, path, accepted, sentence):
    answer = client.open(path, method=method, data="1,2\n3,4", headers={"Accept-Language": accepted})
    assert (answer.json["problem"] if answer.is_json else answer.text).startswith(sentence)
