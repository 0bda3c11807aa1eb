"""Course files: what they hold, and the sentence on each fault: the line, what was found, what is allowed."""

from dataclasses import replace

import pytest

from app.common import limits
from app.i18n.translation import LANGUAGES
from app.lessons import BUILT_IN
from app.lessons.course_file import MAX_LESSONS, read_course, write_course
from app.lessons.file_values import MAX_NODES, CourseError
from app.problem_setup.custom_dataset import points_of

GOOD = """blocks:
- title: B
  lessons:
  - key: first
    title: T
    link: data=icecream
    question: Q?
    choices: [No, Yes]
    right: 2
"""
PLACE = GOOD.replace("    choices: [No, Yes]\n    right: 2\n", "    target: [best_u, best_v]\n")


def fault(source):
    with pytest.raises(CourseError) as caught:
        read_course(source if isinstance(source, bytes) else source.encode())
    return str(caught.value)


def test_words_of_yaml_are_texts():
    (lesson,) = read_course(GOOD.encode()).lessons
    assert (lesson.choices, lesson.correct_choice, lesson.is_custom) == (("No", "Yes"), 1, True)
    assert lesson.block_title == "B"


def test_a_lesson_that_asks_for_a_place_shows_the_map():
    (lesson,) = read_course(PLACE.encode()).lessons
    assert (lesson.hero, lesson.target) == ("map", ("best_u", "best_v"))
    assert "map" in lesson.views


TABLE = r'{key: d, table: "a,b\n1,2\n2,3\n3,5\n4,6\n"}'


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (
            ("right: 2", "right: 3"),
            "Line 9: Found: “3”. The key right is the number of a choice, from 1 to 2.",
        ),
        (("right: 2", "rihgt: 2"), "Line 9: Found: “rihgt”. Is it right? Allowed: key, link, title,"),
        (("right: 2", "right: two"), "Line 9: Found: “two”. A whole number from 1 to 4 is needed here."),
        (("    right: 2\n", ""), "Line 8: The key right is the number of a choice"),
        (("right: 2", "right: 2\n    right: 1"), "Line 10: Found: “right”. This key stands here twice."),
        (("title: T", "title: " + "x" * 81), "It has 81 characters; at most 80 are allowed."),
        (("    question: Q?\n", ""), "Line 4: The key question is missing."),
        (("question: Q?", "question: Q: what?"), "Line 7: This is not YAML"),
        (
            ("choices: [No, Yes]", "choices: [No]"),
            "Line 8: Found: a list of 1. A list of 2 to 4 is needed here.",
        ),
        (("key: first", "key: First!"), "Line 4: Found: “First!”. A key has at most 32 small letters"),
        (("title: T", 'title: "a\\u202eb"'), "It has a character that cannot be seen."),
        (("right: 2", "right: 2\n    target: [w, b]"), "Line 4: A lesson has either choices or a target."),
        (("right: 2", "right: 2\n    picture: ../secret.png"), "The name of a file in the folder"),
        (("right: 2", "right: 2\n    picture: a.png"), "A course that is sent brings no files with it."),
        (("right: 2", "right: 2\n    translations: {xx: {title: a}}"), "Found: “xx”. Allowed: en"),
        (
            ("right: 2", "right: 2\n    translations: {es: {choices: [a, b, c]}}"),
            "There are not as many choices in es",
        ),
        (
            ("right: 2", "right: 2\n    quantities: [nonsense]"),
            "Found: “nonsense”. Allowed: start, run",
        ),
        (
            ("right: 2", "right: 2\n    minutes: 0"),
            "Line 10: Found: “0”. A whole number from 1 to 60 is needed here.",
        ),
        (("title: B", "title: &a B"), "Anchors and aliases (& and *) are not allowed."),
        (("blocks:", "instead: yes\nblocks:"), "Line 1: Found: “yes”. Allowed: true, false."),
        (("blocks:", "data: [{key: d, table: 'a,b'}]\nblocks:"), "Line 1: In the table: "),
        (("title: T", "title:"), "Line 5: Found: nothing. A text is needed here."),
        (("title: T", "title: A\0B"), "Line 5: It has a character that cannot be seen: U+0000."),
        (("    title: T", "\ttitle: T"), "Line 5: This line begins with a tab"),
        (("title: T", 'title: "T'), "Line 5: The text in quotes that begins here does not end."),
        (("blocks:", "a: 1\n---\nblocks:"), "a line “---” may not begin another."),
        (
            ("blocks:", f"data: [{TABLE}, {TABLE}]\nblocks:"),
            "Line 1: Two tables have the key d.",
        ),
    ],
)
def test_a_fault_is_told_with_its_line(change, sentence):
    assert change[0] in GOOD
    assert sentence in fault(GOOD.replace(*change))


