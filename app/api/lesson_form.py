"""The routes of the form in which a teacher writes a lesson about what the page shows. Nothing is stored."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from http import HTTPStatus
from threading import Lock
from typing import Final
from urllib.parse import parse_qsl, quote

import flask
import msgspec

from losses.core.messages import message

from ..common import limits
from ..common.routes import route
from ..experiment.experiment import Experiment
from ..i18n.translation import AUTO, LessonText, placeholders, resolve_language
from ..lessons import card_of, lesson_of
from ..lessons.course_file import (
    MAX_SENTENCE,
    MAX_TEXT,
    MAX_TITLE,
    Course,
    read_course,
    source_of,
    write_course,
)
from ..lessons.file_values import CourseError, is_plain_text
from ..lessons.lesson import NEVER_SET, Lesson
from ..lessons.lesson_link import pack_lesson
from ..lessons.page_numbers import PAGE_PLACES, Value, map_names, offered_numbers, value_text
from ..problem_setup import custom_dataset
from ..protocol.lesson_form import (
    FieldProblem,
    ImportedLesson,
    LessonDraft,
    LessonImport,
    LessonPreview,
    NamedNumber,
    NamedPlace,
)
from ..protocol.request import NOT_FROM_PAGE
from ..protocol.responses import json_response
from ..url_state.points_check import CHECK_KEY, points_check
from ..url_state.state import State, apply_changes, parse, to_query

FIELDS: Final = {
    "title": (MAX_TITLE, message("the title")),
    "text": (MAX_TEXT, message("the text")),
    "question": (MAX_SENTENCE, message("the question")),
    "choices": (MAX_SENTENCE, message("the choices")),
    "aha": (MAX_SENTENCE, message("the conclusion")),
    "reveal": (MAX_TEXT, message("the explanation")),
    "drag": (MAX_SENTENCE, message("what to try")),
    "note": (MAX_TEXT, message("the note")),
}
"""The fields of texts: how long each can be, and its name in a sentence."""
LEFT_OUT: Final = (*NEVER_SET, "embed", "theme", "k", CHECK_KEY)
"""Keys of the page's link that are not part of a lesson."""
DRAFT_KEY: Final = "my_lesson"
"""The key of a lesson of the form in a file."""
TABLE_KEY: Final = "my_data"
"""The key of the data of a lesson of the form in a file."""
VIEWS_WITHOUT_DATA: Final = ("landscape", "map", "detail")
_reading: Final = Lock()
"""Types of a struct are resolved when it is first read; msgspec crashes when two threads do that at once."""


@route("lesson/preview", "lesson", methods=("POST",), max_body_bytes=limits.MAX_DRAFT_BYTES, computes=True)
def preview_response() -> flask.Response:
    """Return what the posted draft of a lesson makes."""
    draft = _read_draft()
    if draft is None:
        return _unreadable()
    language = resolve_language(flask.request.args.get("lang", AUTO))
    return json_response(preview(draft), language)


@route("lesson/file", "lesson", methods=("POST",), max_body_bytes=limits.MAX_DRAFT_BYTES, computes=True)
def file_response() -> flask.Response:
    """Return the posted draft of a lesson as a course file."""
    draft = _read_draft()
    if draft is None:
        return _unreadable()
    return flask.Response(course_text(draft), mimetype="application/yaml")


@route("lesson/import", "lesson", methods=("POST",), max_body_bytes=limits.MAX_COURSE_BYTES, computes=True)
def import_response() -> flask.Response:
    """Return the lessons of a posted course file, or the lesson of a posted link, as drafts."""
    content = flask.request.get_data()
    language = resolve_language(flask.request.args.get("lang", AUTO))
    try:
        found = _of_link(content.decode()) if content.startswith(b"?") else _of_course(read_course(content))
    except CourseError as error:
        return json_response(LessonImport(problem=error.message, lessons=()), language)
    except UnicodeDecodeError:
        return _unreadable()
    return json_response(LessonImport(problem="", lessons=tuple(found)), language)


def _read_draft() -> LessonDraft | None:
    try:
        with _reading:
            return msgspec.json.decode(flask.request.get_data(), type=LessonDraft)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None


