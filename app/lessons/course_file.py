"""Read and write courses: files of lessons in blocks, as ``docs/teach/course-file.md`` describes them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final

import yaml

import losses
from losses.core.messages import message
from losses.data.dataset import TASKS

from ..common import limits
from ..figures.views.detail_card_views import DETAIL_VIEWS
from ..i18n.translation import ENGLISH, LANGUAGES, LessonText
from ..problem_setup.custom_dataset import TableError, parse_dataset
from ..problem_setup.tables.csv_import import Choices, preview_table
from ..problem_setup.tables.file_decoding import decode_file
from .file_values import (
    CourseError,
    FileKey,
    Node,
    by_language,
    compose,
    fault,
    found_sentence,
    mapping,
    one_of,
    quoted,
    several,
    switch,
    text,
    whole_number,
    word,
)
from .lesson import Lesson
from .quantities import QUANTITIES

VIEWS: Final = ("landscape", "map", "data", "detail")
"""The views that a lesson can show."""
MOST_CHOICES: Final = 4
MAX_TITLE: Final = 80
MAX_SENTENCE: Final = 200
MAX_TEXT: Final = 600
MAX_BLOCKS: Final = 12
MAX_LESSONS: Final = 60
MAX_TABLES: Final = 12
PICTURE_MARKS: Final = {
    b"\xff\xd8\xff": "image/jpeg",
    b"\x89PNG\r\n\x1a\n": "image/png",
    b"RIFF": "image/webp",
}
"""The first bytes of pictures, with their types."""


def plain(most: int) -> str:
    """Return what a text without Markdown may be, for the reference."""
    return f"plain text of at most {most} characters"


def rich(most: int) -> str:
    """Return what a text with Markdown may be, for the reference."""
    return f"text of at most {most} characters"


def one_of_text(names: Sequence[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)


@dataclass(frozen=True)
class Picture:
    """A picture of a lesson, as its file has it."""

    content: bytes
    mimetype: str


@dataclass(frozen=True)
class Course:
    """What a course file holds."""

    lessons: tuple[Lesson, ...]
    lines: Mapping[str, Mapping[str, int]]
    """By the key of a lesson the lines of its keys; that of the empty key is its first."""
    data_lines: Mapping[str, int] = field(default_factory=dict)
    """By the key of a table the line of that key."""
    data: tuple[losses.Dataset, ...] = ()
    pictures: Mapping[str, Picture] = field(default_factory=dict)
    instead: bool = False
    """Whether these are all lessons; else they follow the twelve."""


def _file_name(node: Node) -> str:
    name: str = text(100)(node)
    if Path(name).name != name or "\\" in name or name.startswith("."):
        raise fault(
            node, name, message("The name of a file in the folder of the course file is needed here.")
        )
    return name


def _coordinate(node: Node) -> str:
    value: str = text(20)(node)
    try:
        is_number = abs(float(value)) < limits.MAX_START
    except ValueError:
        is_number = value.isidentifier()
    if not is_number:
        raise fault(node, value, message("A number, or the name of one, is needed here."))
    return value


TEXT_KEYS: Final = (
    FileKey("title", text(MAX_TITLE), "its title until it is answered", plain(MAX_TITLE), required=True),
    FileKey("text", text(MAX_TEXT), "what is said before the question", rich(MAX_TEXT)),
    FileKey("question", text(MAX_SENTENCE), "the question", rich(MAX_SENTENCE), required=True),
    FileKey(
        "choices",
        several(text(MAX_SENTENCE), 2, MOST_CHOICES),
        "the answers to choose from",
        f"2 to {MOST_CHOICES} texts of at most {MAX_SENTENCE} characters",
    ),
    FileKey("aha", text(MAX_SENTENCE), "its title once it is answered", plain(MAX_SENTENCE)),
    FileKey("reveal", text(MAX_TEXT), "the explanation", rich(MAX_TEXT)),
    FileKey("drag", text(MAX_SENTENCE), "what to try then", rich(MAX_SENTENCE)),
    FileKey("note", text(MAX_TEXT), "advice for the teacher, on `/teacher`", plain(MAX_TEXT)),
)
"""The texts of a lesson, which can be translated."""
TRANSLATION_KEYS: Final = tuple(replace(key, required=False) for key in TEXT_KEYS)
LESSON_KEYS: Final = (
    FileKey("key", word, "its name in links: `?s=key`", "small letters, digits and `_`", required=True),
    FileKey(
        "link",
        text(limits.MAX_LINK_CHARACTERS),
        "what it opens",
        "the part of a link behind its `?`",
        required=True,
    ),
    *TEXT_KEYS,
    FileKey("right", whole_number(1, MOST_CHOICES), "which choice is right", "its number, from 1"),
    FileKey(
        "target",
        several(_coordinate, 2, 2),
        "the right place on the map, instead of choices",
        "two names of numbers, such as `[best_u, best_v]`, or two numbers",
    ),
    FileKey("minutes", whole_number(1, 60), "how long a class takes", "1 to 60; 4 without it"),
    FileKey("hero", one_of(*VIEWS), "the largest view", one_of_text(VIEWS)),
    FileKey("views", several(one_of(*VIEWS), 1, len(VIEWS)), "the views that are shown", "a list of these"),
    FileKey(
        "asking_view",
        one_of(*DETAIL_VIEWS),
        "the view of the changing card before the answer",
        "a value of the key `view` of links",
    ),
    FileKey("plays", switch, "whether the run plays once it is answered", "`true` (without it), `false`"),
    FileKey(
        "follows_edits",
        switch,
        "whether its numbers follow examples that are moved",
        "`true`, `false` (without it)",
    ),
    FileKey(
        "quantities",
        several(one_of(*QUANTITIES), 1, len(QUANTITIES)),
        "the groups of numbers that its texts name; `page` without it",
        one_of_text(tuple(QUANTITIES)),
    ),
    FileKey(
        "picture",
        _file_name,
        "its picture, beside the file",
        f".jpg, .png or .webp of at most {limits.MAX_PICTURE_BYTES // 1000} kB",
    ),
    FileKey("old_keys", several(word, 1, 8), "keys by which older links name it", "a list of words"),
    FileKey(
        "translations",
        by_language(mapping(TRANSLATION_KEYS)),
        "its texts in other languages",
        "a mapping from a language to its texts",
    ),
)
BLOCK_KEYS: Final = (
    FileKey("title", text(MAX_TITLE), "its title", plain(MAX_TITLE), required=True),
    FileKey(
        "titles", by_language(text(MAX_TITLE)), "its title in other languages", "a mapping from a language"
    ),
    FileKey(
        "lessons",
        several(lambda node: (node, mapping(LESSON_KEYS)(node)), 1, MAX_LESSONS),
        "its lessons",
        f"1 to {MAX_LESSONS}, all blocks together",
        required=True,
    ),
)
DATA_KEYS: Final = (
    FileKey("key", word, "its name in links: `data=key`", "small letters, digits and `_`", required=True),
    FileKey("name", text(MAX_TITLE), "its name on the page", plain(MAX_TITLE)),
    FileKey("table", text(limits.MAX_POINTS_CHARACTERS), "the table itself", "rows as in a CSV file"),
    FileKey("file", _file_name, "or its file, beside this one", "CSV, text, .xlsx or .ods of at most 1 MB"),
    FileKey(
        "inputs", several(text(MAX_SENTENCE), 1, 4), "the columns from which is predicted", "their names"
    ),
    FileKey("target", text(MAX_SENTENCE), "the column that is predicted", "its name"),
    FileKey("task", one_of(*TASKS), "what is predicted; guessed without it", one_of_text(TASKS)),
    FileKey("note", text(MAX_SENTENCE), "a sentence on what the data are", plain(MAX_SENTENCE)),
)
COURSE_KEYS: Final = (
    FileKey("language", one_of(*LANGUAGES), "the language of its texts", one_of_text(tuple(LANGUAGES))),
    FileKey("instead", switch, "whether it replaces the twelve lessons", "`true`, `false` (without it)"),
    FileKey(
        "data",
        several(lambda node: (node, mapping(DATA_KEYS)(node)), 1, MAX_TABLES),
        "tables of its lessons",
        f"1 to {MAX_TABLES}",
    ),
    FileKey(
        "blocks",
        several(mapping(BLOCK_KEYS), 1, MAX_BLOCKS),
        "its blocks, each some lessons",
        f"1 to {MAX_BLOCKS}",
        required=True,
    ),
)
"""The keys of a course file."""


def read_course(
    content: bytes, folder: Path | None = None, *, is_custom: bool = True, first_block: int = 1
) -> Course:
    """Return the course that a file holds. Raises CourseError.

    ``folder`` is that of the file, from which pictures and tables may come; without it none may.
    ``is_custom`` is false for the lessons of this package, whose translations are in the catalogues. Blocks
    are numbered from ``first_block``.
    """
    values, _ = mapping(COURSE_KEYS)(compose(content, limits.MAX_COURSE_BYTES))
    language = values.get("language", ENGLISH)
    lessons, lines = list[Lesson](), dict[str, Mapping[str, int]]()
    pictures = dict[str, Picture]()
    for number, (block, _) in enumerate(values["blocks"], first_block):
        title = _text(block["title"], language, block.get("titles", {}))
        for _, (found, at) in block["lessons"]:
            lesson = replace(_lesson(found, at, language, number), is_custom=is_custom, block_title=title)
            if lesson.key in lines:
                raise CourseError(at["key"], message("Two lessons have the key {key}.", key=lesson.key))
            if lesson.picture:
                pictures[lesson.picture] = _picture(lesson.picture, folder, at["picture"])
            lessons.append(lesson)
            lines[lesson.key] = at
    if len(lessons) > MAX_LESSONS:
        sentence = message(
            "There are {n} lessons; at most {most} are allowed.", n=len(lessons), most=MAX_LESSONS
        )
        raise CourseError(lines[lessons[MAX_LESSONS].key][""], sentence)
    data, data_lines = list[losses.Dataset](), dict[str, int]()
    for _, (found, at) in values.get("data", ()):
        if found["key"] in data_lines:
            raise CourseError(at["key"], message("Two tables have the key {key}.", key=found["key"]))
        data_lines[found["key"]] = at["key"]
        data.append(_dataset(found, at, folder))
    return Course(tuple(lessons), lines, data_lines, tuple(data), pictures, values.get("instead", False))


def _text(source: str, language: str, translations: Mapping[str, str]) -> LessonText:
    known = {language: source, **translations} if translations or language != ENGLISH else {}
    return LessonText.unfilled(source, known)


def _lesson(found: dict[str, Any], lines: Mapping[str, int], language: str, block: int) -> Lesson:
    """Return the lesson of a mapping. Raises CourseError if it cannot be asked."""
    translated = {each: texts for each, (texts, _) in found.pop("translations", {}).items()}
    choices: tuple[str, ...] = found.pop("choices", ())
    right = found.pop("right", None)
    if bool(choices) == ("target" in found):
        raise CourseError(lines[""], message("A lesson has either choices or a target."))
    if choices and (right is None or right > len(choices)):
        allowed = message("The key right is the number of a choice, from 1 to {last}.", last=len(choices))
        line = lines.get("right", lines["choices"])
        raise CourseError(line, allowed if right is None else found_sentence(quoted(str(right)), allowed))
    if right is not None and not choices:
        raise CourseError(lines["right"], message("Only a lesson with choices has the key right."))
    for each, texts in translated.items():
        if len(texts.get("choices", choices)) != len(choices):
            sentence = message(
                "There are not as many choices in {language} as in the language of the file.", language=each
            )
            raise CourseError(lines["translations"], sentence)
    texts = {
        key.name: _text(found.pop(key.name), language, _translations(translated, key.name))
        for key in TEXT_KEYS
        if key.name in found
    }
    lesson = Lesson(
        block=block,
        **found,
        **texts,
        choices=tuple(
            _text(
                choice,
                language,
                {each: texts["choices"][i] for each, texts in translated.items() if "choices" in texts},
            )
            for i, choice in enumerate(choices)
        ),
        correct_choice=right - 1 if choices else 0,
    )
    return _with_views(lesson, lines)


def _translations(translated: Mapping[str, Mapping[str, Any]], name: str) -> dict[str, str]:
    return {language: texts[name] for language, texts in translated.items() if name in texts}


def _with_views(lesson: Lesson, lines: Mapping[str, int]) -> Lesson:
    """Return a lesson whose hero is among its views, and the map if a place is asked for."""
    if "hero" not in lines and lesson.target:
        lesson = replace(lesson, hero="map")
    missing = [
        view for view in (lesson.hero, "map" if lesson.target else "") if view and view not in lesson.views
    ]
    if missing and "views" in lines:
        raise CourseError(lines["views"], message("The view {view} is missing.", view=missing[0]))
    return replace(lesson, views=(*missing, *lesson.views)) if missing else lesson


def _beside(name: str, folder: Path | None, line: int, most: int) -> bytes:
    """Return what a file beside the course file holds. Raises CourseError."""
    if folder is None:
        raise CourseError(line, message("A course that is sent brings no files with it."))
    path = folder / name
    if not path.is_file() or path.resolve().parent != folder.resolve():
        raise CourseError(line, message("There is no file {name} beside the course file.", name=name))
    if path.stat().st_size > most:
        sentence = message("The file {name} is larger than {most} bytes.", name=name, most=most)
        raise CourseError(line, sentence)
    return path.read_bytes()


def _picture(name: str, folder: Path | None, line: int) -> Picture:
    content = _beside(name, folder, line, limits.MAX_PICTURE_BYTES)
    mimetype = next((kind for mark, kind in PICTURE_MARKS.items() if content.startswith(mark)), None)
    if mimetype is None:
        raise CourseError(line, message("{name} is no picture: .jpg, .png or .webp.", name=name))
    return Picture(content, mimetype)


def _dataset(found: Mapping[str, Any], lines: Mapping[str, int], folder: Path | None) -> losses.Dataset:
    """Return a table of a course as a dataset. Raises CourseError."""
    if ("table" in found) == ("file" in found):
        raise CourseError(lines[""], message("Data have either a table or a file."))
    try:
        if "file" in found:
            content = _beside(found["file"], folder, lines["file"], limits.MAX_PASTE_BYTES)
            source = decode_file(content, None).text or ""
        else:
            source = found["table"]
        return _named(parse_dataset(_points(source, found, lines)), found)
    except TableError as error:
        raise CourseError(lines.get("table", lines.get("file", 1)), _in_table(str(error))) from None


def _in_table(problem: str) -> str:
    """Return a fault of a table, whose lines are counted from its own first one."""
    return message("In the table: {problem}", problem=problem)


def _points(source: str, found: Mapping[str, Any], lines: Mapping[str, int]) -> str:
    """Return a table in link syntax with the columns that are asked for. Raises CourseError."""
    seen = preview_table(source)
    names = [column.name for column in seen.columns]
    for key, wanted in (
        ("target", (found["target"],) if "target" in found else ()),
        ("inputs", found.get("inputs", ())),
    ):
        for name in wanted:
            if name not in names:
                sentence = message(
                    "There is no column {name}. It is one of {keys}.", name=name, keys=", ".join(names)
                )
                raise CourseError(lines[key], sentence)
    choices = Choices(
        inputs=tuple(names.index(name) for name in found.get("inputs", ())),
        target=names.index(found["target"]) if "target" in found else None,
        task=found.get("task", ""),
    )
    chosen = preview_table(source, choices)
    if not chosen.points:
        raise CourseError(lines.get("table", lines.get("file", 1)), _in_table(chosen.problem))
    return chosen.points


def _named(data: losses.Dataset, found: Mapping[str, Any]) -> losses.Dataset:
    note = LessonText.unfilled(found["note"], {}) if "note" in found else message("Of this course.")
    name = LessonText.unfilled(found["name"], {}) if "name" in found else data.name
    return replace(data, key=found["key"], name=name, note=note, source="course")


def write_course(
    lessons: Iterable[Lesson], tables: Sequence[Mapping[str, str]] = (), title: str = "Lessons"
) -> str:
    """Return a course file of one block of lessons; ``tables`` are their data by the keys of a file."""
    course = {
        **({"data": [{**table, "table": Block(table["table"])} for table in tables]} if tables else {}),
        "blocks": [{"title": title, "lessons": [_written(lesson) for lesson in lessons]}],
    }
    text_of_file: str = yaml.dump(course, Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=100)
    return text_of_file


def _written(lesson: Lesson) -> dict[str, Any]:
    """Return the keys of a lesson in a file, without those that have their defaults."""
    defaults = Lesson(key="", title="", block=1, link="", question="")
    found = dict[str, Any]()
    for key in LESSON_KEYS:
        if key.name == "right":
            value: Any = lesson.correct_choice + 1 if lesson.choices else None
        else:
            value = getattr(lesson, key.name, None)
        if value not in (None, "", ()) and value != getattr(defaults, key.name, None):
            found[key.name] = source_of(value)
    return found


def source_of(value: Any) -> Any:
    """Return a text, or a list of them, as it was written; any other value as it is."""
    if isinstance(value, LessonText):
        return str(value.template)
    return [source_of(each) for each in value] if isinstance(value, tuple) else value


class Block(str):
    """A text that a file writes line by line."""

    __slots__ = ()


class _Dumper(yaml.SafeDumper):
    """Writes what ``read_course`` reads."""


_Dumper.add_representer(
    Block, lambda dumper, value: dumper.represent_scalar("tag:yaml.org,2002:str", str(value), "|")
)