@pytest.mark.parametrize(
    "source",
    [
        b"",
        b"\xff\xfe\x00",
        b"[1, 2]",
        b"a: *b",
        b"[" * 5000,
        b"- " * 5000,
        b"[" + b"a," * (MAX_NODES + 1) + b"]",
        b"!!python/object/apply:os.system [ls]",
        b"x" * (limits.MAX_COURSE_BYTES + 1),
        b"? [a]\n: b",
        b"blocks: {a: b}",
        b"\t",
        b"%YAML 9.9\n---\n",
    ],
    ids=lambda source: repr(source[:12]),
)
def test_a_file_that_is_no_course_is_refused(source):
    assert fault(source).startswith("Line ")


def test_a_course_has_few_lessons():
    block = GOOD.partition("\n")[2]
    lesson = block.partition("lessons:\n")[2]
    many = "".join(lesson.replace("first", f"k{i}") for i in range(MAX_LESSONS - 1))
    two = "blocks:\n" + block + "- title: C\n  lessons:\n" + many
    assert len(read_course(two.encode()).lessons) == MAX_LESSONS
    assert f"at most {MAX_LESSONS}" in fault(two + lesson.replace("first", "last"))
    assert "Two lessons have the key first." in fault(GOOD + lesson)


def test_texts_have_the_translations_of_the_file():
    source = GOOD.replace("right: 2", "right: 2\n    translations: {es: {title: Te {w}, choices: [No, Sí]}}")
    (lesson,) = read_course(source.replace("Te {w}", "'Te {w}'").encode()).lessons
    spanish = LANGUAGES["es"]
    assert spanish.translate(lesson.title.format(w="3")) == "Te 3"
    assert spanish.translate(list(lesson.choices)) == ["No", "Sí"]
    assert spanish.translate(lesson.question) == "Q?"


def test_a_course_in_another_language_is_english_where_it_is_translated():
    source = "language: es\n" + GOOD.replace("right: 2", "right: 2\n    translations: {en: {title: House}}")
    (lesson,) = read_course(source.encode()).lessons
    assert str(lesson.title) == "House"
    assert LANGUAGES["es"].translate(lesson.title) == "T"


def test_only_names_in_braces_are_filled():
    text = "'{w} {w.__class__} {w!r:>99} {0} {} {other} $\\hat{w}$'"
    (lesson,) = read_course(GOOD.replace("question: Q?", f"question: {text}").encode()).lessons
    assert lesson.question.format(w="1") == "1 {w.__class__} {w!r:>99} {0} {} {other} $\\hat{w}$"


def test_what_is_written_is_read_again():
    written = write_course(BUILT_IN.lessons)
    again = read_course(written.encode(), is_custom=False)
    for lesson, before in zip(again.lessons, BUILT_IN.lessons, strict=True):
        assert replace(lesson, block=before.block, block_title=before.block_title) == before


def test_a_table_and_a_picture_come_from_the_folder_of_the_file(tmp_path):
    (tmp_path / "marks.csv").write_text("name,hours,mark\na,1,2\nb,2,4.5\nc,3,5\nd,4,8\n")
    (tmp_path / "a.png").write_bytes(b"\x89PNG\r\n\x1a\n0000")
    (tmp_path / "text.png").write_text("no picture")
    (tmp_path / "link.png").symlink_to("/etc/hostname")
    data = "data: [{key: marks, file: marks.csv, inputs: [hours], target: mark}]\n"
    source = data + GOOD.replace("right: 2", "right: 2\n    picture: a.png")
    course = read_course(source.encode(), tmp_path)
    assert points_of(course.data[0]) == "regression_hours,mark_1,2_2,4.5_3,5_4,8"
    assert course.pictures["a.png"].mimetype == "image/png"
    for name, sentence in {
        "text.png": "is no picture",
        "link.png": "There is no file link.png beside the course file.",
        "none.png": "There is no file none.png",
    }.items():
        with pytest.raises(CourseError, match=sentence):
            read_course(source.replace("a.png", name).encode(), tmp_path)
    with pytest.raises(CourseError, match="There is no column hour. It is one of name, hours, mark"):
        read_course(source.replace("[hours]", "[hour]").encode(), tmp_path)