def _unreadable() -> flask.Response:
    language = resolve_language(flask.request.args.get("lang", AUTO))
    sentence = language.translate(NOT_FROM_PAGE)
    return flask.Response(f"{sentence}\n", HTTPStatus.BAD_REQUEST, mimetype="text/plain")


def preview(draft: LessonDraft) -> LessonPreview:
    """Return what a draft makes: its cards, its link, and what is still wrong."""
    state = _state_of(draft)
    lesson, context = lesson_of_draft(draft, state), Experiment(state)
    numbers = lesson.quantity_values(context)
    problems = tuple(_problems(draft, lesson, numbers, context))
    word = "" if problems else pack_lesson(lesson)
    stays = state.points is not None and not custom_dataset.fits_link(state.points)
    fits = bool(word) and len(word) <= limits.MAX_LESSON_CHARACTERS and not stays
    target = lesson.target_point(context) or (0.0, 0.0)
    answer = str(lesson.correct_choice) if lesson.choices else f"{target[0]!r},{target[1]!r}"
    return LessonPreview(
        query=f"?s={word}" if fits else "",
        complete=not problems,
        sentence=_sentence(draft, word, stays=stays),
        faults=problems,
        asking=card_of(lesson, "", context),
        answered=card_of(lesson, answer, context),
        numbers=tuple(
            NamedNumber(name=name, meaning=meaning, value=value_text(numbers[name]))
            for name, meaning in offered_numbers(state.problem)
        ),
        places=tuple(
            NamedPlace(key=",".join(map_names(place)), title=place.title)
            for place in PAGE_PLACES
            if place.point(context) is not None
        ),
    )


def _state_of(draft: LessonDraft) -> State:
    """Return what a lesson opens: the page without the lesson that it may show."""
    state = apply_changes(draft.link, {"s": ""}, draft.rows)[0]
    return replace(state, step=0)


def lesson_of_draft(draft: LessonDraft, state: State) -> Lesson:
    """Return the lesson of a draft, which need not be complete."""
    texts = {
        name: LessonText.unfilled(getattr(draft, name).strip(), {}) for name in FIELDS if name != "choices"
    }
    choices = () if draft.place else tuple(choice.strip() for choice in draft.choices)
    views = ("landscape", "map", "data") if state.dataset else VIEWS_WITHOUT_DATA
    hero = "map" if draft.place else draft.hero if draft.hero in views else views[0]
    return replace(
        Lesson(key=DRAFT_KEY, title="", block=0, link=base_link(state), question="", is_custom=True),
        **texts,  # type: ignore[arg-type]  # all of them are texts
        choices=tuple(LessonText.unfilled(choice, {}) for choice in choices),
        correct_choice=min(draft.right, max(len(choices) - 1, 0)) if choices else 0,
        target=tuple(draft.place.split(",")[:2]) if draft.place else (),
        hero=hero,
        views=views,
    )


def base_link(state: State) -> str:
    """Return the part of the link of a lesson that its page has."""
    pairs = parse_qsl(to_query(state).lstrip("?"), keep_blank_values=True)
    safe = custom_dataset.SAFE_IN_LINKS
    return "&".join(f"{key}={quote(text, safe=safe)}" for key, text in pairs if key not in LEFT_OUT)


def _problems(
    draft: LessonDraft, lesson: Lesson, numbers: Mapping[str, Value], context: Experiment
) -> Iterator[FieldProblem]:
    """Yield what is wrong with each field."""
    for field, (most, _) in FIELDS.items():
        for text in draft.choices if field == "choices" else (getattr(draft, field),):
            if sentence := _text_problem(text.strip(), most, numbers):
                yield FieldProblem(field=field, sentence=sentence)
    for field in ("title", "question"):
        if not getattr(draft, field).strip():
            yield FieldProblem(field=field, sentence=message("This is needed."))
    if not draft.place and (len(lesson.choices) < 2 or not all(lesson.choices)):
        yield FieldProblem(field="choices", sentence=message("Two choices are needed, or a place."))
    if draft.place and not lesson.target_point(context):
        yield FieldProblem(field="place", sentence=message("The right place is not known here."))


