"""The page works with lessons that the catalogue does not have."""

import pytest

from app.i18n.translation import LANGUAGES
from app.lessons import LESSONS
from app.page.layout import page_layout
from app.url_state.state import parse
from app.web.index_page import preview_image
from tests.support.foreign_entries import LESSON, MAP_LESSON
from tests.support.pages import PARTS, Pages, check_scene
from tests.support.registries import registered

ANSWERS = [(LESSON, "0"), (LESSON, "1"), (MAP_LESSON, "0.5,0.5")]


@pytest.fixture(scope="module")
def pages():
    with registered(LESSONS, LESSON, MAP_LESSON):
        yield Pages()


def test_an_entry_exists_only_while_it_is_registered():
    with registered(LESSONS, LESSON):
        assert parse("?s=foreign")[1] == ()
        assert "?s=foreign" in str(page_layout())
    assert parse("?s=foreign")[1]
    assert "?s=foreign" not in str(page_layout())


@pytest.mark.parametrize("lesson", [LESSON, MAP_LESSON], ids=lambda lesson: lesson.key)
def test_a_lesson_asks_before_it_reveals(pages, lesson):
    scene = pages.first_scene(f"?s={lesson.key}")
    check_scene(scene)
    assert scene["lesson"]["asking"]
    assert "reveal" not in scene["lesson"]
    assert scene["lesson"]["number"].endswith(f"of {len(LESSONS)}")


@pytest.mark.parametrize("part", PARTS)
@pytest.mark.parametrize("lesson", [LESSON, MAP_LESSON], ids=lambda lesson: lesson.key)
def test_every_view_preview_and_export_is_rendered_before_the_answer(pages, lesson, part):
    pages.request(f"?s={lesson.key}", part)


@pytest.mark.parametrize("part", PARTS)
@pytest.mark.parametrize(("lesson", "answer"), ANSWERS)
def test_every_view_preview_and_export_is_rendered_after_the_answer(pages, lesson, answer, part):
    scenes = pages.request(f"?s={lesson.key}&a={answer}", part)
    assert scenes
    for scene in scenes.values():
        explanation = scene["lesson"]["answer"]["explanation"]
        assert explanation
        assert "{" not in explanation
    assert pages.change(f"?s={lesson.key}", a=answer)


@pytest.mark.slow
def test_the_teacher_page_includes_it(pages):
    for lang in LANGUAGES:
        notes = pages.get(f"/teacher?lang={lang}")
        assert LESSON.title in notes
        assert MAP_LESSON.note in notes
        assert f"{len(LESSONS)} " in notes
        assert "{" not in notes.partition("</style>")[2]


def test_a_lesson_without_an_image_is_shared_with_that_of_the_first_page(pages):
    assert preview_image(LESSON.key) == preview_image("")
    page = pages.get(f"/?s={LESSON.key}")
    assert "picture.png" in page


@pytest.mark.parametrize("key", LESSONS)
def test_every_lesson_of_the_catalogue_has_a_page(pages, key):
    check_scene(pages.first_scene(f"?s={key}"))
