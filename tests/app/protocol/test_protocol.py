"""What passes between server and browser keeps to its types: real answers, crafted requests, the schema."""

import json
from dataclasses import replace
from functools import cache
from typing import Any

import msgspec
import pytest

import losses
from app.api.csv_upload import preview_table
from app.api.menu_formulas import menu_formulas
from app.api.rate_preview import rate_preview, steps_by_rate
from app.api.start_preview import place_preview, start_preview
from app.experiment.basin_tiles import tile
from app.experiment.experiment import Experiment
from app.figures.views.detail_card_views import DETAIL_VIEWS
from app.i18n.translation import ENGLISH, LANGUAGES
from app.lessons import LESSONS
from app.page.scene import scene
from app.problem_setup.registry import SUBJECTS
from app.protocol.base import encode
from app.protocol.catalogue import MenuFormulas
from app.protocol.csv_preview import CsvPreview
from app.protocol.figures import BasinTile, TileAnswer
from app.protocol.request import CallbackBody, Request, explain
from app.protocol.scene import PlacePreview, RatePreview, Scene, StartPreview, StepsByRate
from app.url_state.state import parse
from tools import protocol
from tools.support.case_selection import covering
from tools.support.http_client import callback_body

VIEWS = [
    (key, data)
    for data in ("ravine", "spam", "iris")
    for key, view in DETAIL_VIEWS.items()
    if view.applies_to(parse(f"?data={data}")[0].problem)
]
LINKS = (
    *(f"?data={key}&steps=5" for key in SUBJECTS),
    *(f"?s={key}" for key in LESSONS),
    *(f"?s={key}&a=0" for key, lesson in LESSONS.items() if lesson.choices),
    *(f"?opt={key}&view=step&steps=3" for key in losses.OPTIMIZERS),
    *("?race=adam:beta1=0.5,momentum&fair=0&view=race", "?vs=mae&race=adam&ghost=0.1,1,1", "?fog=1"),
    *("?data=moons&model=mlp&basins=1", "?data=spam&basins=1", "?rate=1e9&steps=4", "?hide=rate,start,data"),
    *("?loss=own&formula=r^2", "?data=own&points=regression_a,b_1,2_2,3_3,5&edit=1:4", "?rate=x&wat=1"),
)
"""Every dataset, lesson, view and optimizer, and states with every kind of control."""


def decoded(value: Any, kind: Any) -> Any:
    """Encode a value and decode it as ``kind``, which fails if it does not keep to its type."""
    return msgspec.json.decode(encode(value), type=kind, strict=True)


def assert_keeps_to_its_type(value, kind):
    assert json.loads(encode(decoded(value, kind))) == json.loads(encode(value))


@pytest.mark.parametrize("link", LINKS)
def test_every_scene_and_preview_of_a_start_keeps_to_its_type(link):
    assert_scene_keeps_to_its_type(link)


@pytest.mark.parametrize(("view", "data"), covering(VIEWS))
def test_the_scene_of_every_view_keeps_to_its_type(view, data):
    assert_scene_keeps_to_its_type(f"?view={view}&data={data}&steps=9")


@pytest.mark.parametrize("first", [0, *(pytest.param(i, marks=pytest.mark.thorough) for i in range(1, 4))])
def test_every_preview_of_rates_and_every_tile_keeps_to_its_type(first):
    for link in LINKS[first::4]:
        state, _ = parse(link)
        assert_keeps_to_its_type(rate_preview(state), RatePreview)
        assert_keeps_to_its_type(steps_by_rate(state), StepsByRate)
        assert_keeps_to_its_type(TileAnswer(tile=tile(state, 0)), TileAnswer)


def assert_scene_keeps_to_its_type(link):
    state, notices = parse(link)
    first = scene(state, notices)
    assert_keeps_to_its_type(first, Scene)
    assert_keeps_to_its_type(start_preview(Experiment(state)), StartPreview)
    assert_keeps_to_its_type(place_preview(state), PlacePreview)
    assert first.moment.step <= first.moment.last_step == first.run.run_text.last_step


@pytest.mark.parametrize("link", [LINKS[0], "?s=outlier&a=1", "?race=adam&view=race", "?view=step"])
@pytest.mark.parametrize("key", [key for key in LANGUAGES if key != ENGLISH])
def test_a_translated_scene_keeps_to_its_type_and_changes_texts_only(link, key):
    english = scene(*parse(link))
    translated = LANGUAGES[key].translate(english)
    assert isinstance(translated, Scene)
    decoded(translated, Scene)
    assert translated.title != english.title
    assert translated.moment.numbers != english.moment.numbers
    assert translated.run.arrays is english.run.arrays
    assert (translated.link, translated.rate) == (english.link, english.rate)
    menus = [
        [part for part in each.controls.sentence.parts if not isinstance(part, str)]
        for each in (english, translated)
    ]
    assert sorted(menu.name for menu in menus[0]) == sorted(menu.name for menu in menus[1])
    assert menus[0][0].options[0].hint != menus[1][0].options[0].hint


def test_other_answers_keep_to_their_types():
    decoded(menu_formulas(), MenuFormulas)
    for text in ("", "a,b\n1,2\n2,3\n4,4", "a,b\nx,2\ny,3\nz,4", "1"):
        decoded(preview_table(text), CsvPreview)
    state, _ = parse("?data=moons&model=mlp&basins=1")
    state = replace(state, basins=False)
    assert decoded(TileAnswer(tile=tile(state, 0)), TileAnswer).tile is None


SCHEMA = cache(protocol.schema)


def structs() -> list[type[msgspec.Struct]]:
    return list(protocol.structs().values())


