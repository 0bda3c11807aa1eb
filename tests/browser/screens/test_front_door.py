"""The front door: the menu and the page of lessons."""

import re

from playwright.sync_api import expect

from app.lessons import LESSONS
from tools.support.browser_pages import wait_until_drawn

FIRST = next(iter(LESSONS.values()))


def open_menu(page):
    page.locator("#lessons summary").click()
    menu = page.locator("#lessons .gallery")
    expect(menu.locator("img")).to_have_count(len(LESSONS), timeout=30_000)
    return menu


def test_the_menu_of_lessons_is_the_gallery(show_flat):
    page = show_flat()
    menu = open_menu(page)
    assert menu.locator("img").evaluate_all("(all) => all.every((one) => one.src.includes('/assets/'))")
    expect(menu.locator("h2")).to_have_count(4)
    menu.get_by_role("link", name=str(FIRST.title), exact=True).focus()
    page.keyboard.press("Enter")
    expect(page.locator("#lesson")).to_contain_text("Lesson 1 of")
    assert page.watch.faults == []


def test_a_lesson_that_was_answered_is_ticked_until_the_tab_is_closed(open_flat):
    page = open_flat(f"?s={FIRST.key}")
    entry = open_menu(page).locator("li").first
    assert entry.locator("a").get_attribute("aria-current") == "page"
    assert entry.get_attribute("data-done") is None
    page.keyboard.press("Escape")
    page.locator("#lesson .asked button").first.click()
    wait_until_drawn(page)
    page.locator("#lessons summary").click()
    assert entry.get_attribute("data-done") is not None
    assert page.evaluate("localStorage.length") == 0
    assert page.evaluate("Object.keys(sessionStorage)") == ["answers"], "for the completion slip"


def test_the_menu_stays_a_list_where_the_gallery_cannot_be_fetched(open_flat):
    page = open_flat()
    page.route(re.compile("/lessons"), lambda route: route.abort())
    page.locator("#lessons summary").click()
    page.get_by_role("link", name=str(FIRST.title), exact=True).click()
    expect(page.locator("#lesson")).to_contain_text("Lesson 1 of")
    page.watch.faults.clear()  # the aborted request


def test_the_page_of_lessons_fits_a_phone_and_opens_a_lesson_without_a_script(show_flat, home):
    page = show_flat(width=320, height=640)
    page.goto(f"{home}lessons?lang=en&theme=dark")
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    expect(page.locator(".gallery li")).to_have_count(len(LESSONS))
    page.get_by_role("link", name=str(FIRST.title), exact=True).click()
    wait_until_drawn(page)
    expect(page.locator("#lesson")).to_contain_text("Lesson 1 of")


def test_one_loss_is_bent_into_the_other_frame_by_frame(show_flat):
    page = show_flat("?data=outlier&vs=mae", reduced_motion="reduce")
    page.locator("button.bend:visible").click()
    dialog = page.locator("#bend-dialog")
    expect(dialog.locator("p").first).to_contain_text("Squared error")
    expect(dialog.locator(".main-svg").first).to_be_visible()
    slider = dialog.get_by_role("slider")
    expect(slider).to_be_focused()
    page.keyboard.press("ArrowRight")
    expect(dialog.locator("p").first).to_contain_text("δ = ")
    page.keyboard.press("End")
    expect(dialog.locator("p").first).to_contain_text("Absolute error")
    assert slider.get_attribute("aria-valuetext").startswith("Absolute error")
    dialog.get_by_role("button", name="Play").click()
    expect(dialog.locator("p").first).to_contain_text("Absolute error", timeout=60_000)
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    assert page.watch.faults == []


def test_other_comparisons_offer_no_bending(show_flat):
    page = show_flat("?data=spam&vs=mse")
    expect(page.locator("button.bend").first).to_be_hidden()
