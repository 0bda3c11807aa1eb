"""Layout on a projector, with large fonts and on a small phone: nothing overlaps or is cut off."""

import itertools

import pytest
from playwright.sync_api import expect

from app.i18n.translation import LANGUAGES
from app.lessons import LESSONS
from tests.support.lesson_kinds import OF_EACH_ARRANGEMENT
from tools import look
from tools.support import browser_pages, chromium
from tools.support.browser_pages import PHONE, show_link, wait_until_drawn

ANSWERS = {lesson.key: "0" if lesson.choices else "0,0" for lesson in LESSONS.values()}
PLOTS = """() => [...document.querySelectorAll('.plot:not(:has(.flat))')]
    .filter((e) => e.checkVisibility({ visibilityProperty: true }))
        .map((e) => [e.clientWidth, e.clientHeight])"""
"""The sizes of the visible plots."""


@pytest.mark.parametrize("theme", ["", "&theme=projector"])
@pytest.mark.parametrize("lesson", OF_EACH_ARRANGEMENT)
def test_a_lesson_is_beside_the_experiment_and_nothing_moves_when_it_is_answered(show_flat, lesson, theme):
    page = show_flat(f"?s={lesson}{theme}")
    sizes = page.evaluate(PLOTS)
    out_of_place = page.evaluate(look.OUT_OF_PLACE)
    show_link(page, f"?s={lesson}&a={ANSWERS[lesson]}{theme}")
    assert page.evaluate(PLOTS) == sizes
    if theme:
        assert out_of_place + page.evaluate(look.OUT_OF_PLACE) == []
        assert len(sizes) >= 2
        assert min(width for width, _ in sizes) >= 180
        assert min(height for _, height in sizes) >= 140


@pytest.fixture(scope="module")
def large(playwright, home):
    """A function that shows links in a browser with twice the default font size."""
    flags = (*chromium.FLAT, "--blink-settings=defaultFontSize=32")
    browser = playwright.chromium.launch(executable_path=chromium.path(), args=list(flags))
    yield browser_pages.PagePool(browser, home).show
    browser.close()


def visible_height(page, selector):
    """Return the height of the part of an element that is on the first screen, in pixels."""
    box = page.locator(selector).bounding_box()
    return min(box["y"] + box["height"], page.viewport_size["height"]) - box["y"]


@pytest.mark.parametrize("link", ["?s=goldilocks&a=0", "?s=mismatch&a=1"])
def test_with_twice_the_font_size_an_answer_scrolls_and_the_map_is_visible(large, link):
    """The layout uses units of the font size."""
    page = large(link)
    assert page.evaluate("getComputedStyle(document.documentElement).fontSize") == "30px"
    assert page.evaluate("document.documentElement.scrollWidth") <= 1280
    assert visible_height(page, "#map") > 200
    assert page.evaluate("getComputedStyle(document.querySelector('.dock')).position") == "static"
    page.locator("#lesson").get_by_role("button", name="Next").scroll_into_view_if_needed()
    assert page.evaluate("scrollY") == 0, "the way on is on the first screen"


def test_with_twice_the_font_size_a_phone_shows_the_map_above_the_player_and_nothing_is_sticky(large):
    page = large("?s=goldilocks&a=0", **PHONE)
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    assert visible_height(page, "section.map") > 60
    tops = [
        page.locator(name).bounding_box()["y"]
        for name in ("#lesson", "section.map", ".dock", "#sliders", "#sentence")
    ]
    assert tops == sorted(tops)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_small_phone_s_header_is_one_row_and_two_of_a_projector_s_link(show_flat, lang):
    """The button to share is in the first row, beside the brand."""
    page = show_flat(f"?lang={lang}", **PHONE | {"width": 320})

    def row():
        """Return the vertical centers of the header's items, and its left edge."""
        boxes = [box.bounding_box() for box in page.locator(".tools > :visible, .brand:visible").all()]
        return {box["y"] + box["height"] / 2 for box in boxes}, min(box["x"] for box in boxes)

    middles, left = row()
    assert max(middles) - min(middles) < 3
    page.locator("#step").tap()
    page.locator("#again").wait_for()
    middles, left = row()
    assert max(middles) - min(middles) < 3
    assert left >= 12
    assert page.evaluate("document.documentElement.scrollWidth") == 320
    page = show_flat(f"?theme=projector&lang={lang}", **PHONE | {"width": 360})
    rows = [
        {
            round(box["y"] + box["height"] / 2) // 4
            for name in row
            if (box := page.locator(name).bounding_box())
        }
        for row in ((".brand", "#share"), ("#lessons", "#theme", "#language"))
    ]
    assert [len(row) for row in rows] == [1, 1]
    assert min(rows[0]) < min(rows[1])