def _text_problem(text: str, most: int, numbers: Mapping[str, Value]) -> str:
    if len(text) > most:
        return message("It has {count} characters; at most {most} are allowed.", count=len(text), most=most)
    if not is_plain_text(text):
        return message("It has a character that cannot be seen.")
    for name in placeholders(text):
        if name not in numbers:
            return message("There is no number {name} here.", name="{" + name + "}")
        if numbers[name] is None:
            return message("The number {name} is not known here.", name="{" + name + "}")
    return ""


def _sentence(draft: LessonDraft, word: str, *, stays: bool) -> str:
    """Return how long the link is, or why there is none."""
    if stays:
        return message(
            "These data stay in this tab: they are too many for a link and for a turn of a class. The file "
            "takes them along."
        )
    if not word:
        return message("The lesson is not complete yet.")
    most = limits.MAX_LESSON_CHARACTERS
    if len(word) <= most:
        return message("The lesson takes {n} of {most} characters of a link.", n=len(word), most=most)
    sizes = {name: len("".join(getattr(draft, name))) for name in FIELDS}
    longest = max(sizes, key=lambda name: sizes[name])
    return message(
        "It is {n} characters too long for a link. The longest is {field}: shorten it, or take the file.",
        n=len(word) - most,
        field=FIELDS[longest][1],
    )


def course_text(draft: LessonDraft) -> str:
    """Return a draft as a course file; data that no link can carry are a table in it."""
    state = _state_of(draft)
    lesson = lesson_of_draft(draft, state)
    tables: Sequence[Mapping[str, str]] = ()
    if state.points is not None and state.dataset is not None:
        data = state.dataset
        table = {"key": TABLE_KEY, "table": csv_of(state.points), "target": data.target_name}
        tables = [{**table, "task": data.task}]
        pairs = parse_qsl(lesson.link, keep_blank_values=True)
        changed = [(key, TABLE_KEY if key == "data" else text) for key, text in pairs if key != "points"]
        link = "&".join(f"{key}={quote(text, safe=custom_dataset.SAFE_IN_LINKS)}" for key, text in changed)
        lesson = replace(lesson, link=link)
    return write_course([lesson], tables)


def csv_of(points: str) -> str:
    """Return data in link syntax as CSV, which begins with the names of the columns."""
    _, *lines = points.split(custom_dataset.ROW_SEPARATOR)
    return "".join(
        ",".join(_csv_cell(custom_dataset.unescape(cell)) for cell in line.split(",")) + "\n"
        for line in lines
    )


def _csv_cell(text: str) -> str:
    needs_quotes = any(ch in text for ch in ',"\n;\t')
    return '"' + text.replace('"', '""') + '"' if needs_quotes else text


def _of_link(link: str) -> Iterator[ImportedLesson]:
    """Yield the lesson of a link, if it has one."""
    state, _ = parse(link)
    if state.lesson:
        yield _draft_of(lesson_of(state.lesson), parse(f"?s={state.lesson}")[0])


def _of_course(course: Course) -> Iterator[ImportedLesson]:
    """Yield the lessons of a course file, with its data in their links."""
    tables = {data.key: custom_dataset.points_of(data) for data in course.data}
    for lesson in course.lessons:
        values = dict(lesson.url_values)
        points = tables.get(values.get("data", ""), "")
        if points:
            values |= {"data": custom_dataset.CUSTOM, "points": points}
        state = apply_changes("", values)[0]
        yield _draft_of(lesson, state)


def _draft_of(lesson: Lesson, state: State) -> ImportedLesson:
    """Return a lesson as a draft; ``state`` is what it opens."""
    texts = {name: source_of(getattr(lesson, name)) for name in FIELDS}
    outside = apply_changes(to_query(state, keep=("points",)), {"s": ""})[0] if state.lesson else state
    points = state.points or ""
    draft = LessonDraft(
        link=to_query(outside),
        rows="" if custom_dataset.fits_link(points) else points,
        **{**texts, "choices": tuple(texts["choices"])},
        right=lesson.correct_choice,
        place=",".join(lesson.target),
        hero=lesson.hero,
    )
    return ImportedLesson(draft=draft, check=points_check(points) if points else "")
