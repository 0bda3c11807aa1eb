"""Usability that axe does not check: touch targets, large fonts, forced colors, the tab order."""

from contextlib import suppress

import pytest
from playwright.sync_api import TimeoutError, expect

from app.i18n.translation import LANGUAGES
from losses.reference_values import COLUMN_TITLES, REFERENCE_VALUES
from tools.support.browser_pages import PHONE, show_link, wait_until_drawn

CONTROLS = "button, input, select, summary, a"
TOO_SMALL = """([selector, least]) => [...document.querySelectorAll(selector)]
    .filter((e) => e.checkVisibility({ visibilityProperty: true }) && !e.matches('.skip, #losslab .list a'))
    .map((e) => [e.id || e.textContent, e.getBoundingClientRect()])
    .filter(([, box]) => box.width < least || box.height < least)
    .map(([name, box]) => `${name} ${box.width} × ${box.height}`)"""
CLIPPED = """() => [...document.querySelectorAll('button, summary, .verdict, .numbers, label')]
    .filter((e) => e.checkVisibility() && e.scrollWidth > e.clientWidth + 1)
        .map((e) => e.id || e.textContent)"""


@pytest.mark.parametrize("link", ["", "?s=inbox&a=1", "?data=digits&view=bars", "?race=adam&view=race"])
def test_every_control_is_as_large_as_a_finger(show_flat, link):
    phone = show_flat(link, **PHONE)
    assert phone.evaluate(TOO_SMALL, [CONTROLS, 44]) == []


COVERED_BY_DOCK = """() => {
    const [dock, has] = [document.querySelector('section.dock'), document.activeElement];
    const [box, over] = [has.getBoundingClientRect(), dock.getBoundingClientRect()];
    const hidden = box.left < over.right && box.bottom > over.top && box.bottom <= over.bottom + 1;
    return hidden && has !== document.body && !dock.contains(has) ? has.outerHTML : '';
}"""


CUT_OFF = """() => [...document.querySelectorAll('.plot')].filter((plot) => plot.checkVisibility())
    .flatMap((plot) => {
    const card = plot.getBoundingClientRect();
    return [...plot.querySelectorAll('.ytitle, .xtitle, .ytick text')]
        .filter((text) => {
        const box = text.getBoundingClientRect();
        return box.width && (box.left < card.left - 1 || box.top < card.top - 1
            || box.right > card.right + 1 || box.bottom > card.bottom + 1);
    }).map((text) => `${plot.id}: ${text.textContent}`);
})"""
FONT_SIZES = """() => {
    const sizes = [...document.querySelectorAll('#detail .xtick text, #detail .ytick text')]
    .map((text) => getComputedStyle(text).fontSize); return new Set(sizes).size; }"""


def test_no_text_of_a_figure_is_cut_off_and_ticks_have_one_font_size(show_flat):
    page = show_flat()
    for link in (
        "?s=pace&a=0",
        "?s=ridge&a=1",
        "?s=typo&a=1",
        "?data=spam&view=lens&lang=es",
        "?rate=1.2",
    ):
        show_link(page, link)
        with suppress(TimeoutError):  # a card that has changed its size is drawn again a moment later
            page.wait_for_function(f"({CUT_OFF})().length === 0", timeout=5000)
        assert page.evaluate(CUT_OFF) == [], link
        assert page.evaluate(FONT_SIZES) == 1, link


OVERLAPPING_TITLES = """() => [...document.querySelectorAll('.plot .xtitle')]
    .filter((title) => title.checkVisibility())
    .filter((title) => {
    const [top, ticks] = [title.getBoundingClientRect().top,
        [...title.closest('.plot').querySelectorAll('.xtick text')]];
    return ticks.some((tick) => tick.getBoundingClientRect().bottom > top + 2);
}).map((title) => title.textContent)"""


@pytest.mark.parametrize(
    ("link", "width", "height", "minimum"),
    [
        ("?s=price&a=1&embed=1", 800, 600, 180),
        ("?s=price&a=1&theme=projector", 1280, 800, 140),
        ("?s=handwriting&a=1&embed=1", 800, 600, 90),
    ],
)
def test_the_detail_card_of_a_lesson_is_large_enough_when_embedded_and_on_a_projector(
    show_flat, link, width, height, minimum
):
    page = show_flat(link, width=width, height=height)
    page.wait_for_function(f"({CUT_OFF})().length === 0 && ({OVERLAPPING_TITLES})().length === 0")
    assert page.locator("#detail").bounding_box()["height"] >= minimum
    assert page.evaluate("document.getElementById('detail')._fullLayout.yaxis.title.text")