def test_a_lesson_on_a_phone_shows_its_hero_and_hides_neither_answers_nor_player(show_flat):
    """From lesson to lesson: the strip of views goes back to its beginning."""
    page = show_flat("?s=walk", **PHONE)
    hidden = {}
    for screen, query in look.screens():
        lesson, _, beat = screen.partition("-")
        if lesson in OF_EACH_ARRANGEMENT and beat in ("asked", "answered"):
            show_link(page, f"?{query}")
            hidden[screen] = page.evaluate(look.HIDDEN)
    assert {screen: found for screen, found in hidden.items() if found} == {}


def test_the_list_of_lessons_fits_a_phone_and_its_links_can_be_touched(show_flat):
    page = show_flat(**PHONE)
    page.locator("#lessons summary").tap()
    expect(page.locator("#lessons .list")).to_be_visible()
    left, right, lowest = page.evaluate("""() => {
        const box = document.querySelector("#lessons .list").getBoundingClientRect();
        const entries = [...document.querySelectorAll("#lessons li")];
        return [box.left, box.right, Math.min(...entries.map((e) => e.getBoundingClientRect().height))];
    }""")
    assert left >= 0
    assert right <= 390
    assert lowest >= 44


def test_the_layout_does_not_move_when_the_verdict_needs_two_lines(show_flat):
    page = show_flat("?s=price&a=1&k=0")
    heights = page.locator("section.map").bounding_box(), page.locator(".dock").bounding_box()
    assert page.locator(".verdict").bounding_box()["height"] < 30, "one line"
    show_link(page, "?s=price&a=1&k=60")
    assert page.locator(".verdict").bounding_box()["height"] > 30, "two lines"
    assert (page.locator("section.map").bounding_box(), page.locator(".dock").bounding_box()) == heights


IN_FEW_LINES = """() => {
    const boxOf = (e) => e.getBoundingClientRect();
    const seen = (selector) => [...document.querySelectorAll(selector)].filter((e) => e.checkVisibility());
    const [dock] = seen(".dock"), [moment] = seen(".moment"), [sentence] = seen("main > .sentence");
    const [hero] = seen('[data-role="hero"]'), { left, top, width } = boxOf(hero);
    const titles = seen('[data-role="hero"] > .caption span');
    const words = seen(".slider .mark span");
    return {
        views: seen(".switch button").map((e) => e.textContent),
        dock: moment.clientWidth > 0.9 * (dock.clientWidth - 32),
        cut: titles.filter((e) => e.scrollWidth > e.clientWidth + 1).map((e) => e.textContent),
        beyond: words.filter((e) => boxOf(e).right > boxOf(e.closest(".sliders")).right + 1).length,
        beside: boxOf(sentence).left >= boxOf(dock).left - 1,
        hero: hero.contains(document.elementFromPoint(left + width / 2, top + 100)),
    };
}"""
"""A script: what the picture's switch offers, and whether dock, titles and sentence have their room."""


@pytest.mark.parametrize("link", ["?", "?vs=mae&k=60", "?s=typo&a=1&k=200"])
def test_a_projector_enlarged_twice_has_all_views_and_cuts_off_nothing(show_flat, link):
    page = show_flat(f"{link}&theme=projector", width=960, height=540)
    assert page.evaluate(IN_FEW_LINES) == {
        "views": ["Map", "Data", "Loss by step"],
        "dock": True,
        "cut": [],
        "beyond": 0,
        "beside": True,
        "hero": True,
    }


NUMBERS = """(verdict) => {
    document.querySelector('#verdict').textContent = verdict;
    const [text, box] = ['#numbers', '.numbers'].map((name) => {
        const { left, right, top, bottom } = document.querySelector(name).getBoundingClientRect();
        return { left, right, top, bottom };
    });
    return { shown: text.top < box.bottom - 1, inside: text.right <= box.right + 1 };
}"""


def test_numbers_that_have_no_room_beside_the_verdict_are_left_out_and_not_cut(show_flat):
    page = show_flat("?k=7")
    assert page.evaluate(NUMBERS, "Step 7 of 60.") == {"shown": True, "inside": True}
    long = "There is no lowest point: the loss can come as near to 0 as you like, but never arrive. After 20."
    assert not page.evaluate(NUMBERS, long)["shown"]


TICKS = """(view) => [...document.querySelectorAll(`#${view} .ytick text`)]
    .map((text) => text.getBoundingClientRect().y).sort((a, b) => a - b)"""
"""A script: the tops of the labels of an upright axis."""


def test_a_tall_picture_has_more_ticks_than_a_low_one(show_flat):
    page = show_flat("?s=typo")
    tall = page.evaluate(TICKS, "data")
    show_link(page, "?vs=mae")
    low = page.evaluate(TICKS, "detail")
    assert len(tall) > len(low) >= 3
    for tops in (tall, low):
        assert min(after - before for before, after in itertools.pairwise(tops)) > 20


