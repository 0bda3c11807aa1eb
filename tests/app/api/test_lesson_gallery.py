"""The gallery of lessons: complete, linkable under any prefix, and without a script."""

import re
from html import escape, unescape

import pytest

from app.browser_assets.palette import assets_folder
from app.lessons import LESSONS, numbered_blocks
from app.server import create_app
from tests.support.foreign_entries import LESSON, MAP_LESSON
from tests.support.registries import registered

MOST_BYTES = 12_000


def gallery(path="/lessons", client=None):
    answer = (client or create_app().server.test_client()).get(path)
    assert answer.status_code == 200
    return answer.get_data(as_text=True)


def links_of(page):
    return re.findall(r'<b>\d+\. <a href="([^"]*)">', page)


def test_every_lesson_has_its_title_question_and_time():
    page = unescape(gallery())
    assert [link.removeprefix("/?s=") for link in links_of(page)] == list(LESSONS)
    for number, lesson in enumerate(LESSONS.values(), 1):
        assert f">{lesson.title}</a>" in page
        assert f"<b>{number}. " in page
        assert f"<small>{lesson.minutes} minutes</small>" in page
        assert lesson.question.split("{")[0] in page
    assert "{" not in page.partition("</style>")[2]


def test_nothing_gives_an_answer_away():
    page = unescape(gallery())
    for lesson in LESSONS.values():
        for text in (lesson.aha, lesson.reveal):
            longest = max(re.split(r"\{\w+\}", str(text)), key=len)
            assert longest not in page


def test_each_block_has_a_heading_and_its_lessons_take_a_quarter_of_an_hour():
    page = unescape(gallery())
    blocks = list(numbered_blocks())
    titles = dict.fromkeys(lesson.block_title for lesson in LESSONS.values())
    assert [title for title, _ in blocks] == list(titles)
    assert all(f"<h2>{title}</h2>" in page for title, _ in blocks)
    for _, lessons in blocks:
        assert sum(lesson.minutes for _, lesson in lessons) == 15


def test_it_needs_no_script_and_no_other_host():
    page = gallery()
    assert "<script" not in page
    assert not re.search(r'(?:src|href)="(?:\w+:)?//', page)


def test_it_speaks_the_language_and_keeps_theme_and_hidden_parts():
    page = gallery("/lessons?lang=es&theme=projector&hide=opt,rate&rate=0.3&wat=1")
    assert '<html lang="es" data-theme="projector">' in page
    link = unescape(links_of(page)[0])
    assert link == f"/?s={next(iter(LESSONS))}&hide=opt%2Crate&theme=projector&lang=es"


def test_hostile_queries_are_escaped():
    page = gallery('/lessons?theme="><script>alert(1)</script>&lang=<b>&hide="><i>')
    assert "<script" not in page
    assert "<i>" not in page


@pytest.mark.parametrize("prefix", ["/", "/class/7b/"])
def test_links_and_pictures_are_below_the_prefix(prefix, monkeypatch):
    monkeypatch.setenv("DASH_URL_BASE_PATHNAME", prefix)
    client = create_app().server.test_client()
    page = gallery(f"{prefix}lessons", client)
    urls = re.findall(r'(?:src|href)="([^"#]+)"', page)
    assert len(urls) > 2 * len(LESSONS)
    assert all(url.startswith(prefix) for url in urls)
    pictures = re.findall(r'<img src="([^"]+)"', page)
    assert len(pictures) == len(LESSONS)
    for url in pictures:
        answer = client.get(url)
        assert (answer.status_code, answer.mimetype) == (200, "image/webp")
        assert len(answer.data) <= MOST_BYTES


def test_every_picture_belongs_to_a_lesson():
    names = {path.stem for path in (assets_folder() / "images" / "gallery").iterdir()}
    assert names == set(LESSONS)


def test_lessons_of_others_are_in_it_without_a_picture():
    with registered(LESSONS, LESSON, MAP_LESSON):
        page = gallery()
    assert escape(LESSON.title) in page
    assert f"{LESSON.key}.webp" not in page
    assert len(links_of(page)) == len(LESSONS) + 2