def test_the_player_is_on_the_first_screen_of_a_lesson(show_flat):
    page = show_flat()
    for link in ("?s=pace&a=0", "?s=memory&a=1", "?s=inbox&a=1"):
        show_link(page, link)
        for name in (".map", ".dock", ".sliders"):
            box = page.locator(f"section{name}").bounding_box()
            assert box["y"] + box["height"] <= 800, f"{name} of {link}"


@pytest.mark.parametrize(
    ("link", "beside"),
    [("", ".dock"), ("?vs=mae&data=outlier", ".dock"), ("?s=outlier", ".answers button:nth-child(2)")],
)
def test_a_phone_on_its_side_shows_pictures_and_what_is_pressed_together(show_flat, link, beside):
    page = show_flat(link, width=844, height=390, has_touch=True, is_mobile=True)
    assert page.evaluate("document.documentElement.scrollWidth") == 844
    pressed = page.locator(beside).bounding_box()
    assert pressed["y"] + pressed["height"] <= 390
    heroes = [hero.bounding_box() for hero in page.locator('[data-role="hero"]').all()]
    assert [hero for hero in heroes if hero and hero["x"] + hero["width"] <= pressed["x"]]
    for hero in filter(None, heroes):
        assert hero["y"] + 0.9 * hero["height"] <= 390, "a sentence about WebGL stands above it here"


CROWDED = """() => {
  const box = (element) => element.getBoundingClientRect();
  const found = [];
  for (const slider of document.querySelectorAll('.slider')) {
    const [label, number] = [slider.querySelector('label'), slider.querySelector('.number')];
    const text = document.createRange();
    text.selectNodeContents(label);
    const end = box(document.querySelector('.sliders')).right + 1;
    if (box(text).right > box(number).left + 1 || box(number).right > end) found.push(label.textContent);
  }
  for (const title of document.querySelectorAll('[data-role="hero"] > .caption span')) {
    if (title.scrollHeight > title.clientHeight + 2) found.push(title.textContent);
  }
  return found;
}"""
"""Names of sliders that touch their numbers or leave the card, and titles of pictures that are cut off."""


@pytest.mark.parametrize(("link", "width"), [("", 1024), ("?s=walk&a=0", 1000), ("?s=outlier&a=0", 1024)])
def test_names_and_numbers_have_room_on_a_tablet_on_its_side(show_flat, link, width):
    page = show_flat(link, width=width, height=768)
    assert page.evaluate(CROWDED) == []
    if not link:
        rows = {round(button.bounding_box()["y"]) for button in page.locator(".player button:visible").all()}
        assert len(rows) == 1


@pytest.mark.parametrize("lesson", ["walk", "outlier", "units"])
def test_an_answer_moves_nothing_on_a_tablet_on_its_side(show_flat, lesson):
    heights = []
    for link in (f"?s={lesson}", f"?s={lesson}&a=0"):
        page = show_flat(link, width=1024, height=768)
        heights.append(page.locator(".dock").bounding_box()["height"])
    assert heights[1] == pytest.approx(heights[0], abs=1)


def test_the_titles_of_a_comparison_have_room_beside_their_buttons_on_a_tablet(show):
    page = show("?data=houses&vs=mae", width=1024, height=768)
    expect(page.get_by_role("button", name="Fog")).to_be_visible()
    assert page.evaluate(CROWDED) == []