@pytest.mark.parametrize("lesson", ["handwriting", "mirror"])
def test_what_a_small_landscape_is_has_two_lines(show, lesson):
    caption = show(f"?s={lesson}").locator("section.landscape .caption")
    words = caption.locator("span")
    assert "…" not in words.inner_text()
    assert caption.evaluate("(e) => getComputedStyle(e).whiteSpace") == "normal"
    assert words.evaluate("(e) => e.scrollWidth <= e.parentElement.clientWidth")
    assert caption.evaluate("(e) => e.scrollHeight <= e.clientHeight")
    assert 36 < caption.bounding_box()["height"] < 56


@pytest.mark.parametrize("lesson", ["typo", "inbox", "units"])
@pytest.mark.parametrize("answered", [False, True])
def test_the_figures_of_an_embedded_comparison_are_large_enough(show_flat, lesson, answered):
    page = show_flat(
        f"?s={lesson}&embed=1" + (f"&a={ANSWERS[lesson]}" if answered else ""), width=800, height=600
    )
    assert page.evaluate("document.documentElement.scrollHeight") <= 600
    assert min(height for _, height in page.evaluate(PLOTS)) >= 120


def test_a_caption_makes_way_for_longer_buttons(open_flat):
    page = open_flat()
    page.evaluate(
        "document.getElementById('basins').textContent = 'Was von jedem Startpunkt aus gefunden wird'"
    )
    caption, keys = (page.locator(f"section.map {part}").bounding_box() for part in (".caption", ".keys"))
    assert caption["x"] + caption["width"] <= keys["x"] + 1
    assert keys["y"] + keys["height"] <= page.locator("#map").bounding_box()["y"] + 1


def test_a_projector_has_a_menu_of_what_is_seldom_used_with_letters_that_can_be_switched_off(show_flat):
    page = show_flat("?theme=projector")
    expect(page.locator("#ghost")).to_be_hidden()
    page.locator("#seldom summary").click()
    page.locator("#seldom").get_by_role("button", name="Ghost").click()
    expect(page.locator("#ghost")).to_have_attribute("aria-pressed", "true")
    page.keyboard.press("g")
    expect(page.locator("#ghost")).to_have_attribute("aria-pressed", "false")
    page.locator("#seldom summary").click()
    page.get_by_label("Letters are shortcuts").uncheck()
    page.keyboard.press("Escape")
    page.keyboard.press("g")
    wait_until_drawn(page)
    expect(page.locator("#ghost")).to_have_attribute("aria-pressed", "false")
    show_link(page, "?")
    expect(page.locator("#seldom")).to_be_hidden()


def test_a_view_is_made_the_largest_by_the_switch(show_flat):
    page = show_flat("?s=landing")
    expect(page.locator("#views").get_by_role("button", name="Map")).to_have_attribute("aria-pressed", "true")
    page.locator("#views").get_by_role("button", name="Data").click()
    expect(page.locator("section.data")).to_have_attribute("data-role", "hero")
    expect(page.locator("section.map")).to_have_attribute("data-role", "side")
    show_link(page, "?s=pace")
    expect(page.locator("section.data")).not_to_have_attribute("data-role", "hero")


def test_on_a_phone_the_switch_brings_a_view_into_sight(show_flat):
    phone = show_flat("?s=landing", **PHONE)
    phone.locator("#views").get_by_role("button", name="Data").tap()
    phone.wait_for_function("document.querySelector('section.data').getBoundingClientRect().left < 40")
    expect(phone.locator("#views").get_by_role("button", name="Data")).to_have_attribute(
        "aria-pressed", "true"
    )
    box = phone.locator("section.data").bounding_box()
    assert box["y"] + box["height"] <= phone.locator("#lesson").bounding_box()["y"], (
        "the question is below it"
    )


def test_on_a_phone_the_switch_marks_the_view_in_sight_also_after_a_change(show_flat):
    phone = show_flat(**PHONE)
    button = phone.locator("#views").get_by_role("button", name="Data")
    button.tap()
    phone.wait_for_function("document.querySelector('section.data').getBoundingClientRect().left < 40")
    phone.locator("#number-rate").fill("0.3")
    phone.locator("#number-rate").press("Enter")
    wait_until_drawn(phone)
    assert phone.evaluate("document.querySelector('section.data').getBoundingClientRect().left") < 40
    expect(button).to_have_attribute("aria-pressed", "true")


def test_one_screen_of_each_layout_is_filled(browser, home, tmp_path):
    """Each layout at one size, each size once: the short form of ``make look``."""
    names = list(zip(look.LAYOUTS.values(), ("desktop", "phone", "projector"), strict=True))
    measured = list(look.take_screenshots(browser, home, names, tmp_path))
    assert len(measured) == 3
    for each in measured:
        assert each.path.read_bytes().startswith(b"\x89PNG")
        assert each.path.stat().st_size > 20_000
    assert 0 < measured[0].shares[0] < 1
    assert {each.screen: each.faults for each in measured if each.faults} == {}
