"""A server with a course: beside the twelve lessons or instead of them, and what a wrong file does."""

import pytest

import losses
from app.__main__ import main
from app.api import served_course
from app.common.environment import LESSONS_FILE
from app.lessons import LESSONS
from app.server import create_app
from tests.support.registries import clear_caches

COURSE = """data:
- {key: marks, name: marks of a class, target: mark, table: "hours,mark\\n1,2\\n2,4.5\\n3,5\\n4,8\\n"}
blocks:
- title: Our block
  titles: {es: Nuestro bloque}
  lessons:
  - key: hours
    title: Hours and marks
    link: data=marks&rate=0.3
    question: "How many *steps*? There are {examples}."
    choices: [3, 30]
    right: 1
    picture: a.png
    note: Ask who slept.
    translations: {es: {question: "¿Cuántos *pasos*?"}}
"""


@pytest.fixture
def course(tmp_path):
    """Yield a function that serves a course with changes; the catalogues are restored afterwards."""
    before = dict(LESSONS), dict(losses.DATASETS)
    (tmp_path / "a.png").write_bytes(b"\x89PNG\r\n\x1a\n0000")

    def serve(*change):
        path = tmp_path / "course.yaml"
        path.write_text(COURSE.replace(*change) if change else COURSE)
        app = create_app(lessons=str(path))
        clear_caches()
        return app.server

    yield serve
    LESSONS._replace(before[0])
    losses.DATASETS._replace(before[1])
    served_course._pictures.clear()
    clear_caches()


@pytest.mark.slow
def test_a_course_stands_beside_the_twelve(course):
    client = course().test_client()
    assert client.get("/readyz").status_code == 200
    page = client.get("/lessons?lang=en").text
    assert "<h2>Our block</h2>" in page
    assert "How many <em>steps</em>? There are 4." in page
    assert "/lessons/pictures/a.png" in page
    assert "<h2>Nuestro bloque</h2>" in client.get("/lessons?lang=es").text
    assert "Ask who slept." in client.get("/teacher").text
    opened = client.get("/?s=hours").text
    assert "Lesson 13 of 13" in opened
    assert "/lessons/pictures/a.png" in opened
    assert "marks of a class" in client.get("/?data=marks").text
    picture = client.get("/lessons/pictures/a.png")
    assert (picture.status_code, picture.mimetype) == (200, "image/png")
    assert client.get("/lessons/pictures/course.yaml").status_code == 404
    assert client.get("/lessons/pictures/..%2fcourse.yaml").status_code == 404


def test_a_course_replaces_the_twelve(course):
    client = course("data:\n", "instead: true\ndata:\n").test_client()
    assert list(LESSONS) == ["hours"]
    assert "Lesson 1 of 1" in client.get("/?s=hours").text
    assert client.get("/?s=walk").status_code == 200


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (("right: 1", "right: 5"), "course.yaml: Line 12: Found: “5”."),
        (("rate=0.3", "rate=-1"), "course.yaml: Line 9: This link asked for rate=-1."),
        (("data=marks", "data=mark"), "This link asked for data=mark."),
        (("{examples}", "{exampels}"), "course.yaml: Line 10: There is no number {exampels}."),
        (("key: hours", "key: walk"), "The key walk is that of another lesson."),
        (("key: marks", "key: houses"), "course.yaml: Line 2: The key houses is that of other data."),
        (("a.png", "b.png"), "There is no file b.png beside the course file."),
    ],
)
def test_a_wrong_course_is_told_and_makes_the_server_not_ready(course, change, sentence):
    before = list(LESSONS), list(losses.DATASETS)
    server = course(*change)
    answer = server.test_client().get("/readyz")
    assert answer.status_code == 503
    assert sentence in answer.text
    assert (list(LESSONS), list(losses.DATASETS)) == before


def test_a_wrong_course_ends_the_start(course, tmp_path):
    with pytest.raises(SystemExit, match=r"none\.yaml: Line 1: The file cannot be read"):
        main(["--lessons", str(tmp_path / "none.yaml"), "--no-browser"])


def test_the_environment_names_a_course(course, tmp_path, monkeypatch):
    course()
    monkeypatch.setenv(LESSONS_FILE.name, str(tmp_path / "missing.yaml"))
    assert "missing.yaml" in create_app().server.test_client().get("/readyz").text
