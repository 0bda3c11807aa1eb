"""Translation: catalogues, texts by their types, and the language of every response."""

import json
import re
import string

import pytest

from app.i18n.translation import ENGLISH, LANGUAGES, CatalogueEntry, Language, Phrase, WrappedText, parse_po
from app.server import create_app
from losses.core.messages import capitalized, format_number, joined, lowercased, message
from tools.catalogues import FOLDER, catalogues, messages_in, messages_in_script, write_po
from tools.support.http_client import callback_body

TRANSLATED_LANGUAGES = [language for key, language in LANGUAGES.items() if key != ENGLISH]
SPANISH = LANGUAGES["es"]


def field_names(template):
    return sorted(name for _, name, *_ in string.Formatter().parse(template) if name)


def test_there_is_one_catalogue_for_each_language():
    assert set(FOLDER.iterdir()) == set(catalogues())


def test_a_text_without_a_translation_is_english():
    language = Language("es", "Español", ",")
    language.__dict__["entries"] = (
        CatalogueEntry("loss {n}", "", ()),
        CatalogueEntry("the map", "el mapa", ("assets/x.mjs",)),
    )
    assert language.translate(message("loss {n}", n=format_number(1.5))) == "loss 1,5"
    assert language.translate(message("the map")) == "el mapa"


@pytest.mark.parametrize("language", TRANSLATED_LANGUAGES, ids=lambda language: language.key)
def test_a_translation_has_the_same_fields(language):
    wrong = {}
    for entry in (entry for entry in language.entries if entry.text):
        try:
            same = field_names(entry.template) == field_names(entry.text)
        except ValueError:
            same = entry.template.count("{") == entry.text.count("{")
        if not same:
            wrong[entry.template] = entry.text
    assert wrong == {}


def test_a_written_catalogue_is_parsed_to_the_same_entries():
    entries = [
        CatalogueEntry('a "b"\n{c}', "d\\", ("app/x.py", "assets/y.mjs")),
        CatalogueEntry("long", "ä…", ("app/x.py",)),
    ]
    assert list(parse_po(write_po("es", entries))) == entries


def test_strings_of_a_catalogue_may_continue_on_the_next_lines():
    text = '#, fuzzy\nmsgid ""\n"one "\n"two"\nmsgstr ""\n"uno "\n"dos"\n'
    assert list(parse_po(text)) == [CatalogueEntry("one two", "uno dos", ())]


def test_templates_in_sources_are_found():
    assert list(messages_in('message("a " "b")\nx(message("c" if y else "d", e=message("f")))')) == [
        "a b",
        "c",
        "d",
        "f",
    ]
    assert list(messages_in_script('message("a \\"b\\"", {})\nthis.message(x); speech.message("no")')) == [
        'a "b"'
    ]
    with pytest.raises(ValueError, match="line 1: the template of a message must be a literal text"):
        list(messages_in("message(text)"))


@pytest.fixture
def _spanish_texts(monkeypatch):
    texts = {
        "loss {n}": "pérdida {n}",
        "of {what}": "de {what}",
        "the map": "el mapa",
        "Fit {a} to {b}.": "A {b}, {a}.",
    }
    monkeypatch.setitem(SPANISH.__dict__, "texts", texts)


@pytest.mark.usefixtures("_spanish_texts")
@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (message("loss {n}", n=format_number(1.5)), "pérdida 1,5"),
        (message("of {what}", what=message("loss {n}", n=3)), "de pérdida 3"),
        (joined(" / ", [message("the map"), "x", format_number(2.5)]), "el mapa / x / 2,5"),
        (capitalized(message("the map")), "El mapa"),
        (lowercased(message("of {what}", what="Adam")), "de Adam"),
        (WrappedText(message("of {what}", what="a bowl of twenty-three")), "de a bowl of twenty-three"),
        (
            WrappedText(message("of {what}", what="a bowl of twenty-three lines")),
            "de a bowl of twenty-three<br>lines",
        ),
        (message("nobody knows {n}", n=format_number(0.5)), "nobody knows 0,5"),
        (
            {"the map": [message("the map"), "the map", 1.5, None]},
            {"the map": ["el mapa", "the map", 1.5, None]},
        ),
        ((message("the map"),), ["el mapa"]),
        (
            Phrase("Fit {a} to {b}.", a={"text": message("the map")}, b=[1, 2]),
            ["A ", 1, 2, ", ", {"text": "el mapa"}, "."],
        ),
    ],
    ids=repr,
)
def test_each_type_of_text_is_translated(value, expected):
    assert SPANISH.translate(value) == expected
    assert LANGUAGES[ENGLISH].translate(value) is value


