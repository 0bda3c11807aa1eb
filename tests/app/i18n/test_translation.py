"""Translation: catalogues, texts by their types, and the language of every response."""

import json
import re
import string
import subprocess
import sys

import pytest
from babel.messages.catalog import Catalog

from app.i18n.translation import ENGLISH, LANGUAGES, Language, Phrase, WrappedText
from losses.core.messages import capitalized, format_number, joined, lowercased, message, plural
from tools.catalogues import (
    FOLDER,
    ROOT,
    catalogues,
    english_messages,
    entries,
    forms_of,
    key_of,
    new_catalogue,
    parse,
    translate,
    translations_in,
    write,
)
from tools.support.http_client import callback_body
from tools.support.three_plurals import three_plurals
from tools.untranslated import not_collected

TRANSLATED_LANGUAGES = [language for key, language in LANGUAGES.items() if key != ENGLISH]
SPANISH = LANGUAGES["es"]


def field_names(template):
    return sorted(name for _, name, *_ in string.Formatter().parse(template) if name)


def language_with(translations):
    """Return Spanish with no other translations than these."""
    language = Language("es", "Español")
    language.__dict__["catalogue"] = Catalog(locale=language.locale)
    for template, translation in translations.items():
        language.catalogue.add(template, translation, locations=[("assets/x.mjs", None)])
    return language


def test_there_is_one_catalogue_for_each_language_but_english():
    assert set(FOLDER.iterdir()) == set(catalogues())
    assert {path.stem for path in FOLDER.iterdir()} == LANGUAGES.keys() - {ENGLISH}


def test_a_text_without_a_translation_is_english():
    language = language_with({"loss {n}": "", "the map": "el mapa", ("{n} row", "{n} rows"): ("", "", "")})
    assert language.translate(message("loss {n}", n=format_number(1.5))) == "loss 1,5"
    assert language.translate(message("the map")) == "el mapa"
    assert [language.translate(plural("{n} row", "{n} rows", n=n)) for n in (1, 2)] == ["1 row", "2 rows"]
    assert [language.translate(plural("{n} step", "{n} steps", n=n)) for n in (1, 2)] == ["1 step", "2 steps"]
    assert language.translate(message("")) == ""
    assert language.browser_texts == {"loss {n}": "loss {n}", "the map": "el mapa"}
    assert language.browser_plurals == {
        "{n} row": {"one": "{n} row", "many": "{n} rows", "other": "{n} rows"}
    }


def fields_of(entry):
    """Return the fields of the template and of each translation; {n} may be missing in a form of a plural."""
    templates = [entry.id] if isinstance(entry.id, str) else list(entry.id)
    return [
        set(field_names(text)) - ({"n"} if len(templates) > 1 else set())
        for text in (templates[-1], *filter(None, forms_of(entry)))
    ]


@pytest.mark.parametrize("language", TRANSLATED_LANGUAGES, ids=lambda language: language.key)
def test_a_translation_has_the_same_fields(language):
    wrong = {}
    for entry in entries(language.catalogue):
        try:
            same = all(fields == fields_of(entry)[0] for fields in fields_of(entry))
        except ValueError:
            same = entry.id.count("{") == entry.string.count("{")
        if not same:
            wrong[key_of(entry)] = entry.string
    assert wrong == {}


@pytest.mark.parametrize("language", TRANSLATED_LANGUAGES, ids=lambda language: language.key)
def test_a_catalogue_has_the_headers_of_gettext(language):
    headers = dict(language.catalogue.mime_headers)
    assert headers["Language"] == language.key
    assert headers["Content-Type"] == "text/plain; charset=utf-8"
    assert re.fullmatch(r"nplurals=\d; plural=.+;", headers["Plural-Forms"])
    for entry in entries(language.catalogue):
        assert isinstance(entry.id, str) or len(forms_of(entry)) == language.catalogue.num_plurals


def test_a_written_catalogue_is_parsed_to_the_same_entries():
    catalogue = new_catalogue("es")
    catalogue.add('a "b"\n{c} ' + 60 * "long ", "d\\", locations=[("app/x.py", None), ("assets/y.mjs", None)])
    catalogue.add(("{n} row, 5 % of it", "{n} rows"), ("ä…", "…", "…"), locations=[("app/x.py", None)])
    text = write(catalogue)
    restored = [(entry.id, entry.string, entry.locations) for entry in entries(parse(text))]
    assert restored == [(entry.id, entry.string, entry.locations) for entry in entries(catalogue)]
    assert write(parse(text)) == text
    assert "python-format" not in text


def test_templates_in_sources_are_found(tmp_path):
    (tmp_path / "app").mkdir()
    (tmp_path / "assets/js").mkdir(parents=True)
    (tmp_path / "docs").mkdir()
    (tmp_path / "app/x.py").write_text(
        'message("a " "b")\nx(message("c") if y else message("d", e=message("f", g=f"{h}")))\n'
        'Phrase("Fit {m}.", m=plural("{n} i", "{n} is", n=n))\n"""message("no")"""\n'
    )
    (tmp_path / "assets/js/y.mjs").write_text(
        'message("j \\"k\\"", {})\n`${plural("{n} l", "{n} ls", { n })} x`;\n// message("no")\nx.message(y)'
    )
    (tmp_path / "docs/z.py").write_text('message("no")')
    assert {entry.id for entry in entries(english_messages(tmp_path))} == {
        *("a b", "c", "d", "f", "Fit {m}.", 'j "k"'),
        *(("{n} i", "{n} is"), ("{n} l", "{n} ls")),
    }