@pytest.mark.parametrize("kind", structs(), ids=lambda kind: kind.__name__)
def test_an_object_with_an_unknown_field_is_refused(kind):
    [reference], definitions = msgspec.json.schema_components([kind])
    assert definitions[kind.__name__]["additionalProperties"] is False
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert({**_tag(kind), "unknownField": 1}, kind)


def _tag(kind: type[msgspec.Struct]) -> dict[str, Any]:
    config = kind.__struct_config__
    return {config.tag_field: config.tag} if config.tag_field else {}


@pytest.mark.parametrize("kind", structs(), ids=lambda kind: kind.__name__)
def test_every_object_and_field_has_its_place_in_the_schema(kind):
    definition = SCHEMA()["$defs"][kind.__name__]
    assert definition["description"]
    names = {field.encode_name for field in msgspec.structs.fields(kind)}
    assert names <= set(definition["properties"])
    assert all("_" not in name for name in definition["properties"])


def test_only_what_plotly_defines_is_untyped_in_the_schema():
    untyped = []

    def look(spec: Any, path: str) -> None:
        if isinstance(spec, dict):
            if spec.get("type") == "object" and not (
                spec.get("properties") or spec.get("additionalProperties")
            ):
                untyped.append(path)
            for key, part in spec.items():
                if key not in ("required", "enum"):
                    look(part, f"{path}.{key}" if key not in ("properties", "items") else path)
        elif isinstance(spec, list):
            for part in spec:
                look(part, path)

    look(SCHEMA()["$defs"], "")
    assert {path.lstrip(".") for path in untyped} <= {
        *("FigureSpec.data", "FigureSpec.layout", "MovingTrace.trace", "Moment.detailLayout"),
        *("OfflineFigure.data", "OfflineFigure.layout"),
    }


def test_what_has_no_place_in_the_protocol_is_not_encoded():
    good = BasinTile(number=0, starts=None, found=None, steps=None, minima=[])
    assert json.loads(encode(good))["number"] == 0
    for wrong in (losses.DATASETS["houses"].x[0], losses.LOSSES["mse"], object()):
        with pytest.raises(TypeError):
            encode(replace_number(good, wrong))


def replace_number(basin_tile: BasinTile, number: Any) -> BasinTile:
    return msgspec.structs.replace(basin_tile, number=number)


def test_numbers_that_json_cannot_write_become_null():
    assert encode([float("nan"), float("inf"), 1.5]) == b"[null,null,1.5]"


FULL = {
    "link": "?rate=0.2",
    "changes": {"rate": "1"},
    "knownFigures": ["a"],
    "points": "regression_a,b_1,2",
    "tile": 3,
    "keptAxes": "?rate=0.1",
}


def test_a_request_is_parsed_from_the_body_of_the_callback():
    call = msgspec.convert(callback_body(FULL), CallbackBody)
    expected = Request("?rate=0.2", {"rate": "1"}, ("a",), FULL["points"], 3, "?rate=0.1")
    assert call.inputs[0].value == expected
    assert msgspec.convert(callback_body({}), CallbackBody).inputs[0].value == Request()


@pytest.mark.parametrize(
    ("value", "sentence"),
    [
        (FULL | {"link": 3}, "link is a text of at most 2000 characters."),
        (FULL | {"link": "x" * 2001}, "link is a text of at most 2000 characters."),
        (FULL | {"changes": []}, "changes maps at most 40 keys of a link to their spelling."),
        (FULL | {"changes": {"rate": 1}}, "changes maps at most 40 keys of a link to their spelling."),
        (FULL | {"changes": {"x" * 2001: ""}}, "changes maps at most 40 keys of a link to their spelling."),
        (FULL | {"changes": dict.fromkeys(map(str, range(41)), "")}, "changes maps at most 40 keys"),
        (FULL | {"knownFigures": "a"}, "knownFigures is a list of at most 50 texts."),
        (FULL | {"knownFigures": ["a"] * 51}, "knownFigures is a list of at most 50 texts."),
        (FULL | {"knownFigures": ["x" * 401]}, "knownFigures is a list of at most 50 texts."),
        (FULL | {"points": None}, "points is a text of at most 150000 characters."),
        (FULL | {"tile": True}, "tile is a whole number up to 100."),
        (FULL | {"tile": -1}, "tile is a whole number up to 100."),
        (FULL | {"keptAxes": 1}, "keptAxes is a text of at most 2000 characters."),
        (FULL | {"tile": 1.5}, "tile is a whole number up to 100."),
        (
            FULL | {"part": 1},
            "A request is an object of link, changes, knownFigures, points, tile, keptAxes.",
        ),
        ([], "A request is an object of link"),
        (None, "A request is an object of link"),
    ],
)
def test_a_crafted_request_is_refused_with_a_sentence_on_its_fault(value, sentence):
    with pytest.raises(msgspec.ValidationError) as caught:
        msgspec.convert(callback_body(value), CallbackBody)
    assert explain(caught.value).startswith(sentence)


@pytest.mark.parametrize(
    "change",
    [
        {"output": "answer.children"},
        {"outputs": []},
        {"outputs": {"id": "x", "property": "value"}},
        {"inputs": []},
        {"inputs": [{"id": "request", "property": "value", "value": {}}] * 2},
        {"inputs": [{"id": "x", "property": "value", "value": {}}]},
        {"inputs": [{"id": "request", "property": "value"}]},
        {"changedPropIds": []},
        {"changedPropIds": ["x.value"]},
        {"state": []},
    ],
)
def test_a_body_of_another_callback_is_not_a_request_of_the_page(change):
    with pytest.raises(msgspec.ValidationError) as caught:
        msgspec.convert(callback_body({}) | change, CallbackBody)
    assert explain(caught.value) == "This is not a request of the page."