def test_the_items_of_a_phrase_are_its_pieces_of_text_and_its_arguments():
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


def open_page(client, path, accept_language=""):
    """Return the language of a page, its first scene and its HTML."""
    response = client.get(path, headers={"Accept-Language": accept_language})
    page = response.get_data(as_text=True)
    lang = re.search(r'<html lang="(\w+)"', page)[1]
    scene = json.loads(re.search(r'<script id="first-scene"[^>]*>(.*?)</script>', page)[1])
    assert response.headers["Vary"] == "Accept-Language, Accept-Encoding"
    return lang, scene, page


@pytest.mark.parametrize(
    ("path", "accept_language", "lang"),
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
def test_a_page_is_in_the_language_of_the_link_or_the_browser(client, path, accept_language, lang):
    for _ in range(2):  # the second response is from the cache
        page_language, scene, page = open_page(client, path, accept_language)
        assert page_language == lang
        assert scene["title"].startswith({"en": "Fit ", "es": "Ajusta "}[lang])
        assert ('id="catalogue"' in page) == (lang != "en")


def test_a_spanish_page_has_a_comma_in_its_numbers(client):
    _, scene, page = open_page(client, "/?lang=es")
    step_text = scene["run"]["runText"]
    assert step_text["texts"]["numbers"]["templates"][0].startswith(
        "Pérdida {loss}, la menor posible {best}."
    )
    assert re.fullmatch(r"\d,\d+", step_text["constants"]["best"])
    assert scene["figures"]["map"]["figure"]["layout"]["separators"] == ",\u202f"
    catalogue = json.loads(re.search(r'<script id="catalogue"[^>]*>(.*?)</script>', page)[1])
    assert catalogue["decimalMark"] == ","
    assert catalogue["texts"]["Share"] == "Compartir"


@pytest.mark.parametrize(("link", "accept_language"), [("?lang=es", ""), ("?k=3", "es")])
def test_a_scene_is_in_the_language_of_its_link_or_the_browser(client, link, accept_language):
    response = client.post(
        "/_dash-update-component",
        json=callback_body({"link": link, "changes": {"rate": "1.5"}}),
        headers={"Accept-Language": accept_language},
    )
    scene = response.json["response"]["answer"]["value"]
    assert scene["run"]["runText"]["texts"]["verdict"]["templates"][0].startswith("Se dispara: la tasa ")
    assert ("lang=es" in scene["link"]) == ("lang" in link)


def test_previews_are_in_the_language_of_the_browser(client):
    for accept_language, word in (("es", "Pérdida"), ("en", "Loss"), ("es", "Pérdida")):
        rate_preview, start_preview = (
            client.get(path, headers={"Accept-Language": accept_language}).json
            for path in ("/fan", "/glimpse")
        )
        assert rate_preview["moments"][0]["numbers"].startswith(word)
        assert start_preview["moment"]["numbers"].startswith(word)


@pytest.mark.parametrize(
    ("method", "path", "accept_language", "sentence"),
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
def test_errors_are_in_the_language_of_the_link_or_the_browser(
    client, method, path, accept_language, sentence
):
    response = client.open(path, method=method, data="1,2\n3,4", headers={"Accept-Language": accept_language})
    assert (response.json["problem"] if response.is_json else response.text).startswith(sentence)
