"""The form of a lesson: a teacher writes one beside the page, hands it out and opens its file again."""

from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import expect

from tools.support import browser_pages
from tools.support.axe import violations


def open_form(page):
    page.locator("#share").click()
    if not page.locator("#write-lesson").is_visible():
        page.locator("#share-dialog summary", has_text="A lesson of your own").click()
    page.locator("#write-lesson").click()
    expect(page.locator("#lesson-title")).to_be_focused()


def test_a_lesson_about_the_page_becomes_a_link_and_a_file(show_flat, home, tmp_path: Path):
    page = show_flat("?data=own&points=regression_size,price_1,2.1_2,3.9_3,6.2_4,7.7_5,9&rate=0.2")
    open_form(page)
    page.keyboard.type("Prices")
    page.locator("#lesson-question").fill("How many *steps*?")
    texts = page.locator(".choice-line input[type=text]")
    texts.nth(0).fill("Three")
    texts.nth(1).fill("<b>{steps}</b>")
    page.locator(".choice-line input[type=radio]").nth(1).check()
    page.locator("#lesson-reveal").fill("At {ratee} ")
    expect(page.locator("#lesson-reveal-note")).to_have_text("There is no number {ratee} here.")
    expect(page.locator(".made")).to_be_hidden()
    page.locator("#lesson-reveal").fill("At ")
    page.locator(".numbers summary").click()
    page.locator(".numbers button", has_text="{rate}").click()
    expect(page.locator("#lesson-reveal")).to_have_value("At {rate}")
    expect(page.locator(".preview-card").nth(1)).to_contain_text("At 0.2")
    assert violations(page) == []
    try_it = page.locator("#lesson-form a", has_text="Try it")
    link = try_it.get_attribute("href")
    assert len(page.locator("#lesson-link").inner_text()) < 2000
    with page.expect_download() as download:
        page.get_by_role("button", name="Save as a file").click()
    saved = tmp_path / "lesson.yaml"
    download.value.save_as(saved)
    assert "{rate}" in saved.read_text(encoding="utf-8")

    page.locator("#lesson-form .close").click()
    browser_pages.show_link(page, link)
    card = page.locator("#lesson")
    expect(card.locator("em")).to_have_text("steps")
    card.locator(".answers button").nth(1).click()
    expect(card).to_contain_text("Right: <b>")
    expect(card).to_contain_text("At 0.2")
    assert urlsplit(page.url).query.endswith("a=1")

    page.set_viewport_size({"width": 320, "height": 640})
    open_form(page)
    expect(page.locator("#lesson-title")).to_have_value("Prices")
    expect(page.locator("#lesson-question")).to_have_value("How many *steps*?")
    assert page.evaluate("document.querySelector('#lesson-form').scrollWidth") <= 320
    page.locator("#lesson-title").fill("Other")
    page.locator("#lesson-file").set_input_files(saved)
    expect(page.locator("#lesson-title")).to_have_value("Prices")
    page.locator("#lesson-form .close").click()
    expect(page.locator("#share")).to_be_focused()
