"""Lessons: questions, answers, navigation and the teacher page."""

import re

import pytest
from playwright.sync_api import expect

from app.i18n.translation import LANGUAGES
from app.lessons import LESSONS
from tests.support.page_actions import query, screen_position, trace, wait_for_query
from tools.support.browser_pages import show_link, wait_until_drawn

PRESS_KEY = """([key, shiftKey, times]) => { for (let i = 0; i < times; i += 1)
    document.body.dispatchEvent(new KeyboardEvent('keydown',
        { key, shiftKey, bubbles: true, cancelable: true })); }"""
"""Press a key several times before any response can arrive."""


def more(page, name):
    """Choose from the menu of what is seldom done in a lesson."""
    page.locator("#lesson .more summary").click()
    page.get_by_role("button", name=name).click()


def test_a_lesson_asks_before_it_reveals(show_flat):
    page = show_flat("?s=pace")
    card = page.locator("#lesson")
    expect(card).to_contain_text("How many steps does it need now?")
    expect(card).not_to_contain_text("2/L")
    expect(page.get_by_role("button", name="Play")).to_be_hidden()
    expect(page.locator("#sliders")).not_to_contain_text("limit")
    expect(page.locator("#basins")).to_be_hidden()
    card.get_by_role("button", name="Half as many").click()
    wait_until_drawn(page)
    wait_for_query(page, "a", "0")
    expect(card).to_contain_text("Your answer: half as many. It is: it never arrives.")
    expect(card).to_contain_text("2/L = 0.677")
    expect(page.locator("#sliders")).to_contain_text("limit 0.67")
    expect(page.get_by_role("button", name="Pause")).to_be_visible()


def test_a_place_is_guessed_on_the_map(show_flat):
    page = show_flat("?s=landing")
    page.mouse.click(*screen_position(page, "map", 0.5, 1.5))
    wait_until_drawn(page)
    expect(page.locator("#lesson")).to_contain_text("away.")
    assert "a" in query(page)
    assert "start" not in query(page)
    assert len(trace(page, "map", "truth")[0]) == 1


def test_a_place_is_guessed_by_keys_and_confirmed_by_enter(show_flat):
    page = show_flat("?s=landing")
    ring = page.locator(".ring").first
    ring.focus()
    for _ in range(3):
        page.keyboard.press("Shift+ArrowRight")
    wait_until_drawn(page)
    assert "a" not in query(page), "it is still being moved"
    expect(ring).to_have_attribute("aria-label", re.compile("^Your guess: .* Enter gives the answer.$"))
    page.keyboard.press("Enter")
    expect(page.locator("#lesson")).to_contain_text("away.")
    wait_until_drawn(page)
    assert float(query(page)["a"].split(",")[0]) > -1
    expect(ring).to_have_attribute("aria-label", re.compile("^Start at −1.00, 2.50"))


def test_next_previous_start_over_and_explore(show_flat):
    page = show_flat("?s=walk&theme=dark")
    expect(page.locator("#fog")).to_have_css("display", "none")  # it would lift the fog before the answer
    page.get_by_role("button", name="Next").click()
    expect(page.locator("#lesson")).to_contain_text("Lesson 2 of 12")
    wait_until_drawn(page)
    assert query(page) == {"s": "landing", "theme": "dark"}
    page.keyboard.press("Shift+ArrowRight")
    expect(page.locator("#lesson")).to_contain_text("Lesson 3 of 12")
    wait_until_drawn(page)
    expect(page.locator("#number-rate")).to_be_hidden()
    page.locator("#lesson .answers button").first.click()
    page.locator("#number-rate").fill("0.66")
    page.locator("#number-rate").press("Enter")
    wait_until_drawn(page)
    more(page, "Start over")
    wait_until_drawn(page)
    expect(page.locator("#number-rate")).to_have_value("0.8")
    more(page, "Explore freely")
    wait_until_drawn(page)
    expect(page.locator("#lesson")).to_be_hidden()
    page.wait_for_function("new URLSearchParams(location.search).get('rate') === '0.8'")
    expect(page.locator("#sentence")).to_contain_text("ice cream sales")


def test_start_over_restores_the_shared_link_and_keeps_hidden_controls(show_flat):
    page = show_flat("?s=pace&rate=0.3&hide=opt")
    rate = page.locator("#number-rate")
    page.locator("#lesson").get_by_role("button", name="It never arrives").click()
    rate.fill("0.66")
    rate.press("Enter")
    wait_until_drawn(page)
    more(page, "Start over")
    wait_until_drawn(page)
    assert query(page) == {"s": "pace", "rate": "0.3", "hide": "opt"}
    expect(rate).to_have_value("0.3")
    expect(page.locator("#again")).to_be_hidden()
    page.get_by_role("button", name="Next").click()
    wait_until_drawn(page)
    assert query(page) == {"s": "typo", "hide": "opt"}
    expect(page.locator("#word-opt")).to_have_count(0)


