"""The course that a server shows beside or instead of the twelve lessons."""

from collections.abc import Iterable
from pathlib import Path
from typing import Final

import dash
import flask

import losses
from losses.core.messages import message

from ..common import limits
from ..common.environment import LESSONS_FILE
from ..common.routes import route
from ..experiment.experiment import Experiment
from ..i18n.translation import placeholders
from ..lessons import BUILT_IN, LESSONS
from ..lessons.course_file import TEXT_KEYS, Course, Picture, read_course
from ..lessons.file_values import CourseError
from ..lessons.lesson import Lesson
from ..url_state.state import parse

EXTENSION: Final = "losslab-course"
"""The key under which an application keeps why it cannot serve its course."""
PICTURE_SECONDS: Final = 300
"""Seconds for which a browser keeps a picture of the course."""
_pictures: Final = dict[str, Picture]()
_LESSON_URL: Final = "lessons/pictures"


def install_course(server: flask.Flask, path: str = "") -> None:
    """Serve the course of a file, or of the environment; a server with a wrong one says so at ``readyz``."""
    path = path or LESSONS_FILE.read()
    if not path:
        return
    try:
        serve_course(Path(path))
    except CourseError as error:
        server.extensions[EXTENSION] = course_fault(path, error)


def course_fault(path: str, error: CourseError) -> str:
    """Return the sentence on a wrong course file."""
    return f"{Path(path).name}: {error}"


def serve_course(path: Path) -> None:
    """Put the lessons and the data of a course file into the catalogues. Raises CourseError."""
    course = read_file(path)
    lessons = {} if course.instead else {lesson.key: lesson for lesson in BUILT_IN.lessons}
    datasets = {key: data for key, data in losses.DATASETS.items() if data.source != "course"}
    before = dict(losses.DATASETS), dict(LESSONS)
    _check_keys(course, datasets)
    try:
        losses.DATASETS._replace({**datasets, **{data.key: data for data in course.data}})
        LESSONS._replace({**lessons, **{lesson.key: lesson for lesson in course.lessons}})
        for lesson in course.lessons:
            check_lesson(lesson, course)
    except CourseError:
        losses.DATASETS._replace(before[0])
        LESSONS._replace(before[1])
        raise
    _pictures.clear()
    _pictures.update(course.pictures)


def read_file(path: Path) -> Course:
    """Return the course of a file. Raises CourseError."""
    try:
        with path.open("rb") as file:
            content = file.read(limits.MAX_COURSE_BYTES + 1)
    except OSError as error:
        reason = message("The file cannot be read: {reason}.", reason=error.strerror or "")
        raise CourseError(1, reason) from None
    first_block = 1 + max(lesson.block for lesson in BUILT_IN.lessons)
    course = read_course(content, path.parent, first_block=first_block)
    return read_course(content, path.parent) if course.instead else course


def _check_keys(course: Course, datasets: dict[str, losses.Dataset]) -> None:
    """Raise CourseError for keys that something else has."""
    taken = {lesson.key for lesson in BUILT_IN.lessons} | {
        old for lesson in BUILT_IN.lessons for old in lesson.old_keys
    }
    for lesson in course.lessons:
        for key in {lesson.key, *lesson.old_keys} & taken:
            line = course.lines[lesson.key]["key"]
            raise CourseError(line, message("The key {key} is that of another lesson.", key=key))
    for data in course.data:
        if data.key in {*datasets, *losses.TEST_FUNCTIONS, "own"}:
            line = course.data_lines[data.key]
            raise CourseError(line, message("The key {key} is that of other data.", key=data.key))


def check_lesson(lesson: Lesson, course: Course) -> None:
    """Raise CourseError if a lesson opens something else, or names a number that it does not have."""
    lines = course.lines[lesson.key]
    notices = parse(f"?{lesson.link.lstrip('?')}")[1]
    if notices:
        raise CourseError(lines["link"], notices[0])
    context = Experiment(parse(f"?s={lesson.key}")[0]).lesson_moment
    names = lesson.quantity_values(context)
    for key in TEXT_KEYS:
        texts = getattr(lesson, key.name)
        for text in texts if isinstance(texts, tuple) else (texts,):
            for name in placeholders(text):
                if name not in names:
                    raise CourseError(lines[key.name], unknown_number(name, names))
    if lesson.target and not lesson.target_point(context):
        raise CourseError(lines["target"], message("The right place is not known here."))


def unknown_number(name: str, names: Iterable[str]) -> str:
    """Return a sentence on a name in braces that stands for nothing."""
    return message(
        "There is no number {name}. It is one of {keys}.",
        name="{" + name + "}",
        keys=", ".join(names),
    )


@route(f"{_LESSON_URL}/<name>", "picture")
def picture_response(name: str) -> flask.Response:
    """Return a picture of the course."""
    picture = _pictures.get(name)
    if picture is None:
        flask.abort(404)
    response = flask.Response(picture.content, mimetype=picture.mimetype)
    response.cache_control.max_age = PICTURE_SECONDS
    return response


def picture_url(lesson: Lesson) -> str:
    """Return the address of the picture of a lesson of a course; empty if it has none."""
    if lesson.picture not in _pictures:
        return ""
    app = dash.get_app()  # type: ignore[no-untyped-call]
    return str(app.get_relative_path(f"/{_LESSON_URL}/{lesson.picture}"))
