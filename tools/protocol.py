"""Write the JSON Schema of what passes between server and browser, its TypeScript and a document.

They come from the structs of ``app/protocol``; ``make generate`` writes them.
"""

import ast
import inspect
import json
import re
import sys
from pathlib import Path
from typing import Any, Final

import msgspec

from app.protocol import (
    arrays,
    catalogue,
    classroom,
    cloud,
    controls,
    csv_preview,
    figures,
    lesson_form,
    narration,
    request,
    scene,
)

ROOT: Final = Path(__file__).parents[1]
SCHEMA: Final = ROOT / "docs" / "develop" / "protocol.schema.json"
DOCUMENT: Final = ROOT / "docs" / "develop" / "protocol.md"
TYPES: Final = ROOT / "assets" / "js" / "protocol.d.ts"
MAX_WIDTH: Final = 110

MESSAGES: Final = {
    "CallbackBody": (request.CallbackBody, "the page, to `POST /_dash-update-component`"),
    "Scene": (scene.Scene, "the callback, and the page's HTML for its first scene"),
    "TileAnswer": (figures.TileAnswer, "the callback, to the request of a basin tile"),
    "RatePreview": (scene.RatePreview, "`GET /fan`"),
    "StepsByRate": (scene.StepsByRate, "`GET /arrivals`"),
    "StartPreview": (scene.StartPreview, "`GET /glimpse`"),
    "Morph": (figures.Morph, "`GET /bend`"),
    "PlacePreview": (scene.PlacePreview, "`GET /place`"),
    "CsvPreview": (csv_preview.CsvPreview, "`POST /paste`"),
    "CloudOrder": (cloud.CloudOrder, "a class's wall and phones, to `POST /cloud`"),
    "Cloud": (cloud.Cloud, "`POST /cloud`"),
    "MenuFormulas": (catalogue.MenuFormulas, "`GET /formulas`"),
    "TextCatalogue": (catalogue.TextCatalogue, "the page's HTML, unless it is English"),
    "OfflineFigure": (figures.OfflineFigure, "an exported page"),
    "LessonDraft": (
        lesson_form.LessonDraft,
        "the form of a lesson, to `POST /lesson/preview` and `/lesson/file`",
    ),
    "LessonPreview": (lesson_form.LessonPreview, "`POST /lesson/preview`"),
    "LessonImport": (lesson_form.LessonImport, "`POST /lesson/import`"),
    "ClassStart": (classroom.ClassStart, "the teacher's panel, to `POST /class/`"),
    "StartedClass": (classroom.StartedClass, "`POST /class/`"),
    "Face": (classroom.Face, "`GET /class/CODE/face`, and 409 or 412 to what comes late"),
    "Phone": (classroom.Phone, "a phone, to `PUT /class/CODE/me`"),
    "RemoteDigits": (classroom.RemoteDigits, "a teacher's screen, to `PUT /class/CODE/remote`"),
    "Paired": (classroom.Paired, "`POST /class/CODE/remote`"),
    "Tallies": (classroom.Tallies, "`GET /class/CODE/tallies`"),
    "Joined": (classroom.Joined, "`PUT /class/CODE/me`"),
    "GivenAnswer": (classroom.GivenAnswer, "a phone, to `PUT /class/CODE/answer`"),
    "Question": (classroom.Question, "`GET /class/CODE/question`"),
    "Board": (classroom.Board, "`GET /class/CODE/board`"),
    "Press": (classroom.Press, "the teacher's panel, to `PUT /class/CODE/turn`"),
    "ClassSettings": (classroom.ClassSettings, "the teacher's panel, to `PUT /class/CODE/settings`"),
}
"""Everything that is sent as a whole: its type and who sends it."""
SENT_BY_PAGE: Final = ("CallbackBody", "Request", "LessonDraft", "ClassStart", "Press")
"""Types in which the page may leave out what has a default; the server writes every field."""
ALIASES: Final[dict[str, Any]] = {
    "EncodedArray": arrays.EncodedArray,
    "Arrays": arrays.Arrays,
    "Setting": controls.Setting,
    "SentencePart": controls.SentencePart,
    "Scale": controls.Scale,
    "Table": narration.Table,
}
"""Types with a name in Python that msgspec writes out wherever they are used."""
ALIAS_COMMENTS: Final = {
    "Arrays": "Arrays by name.",
    "EncodedArray": "An array for `decode` of `core/array_codec.mjs`.",
    "Setting": "A field of a menu.",
    "SentencePart": "Words of a sentence, or a word that opens a menu.",
}
PLOTLY_OBJECT: Final = "PlotlyObject"
PLOTLY_COMMENT: Final = "A trace, a layout or an axis, as Plotly's own schema defines it."
PLOTLY_ARRAY_COMMENT: Final = "An array of a trace."
PREFIX: Final = "#/$defs/"