@pytest.mark.parametrize("width", [390, 1280])
def test_text_with_twice_the_font_size_is_not_cut_off(open_flat, width):
    page = open_flat("?data=spam&vs=mse", width=width)
    small = page.evaluate("document.querySelector('#map .xtick text').getBoundingClientRect().height")
    page.add_style_tag(content="html { font-size: 187.5% !important; }")
    page.evaluate("document.getElementById('theme').click()")
    wait_until_drawn(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.evaluate(CLIPPED) == []
    large = page.evaluate("document.querySelector('#map .xtick text').getBoundingClientRect().height")
    assert large > 1.5 * small, "the text of plots grows too"


def test_no_line_of_the_sentence_begins_with_punctuation(show_flat):
    page = show_flat(width=360, height=640, has_touch=True, is_mobile=True)
    for stopped in page.locator(".stopped").all():
        word, whole = stopped.locator("button").bounding_box(), stopped.bounding_box()
        assert whole["x"] + whole["width"] <= 360
        assert whole["width"] > word["width"] + 1
        assert whole["height"] < word["height"] + 5, "one line"
    assert page.locator("#sentence").text_content().count(",") == 2


def test_punctuation_follows_the_last_line_of_a_name(open_flat):
    page = open_flat(width=390, has_touch=True, is_mobile=True)
    page.add_style_tag(content="html { font-size: 187.5% !important; }")
    page.set_viewport_size({"width": 360, "height": 844})
    gaps = """() => [...document.querySelectorAll(".stopped")].map((stopped) => {
      const range = document.createRange();
      range.selectNodeContents(stopped.querySelector("button"));
      const lines = [...range.getClientRects()];
      range.selectNodeContents(stopped.lastChild);
      return [lines.length, range.getBoundingClientRect().left - lines.at(-1).right];
    })"""
    page.wait_for_function(f"({gaps})().some(([lines]) => lines > 1)")
    page.wait_for_function(f"({gaps})().every(([, gap]) => gap < 45)")


def test_touch_buttons_do_not_overlap_the_map(show_flat):
    phone = show_flat("", **PHONE)
    keys, plot = phone.locator(".map .keys").bounding_box(), phone.locator("#map").bounding_box()
    assert keys["y"] + keys["height"] <= plot["y"] + 6  # the plot's own margin


def test_while_a_lesson_asks_the_dock_says_why_there_is_no_player(show_flat):
    page = show_flat("?s=pace")
    explanation = page.get_by_text("Answer first – then watch it walk.")
    assert explanation.is_visible()
    page.locator("#lesson .answers button").first.click()
    wait_until_drawn(page)
    assert explanation.is_hidden()


def test_forced_colors_keep_the_border_of_every_button(open_flat):
    page = open_flat(forced_colors="active")
    keys = "button:not(.word, .ring, .example)"
    without_border = """(keys) => [...document.querySelectorAll(keys)].filter((e) => e.checkVisibility())
        .filter((e) => getComputedStyle(e).borderStyle !== 'solid').map((e) => e.id)"""
    assert page.evaluate(without_border, keys) == []
    seen = "(s) => getComputedStyle(document.querySelector(s), '::before').forcedColorAdjust"
    for mark in (".verdict", "#full"):
        assert page.evaluate(seen, mark) == "none"


def test_tab_goes_through_the_page_in_its_order_and_out_again(open_flat):
    page = open_flat()
    assert page.evaluate(TOO_SMALL, [CONTROLS, 24]) == []
    page.set_viewport_size({"width": 1280, "height": 560})  # the dock is sticky at the bottom
    page.evaluate("document.activeElement.blur()")
    seen = []
    for _ in range(80):
        page.keyboard.press("Tab")
        place = page.evaluate("""() => {
            const before = window.lastFocused ?? document.body, e = document.activeElement;
            window.lastFocused = e;
            const follows = before.compareDocumentPosition(e) & Node.DOCUMENT_POSITION_FOLLOWING;
            return e === document.body ? null :
                [follows > 0, e.checkVisibility(), getComputedStyle(e).outlineStyle];
        }""")
        if place is None:
            break
        seen.append(place)
        assert page.evaluate(COVERED_BY_DOCK) == ""
    else:
        raise AssertionError("Tab never leaves the page")
    assert len(seen) > 20
    assert all(follows for follows, _, _ in seen)
    assert all(visible for _, visible, _ in seen)
    assert "none" not in {outline for *_, outline in seen}


def test_the_published_values_are_loaded_when_they_are_opened(show_flat):
    page = show_flat("?lang=es")
    expect(page.locator("#published table")).to_have_count(0)
    page.locator("#checked summary").click()
    expect(page.locator("#published tbody tr")).to_have_count(len(REFERENCE_VALUES))
    expect(page.locator("#published th").first).to_have_text(LANGUAGES["es"].translate(COLUMN_TITLES[0]))