def test_every_template_is_collected(tmp_path):
    (tmp_path / "app").mkdir()
    right = 'message("a")\nplural("b", "c", n=n)\nPhrase("d" "e", x=message("f", y=message("g")))\n'
    wrong = 'message(h)\nmessage("i" if c else "j")\nplural("k", l, n=1)\nplural("m", n=2)\nmessage(f"{n}")\n'
    nested = 'message("{o}", o=menu(message("p")))'
    (tmp_path / "app/x.py").write_text(right + wrong + nested)
    collected = {entry.id for entry in entries(english_messages(tmp_path))}
    assert sorted(not_collected(right + wrong + nested, collected)) == [4, 5, 6, 7, 8, 9]

    collected = {entry.id for entry in entries(english_messages())}
    lines = {
        str(path.relative_to(ROOT)): list(not_collected(path.read_text(encoding="utf-8"), collected))
        for folder in ("app", "losses")
        for path in (ROOT / folder).rglob("*.py")
    }
    assert {name: numbers for name, numbers in lines.items() if numbers} == {}


def test_translations_are_read_from_json_and_from_another_catalogue(tmp_path):
    expected = {"a": "b", "{n} row": ("{n} fila", "{n} de filas", "{n} filas")}
    (tmp_path / "more.json").write_text(json.dumps(expected))
    other = new_catalogue("es")
    other.add("a", "b")
    other.add("untranslated")
    other.add(("{n} row", "{n} rows"), expected["{n} row"])
    (tmp_path / "other.po").write_text(write(other))
    for name in ("more.json", "other.po"):
        assert translations_in(tmp_path / name) == expected
    catalogue = new_catalogue("es")
    catalogue.add("a")
    catalogue.add("{n} row")  # not a plural here
    translate(catalogue, {**expected, "unused": "x"})
    assert [entry.string or "" for entry in entries(catalogue)] == ["b", ""]


THREE_FORMS = [
    (0, "0 kroków"), (1, "1 krok"), (2, "2 kroki"), (4, "4 kroki"), (5, "5 kroków"), (11, "11 kroków"),
    (12, "12 kroków"), (21, "21 kroków"), (22, "22 kroki"), (112, "112 kroków"), (1004, "1004 kroki"),
]  # fmt: skip


@pytest.mark.parametrize(("n", "expected"), THREE_FORMS)
def test_a_language_may_have_three_plural_forms(n, expected):
    text = plural("{n} step in {place}", "{n} steps in {place}", n=n, place=message("the map"))
    assert text == f"{n} step{'s' * (n != 1)} in the map"
    assert three_plurals().translate(text) == f"{expected}, mapa"
    assert three_plurals().translate(capitalized(joined(" ", ["so", text]))) == f"So {expected}, mapa"


def test_a_form_that_is_missing_is_english():
    starts = [three_plurals().translate(plural("{n} start", "{n} starts", n=n)) for n in (1, 3, 5)]
    assert starts == ["1 początek", "3 starts", "5 starts"]


def test_the_browser_has_the_forms_by_the_names_of_intl_plural_rules():
    assert three_plurals().browser_plurals == {
        "{n} step in {place}": {
            "one": "{n} krok, {place}",
            "few": "{n} kroki, {place}",
            "many": "{n} kroków, {place}",
        }
    }
    assert three_plurals().browser_texts == {"the map": "mapa"}


@pytest.mark.slow
def test_an_english_page_does_without_babel():
    """It would make the start slower."""
    code = (
        "import sys; from app.server import create_app; app = create_app(); "
        "assert app.server.test_client().get('/').status_code == 200; "
        "assert 'babel' not in sys.modules; "
        "assert app.server.test_client().get('/?lang=es').status_code == 200; assert 'babel' in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True, cwd=ROOT)


@pytest.fixture
def _spanish_texts(monkeypatch):
    texts = {
        "loss {n}": "pérdida {n}",
        "of {what}": "de {what}",
        "the map": "el mapa",
        "Fit {a} to {b}.": "A {b}, {a}.",
        ("{n} step", "{n} steps"): ("{n} paso", "{n} de pasos", "{n} pasos"),
    }
    monkeypatch.setitem(SPANISH.__dict__, "translations", language_with(texts).translations)


@pytest.mark.usefixtures("_spanish_texts")
@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (message("loss {n}", n=format_number(1.5)), "pérdida 1,5"),
        (message("of {what}", what=message("loss {n}", n=3)), "de pérdida 3"),
        (message("of {what}", what=plural("{n} step", "{n} steps", n=1)), "de 1 paso"),
        (plural("{n} step", "{n} steps", n=3), "3 pasos"),
        (plural("{n} step", "{n} steps", n=2_000_000), "2000000 de pasos"),
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