def schema() -> dict[str, Any]:
    """Return the JSON Schema: ``$defs`` has every struct, and any of ``MESSAGES`` may stand alone."""
    types = [kind for kind, _ in MESSAGES.values()]
    references, definitions = msgspec.json.schema_components(types, ref_template=PREFIX + "{name}")
    for name, kind in structs().items():
        properties = definitions.get(name, {}).get("properties", {})
        for field, comment in _field_comments(kind).items():
            if field in properties:
                properties[field]["description"] = comment
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "What passes between the server and the browser of Losslab",
        "anyOf": list(references),
        "$defs": dict(sorted(definitions.items())),
    }


def structs() -> dict[str, type[msgspec.Struct]]:
    """Return every struct of the protocol by its name."""
    modules = (arrays, catalogue, classroom, cloud, controls, csv_preview, figures, narration, request, scene)
    return {
        name: value
        for module in modules
        for name, value in vars(module).items()
        if inspect.isclass(value)
        and issubclass(value, msgspec.Struct)
        and value.__struct_fields__
        and value.__module__ == module.__name__
    }


def _field_comments(kind: type[msgspec.Struct]) -> dict[str, str]:
    """Return the texts below the fields of a struct by their names in JSON, as one line each."""
    [definition] = ast.parse(inspect.getsource(kind)).body
    assert isinstance(definition, ast.ClassDef)
    encoded = {field.name: field.encode_name for field in msgspec.structs.fields(kind)}
    comments = {}
    for statement, following in zip(definition.body, definition.body[1:], strict=False):
        match statement, following:
            case ast.AnnAssign(target=ast.Name(id=name)), ast.Expr(value=ast.Constant(value=str(text))):
                comments[encoded[name]] = " ".join(text.split())
    return comments


def types(spec: dict[str, Any]) -> str:
    """Return the TypeScript declarations of a schema."""
    lines = [
        "// The types of everything that passes between server and browser.",
        "// Written by `make generate` from app/protocol; do not edit.",
        "",
        *_comment(PLOTLY_COMMENT),
        f"export type {PLOTLY_OBJECT} = {{ [attribute: string]: any }};",
        "",
        *_comment(PLOTLY_ARRAY_COMMENT),
        'export type PlotlyArray = Omit<TypedArray, "kind">;',
        "",
    ]
    aliases = _alias_texts()
    for name, text in aliases.items():
        lines += _comment(ALIAS_COMMENTS.get(name, ""))
        others = {
            other: words for other, words in aliases.items() if other != name and len(words) < len(text)
        }
        lines += [f"export type {name} = {_with_aliases(text, others)};", ""]
    for name, definition in spec["$defs"].items():
        lines += [*_comment(definition.get("description", "")), *_declaration(name, definition, aliases), ""]
    lines += ["/** The MathML of the formulas of losses and optimizers, by their TeX. */"]
    lines += [f"export type MenuFormulas = {_type(msgspec.json.schema(catalogue.MenuFormulas))};", ""]
    return "\n".join(lines)


def _alias_texts() -> dict[str, str]:
    """Return the TypeScript of each alias, longest first."""
    texts = {}
    for name, kind in ALIASES.items():
        [spec], _ = msgspec.json.schema_components([kind], ref_template=PREFIX + "{name}")
        texts[name] = _type(spec)
    return dict(sorted(texts.items(), key=lambda item: -len(item[1])))


def _with_aliases(text: str, aliases: dict[str, str]) -> str:
    """Return a type in which what is written out is replaced by its name."""
    for name, words in aliases.items():
        text = text.replace(f"({words})", name)
        text = re.sub(rf"(?<![\w|] ){re.escape(words)}(?![\w\[]| \|(?! null))", name, text)
    return text