@pytest.mark.parametrize(
    ("options", "next_key", "previous_key"),
    [("&theme=projector", "PageDown", "PageUp"), ("", "Shift+ArrowRight", "Shift+ArrowLeft")],
)
def test_quick_presses_of_a_presenter_all_count(open_flat, options, next_key, previous_key):
    page = open_flat(f"?s=landing{options}")
    number = page.locator("#lesson small")
    page.evaluate(PRESS_KEY, [next_key.split("+")[-1], "Shift" in next_key, 3])
    expect(number).to_have_text("Lesson 5 of 12")
    wait_for_query(page, "s", "price")
    page.evaluate(PRESS_KEY, [previous_key.split("+")[-1], "Shift" in previous_key, 2])
    expect(number).to_have_text("Lesson 3 of 12")
    wait_for_query(page, "s", "pace")


def test_the_button_back_to_the_link_appears_after_a_change(show_flat):
    page = show_flat("?rate=0.2&k=3")
    back_button = page.get_by_role("button", name="Back to the link")
    expect(back_button).to_be_hidden()
    page.get_by_role("button", name="Step", exact=True).click()
    page.locator("#number-rate").fill("0.9")
    page.locator("#number-rate").press("Enter")
    wait_until_drawn(page)
    wait_for_query(page, "rate", "0.9")
    back_button.click()
    wait_until_drawn(page)
    assert query(page) == {"rate": "0.2", "k": "3"}
    expect(page.locator("#verdict")).to_contain_text("Step 3 of 60")
    expect(back_button).to_be_hidden()
    page.go_back()
    expect(page.locator("#number-rate")).to_have_value("0.9")
    expect(back_button).to_be_visible()


def test_the_list_of_lessons_links_to_lessons_and_the_teacher_page(show_flat):
    page = show_flat("?theme=projector&hide=opt&lang=en")
    page.locator("#lessons summary").click()
    page.get_by_role("link", name="A step with memory", exact=True).click()
    expect(page.locator("#lesson")).to_contain_text("Lesson 10 of 12")
    wait_until_drawn(page)
    assert query(page) == {"s": "memory", "hide": "opt", "theme": "projector", "lang": "en"}
    page.locator("#lessons summary").click()
    page.get_by_role("link", name="Teacher's notes").click()
    assert page.url.endswith("/teacher?lang=en")
    expect(page.get_by_role("heading", name="Teacher's notes")).to_be_visible()


def test_the_list_of_lessons_closes_on_escape_and_elsewhere(show_flat):
    page = show_flat()
    entry = page.get_by_role("link", name="A step with memory", exact=True)
    for close in (lambda: page.keyboard.press("Escape"), lambda: page.mouse.click(5, 700)):
        page.locator("#lessons summary").click()
        expect(entry).to_be_visible()
        close()
        expect(entry).to_be_hidden()


def test_the_notes_are_printed_on_three_pages(open_flat, home):
    page = open_flat()
    for lang in LANGUAGES:
        page.goto(f"{home}teacher?lang={lang}")
        assert page.pdf(format="A4").count(b"/Type /Page\n") == 3, "four blocks, a lesson in one piece"


COUNT_WORDS = """() => {
    const card = document.getElementById('lesson');
    const folded = [...card.querySelectorAll('details:not([open]) > :not(summary)')]
        .map((e) => e.textContent);
    const shown = [...card.querySelectorAll('.told, .asked')].map((e) => e.innerText).join(' ');
    return [shown.trim().split(/\\s+/).length, folded.some((text) => shown.includes(text))];
}"""


OF_EACH_KIND = {bool(lesson.choices): lesson for lesson in LESSONS.values()}
"""A lesson with choices and one that asks for a place; ``tests/app/lessons`` counts the words of all."""


@pytest.mark.parametrize("lesson", OF_EACH_KIND.values(), ids=lambda lesson: lesson.key)
def test_a_card_has_at_most_sixty_words_and_folds_the_text_before_the_answer(show_flat, lesson):
    page = show_flat(f"?s={lesson.key}")
    words, _ = page.evaluate(COUNT_WORDS)
    assert 30 < words <= 60
    show_link(page, f"?s={lesson.key}&a={'0' if lesson.choices else '1,1'}")
    expect(page.locator("#lesson .aha")).to_be_visible()
    words, repeats_hidden_text = page.evaluate(COUNT_WORDS)
    assert 30 < words <= 60
    assert not repeats_hidden_text, "the text before the answer is collapsed"
    page.locator("#lesson .told summary").click()
    expect(page.locator("#lesson .told details .rich")).to_be_visible()