def _declaration(name: str, definition: dict[str, Any], aliases: dict[str, str]) -> list[str]:
    lines = [f"export interface {name} {{"]
    for field, spec in definition["properties"].items():
        optional = "?" if name in SENT_BY_PAGE and field not in definition.get("required", ()) else ""
        lines += [f"  {line}" for line in _comment(spec.get("description", ""))]
        lines.append(f"  {field}{optional}: {_with_aliases(_type(spec), aliases)};")
    return [*lines, "}"]


def _comment(text: str) -> list[str]:
    """Return a documentation comment, without the marks of reStructuredText."""
    text = " ".join(text.replace("``", "`").split())
    if not text:
        return []
    if len(text) < MAX_WIDTH - 10:
        return [f"/** {text} */"]
    words, lines = text.split(" "), [" *"]
    for word in words:
        if len(lines[-1]) + len(word) > MAX_WIDTH - 4:
            lines.append(" *")
        lines[-1] += f" {word}"
    return ["/**", *lines, " */"]


PRIMITIVES: Final = {
    "string": "string",
    "integer": "number",
    "number": "number",
    "boolean": "boolean",
    "null": "null",
}


def _type(spec: dict[str, Any]) -> str:
    """Return the TypeScript of a schema."""
    if "$ref" in spec:
        return str(spec["$ref"]).removeprefix(PREFIX)
    if "enum" in spec:
        return " | ".join(json.dumps(value) for value in spec["enum"])
    if "const" in spec:
        return json.dumps(spec["const"])
    if "anyOf" in spec:
        return " | ".join(dict.fromkeys(_type(part) for part in spec["anyOf"]))
    kind = spec.get("type")
    if kind == "array":
        return _array_type(spec)
    if kind == "object":
        values = spec.get("additionalProperties", {})
        return f"{{ [key: string]: {_type(values)} }}" if values else PLOTLY_OBJECT
    if isinstance(kind, str) and kind in PRIMITIVES:
        return PRIMITIVES[kind]
    raise ValueError(f"The schema {spec} has no type.")


def _array_type(spec: dict[str, Any]) -> str:
    if "prefixItems" in spec:
        return f"[{', '.join(map(_type, spec['prefixItems']))}]"
    items = _type(spec["items"])
    return f"({items})[]" if "|" in items else f"{items}[]"


INTRODUCTION: Final = """# Protocol

Everything that passes between server and browser is an object of `app/protocol`, sent as JSON. The server
builds msgspec structs, translates their texts and encodes them; it refuses a request with an unknown field.
The browser modules are checked against `assets/js/protocol.d.ts`. From the structs `make generate` writes
that file, the [JSON Schema](protocol.schema.json), both with a comment for every field, and this page. To
change the protocol change a struct, run `make generate`, and let `make lint` show what no longer fits.

Traces and layouts are what Plotly's own schema defines. The [link reference](../use/link-reference.md)
describes the keys of links and their values.
"""


def document(spec: dict[str, Any]) -> str:
    """Return the page on the protocol."""
    lines = ["| sent as a whole | by |", "| --- | --- |"]
    lines += [f"| `{name}` | {sender} |" for name, (_, sender) in MESSAGES.items()]
    lines += ["", "| object | is | fields |", "| --- | --- | --- |"]
    for name, definition in spec["$defs"].items():
        summary = definition["description"].split("\n\n")[0].replace("``", "`").replace("\n", " ")
        fields = ", ".join(f"`{field}`" for field in definition["properties"])
        lines.append(f"| `{name}` | {summary} | {fields} |")
    return "\n".join([INTRODUCTION, *lines, ""])


def files() -> dict[Path, str]:
    """Return the current text of each generated file."""
    spec = schema()
    return {
        SCHEMA: json.dumps(spec, indent=2, ensure_ascii=False) + "\n",
        TYPES: types(spec),
        DOCUMENT: document(spec),
    }


if __name__ == "__main__":
    for path, text in files().items():
        path.write_text(text, encoding="utf-8")
        print(path.relative_to(ROOT), len(text), file=sys.stderr)
